"""Draws that move together: Spearman's rank correlations through the normal copula.

Coordinates of correlated draws become normal scores, scores are combined, and become coordinates again; each stays
uniform, so no leaf's own distribution changes. Only correlated draws pay. In a group the first by id keeps its
coordinate, and each further one follows those before it. Most draws are those of one leaf and have its id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from leverage.errors import LeverageError, listed, printable
from leverage.panels import Array
from leverage.sampling.completion import completion
from leverage.sampling.nearest import Flags, factor, nearest
from leverage.sampling.streams import LEAST, MOST

if TYPE_CHECKING:
    from leverage.tree.tree import Correlation
    from leverage.tree.uncertainty import Distribution

SEEN = 0.0005  # a move of a rank correlation that three decimals show
FOLLOWING = 5  # pairs that nobody named, in a note
KEPT = 1_024  # pairs of distributions whose figure waits for the next label that has the same
ALONE = np.ones((1, 1))  # the factor of a group of one
LATTICE = 28_657, 46_368  # neighbours in Fibonacci's series: the best lattice of its size in the square


class Contradiction(LeverageError):
    """Rank correlations that no dependence has together, where the nearest that one has was refused."""

    def __init__(self, ids: Sequence[str], moved: Sequence[str]) -> None:
        self.ids, self.moved = tuple(ids), tuple(moved)
        super().__init__(f"{claim(ids)}; weaken them, the nearest that go together are {listed(moved)}")


@dataclass(frozen=True, eq=False)
class Group:
    """Draws joined by correlations: their rows, in the order of ids, and the factor of their scores' correlations."""

    rows: tuple[int, ...]
    factor: Array  # (g, g), lower triangular

    def tie(self, scores: Array) -> None:
        """Let independent normal scores, shape ``(g, b)``, depend on each other, in place.

        The sums are written out: a matrix product may round differently with the number of columns, and a draw must
        not depend on the size of its block.
        """
        product = np.empty(scores.shape[1])
        for i in reversed(range(len(self.rows))):  # those before it are still as they were
            if self.follows(i):
                scores[i] *= self.factor[i, i]
                for j in np.flatnonzero(self.factor[i, :i]):
                    scores[i] += np.multiply(scores[j], self.factor[i, j], out=product)

    def follows(self, i: int) -> bool:
        """Whether the group's draw i follows others before it; else it keeps its coordinate."""
        return bool(self.factor[i, :i].any())


@dataclass(frozen=True, eq=False)
class Dependence:
    """What ties the draws together; ``scores`` is the correlation of normal scores of each pair that was named."""

    groups: tuple[Group, ...] = ()
    scores: Mapping[tuple[str, str], float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def widest(self) -> int:
        """Draws of the largest group."""
        return max((len(group.rows) for group in self.groups), default=0)

    def free(self, draws: int) -> list[int]:
        """Rows of the draws that are in no group."""
        tied = {row for group in self.groups for row in group.rows}
        return [k for k in range(draws) if k not in tied]

    def alone(self, rows: Iterable[int]) -> Dependence:
        """With a group of its own for each of these rows that is in none: of a draw that several leaves take."""
        tied = {row for group in self.groups for row in group.rows}
        return replace(self, groups=(*self.groups, *(Group((k,), ALONE) for k in rows if k not in tied)))


def dependence(
    ids: Sequence[str], correlations: Iterable[Correlation], *, strict: bool = False, still: Collection[str] = ()
) -> Dependence:
    """The dependence of the draws ``ids``, which stand in order, that has the rank correlations.

    Nothing is known of pairs that are not named: in a group they follow from those that are (`completion`), and a note
    says to what; between groups they have none. A pair that is named with 0 is held there. Where no dependence has all
    the named ones the nearest, in the normal scores, are taken and a note says how far each pair moved.

    Args:
        still: draws that have one level alone; nothing moves with them.

    Raises:
        Contradiction: no dependence has them, and ``strict``.
    """
    place = {id: k for k, id in enumerate(ids) if id not in still}
    ranks: dict[tuple[int, int], float] = {}
    notes: list[str] = []
    for pair in correlations:
        if absent := [id for id in (pair.a, pair.b) if id not in place]:
            verb = "is" if len(absent) == 1 else "are"
            notes.append(
                f"the correlation of {listed((pair.a, pair.b))} is not followed: {listed(absent)} {verb} certain"
            )
        else:
            low, high = sorted((place[pair.a], place[pair.b]))
            ranks[low, high] = pair.rank
    groups, scores = [], {}
    follow: list[tuple[float, str]] = []
    for rows in connected(pair for pair, rank in ranks.items() if rank):
        own = [ids[row] for row in rows]
        wanted, named = _matrix(rows, ranks)
        matrix, moved = _settled(own, wanted, named, strict)
        notes.extend(moved)
        follow.extend(_following(own, matrix, named))
        groups.append(Group(rows, factor(matrix)))
        pairs = ((a, b) for a, b in combinations(range(len(rows)), 2) if named[a, b])
        scores.update({(own[a], own[b]): float(matrix[a, b]) for a, b in pairs})
    notes.extend(_told(follow))
    return Dependence(tuple(groups), scores, tuple(notes))


def score_correlation(rank: Array | float) -> Array:
    """Pearson's correlation of normal scores whose rank correlation is Spearman's ``rank``.

    Source: Pearson 1907; Kruskal 1958, JASA 53, 814.

    >>> score_correlation(np.array([0, 0.5, 1])).round(4)
    array([0.    , 0.5176, 1.    ])
    """
    scores: Array = 2 * np.sin(np.pi / 6 * np.asarray(rank))
    return scores


def rank_correlation(score: Array | float) -> Array:
    """Spearman's correlation of normal scores whose Pearson's correlation is ``score``."""
    ranks: Array = 6 / np.pi * np.arcsin(np.asarray(score) / 2)
    return ranks


@lru_cache(maxsize=KEPT)
def reached(score: float, a: Distribution, b: Distribution) -> float:
    """Spearman's correlation, ties sharing their mean rank, that two leaves get from scores of that correlation.

    It is what was asked for unless one is discrete; then it is taken on a lattice of 46,368 points, to about 1e-3.
    """
    if not score:
        return 0.0  # the lattice would put it at some 1e-4
    from scipy.special import ndtr, ndtri

    step, size = LATTICE
    first, second = (np.arange(size) + 0.5) / size, (np.arange(size) * step % size + 0.5) / size
    follows = np.clip(ndtr(score * ndtri(first) + np.sqrt(max(0.0, 1 - score**2)) * ndtri(second)), LEAST, MOST)
    ranks = _ranks(a.quantile(first)), _ranks(b.quantile(follows))
    spread = float(np.std(ranks[0]) * np.std(ranks[1]))
    return float(np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean()))) / spread if spread else 0.0


