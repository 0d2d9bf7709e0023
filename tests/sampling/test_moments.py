import math
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.sampling.moments import by_repeat, merged, pooled
from leverage.sampling.moments import moments as of_table

EPS = np.finfo(float).eps


def moments(values, repeats=1):
    return of_table(by_repeat(values, repeats), len(values))


def exact(values):
    """Mean and sum of squared deviations, each rounded once (math.fsum)."""
    mean = math.fsum(values) / len(values)
    return mean, math.fsum((value - mean) ** 2 for value in values)


def parts(values, size, repeats=1):
    return reduce(merged, [moments(values[k : k + size], repeats) for k in range(0, len(values), size)])


@pytest.mark.parametrize("size", [40, 1_000, 65_536, 200_000])
def test_merged_chunks_equal_one_pass(size):
    """NumPy adds in pairs, about log2(n) roundings deep; merging adds one a chunk, of a shrinking step."""
    values = np.random.default_rng(0).lognormal(size=200_000)
    count, mean, squares = pooled(parts(values, size))
    wanted_mean, wanted_squares = exact(values)
    assert count == 200_000
    assert mean == pytest.approx(wanted_mean, rel=18 * EPS)
    assert squares == pytest.approx(wanted_squares, rel=4 * 18 * EPS)


def test_a_small_spread_far_from_zero_is_kept():
    """Sums of squares less the square of the sum would leave nothing of it: 1e9**2 * 2**-52 is 222.

    Means near 1e9 are known to 1.2e-7, and the two chunks' differ by less than 0.02, which counts 2.3e4 times: 1.1e-4
    of 1e5.
    """
    values = 1e9 + np.random.default_rng(1).normal(size=100_000)
    _, _, squares = pooled(parts(values, 65_536))
    assert squares == pytest.approx(exact(values)[1], rel=1.1e-9)


def test_repeats_are_every_eighth_sample():
    values = np.random.default_rng(2).normal(size=20_003)
    found = parts(values, 8_000, repeats=8)
    for r in range(8):
        mean, squares = exact(values[r::8])
        assert found.count[r] == len(values[r::8])
        assert found.mean[r] == pytest.approx(mean, abs=1e-15)
        assert found.squares[r] == pytest.approx(squares, rel=1e-13)
        assert found.low[r], found.high[r] == (values[r::8].min(), values[r::8].max())


def test_pooled_repeats_equal_all_samples():
    values = np.random.default_rng(3).normal(5, 2, size=20_003)
    count, mean, squares = pooled(parts(values, 8_000, repeats=8))
    wanted_mean, wanted_squares = exact(values)
    assert count == 20_003
    assert mean == pytest.approx(wanted_mean, rel=1e-14)
    assert squares == pytest.approx(wanted_squares, rel=1e-13)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf]), min_size=1, max_size=60),
    st.integers(1, 7),
    st.sampled_from([1, 2, 8]),
)
def test_any_chunks_merge_to_the_moments_of_the_finite_samples(values, rows, repeats):
    values = np.array(values)
    finite = values[np.isfinite(values)]
    found = parts(values, rows * repeats, repeats)
    count, mean, squares = pooled(found)
    assert count == len(finite)
    assert found.not_finite == len(values) - len(finite)
    if count:
        wanted_mean, wanted_squares = exact(finite.tolist())
        size = np.abs(finite).max()
        assert mean == pytest.approx(wanted_mean, abs=100 * EPS * size)
        assert squares == pytest.approx(wanted_squares, rel=1e-12, abs=100 * EPS * size**2)
        assert found.low.min() == finite.min()
        assert found.high.max() == finite.max()
    else:
        assert math.isnan(mean)


def test_sums_beyond_the_floats_warn_nobody():
    _, mean, _ = pooled(moments(np.array([1e308, 1.5e308, 1.2e308])))
    assert not math.isfinite(mean)
