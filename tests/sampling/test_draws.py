import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.stats import spearmanr

from leverage.sampling.draws import NotWhole, draws
from leverage.sampling.points import CHUNK, POINTS, points
from leverage.tree.tree import Correlation
from leverage.tree.uncertainty import read
from tests.sampling.stand_in import Coin, Flat, taken

LEAVES = (("visits", Flat(100, 200)), ("cost", Flat(-1, 1)), ("price", Flat()), ("wins", Coin(0.25)))
PAIRS = (Correlation("visits", "price", -0.6), Correlation("cost", "price", 0.3))
SAMPLES = CHUNK + 10_001

every_kind = pytest.mark.parametrize("kind", POINTS)


def whole(made, block=16_384):
    """All draws of each leaf."""
    found = {id: np.empty(made.samples) for id in made.ids}
    for c in range(made.chunks):
        for start, stop, drawn in made.blocks(c, block):
            for id, row in drawn.items():
                found[id][start:stop] = row
    return found


def same(a, b):
    return all(np.array_equal(a[id], b[id]) for id in a.keys() & b.keys())


@every_kind
def test_draws_are_the_quantiles_of_the_points_in_the_order_of_ids(kind):
    made = draws(LEAVES, seed=1, samples=1_000, points=kind)
    cube = taken(points(kind, ("cost", "price", "visits", "wins"), seed=1, samples=1_000), 0, 1_000)
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


def test_what_a_discrete_leaf_reaches_is_said_of_the_correlation_that_is_drawn():
    """Three pairs of -0.9 contradict each other; the nearest are three of rank 6 / pi asin(-1 / 4) = -0.4826."""
    leaves = [("a", Flat()), ("b", Flat()), ("wins", Coin(0.25))]
    pairs = [Correlation("a", "b", -0.9), Correlation("a", "wins", -0.9), Correlation("b", "wins", -0.9)]
    _, first, second = draws(leaves, pairs, seed=6, samples=8).notes
    assert re.fullmatch(r"the rank correlation of a and wins reaches -0\.3\d of -0\.483: wins is discrete", first)
    assert " of -0.483: " in second


def test_a_correlation_that_a_discrete_leaf_reaches_to_two_digits_needs_no_note():
    leaves = [("a", Flat()), ("many", read("poisson(30)"))]
    assert draws(leaves, [Correlation("a", "many", 0.7)], seed=6, samples=8).notes == ()


def test_nothing_follows_a_leaf_of_one_level():
    leaves = [("a", read("normal(0, 1)")), ("b", read("normal(0, 1)")), ("still", read("discrete([5], [2])"))]
    made = draws(leaves, [Correlation("a", "still", 0.9), Correlation("a", "b", 0.5)], seed=6, samples=8)
    assert [group.rows for group in made.dependence.groups] == [(0, 1)]
    assert made.notes == ("the correlation of a and still is not followed: still is certain",)


def test_the_trees_own_distributions_are_drawn():
    """Two correlated normals: the sum's sd is sqrt(4 + 9 + 2 * 2 * 3 * r) with r = 2 sin(pi / 6 * 0.5); 4 errors."""
    leaves = [("a", read("normal(mean=10, sd=2)")), ("b", read("normal(mean=5, sd=3)"))]
    found = whole(draws(leaves, [Correlation("a", "b", 0.5)], seed=8, samples=CHUNK, points="random"))
    sd = np.sqrt(13 + 12 * 2 * np.sin(np.pi / 12))
    total = found["a"] + found["b"]
    assert abs(total.mean() - 15) < 4 * sd / np.sqrt(CHUNK)
    assert abs(total.std() / sd - 1) < 4 / np.sqrt(2 * CHUNK)


MIXED = [
    (f"leaf{k}", read(text))
    for k, text in enumerate(
        (
            "normal(3, 2)",
            "lognormal(3, 2)",
            "pert(0, 1, 4)",
            "triangular(0, 1, 3)",
            "beta(2, 5)",
            "poisson(3)",
            "uniform(0, 1)",
        )
    )
]
TIED = [Correlation("leaf0", "leaf2", 0.5), Correlation("leaf1", "leaf2", -0.3), Correlation("leaf5", "leaf6", 0.4)]


@every_kind
@pytest.mark.parametrize("block", [1_000, 1_024, 9_999, 20_000, CHUNK])
def test_blocks_of_the_trees_own_leaves_have_the_same_bytes(kind, block):
    made = draws(MIXED, TIED, seed=9, samples=SAMPLES, points=kind)
    assert same(whole(made, block), whole(made))


@pytest.mark.parametrize("kind", ["random", "sobol"])
def test_more_samples_leave_the_first_ones_as_they_were(kind):
    few, many = (draws(MIXED, TIED, seed=9, samples=samples, points=kind) for samples in (1_000, 10**6))
    drawn = {id: row.copy() for id, row in next(many.blocks(0, 1_000))[2].items()}
    assert same(whole(few), drawn)


@every_kind
def test_threads_and_streams_that_run_at_once_change_no_bit(kind):
    made = draws(MIXED, TIED, seed=10, samples=4 * CHUNK, points=kind)
    alone = whole(made)

    def chunk(c):
        return [{id: row.copy() for id, row in rows.items()} for _, _, rows in made.blocks(c, 5_000)]

    with ThreadPoolExecutor(4) as pool:
        threaded = [block for blocks in pool.map(chunk, range(4)) for block in blocks]
    assert same({id: np.concatenate([block[id] for block in threaded]) for id in made.ids}, alone)
    for one, other in zip(made.blocks(1, 7_000), made.blocks(2, 7_000), strict=True):  # in turn, on one thread
        for start, stop, rows in (one, other):
            assert all(np.array_equal(row, alone[id][start:stop]) for id, row in rows.items())


