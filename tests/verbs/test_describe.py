"""How a verb names and shows a metric: its figures, its better direction, the tree it stands in."""

from __future__ import annotations

import pytest

from leverage.panels import Column, Figure
from leverage.tree.metric import Metric, Thresholds
from leverage.verbs.describe import (
    aside,
    better,
    caveats,
    chance,
    figure,
    mark,
    moved_by,
    reached,
    said_chance,
    tree_panel,
)
from tests.trees import tree


def test_a_figure_is_written_as_its_metric_writes_its_own() -> None:
    assert figure(Metric(id="x", percent=True), 0.024) == Figure(0.024, percent=True)
    assert figure(Metric(id="x"), 3.0, signed=True) == Figure(3.0, signed=True)


@pytest.mark.parametrize(
    ("metric", "change", "before", "said"),
    [
        (Metric(id="x", unit="USD"), 1500.0, 3000.0, "+1500 USD (+50%)"),
        (Metric(id="x"), -2.0, -8.0, "-2 (-25%)"),  # a share of its size
        (Metric(id="x"), 2.0, 0.0, "+2"),
        (Metric(id="x", percent=True), 0.015, 0.1, "+1.5 points (+15%)"),  # percent would say two things
    ],
)
def test_a_change_is_said_with_its_unit_and_as_a_share(metric: Metric, change: float, before: float, said: str) -> None:
    assert moved_by(metric, change, before) == said


@pytest.mark.parametrize(
    ("probability", "cell", "said"),
    [
        (0.0, Figure(0.0, True), "0%"),
        (1e-9, "<0.1%", "<0.1%"),
        (0.0012, Figure(0.001, True), "0.1%"),
        (0.12345, Figure(0.123, True), "12.3%"),
        (0.99951, ">99.9%", ">99.9%"),
        (1.0, Figure(1.0, True), "100%"),
    ],
)
def test_a_probability_is_read_to_a_tenth_of_a_percent_and_is_never_0_or_1_where_it_is_not(
    probability: float, cell: object, said: str
) -> None:
    assert chance(probability) == cell
    assert said_chance(probability) == said
    assert chance(None) is None


def test_the_better_direction_is_the_word_else_the_thresholds_else_the_push() -> None:
    falling = Thresholds(warn=2.0, alert=3.0)
    assert better(Metric(id="x", better="higher", thresholds=falling), -1.0) == "higher"
    assert better(Metric(id="x", thresholds=falling), 1.0) == "lower"
    assert better(Metric(id="x", thresholds=Thresholds(warn=2.0, alert=2.0)), 1.0) == "higher"
    assert better(Metric(id="x", thresholds=Thresholds(alert=2.0)), -1.0) == "lower"
    assert better(Metric(id="x"), 0.0) == ""


def test_the_tree_goes_from_the_kgi_down_and_a_shared_driver_is_one_node() -> None:
    of = tree("y", {"y": {"formula": "m + n", "unit": "USD"}, "m": "2 * x", "n": "3 * x", "x": 1, "idle": 2})
    panel = tree_panel(of, (Column("value"),), lambda id: (id,))
    assert panel.root == "y"
    assert {id: node.drivers for id, node in panel.nodes.items()} == {
        "y": ("m", "n"),
        "m": ("x",),
        "n": ("x",),
        "x": (),
    }
    assert panel.nodes["y"].label == "y [USD]"
    kept = tree_panel(of, (Column("value"),), lambda id: (id,), keep={"y", "m"})
    assert set(kept.nodes) == {"y", "m"}


def test_what_the_kgi_does_not_use_stands_aside() -> None:
    of = tree("y", {"y": "2 * x", "x": 1, "idle": 2, "more": "idle + 1"})
    (beside,) = aside(of, (Column("value"),), lambda id: (id.upper(),))
    assert (beside.ids, beside.rows) == (("idle", "more"), (("idle", "IDLE"), ("more", "MORE")))
    assert aside(of, (), lambda _: (), keep={"x"}) == ()
    assert aside(tree("y", {"y": "2 * x", "x": 1}), (), lambda _: ()) == ()


def test_reached_goes_down_by_drivers_and_up_by_users() -> None:
    of = tree("y", {"y": "m + z", "m": "2 * x", "x": 1, "z": 2, "idle": "3 * x"})
    assert reached(["m"], of.drivers) == {"m", "x"}
    assert reached(["x"], of.users) == {"x", "m", "y", "idle"}


def test_a_mark_says_what_can_be_moved_and_what_is_in_doubt() -> None:
    of = tree("y", {"y": "x + z", "x": {"value": 2, "range": [1, 4], "lever": {"min": 0, "max": 3}}, "z": 1})
    assert [mark(of, of.metrics[id]) for id in ("x", "z")] == ["lever, uncertain", ""]


def test_each_moved_formula_metric_is_said_once() -> None:
    of = tree("y", {"y": "m + n", "m": "2 * x", "n": "3 * x", "x": 1})
    moved = of.with_(set={"x": 2, "m": 3}, change={"m": 0.1}, add={"n": 1})
    assert caveats(of) == ()
    assert [caveat.split()[0] for caveat in caveats(moved)] == ["m", "n"]


def test_shares_that_were_moved_alone_have_a_caveat_of_the_file_and_of_its_cells() -> None:
    share = {"value": {"ads": 0.5, "seo": 0.5}, "parts": "channel"}
    of = tree("y", {"y": "sum(x)", "x": share}, dimensions={"channel": ["ads", "seo"]})
    moved = of.with_(set={"x[seo]": 0.6})
    said = ("x: its parts over channel now add up to 1.1; move others along, to 1",)
    assert caveats(of) == caveats(of.cells) == ()
    assert caveats(moved) == caveats(moved.cells) == said
    assert caveats(moved.with_(set={"x[ads]": 0.4})) == ()
