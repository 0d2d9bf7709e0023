"""Every row against another implementation: quantiles and shares in both tails, means, medians, supports."""

from __future__ import annotations

import itertools
import math
import pickle
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leverage.tree import metalog, uncertainty
from leverage.tree.uncertainty import DISTRIBUTIONS, Distribution, Past

PAST = (1.0, 1, 2, 2, 2, 2, 2, 5, 5, 5)


def read(text: str) -> Distribution:
    """The distribution, of a model that has ten figures recorded."""
    return uncertainty.read(text, past=lambda id: Past(id, PAST))


SMALL = np.array([1e-12, 1e-9, 1e-6, 1e-3, 0.01, 0.1, 0.25, 0.4])


class Mirrored:
    """A scipy distribution whose upper tail is 1 - cdf there, with that tail taken from its mirror image instead."""

    def __init__(self, law: Any, image: Any, ends: float) -> None:
        self.law, self.image, self.ends = law, image, ends

    def __getattr__(self, name: str) -> Any:
        return getattr(self.law, name)

    def isf(self, q: Any) -> Any:
        return self.ends - self.image.ppf(q)

    def sf(self, x: Any) -> Any:
        return self.image.cdf(self.ends - x)


PERT = (1 + 4 * 1 / 4, 1 + 4 * 3 / 4)
SMOOTH: dict[str, Any] = {
    "normal(68, 9)": stats.norm(68, 9),
    "normal(-2, sd=1M)": stats.norm(-2, 1e6),
    "lognormal(mu=1, sigma=0.5)": stats.lognorm(0.5, scale=math.e),
    "lognormal(mean=68, sd=9)": stats.lognorm(
        math.sqrt(math.log1p((9 / 68) ** 2)), scale=68 / math.sqrt(1 + (9 / 68) ** 2)
    ),
    "uniform(-1, 3)": stats.uniform(-1, 4),
    "triangular(0, 3, 4)": Mirrored(stats.triang(0.75, 0, 4), stats.triang(0.25, 0, 4), 4),
    "triangular(-2, -2, 4)": Mirrored(stats.triang(0, -2, 6), stats.triang(1, -2, 6), 2),
    "triangular(-2, 4, 4)": Mirrored(stats.triang(1, -2, 6), stats.triang(0, -2, 6), 2),
    "pert(0, 1, 4)": stats.beta(*PERT, 0, 4),
    "pert(10, 11, 14)": stats.beta(*PERT, 10, 4),
    "beta(2, 5)": stats.beta(2, 5),
    "beta(0.8, 3, low=-3, high=8)": stats.beta(0.8, 3, -3, 11),
    "gamma(2.4, 3)": stats.gamma(2.4, scale=3),
    "gamma(0.3, 10)": stats.gamma(0.3, scale=10),
    "weibull(1.5, 2)": stats.weibull_min(1.5, scale=2),
    "weibull(0.7, 2)": stats.weibull_min(0.7, scale=2),
    "exponential(3)": stats.expon(scale=3),
    "student_t(4)": stats.t(4),
    "student_t(1.5, loc=3, scale=2)": stats.t(1.5, 3, 2),
    "cauchy(1, 2)": stats.cauchy(1, 2),
    "arcsine(0, 1)": Mirrored(stats.arcsine(), stats.arcsine(), 1),
    "arcsine(5, 9)": Mirrored(stats.arcsine(5, 4), stats.arcsine(5, 4), 14),
    "gumbel(1, 2)": stats.gumbel_r(1, 2),
}
DISCRETE: dict[str, Any] = {
    "poisson(3.5)": stats.poisson(3.5),
    "poisson(0.01)": stats.poisson(0.01),
    "poisson(120k)": stats.poisson(120_000),
    "binomial(10, 30%)": stats.binom(10, 0.3),
    "binomial(20k, 2.4%)": stats.binom(20_000, 0.024),
    "bernoulli(30%)": stats.bernoulli(0.3),
    "bernoulli(0.8)": stats.bernoulli(0.8),
    "discrete([1, 5, 2], [20%, 30%, 50%])": stats.rv_discrete(values=([1, 2, 5], [0.2, 0.5, 0.3])),
    "history(visits)": stats.rv_discrete(values=([1, 2, 5], [0.2, 0.5, 0.3])),
}
METALOGS = (
    "quantiles(p10=1, p50=2, p90=4)",
    "quantiles(p10=1, p50=2, p90=4, low=0)",
    "quantiles(p10=1, p50=2, p90=4, high=9)",
    "quantiles(p10=1.9%, p50=2.4%, p90=3.1%, low=0, high=1)",
    "quantiles(p10=1, p25=1.5, p50=2.2, p75=3, p90=4)",
)
PARTS = (
    "truncated(normal(68, 9), low=60)",
    "truncated(lognormal(mean=68, sd=9), low=50, high=80)",
    "truncated(gamma(2, 3), high=1%)",
    "truncated(quantiles(p10=1, p50=2, p90=4), low=0)",
)


