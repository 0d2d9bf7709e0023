"""The metalog against its paper's closed forms, and its refusals against the bounds on what exists."""

from __future__ import annotations

import math
import re
from statistics import NormalDist

import mpmath
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from leverage.quantity import read as figure
from leverage.tree import metalog, metalog_fit
from leverage.tree.families.quantiles import through
from leverage.tree.families.unsmooth import NoSmoothDistribution, room
from leverage.tree.uncertainty import ranged, read

INF = math.inf
LEVELS = (0.1, 0.5, 0.9)
BOUNDS = {"none": (-INF, INF), "low": (0.0, INF), "high": (-INF, 9.0), "both": (0.0, 9.0)}


def coefficients(alpha: float, low: float, middle: float, high: float) -> tuple[float, float, float]:
    """Keelin 2016, the symmetric-percentile triplet: a1, a2, a3 of the unbounded metalog."""
    odds, r = math.log((1 - alpha) / alpha), (middle - low) / (high - low)
    return middle, (high - low) / odds / 2, (1 - 2 * r) * (high - low) / ((1 - 2 * alpha) * odds)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1, 0.25, 0.4])
def test_three_symmetric_quantiles_have_the_closed_form_of_the_paper(alpha: float) -> None:
    a = metalog_fit.fit((alpha, 0.5, 1 - alpha), np.array([3.0, 5.0, 7.5]))
    assert a is not None
    np.testing.assert_allclose(a, coefficients(alpha, 3, 5, 7.5), rtol=1e-13)


def test_three_quantiles_with_a_lower_bound_have_the_closed_form_of_the_paper() -> None:
    given = through(LEVELS, (3.0, 5.0, 8.0), low=1.0)
    expected = coefficients(0.1, math.log(2), math.log(4), math.log(7))
    np.testing.assert_allclose(given["coefficients"], expected, rtol=1e-12)


def test_three_quantiles_with_two_bounds_have_the_closed_form_of_the_paper() -> None:
    given = through(LEVELS, (3.0, 5.0, 8.0), low=1.0, high=11.0)
    expected = coefficients(0.1, *(math.log((x - 1) / (11 - x)) for x in (3, 5, 8)))
    np.testing.assert_allclose(given["coefficients"], expected, rtol=1e-12)


@pytest.mark.parametrize(("low", "high"), BOUNDS.values(), ids=BOUNDS)
@pytest.mark.parametrize(
    "figures",
    [{10: 1, 50: 2, 90: 4}, {5: 1, 30: 2, 80: 4}, {5: 1, 25: 2, 50: 3, 75: 4, 95: 6}, {5: 1, 40: 2.6, 60: 3.4, 95: 5}],
)
def test_it_passes_through_its_quantiles(figures: dict[int, float], low: float, high: float) -> None:
    ends = (f", low={low}" if low > -INF else "") + (f", high={high}" if high < INF else "")
    distribution = read(f"quantiles({', '.join(f'p{p:02d}={x}' for p, x in figures.items())}{ends})")
    p, x = np.array(list(figures)) / 100, np.array(list(figures.values()), dtype=float)
    np.testing.assert_allclose(distribution.quantile(p), x, rtol=1e-13)
    np.testing.assert_allclose(distribution.cdf(x), p, rtol=1e-12)
    assert distribution.support == (low, high)


def test_the_value_of_a_range_is_the_median_to_the_last_digit() -> None:
    assert ranged(0.019, 0.024, 0.031, percent=True).median == 0.024
    assert read("quantiles(p10=1, p50=2.2, p90=4, low=0)").median == 2.2


def test_terms_stand_in_the_order_of_the_paper() -> None:
    """M of ten terms, each as its equation 6 writes it, at 40 digits."""
    a = np.array([0.3, 2.0, 0.4, -0.5, 0.6, 0.7, -0.8, 0.9, 1.1, -0.4])
    for p in (1e-9, 0.03, 0.4, 0.77, 1 - 1e-9):
        with mpmath.workdps(40):
            y = mpmath.mpf(p)
            c, t = y - mpmath.mpf(1) / 2, mpmath.log(y / (1 - y))
            terms = [1, t, c * t, c, c**2, c**2 * t, c**3, c**3 * t, c**4, c**4 * t]
            expected = float(mpmath.fsum(mpmath.mpf(float(k)) * term for k, term in zip(a, terms, strict=True)))
        found = metalog.quantile(np.array([p]), np.array([1 - p]), a, -INF, INF)
        assert found[0] == pytest.approx(expected, rel=1e-13)


