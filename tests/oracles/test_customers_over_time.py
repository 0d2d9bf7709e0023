"""Retention, lifetime value, cohorts, diffusion and Markov chains, against closed forms and matrices."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy import special

from tests.oracles.series import assert_close, figures

HIGH_END, REGULAR = (0.668, 3.806), (0.704, 1.182)  # Fader & Hardie 2007, Journal of Interactive Marketing 21(1)


def test_lifetime_value_at_constant_retention_is_a_geometric_sum() -> None:
    margin, r, d = 40.0, 0.82, 1 / 1.01
    said = figures(
        {
            "kgi": "sum(margin * alive * discount ** period, over=time)",
            "by_stock": "sum(margin * left * discount ** period, over=time)",
            "alive": "retention ** period",
            "left": "prev(left * retention, 1)",
            "margin": margin,
            "retention": r,
            "discount": d,
        },
        periods=240,
    )
    assert_close(said["alive"], r ** np.arange(240.0))
    assert_close(said["left"], said["alive"])
    for id in ("kgi", "by_stock"):
        assert_close(said[id], margin * (1 - (r * d) ** 240) / (1 - r * d))
        assert said[id] == pytest.approx(margin / (1 - r * d), rel=1e-12)  # (r d)^240 = 2e-22 is left: the limit


def test_lifetime_value_by_channel_is_each_channels_own_geometric_sum() -> None:
    keep = {"organic": 0.9, "ads": 0.7, "social": 0.55}
    said = figures(
        {
            "kgi": "sum(customers * value, over=channel)",
            "value": "npv(1%, margin * alive)",
            "alive": "prev(alive, 1) * retention",
            "retention": {"value": keep},
            "customers": {"value": {"organic": 300, "ads": 500, "social": 200}},
            "margin": 12,
        },
        periods=36,
        dimensions={"channel": list(keep)},
    )
    ratio = np.array(list(keep.values())) / 1.01
    expected = 12 * ratio * (1 - ratio**36) / (1 - ratio)
    assert_close(said["value"], expected)
    assert_close(said["kgi"], expected @ [300, 500, 200])


@pytest.mark.parametrize(("alpha", "beta"), [HIGH_END, REGULAR, (1.0, 1.0)])
def test_customers_who_differ_leave_by_the_shifted_beta_geometric(alpha: float, beta: float) -> None:
    """Retention (beta + t - 1) / (alpha + beta + t - 1) gives the survival B(alpha, beta + t) / B(alpha, beta)."""
    said = figures(
        {
            "kgi": "last(alive)",
            "retention": "(beta + period) / (alpha + beta + period)",
            "alive": "prev(alive, 1) * retention",
            "leaving": "prev(alive, 1) - alive",
            "alpha": alpha,
            "beta": beta,
        },
        periods=24,
    )
    t = np.arange(1, 25)
    survival = [mpmath.beta(alpha, beta + int(k)) / mpmath.beta(alpha, beta) for k in t]
    assert_close(said["alive"], survival)
    assert_close(said["alive"], special.beta(alpha, beta + t) / special.beta(alpha, beta), rtol=1e-11)  # SciPy's digits
    leaving = [mpmath.beta(alpha + 1, beta + int(k) - 1) / mpmath.beta(alpha, beta) for k in t]
    assert_close(said["leaving"], leaving, atol=1e-15)
    assert (np.diff(said["retention"]) > 0).all()  # the loyal stay: retention rises


def test_with_no_knowledge_of_who_leaves_half_leave_then_a_third_of_the_rest() -> None:
    said = figures({"kgi": "last(alive)", "alive": "prev(alive, 1) * (1 + period) / (2 + period)"}, periods=12)
    assert_close(said["alive"], 1 / (1 + np.arange(1, 13)))


@pytest.mark.parametrize(("alpha", "beta"), [HIGH_END, REGULAR])
def test_the_lifetime_of_customers_who_differ_is_a_hypergeometric_function(alpha: float, beta: float) -> None:
    """Sum of S(t) / (1 + d)^t over all t >= 0 is 2F1(1, beta; alpha + beta; 1 / (1 + d)): Fader & Hardie 2010."""
    said = figures(
        {
            "kgi": "1 + npv(rate, alive)",
            "alive": "prev(alive, 1) * (beta + period) / (alpha + beta + period)",
            "rate": "10%",
            "alpha": alpha,
            "beta": beta,
        },
        periods=360,
    )
    left = 1.1**-360 * 11  # beyond the horizon: at most 11 discounted years of everyone, 1e-14
    assert_close(said["kgi"], mpmath.hyp2f1(1, beta, alpha + beta, 1 / mpmath.mpf("1.1")), atol=left)


def test_a_cohort_triangle_adds_up_along_calendar_months_and_along_cohorts() -> None:
    """Customers won in month c are of age t - c in month t: r^(t - c) of them are left, none before."""
    won = {f"c{c}": 100.0 + 15 * c for c in range(6)}
    said = figures(
        {
            "kgi": "sum(active)",
            "age": "period - joined",
            "active": "where(age >= 0, won * retention ** max(age, 0), 0)",
            "by_month": "sum(active, over=cohort)",
            "by_cohort": "sum(active, over=time)",
            "joined": {"value": {label: c for c, label in enumerate(won)}},
            "won": {"value": won},
            "retention": 0.8,
        },
        periods=9,
        dimensions={"cohort": list(won)},
    )
    triangle = np.zeros((6, 9))
    for c, n in enumerate(won.values()):
        for t in range(c, 9):
            triangle[c, t] = n * 0.8 ** (t - c)
    assert_close(said["active"], triangle)
    assert_close(said["by_month"], triangle.sum(axis=0))
    assert_close(said["by_cohort"], [n * (1 - 0.8 ** (9 - c)) / 0.2 for c, n in enumerate(won.values())])
    assert_close(said["kgi"], triangle.sum())


def test_the_triangles_calendar_months_are_the_stock_that_a_recursion_keeps() -> None:
    """With one retention for all, who is active is prev * r + won: the triangle's column sums without the triangle."""
    cohorts = [f"c{c}" for c in range(12)]
    said = figures(
        {
            "kgi": "last(stock) - last(by_month)",
            "stock": "prev(stock, 0) * 0.9 + new",
            "new": {"value": 50, "growth": "6%"},
            "won": "sum(where(period == joined, new, 0), over=time)",
            "active": "where(period >= joined, won * 0.9 ** max(period - joined, 0), 0)",
            "by_month": "sum(active, over=cohort)",
            "joined": {"value": {label: c for c, label in enumerate(cohorts)}},
        },
        periods=12,
        dimensions={"cohort": cohorts},
    )
    t = np.arange(1, 13)
    assert_close(said["won"], 50 * 1.06 ** np.arange(12))
    assert_close(said["stock"], 50 * (1.06**t - 0.9**t) / (1.06 - 0.9))
    assert_close(said["by_month"], said["stock"])