def connected(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Groups of places joined by pairs, each in order.

    >>> connected([(0, 3), (1, 2), (3, 4)])
    [(0, 3, 4), (1, 2)]
    """
    home: dict[int, set[int]] = {}
    for a, b in pairs:
        joined = home.get(a, {a}) | home.get(b, {b})
        home.update(dict.fromkeys(joined, joined))
    return sorted({min(group): tuple(sorted(group)) for group in home.values()}.values())


def claim(ids: Sequence[str]) -> str:
    """The claim that opens the note and the refusal."""
    return f"no dependence has the rank correlations given for {listed(ids)} together"


def _matrix(rows: Sequence[int], ranks: Mapping[tuple[int, int], float]) -> tuple[Array, Flags]:
    """The correlations of scores that were asked for, and which pairs were named."""
    place = {row: k for k, row in enumerate(rows)}
    matrix, named = np.eye(len(rows)), np.eye(len(rows), dtype=bool)
    for (a, b), rank in ranks.items():
        if a in place and b in place:
            at = [place[a], place[b]], [place[b], place[a]]
            matrix[at], named[at] = score_correlation(rank), True
    return matrix, named


def _settled(ids: Sequence[str], wanted: Array, named: Flags, strict: bool) -> tuple[Array, list[str]]:
    """The matrix that is drawn, and the note where it is not the one that was asked for."""
    found = completion(wanted, named)
    if found is not None:
        return found, []
    found = nearest(wanted, named)
    moved = _moves(ids, wanted, found, named)
    if moved and strict:
        raise Contradiction(ids, moved)
    return found, [f"{claim(ids)}; the nearest are drawn: {listed(moved)}"] if moved else []


def _following(ids: Sequence[str], matrix: Array, named: Flags) -> list[tuple[float, str]]:
    """How far each pair that nobody named is seen to go together, and a phrase for it."""
    ranks = rank_correlation(matrix)
    seen = zip(*np.nonzero(np.triu(~named & (np.abs(ranks) >= SEEN))), strict=True)
    return [(abs(ranks[a, b]), f"{printable(ids[a])} and {printable(ids[b])} {ranks[a, b]:.2g}") for a, b in seen]


def _told(follow: Sequence[tuple[float, str]]) -> list[str]:
    """The sentence about pairs that nobody named, the strongest first, those alike in the order of ids."""
    phrases = [phrase for _, phrase in sorted(follow, key=lambda each: -round(each[0], 9))]
    if not phrases:
        return []
    more = f"; and {len(phrases) - FOLLOWING:,} more" if len(phrases) > FOLLOWING else ""
    return [f"pairs that are not named follow from those that are: {'; '.join(phrases[:FOLLOWING])}{more}"]


def _moves(ids: Sequence[str], wanted: Array, reached: Array, named: Flags) -> list[str]:
    """A phrase for each named pair that moved, the farthest first."""
    before, after = rank_correlation(np.clip(wanted, -2, 2)), rank_correlation(reached)
    rows, columns = np.triu_indices(len(ids), 1)
    far = np.where(named, np.abs(after - before), 0.0)[rows, columns]
    # rounded, so that pairs that moved alike stand in the order of ids on every machine
    order = [k for k in np.argsort(-far.round(9), kind="stable") if far[k] >= SEEN]
    return [
        f"{printable(ids[a])} with {printable(ids[b])} {after[a, b]:.3f} (not {before[a, b]:.3f})"
        for a, b in ((rows[k], columns[k]) for k in order)
    ]


def _ranks(values: Array) -> Array:
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Array = (np.cumsum(counts) - (counts - 1) / 2)[where]
    return ranks
