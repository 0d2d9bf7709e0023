"""Which plans compete: those of allocate, at the base and where leaves turn out otherwise, within today's limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leverage.tree.tree import Tree
from leverage.verbs.allocate import allocate
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.moves.plans import ALIKE, Plans, plans
from leverage.verbs.players.who import players
from tests.trees import tree


def budget(**metrics: Any) -> Tree:
    known = {
        "sales": "strong * sqrt(ads) + weak * sqrt(mail)",
        "ads": {"value": 50, "lever": {"min": 0, "max": 100}},
        "mail": {"value": 50, "lever": {"min": 0, "max": 100}},
        "strong": {"uncertainty": "normal(4, 1)"},
        "weak": {"uncertainty": "normal(3, 0.5)"},
    }
    return tree("sales", {**known, **metrics}, resources={"money": {"limit": 100, "use": "ads + mail"}})


def made(model: Tree, joint: int) -> tuple[Plans, list[tuple[int, int]]]:
    drawn, told = cast(model.cells, Chance.of(samples=1_024)), list[tuple[int, int]]()
    found = plans(model, drawn, players(model, drawn), joint, lambda done, total: told.append((done, total)))
    return found, told


def test_today_and_the_plan_of_allocate_come_first() -> None:
    found, _ = made(budget(), 2)
    today, plan = found.choices[:2]
    assert (today.name, today.levels) == ("today", {"ads": 50, "mail": 50})
    assert plan.name == "plan"
    assert dict(plan.levels) == pytest.approx(allocate(budget()).levels, rel=1e-6)


def test_where_a_leaf_turns_out_otherwise_the_plan_is_the_split_of_its_squares() -> None:
    """Slopes are equal where the money goes as the square of what sells: at P10 and P90 of the strong channel."""
    found, _ = made(budget(), 0)
    ads = {choice.name: choice.levels["ads"] for choice in found.choices}
    for strong in (4 - 1.2816, 4 + 1.2816):
        best = 100 * strong**2 / (strong**2 + 9)
        assert min(abs(level - best) for level in ads.values()) < 0.2  # a P10 of 1,024 draws is out by some 0.01 sd


def test_ends_are_those_of_leaves_that_change_the_plan_not_of_those_that_move_the_goal() -> None:
    """Taste moves the goal by nothing where the plan stands, and the plan from one side to the other."""
    metrics: dict[str, Any] = {
        "k": "taste * x - x**2 / 2 + t1 + t2 + t3 + t4 + t5",
        "x": {"value": 0.5, "lever": {"min": -1, "max": 1}},
        "taste": {"uncertainty": "normal(0, 1)"},
    }
    noise = {f"t{place}": {"uncertainty": "normal(5, 50)"} for place in range(1, 6)}
    found, told = made(tree("k", {**metrics, **noise}), 0)
    assert [choice.levels["x"] for choice in found.choices] == pytest.approx([0.5, 0, -1, 1], abs=1e-6)
    assert told[-1] == (3, 3)


def test_a_lever_in_doubt_tilts_the_plan_from_where_it_is_planned() -> None:
    """x strays by 0.3 round where it is set, so the best level of y, which is 2 - x, is planned lower and higher."""
    metrics: dict[str, Any] = {
        "k": "4 - (x + y - 2)**2 - (x - 1.5)**2 / 9",
        "x": {"uncertainty": "normal(1, 0.3)", "lever": {"min": 1.5, "max": 1.5}},
        "y": {"value": 1, "lever": {"min": 0, "max": 4}},
    }
    found, _ = made(tree("k", metrics), 0)
    ys = [choice.levels["y"] for choice in found.choices if choice.name != "today"]
    assert ys == pytest.approx([0.5, 0.5 + 0.3 * 1.2816, 0.5 - 0.3 * 1.2816], abs=0.01)


def test_plans_that_are_nowhere_far_apart_are_one() -> None:
    found, _ = made(budget(), 12)
    levels = np.array([[choice.levels[id] for id in ("ads", "mail")] for choice in found.choices]) / 100
    apart = np.abs(levels[:, None] - levels[None]).max(axis=2) + np.eye(len(levels))
    assert apart.min() > ALIKE
    assert len({choice.name for choice in found.choices}) == len(found.choices)


def test_every_plan_is_told_of_as_it_is_made() -> None:
    _, told = made(budget(), 3)
    assert told == [(done, 8) for done in range(9)]  # the base, 3 draws, and two ends of two leaves


def test_limits_are_kept_where_the_model_stands_not_where_a_leaf_turns_out() -> None:
    """A dear hour in a draw forbids no plan that today's hour allows."""
    model = tree(
        "k",
        {
            "k": "gain * sqrt(hours)",
            "hours": {"value": 1, "lever": {"min": 0, "max": 50}},
            "gain": {"value": 2, "range": [1, 3]},
            "wage": {"value": 10, "range": [5, 20]},
        },
        resources={"money": {"limit": 100, "use": "hours * wage"}},
    )
    found, _ = made(model, 6)
    assert [choice.levels["hours"] for choice in found.choices] == pytest.approx([1, 10])


def test_a_plan_moves_only_the_levers_that_leave_today() -> None:
    found, _ = made(budget(mail={"value": 50, "lever": {"min": 50, "max": 50}}), 1)
    assert all(choice.moved(budget()) <= {"ads"} for choice in found.choices)


def test_without_a_plan_within_the_limits_none_competes() -> None:
    dear = budget(
        ads={"value": 80, "lever": {"min": 70, "max": 100}}, mail={"value": 50, "lever": {"min": 40, "max": 90}}
    )
    found, told = made(dear, 1)
    assert (found.choices, told, found.found.feasible) == ((), [], False)
