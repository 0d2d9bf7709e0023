import numpy as np
import pytest
from scipy.stats import chi2

from leverage.sampling.latin import ROUNDS, Latin, permuted
from leverage.sampling.streams import CHUNK, REPEATS
from tests.sampling.stand_in import taken


def whole(ids, seed, samples):
    """All points, chunk after chunk."""
    made = Latin(ids, seed, samples)
    sizes = [min(CHUNK, samples - start) for start in range(0, samples, CHUNK)]
    return np.concatenate([taken(made, c, size) for c, size in enumerate(sizes)], axis=1)


@pytest.mark.parametrize("samples", [8, 9, 13, 100, 1_000, CHUNK, CHUNK + 8, 2 * CHUNK + 20_003])
def test_every_repeat_has_one_sample_in_every_stratum_of_every_leaf(samples):
    drawn = whole(("cost", "price"), 1, samples)
    for r in range(REPEATS):
        group = drawn[:, r::REPEATS]
        strata = np.floor(group * group.shape[1])
        assert (np.sort(strata) == np.arange(group.shape[1])).all()


def test_the_mean_of_a_leaf_is_within_half_a_stratum_of_one_half():
    """Samples in all m strata: their mean differs from 1/2 by less than 1 / (2 m)."""
    drawn = whole(("price",), 2, 8_000)[0]
    means = drawn.reshape(-1, REPEATS).mean(axis=0)
    assert np.abs(means - 0.5).max() < 0.5 / 1_000
    assert len(set(means)) == REPEATS


def test_a_leaf_draws_the_same_whatever_the_other_leaves_are():
    assert np.array_equal(whole(("a", "b", "c"), 3, 500)[1], whole(("b",), 3, 500)[0])


def test_places_within_strata_are_uniform():
    drawn = whole(("price",), 4, 40_000)[0] * 5_000
    counts = np.histogram(drawn % 1, bins=50, range=(0, 1))[0]
    assert ((counts - 800) ** 2 / 800).sum() < chi2.ppf(0.9999, 49)


def placed(index, size, tries):
    """Where the permutations of ``tries`` random keys send the indices, shape ``(tries, len(index))``."""
    keys = np.random.default_rng(0).integers(0, 2**32, (ROUNDS, tries, 1), dtype=np.uint32)
    return permuted(np.tile(index, (tries, 1)), keys, np.full((tries, 1), size))


@pytest.mark.parametrize(("size", "permutations"), [(3, 6), (4, 24), (5, 120)])
def test_all_permutations_are_equally_likely(size, permutations):
    """Chi-squared over all of them, 500 of each expected."""
    found, counts = np.unique(placed(np.arange(size), size, 500 * permutations), axis=0, return_counts=True)
    assert len(found) == permutations
    assert (np.sort(found) == np.arange(size)).all()
    assert ((counts - 500) ** 2 / 500).sum() < chi2.ppf(0.9999, permutations - 1)


@pytest.mark.parametrize("pair", [(0, 1), (3, 7), (0, 128)])
def test_any_two_samples_fall_in_any_two_strata(pair):
    """Chi-squared over 16 x 16 cells of 16 strata each, of which two samples never share one."""
    cells = placed(np.array(pair), 256, 200_000) // 16
    counts = np.bincount(cells[:, 0] * 16 + cells[:, 1], minlength=256).reshape(16, 16)
    expected = (np.full((16, 16), 16 * 16) - 16 * np.eye(16)) / (256 * 255) * 200_000
    assert ((counts - expected) ** 2 / expected).sum() < chi2.ppf(0.9999, 255)


@pytest.mark.parametrize("size", [1_000, 8_192, 100_000])
def test_a_permutation_of_many_hides_its_order(size):
    """Serial correlations at several lags, and the count of rises, as in a random permutation."""
    keys = np.random.default_rng(1).integers(0, 2**32, (ROUNDS, 1, 1), dtype=np.uint32)
    places = permuted(np.arange(size)[None], keys, np.array([[size]]))[0]
    assert np.array_equal(np.sort(places), np.arange(size))
    for lag in (1, 2, 8, 64, size // 2):
        assert abs(np.corrcoef(places[lag:], places[:-lag])[0, 1]) < 4 / np.sqrt(size - lag)
    rises = np.count_nonzero(places[1:] > places[:-1])
    assert abs(rises - (size - 1) / 2) < 4 * np.sqrt((size + 1) / 12)  # variance of the Eulerian numbers
