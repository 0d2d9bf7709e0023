"""Chunks summed up as they come, against the summary of the same samples kept whole."""

from dataclasses import replace
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leverage.sampling.partial import Partial, counted, edges, joined, partial, summed
from leverage.sampling.streams import CHUNK
from leverage.sampling.summary import QUANTILES, summarise

N = 3 * CHUNK + 12_345
SMOOTH = {
    "normal": lambda rng, n: rng.normal(3, 2, n),
    "lognormal": lambda rng, n: np.exp(rng.normal(0, 1.5, n)),
    "cauchy": lambda rng, n: rng.standard_cauchy(n),
    "uniform": lambda rng, n: rng.random(n),
    "two humps": lambda rng, n: np.where(rng.random(n) < 0.3, rng.normal(-4, 1, n), rng.normal(4, 0.5, n)),
    "small round a large mean": lambda rng, n: 1e9 + rng.normal(0, 1, n),
}


def streamed(values, quantiles=QUANTILES, tail=None, **asked):
    """The summary by way of chunks, and the total."""
    cuts = edges(values[:CHUNK], quantiles)
    total = reduce(joined, (partial(values[k : k + CHUNK], cuts, **asked) for k in range(0, len(values), CHUNK)))
    return summed(total, cuts, quantiles=quantiles, **{"repeats": 1, **asked, "tail": tail}), total, cuts


@pytest.mark.parametrize("repeats", [1, 8])
@pytest.mark.parametrize("kind", SMOOTH)
def test_moments_range_and_hits_are_those_of_the_whole_to_the_bit(kind, repeats):
    values = SMOOTH[kind](np.random.default_rng(1), N)
    asked = {"repeats": repeats, "target": float(np.quantile(values, 0.4)), "sign": -1.0, "base": 0.5}
    found, whole = streamed(values, **asked)[0], summarise(values, **asked)
    exact = ("samples", "not_finite", "mean", "sd", "min", "max", "standard_error", "degrees", "exists")
    for name in (*exact, "probability", "probability_error", "below", "below_error"):
        assert repr(getattr(found, name)) == repr(getattr(whole, name)), name  # not a number equals itself


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("repeats", [1, 8])
@pytest.mark.parametrize("kind", [kind for kind in SMOOTH if kind != "cauchy"])
def test_the_mean_of_the_worst_share_and_the_error_of_the_spread_are_within_hundredths_of_their_errors(
    kind, repeats, sign
):
    """Of the last bin alone it is not known which of its samples are the worst: a share 0.1 / sqrt(k) of the k worst,
    whose place in the bin costs less than a tenth of the bin's own width, itself a tenth of the quantile's error."""
    values = SMOOTH[kind](np.random.default_rng(12), N)
    asked = {"repeats": repeats, "sign": sign, "tail": 0.05}
    found, whole = streamed(values, (*QUANTILES, 0.05, 0.95), **asked)[0], summarise(values, **asked)
    plain = summarise(values, sign=sign, tail=0.05)
    assert abs(found.tail_mean - whole.tail_mean) <= 0.02 * plain.tail_error
    assert found.tail_error == pytest.approx(whole.tail_error, rel=0.05)
    assert found.sd_error == pytest.approx(whole.sd_error, rel=0.05)


@pytest.mark.parametrize("repeats", [1, 8])
@pytest.mark.parametrize("kind", SMOOTH)
def test_quantiles_are_within_hundredths_of_the_standard_error_of_plain_draws(kind, repeats):
    """A bin is a tenth of chunk 0's standard error wide, d = 0.1 sqrt(p (1 - p) / CHUNK) in rank. Of the N d samples in
    it a Brownian bridge is at most sqrt(N d) / 2 out, which is 0.0099 (p (1 - p))**-1/4 errors; four of those."""
    values = SMOOTH[kind](np.random.default_rng(2), N)
    found, whole = streamed(values, repeats=repeats)[0], summarise(values, repeats=repeats)
    p = np.array(QUANTILES)
    allowed = 4 * 0.0099 * (p * (1 - p)) ** -0.25 * summarise(values).quantile_errors
    assert (np.abs(found.quantiles - whole.quantiles) <= allowed).all()
    np.testing.assert_allclose(found.quantile_errors, whole.quantile_errors, rtol=0.1)


def test_of_1e9_samples_the_bend_within_bins_costs_a_fiftieth_of_an_error():
    """Counts as the law itself has them, so that only the shape within a bin is not known."""
    n, asked = 10**9, (0.001, 0.05, 0.5, 0.95)
    for law in (stats.norm(3, 2), stats.lognorm(1), stats.expon()):
        cuts = edges(law.rvs(CHUNK, random_state=3), asked)
        counts = np.diff(np.rint(law.cdf(cuts) * n), prepend=0, append=n).astype(np.int64)
        found = partial(law.rvs(1_000, random_state=4), cuts)
        moments = replace(found.moments, low=np.array([law.ppf(1e-9)]), high=np.array([law.isf(1e-9)]))
        whole = replace(found, moments=moments, counts=counts[None], samples=n)
        told = summed(whole, cuts, quantiles=asked, repeats=1).quantiles
        error = np.sqrt(np.array(asked) * (1 - np.array(asked)) / n) / law.pdf(law.ppf(asked))
        assert (np.abs(told - law.ppf(asked)) < 0.02 * error).all()


