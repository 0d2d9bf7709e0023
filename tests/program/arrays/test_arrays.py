"""Arrays give the bits of the cells: the program that `tree.cells` has is what every label of an array is held to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import leverage as lv
from leverage.program.arrays.axes import Part
from leverage.program.arrays.levels import movable
from leverage.program.arrays.lower import arrays
from leverage.program.arrays.point import figures
from leverage.program.arrays.run import GIVEN, ready
from leverage.program.program import USE
from leverage.program.run import point
from leverage.tree.tree import Tree
from tests.properties.random_axes import RandomModel, random_model

AXES = {
    "time": {"periods": 4, "start": "2027-01"},
    "dimensions": {"channel": ["web", "ads"], "land": ["de", "fr", "jp"]},
}


def model(**metrics: Any) -> lv.Model:
    """A model over two dimensions and time; the KGI is the mean of every metric."""
    return lv.Model(kgi="all", metrics={**metrics, "all": " + ".join(f"mean({id})" for id in metrics)}, **AXES)


def same(tree: Tree) -> None:
    """Every metric's array holds the figures of its cells, bit for bit."""
    found, cells = figures(tree), point(tree.cells)
    for id in tree.metrics:
        wanted = np.array([cells[cell] for cell in tree.cells_of(id)])
        assert found[id].tobytes() == wanted.tobytes(), (id, tree.metrics[id].text)


@given(random_model())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_formulas_come_to_what_their_cells_come_to(made: RandomModel) -> None:
    same(lv.Model(**made.keys).tree)


LEAVES = {
    "a": {"value": {"web": 3.0, "ads": -1.5}},
    "b": {"value": [0.3, -0.0, 2.5, 1.0]},
    "c": {"value": {"de": 1.1, "fr": 2.0, "jp": 0.5}},
    "d": {"value": 2.0, "growth": "-3%", "seasonality": [1.2, 0.0, 0.9]},
}
FORMULAS = [
    "a ** period",
    "(c + d) ** c",
    "a * c + b ** 2",
    "c ** -1 + abs(d) ** 0.5",
    "c ** b",
    "hill(c, 1.5, period)",
    "interpolate(b * c, [0, 1, 2], [0, 5, 3])",
    "sum(a, over=[land, time])",
    "mean(a * b, over=land) + mean(c, over=[channel, land])",
    "max(a * b, over=channel) - min(a, b, c)",
    "first(c, over=land) + last(b) + last(a)",
    "pick(c, jp) * pick(a, fr)",
    "lag(b, 2, a) + lag(c, 9, d)",
    "prev(3, a)",
    "cumsum(2) + cumsum(a * b)",
    "adstock(a, 0.3 * c)",
    "npv(b, a * c) + npv(0.1, 5)",
    "days() * c",
    "where(a > b, c, where(b == 0, d, -c))",
    "not (a > 0 and b) or c < 1",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_word_and_broadcast_comes_to_what_its_cells_come_to(formula: str) -> None:
    same(model(**LEAVES, x=formula).tree)


def test_loops_through_prev_may_hold_running_sums_lags_and_reductions() -> None:
    same(
        model(
            **LEAVES,
            stock="prev(stock, a) * 0.5 + flow",
            flow="cumsum(c) / (1 + prev(total, 3) ** 2) + lag(stock2, 2, b)",
            stock2="adstock(prev(stock, c), 0.4) + prev(prev(stock, 1), 2)",
            total="sum(stock, over=[channel, land]) + pick(stock, ads) - mean(stock2, over=land)",
        ).tree
    )


def test_what_resources_use_is_summed_as_their_cells_sum_it() -> None:
    tree = lv.Model(
        kgi="x",
        metrics={**LEAVES, "x": "mean(a * b)"},
        resources={
            "money": {"use": "a * c + b", "limit": "1M"},
            "hours": {"use": "c * b", "limit": 900, "per": "period"},
        },
        **AXES,
    ).tree
    found, cells = figures(tree), point(tree.cells)
    assert float(found[USE + "money"]) == cells[USE + "money"]
    wanted = [cells[f"{USE}hours[{period}]"] for period in tree.grid["time"].labels]
    assert found[USE + "hours"].tolist() == wanted


@pytest.mark.parametrize(
    "moves",
    [
        {"set": {"a": 4.0}},
        {"change": {"a[web]": 0.2, "d": -0.5}, "add": {"c[de]": 3.0}},
        {"set": {"b[2027-03]": 7.0, "d[2027-01]": 1.0}, "change": {"b": 0.1}},
        {"set": {"e[ads,2027-02]": 7.0}, "change": {"e": 0.1}},
    ],
)
def test_moved_leaves_stand_where_their_cells_do(moves: dict[str, dict[str, float]]) -> None:
    lever = {"value": {"web": 2.0, "ads": 3.0}, "lever": {"min": 0, "max": 9, "over_time": "each"}}
    tree = model(**LEAVES, e=lever, x="a * c + b * d * e").tree.with_(**moves)
    assert movable(tree)
    same(tree)


def test_moved_formulas_are_left_to_the_cells() -> None:
    tree = model(**LEAVES, x="a * c").tree
    assert not movable(tree.with_(set={"x[web,de]": 4.0}))


def test_a_sum_over_labels_is_as_long_as_the_labels_and_a_product_is_one_step() -> None:
    steps = [step for step in arrays(model(**LEAVES, x="a * c").tree).steps if step.op == "multiply"]
    whole = [step for step in steps if step.out.axes == ("channel", "land")]
    assert len(whole) == 1


def test_loading_and_figures_make_no_cells() -> None:
    tree = model(**LEAVES, x="prev(x, a) * c").tree
    figures(tree)
    assert "cells" not in tree.kept


def test_done_label_by_label_far_less_is_live() -> None:
    """A chain over 3 x 2 x 4 labels whose slots hold one channel at a time, but for what is kept."""
    tree = model(**LEAVES, x="a * b * c", y="x + c", z="y * 2 - x", total="sum(z, over=channel)").tree
    made = ready(arrays(tree), varying=("a",), keep=("total",))
    wide = [step for step in made.each if "channel" in step.out.axes and step.op != GIVEN]
    assert not wide
    assert made.memory.cells < 4 * 12 + 12  # of 12 cells a channel at most x, y, z and the total, and the draws


def test_the_text_names_slots_parts_and_metrics() -> None:
    text = str(arrays(lv.Model(kgi="x", metrics={"a": {"value": {"web": 1, "ads": 2}}, "x": "sum(a)"}, **AXES).tree))
    assert text == "%0[channel] = input a\n%1 = add %0[channel=0] %0[channel=1]  # x"


def test_a_part_of_a_part_stands_in_the_whole() -> None:
    home = Part(3, ("channel",), (("time", 2),))
    assert Part(9, (), (("channel", 1),)).inside(home) == Part(3, (), (("time", 2), ("channel", 1)))
