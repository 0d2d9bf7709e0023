"""Whole steps, choices and levers at rest against every combination, and against a mixed-integer program."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from leverage.optimize import Problem, search
from leverage.optimize.problem import Array
from leverage.optimize.whole import NoLevel
from tests.optimize.problems import hills, lagrange, linear, split, total


def knapsack(gain: Array, weight: Array, limit: float) -> Problem:
    """Projects to do or not to do."""
    k = len(gain)
    return Problem(
        low=np.zeros(k),
        high=np.ones(k),
        start=np.zeros(k),
        value=lambda x: gain @ x,
        slopes=lambda x: gain,
        **linear(weight[None, :], np.array([limit])),
        whole=(True,) * k,
    )


def every(levels: list[Array]) -> Array:
    """All combinations, ``(k, n)``."""
    return np.array(list(product(*levels))).T


@pytest.mark.parametrize(("k", "complete"), [(9, True), (15, False)])
@pytest.mark.parametrize("seed", range(3))
def test_a_knapsack_is_packed_as_well_as_any_combination_packs_it(k: int, complete: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    gain, weight = rng.uniform(1, 10, k), rng.integers(5, 60, k).astype(float)
    limit = float(weight.sum() // 3)
    found = search(knapsack(gain, weight, limit))
    packs = every([np.array([0.0, 1.0])] * k)
    assert found.value == pytest.approx((gain @ packs)[weight @ packs <= limit].max(), rel=1e-12)
    assert found.used[0] <= limit
    assert found.complete is complete
    assert found.shadow_prices is None


def test_forty_projects_agree_with_a_mixed_integer_program() -> None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    rng = np.random.default_rng(1)
    gain, weight = rng.uniform(1, 10, 40), rng.integers(5, 60, 40).astype(float)
    limit = float(weight.sum() // 3)
    truth = milp(
        -gain, constraints=LinearConstraint(weight[None, :], ub=limit), integrality=np.ones(40), bounds=Bounds(0, 1)
    )
    assert search(knapsack(gain, weight, limit)).value == pytest.approx(-truth.fun, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_whole_numbers_that_work_together_under_two_limits(seed: int) -> None:
    rng, k, top = np.random.default_rng(seed), 5, 7
    curves, rows = hills(rng.uniform(0.5, 2, k), rng.uniform(1, 10, k)), rng.uniform(0.5, 3, (2, k))
    limits = rows.sum(axis=1) * top / 4

    def value(x: Array) -> Array:
        return curves.value(x).sum(axis=0) * (1 + 0.2 * x[0])

    def slopes(x: Array) -> Array:
        return curves.slope(x) * (1 + 0.2 * x[0]) + np.where(np.arange(k) == 0, 0.2 * curves.value(x).sum(), 0.0)

    problem = split(
        curves,
        1.0,
        k,
        value=value,
        slopes=slopes,
        high=np.full(k, float(top)),
        whole=(True,) * k,
        **linear(rows, limits),
    )
    found, plans = search(problem), every([np.arange(top + 1.0)] * k)
    allowed = (rows @ plans <= limits[:, None]).all(axis=0)
    assert found.value == pytest.approx(value(plans[:, allowed]).max(), rel=1e-12)
    assert (found.x == np.rint(found.x)).all()


@pytest.mark.parametrize("seed", range(3))
def test_whole_levers_beside_free_ones_leave_them_their_best_split(seed: int) -> None:
    rng, budget = np.random.default_rng(seed), 40.0
    a, h, price = rng.uniform(0.5, 2, 6), rng.uniform(1, 20, 6), np.append(rng.uniform(3, 9, 3), np.ones(3))
    curves, free = hills(a, h), hills(a[3:], h[3:])
    problem = split(
        curves,
        budget,
        6,
        high=np.array([5.0, 5, 5, 40, 40, 40]),
        value=lambda x: curves.value(price[:, None] * x).sum(axis=0),
        slopes=lambda x: price * curves.slope(price * x),
        whole=(True, (0.0, 1.0, 3.0, 4.0), True, None, None, None),
        **linear(price[None, :], np.array([budget])),
    )
    found, worth = search(problem), []
    for steps in every([np.arange(6.0), np.array([0.0, 1, 3, 4]), np.arange(6.0)]).T:
        left = budget - price[:3] @ steps
        if left > 0:
            rest = lagrange(free, left)[0]
            worth.append(curves.value(np.append(price[:3] * steps, rest)).sum())
    assert found.value == pytest.approx(max(worth), rel=1e-8)
    assert budget * (1 - 1e-12) <= found.used[0] <= budget
    assert found.x[1] in (0.0, 1.0, 3.0, 4.0)


@pytest.mark.parametrize("seed", range(3))
def test_a_campaign_costs_nothing_or_at_least_its_least(seed: int) -> None:
    rng, k, budget = np.random.default_rng(seed), 6, 60.0
    a, h, least = rng.uniform(0.5, 2, k), rng.uniform(5, 40, k), rng.uniform(5, 30, k)
    found = search(split(hills(a, h), budget, k, low=least, off=(0.0,) * k, start=np.zeros(k)))
    worth = [0.0]
    for on in every([np.array([False, True])] * k).T:
        if 0 < least[on].sum() <= budget:
            curves = hills(a[on], h[on])
            low, high = 1e-12, 1e12  # Lagrange with lower bounds, by bisection as in `lagrange`
            for _ in range(200):
                price = float(np.sqrt(low * high))
                over = np.maximum(curves.level(price), least[on]).sum() > budget
                low, high = (price, high) if over else (low, price)
            worth.append(curves.value(np.maximum(curves.level(high), least[on])).sum())
    assert found.value == pytest.approx(max(worth), rel=1e-8)
    assert ((found.x == 0.0) | (found.x >= least)).all()


def test_the_price_of_money_is_that_of_the_levers_at_work() -> None:
    curves = hills(np.array([5.0, 4.0, 0.1]), np.array([10.0, 10.0, 10.0]))
    found = search(split(curves, 30.0, 3, low=np.array([2.0, 2.0, 9.0]), off=(0.0, 0.0, 0.0)))
    _, price = lagrange(hills(np.array([5.0, 4.0]), np.array([10.0, 10.0])), 30.0)
    assert found.x[2] == 0.0
    assert found.shadow_prices is not None
    assert found.shadow_prices[0] == pytest.approx(price, rel=1e-6)


def test_either_or_groups_are_limits_on_yes_no_levers() -> None:
    gain, rows = np.array([5.0, 7, 4, 6, 3]), np.array([[1.0, 1, 0, 0, 0], [0, 0, 1, 1, 1]])
    problem = knapsack(gain, np.ones(5), 5.0)
    found = search(Problem(**vars(problem) | linear(rows, np.ones(2))))
    np.testing.assert_array_equal(found.x, [0, 1, 0, 1, 0])
    assert found.complete


def test_useless_whole_levers_stay_where_they_are() -> None:
    gain = np.array([1.0, 0.0])
    found = search(
        Problem(
            low=np.zeros(2),
            high=np.full(2, 9.0),
            start=np.array([2.0, 4.0]),
            value=lambda x: gain @ x,
            slopes=lambda x: gain,
            whole=(True, True),
            **total(2, 13.0),
        )
    )
    np.testing.assert_array_equal(found.x, [9.0, 4.0])
    np.testing.assert_array_equal(
        search(Problem(**vars(knapsack(gain, gain, 1.0)) | {"start": np.array([0.0, 1.0])})).x, [1.0, 1.0]
    )


def test_money_that_whole_numbers_cannot_meet_exactly_is_said_to_be_missing() -> None:
    found = search(Problem(**vars(knapsack(np.ones(3), np.array([3.0, 5, 6]), 10.0)) | {"equal": np.array([True])}))
    assert not found.feasible
    np.testing.assert_array_equal(found.used, [9.0])  # 9 or 11: neither is 10, and 9 breaks nothing
    assert found.broken[0] == pytest.approx(1.0, rel=1e-6)


def test_a_lever_without_a_level_is_named() -> None:
    problem = Problem(
        low=np.array([0.0, 0.2]),
        high=np.array([1.0, 0.8]),
        start=np.zeros(2),
        value=lambda x: x.sum(axis=0),
        slopes=lambda x: np.ones(2),
        whole=(None, True),
    )
    with pytest.raises(
        NoLevel, match=r"^lever 1 may take no level from 0\.2 to 0\.8; widen its bounds or its choices$"
    ):
        search(problem)
