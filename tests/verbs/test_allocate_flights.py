"""Plans over time and labels: closed forms, conditions solved here by other means, and what people read of them."""

from __future__ import annotations

import json
import math
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leverage as lv
from leverage.app.cli import status
from leverage.program.program import USE
from leverage.tree.tree import Tree
from leverage.verbs.allocate import allocate
from tests.optimize.problems import s_curves, table
from tests.trees import tree

WEIGHTS = [1.0, 2.0, 0.5, 1.5, 3.0, 1.0]
MONTHS = [f"2027-{month:02}" for month in range(1, 7)]
TIME = {"periods": 6, "unit": "month", "start": "2027-01"}
FLAT = 2e-3  # of the money: the top is flat, so that 1e-6 in value, which is held, is 1e-3 in levels


def flights(response: str, resource: dict[str, Any], **metrics: Any) -> Tree:
    """One lever each month and channel, weighted by season; ``response`` is what one month of one channel brings."""
    return tree(
        "reward",
        {
            "reward": "sum(response)",
            "response": response,
            "season": {"value": 1, "seasonality": WEIGHTS},
            "strength": {"value": {"ads": 1, "social": 2}},
            "spend": {
                "value": {"ads": 5, "social": 5},
                "lever": {"min": 0, "max": 1000, "over_time": "each"},
                "unit": "USD",
            },
            **metrics,
        },
        time=TIME,
        dimensions={"channel": ["ads", "social"]},
        resources={"budget": {"use": "spend", "unit": "USD", **resource}},
    )


def alone(response: str, resource: dict[str, Any], **metrics: Any) -> Tree:
    """One lever each month."""
    return tree(
        "reward",
        {
            "reward": "sum(response)",
            "response": response,
            "season": {"value": 1, "seasonality": WEIGHTS},
            "spend": {"value": 5, "lever": {"min": 0, "max": 1000, "over_time": "each"}, "unit": "USD"},
            **metrics,
        },
        time=TIME,
        resources={"budget": {"use": "spend", "unit": "USD", **resource}},
    )


def close(found: Any, wanted: Any, money: float) -> None:
    np.testing.assert_allclose(found, wanted, atol=FLAT * money)


def test_roots_share_a_budget_by_the_squares_of_their_seasons() -> None:
    plan = allocate(alone("season * sqrt(spend)", {"limit": 600}))
    squares = np.square(WEIGHTS)
    close(plan["spend"], 600 * squares / squares.sum(), 600)
    assert plan.value == pytest.approx(math.sqrt(600 * squares.sum()), rel=1e-9)  # Cauchy and Schwarz
    assert plan.prices["budget"] == pytest.approx(math.sqrt(squares.sum() / 600) / 2, rel=1e-3)
    assert plan.after[USE + "budget"] <= 600


def test_labels_and_periods_share_one_budget() -> None:
    plan = allocate(flights("strength * season * sqrt(spend)", {"limit": 600}))
    squares = np.outer([1, 2], WEIGHTS) ** 2
    share = 600 * squares / squares.sum()
    close(plan["spend"]["ads"], share[0], 600)
    close(plan["spend[social]"], share[1], 600)


def test_each_period_s_own_budget_is_shared_by_its_labels() -> None:
    limits = [30.0, 60.0, 10.0, 50.0, 90.0, 20.0]
    plan = allocate(flights("strength * season * sqrt(spend)", {"limit": limits, "per": "period"}))
    close(plan["spend"]["ads"], np.array(limits) / 5, max(limits))  # squares of 1 and 2
    close(plan["spend"]["social"], np.array(limits) * 4 / 5, max(limits))
    for month, weight, limit in zip(MONTHS, WEIGHTS, limits, strict=True):
        # the best is weight * sqrt(5 * limit), whose slope in the limit is its price
        assert plan.prices[f"budget[{month}]"] == pytest.approx(weight * math.sqrt(5 / limit) / 2, rel=1e-3)
        assert plan.after[f"{USE}budget[{month}]"] <= limit


