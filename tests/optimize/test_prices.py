"""Multipliers against closed forms, at interior plans, bounds and kinks."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.optimize.prices import prices
from leverage.optimize.problem import Array, Problem
from leverage.optimize.survey import survey
from tests.optimize.problems import lagrange, linear, logs, split


def priced(problem: Problem, x: Array) -> tuple[Array, float]:
    return prices(problem, survey(problem), x)


def test_at_lagranges_plan_the_price_is_his_multiplier_and_nothing_is_left_over() -> None:
    curves = logs(np.array([1.0, 2, 3]), np.array([4.0, 5, 6]))
    best, price = lagrange(curves, 30.0)
    found, left = priced(split(curves, 30.0, 3), best * (1 - 1e-15))
    assert found[0] == pytest.approx(price, rel=1e-9)
    assert left < 1e-9


def test_away_from_the_best_plan_slopes_are_left_over() -> None:
    curves = logs(np.array([1.0, 2, 3]), np.array([4.0, 5, 6]))
    assert priced(split(curves, 30.0, 3), np.array([28.0, 1.0, 1.0]))[1] > 0.1


def test_a_limit_that_does_not_bind_is_worth_nothing() -> None:
    curves = logs(np.array([1.0, 2, 3]), np.array([4.0, 5, 6]))
    found, left = priced(split(curves, 30.0, 3, high=np.full(3, 5.0)), np.full(3, 5.0))
    assert found[0] == 0.0
    assert left == 0.0


def test_with_every_lever_at_a_bound_the_price_is_that_of_the_next_unit() -> None:
    gain = np.array([3.0, 2.0, 1.0])  # the first lever is full, the budget too: the next unit goes to the second
    problem = Problem(
        low=np.zeros(3),
        high=np.full(3, 10.0),
        start=np.zeros(3),
        value=lambda x: gain @ x,
        slopes=lambda x: gain,
        **linear(np.ones((1, 3)), np.array([10.0])),
    )
    found, left = priced(problem, np.array([10.0, 0.0, 0.0]))
    assert found[0] == pytest.approx(2.0, rel=1e-6)
    assert left < 1e-6


def test_levers_on_their_kinks_balance_between_the_two_sides() -> None:
    gain, base = np.array([1.0, -0.5]), np.array([4.0, 6.0])
    problem = Problem(
        low=np.zeros(2),
        high=np.full(2, 10.0),
        start=base,
        value=lambda x: gain @ x,
        slopes=lambda x: gain,
        uses=lambda x: abs(x - base[:, None]).sum(axis=0, keepdims=True),
        use_slopes=lambda x: np.sign(x - base)[None, :],
        limits=np.zeros(1),
        kinks=(4.0, 6.0),
    )
    found, left = priced(problem, base)
    assert found[0] == pytest.approx(1.0, rel=1e-6)
    assert left < 1e-6
