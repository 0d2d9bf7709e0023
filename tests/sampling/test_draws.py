import pickle
import re
import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import spearmanr

from leverage.sampling.draws import NotWhole, draws
from leverage.sampling.points import CHUNK, POINTS, points
from leverage.tree.tree import Correlation
from leverage.tree.uncertainty import read
from tests.sampling.stand_in import Coin, Flat

LEAVES = (("visits", Flat(100, 200)), ("cost", Flat(-1, 1)), ("price", Flat()), ("wins", Coin(0.25)))
PAIRS = (Correlation("visits", "price", -0.6), Correlation("cost", "price", 0.3))
SAMPLES = CHUNK + 10_001

every_kind = pytest.mark.parametrize("kind", POINTS)


def whole(made, block=16_384):
    """All draws of each leaf."""
    blocks = [found for c in range(made.chunks) for _, _, found in made.blocks(c, block)]
    return {id: np.concatenate([found[id] for found in blocks]) for id in made.ids}


def same(a, b):
    return all(np.array_equal(a[id], b[id]) for id in a.keys() & b.keys())


@every_kind
def test_draws_are_the_quantiles_of_the_points_in_the_order_of_ids(kind):
    made = draws(LEAVES, seed=1, samples=1_000, points=kind)
    cube = points(kind, ("cost", "price", "visits", "wins"), seed=1, samples=1_000).chunk(0).next(1_000)
    found = whole(made)
    assert made.ids == ("cost", "price", "visits", "wins")
    assert np.array_equal(found["visits"], 100 + 100 * cube[2])
    assert np.array_equal(found["wins"], cube[3] > 0.75)


@every_kind
@pytest.mark.parametrize("block", [999, 4_096, CHUNK])
def test_the_size_of_blocks_changes_no_bit(kind, block):
    made = draws(LEAVES, PAIRS, seed=2, samples=SAMPLES, points=kind)
    assert same(whole(made, block), whole(made))


@every_kind
def test_the_order_of_the_leaves_changes_no_bit(kind):
    one, other = (draws(leaves, PAIRS, seed=3, samples=500, points=kind) for leaves in (LEAVES, LEAVES[::-1]))
    assert same(whole(one), whole(other))


def test_blocks_cover_every_sample_once():
    made = draws(LEAVES, seed=0, samples=SAMPLES)
    spans = [(start, stop) for c in range(made.chunks) for start, stop, _ in made.blocks(c, 10_000)]
    assert made.chunks == 2
    assert [start for start, _ in spans] == [0, *[stop for _, stop in spans[:-1]]]
    assert spans[-1][1] == SAMPLES
    assert (CHUNK - 5_536, CHUNK) in spans


@pytest.mark.parametrize("kind", ["random", "latin"])
def test_a_leaf_outside_its_group_leaves_a_leaf_as_it_was(kind):
    many = draws(LEAVES, PAIRS, seed=4, samples=800, points=kind)
    few = draws(LEAVES[:3], PAIRS, seed=4, samples=800, points=kind)
    assert same(whole(many), whole(few))


@every_kind
def test_correlated_leaves_are_correlated_as_asked(kind):
    """4 standard errors of Spearman's; see test_dependence."""
    found = whole(draws(LEAVES, PAIRS, seed=5, samples=CHUNK, points=kind))
    for pair in PAIRS:
        rank = spearmanr(found[pair.a], found[pair.b]).statistic
        assert abs(rank - pair.rank) < 4 * (1 - pair.rank**2) * np.sqrt(1.06 / CHUNK)


def test_a_discrete_leaf_prints_the_correlation_that_it_reaches():
    made = draws(LEAVES, [Correlation("wins", "cost", 0.5)], seed=6, samples=CHUNK)
    found = whole(made)
    rank = spearmanr(found["wins"], found["cost"]).statistic
    assert made.notes == (f"the rank correlation of wins and cost reaches {rank:.2f} of 0.5: wins is discrete",)


def test_the_trees_own_distributions_are_drawn():
    """Two correlated normals: the sum's sd is sqrt(4 + 9 + 2 * 2 * 3 * r) with r = 2 sin(pi / 6 * 0.5); 4 errors."""
    leaves = [("a", read("normal(mean=10, sd=2)")), ("b", read("normal(mean=5, sd=3)"))]
    found = whole(draws(leaves, [Correlation("a", "b", 0.5)], seed=8, samples=CHUNK, points="random"))
    sd = np.sqrt(13 + 12 * 2 * np.sin(np.pi / 12))
    total = found["a"] + found["b"]
    assert abs(total.mean() - 15) < 4 * sd / np.sqrt(CHUNK)
    assert abs(total.std() / sd - 1) < 4 / np.sqrt(2 * CHUNK)


def test_draws_travel_to_other_processes():
    made = draws(LEAVES, PAIRS, seed=7, samples=100)
    assert same(whole(pickle.loads(pickle.dumps(made))), whole(made))


def test_no_leaves_draw_nothing():
    assert list(draws((), seed=0, samples=10).blocks(0, 6)) == [(0, 6, {}), (6, 10, {})]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"seed": 0, "samples": 0}, "samples 0: a whole number of at least 1 is needed"),
        ({"seed": 0, "samples": 1e6}, "samples 1000000.0: a whole number of at least 1 is needed"),
        ({"seed": -1, "samples": 8}, "seed -1: a whole number of at least 0 is needed"),
        ({"seed": None, "samples": 8}, "seed None: a whole number of at least 0 is needed"),
    ],
)
def test_a_number_that_is_not_whole_is_refused(settings, sentence):
    with pytest.raises(NotWhole, match=f"^{re.escape(sentence)}$"):
        draws(LEAVES, **settings)


def test_drawing_starts_without_the_slow_libraries():
    """scipy.stats alone takes most of a second to import; scipy.special comes with the first correlation."""
    code = (
        "import sys\n"
        "from leverage.sampling.draws import draws\n"
        "import leverage.sampling.summary\n"
        "assert not next(draws((), seed=0, samples=8).blocks(0))[2]\n"
        "print(sorted({'scipy', 'pandas', 'networkx', 'matplotlib'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