def test_the_slope_is_the_derivative() -> None:
    a, t, h = np.array([0.3, 2.0, 0.4, -0.5, 0.6, 0.7, -0.8, 0.9]), np.linspace(-9, 9, 37), 1e-5

    def curve(t: np.ndarray) -> np.ndarray:
        p = 1 / (1 + np.exp(-t))
        return metalog.quantile(p, 1 / (1 + np.exp(t)), a, -INF, INF)

    # a central difference errs by h^2 / 6 of a third derivative of size 1, and by rounding / h = 1e-10
    slope = metalog.slope_basis(np.tanh(t / 2) / 2, t, 8) @ a
    np.testing.assert_allclose(slope, (curve(t + h) - curve(t - h)) / (2 * h), atol=1e-9)


def test_the_steepest_three_terms_are_where_the_slope_first_touches_zero() -> None:
    with mpmath.workdps(30):
        y = mpmath.findroot(lambda y: (2 * y - 1) * mpmath.log(y / (1 - y)) - 2, (0.9, 0.93), solver="anderson")
        exact = 1 / ((y - 0.5) + y * (1 - y) * mpmath.log(y / (1 - y)))
    assert pytest.approx(float(exact), rel=1e-15) == metalog_fit.STEEPEST


@settings(max_examples=60, deadline=None)
@given(a2=st.floats(-1, 2), ratio=st.floats(-2, 2))
@example(a2=1.0, ratio=1.66)
@example(a2=1.0, ratio=1.67)
def test_the_grid_and_the_closed_form_agree_on_what_rises(a2: float, ratio: float) -> None:
    a = np.array([0.0, a2, ratio * a2])
    assume(abs(abs(ratio) - metalog_fit.STEEPEST) > 1e-6)
    assert metalog_fit.rises(a) == bool(np.all(metalog_fit.slopes(3) @ a > 0))


@pytest.mark.parametrize(("low", "high"), BOUNDS.values(), ids=BOUNDS)
@settings(max_examples=25, deadline=None)
@given(r=st.floats(0.001, 0.999), p=st.sampled_from([(0.1, 0.5, 0.9), (0.05, 0.5, 0.95), (0.2, 0.4, 0.7)]))
def test_what_is_refused_and_what_is_offered_are_one_border(
    low: float, high: float, r: float, p: tuple[float, float, float]
) -> None:
    """The border of the middle figure: inside it the fit exists, outside it does not."""
    ends = room(p, (1.0, 3.0, 5.0), low, high, 1)
    assert ends is not None
    middle = 1 + 4 * r
    assume(min(abs(middle - end) for end in ends) > 1e-4)
    m = metalog.open_up(np.array([1.0, middle, 5.0]), low, high)
    assert (metalog_fit.fit(p, m) is not None) == (ends[0] < middle < ends[1])


def test_the_border_of_symmetric_quantiles_is_that_of_the_paper() -> None:
    """k < r < 1 - k with k = (1 - 1.66711 (1/2 - alpha)) / 2."""
    k = (1 - 1.66711 * 0.4) / 2
    assert room(LEVELS, (0.0, 0.5, 1.0), -INF, INF, 1) == pytest.approx((k, 1 - k), abs=1e-5)


OFFER = re.compile(r"move (?:the value|p[0-9]+) to between (\S+) and (\S+)$")


@settings(max_examples=100, deadline=None)
@given(
    low=st.floats(-1e6, 1e6) | st.floats(1e-9, 1),
    spread=st.floats(1e-3, 1e6),
    r=st.floats(0.001, 0.999),
    percent=st.booleans(),
)
def test_both_ends_of_what_is_offered_are_accepted(low: float, spread: float, r: float, percent: bool) -> None:
    value, high = low + r * spread, low + spread
    assume(low < value < high)
    try:
        ranged(low, value, high, percent=percent)
    except NoSmoothDistribution as error:
        offered = OFFER.search(str(error))
        assert offered is not None
        for end in offered.groups():
            ranged(low, figure(end).value, high, percent=percent)


def test_more_quantiles_are_refused_with_a_place_for_the_one_that_stands_wrong() -> None:
    with pytest.raises(NoSmoothDistribution) as caught:
        read("quantiles(p05=1, p25=2, p50=3.9, p75=4, p95=6)")
    assert str(caught.value) == (
        "1:1: no metalog has P05 1, P25 2, P50 3.9, P75 4, P95 6: they would fold back below P09; the nearest that "
        "would not are p05=0.78, p25=2.37, p50=3.59, p75=4.12, p95=5.99, or move p50 to between 2.5 and 3.05"
    )
    for middle in (2.5, 3.05):
        read(f"quantiles(p05=1, p25=2, p50={middle}, p75=4, p95=6)")


def test_where_moving_the_middle_does_not_help_it_names_one_to_leave_out() -> None:
    with pytest.raises(NoSmoothDistribution) as caught:
        read("quantiles(p05=2.2, p10=3.4, p25=4.3, p50=4.5, p75=5.2, p90=5.3, p95=7.8)")
    assert str(caught.value) == (
        "1:1: no metalog has P05 2.2, P10 3.4, P25 4.3, P50 4.5, P75 5.2, P90 5.3, P95 7.8: they would fold back "
        "between P74 and P86; the nearest that would not are p05=2.21, p10=3.37, p25=4.3, p50=4.49, p75=5.12, "
        "p90=5.55, p95=7.73, or leave p90 out"
    )
    read("quantiles(p05=2.2, p10=3.4, p25=4.3, p50=4.5, p75=5.2, p95=7.8)")


