import math

import numpy as np
import pytest
from scipy.stats import binom, norm, t

from leverage.sampling.points import points
from leverage.sampling.summary import QUANTILES, summarise
from tests.sampling.stand_in import taken

RUNS = 200
COVERED = binom.interval(0.9973, RUNS, 0.95)  # how many of 200 intervals of 95 % hold the truth: 3 standard errors


def test_five_samples_by_hand():
    found = summarise(np.array([3.0, 1.0, 2.0, 5.0, 4.0]), quantiles=(0, 0.5, 0.9), target=4.0)
    assert (found.samples, found.not_finite, found.mean, found.min, found.max) == (5, 0, 3.0, 1.0, 5.0)
    assert found.sd == pytest.approx(math.sqrt(2.5))
    assert found.standard_error == pytest.approx(math.sqrt(0.5))
    assert found.degrees == 4
    assert found.quantiles.tolist() == [1.0, 3.0, 4.6]
    assert found.probability == 0.4
    assert found.probability_error == pytest.approx(math.sqrt(0.4 * 0.6 / 4))
    # of the median: p +- sqrt(1/4 / 5) is 0.5 +- 0.2236, whose quantiles are 3 -+ 0.8944
    assert found.quantile_errors[1] == pytest.approx(4 * math.sqrt(0.05))


def test_two_repeats_by_hand():
    """Repeats 1, 2, 3 and 10, 20, 60: means 2 and 30, medians 2 and 20, shares 0 and 2/3; half their differences."""
    found = summarise(np.array([1.0, 10, 2, 20, 3, 60]), quantiles=(0.5,), repeats=2, target=20)
    assert found.mean == 16
    assert found.standard_error == pytest.approx(14)
    assert found.degrees == 1
    assert found.quantiles.tolist() == [6.5]
    assert found.quantile_errors.tolist() == pytest.approx([9])
    assert found.probability == pytest.approx(1 / 3)
    assert found.probability_error == pytest.approx(1 / 3)


def test_less_is_better_where_the_sign_says_so():
    values = np.array([1.0, 2, 3, 4])
    assert summarise(values, target=2.0).probability == 0.75
    assert summarise(values, target=2.0, sign=-1.0).probability == 0.5
    assert summarise(values).probability is None
    assert summarise(values).probability_error is None


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_samples_that_are_not_finite_are_counted_left_out_and_misses(sign):
    values = np.array([1.0, np.nan, 2.0, np.inf, 3.0, -np.inf, 2.0, 2.0])
    found = summarise(values, quantiles=(0.5,), target=2.0, sign=sign)
    assert found.not_finite == 3
    assert (found.mean, found.min, found.max, found.quantiles[0]) == (2.0, 1.0, 3.0, 2.0)
    assert found.sd == pytest.approx(math.sqrt(0.5))
    assert found.degrees == 4
    assert found.probability == 4 / 8


@pytest.mark.parametrize("repeats", [1, 8])
def test_figures_that_cannot_be_had_are_not_numbers(repeats):
    none = summarise(np.full(20, np.nan), repeats=repeats, target=1.0)
    assert none.not_finite == 20
    assert none.probability == none.probability_error == none.degrees == 0
    for figure in (none.mean, none.sd, none.standard_error, none.min, none.max):
        assert math.isnan(figure)
    assert np.isnan(none.quantiles).all()
    assert np.isnan(none.quantile_errors).all()
    one = summarise(np.array([7.0]), repeats=repeats, target=1.0)
    assert (one.mean, one.min, one.max, one.probability, one.degrees) == (7.0, 7.0, 7.0, 1.0, 0)
    for figure in (one.sd, one.standard_error, one.probability_error, *one.quantile_errors):
        assert math.isnan(figure)


def test_a_repeat_without_finite_samples_has_no_say():
    values = np.arange(16.0)
    values[3::8] = np.inf
    found = summarise(values, repeats=8, quantiles=(0.5,))
    assert found.degrees == 6
    assert found.standard_error == pytest.approx(np.std([4, 5, 6, 8, 9, 10, 11], ddof=1) / math.sqrt(7))


@pytest.mark.parametrize("repeats", [1, 8])
@pytest.mark.parametrize("n", [8, 24])
def test_the_samples_are_left_as_they_were(repeats, n):
    values = np.arange(n, 0.0, -1)
    values[3] = np.inf
    before = values.copy()
    summarise(values, repeats=repeats, target=2.0)
    assert np.array_equal(values, before)


def test_more_than_one_chunk_is_summed_up_whole():
    values = np.random.default_rng(0).normal(3, 2, size=150_001)
    found = summarise(values, repeats=8)
    assert found.mean == pytest.approx(values.mean(), rel=1e-14)
    assert found.sd == pytest.approx(values.std(ddof=1), rel=1e-13)
    assert np.array_equal(found.quantiles, np.quantile(values, QUANTILES))
    means = [values[r::8].mean() for r in range(8)]
    assert found.standard_error == pytest.approx(np.std(means, ddof=1) / math.sqrt(8), rel=1e-9)


def coverage(kind, samples):
    """Of 200 seeds, how many 95 % intervals hold the truth: of a mean, of a median, of the chance of a target.

    The mean of exp(a) b is (e - 1) / 2; a + b has median 1 and is 1.2 or more with chance 0.8**2 / 2.
    """
    held = np.zeros(3)
    for seed in range(RUNS):
        made = points(kind, ("a", "b"), seed=seed, samples=samples)
        a, b = taken(made, 0, samples)
        bent = summarise(np.exp(a) * b, repeats=made.repeats)
        even = summarise(a + b, quantiles=(0.5,), repeats=made.repeats, target=1.2)
        apart = np.array([bent.mean - (math.e - 1) / 2, even.quantiles[0] - 1, even.probability - 0.32])
        errors = np.array([bent.standard_error, even.quantile_errors[0], even.probability_error])
        held += np.abs(apart) <= t.ppf(0.975, even.degrees) * errors
    return held


@pytest.mark.parametrize(("kind", "samples"), [("random", 1_000), ("sobol", 1_024), ("sobol", 3_000), ("latin", 1_000)])
def test_standard_errors_are_calibrated(kind, samples):
    """Intervals by Student's t with the summary's degrees of freedom: as many hold as of fair ones of 95 %."""
    held = coverage(kind, samples)
    assert (held >= COVERED[0]).all()
    assert (held <= COVERED[1]).all()


def test_a_plain_quantiles_error_is_that_of_an_order_statistic():
    """sqrt(p (1 - p) / n) over the density. Between its two quantiles lie m = 2 sqrt(n p (1 - p)) samples, by which
    the error itself is known to 1 / sqrt(m); four of those are allowed."""
    p = np.array([0.05, 0.5, 0.9])
    found = summarise(np.random.default_rng(1).normal(size=100_000), quantiles=p.tolist())
    wanted = np.sqrt(p * (1 - p) / 1e5) / norm.pdf(norm.ppf(p))
    assert (np.abs(found.quantile_errors / wanted - 1) < 4 / np.sqrt(2 * np.sqrt(1e5 * p * (1 - p)))).all()