def scale(oracle: Any) -> float:
    """The size of what is added when a level is put together from a place and a width: its rounding is all it has."""
    return float(abs(oracle.median()) + oracle.ppf(0.9) - oracle.ppf(0.1))


def test_every_family_has_a_problem_with_a_known_answer() -> None:
    texts = (*SMOOTH, *DISCRETE, *METALOGS, *PARTS)
    assert set(DISTRIBUTIONS) == {text.partition("(")[0] for text in texts}


def test_the_families_are_those_of_the_model_format() -> None:
    named = """normal lognormal uniform triangular pert beta gamma weibull exponential student_t cauchy arcsine gumbel
    poisson binomial bernoulli discrete quantiles truncated history"""
    assert set(DISTRIBUTIONS) == set(named.split())
    assert all(row.name == name for name, row in DISTRIBUTIONS.items())


@pytest.mark.parametrize("text", SMOOTH)
def test_quantiles_agree_in_both_tails(text: str) -> None:
    """To 1e-12 of the level, or, where it is a small difference of larger figures, to 8 roundings of those."""
    oracle, distribution = SMOOTH[text], read(text)
    slack = 8 * np.finfo(float).eps * scale(oracle)
    np.testing.assert_allclose(distribution.quantile(SMALL), oracle.ppf(SMALL), rtol=1e-12, atol=slack)
    upper = distribution.quantile(1 - SMALL, above=SMALL)
    np.testing.assert_allclose(upper, oracle.isf(SMALL), rtol=1e-12, atol=slack)