def test_money_that_works_on_is_spent_where_its_conditions_hold() -> None:
    """y = adstock(x, d), so x_t = y_t - d y_(t-1): money costs 1 - d in y, and 1 in the last period.

    Slopes w / s * exp(-y / s) equal price times cost, so y = s log(w / (s price cost)); the price spends the budget.
    """
    weights, d, s, budget = [1.0, 1.1, 1.2, 1.25, 1.3, 2.2], 0.4, 40.0, 240.0
    season = {"value": 1, "seasonality": weights}
    of = alone("season * saturate(adstock(spend, 0.4), scale=40)", {"limit": budget}, season=season)
    cost = np.array([1 - d] * 5 + [1.0])
    low, high = 1e-9, 1.0
    for _ in range(200):
        price = math.sqrt(low * high)
        y = s * np.log(np.array(weights) / (s * price * cost))
        low, high = (price, high) if cost @ y > budget else (low, price)
    x = y - d * np.append(0.0, y[:-1])
    assert (x > 0).all()  # no bound binds, so these conditions are all
    plan = allocate(of)
    close(plan["spend"], x, budget)
    assert plan.value == pytest.approx(float((np.array(weights) * -np.expm1(-y / s)).sum()), rel=1e-8)
    assert plan.prices["budget"] == pytest.approx(price, rel=1e-3)


def test_a_lever_that_is_constant_over_time_is_one_lever() -> None:
    metrics = {
        "reward": "sum(season * 10 * sqrt(spend) - spend)",
        "season": {"value": 1, "seasonality": WEIGHTS},
        "spend": {"value": 5, "lever": {"min": 0, "max": 1000, "over_time": "constant"}},
    }
    plan = allocate(tree("reward", metrics, time=TIME))
    # 10 * sum(w) * sqrt(x) - 6 x turns where x = (10 * sum(w) / 12) ** 2
    assert plan.levels == pytest.approx({"spend": (10 * sum(WEIGHTS) / 12) ** 2}, rel=1e-4)


def test_a_guard_may_hold_one_period_or_all() -> None:
    of = alone("season * sqrt(spend)", {"limit": 600}, service="2 * spend")
    plan = allocate(of, at_least={"service[2027-03]": 120})
    squares = np.square(WEIGHTS)
    squares[2] = 0
    close(plan["spend"], np.where(np.arange(6) == 2, 60, 540 * squares / squares.sum()), 600)
    assert plan["spend"][2] >= 60
    plan = allocate(of, at_most={"service": 240})
    assert max(plan["spend"]) <= 120
    assert len(plan.guards) == 6


def test_all_of_each_period_s_money_is_spent_where_it_must_be() -> None:
    of = flights("strength * (20 * spend - spend ** 2)", {"limit": 40, "per": "period", "spend": "all"})
    plan = allocate(of)
    # 20 - 2 x of ads is twice that of social where x + y = 40: x = 50 / 3, y = 70 / 3 would lose the most; KKT:
    # 20 - 2 x = 2 (20 - 2 y), x + y = 40 -> x = 70 / 3, y = 50 / 3
    close(plan["spend"]["ads"], [70 / 3] * 6, 40)
    close(plan["spend"]["social"], [50 / 3] * 6, 40)
    for month in MONTHS:
        assert plan.after[f"{USE}budget[{month}]"] == pytest.approx(40, rel=1e-9)
        assert plan.prices[f"budget[{month}]"] == pytest.approx(20 - 140 / 3, rel=1e-3)


def test_a_cost_is_paid_in_the_period_in_which_a_lever_is_moved() -> None:
    lever = {"min": 0, "max": 100, "over_time": "each", "cost": {"money": "2 per 1"}}
    of = tree(
        "reward",
        {
            "reward": "sum(season * x)",
            "season": {"value": 1, "seasonality": WEIGHTS},
            "x": {"value": 10, "lever": lever},
        },
        time=TIME,
        resources={"money": {"limit": [10, 20, 30, 40, 50, 60], "per": "period"}},
    )
    plan = allocate(of)
    np.testing.assert_allclose(plan["x"], [15, 20, 25, 30, 35, 40], rtol=1e-9)
    assert plan.prices["money[2027-05]"] == pytest.approx(1.5, rel=1e-6)  # half a unit more, at 3 each


@pytest.mark.parametrize("money", [100, 300, 500])
def test_s_curves_over_time_reach_what_dynamic_programming_over_the_money_reaches(money: float) -> None:
    """Twelve levers, of which each pays only from some spending on: no slope says which months to leave out."""
    strength = {"value": {"ads": 100, "social": 90}}
    plan = allocate(flights("strength * season * hill(spend, half=60, shape=2)", {"limit": money}, strength=strength))
    curves = s_curves(np.outer([100, 90], WEIGHTS).ravel(), np.full(12, 60.0), np.full(12, 2.0))
    assert plan.value is not None
    assert plan.value >= table(curves, money, 1000)[-1] * (1 - 1e-9)  # exact on its grid, and so never above the best


