"""How far a lever can go, and where along the way the goal is best: against brute force and closed forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.program.run import point, sweep
from leverage.tree.tree import Tree
from leverage.verbs.moves.reach import Best, Reach, best, movable, reach
from tests.trees import tree

FINE = 200_001  # levels of the brute force; a smooth top is flat, so its miss is the square of the step


def one(formula: str, lever: dict[str, Any], value: float = 1, **keys: Any) -> Tree:
    return tree("y", {"y": formula, "x": {"value": value, "lever": lever}}, **keys)


def top(of: Tree, **limits: Any) -> Best:
    return best(of, "x", reach(of, "x"), base=point(of)[of.kgi], **limits)


def brute(of: Tree, levels: np.ndarray) -> float:
    values = of.sign * (sweep(of, {"x": levels}, (of.kgi,))[of.kgi] - point(of)[of.kgi])
    return max(0.0, float(np.nanmax(np.where(np.isfinite(values), values, np.nan))))


# --- the interval --------------------------------------------------------------------------------------------------


def test_bounds_are_the_interval() -> None:
    assert reach(one("x", {"min": -1, "max": 7}), "x") == Reach(-1, 7, False)
    assert reach(one("x", {"choices": [3, 1, 2]}), "x") == Reach(1, 3, False)


def test_a_missing_bound_is_where_a_resource_runs_out() -> None:
    of = one("x", {"min": 0, "cost": {"budget": "2 per 1"}}, value=10, resources={"budget": {"limit": 30}})
    assert reach(of, "x") == Reach(0, pytest.approx(25, rel=1e-12), False)  # 2 x |25 - 10| = 30


def test_of_several_resources_the_one_that_runs_out_first_is_the_end() -> None:
    resources = {"budget": {"limit": 30, "use": "x"}, "hours": {"limit": 50, "use": "exp(x / 7)"}}
    of = one("x", {"min": 0}, value=10, resources=resources)
    assert reach(of, "x").high == pytest.approx(7 * math.log(50), rel=1e-12)


def test_both_ends_can_be_where_a_resource_runs_out() -> None:
    of = one("x", {"cost": {"budget": "1 per 2"}}, value=4, resources={"budget": {"limit": 10}})
    assert reach(of, "x") == Reach(pytest.approx(-16), pytest.approx(24), False)


def test_a_resource_that_others_use_leaves_less() -> None:
    metrics = {"y": "x + z", "x": {"value": 1, "lever": {"min": 0}}, "z": {"value": 6, "lever": {"min": 0, "max": 9}}}
    of = tree("y", metrics, resources={"budget": {"limit": 10, "use": "x + z"}})
    assert reach(of, "x").high == pytest.approx(4)
    assert reach(of.with_(limits={"budget": 20}), "x").high == pytest.approx(14)


@pytest.mark.parametrize(("value", "low", "high"), [(10, 8, 12), (-10, -12, -8), (0, -0.2, 0.2)])
def test_where_no_resource_ends_it_a_missing_bound_is_assumed(value: float, low: float, high: float) -> None:
    assert reach(one("x", {}, value=value), "x") == Reach(pytest.approx(low), pytest.approx(high), True)
    assert reach(one("x", {"min": -99}, value=value), "x") == Reach(-99, pytest.approx(high), True)


def test_a_resource_that_is_overdrawn_already_ends_nothing() -> None:
    of = one("x", {"min": 0}, value=10, resources={"budget": {"limit": 5, "use": "x"}})
    assert reach(of, "x") == Reach(0, pytest.approx(12), True)


def test_a_lever_that_rests_below_its_bounds_goes_on_from_the_bound() -> None:
    rests = {"min": 8, "off": 0}
    assert reach(one("x", rests, value=0), "x") == Reach(8, pytest.approx(9.6), True)
    assert reach(one("x", {"max": -8, "off": 0}, value=0), "x") == Reach(pytest.approx(-9.6), -8, True)
    short = one("x", rests, value=0, resources={"budget": {"limit": 5, "use": "x"}})
    assert reach(short, "x") == Reach(8, 8, False)  # the resource runs out at 5, and 8 is all that is left
    assert top(short).to == 8
    assert top(short, limits={"budget": 5}) == Best(0, 0, {"budget": 0})


# --- the best level ------------------------------------------------------------------------------------------------

SMOOTH = {
    "300 * hill(x, 20, 1.5) - x": (0, 90),
    "-(x - 3.3) ** 2": (0, 10),
    "-(x - 3.3) ** 4": (0, 10),
    "x * exp(-x / 7)": (0, 60),
    "(x - 2) ** 2 * (9 - x)": (0, 9),  # a valley on the way
    "sin(3 * x) + x / 4": (0, 12),  # a chain of tops, each higher than the last
    "sin(5 * x) * (1 - ((x - 4) / 9) ** 2)": (0, 12),
    "-abs(x - pi)": (0, 10),
    "min(3 * x, 20 - 2 * x)": (0, 9),
    "log(x - 0.5)": (0, 8),  # not finite on the way
    "sqrt(4 - x)": (0, 8),
    "x if x < 6 else 0": (0, 9),
    "exp(-((x - 4) * 8) ** 2)": (0, 12),
}


@pytest.mark.parametrize("formula", SMOOTH)
@pytest.mark.parametrize("goal", ["maximize", "minimize"])
def test_the_gain_is_that_of_brute_force_over_the_whole_interval(formula: str, goal: str) -> None:
    low, high = SMOOTH[formula]
    of = one(formula, {"min": low, "max": high}, goal=goal)
    levels = np.linspace(low, high, FINE)
    found = top(of)
    gain = brute(of, levels)
    assert found.gain >= gain - 1e-9 * (1 + gain)
    # at most as much more as the brute force may have missed between two of its levels
    around = np.clip(found.to + np.linspace(-1, 1, FINE) * (high - low) / FINE, low, high)
    assert found.gain <= max(gain, brute(of, around)) + 1e-9 * (1 + gain)
    here = point(of.with_(set={"x": found.to}))
    assert of.sign * (here["y"] - point(of)["y"]) == pytest.approx(found.gain, rel=1e-12)


@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.3, 3), st.floats(0, 6)), min_size=2, max_size=4),
    st.floats(0, 10),
)
@settings(max_examples=30, deadline=None)
def test_of_many_tops_the_highest_is_found(waves: list[tuple[float, float, float]], here: float) -> None:
    formula = " + ".join(f"({a!r}) * sin({w!r} * x + {p!r})" for a, w, p in waves)
    of = one(formula, {"min": 0, "max": 10}, value=here)
    gain = brute(of, np.linspace(0, 10, FINE))
    assert top(of).gain >= gain - 1e-9 * (1 + gain)


def test_a_top_has_its_closed_form() -> None:
    of = one("300 * saturate(x, 20) - x", {"min": 0, "max": 90})
    level = 20 * math.log(15)  # 300 / 20 exp(-x / 20) = 1
    assert top(of).to == pytest.approx(level, rel=1e-6)
    assert top(of).gain == pytest.approx(300 * (math.exp(-1 / 20) - 1 / 15) - level + 1, rel=1e-12)


def test_at_its_best_already_the_lever_stays_and_gains_0() -> None:
    for formula, value in (("-(x - 3) ** 2", 3.0), ("-x", 0.0), ("7 + 0 * x", 5.0)):
        found = top(one(formula, {"min": 0, "max": 9}, value=value))
        assert (found.to, found.gain) == (value, 0)


def test_of_equal_levels_the_nearest_is_taken() -> None:
    of = one("min(x, 6)", {"min": 0, "max": 9}, value=2)
    assert top(of).to == pytest.approx(6, rel=1e-9)
    assert top(of).gain == pytest.approx(4, rel=1e-12)


def test_whole_levels_are_looked_at_one_by_one() -> None:
    of = one("-(x - 3.6) ** 2", {"min": 0.5, "max": 9, "integer": True})
    assert top(of).to == 4
    assert top(one("x", {"min": 0.5, "max": 3.9, "integer": True})).to == 3
    assert top(one("sin(x)", {"min": 0, "max": 2000, "integer": True}, value=0)).gain == pytest.approx(
        max(math.sin(k) for k in range(2001)), rel=1e-14
    )


def test_choices_are_the_only_levels() -> None:
    assert top(one("-(x - 3.6) ** 2", {"choices": [1, 2, 6]}, value=1)).to == 2


def test_a_lever_may_rest_outside_its_bounds() -> None:
    assert top(one("-x", {"min": 5, "max": 9, "off": 0}, value=6)).to == 0
    between = one("-(x - 3) ** 2", {"min": 5, "max": 9, "off": 0}, value=9)
    assert top(between).to == 5  # what lies between rest and the bounds is no level
    whole = one("-x", {"min": 5, "max": 9, "off": 0, "integer": True}, value=6)
    assert top(whole).to == 0


def test_a_top_at_the_off_level_is_not_searched_around() -> None:
    of = one("-(x - 0.5) ** 2", {"min": 8, "max": 9, "off": 0}, value=8)
    assert top(of).to == 0


# --- limits --------------------------------------------------------------------------------------------------------


def test_within_limits_the_best_level_passes_none_of_them() -> None:
    resources = {"budget": {"limit": 20, "use": "2 * x"}, "hours": {"limit": 100, "use": "x ** 2"}}
    of = one("log(1 + x)", {"min": 0, "max": 50}, resources=resources)
    assert top(of).to == 50
    found = top(of, limits={"budget": 20, "hours": 100})
    assert found.to == pytest.approx(10, rel=1e-12)
    assert found.uses["budget"] <= 20
    assert found.uses["hours"] <= 100
    assert top(of, limits={"budget": 7, "hours": 100}).to == pytest.approx(3.5, rel=1e-12)


def test_an_island_within_the_limits_is_found() -> None:
    use = "10 - 9 * exp(-((x - 40) / 2) ** 2)"  # little is used about 40 alone
    of = one("x", {"min": 0, "max": 50}, resources={"budget": {"limit": 5, "use": use}})
    found = top(of, limits={"budget": 5})
    assert found.to == pytest.approx(40 + 2 * math.sqrt(math.log(9 / 5)), rel=1e-9)
    assert found.uses["budget"] <= 5


def test_where_no_level_is_allowed_the_lever_stays() -> None:
    of = one("x", {"min": 0, "max": 50}, value=3, resources={"budget": {"limit": 5, "use": "10 + x"}})
    assert (top(of, limits={"budget": 5}).to, top(of, limits={"budget": 5}).gain) == (3, 0)


# --- movable -------------------------------------------------------------------------------------------------------


def test_a_lever_with_one_level_is_not_movable() -> None:
    def can(lever: dict[str, Any], value: float = 5) -> bool:
        of = one("x", lever, value=value)
        return movable(of.metrics["x"], reach(of, "x"))

    assert can({"min": 0, "max": 9})
    assert not can({"min": 5, "max": 5})
    assert not can({"choices": [5]})
    assert can({"min": 5, "max": 5, "off": 0})
    assert not can({"min": 5.1, "max": 6.9, "integer": True}, value=6)