def test_quantiles_past_what_chunk_0_saw_are_told_too():
    """One in a million: its own error is a tenth of its rank; bins past the ends are wider than those inside."""
    values = np.random.default_rng(5).normal(size=40 * CHUNK)
    found = streamed(values, (1e-6, 1 - 1e-6))[0]
    assert found.quantiles == pytest.approx(np.quantile(values, [1e-6, 1 - 1e-6]), abs=0.1)


@pytest.mark.parametrize("levels", [(7.0,), (0.0, 1.0), (-2.5, 0.0, 1.0, 1e6), tuple(range(40))])
def test_levels_that_many_samples_share_are_exact(levels):
    values = np.random.default_rng(6).choice(levels, N)
    asked = (0, 0.1, 0.25, 0.5, 0.9, 1)
    found, whole = streamed(values, asked)[0], summarise(values, quantiles=asked)
    assert np.array_equal(found.quantiles, whole.quantiles)


@pytest.mark.parametrize("repeats", [1, 8])
def test_samples_that_are_not_finite_are_left_out(repeats):
    values = np.random.default_rng(7).normal(size=2 * CHUNK + 5)
    values[::7], values[3::11], values[5::13] = np.nan, np.inf, -np.inf
    asked = {"repeats": repeats, "target": 0.5}
    found, whole = streamed(values, **asked)[0], summarise(values, **asked)
    assert (found.not_finite, found.mean, found.probability) == (whole.not_finite, whole.mean, whole.probability)
    assert (np.abs(found.quantiles - whole.quantiles) <= 0.1 * summarise(values).quantile_errors).all()


@pytest.mark.parametrize("repeats", [1, 8])
def test_figures_that_cannot_be_had_are_not_numbers(repeats):
    found, total, cuts = streamed(np.full(20, np.nan), repeats=repeats, target=1.0)
    assert (len(cuts), found.not_finite, found.probability, found.degrees) == (0, 20, 0, 0)
    assert np.isnan([found.mean, found.sd, found.min, found.max, *found.quantiles, *found.quantile_errors]).all()
    assert counted(total, cuts, 24)[0].tolist() == [0]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=60),
    st.lists(st.floats(0, 1), min_size=1, max_size=4),
    st.integers(1, 60),
)
def test_any_samples_give_rising_edges_and_quantiles_in_range(values, quantiles, cut):
    values = np.array(values)
    cuts = edges(values[:cut], quantiles)
    assert (np.diff(cuts) > 0).all()
    assert np.isfinite(cuts).all()
    total = joined(partial(values[:cut], cuts), partial(values[cut:], cuts))
    finite = values[np.isfinite(values)]
    assert total.counts.sum() == len(finite)
    found = summed(total, cuts, quantiles=quantiles, repeats=1).quantiles
    if len(finite):
        assert ((found >= finite.min()) & (found <= finite.max())).all()
        assert counted(total, cuts, 24)[0].sum() == len(finite)


def test_a_total_survives_a_file(tmp_path):
    values = np.random.default_rng(8).normal(size=CHUNK)
    _, total, cuts = streamed(values, repeats=8, target=0.0)
    np.savez(tmp_path / "total.npz", **total.arrays())
    with np.load(tmp_path / "total.npz", allow_pickle=False) as arrays:
        again = Partial.of(arrays)
    one, other = (summed(each, cuts, quantiles=QUANTILES, repeats=8, target=0.0) for each in (total, again))
    assert repr(one) == repr(other)
    assert np.array_equal(joined(again, again).counts, 2 * total.counts)


def test_edges_are_about_a_thousand_and_densest_where_quantiles_are_asked_for():
    cuts = edges(np.random.default_rng(9).normal(size=CHUNK), QUANTILES)
    assert 900 < len(cuts) < 1_200
    for p in QUANTILES:
        near = np.abs(cuts - stats.norm.ppf(p)) < 4 * np.sqrt(p * (1 - p) / CHUNK) / stats.norm.pdf(stats.norm.ppf(p))
        assert np.count_nonzero(near) > 60


def test_counts_in_plain_bins_are_those_of_the_samples():
    """A bin's ends are known to the samples of a fine bin, a 256th of them at most."""
    values = np.random.default_rng(10).normal(size=N)
    _, total, cuts = streamed(values)
    counts, ends = counted(total, cuts, 24)
    wanted, same = np.histogram(values, 24)
    assert np.array_equal(ends, same)
    assert counts.sum() == N
    assert np.abs(counts - wanted).max() < N / 256
