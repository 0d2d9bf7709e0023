"""Tables against the exact quantile functions they stand for, over families and grids of parameters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from leverage.sampling.cells import ERROR, ONE_SD, edges, table
from leverage.sampling.table import DIGITS, FINE, REACH, Spare, shares
from leverage.tree.uncertainty import read

SHAPES = (0.5, 1, 1.7, 2, 3, 5, 12, 60, 400)
TABLED = (
    *(f"beta({a}, {b})" for a in SHAPES for b in SHAPES),
    *(f"pert(80, {80 + 50 * part}, 130)" for part in (0, 0.01, 0.2, 0.5, 0.9, 1)),
    *(f"gamma({a}, 3)" for a in (0.3, *SHAPES, 1e4)),
    *(f"weibull({a}, 2)" for a in (0.3, 0.7, 1, 1.5, 3.4, 8, 40)),
    *(f"student_t({df}, loc=3, scale=2)" for df in (0.5, 1, 1.2, 1.5, 2, 3, 10, 100, 1e6)),
    "normal(0, 1)",
    "normal(1M, 1)",
    "normal(-3, 1e-9)",
    *(f"lognormal(mu=0, sigma={sigma})" for sigma in (0.01, 0.5, 1, 2, 5)),
    "cauchy(1, 2)",
    "arcsine(5, 9)",
    "uniform(0, 1)",
    "exponential(3)",
    "gumbel(1, 2)",
    "quantiles(p10=1, p50=2, p90=4)",
    "quantiles(p10=1, p50=2, p90=4, low=0)",
    "quantiles(p10=1, p50=2, p90=4, high=9)",
    "quantiles(p10=1.9%, p50=2.4%, p90=3.1%, low=0, high=1)",
    "quantiles(p10=1, p25=1.5, p50=2.2, p75=3, p90=4)",
    "truncated(normal(68, 9), low=60)",
    "truncated(normal(68, 9), low=67, high=70)",
    "truncated(normal(0, 1), low=8)",
    "truncated(lognormal(mean=68, sd=9), low=50, high=80)",
    "truncated(gamma(2, 3), high=1%)",
)


def odds(seed=0):
    """Odds at both ends of every fine cell, and 20,000 of any, out to shares of 1e-15."""
    starts = edges(FINE)
    some = np.exp2(np.random.default_rng(seed).uniform(-50, 50, 20_000))
    return np.concatenate((starts, np.nextafter(starts, 0), np.sqrt(starts[1:] * starts[:-1]), some))


def missed(made, exact, r):
    """How far the table is from the exact levels: in sd, or where it is more, in distances to the median."""
    points = r / (1 + r)
    wanted = exact(*shares(points / (1 - points)))
    made.draw(points, Spare.of(len(points)))
    below, median, above = exact(*(np.array(each) for each in ([ONE_SD, 0.5, 1 - ONE_SD], [1 - ONE_SD, 0.5, ONE_SD])))
    return np.abs(points - wanted) / np.maximum((above - below) / 2, np.abs(wanted - median))


@pytest.mark.parametrize("text", TABLED)
def test_a_table_is_within_its_error_everywhere(text):
    """Beside the table's own error stand 8 roundings of a level that is large against its spread."""
    leaf = read(text)
    made = table(leaf.quantile)
    assert made is not None
    below, above = leaf.quantile(np.array([ONE_SD, 1 - ONE_SD]))
    rounding = 8 * np.finfo(float).eps * abs(leaf.median) / ((above - below) / 2)
    assert missed(made, leaf.quantile, odds()).max() <= ERROR + rounding


@pytest.mark.parametrize("text", ["normal(0, 1)", "lognormal(mu=0, sigma=1)", "beta(2, 5)", "gamma(2, 3)"])
def test_most_tables_have_128_cells_an_octave_and_half_the_error(text):
    made = table(read(text).quantile)
    assert made.digits == DIGITS
    assert len(made.level) == 2 * REACH * 128
    assert missed(made, read(text).quantile, odds(1)).max() <= ERROR / 2


@settings(max_examples=20, deadline=None)
@given(st.floats(0.05, 1e4), st.floats(0.05, 1e4))
def test_a_beta_of_any_shape_has_a_good_table_or_none(alpha, beta):
    exact = read(f"beta({alpha!r}, {beta!r})").quantile
    made = table(exact)
    if made is not None:
        rounding = 64 * np.finfo(float).eps * np.sqrt(max(alpha, beta))  # an sd is about its root of the mean
        assert missed(made, exact, odds()[::7]).max() <= 2 * ERROR + rounding


@pytest.mark.parametrize("kink", np.exp2(np.linspace(-11.9, 11.9, 50)).tolist())
def test_a_kink_anywhere_leaves_no_table(kink):
    """Two exponential tails of different width that meet at some odds, but not where two polynomials do."""
    at = np.log(kink)
    assert table(lambda p, q: np.where(np.log(p / q) < at, 1.0, 1.5) * (np.log(p / q) - at)) is None


@pytest.mark.parametrize("text", ["triangular(0, 1, 3)", "poisson(3)", "lognormal(mu=0, sigma=100)"])
def test_what_no_parabola_follows_has_no_table(text):
    assert table(read(text).quantile) is None


def test_shares_below_one_in_a_million_go_to_the_exact_function():
    exact = read("gamma(2.4, 3)").quantile
    small = np.array([1e-7, 1e-10, 2.0**-53, 2.0**-54])
    points = np.concatenate((small, 1 - small[:-1]))
    found = points.copy()
    table(exact).draw(found, Spare.of(len(found)))
    assert found == pytest.approx(exact(points), rel=1e-13)


def test_a_point_of_0_counts_as_the_least_one():
    found = np.zeros(2)
    table(ndtri_of).draw(found, Spare.of(2))
    assert found == pytest.approx(ndtri([2.0**-54] * 2), rel=1e-14)


def ndtri_of(p, q):
    return np.where(p > q, -ndtri(q), ndtri(p))


def test_a_table_rises_within_its_support():
    for text in ("beta(0.5, 0.5)", "pert(0, 0, 4)", "gamma(0.3, 1)", "beta(400, 0.5)", "beta(0.2, 3, low=5, high=6)"):
        leaf, r = read(text), np.sort(odds())
        levels = r / (1 + r)
        table(leaf.quantile).draw(levels, Spare.of(len(levels)))
        low, high = leaf.support
        assert low <= levels.min() < levels.max() <= high
        assert np.diff(levels).min() >= -ERROR * np.ptp(leaf.quantile(np.array([0.16, 0.84])))
