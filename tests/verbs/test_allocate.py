"""Plans: they reach the optimum where it is known, break nothing, and say what stays and why."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leverage as lv
from leverage.errors import UnknownName
from leverage.program.program import USE
from leverage.program.run import point
from leverage.tree.tree import Tree
from leverage.verbs.allocate import allocate
from leverage.verbs.moves.ends import Unbounded
from tests.trees import tree
from tests.verbs.models import shipped_but


def channels(scales: list[float], strengths: list[float], budget: float, unit: float = 1.0) -> Tree:
    """Revenue from channels with diminishing returns, one budget; ``unit`` counts money in cents or in billions."""
    ids = [f"c{i}" for i in range(len(scales))]
    terms = [
        f"{strength * unit!r} * diminish({id}, {scale * unit!r})"
        for id, scale, strength in zip(ids, scales, strengths, strict=True)
    ]
    share = budget * unit / len(ids)
    return tree(
        "revenue",
        {"revenue": " + ".join(terms)}
        | {id: {"value": share, "lever": {"min": 0, "max": budget * unit}} for id in ids},
        resources={"budget": {"limit": budget * unit, "use": " + ".join(ids)}},
    )


def lagrange(scales: list[float], strengths: list[float], budget: float) -> tuple[np.ndarray[Any, Any], float, float]:
    """Levels, value, price of the best split: a log(1 + x / s) has slope a / (s + x), so x = max(a / price - s, 0)."""
    s, a = np.array(scales), np.array(strengths)
    low, high = 1e-12, float(np.max(a / s))
    for _ in range(200):
        price = (low + high) / 2
        if np.maximum(a / price - s, 0).sum() > budget:
            low = price
        else:
            high = price
    x = np.maximum(a / high - s, 0)
    return x, float((a * np.log1p(x / s)).sum()), high


SCALES, STRENGTHS = [10.0, 25.0, 4.0, 60.0, 33.0], [40.0, 90.0, 8.0, 75.0, 120.0]


@pytest.mark.parametrize("unit", [1e-2, 1.0, 100.0, 1e9], ids=["cents", "units", "hundreds", "billions"])
@pytest.mark.parametrize("budget", [5.0, 50.0, 500.0])
def test_concave_responses_reach_the_lagrange_optimum_in_any_money(unit: float, budget: float) -> None:
    levels, value, price = lagrange(SCALES, STRENGTHS, budget)
    plan = allocate(channels(SCALES, STRENGTHS, budget, unit))
    assert plan.value is not None
    assert plan.value == pytest.approx(value * unit, rel=1e-6)
    assert plan.value <= value * unit * (1 + 1e-9)
    found = np.array(list(plan.levels.values())) / unit
    np.testing.assert_allclose(found, levels, atol=2e-3 * budget)  # a flat top: 1e-6 in value is 1e-3 in levels
    used = plan.after[USE + "budget"]
    assert used <= budget * unit
    assert used == pytest.approx(budget * unit, rel=1e-9)  # what is worth spending is spent
    assert plan.prices["budget"] == pytest.approx(price, rel=1e-3)


def test_the_shadow_price_is_the_slope_of_the_best_kgi_in_the_limit() -> None:
    low, high = (allocate(channels(SCALES, STRENGTHS, budget)) for budget in (49.0, 51.0))
    middle = allocate(channels(SCALES, STRENGTHS, 50.0))
    assert low.value is not None
    assert high.value is not None
    assert middle.prices["budget"] == pytest.approx((high.value - low.value) / 2, rel=1e-2)


@given(
    st.lists(st.floats(1, 100), min_size=3, max_size=3),
    st.lists(st.floats(1, 100), min_size=3, max_size=3),
    st.floats(1, 300),
)
@settings(max_examples=15, deadline=None)
def test_random_concave_plans_are_within_1e_6_of_the_optimum(s: list[float], a: list[float], budget: float) -> None:
    plan = allocate(channels(s, a, budget))
    assert plan.value is not None
    assert plan.value >= lagrange(s, a, budget)[1] * (1 - 1e-6)
    assert plan.after[USE + "budget"] <= budget


@pytest.mark.parametrize("name", shipped_but("retail", "saas"))
def test_a_plan_of_a_shipped_model_breaks_nothing_and_beats_today(name: str) -> None:
    of = lv.load(name).tree.cells
    plan = allocate(of.whole)
    assert plan.answered
    assert plan.value is not None
    assert of.sign * plan.value >= of.sign * plan.before[of.kgi]
    assert point(of.with_(set=dict(plan.levels)))[of.kgi] == plan.value
    for id in of.resources:
        assert plan.after[USE + id] <= of.limit(id)
    for id, level in plan.levels.items():
        lever = of.metrics[id].lever
        assert lever is not None
        if level in (lever.off, of.levels[id].value):
            continue
        assert lever.low is None or level >= lever.low
        assert lever.high is None or level <= lever.high
        assert not lever.integer or level == round(level)
        assert not lever.choices or level in lever.choices


def test_a_goal_to_minimize_is_brought_down_and_its_price_is_negative() -> None:
    of = tree(
        "cost",
        {"cost": "100 / (1 + x) + 50 / (1 + y)"} | {id: {"value": 1, "lever": {"min": 0, "max": 20}} for id in "xy"},
        goal="minimize",
        resources={"hours": {"limit": 10, "use": "x + y"}},
    )
    plan = allocate(of)
    # slopes 100 / (1 + x)**2 and 50 / (1 + y)**2 are equal: 1 + x = sqrt(2) (1 + y), and x + y = 10
    y = 12 / (1 + math.sqrt(2)) - 1
    assert plan["y"] == pytest.approx(y, rel=1e-3)
    assert plan.prices["hours"] == pytest.approx(-50 / (1 + y) ** 2, rel=1e-3)


def test_a_cost_counts_either_way_from_the_base_level() -> None:
    metrics = {
        "profit": "100 * x - 60 * y",
        "x": {"value": 5, "lever": {"min": 0, "max": 9, "cost": {"money": "10 per 1"}}},
        "y": {"value": 5, "lever": {"min": 0, "max": 9, "cost": {"money": "10 per 1"}}},
    }
    plan = allocate(tree("profit", metrics, resources={"money": {"limit": 60}}))
    assert plan.levels == pytest.approx({"x": 9.0, "y": 3.0}, abs=1e-6)  # 40 up on x, the 20 left down on y
    assert plan.prices["money"] == pytest.approx(6.0, rel=1e-3)


def test_whole_levers_come_out_whole_and_have_no_shadow_price() -> None:
    values, weights = [10, 13, 7, 8], [3, 4, 2, 3]
    metrics = {f"p{i}": {"value": 0, "lever": {"choices": [0, 1]}} for i in range(4)}
    goal = " + ".join(f"{v} * p{i}" for i, v in enumerate(values))
    use = " + ".join(f"{w} * p{i}" for i, w in enumerate(weights))
    plan = allocate(tree("value", {"value": goal, **metrics}, resources={"weeks": {"limit": 7, "use": use}}))
    best = max(
        sum(v * b for v, b in zip(values, bits, strict=True))
        for bits in np.ndindex(2, 2, 2, 2)
        if sum(w * b for w, b in zip(weights, bits, strict=True)) <= 7
    )
    assert plan.value == best
    assert plan.prices["weeks"] is None
    assert plan.upper_bound == best  # every combination was tried
    assert plan.to_dict()["gap"] == 0.0


def test_a_campaign_may_rest_below_its_least_spend() -> None:
    metrics = {
        "profit": "40 * saturate(ads, 30) - ads",
        "ads": {"value": 10, "lever": {"min": 60, "max": 90, "off": 0}},
    }
    plan = allocate(tree("profit", metrics, resources={"money": {"limit": 100, "use": "ads"}}))
    assert plan.levels == {"ads": 0.0}  # at 60 it loses 25, between 0 and 60 it may not stand


def test_no_plan_within_the_limits_is_an_answer_that_names_them() -> None:
    of = tree(
        "y",
        {"y": "x", "x": {"value": 5, "lever": {"min": 4, "max": 9}}},
        resources={"money": {"limit": 3, "use": "x"}},
    )
    plan = allocate(of)
    assert not plan.answered
    assert plan.value is None
    assert plan.notes() == (
        "no plan keeps within all limits; the nearest misses money by 1: raise the limit, or widen the levers' bounds",
    )
    told = plan.to_dict()
    assert (told["value"], told["levers"], told["gap"]) == (None, {}, None)


def test_a_lever_that_nothing_stops_is_named() -> None:
    with pytest.raises(Unbounded, match="nothing stops x: the further it is moved the better; give its lever a 'max'"):
        allocate(tree("y", {"y": "3 * x", "x": {"value": 5, "lever": {"min": 0}}}))


def test_a_missing_bound_is_where_the_resource_runs_out_or_where_the_goal_turns() -> None:
    of = tree(
        "y",
        {
            "y": "log(x) + log(1 + z) - (w - 3) ** 2",
            "x": {"value": 5, "lever": {"min": 1}},
            "z": {"value": 1, "lever": {"min": 0}},
            "w": {"value": 1, "lever": {"min": 0}},
        },
        resources={"money": {"limit": 100, "use": "x + z"}},
    )
    plan = allocate(of)
    assert plan.levels == pytest.approx({"x": 50.5, "z": 49.5, "w": 3.0}, rel=1e-3)


def test_bounded_levers_alone_are_a_proper_question() -> None:
    plan = allocate(tree("y", {"y": "4 * x - x ** 2", "x": {"value": 0, "lever": {"min": 0, "max": 9}}}))
    assert plan.levels == pytest.approx({"x": 2.0}, abs=1e-5)
    assert plan.value == pytest.approx(4.0, rel=1e-9)


def test_what_stays_unspent_is_said_with_why() -> None:
    metrics = {"y": "4 * x - x ** 2", "x": {"value": 0, "lever": {"min": 0, "max": 9}}}
    plan = allocate(tree("y", metrics, resources={"money": {"limit": 8, "use": "x"}}))
    assert plan.unspent == {"money": "6 left: spending more would not bring the goal any further"}
    metrics["y"] = "x"
    plan = allocate(tree("y", metrics, resources={"money": {"limit": 10, "use": "x"}}))
    assert plan.unspent == {"money": "1 left: every lever is at its bound"}


def test_spend_all_makes_the_limit_an_equality() -> None:
    metrics = {"y": "4 * x - x ** 2", "x": {"value": 0, "lever": {"min": 0, "max": 9}}}
    plan = allocate(tree("y", metrics, resources={"money": {"limit": 5, "use": "x", "spend": "all"}}))
    assert plan.levels == pytest.approx({"x": 5.0}, rel=1e-9)
    assert plan.prices["money"] == pytest.approx(-6.0, rel=1e-3)


def test_guards_hold() -> None:
    metrics = {"y": "4 * x - x ** 2", "risk": "3 * x", "x": {"value": 0, "lever": {"min": 0, "max": 9}}}
    of = tree("y", metrics)
    assert allocate(of, at_most={"risk": 3})["x"] == pytest.approx(1.0, rel=1e-9)
    assert allocate(of, at_least={"risk": 9})["x"] == pytest.approx(3.0, rel=1e-9)
    with pytest.raises(UnknownName, match="did you mean 'risk'"):
        allocate(of, at_most={"rsik": 3})


def test_limits_may_be_negative() -> None:
    metrics = {"y": "-x", "x": {"value": 5, "lever": {"min": 0, "max": 9}}}
    plan = allocate(tree("y", metrics, resources={"floor": {"limit": -2, "use": "-x"}}))
    assert plan.levels == pytest.approx({"x": 2.0}, rel=1e-9)


def test_another_limit_is_for_this_question_alone() -> None:
    of = channels(SCALES, STRENGTHS, 50.0)
    assert allocate(of, {"budget": 70.0}).after[USE + "budget"] == pytest.approx(70.0, rel=1e-9)
    assert of.limit("budget") == 50.0


def test_todays_money_split_anew_is_told() -> None:
    of = channels(SCALES, STRENGTHS, 50.0)
    spent_less = of.with_(set={"c0": 0.0})
    plan = allocate(spent_less)
    assert plan.resplit == pytest.approx(lagrange(SCALES, STRENGTHS, 40.0)[1], rel=1e-6)
    assert plan.to_dict()["resplit_value"] == plan.resplit


def test_the_json_has_the_interfaces_shape() -> None:
    told = allocate(channels(SCALES, STRENGTHS, 50.0)).to_dict()
    assert set(told) >= {"kgi", "value", "levers", "resources", "upper_bound", "gap", "method"}
    assert set(told["resources"]["budget"]) >= {"limit", "used", "shadow_price"}
    assert (told["upper_bound"], told["gap"]) == (None, None)
    assert "best found" in told["method"]


def test_the_order_of_the_levers_changes_no_bit() -> None:
    of = channels(SCALES, STRENGTHS, 50.0)
    texts: dict[str, Any] = {
        id: m.text or {"value": m.base, "lever": {"min": 0, "max": 50}} for id, m in of.metrics.items()
    }
    other = tree(
        "revenue", dict(reversed(texts.items())), resources={"budget": {"limit": 50, "use": "c0 + c1 + c2 + c3 + c4"}}
    )
    assert allocate(other).levels == allocate(of).levels
