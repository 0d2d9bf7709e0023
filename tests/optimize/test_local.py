"""The search against Lagrange's optimum, linear programs, dynamic programming and random points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.optimize import Problem, search
from leverage.optimize.problem import NEAR, Array
from tests.optimize.problems import CONCAVE, Curves, lagrange, linear, logs, s_curves, split, table, total


def drawn(seed: int, k: int, unit: float = 1.0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 5, k), rng.uniform(1, 60, k) * unit


@pytest.mark.parametrize("unit", [1e-2, 1.0, 1e9])
@pytest.mark.parametrize("family", CONCAVE.values(), ids=CONCAVE)
@pytest.mark.parametrize("k", [2, 10])
def test_concave_responses_reach_the_lagrange_optimum_in_any_unit(
    family: Callable[[Array, Array], Curves], unit: float, k: int
) -> None:
    curves, budget = family(*drawn(k, k, unit)), 150.0 * unit
    best, price = lagrange(curves, budget)
    found = search(split(curves, budget, k, high=np.full(k, 2 * budget)))
    worth = curves.value(best).sum()
    assert found.feasible
    assert abs(found.value - worth) <= 1e-9 * worth
    assert budget * (1 - 1e-12) <= found.used[0] <= budget
    assert found.shadow_prices is not None
    assert found.shadow_prices[0] == pytest.approx(price, rel=1e-5)


@pytest.mark.parametrize("unit", [1e-6, 1e12])
def test_the_goals_unit_changes_no_plan(unit: float) -> None:
    curves, plain = logs(*drawn(1, 6)), None
    plain = search(split(curves, 100.0, 6))
    scaled = search(
        split(
            curves,
            100.0,
            6,
            value=lambda x: unit * curves.value(x).sum(axis=0),
            slopes=lambda x: unit * curves.slope(x),
        )
    )
    assert scaled.value == pytest.approx(unit * plain.value, rel=1e-12)
    np.testing.assert_allclose(scaled.x, plain.x, atol=1e-4)


def test_bounds_a_million_times_the_budget_do_not_hide_the_optimum() -> None:
    curves = logs(*drawn(3, 8))
    found = search(split(curves, 100.0, 8, high=np.full(8, 1e8)))
    assert found.value == pytest.approx(curves.value(lagrange(curves, 100.0)[0]).sum(), rel=1e-9)


def test_what_brings_nothing_is_neither_spent_nor_moved() -> None:
    curves = logs(np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    problem = Problem(
        low=np.zeros(3),
        high=np.array([4.0, 5.0, 6.0]),
        start=np.array([1.0, 1.0, 2.5]),
        value=lambda x: curves.value(x[:2]).sum(axis=0),
        slopes=lambda x: np.append(curves.slope(x[:2]), 0.0),
        **total(3, 100.0),
    )
    found = search(problem)
    np.testing.assert_array_equal(found.x, [4.0, 5.0, 2.5])
    assert found.shadow_prices is not None
    assert found.shadow_prices[0] == 0.0


def test_levers_need_no_resource() -> None:
    found = search(
        Problem(
            low=np.array([-1.0, 0.0]),
            high=np.array([3.0, 9.0]),
            start=np.zeros(2),
            value=lambda x: x[0] * (4 - x[0]) + x[1],
            slopes=lambda x: np.array([4 - 2 * x[0], 1.0]),
        )
    )
    assert found.feasible
    np.testing.assert_allclose(found.x, [2.0, 9.0], atol=1e-6)
    assert found.value == pytest.approx(13.0, abs=1e-11)


def test_an_infinite_limit_is_none_and_worth_nothing() -> None:
    curves = logs(*drawn(4, 3))
    found = search(split(curves, 10.0, 3, limits=np.array([np.inf])))
    np.testing.assert_array_equal(found.x, [10.0, 10.0, 10.0])
    assert found.shadow_prices is not None
    assert found.shadow_prices[0] == 0.0


def test_a_limit_below_0_asks_for_at_least_so_much() -> None:
    wish = np.array([1.0, 2, 3, 4])
    found = search(
        Problem(
            low=np.zeros(4),
            high=np.full(4, 10.0),
            start=np.zeros(4),
            value=lambda x: -((x - wish[:, None]) ** 2).sum(axis=0),
            slopes=lambda x: -2 * (x - wish),
            **linear(-np.ones((1, 4)), np.array([-20.0])),
        )
    )
    np.testing.assert_allclose(found.x, wish + 2.5, atol=1e-6)
    assert found.used[0] <= -20.0
    assert found.shadow_prices is not None
    assert found.shadow_prices[0] == pytest.approx(5.0, rel=1e-6)


@pytest.mark.parametrize(("limit", "price"), [(30.0, -10.0), (6.0, 2.0)])
def test_an_exact_limit_is_met_even_where_spending_hurts(limit: float, price: float) -> None:
    wish = np.array([1.0, 2, 3, 4])  # best total 10: d/dlimit of -4 ((limit - 10) / 4)^2
    found = search(
        Problem(
            low=np.zeros(4),
            high=np.full(4, 20.0),
            start=np.zeros(4),
            value=lambda x: -((x - wish[:, None]) ** 2).sum(axis=0),
            slopes=lambda x: -2 * (x - wish),
            **total(4, limit),
            equal=np.array([True]),
        )
    )
    assert found.feasible
    assert limit * (1 - 1e-12) <= found.used[0] <= limit
    np.testing.assert_allclose(found.x, wish + (limit - 10) / 4, atol=1e-6)
    assert found.shadow_prices is not None
    assert found.shadow_prices[0] == pytest.approx(price, rel=1e-6)


def test_a_curved_exact_limit_beside_another_one_is_met() -> None:
    found = search(
        Problem(
            low=np.zeros(2),
            high=np.full(2, 10.0),
            start=np.zeros(2),
            value=lambda x: x[0] + x[1],
            slopes=lambda x: np.ones(2),
            uses=lambda x: np.array([x[0] ** 2 + x[1] ** 2, x[0]]),
            use_slopes=lambda x: np.array([[2 * x[0], 2 * x[1]], [1.0, 0.0]]),
            limits=np.array([4.0, 1.0]),
            equal=np.array([True, False]),
        )
    )
    assert found.value == pytest.approx(1 + np.sqrt(3), rel=1e-9)
    assert found.shadow_prices is not None  # 1 = 2 y p, 1 = 2 x p + q at (1, root 3)
    np.testing.assert_allclose(found.shadow_prices, [0.5 / np.sqrt(3), 1 - 1 / np.sqrt(3)], rtol=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_linear_goals_under_two_limits_reach_the_linear_programs_vertex(seed: int) -> None:
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    gain, rows = rng.uniform(0, 3, 5), rng.uniform(0.1, 2, (2, 5))
    limits = rows.sum(axis=1) * 10
    found = search(
        Problem(
            low=np.zeros(5),
            high=np.full(5, 30.0),
            start=np.zeros(5),
            value=lambda x: gain @ x,
            slopes=lambda x: gain,
            **linear(rows, limits),
        )
    )
    truth = linprog(-gain, A_ub=rows, b_ub=limits, bounds=[(0, 30)] * 5)
    assert found.value == pytest.approx(-truth.fun, rel=1e-9)
    assert (found.used <= limits).all()
    assert found.shadow_prices is not None
    np.testing.assert_allclose(found.shadow_prices, -truth.ineqlin.marginals, atol=1e-6)


def test_curves_under_two_limits_agree_with_a_trust_region_method() -> None:
    from scipy.optimize import Bounds, LinearConstraint, minimize

    curves, rows = logs(*drawn(7, 6)), np.random.default_rng(7).uniform(0.2, 2, (2, 6))
    limits = np.array([60.0, 70.0])
    found = search(split(curves, 100.0, 6, **linear(rows, limits)))
    truth = minimize(
        lambda x: -curves.value(x).sum(),
        np.full(6, 5.0),
        jac=lambda x: -curves.slope(x),
        hess=lambda x: np.diag(curves.slope(x) ** 2 / drawn(7, 6)[0]),  # (a / (h + x))^2 / a
        method="trust-constr",
        bounds=Bounds(0, 100),
        constraints=LinearConstraint(rows, -np.inf, limits),
        options={"gtol": 1e-12, "xtol": 1e-14, "barrier_tol": 1e-12, "maxiter": 3000},
    )
    assert found.value >= -truth.fun * (1 - 1e-9)
    assert found.value == pytest.approx(-truth.fun, rel=1e-6)


def test_a_product_of_sums_is_split_between_its_factors_and_within_them() -> None:
    a, h = drawn(11, 8)
    first, second = logs(a[:4], h[:4]), logs(a[4:], h[4:])

    def value(x: Array) -> Array:
        return first.value(x[:4]).sum(axis=0) * second.value(x[4:]).sum(axis=0)

    def slopes(x: Array) -> Array:
        one, two = first.value(x[:4]).sum(), second.value(x[4:]).sum()
        return np.append(two * first.slope(x[:4]), one * second.slope(x[4:]))

    def best(share: float) -> float:
        return float(
            first.value(lagrange(first, 200 * share)[0]).sum()
            * second.value(lagrange(second, 200 * (1 - share))[0]).sum()
        )

    low, high = 0.01, 0.99  # the product is log-concave in the share: golden section finds its only top
    for _ in range(60):
        left, right = high - 0.6180339887 * (high - low), low + 0.6180339887 * (high - low)
        low, high = (left, high) if best(left) < best(right) else (low, right)
    found = search(split(logs(a, h), 200.0, 8, value=value, slopes=slopes, start=np.zeros(8)))
    assert found.value == pytest.approx(best((low + high) / 2), rel=1e-9)


@pytest.mark.parametrize("shapes", [(0.5, 3.0), (1.5, 3.0), (1.0, 6.0)])
def test_s_curves_reach_the_optimum_that_dynamic_programming_certifies(shapes: tuple[float, float]) -> None:
    """Slopes are 0 at rest, so a search that follows them hands back the start; or ends on the wrong set of levers."""
    short = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        curves = s_curves(rng.uniform(0.5, 2, 8), rng.uniform(0.05, 0.6, 8) * 1e6, rng.uniform(*shapes, 8))
        found = search(split(curves, 1e6, 8, start=np.zeros(8)))
        assert found.used[0] <= 1e6
        short.append(1 - found.value / table(curves, 1e6, 500)[-1])
    assert max(short) < 1e-4  # the grid itself lies a little under the optimum; within 1 % was asked for


@pytest.mark.parametrize("seed", range(3))
def test_a_product_of_sums_of_s_curves_starts_from_nothing_and_finds_its_levers(seed: int) -> None:
    rng, k = np.random.default_rng(seed), 12
    a, h, s = rng.uniform(0.5, 2, k), rng.uniform(0.03, 0.4, k) * 1e5, rng.uniform(1.5, 5, k)
    whole, first, second = s_curves(a, h, s), s_curves(a[:6], h[:6], s[:6]), s_curves(a[6:], h[6:], s[6:])

    def value(x: Array) -> Array:
        parts = whole.value(x)
        return parts[:6].sum(axis=0) * parts[6:].sum(axis=0)

    def slopes(x: Array) -> Array:
        parts = whole.value(x)
        return whole.slope(x) * np.repeat([parts[6:].sum(), parts[:6].sum()], 6)

    found = search(split(whole, 1e5, k, value=value, slopes=slopes, start=np.zeros(k)))
    truth = (table(first, 1e5, 400) * table(second, 1e5, 400)[::-1]).max()
    assert found.value > 0.999 * truth


@pytest.mark.parametrize("k", [2, 5])
def test_the_weakest_link_is_raised_by_raising_all(k: int) -> None:
    pace = np.random.default_rng(k).uniform(0.5, 3, k)

    def slopes(x: Array) -> Array:
        return np.where(np.arange(k) == (pace * x).argmin(), pace, 0.0)

    problem = split(logs(pace, pace), 100.0, k, value=lambda x: (pace[:, None] * x).min(axis=0), slopes=slopes)
    found, price = search(problem), 1 / (1 / pace).sum()
    assert found.value == pytest.approx(100 * price, rel=1e-9)
    assert found.shadow_prices is not None  # measured, as the slopes of a corner balance at no price
    assert found.shadow_prices[0] == pytest.approx(price, rel=1e-4)


def test_piecewise_linear_responses_reach_the_linear_program_and_its_price() -> None:
    from scipy.optimize import linprog

    knots, k, budget = np.array([0.0, 10, 25, 60, 100]), 6, 150.0
    slopes = -np.sort(-np.random.default_rng(3).uniform(0, 3, (k, 4)), axis=1)
    heights = np.column_stack([np.zeros(k), np.cumsum(slopes * np.diff(knots), axis=1)])

    def slope(x: Array) -> Array:
        return slopes[np.arange(k), np.clip(np.searchsorted(knots, x, side="right") - 1, 0, 3)]

    def value(x: Array) -> Array:
        return np.sum([np.interp(row, knots, height) for row, height in zip(x, heights, strict=True)], axis=0)

    found = search(
        split(logs(slopes[:, 0], slopes[:, 0]), budget, k, value=value, slopes=slope, high=np.full(k, 100.0))
    )
    truth = linprog(
        -slopes.ravel(), A_ub=np.ones((1, 4 * k)), b_ub=[budget], bounds=[(0, d) for d in np.diff(knots)] * k
    )
    assert found.value == pytest.approx(-truth.fun, rel=1e-9)
    assert found.shadow_prices is not None
    assert found.shadow_prices[0] == pytest.approx(-truth.ineqlin.marginals[0], rel=1e-6)


@pytest.mark.parametrize(
    ("budget", "best"),
    [  # 3 log(1 + x) - (y - 2)^2 from (5, 3) at prices 1 and 2: y goes down to where 2 (y - 2) = 2 p, x up to 3 / p - 1
        (0.0, [5.0, 3.0]),
        (0.5, [5.0, 2.75]),
        (4.0, None),
    ],
)
def test_a_lever_costs_its_distance_from_today_and_may_go_either_way(budget: float, best: list[float] | None) -> None:
    today, price = np.array([5.0, 3.0]), np.array([1.0, 2.0])
    found = search(
        Problem(
            low=np.zeros(2),
            high=np.full(2, 20.0),
            start=today,
            value=lambda x: 3 * np.log1p(x[0]) - (x[1] - 2) ** 2,
            slopes=lambda x: np.array([3 / (1 + x[0]), -2 * (x[1] - 2)]),
            uses=lambda x: (price[:, None] * abs(x - today[:, None])).sum(axis=0, keepdims=True),
            use_slopes=lambda x: (price * np.sign(x - today))[None, :],
            limits=np.array([budget]),
            kinks=(5.0, 3.0),
        )
    )
    if best is None:
        grid = np.linspace(0, budget, 400_001)  # spent on x; the rest on y
        left = np.minimum((budget - grid) / 2, 1.0)
        assert found.value >= np.max(3 * np.log1p(5 + grid) - (3 - left - 2) ** 2) - 1e-12
    else:
        np.testing.assert_allclose(found.x, best, atol=1e-7)
    assert found.used[0] <= budget


def test_nothing_feasible_says_which_limit_is_missed_and_by_how_much() -> None:
    curves = logs(*drawn(5, 4))
    found = search(split(curves, 100.0, 4, low=np.full(4, 30.0)))
    assert not found.feasible
    assert found.shadow_prices is None
    np.testing.assert_allclose(found.x, 30.0)
    np.testing.assert_allclose(found.broken, [20.0])


def test_an_exact_limit_beyond_all_bounds_is_missed_from_below() -> None:
    curves = logs(*drawn(5, 4))
    found = search(split(curves, 100.0, 4, high=np.full(4, 10.0), equal=np.array([True])))
    assert not found.feasible
    np.testing.assert_allclose(found.broken, [60.0], rtol=1e-6)


def test_a_goal_that_is_not_finite_everywhere_is_raised_where_it_is() -> None:
    found = search(
        Problem(
            low=np.zeros(2),
            high=np.full(2, 10.0),
            start=np.zeros(2),
            value=lambda x: np.log(x).sum(axis=0),
            slopes=lambda x: 1 / x,
            **total(2, 6.0),
        )
    )
    np.testing.assert_allclose(found.x, [3.0, 3.0], atol=1e-6)


def test_the_same_problem_gives_the_same_plan_to_the_last_bit() -> None:
    curves = s_curves(*drawn(9, 7), np.linspace(0.5, 4, 7))
    one, two = (search(split(curves, 90.0, 7), seed=3) for _ in range(2))
    assert one.x.tobytes() == two.x.tobytes()
    assert one.value == two.value


def test_todays_plan_is_kept_to_the_bit_where_it_is_the_best() -> None:
    curves = logs(np.array([1.0, 1.0, 1.0]), np.array([7.0, 7.0, 7.0]))
    today = np.array([0.1, 0.1, 0.1])
    found = search(split(curves, float(today.sum()), 3, start=today))
    np.testing.assert_array_equal(found.x, today)


def test_more_budget_never_brings_less() -> None:
    curves = s_curves(*drawn(13, 6), np.linspace(0.7, 4, 6))
    reached = [search(split(curves, budget, 6, high=np.full(6, 200.0))).value for budget in np.linspace(10, 200, 8)]
    assert (np.diff(reached) > 0).all()


def test_no_levers_leave_the_goal_as_it_is() -> None:
    none = np.zeros(0)
    found = search(
        Problem(low=none, high=none, start=none, value=lambda x: np.full(x.shape[1], 7.0), slopes=lambda x: x)
    )
    assert found.value == 7.0
    assert found.feasible


def random_problem(seed: int) -> Problem:
    """Levers of many kinds, up to three limits with weights of either sign, kinks, units from 1e-6 to 1e9."""
    rng = np.random.default_rng(seed)
    k, r, unit = int(rng.integers(1, 6)), int(rng.integers(0, 4)), 10.0 ** rng.integers(-6, 10)
    low = rng.uniform(0, 5, k) * (rng.random(k) < 0.5)
    high = low + rng.uniform(0, 50, k) * 10.0 ** rng.integers(0, 4) * (rng.random(k) < 0.95)
    a, h, s = rng.normal(size=k), rng.uniform(0.5, 30, k), rng.uniform(0.5, 4, k)
    rows = rng.normal(size=(r, k)) * (rng.random((r, k)) < 0.7)
    base, price = low + rng.random(k) * (high - low), rng.uniform(0, 2, (r, k)) * (rng.random(k) < 0.3)
    curves = s_curves(a, h, s)

    def uses(x: Array) -> Array:
        return rows @ (x / unit) + (price[:, :, None] * abs(x / unit - base[:, None])).sum(axis=1)

    room = uses(unit * (low + rng.random(k) * (high - low))[:, None])[:, 0] + rng.uniform(-0.2, 1, r)
    more: dict[str, Any] = {}
    if rng.random() < 0.3:
        more["off"] = tuple(0.0 if rests else None for rests in rng.random(k) < 0.3)
    return Problem(
        low=low * unit,
        high=high * unit,
        start=rng.uniform(-1, 60, k) * unit,
        value=lambda x: curves.value(x / unit).sum(axis=0),
        slopes=lambda x: curves.slope(x / unit) / unit,
        uses=uses,
        use_slopes=lambda x: (rows + price * np.sign(x / unit - base)) / unit,
        limits=room,
        equal=rng.random(r) < 0.1,
        kinks=tuple(base * unit),
        **more,
    )


@given(seed=st.integers(0, 10**6))
@settings(deadline=None, max_examples=25, derandomize=True)
def test_no_plan_breaks_a_bound_or_a_limit_and_no_random_plan_is_better(seed: int) -> None:
    problem = random_problem(seed)
    found, rng, k = search(problem), np.random.default_rng(seed), len(problem.low)
    inside = (problem.low <= found.x) & (found.x <= problem.high)
    assert (inside | (found.x == 0.0) & np.array([rest is not None for rest in problem.off or (None,) * k])).all()
    span = (problem.high - problem.low)[:, None]
    points = problem.low[:, None] + rng.random((k, 1000)) ** rng.uniform(0.3, 4, (1, 1000)) * span
    near = found.x[:, None] + rng.normal(size=(k, 1000)) * 10 ** rng.uniform(-6, -1, (1, 1000)) * span
    points = np.clip(np.column_stack([points, near]), problem.low[:, None], problem.high[:, None])
    over = problem.excess(points)
    allowed = (np.where(problem.exact[:, None], abs(over), over) <= 0).all(axis=0)
    if not found.feasible:
        assert not allowed.any()
        assert found.broken.max() > 0
        return
    used = problem.uses(found.x[:, None])[:, 0]
    assert (used <= problem.limits).all()
    assert (problem.limits - used <= NEAR * 1e4 * np.maximum(abs(problem.limits), 1))[problem.exact].all()
    goals = problem.goals(points[:, allowed])
    assert not len(goals) or found.value >= goals.max() - 1e-9 * max(abs(found.value), 1)
    if found.shadow_prices is not None:
        assert (found.shadow_prices[~problem.exact] >= 0).all()
