import numpy as np
import pytest
from scipy.stats import rankdata

from leverage.verbs.moves.standings import bests, interval, ranked, tallied

GAINS = np.array([[3.0, 1, 2, np.nan, 5], [2, 1, 4, 1, 5], [1, 1, 9, np.nan, 5], [0, 0, 9, 0, 5]])


def test_what_is_counted_agrees_with_counting_by_hand() -> None:
    """Draws: one order; three alike at the top; two at the top; two that are no number, below all; all alike."""
    found = tallied(GAINS)
    assert found["won"].tolist() == [[1, 0, 1, 1], [1, 0, 1, 1], [0, 1, 1, 1], [0, 1, 0, 1]]
    assert bests(found["won"]) == pytest.approx([1 + 1 / 3 + 1 / 4, 1 + 1 / 3 + 1 / 4, 1 / 3 + 1 / 2 + 1 / 4, 3 / 4])
    assert found["ranks"].tolist() == [[3, 0, 1, 1], [3, 1, 1, 0], [3, 0, 2, 0], [2, 1, 0, 2]]
    assert found["first"].tolist() == [3, 3, 3]
    assert found["ahead"].tolist() == [2 + 1 + 0 + 0 + 1, 2 + 1 + 0 + 2 + 1, 2 + 2 + 1 + 0 + 1]


def test_ranks_are_those_of_scipy() -> None:
    gains = np.random.default_rng(0).integers(0, 5, (7, 500)).astype(float)
    assert np.array_equal(ranked(gains) + 1, rankdata(-gains, method="min", axis=0))


def test_counts_of_blocks_add_up_to_those_of_all() -> None:
    gains = np.random.default_rng(1).integers(0, 3, (4, 1000)).astype(float)
    parts = [tallied(gains[:, at : at + 77]) for at in range(0, 1000, 77)]
    for name, count in tallied(gains).items():
        assert np.array_equal(sum(part[name] for part in parts), count)


def test_a_lever_alone_is_first_and_has_no_neighbour() -> None:
    found = tallied(np.array([[1.0, 2.0]]))
    assert {name: count.tolist() for name, count in found.items()} == {
        "won": [[2]],
        "ranks": [[2]],
        "first": [],
        "ahead": [],
    }


@pytest.mark.parametrize(
    ("counts", "ranks"),
    [([100], (1, 1)), ([5, 95], (1, 2)), ([4, 96], (2, 2)), ([50, 0, 50], (1, 3)), ([95, 5], (1, 1))],
)
def test_an_interval_leaves_out_up_to_5_percent_on_either_side(counts: list[int], ranks: tuple[int, int]) -> None:
    assert interval(counts) == ranks
