"""What must this lever reach for the KGI to hit its target? Levels against closed forms, and put back into the tree."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leverage.model import load
from leverage.tree.tree import Tree
from leverage.verbs.evaluate import evaluate
from leverage.verbs.levers import levers
from leverage.verbs.seek import Sought, seek
from tests.trees import JOINS, random_tree, tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.models import shipped_but
from tests.verbs.over_time import CHANNELS, year

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def one(formula: str, **leaf: Any) -> Tree:
    return tree("y", {"y": {"formula": formula, "target": 0}, "x": leaf})


def sought(of: Tree, target: float = 0, id: str = "x") -> Sought:
    return seek(of, target=target)[id]


def shares(of: Tree, **settings: Any) -> set[float]:
    """How far each leaf must move, as a share of where it stands: what the table says beside the JSON."""
    told = seek(of, **settings).levers
    return {s.required / s.here - 1 for s in told if s.required is not None and s.here}


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    of = tree("y", {"y": {"formula": "a * b + c", "target": 9}, "a": 2, "b": {"value": 3, "range": [2, 5]}, "c": 1})
    told = agrees(seek(of), derived=shares(of))
    assert (told["kgi"], told["value"], told["target"]) == ("y", 7, 9)
    by = {entry["metric"]: entry for entry in told["levers"]}
    assert by["c"] == {
        "metric": "c",
        "from": 1,
        "required": pytest.approx(3),
        "reachable": True,
        "best": by["c"]["required"],
        "best_kgi": pytest.approx(9),
        "probability": None,
    }
    assert by["b"]["required"] == pytest.approx(4)
    assert by["a"]["required"] == pytest.approx(8 / 3)


@pytest.mark.parametrize("name", shipped_but("retail"))
def test_the_shipped_models_agree_in_every_face_and_give_their_targets_back(name: str) -> None:
    of = load(SCENARIOS / f"{name}.yaml").tree
    found = seek(of)
    agrees(found, derived=shares(of))
    for each in found.levers:
        if each.required is not None and not _whole(each):
            there = of.with_(set=each.handle.at(each.required))
            assert evaluate(there).value == pytest.approx(found.target, rel=1e-9)


def _whole(each: Sought) -> bool:
    lever = each.handle.metric.lever
    return lever is not None and lever.whole


# --- the required level --------------------------------------------------------------------------------------------


@given(random_tree(joins=(*JOINS, "max({}, 0.3 * {} + 0.01)", "abs({} - 0.3) + {}")), st.floats(-3, 3))
@settings(max_examples=40, deadline=None)
def test_sought_then_evaluated_gives_the_target_back(of: Tree, target: float) -> None:
    found = seek(of, target=target)
    for each in found.levers:
        if each.required is not None:
            back = evaluate(of.with_(set={each.metric: each.required})).value
            assert back == pytest.approx(target, rel=1e-12, abs=1e-9 * abs(found.value - target))  # of the way
            assert each.best == each.required
        at_best = evaluate(of.with_(set={each.metric: each.best})).value
        assert at_best == pytest.approx(each.best_kgi, rel=1e-12, abs=1e-12)
        assert abs(each.best_kgi - target) <= abs(found.value - target) + 1e-12


@pytest.mark.parametrize(
    ("formula", "here", "target", "required"),
    [
        ("3 * x - 2", 1.0, 10.0, 4.0),
        ("x ** 3", 2.0, 1e9, 1e3),
        ("x ** 3", 2.0, -8e-18, -2e-6),
        ("exp(x)", 0.0, 1e-9, math.log(1e-9)),
        ("1 / x", 1e6, 1e-9, 1e9),
        ("hill(x, 40, 2)", 10.0, 0.8, 80.0),
        ("saturate(x, 30)", 3.0, 0.5, 30 * math.log(2)),
        ("x * 1e-12", 5.0, 1e-9, 1e3),
    ],
)
def test_the_required_level_has_its_closed_form(formula: str, here: float, target: float, required: float) -> None:
    found = sought(one(formula, value=here), target)
    assert found.required == pytest.approx(required, rel=1e-9)
    assert found.reachable


@pytest.mark.parametrize(
    ("here", "nearest"), [(0.0, 1), (1.4, 1), (1.6, 2), (2.4, 2), (5.9, 2), (6.1, 10), (50.0, 10), (-1e4, 1)]
)
def test_of_several_levels_the_one_nearest_to_the_present_is_required(here: float, nearest: float) -> None:
    assert sought(one("(x - 1) * (x - 2) * (x - 10)", value=here)).required == pytest.approx(nearest, rel=1e-9)


def test_levels_on_both_sides_of_a_valley_are_told_apart() -> None:
    of = one("x ** 2", value=1.5)
    assert sought(of, 4).required == pytest.approx(2)
    assert sought(of.with_(set={"x": -0.1}), 4).required == pytest.approx(-2)


@pytest.mark.parametrize("here", [5.0, 2.9, -40.0])
def test_a_target_that_is_only_touched_is_met(here: float) -> None:
    found = sought(one("(x - 3) ** 2 + 1", value=here), 1)
    assert found.required == pytest.approx(3, abs=1e-4)  # the square of the miss is what the target sees
    assert evaluate(one("(x - 3) ** 2 + 1", value=found.required)).value == pytest.approx(1, rel=1e-9)


def test_two_levels_close_together_are_both_found() -> None:
    of = one("(x - 3) * (x - 3.001)", value=2)
    assert sought(of).required == pytest.approx(3, rel=1e-9)
    assert sought(of.with_(set={"x": 4})).required == pytest.approx(3.001, rel=1e-9)


def test_where_the_kgi_is_the_target_already_the_present_level_is_required() -> None:
    found = sought(one("2 * x", value=4), 8)
    assert (found.required, found.reachable, found.best, found.best_kgi) == (4, True, 4, 8)


def test_steps_that_jump_over_the_target_meet_it_nowhere() -> None:
    of = one("floor(x) * 10", value=2.5)
    assert sought(of, 45).required is None
    assert not seek(of, target=45).answered
    assert sought(of, 45).best_kgi in (40, 50)
    assert sought(of, 50).required == pytest.approx(5, abs=0.15)  # on the step


def test_a_level_is_placed_as_finely_as_the_kgi_tells() -> None:
    found = sought(one("x + 1e12", value=0), 1e12 + 5)
    assert found.required == pytest.approx(5, abs=2.0**-13)  # half the distance of floats at 1e12
    assert found.best_kgi == 1e12 + 5


def test_a_pole_is_no_level_that_meets_the_target() -> None:
    found = sought(one("1 / (x - 3)", value=2), 0)
    assert found.required is None
    assert abs(found.best_kgi) < 1e-5


# --- reachable, best -----------------------------------------------------------------------------------------------


def test_within_the_bounds_of_its_lever_a_level_is_reachable_and_beyond_it_is_not() -> None:
    lever = {"min": 0, "max": 10}
    inside, outside = sought(one("3 * x", value=2, lever=lever), 24), sought(one("3 * x", value=2, lever=lever), 33)
    assert (inside.required, inside.reachable, inside.best_kgi) == (pytest.approx(8), True, pytest.approx(24))
    assert (outside.required, outside.reachable) == (pytest.approx(11), False)
    assert (outside.best, outside.best_kgi) == (10, 30)  # how far it gets


def test_a_bound_itself_is_reachable() -> None:
    assert sought(one("0.1 * x", value=0.1, lever={"min": 0, "max": 0.3}), 0.1 * 0.3).reachable


def test_a_level_within_the_bounds_goes_before_a_nearer_one_beyond_them() -> None:
    found = sought(one("(x - 5) * (x - 15)", value=7, lever={"min": 6.5, "max": 20}))
    assert (found.required, found.reachable) == (pytest.approx(15), True)


def test_a_leaf_without_lever_is_reachable_where_a_level_exists() -> None:
    assert sought(one("3 * x", value=2), -33).reachable
    assert not sought(one("x ** 2", value=2), -1).reachable


def test_the_off_level_is_allowed_outside_the_bounds() -> None:
    of = one("3 * x + 1", value=7, lever={"min": 5, "max": 8, "off": 0})
    assert (sought(of, 1).required, sought(of, 1).reachable) == (pytest.approx(0, abs=1e-12), True)
    assert not sought(of, 7).reachable
    assert sought(of, 7).best == 0  # 6 off, against 9 at the lower bound


def test_how_far_a_lever_gets_is_the_top_that_levers_finds() -> None:
    shop = load(SCENARIOS / "shop.yaml").tree
    gains, found = levers(shop, samples=64), seek(shop)
    for id in ("ad_spend", "item_price", "affiliate_spend", "mails"):
        assert not found[id].reachable
        assert found[id].best_kgi == pytest.approx(gains.value + gains[id].best.gain, rel=1e-9)
        assert found[id].best == pytest.approx(gains[id].best.to, rel=1e-6)


def test_what_moves_nothing_stays_where_it_is() -> None:
    of = tree("y", {"y": {"formula": "2 * x", "target": 9}, "x": 1, "idle": 7})
    found = sought(of, 9, "idle")
    assert (found.required, found.reachable, found.best, found.best_kgi) == (None, False, 7, 2)


@given(st.floats(-50, 50), st.floats(-9, 9), st.floats(0.01, 5))
@settings(max_examples=40, deadline=None)
def test_best_never_leaves_the_bounds(target: float, here: float, width: float) -> None:
    low, high = here - width, here + 2 * width
    found = sought(one("x ** 3 - 5 * x + sin(3 * x)", value=here, lever={"min": low, "max": high}), target)
    slack = 1e-9 * max(abs(low), abs(high))
    assert low - slack <= found.best <= high + slack
    grid = np.linspace(low, high, 20_001)
    misses = np.abs(grid**3 - 5 * grid + np.sin(3 * grid) - target)
    assert abs(found.best_kgi - target) <= misses.min() + 1e-9 * (1 + abs(target))


# --- whole levels --------------------------------------------------------------------------------------------------


def test_a_whole_lever_answers_with_the_nearest_whole_level_that_meets_or_passes_the_target() -> None:
    lever = {"min": 0, "max": 9, "integer": True}
    assert sought(one("10 * x", value=2, lever=lever), 45).required == 5
    assert sought(one("10 * x", value=8, lever=lever), 45).required == 4  # from above
    assert sought(one("10 * x", value=2, lever=lever), 40).required == 4
    found = sought(one("10 * x", value=2, lever=lever), 95)
    assert (found.required, found.reachable, found.best, found.best_kgi) == (None, False, 9, 90)


def test_choices_are_the_only_levels_with_the_off_level_beside_them() -> None:
    lever = {"choices": [2, 4, 8]}
    assert sought(one("10 * x", value=2, lever=lever), 45).required == 8
    assert sought(one("10 * x", value=8, lever=lever), 45).required == 4
    integer = {"min": 5, "max": 9, "integer": True, "off": 0}
    assert sought(one("10 * x", value=5, lever=integer), 20).required == 0


def test_a_whole_lever_that_meets_the_target_stays() -> None:
    lever = {"min": 0, "max": 9, "integer": True}
    assert sought(one("10 * x", value=4, lever=lever), 40).required == 4


# --- probability ---------------------------------------------------------------------------------------------------


def test_probability_is_the_chance_of_being_at_or_beyond_the_required_level() -> None:
    of = one("2 * x", value=5, uncertainty="normal(5, 2)")
    assert sought(of, 14).probability == pytest.approx(stats.norm.sf(7, 5, 2), rel=1e-9)
    assert sought(of, 6).probability == pytest.approx(stats.norm.cdf(3, 5, 2), rel=1e-9)
    assert sought(of, 50).probability == pytest.approx(stats.norm.sf(25, 5, 2), rel=1e-6)  # of 1e-23, digits kept


@pytest.mark.parametrize(
    ("text", "distribution"),
    [
        ("lognormal(mu=1.5, sigma=0.4)", stats.lognorm(0.4, scale=math.exp(1.5))),
        ("gamma(4, 1.2)", stats.gamma(4, scale=1.2)),
        ("uniform(2, 9)", stats.uniform(2, 7)),
        ("triangular(2, 4, 9)", stats.triang(2 / 7, 2, 7)),
    ],
)
def test_probability_is_the_distributions_own(text: str, distribution: Any) -> None:
    of = one("2 * x", uncertainty=text)
    for level in (2.5, 6.0, 8.0):
        side = distribution.sf if level > distribution.median() else distribution.cdf
        assert sought(of, 2 * level).probability == pytest.approx(side(level), rel=1e-8, abs=1e-12)


def test_of_separate_levels_the_required_one_counts() -> None:
    of = one("2 * x", value=4, uncertainty="poisson(4)")
    assert sought(of, 12).probability == pytest.approx(stats.poisson.sf(5, 4), rel=1e-12)  # 6 and more
    assert sought(of, 4).probability == pytest.approx(stats.poisson.cdf(2, 4), rel=1e-12)  # 2 and fewer
    assert sought(of, 13).probability == pytest.approx(stats.poisson.sf(6, 4), rel=1e-12)  # 7 and more


def test_probability_is_seen_from_where_the_leaf_stands() -> None:
    of = one("2 * x", value=5, uncertainty="normal(5, 2)")
    assert sought(of.with_(change={"x": 0.2}), 14).probability == pytest.approx(stats.norm.sf(7, 6, 2.4), rel=1e-9)
    assert sought(of.with_(set={"x": 6}), 14).probability == pytest.approx(stats.norm.sf(7, 6, 2), rel=1e-9)
    assert sought(of.with_(change={"x": -2}), 0).probability == pytest.approx(stats.norm.sf(0, -5, 2), rel=1e-9)


def test_a_certain_leaf_and_one_that_does_not_reach_have_no_probability() -> None:
    assert sought(one("2 * x", value=5), 14).probability is None
    assert sought(one("x ** 2", value=5, uncertainty="normal(5, 2)"), -1).probability is None
    of = tree(
        "y",
        {"y": {"formula": "2 * x", "target": 14}, "x": {"value": 5, "uncertainty": "normal(5, 2)"}},
        scenarios={"sure": {"set": {"x": {"value": 6, "certain": True}}}},
    )
    assert sought(of.with_(scenario="sure"), 14).probability is None


def test_a_level_that_its_uncertainty_rules_out_is_not_required() -> None:
    found = sought(one("2 * x", value=0.5, uncertainty="beta(2, 2)"), 3)
    assert (found.required, found.best) == (None, pytest.approx(1))


# --- targets, levers, order ----------------------------------------------------------------------------------------


def test_the_target_is_the_kgis_own_unless_another_is_asked_for() -> None:
    of = tree("y", {"y": {"formula": "2 * x", "target": 14}, "x": 5})
    assert seek(of).target == 14
    assert seek(of, target=0).target == 0


def test_without_a_target_the_question_is_refused_with_its_mend() -> None:
    with pytest.raises(ValueError, match="y has no target; say which with --target VALUE"):
        seek(tree("y", {"y": "2 * x", "x": 5}))


@pytest.mark.parametrize("target", [math.nan, math.inf])
def test_a_target_that_is_no_number_is_refused(target: float) -> None:
    with pytest.raises(ValueError, match="target"):
        seek(tree("y", {"y": "2 * x", "x": 5}), target=target)


def test_every_leaf_is_answered_for_or_those_that_were_named() -> None:
    of = tree("y", {"y": {"formula": "a * b + m", "target": 9}, "m": "a + c", "a": 2, "b": 3, "c": 1})
    assert {each.metric for each in seek(of).levers} == {"a", "b", "c"}
    assert [each.metric for each in seek(of, lever="b").levers] == ["b"]
    assert {each.metric for each in seek(of, lever=["c", "b"]).levers} == {"b", "c"}
    with pytest.raises(ValueError, match="lever 'm': it has a formula; name one of the leaves that it is made of"):
        seek(of, lever="m")
    with pytest.raises(ValueError, match="unknown metric 'd'"):
        seek(of, lever="d")


def test_those_that_reach_stand_first_in_the_order_of_how_far_they_must_move() -> None:
    metrics = {
        "y": {"formula": "a + 2 * b + c + d", "target": 14},
        "a": 4,
        "b": 4,
        "c": {"value": 0.5, "lever": {"min": 0, "max": 1}},
        "d": -0.5,
        "idle": 3,
    }
    assert [each.metric for each in seek(tree("y", metrics)).levers] == ["b", "a", "d", "c", "idle"]


def test_the_question_is_answered_where_any_leaf_reaches_the_target() -> None:
    lever = {"min": 0, "max": 3}
    of = tree("y", {"y": {"formula": "a * b", "target": 8}, "a": {"value": 2, "lever": lever}, "b": 2})
    assert seek(of).answered
    short = seek(of, lever="a")
    assert not short.answered
    assert "no single leaf brings y to 8" in short.to_dict()["notes"]
    assert line(short, "a").endswith("past max 3 6 -")


def test_a_lever_short_of_its_target_says_at_which_end() -> None:
    of = one("x", value=5, lever={"min": 4, "max": 6})
    assert "past min" in line(seek(of, target=1), "x")
    assert "past max" in line(seek(of, target=9), "x")
    assert " no " in line(seek(one("x ** 2", value=5), target=-1), "x")


def test_a_target_that_is_met_already_is_said() -> None:
    note = "y meets the target already: the levels are where it would no longer exceed it"
    of = tree("y", {"y": {"formula": "2 * x", "target": 4}, "x": 5})
    assert note in seek(of).to_dict()["notes"]
    assert note in text(seek(of))
    cost = tree("y", {"y": {"formula": "2 * x", "target": 14}, "x": 5}, goal="minimize")
    assert note.replace("exceed", "stay below") in seek(cost).to_dict()["notes"]


def test_a_goal_to_minimize_is_sought_downwards() -> None:
    cost = tree("y", {"y": {"formula": "2 * x", "target": 4}, "x": 5}, goal="minimize")
    assert seek(cost)["x"].required == pytest.approx(2)


def test_levels_are_sought_from_where_the_tree_stands() -> None:
    of = tree("y", {"y": {"formula": "a + b", "target": 9}, "a": 2, "b": 3}, scenarios={"up": {"set": {"b": 6}}})
    assert seek(of)["a"].required == pytest.approx(6)
    assert seek(of.with_(scenario="up"))["a"].required == pytest.approx(3)


def test_a_leaf_is_found_by_its_id_and_a_slip_is_told() -> None:
    of = tree("y", {"y": {"formula": "a + b", "target": 9}, "a": 2, "b": 3})
    with pytest.raises(ValueError, match="unknown metric 'd'"):
        seek(of)["d"]
    with pytest.raises(ValueError, match="unknown lever 'b'"):
        seek(of, lever="a")["b"]


def test_a_kgi_that_is_not_finite_on_the_way_does_not_stop_the_search() -> None:
    assert sought(one("log(x)", value=1), -3).required == pytest.approx(math.exp(-3))
    assert sought(one("sqrt(x - 1)", value=5), 1).required == pytest.approx(2)


# --- over time and dimensions --------------------------------------------------------------------------------------


def test_a_label_is_asked_at_a_time_with_all_its_periods() -> None:
    found = seek(year().tree, target=1.4e6)
    assert {each.metric for each in found.levers} == {
        "price",
        "fixed",
        *(f"{id}[{channel}]" for id in ("visits", "rate", "spend") for channel in CHANNELS),
    }


@pytest.mark.parametrize("address", ["visits[ads]", "visits", "visits[paid]", "fixed", "rate", "spend[ads]"])
def test_what_is_required_over_axes_gives_the_target_back(address: str) -> None:
    of = year().tree
    (each,) = seek(of, target=1.35e6, lever=address).levers
    assert each.required is not None
    levels = each.handle.at(each.required)
    assert set(levels) == set(of.cells_of(address))
    assert evaluate(of.with_(set=levels)).value == pytest.approx(1.35e6, rel=1e-12)


def test_cells_that_differ_move_by_one_share_and_equal_ones_to_one_level() -> None:
    found = seek(year().tree, target=1.4e6)
    told = {entry["metric"]: entry for entry in agrees(found, derived=shares(year().tree))["levers"]}
    shares_of = np.array(told["visits[ads]"]["required"]) / np.array(told["visits[ads]"]["from"])
    assert shares_of == pytest.approx([shares_of[0]] * 12, rel=1e-14)
    assert told["spend[ads]"]["from"] == [15_000] * 12
    assert len(set(told["spend[ads]"]["required"])) == 1
    assert told["rate[ads]"]["from"] == 0.015


def test_the_chance_of_periods_that_share_a_draw_is_that_of_each() -> None:
    alone, shared = (
        seek(tree("y", {"y": "mean(x)", "x": {**x, "spread": ["-20%", "30%"]}}, time={"periods": 6}), target=11.5)
        for x in ({"value": 10}, {"value": [10] * 6})
    )
    assert shared["x"].probability == pytest.approx(alone["x"].probability if alone["x"].probability else 0, rel=1e-9)
    grown = tree(
        "y", {"y": "first(x)", "x": {"value": 10, "growth": "5%", "spread": ["-20%", "30%"]}}, time={"periods": 6}
    )
    assert seek(grown, target=11.5)["x"].probability == pytest.approx(shared["x"].probability, rel=1e-9)


def test_several_draws_have_no_single_chance() -> None:
    found = seek(year().tree, target=1.4e6, lever=["visits", "visits[ads]"])
    assert found["visits"].probability is None
    assert found["visits[ads]"].probability is not None