def test_the_json_has_cells_and_the_flight_nested() -> None:
    told = allocate(flights("strength * season * sqrt(spend)", {"limit": 60, "per": "period"})).to_dict()
    assert set(told["levers"]) == {f"spend[{label},{month}]" for label in ("ads", "social") for month in MONTHS}
    assert set(told["resources"]) == {f"budget[{month}]" for month in MONTHS}
    assert told["flight"]["spend"]["ads"][0] == told["levers"]["spend[ads,2027-01]"]
    assert [row["metric"] for row in told["plan"]] == list(told["levers"])
    json.dumps(told, allow_nan=False)


def test_periods_stand_side_by_side_in_one_row() -> None:
    text = str(allocate(flights("strength * season * sqrt(spend)", {"limit": 60, "per": "period"})))
    lines = text.splitlines()
    assert sum(line.startswith("budget ") for line in lines) == 1
    assert sum(line.startswith("spend [ads] ") for line in lines) == 2  # in the plan, and among the bars
    assert "budget[" not in text


def test_what_stays_of_many_periods_is_one_sentence() -> None:
    of = alone("8 * spend - spend ** 2", {"limit": [3, 9, 9, 3, 9, 3], "per": "period"})
    plan = allocate(of)
    assert plan.notes()[0] == (
        "budget: 3 of 6 periods (2027-02 to 2027-05) have something left, 15 in all: "
        "spending more would not bring the goal any further"
    )
    assert plan.unspent["budget[2027-02]"] == "5 left: spending more would not bring the goal any further"


def test_limits_that_no_plan_keeps_in_many_periods_are_told_in_one_sentence() -> None:
    of = alone(
        "spend", {"limit": 3, "per": "period"}, spend={"value": 5, "lever": {"min": 4, "max": 9, "over_time": "each"}}
    )
    plan = allocate(of)
    assert plan.notes() == (
        "no plan keeps within all limits; the nearest misses budget by 6 in 6 of 6 periods (2027-01 to 2027-06): "
        "raise the limit, or widen the levers' bounds",
    )


FILE = """
kgi: reward
time: {periods: 12, unit: month, start: 2027-01}
dimensions: {channel: [ads, social]}
metrics:
  reward: sum(response)
  response: strength * season * sqrt(spend)
  season: {value: 1, seasonality: [1, 2]}
  strength: {value: {ads: 1, social: 2}}
  spend: {value: {ads: 5, social: 5}, lever: {min: 0, max: 60, over_time: each}}
resources:
  budget: {limit: 400, use: spend}
"""


def test_the_next_line_runs_and_gives_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(FILE, encoding="utf-8")
    plan = lv.load(path).allocate({"budget": 300}, at_most={"spend[ads,2027-02]": 7})
    line = next(line for line in str(plan).splitlines() if line.startswith("Next: "))
    assert status(shlex.split(line)[2:]) == 0
    capsys.readouterr()
    saved = lv.load(path).evaluate(scenario="plan")
    assert saved["reward"] == pytest.approx(plan.value, rel=1e-9)  # levels are written to ten digits or more


PLAN = """\
import sys
import leverage as lv

names = [f"c{place}" for place in range(4)]
figures = {name: {"reach": 900 + 350 * place, "half": 8 + 7 * place, "decay": 0.1 + 0.15 * place}
           for place, name in enumerate(names)}
of = {key: {"value": {name: told[key] for name, told in figures.items()}} for key in ("reach", "half", "decay")}
spend = {"value": 5, "lever": {"min": 0, "max": 60, "over_time": "each"}}
metrics = {"y": "sum(reach * hill(adstock(spend, decay), half=half, shape=1.6)) - sum(spend)", **of,
           "spend": {**spend, "value": dict.fromkeys(names, 5)}}
model = lv.Model(kgi="y", metrics=metrics, time={"periods": 10}, dimensions={"channel": names},
                 resources={"budget": {"limit": 300, "use": "spend"}})
sys.stdout.write(model.allocate().to_json())
"""


@pytest.mark.slow
def test_the_threads_of_linear_algebra_change_no_byte_of_a_plan() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", PLAN],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for threads in ("1", "2", "4")
    }
    assert len(told) == 1