@pytest.mark.parametrize("text", SMOOTH)
def test_shares_agree_in_both_tails(text: str) -> None:
    """Both sides compute from the same float x, so only their own roundings differ: 1e-11 of a share down to 1e-12."""
    oracle, distribution = SMOOTH[text], read(text)
    x = np.concatenate([oracle.ppf(SMALL[2:]), oracle.isf(SMALL[2:])])
    below, above = distribution.shares(x)
    np.testing.assert_allclose(below, oracle.cdf(x), rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(above, oracle.sf(x), rtol=1e-11, atol=1e-15)
    np.testing.assert_array_equal(distribution.cdf(x), below)


@pytest.mark.parametrize("text", DISCRETE)
def test_discrete_quantiles_are_the_smallest_levels_that_reach_p(text: str) -> None:
    oracle, distribution = DISCRETE[text], read(text)
    p = np.concatenate([SMALL, 1 - SMALL, np.linspace(0.001, 0.999, 997)])
    x = distribution.quantile(p)
    np.testing.assert_array_equal(x, oracle.ppf(p))
    assert np.all(distribution.cdf(x) >= p - 1e-15)
    assert np.all(distribution.cdf(np.nextafter(x, -np.inf)) < p)


@pytest.mark.parametrize("text", DISCRETE)
def test_discrete_shares_agree(text: str) -> None:
    oracle, distribution = DISCRETE[text], read(text)
    x = np.concatenate([np.arange(-1.0, 30.0), oracle.ppf(SMALL), oracle.isf(SMALL), oracle.ppf(SMALL) + 0.5])
    below, above = distribution.shares(x)
    np.testing.assert_allclose(below, oracle.cdf(x), rtol=1e-11, atol=1e-300)
    # where one weight carries nearly all, the oracle's share above is a difference of two near 1
    np.testing.assert_allclose(above, oracle.sf(x), rtol=1e-11, atol=1e-15)
    assert distribution.discrete


STEPS = [*DISCRETE, "truncated(poisson(3), low=2, high=6)", "truncated(history(visits), high=2)"]


@pytest.mark.parametrize("text", STEPS)
def test_a_discrete_quantile_steps_exactly_where_the_share_of_a_level_ends(text: str) -> None:
    """At the share at or below a level it is that level, and one float further the next; likewise from above."""
    distribution = read(text)
    levels, below, above = (part[:-1] for part in distribution.atoms())
    following = distribution.atoms()[0][1:]
    lower = (below > 1e-300) & (above > 1e-7) & (np.diff(below, prepend=0.0) > 1e-15)
    np.testing.assert_array_equal(distribution.quantile(below[lower]), levels[lower])
    np.testing.assert_array_equal(distribution.quantile(np.nextafter(below[lower], 1)), following[lower])
    upper = (above < 1e-9) & (above > 1e-80)
    np.testing.assert_array_equal(distribution.quantile(1 - above[upper], above=above[upper]), levels[upper])
    further = np.nextafter(above[upper], 0)
    np.testing.assert_array_equal(distribution.quantile(1 - further, above=further), following[upper])


@pytest.mark.parametrize("mean", [0.01, 3.5, 120_000])
def test_the_shares_of_a_poisson_level_have_their_digits_in_both_tails(mean: float) -> None:
    """The incomplete gamma function at 40 digits, down to shares of 1e-80."""
    distribution = read(f"poisson({mean})")
    sd = math.sqrt(mean)
    k = np.unique(np.maximum(0, np.round(mean + sd * np.linspace(-18, 18, 13)))) + (30.0 if mean < 10 else 0.0)
    below, above = distribution.shares(k)
    with mpmath.workdps(40):
        for level, low, high in zip(k.tolist(), below.tolist(), above.tolist(), strict=True):
            upper = mpmath.gammainc(level + 1, mean, mpmath.inf, regularized=True)
            if mpmath.mpf("1e-80") < upper:
                assert low == pytest.approx(float(upper), rel=1e-11)
            if mpmath.mpf("1e-80") < 1 - upper:
                assert high == pytest.approx(float(1 - upper), rel=1e-11)


def test_the_shares_of_a_binomial_level_have_their_digits_in_both_tails() -> None:
    """Sums of its weights as exact fractions."""
    n, chance = 60, Fraction(3, 10)
    weights = [math.comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(n + 1)]
    below, above = read("binomial(60, 30%)").shares(np.arange(n + 1.0))
    exact = list(itertools.accumulate(weights))
    # 0.3 is no float: what it errs by, n times over in the far tail, is 60 * 1e-16
    np.testing.assert_allclose(below, [float(share) for share in exact], rtol=1e-12)
    np.testing.assert_allclose(above, [float(1 - share) for share in exact], rtol=1e-12)


@pytest.mark.parametrize("text", [*SMOOTH, *METALOGS, *PARTS])
def test_a_level_is_found_again_from_its_shares(text: str) -> None:
    """A rounding of a share e = 2.2e-16 moves the level by e * share / density: a few e times the width inside."""
    distribution = read(text)
    p = np.concatenate([SMALL[3:], 1 - SMALL[3:]])
    x = distribution.quantile(p)
    again = distribution.quantile(*distribution.shares(x))
    np.testing.assert_allclose(again, x, rtol=1e-11, atol=1e-12)
    assert not distribution.discrete


@pytest.mark.parametrize("text", DISCRETE)
def test_a_discrete_level_is_found_again_from_its_share(text: str) -> None:
    distribution = read(text)
    levels, below, _ = distribution.atoms()
    chosen = (below > 1e-12) & (below < 1 - 1e-8) & (np.diff(below, prepend=0.0) > 1e-15)
    np.testing.assert_array_equal(distribution.quantile(distribution.cdf(levels[chosen])), levels[chosen])


@pytest.mark.parametrize("text", [*SMOOTH, *DISCRETE])
def test_means_agree(text: str) -> None:
    oracle, found = (SMOOTH | DISCRETE)[text], read(text).mean
    if "cauchy" in text:
        assert found is None
    else:
        assert found == pytest.approx(float(oracle.mean()), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("text", ["student_t(1)", "student_t(0.5)", "weibull(0.001, 1)", "lognormal(mu=700, sigma=9)"])
def test_a_mean_that_is_infinite_or_undefined_is_none(text: str) -> None:
    assert read(text).mean is None


@pytest.mark.parametrize("text", [*METALOGS, *PARTS])
def test_means_agree_with_the_integral_of_the_quantile_function(text: str) -> None:
    """mpmath's tanh-sinh rule, on our own quantiles: an integral of floats, good to 1e-9."""
    distribution = read(text)

    def level(p: Any, q: Any) -> Any:
        return mpmath.mpf(float(distribution.quantile(np.array(float(p)), above=np.array(float(q)))))

    lower = mpmath.quad(lambda p: level(p, 1 - p), [0, 0.01, 0.5])
    upper = mpmath.quad(lambda q: level(1 - q, q), [0, 0.01, 0.5])
    assert distribution.mean == pytest.approx(float(lower + upper), rel=1e-9)


@pytest.mark.parametrize("text", [*SMOOTH, *DISCRETE])
def test_variances_agree(text: str) -> None:
    """SciPy's Weibull subtracts squares, which costs it three digits."""
    oracle = (SMOOTH | DISCRETE)[text]
    assert read(text).variance == pytest.approx(float(oracle.var()), rel=1e-12, nan_ok=True)


def exactly(family: str, *given: float) -> mpmath.mpf:
    """The variance at 60 digits, by its textbook formula."""
    a, b = (mpmath.mpf(figure) for figure in given)
    moments = {"weibull": [mpmath.gamma(1 + k / a) * b**k for k in (1, 2)]}
    moments["lognormal"] = [mpmath.exp(k * a + (k * b) ** 2 / 2) for k in (1, 2)]
    first, second = moments[family]
    return second - first**2


@pytest.mark.parametrize(
    ("family", "given"),
    [
        *(("weibull", (shape, 2.0)) for shape in (0.05, 0.7, 4.9, 5.1, 300.0, 1e6)),
        *(("lognormal", (mu, sigma)) for mu, sigma in ((1, 1e-6), (-3, 0.99), (-3, 1.01), (2, 9), (-300, 17))),
    ],
)
def test_a_variance_that_is_a_small_difference_has_its_digits(family: str, given: tuple[float, float]) -> None:
    names = ("shape", "scale") if family == "weibull" else ("mu", "sigma")
    text = f"{family}({', '.join(f'{name}={figure!r}' for name, figure in zip(names, given, strict=True))})"
    with mpmath.workdps(60):
        exact = float(exactly(family, *given))
    # lgamma of a sum has the digits of what is added, 1e-15; exp those of its argument, here up to 1e-14
    assert read(text).variance == pytest.approx(exact, rel=2e-13)


HEAVY = {
    "cauchy(1, 2)": math.nan,
    "student_t(0.5)": math.nan,
    "student_t(1)": math.nan,
    "student_t(1.0001)": math.inf,
    "student_t(2)": math.inf,
    "lognormal(mu=700, sigma=9)": math.inf,  # past what floats hold
    "weibull(0.01, 2)": math.inf,
    "truncated(cauchy(0, 1), low=0)": math.inf,
    "truncated(student_t(1.5), low=0)": math.inf,
    "truncated(student_t(2), high=0)": math.inf,
    "quantiles(p10=1, p50=10, p90=100, low=0)": math.inf,  # slope of log x at the end of its line: above 1
    "quantiles(p10=1, p50=4, p90=16, low=0)": math.inf,  # 0.63: there is a mean, and no variance
}


@pytest.mark.parametrize("text", HEAVY)
def test_a_variance_is_infinite_where_a_tail_is_too_heavy_and_undefined_without_a_mean(text: str) -> None:
    assert read(text).variance == pytest.approx(HEAVY[text], nan_ok=True)


@pytest.mark.parametrize(
    "text", [*METALOGS, *PARTS, "quantiles(p10=1, p50=2, p90=4, low=0, high=9)", "truncated(poisson(3), low=2, high=6)"]
)
def test_variances_agree_with_the_integral_of_the_quantile_function(text: str) -> None:
    """mpmath's rule on our own quantiles, in the fourth root of the share, which takes the ends' steepness away.

    An integral of floats, good to 1e-8; of levels a sum.
    """
    distribution = read(text)
    centre = distribution.mean
    assert centre is not None
    if distribution.discrete:
        levels, below, _ = distribution.atoms()
        expected = float(np.sum((levels - centre) ** 2 * np.diff(below, prepend=0.0)))
    else:

        def square(p: Any, q: Any) -> Any:
            x = float(distribution.quantile(np.array(float(p)), above=np.array(float(q))))
            return mpmath.mpf(x - centre) ** 2

        def both(root: Any) -> Any:
            small = root**4
            return 4 * root**3 * (square(small, 1 - small) + square(1 - small, small))

        expected = float(mpmath.quad(both, [0, 0.1, 0.3, mpmath.root(0.5, 4)]))
    assert distribution.variance == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("slope", [0.01, 0.3, 0.49])
def test_the_variance_with_one_bound_is_that_of_the_loglogistic(slope: float) -> None:
    """Two terms and a lower bound: a mean of pi s / sin(pi s), a second moment of 2 pi s / sin(2 pi s)."""
    a, angle = np.array([math.log(2), slope, 0.0]), math.pi * slope
    expected = 4 * (2 * angle / math.sin(2 * angle) - (angle / math.sin(angle)) ** 2)
    # for a small slope a difference of figures near 1, which is all that this formula's digits say
    assert metalog.variance(a, 0.0, math.inf) == pytest.approx(expected, rel=1e-11, abs=1e-14)
    mirrored = metalog.variance(a * [-1, 1, 1], -math.inf, 9.0)
    assert mirrored == pytest.approx(expected, rel=1e-11, abs=1e-14)


def test_a_part_of_a_distribution_without_variance_has_one_when_both_ends_are_cut() -> None:
    """The integral of x^2 / (1 + x^2) from 0 to 10 is 10 - atan(10)."""
    share = math.atan(10)
    expected = (10 - share) / share - (math.log(101) / 2 / share) ** 2
    assert read("truncated(cauchy(0, 1), low=0, high=10)").variance == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("high", [1e4, 2e9])
def test_a_bound_far_out_in_a_heavy_tail_is_seen_by_mean_and_variance(high: float) -> None:
    """Of x^2 / (1 + x^2) up to 2e9 nearly all lies in a share of 1e-9 of the draws."""
    share = math.atan(high)
    mean = math.log1p(high * high) / 2 / share
    part = read(f"truncated(cauchy(0, 1), low=0, high={high!r})")
    assert part.mean == pytest.approx(mean, rel=1e-9)
    assert part.variance == pytest.approx((high - share) / share - mean**2, rel=1e-9)


@pytest.mark.parametrize("text", ["lognormal(mu=700, sigma=9)", "student_t(1.5)", "normal(0, 1e200)"])
def test_a_variance_past_floats_is_infinite_without_a_warning(text: str) -> None:
    assert read(text).variance == math.inf


@pytest.mark.parametrize("text", [*SMOOTH, *DISCRETE, *METALOGS, *PARTS])
def test_the_median_is_the_middle_quantile(text: str) -> None:
    distribution = read(text)
    assert distribution.median == pytest.approx(float(distribution.quantile(np.array(0.5))), rel=1e-12, abs=1e-12)
    if text in SMOOTH:
        assert distribution.median == pytest.approx(float(SMOOTH[text].median()), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    "text", [*SMOOTH, *(text for text in DISCRETE if "discrete" not in text and "history" not in text)]
)
def test_supports_agree(text: str) -> None:
    assert read(text).support == (SMOOTH | DISCRETE)[text].support()


def test_a_part_keeps_the_law_of_the_whole_between_its_bounds() -> None:
    part, oracle = read("truncated(normal(68, 9), low=60, high=90)"), stats.truncnorm(-8 / 9, 22 / 9, 68, 9)
    p = np.linspace(0.001, 0.999, 99)
    np.testing.assert_allclose(part.quantile(p), oracle.ppf(p), rtol=1e-12)
    x = np.linspace(55, 95, 41)
    np.testing.assert_allclose(part.cdf(x), oracle.cdf(x), rtol=1e-11, atol=1e-15)
    assert part.support == (60, 90)
    assert part.mean == pytest.approx(float(oracle.mean()), rel=1e-9)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_part_of_a_far_tail_has_all_its_digits(sign: int) -> None:
    """Beyond 8 standard deviations a share above is 6e-16: as 1 - p it would have one digit."""
    part = read("truncated(normal(0, 1), low=8)" if sign > 0 else "truncated(normal(0, 1), high=-8)")
    with mpmath.workdps(40):
        tail = mpmath.ncdf(-8)
        for p in (0.01, 0.5, 0.99):
            x = mpmath.mpf(float(part.quantile(np.array(p if sign > 0 else 1 - p)))) * sign
            assert float(mpmath.ncdf(-x) / tail) == pytest.approx(1 - p, rel=1e-12)
        beyond = float(mpmath.ncdf(-mpmath.mpf(8.1)) / tail)
    below, above = part.shares(np.array(sign * 8.1))
    assert float(above if sign > 0 else below) == pytest.approx(beyond, rel=1e-12)


def test_a_part_of_a_discrete_distribution_keeps_the_levels_on_its_bounds() -> None:
    part, weights = read("truncated(poisson(3), low=2, high=6)"), stats.poisson(3).pmf(np.arange(2, 7))
    weights = weights / weights.sum()
    np.testing.assert_allclose(part.cdf(np.arange(1.0, 8.0)), [0, *np.cumsum(weights), 1], rtol=1e-13)
    p = np.concatenate([[1e-9], np.cumsum(weights)[:-1] - 1e-9, np.cumsum(weights)[:-1] + 1e-9])
    np.testing.assert_array_equal(part.quantile(p), [2, 2, 3, 4, 5, 3, 4, 5, 6])
    assert part.mean == pytest.approx(float(weights @ np.arange(2, 7)), rel=1e-13)
    assert part.discrete
    assert read("truncated(truncated(poisson(3), low=2), high=6)").mean == pytest.approx(part.mean, rel=1e-13)


def test_a_part_of_a_distribution_without_mean_has_one_when_both_ends_are_cut() -> None:
    assert read("truncated(cauchy(0, 1), low=0)").mean is None
    # the integral of x / (1 + x^2) from 0 to 10, over the angle
    expected = math.log(101) / 2 / math.atan(10)
    assert read("truncated(cauchy(0, 1), low=0, high=10)").mean == pytest.approx(expected, rel=1e-9)


POSITIVE = st.floats(0.5, 50)
LOCATION = st.floats(-100, 100)
ENDS = st.tuples(LOCATION, st.floats(0.1, 100), st.floats(0, 1))
SHAPES = {
    "normal": st.tuples(LOCATION, POSITIVE).map(lambda v: "normal({!r}, {!r})".format(*v)),
    "lognormal": st.tuples(POSITIVE, POSITIVE).map(lambda v: "lognormal({!r}, {!r})".format(*v)),
    "uniform": ENDS.map(lambda v: f"uniform({v[0]!r}, {v[0] + v[1]!r})"),
    "triangular": ENDS.map(
        lambda v: f"triangular({v[0]!r}, {min(v[0] + v[1] * v[2], v[0] + v[1])!r}, {v[0] + v[1]!r})"
    ),
    "pert": ENDS.map(lambda v: f"pert({v[0]!r}, {min(v[0] + v[1] * v[2], v[0] + v[1])!r}, {v[0] + v[1]!r})"),
    "beta": st.tuples(POSITIVE, POSITIVE).map(lambda v: "beta({!r}, {!r})".format(*v)),
    "gamma": st.tuples(POSITIVE, POSITIVE).map(lambda v: "gamma({!r}, {!r})".format(*v)),
    "weibull": st.tuples(POSITIVE, POSITIVE).map(lambda v: "weibull({!r}, {!r})".format(*v)),
    "exponential": POSITIVE.map(lambda v: f"exponential({v!r})"),
    "student_t": POSITIVE.map(lambda v: f"student_t({v!r})"),
    "cauchy": st.tuples(LOCATION, POSITIVE).map(lambda v: "cauchy({!r}, {!r})".format(*v)),
    "arcsine": ENDS.map(lambda v: f"arcsine({v[0]!r}, {v[0] + v[1]!r})"),
    "gumbel": st.tuples(LOCATION, POSITIVE).map(lambda v: "gumbel({!r}, {!r})".format(*v)),
    "poisson": POSITIVE.map(lambda v: f"poisson({v!r})"),
    "binomial": st.tuples(st.integers(1, 500), st.floats(0, 1)).map(lambda v: f"binomial({v[0]}, {v[1]!r})"),
    "bernoulli": st.floats(0, 1).map(lambda v: f"bernoulli({v!r})"),
    "discrete": st.lists(st.tuples(LOCATION, POSITIVE), min_size=1, max_size=6).map(
        lambda v: f"discrete({[a for a, _ in v]}, {[b for _, b in v]})"
    ),
    "quantiles": st.tuples(LOCATION, POSITIVE, st.floats(0.2, 0.8)).map(
        lambda v: f"quantiles(p10={v[0]!r}, p50={v[0] + v[1] * v[2]!r}, p90={v[0] + v[1]!r})"
    ),
}
SHAPES["truncated"] = st.tuples(LOCATION, POSITIVE).map(
    lambda v: f"truncated(normal({v[0]!r}, {v[1]!r}), low={v[0] - v[1]!r}, high={v[0] + 2 * v[1]!r})"
)


@pytest.mark.parametrize("family", [name for name in DISTRIBUTIONS if name != "history"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_quantiles_rise_within_the_support(family: str, data: st.DataObject) -> None:
    """For any parameters; two levels may differ by their rounding only where they are equal to the last digits."""
    distribution = read(data.draw(SHAPES[family]))
    p = np.concatenate([SMALL, np.linspace(0.41, 0.59, 19), 1 - SMALL[::-1]])
    x = distribution.quantile(p)
    low, high = distribution.support
    assert np.all(np.diff(x) >= -4 * np.finfo(float).eps * np.abs(x[1:]))
    assert np.all((x >= low) & (x <= high))
    below, above = distribution.shares(x)
    np.testing.assert_allclose(below + above, 1, atol=1e-12)
    if distribution.discrete:
        assert np.all(below >= p - 1e-12)
    else:
        np.testing.assert_allclose(distribution.quantile(below, above), x, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("text", [*SMOOTH, *DISCRETE, *METALOGS, *PARTS])
def test_a_distribution_is_plain_data(text: str) -> None:
    distribution = read(text)
    again: Distribution = pickle.loads(pickle.dumps(distribution))
    assert again == distribution
    assert hash(again) == hash(distribution)
    assert again.text == text
    assert again.parameters == dict(distribution.given)


@pytest.mark.parametrize("text", [*SMOOTH, *DISCRETE, *METALOGS, *PARTS])
def test_shapes_are_kept_and_draws_do_not_depend_on_their_neighbours(text: str) -> None:
    distribution, p = read(text), np.random.default_rng(5).random((3, 257))
    x = distribution.quantile(p)
    assert x.shape == distribution.cdf(x).shape == p.shape
    np.testing.assert_array_equal(distribution.quantile(p[1, 3:10]), x[1, 3:10])
    np.testing.assert_array_equal(distribution.quantile(p[2, 5]), x[2, 5])
    assert distribution.quantile(p[:0]).shape == (0, 257)


def test_a_symmetric_beta_rises_through_its_middle() -> None:
    """SciPy's inverse gives 0.5 + 2.5e-9 at a share of 0.5 - 3e-16."""
    p = 0.5 + np.array([-3e-9, -2.8e-16, 0.0, 2.8e-16, 3e-9])
    x = read("beta(0.6640625, 0.6640625)").quantile(p)
    np.testing.assert_allclose(x, 0.5 + (p - 0.5) * 1.2969, rtol=0, atol=1e-12)