SHARES = {"leaf0": "n", "leaf1": "n", "leaf2": "n", "leaf4": "n", "leaf3": "m", "leaf5": "m"}  # leaf6 is its own draw
JOINED = [Correlation("leaf6", "n", 0.7), Correlation("m", "leaf6", -0.2)]


@every_kind
@pytest.mark.parametrize("pairs", [(), JOINED], ids=["free", "correlated"])
def test_leaves_of_one_draw_are_each_drawn_as_if_the_draw_were_theirs_alone(kind, pairs):
    together = whole(draws(MIXED, pairs, seed=13, samples=3_000, points=kind, shares=SHARES))
    for id, leaf in MIXED[:6]:
        taken = SHARES[id]
        others = [("n" if taken == "m" else "m", Flat()), MIXED[6]]
        alone = whole(draws([(taken, leaf), *others], pairs, seed=13, samples=3_000, points=kind))
        assert np.array_equal(together[id], alone[taken])


def test_leaves_of_one_draw_have_the_same_ranks_and_those_of_two_are_independent():
    """The sd of Spearman's in independent samples is 1 / sqrt(n - 1); 4 of them."""
    leaves = [(f"{name}{k}", read(f"gamma({k + 1}, 2)")) for name in "ab" for k in range(3)]
    found = whole(draws(leaves, seed=14, samples=20_000, points="random", shares={id: id[0] for id, _ in leaves}))
    assert all((found[id].argsort() == found[f"{id[0]}0"].argsort()).all() for id in found)
    assert abs(spearmanr(found["a0"], found["b0"]).statistic) < 4 / np.sqrt(19_999)


def test_a_draw_takes_one_dimension_however_many_leaves_take_it():
    leaves = [(f"price[{period:04}]", Flat(period, period + 1)) for period in range(2_000)]
    made = draws(leaves, seed=15, samples=64, shares={id: "price" for id, _ in leaves})
    cube = taken(points("sobol", ("price",), seed=15, samples=64), 0, 64)[0]
    assert (made.points.columns, made.notes) == (1, ())
    assert all(np.array_equal(row, cube + period) for period, row in enumerate(whole(made).values()))


@pytest.mark.parametrize("kind", ["random", "latin"])
def test_another_label_leaves_the_draws_of_the_others_as_they_were(kind):
    leaves = [(f"visits[{label},{period}]", read("gamma(2, 1)")) for label in "abc" for period in range(2)]
    shares = {id: f"{id.split(',')[0]}]" for id, _ in leaves}
    few, many = (draws(some, seed=16, samples=500, points=kind, shares=shares) for some in (leaves[2:], leaves))
    assert same(whole(few), whole(many))


@every_kind
def test_every_leaf_of_a_draw_has_the_correlation_of_the_draw(kind):
    """4 standard errors of Spearman's; see test_dependence."""
    leaves = [(f"{name}{k}", read(f"gamma({k + 1}, 2)")) for name in "ab" for k in range(2)]
    shares = {id: id[0] for id, _ in leaves}
    found = whole(draws(leaves, [Correlation("a", "b", 0.6)], seed=17, samples=CHUNK, points=kind, shares=shares))
    for id in ("b0", "b1"):
        assert abs(spearmanr(found["a1"], found[id]).statistic - 0.6) < 4 * (1 - 0.36) * np.sqrt(1.06 / CHUNK)


@pytest.mark.parametrize("pairs", [(), JOINED], ids=["free", "correlated"])
def test_shared_draws_have_the_same_bytes_in_any_blocks_order_and_process(pairs):
    made = draws(MIXED, pairs, seed=18, samples=SAMPLES, shares=SHARES)
    expected = whole(made)
    assert same(whole(made, 1_000), expected)
    assert same(whole(draws(MIXED[::-1], pairs, seed=18, samples=SAMPLES, shares=SHARES)), expected)
    assert same(whole(pickle.loads(pickle.dumps(made)), CHUNK), expected)


def test_a_draw_of_discrete_leaves_prints_the_correlation_that_it_reaches():
    leaves = [("cost", Flat()), ("wins[0]", Coin(0.25)), ("wins[1]", Coin(0.25))]
    made = draws(
        leaves, [Correlation("wins", "cost", 0.5)], seed=6, samples=CHUNK, shares={"wins[0]": "wins", "wins[1]": "wins"}
    )
    rank = spearmanr(whole(made)["wins[1]"], whole(made)["cost"]).statistic
    assert made.notes == (f"the rank correlation of wins and cost reaches {rank:.2f} of 0.5: wins is discrete",)


def test_a_leaf_is_drawn_alike_with_and_without_followers():
    tied, free = (draws(MIXED, pairs, seed=11, samples=5_000, points="random") for pairs in (TIED, ()))
    for id in ("leaf0", "leaf3", "leaf4", "leaf5"):  # the first of a group, or in none
        assert np.array_equal(whole(tied)[id], whole(free)[id])


def test_arrays_hold_until_the_next_block_and_may_be_written_into():
    made = draws(MIXED, seed=12, samples=40_000)
    blocks = made.blocks(0, 20_000)
    first = next(blocks)[2]["leaf0"]
    before = first.copy()
    first[:] = 0
    assert not np.array_equal(next(blocks)[2]["leaf0"], before)
    assert np.array_equal(next(made.blocks(0, 20_000))[2]["leaf0"], before)


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
