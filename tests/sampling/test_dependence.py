import re

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import kstest, spearmanr

from leverage.sampling.dependence import Contradiction, dependence, rank_correlation, reached, score_correlation
from leverage.sampling.points import points
from leverage.tree.tree import Correlation
from tests.sampling.stand_in import Coin, Flat, taken

IDS = ("a", "b", "c", "d")
N = 65_536


def tied(*pairs, kind="random", ids=IDS, strict=False, seed=0):
    """The coordinates before and after, and the dependence."""
    found = dependence(ids, [Correlation(*pair) for pair in pairs], strict=strict)
    before = taken(points(kind, ids, seed=seed, samples=N), 0, N)
    return before, followed(found, before), found


def followed(found, before):
    """The coordinates that dependent scores tell."""
    after = before.copy()
    for group in found.groups:
        scores = ndtri(before[list(group.rows)])
        group.tie(scores)
        for i, row in enumerate(group.rows):
            if group.follows(i):
                after[row] = ndtr(scores[i])
    return after


@pytest.mark.parametrize("kind", ["random", "sobol", "latin"])
@pytest.mark.parametrize("rank", [-0.95, -0.3, 0.1, 0.6, 0.99])
def test_two_leaves_have_the_rank_correlation_asked_for(rank, kind):
    """Fieller, Hartley and Pearson 1957: sd of Spearman's in normal samples is near (1 - rank**2) sqrt(1.06 / n)."""
    _, after, _ = tied(("b", "c", rank), kind=kind)
    assert abs(spearmanr(after[1], after[2]).statistic - rank) < 4 * (1 - rank**2) * np.sqrt(1.06 / N)


def test_a_group_has_all_its_rank_correlations_and_pairs_that_are_not_named_follow_from_them():
    """Along a chain scores' correlations multiply; a pair named with 0 ties nothing to a group."""
    _, after, found = tied(("d", "a", 0.5), ("b", "d", -0.4), ("c", "b", 0.0))
    ranks = spearmanr(after.T).statistic
    carried = rank_correlation(score_correlation(0.5) * score_correlation(-0.4))
    wanted = np.array([[1, carried, 0, 0.5], [carried, 1, 0, -0.4], [0, 0, 1, 0], [0.5, -0.4, 0, 1]])
    assert np.abs(ranks - wanted).max() < 4 * np.sqrt(1.06 / N)
    assert [group.rows for group in found.groups] == [(0, 1, 3)]
    assert found.notes == (f"pairs that are not named follow from those that are: a and b {carried:.2g}",)


def test_a_pair_that_is_named_with_0_is_held_there():
    _, after, found = tied(("a", "b", 0.5), ("b", "c", 0.6), ("c", "a", 0.0))
    wanted = np.array([[1, 0.5, 0], [0.5, 1, 0.6], [0, 0.6, 1]])
    assert np.abs(spearmanr(after[:3].T).statistic - wanted).max() < 4 * np.sqrt(1.06 / N)
    assert found.notes == ()


def test_many_pairs_that_follow_are_cut_to_the_strongest_of_all_groups():
    ids = tuple("abcdefghij")
    chain = [Correlation(*pair, 0.5) for pair in zip("abcde", "bcdef", strict=False)]
    found = dependence(ids, [*chain, Correlation("g", "h", 0.9), Correlation("h", "i", 0.9)])
    assert found.notes == (
        "pairs that are not named follow from those that are: g and i 0.81; a and c 0.26; b and d 0.26; c and e 0.26; "
        "d and f 0.26; and 6 more",
    )


def test_a_circle_that_contradicts_itself_moves_its_named_pairs_alone():
    """To scores of cos(pi / 4): see test_nearest; 6 / pi asin(sqrt(1/2) / 2) = 0.690."""
    pairs = (("a", "b", 0.9), ("b", "c", 0.9), ("c", "d", 0.9), ("a", "d", -0.9))
    assert tied(*pairs)[2].notes == (
        "no dependence has the rank correlations given for a, b, c and d together; the nearest are drawn: a with b "
        "0.690 (not 0.900), a with d -0.690 (not -0.900), b with c 0.690 (not 0.900) and c with d 0.690 (not 0.900)",
    )
    with pytest.raises(Contradiction):
        tied(*pairs, strict=True)


def test_leaves_that_are_all_but_one_in_a_circle_are_no_contradiction():
    """A correlation of 1 stands on the edge, where no inverse is; it is drawn as 0.9998 and nothing has moved."""
    pairs = (("a", "b", 1.0), ("b", "c", 0.5), ("c", "d", 0.5), ("d", "a", 0.5))
    found = tied(*pairs, strict=True)[2]
    assert found.scores["a", "b"] > 0.9995
    assert found.notes == ("pairs that are not named follow from those that are: a and c 0.5; b and d 0.5",)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_correlation_of_one_makes_ranks_equal(sign):
    _, after, found = tied(("a", "b", sign))
    assert found.notes == ()
    assert after[1] == pytest.approx(after[0] if sign > 0 else 1 - after[0], abs=1e-14)


