import numpy as np
import pytest
from scipy.stats import spearmanr

from leverage.sampling.draws import draws
from leverage.sampling.points import CHUNK
from leverage.sampling.streams import REPEATS
from leverage.tree.tree import Correlation
from leverage.tree.uncertainty import read

LEAVES = [
    ("a", read("normal(3, 2)")),
    ("b", read("lognormal(3, 2)")),
    ("c", read("gamma(2, 1)")),
    ("d", read("poisson(3)")),
    ("e", read("uniform(0, 1)")),
]
PAIRS = [Correlation("a", "c", 0.9), Correlation("b", "c", -0.5), Correlation("d", "e", 0.6)]


def whole(pairs, samples, kind="latin", **settings):
    made = draws(LEAVES, pairs, seed=3, samples=samples, points=kind, **settings)
    return {
        id: np.concatenate([rows[id].copy() for c in range(made.chunks) for _, _, rows in made.blocks(c)])
        for id in made.ids
    }


@pytest.mark.parametrize("samples", [8, 13, 1_000, CHUNK, CHUNK + 9, 2 * CHUNK + 20_003])
def test_with_correlations_every_leaf_draws_the_same_numbers_to_the_bit(samples):
    tied, free = whole(PAIRS, samples), whole((), samples)
    for id, _ in LEAVES:
        for r in range(min(REPEATS, samples)):
            assert np.array_equal(np.sort(tied[id][r::REPEATS]), np.sort(free[id][r::REPEATS]))
    assert samples < 100 or not np.array_equal(tied["c"], free["c"])


def test_every_repeat_still_meets_every_stratum_once():
    drawn = whole(PAIRS, CHUNK + 20_000)["e"]
    for r in range(REPEATS):
        own = drawn[r::REPEATS]
        assert np.array_equal(np.sort(np.floor(own * len(own))), np.arange(len(own)))


@pytest.mark.parametrize("kind", ["random", "sobol"])
def test_with_other_points_quantiles_stay_within_their_error(kind):
    """Draws of a follower are others, of the same distribution: each quantile's own error, p (1 - p) / n, 4.5 times
    for 5 leaves and 5 levels of two samples."""
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    tied, free = whole(PAIRS, CHUNK, kind), whole((), CHUNK, kind)
    for id, leaf in LEAVES:
        for p, level in zip(levels, leaf.quantile(levels), strict=True):
            error = np.sqrt(2 * p * (1 - p) / CHUNK) + 1e-12
            assert abs(np.mean(tied[id] <= level) - np.mean(free[id] <= level)) < 4.5 * error


def test_the_rank_correlations_are_reached():
    """4 standard errors, as in test_draws; the Latin points have less."""
    drawn = whole(PAIRS, CHUNK)
    for pair in PAIRS[:2]:
        found = spearmanr(drawn[pair.a], drawn[pair.b]).statistic
        assert abs(found - pair.rank) < 4 * (1 - pair.rank**2) * np.sqrt(1.06 / CHUNK)


@pytest.mark.parametrize(("points", "reached"), [(4, 0.825), (16, 0.884), (128, 0.890)])
def test_repeats_of_few_points_reach_nearly_all_of_it(points, reached):
    """The mean over 100 repeats and more, within 4 of its standard errors; strata are met once, so the mean is 1/2."""
    flat = read("uniform(0, 1)")
    found = []
    for seed in range(40):
        made = draws(
            [("x", flat), ("y", flat)], [Correlation("x", "y", 0.8915)], seed=seed, samples=8 * points, points="latin"
        )
        rows = next(made.blocks(0))[2]
        found.append(12 * np.mean((rows["x"] - 0.5) * (rows["y"] - 0.5)))
    assert abs(np.mean(found) - reached) < 4 * np.std(found) / np.sqrt(len(found))


def test_a_leaf_alone_and_the_first_of_a_group_are_drawn_as_without_correlations():
    tied, free = whole(PAIRS[:2], 5_000), whole((), 5_000)
    for id in ("a", "d", "e"):
        assert np.array_equal(tied[id], free[id])


def test_leaves_of_one_draw_keep_their_numbers_and_their_ranks():
    shares = {"a": "x", "c": "x"}
    pairs = [Correlation("x", "e", 0.7), Correlation("e", "b", 0.4)]
    tied, free = whole(pairs, 4_000, shares=shares), whole((), 4_000, shares=shares)
    assert all(np.array_equal(np.sort(tied[id]), np.sort(free[id])) for id, _ in LEAVES)
    assert np.array_equal(tied["a"].argsort(), tied["c"].argsort())
    assert spearmanr(tied["a"], tied["e"]).statistic == pytest.approx(0.7, abs=0.02)