def test_quantiles_that_no_single_change_mends_are_refused_with_the_nearest_alone() -> None:
    figures = ", ".join(f"p{10 * k}={x}" for k, x in enumerate((1, 2, 2.01, 5, 5.01, 9, 9.01, 20, 20.1), 1))
    with pytest.raises(NoSmoothDistribution, match=r"P90 20\.1: they would fold back above P87; .* p90=20\.687$"):
        read(f"quantiles({figures})")


def test_quantiles_of_which_rounding_leaves_nothing_are_refused_without_an_offer() -> None:
    steps = (1, 2, 2.01, 5, 5.01, 9, 9.01, 20, 20.1, 21, 21.1, 21.2, 30, 31, 32, 32.1, 32.2, 40, 41)
    figures = ", ".join(f"p{5 * k:02d}={x}" for k, x in enumerate(steps, 1))
    with pytest.raises(
        NoSmoothDistribution, match=r"10 more: they would fold back between P06 and P11; leave some of them out$"
    ):
        read(f"quantiles({figures})")


@pytest.mark.parametrize(
    "percents",
    [(10, 20, 30, 40, 50, 60, 70, 80, 90), (1, 5, 25, 50, 75, 95, 99), (5, 10, 25, 50, 75, 90, 95), range(5, 100, 5)],
)
def test_many_quantiles_of_a_normal_distribution_give_it_back(percents: tuple[int, ...]) -> None:
    """The fit is exact at the figures given, and between them within 0.005 of a standard deviation.

    Seven levels that mirror each other are one of the cases where the seventh term could not be told apart.
    """
    normal = NormalDist(68, 9)
    distribution = read(f"quantiles({', '.join(f'p{p:02d}={normal.inv_cdf(p / 100):.15g}' for p in percents)})")
    p = np.linspace(percents[0], percents[-1], 50) / 100
    np.testing.assert_allclose(distribution.quantile(p), [normal.inv_cdf(x) for x in p], atol=0.045)


@pytest.mark.parametrize(("low", "high"), BOUNDS.values(), ids=BOUNDS)
def test_shares_are_exact_far_into_both_tails(low: float, high: float) -> None:
    """Levels at known t = log(p / q); M errs by a few roundings of itself, and so does t by those over the slope."""
    a = np.array([0.4, 0.3, 0.1, 0.05, 0.02])
    t = np.array([-60.0, -30, -8, -1, 0, 0.5, 7, 25])
    p, q = 1 / (1 + np.exp(-t)), 1 / (1 + np.exp(t))
    below, above = metalog.shares(metalog.quantile(p, q, a, low, high), a, low, high)
    small, expected = np.where(t < 0, below, above), np.where(t < 0, p, q)
    near_bound = np.where(t < 0, low > 0, high < INF)  # there x itself has lost the digits of its distance
    np.testing.assert_allclose(small[~near_bound], expected[~near_bound], rtol=1e-12)
    np.testing.assert_allclose(np.abs(small - expected), 0, atol=1e-12)


def test_shares_beyond_the_bounds_are_none_or_all() -> None:
    distribution = read("quantiles(p10=1, p50=2, p90=4, low=0, high=9)")
    np.testing.assert_array_equal(distribution.cdf(np.array([-INF, -1, 0, 9, 10, INF])), [0, 0, 0, 1, 1, 1])


def test_the_mean_without_bounds_is_that_of_the_paper() -> None:
    """a1 + a3 / 2 + a5 / 12 for five terms: c t integrates to 1/2 and c^2 to 1/12, odd terms to 0."""
    a = np.array([3.0, 2.0, 0.5, 0.7, -0.9])
    assert metalog.mean(a, -INF, INF) == pytest.approx(3 + 0.5 / 2 - 0.9 / 12, rel=1e-13)


def test_the_mean_with_one_bound_is_that_of_the_loglogistic() -> None:
    """Two terms and a lower bound are the log-logistic: mean exp(a1) pi s / sin(pi s), heavy for s near 1."""
    for s in (0.1, 0.5, 0.9, 0.999):
        expected = 2 * math.pi * s / math.sin(math.pi * s)
        assert metalog.mean(np.array([math.log(2), s, 0.0]), 0.0, INF) == pytest.approx(expected, rel=1e-11)
        assert metalog.mean(np.array([-math.log(2), s, 0.0]), -INF, 9.0) == pytest.approx(9 - expected, rel=1e-11)
    assert metalog.mean(np.array([0.0, 1.0, 0.0]), 0.0, INF) is None
    assert metalog.mean(np.array([0.0, 1.5, 0.0]), -INF, 9.0) is None
