"""What every kind of points holds, today's and tomorrow's."""

import pickle
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.stats import kstest

from leverage.errors import UnknownName
from leverage.sampling.points import CHUNK, POINTS, points
from tests.sampling.stand_in import taken

IDS = ("cost", "price", "visits")
SAMPLES = 3 * CHUNK + 12_345  # neither whole chunks nor a multiple of 8

every_kind = pytest.mark.parametrize("kind", POINTS)


@every_kind
def test_points_lie_inside_the_cube_and_are_uniform(kind):
    made = points(kind, IDS, seed=1, samples=SAMPLES)
    drawn = taken(made, 1, CHUNK)
    assert drawn.shape == (made.columns, CHUNK)
    assert 0 <= drawn.min() < drawn.max() < 1
    for row in drawn:  # 1.95 / sqrt(n): passed by independent points in 999 of 1000 cases, by even ones always
        assert kstest(row, "uniform").statistic < 1.95 / np.sqrt(CHUNK)


@every_kind
def test_no_two_leaves_are_correlated(kind):
    drawn = taken(points(kind, IDS, seed=2, samples=SAMPLES), 0, CHUNK)
    correlations = np.corrcoef(drawn)[np.triu_indices(3, 1)]
    assert np.abs(correlations).max() < 4 / np.sqrt(CHUNK)


@every_kind
@pytest.mark.parametrize(("count", "block"), [(1_000, 1), (5_000, 7), (CHUNK, 1_000), (CHUNK, 1_024), (CHUNK, 16_384)])
def test_the_size_of_blocks_changes_no_bit(kind, count, block):
    made = points(kind, IDS, seed=3, samples=SAMPLES)
    assert np.array_equal(taken(made, 2, count, block), taken(made, 2, count))


@every_kind
def test_each_leaf_goes_at_its_own_pace(kind):
    made = points(kind, IDS, seed=3, samples=SAMPLES)
    stream, ahead, behind = made.chunk(0), np.empty(3_000), np.empty(1_000)
    stream.fill(2, ahead)
    stream.fill(1, behind)
    drawn = taken(made, 0, 3_000)
    assert np.array_equal(ahead, drawn[2])
    assert np.array_equal(behind, drawn[1, :1_000])


@every_kind
def test_the_last_chunk_may_be_ragged(kind):
    made = points(kind, IDS, seed=3, samples=SAMPLES)
    assert np.array_equal(taken(made, 3, 12_345, 999), taken(made, 3, 12_345))


@every_kind
def test_chunks_come_in_any_order_and_on_any_thread(kind):
    made = points(kind, IDS, seed=4, samples=SAMPLES)
    alone = [taken(made, c, 12_345) for c in range(4)]
    backwards = [taken(made, c, 12_345) for c in reversed(range(4))][::-1]
    with ThreadPoolExecutor(4) as pool:
        threaded = list(pool.map(lambda c: taken(made, c, 12_345, 1_000), range(4)))
    for drawn in (backwards, threaded):
        assert all(np.array_equal(a, b) for a, b in zip(alone, drawn, strict=True))
    assert len({row.tobytes() for chunk in alone for row in chunk}) == 12


@every_kind
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(kind):
    drawn = [taken(points(kind, IDS, seed=seed, samples=SAMPLES), 0, 64).tobytes() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]


@every_kind
def test_repeats_are_independent_of_each_other(kind):
    """The means of the repeats, over seeds, correlate no more than chance lets them."""
    made = [points(kind, IDS[:1], seed=seed, samples=1_024) for seed in range(400)]
    means = np.array([taken(m, 0, 64)[0].reshape(-1, 8)[:, :2].mean(axis=0) for m in made])
    assert abs(np.corrcoef(means.T)[0, 1]) < 4 / np.sqrt(400)


@every_kind
def test_points_travel_to_other_processes(kind):
    made = points(kind, IDS, seed=5, samples=SAMPLES)
    assert np.array_equal(taken(pickle.loads(pickle.dumps(made)), 1, 99), taken(made, 1, 99))


@every_kind
@pytest.mark.parametrize("samples", [1, 5, 8, 9])
def test_few_samples_and_no_leaves_are_no_special_case(kind, samples):
    assert taken(points(kind, (), seed=0, samples=samples), 0, samples).shape == (0, samples)
    drawn = taken(points(kind, IDS, seed=0, samples=samples), 0, samples)
    assert drawn.shape == (3, samples)
    assert ((drawn >= 0) & (drawn < 1)).all()


PINNED = {
    "sobol": ["0x1.eff6d2c78de3fp-1", "0x1.1ce7b5267c901p-1", "0x1.264dfedfc649bp-1", "0x1.7b7d27831ea88p-4"],
    "random": ["0x1.ca29dd743d0f8p-1", "0x1.7d7ab695cedfbp-1", "0x1.3257924379850p-1", "0x1.671facba4b358p-2"],
    "latin": ["0x1.ca29dd743d0f8p-2", "0x1.bebd5b4ae76fep-1", "0x1.992bc921bcc28p-1", "0x1.59c7eb2e92cd6p-1"],
}


@every_kind
def test_points_are_those_of_earlier_versions(kind):
    """A printed figure is repeated from its seed for years; if these change, say so in the changelog."""
    drawn = taken(points(kind, ("cost",), seed=0, samples=16), 0, 4)[0]
    assert [value.hex() for value in drawn.tolist()] == PINNED[kind]


def test_an_unknown_kind_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match=re.escape("unknown kind of points 'sobel'; did you mean 'sobol'?")):
        points("sobel", IDS, seed=0, samples=8)
