import numpy as np
import pytest
from scipy.stats import kstest, qmc

from leverage.sampling.plain import Plain
from leverage.sampling.sobol import DIMENSIONS, Sobol, combined, directions, joe_kuo
from leverage.sampling.streams import CHUNK, REPEATS
from tests.sampling.stand_in import taken

# The first lines of new-joe-kuo-6.21201: dimension: degree, coefficients, direction integers
PUBLISHED = {
    2: (1, 0, (1,)),
    3: (2, 1, (1, 3)),
    4: (3, 1, (1, 3, 1)),
    5: (3, 2, (1, 1, 1)),
    6: (4, 1, (1, 1, 3, 3)),
    7: (4, 4, (1, 3, 5, 13)),
    8: (5, 2, (1, 1, 5, 5, 17)),
    9: (5, 4, (1, 1, 5, 5, 5)),
    10: (5, 7, (1, 1, 7, 11, 19)),
}


def bits(points):
    """The digits of points, as whole numbers: the point is (digits + 1/2) / 2**52."""
    return np.floor(points * 2.0**52).astype(np.uint64)


def scrambles(ids, seed, samples):
    """Points by scramble, shape ``(8, d, n / 8)``."""
    drawn = taken(Sobol(ids, seed, samples), 0, samples)
    return drawn.reshape(len(ids), samples // REPEATS, REPEATS).transpose(2, 0, 1)


@pytest.mark.parametrize("dimension", PUBLISHED)
def test_the_table_holds_the_published_numbers(dimension):
    degree, coefficients, integers = PUBLISHED[dimension]
    row = joe_kuo()[dimension - 1]
    assert row[0] == (1 << degree) | (coefficients << 1) | 1
    assert tuple(row[1 : degree + 1]) == integers
    assert joe_kuo().shape == (DIMENSIONS, 14)


@pytest.mark.parametrize(("dimensions", "m"), [(DIMENSIONS, 8), (12, 14)])
def test_without_scramble_the_points_are_scipys(dimensions, m):
    """SciPy walks them in Gray's order: its point n is point n ^ (n >> 1)."""
    start = np.zeros((dimensions, 1), dtype=np.uint64)
    points = combined(start, directions(dimensions, m)[:, :, None])[:, :, 0] / 2.0**52
    theirs = qmc.Sobol(dimensions, scramble=False, bits=30).random_base2(m).T
    n = np.arange(2**m)
    assert np.array_equal(points[:, n ^ (n >> 1)], theirs)
    assert np.array_equal(np.sort(points), np.sort(theirs))


def test_direction_numbers_go_on_for_as_many_samples_as_anyone_draws():
    """Each is 1 at its own digit and 0 below, so any 2**m points in order are evenly spread."""
    numbers = directions(DIMENSIONS, 45)
    last = np.uint64(1) << np.arange(51, 51 - 45, -1, dtype=np.uint64)
    assert ((numbers & last) == last).all()
    assert not (numbers & (last - np.uint64(1))).any()


def test_each_scramble_has_one_point_in_every_interval_of_every_leaf():
    """2**m points, 2**m intervals: exact in each of 1,024 dimensions."""
    ids = [f"leaf{k:04}" for k in range(DIMENSIONS)]
    drawn = scrambles(ids, 1, 8 * 2**7)
    assert (np.sort(np.floor(drawn * 2**7)) == np.arange(2**7)).all()


@pytest.mark.parametrize("chunk", [0, 1, 6])
def test_every_chunk_is_evenly_spread(chunk):
    drawn = taken(Sobol(("a", "b", "c"), 2, 7 * CHUNK), chunk, CHUNK).reshape(3, -1, REPEATS)
    cells = np.floor(drawn * 2**13)
    assert (np.sort(cells, axis=1) == np.arange(2**13)[:, None]).all()


@pytest.mark.parametrize("k", range(9))
def test_the_first_two_dimensions_are_a_net_whatever_the_scramble(k):
    """A (0, 8, 2)-net: one point in each of the 2**8 boxes of 2**-k by 2**-(8 - k)."""
    for drawn in scrambles(("a", "b"), 3, 8 * 2**8):
        boxes = np.floor(drawn[0] * 2**k) * 2 ** (8 - k) + np.floor(drawn[1] * 2 ** (8 - k))
        assert (np.sort(boxes) == np.arange(2**8)).all()


def test_every_point_is_uniform_over_seeds():
    """Point 5 of a dimension, in 400 seeds of 8 scrambles; 1.95 / sqrt(n) is passed 999 times in 1000."""
    drawn = np.array([scrambles(("a", "b"), seed, 64)[:, :, 5] for seed in range(400)])
    for dimension in range(2):
        assert kstest(drawn[:, :, dimension].ravel(), "uniform").statistic < 1.95 / np.sqrt(3_200)


def test_points_stand_in_the_middle_of_cells_of_52_digits():
    drawn = taken(Sobol(("a", "b"), 4, 4_096), 0, 4_096) * 2.0**53
    assert (drawn % 2 == 1).all()


def test_sample_i_is_point_i_over_8_of_its_scramble_in_every_chunk():
    """Points are affine in the bits of their index: the XOR of those at i, j, k and i ^ j ^ k is 0."""
    made = Sobol(("a", "b", "c"), 5, 9 * CHUNK)
    chunks = {c: bits(taken(made, c, CHUNK)) for c in (0, 1, 2, 3, 4, 7)}
    assert not (chunks[0] ^ chunks[1] ^ chunks[2] ^ chunks[3]).any()
    assert not (chunks[0] ^ chunks[3] ^ chunks[4] ^ chunks[7]).any()
    low, high = chunks[1].reshape(3, -1, REPEATS), chunks[0].reshape(3, -1, REPEATS)
    assert np.array_equal(low[:, 9] ^ low[:, 0], high[:, 9] ^ high[:, 0])
    assert not (low[:, 1_234 ^ 777] ^ low[:, 1_234] ^ low[:, 777] ^ low[:, 0]).any()


def test_more_samples_leave_the_first_ones_as_they_were():
    few, many = (taken(Sobol(("a", "b"), 6, samples), 0, 100) for samples in (100, 10_000_000))
    assert np.array_equal(few, many)


def test_a_leaf_added_behind_leaves_the_others_as_they_were():
    few, many = (taken(Sobol(ids, 6, 1_000), 0, 1_000) for ids in (("a", "b"), ("a", "b", "c")))
    assert np.array_equal(few, many[:2])


def test_the_error_of_a_smooth_mean_is_a_small_part_of_that_of_plain_draws():
    """A product of three leaves, 4,096 samples, 40 seeds; measured 1/30, plain 0.0036."""

    def error(make):
        means = [np.prod(0.5 + taken(make(seed), 0, 4_096), axis=0).mean() for seed in range(40)]
        return np.sqrt(np.mean((np.array(means) - 1) ** 2))

    ids = ("a", "b", "c")
    assert error(lambda seed: Sobol(ids, seed, 4_096)) < error(lambda seed: Plain(ids, seed)) / 10


def test_leaves_past_the_table_take_plain_draws_and_a_note_says_so():
    ids = tuple(f"leaf{k:04}" for k in range(DIMENSIONS + 2))
    made = Sobol(ids, 7, 2 * CHUNK)
    drawn = taken(made, 1, 50)
    assert made.columns == DIMENSIONS + 2
    assert np.array_equal(drawn[DIMENSIONS:], taken(Plain(ids[DIMENSIONS:], 7), 1, 50))
    assert made.notes == ("2 leaves past the 1,024 Sobol dimensions take plain draws",)
    assert Sobol(ids[:5], 7, 8).notes == ()