def test_only_leaves_that_follow_others_are_touched():
    before, after, _ = tied(("a", "b", 0.5), ("b", "d", 0.2))
    changed = [not np.array_equal(x, y) for x, y in zip(before, after, strict=True)]
    assert changed == [False, True, False, True]


@pytest.mark.parametrize("kind", ["random", "sobol", "latin"])
def test_every_leaf_stays_uniform(kind):
    """1.95 / sqrt(n) is passed by independent draws 999 times in 1000."""
    _, after, _ = tied(("a", "b", 0.9), ("b", "c", 0.7), ("c", "d", -0.5), kind=kind)
    assert 0 < after.min() < after.max() < 1
    for row in after:
        assert kstest(row, "uniform").statistic < 1.95 / np.sqrt(N)


def test_the_order_of_pairs_and_of_their_names_changes_no_bit():
    one = tied(("a", "b", 0.5), ("b", "d", 0.2), ("a", "c", 0.1))[1]
    other = tied(("c", "a", 0.1), ("d", "b", 0.2), ("b", "a", 0.5))[1]
    assert np.array_equal(one, other)


def test_the_size_of_blocks_changes_no_bit():
    before, after, found = tied(("a", "b", 0.9), ("b", "c", 0.7), ("c", "d", -0.5))
    for size in (1, 7, 1_000):
        parts = [before[:, start : start + size].copy() for start in range(0, 5_000, size)]
        together = np.concatenate([followed(found, part) for part in parts], axis=1)
        assert np.array_equal(together[:, :5_000], after[:, :5_000])


CONTRADICTING = (("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9))


def test_contradicting_correlations_become_the_nearest_and_a_note_says_how_far_each_moved():
    """By symmetry in signs the nearest has scores of 1/2, -1/2: Spearman's 6 / pi asin(1/4) = 0.483."""
    _, after, found = tied(*CONTRADICTING)
    rank = 6 / np.pi * np.arcsin(1 / 4)
    wanted = np.array([[1, rank, -rank], [rank, 1, rank], [-rank, rank, 1]])
    assert np.abs(spearmanr(after[:3].T).statistic - wanted).max() < 4 * np.sqrt(1.06 / N)
    assert found.notes == (
        "no dependence has the rank correlations given for a, b and c together; the nearest are drawn: "
        "a with b 0.483 (not 0.900), a with c -0.483 (not -0.900) and b with c 0.483 (not 0.900)",
    )


def test_strict_refuses_them():
    sentence = (
        "no dependence has the rank correlations given for a, b and c together; weaken them, the nearest that go "
        "together are a with b 0.483 (not 0.900), a with c -0.483 (not -0.900) and b with c 0.483 (not 0.900)"
    )
    with pytest.raises(Contradiction, match=f"^{re.escape(sentence)}$") as caught:
        tied(*CONTRADICTING, strict=True)
    assert caught.value.ids == ("a", "b", "c")


def test_strict_accepts_what_a_dependence_has():
    assert tied(("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", 0.7), strict=True)[2].notes == ()


def test_a_pair_of_which_a_leaf_is_certain_is_noted_and_left_out():
    before, after, found = tied(("a", "x", 0.5), ("y", "x", 0.5))
    assert np.array_equal(before, after)
    assert found.notes == (
        "the correlation of a and x is not followed: x is certain",
        "the correlation of y and x is not followed: y and x are certain",
    )


def test_rank_and_score_correlations_are_each_others_inverse():
    ranks = np.linspace(-1, 1, 41)
    assert rank_correlation(score_correlation(ranks)) == pytest.approx(ranks, abs=1e-14)


@pytest.mark.parametrize("score", [-0.9, 0.3, 0.8])
def test_discrete_leaves_reach_what_closed_forms_say(score):
    """Sheppard 1899: two normal scores of correlation r share a sign with chance 1/2 + asin(r) / pi. So two fair coins
    reach 2 / pi asin(r), a coin and a continuous leaf asin(r / sqrt 2) / (2 pi) over the sds, 1/2 and sqrt(1 / 12)."""
    coins = 2 / np.pi * np.arcsin(score)
    mixed = np.arcsin(score / np.sqrt(2)) / (2 * np.pi) * 2 * np.sqrt(12)
    assert reached(score, Coin(0.5), Coin(0.5)) == pytest.approx(coins, abs=1e-3)
    assert reached(score, Flat(), Coin(0.5)) == pytest.approx(mixed, abs=1e-3)
    assert reached(score, Flat(), Flat()) == pytest.approx(rank_correlation(score), abs=1e-3)
    assert reached(score, Flat(), Coin(0.0)) == 0


def test_a_discrete_leaf_that_is_held_at_0_reaches_it():
    assert reached(0.0, Flat(), Coin(0.3)) == 0
