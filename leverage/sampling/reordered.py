"""Latin hypercubes whose leaves are correlated: every leaf keeps its own points, and takes them in another order.

A score that follows others no longer meets every stratum once. So it only says the order: within a chunk and a repeat
the least score takes the least of the leaf's own points, and so on. A leaf's points are then the same numbers as
without correlations, to the bit. The rank correlations are reached but for what few points leave: of 0.89, a repeat of
4 points reaches 0.82, one of 16 reaches 0.88, and one of 100 or more is within 0.002.

Source: Iman and Conover 1982, Commun. Stat. Simul. Comput. 11, 311, with the scores of the normal copula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from leverage.panels import Array
from leverage.sampling.dependence import Group
from leverage.sampling.latin import Latin
from leverage.sampling.marginal import standard
from leverage.sampling.streams import CHUNK, REPEATS, Stream
from leverage.sampling.table import Spare


@dataclass
class ReorderedStream:
    """The points of one chunk: of a leaf that follows others, its own in the order that is said for all of them."""

    own: Stream
    latin: Latin
    groups: Sequence[Group]
    chunk: int
    size: int
    ready: dict[int, Array] = field(default_factory=dict)  # leaves that follow: the points still to be handed out

    def fill(self, k: int, out: Array) -> None:
        if k not in self.ready and (group := _followed(self.groups, k)) is not None:
            self.ready.update(self._ordered(group))
        if k not in self.ready:
            self.own.fill(k, out)
            return
        out[:] = self.ready[k][: len(out)]
        self.ready[k] = self.ready[k][len(out) :]

    def _ordered(self, group: Group) -> Iterator[tuple[int, Array]]:
        """The chunk's points of each leaf of the group that follows others."""
        spare, scores = Spare.of(self.size), np.empty((len(group.rows), self.size))
        first, again = self.latin.chunk(self.chunk), self.latin.chunk(self.chunk)
        for score, k in zip(scores, group.rows, strict=True):
            first.fill(k, score)
            standard().draw(score, spare)
        group.tie(scores)
        for i, k in enumerate(group.rows):
            if group.follows(i):
                points = np.empty(self.size)
                again.fill(k, points)
                yield k, _in_order_of(scores[i], points)


def _followed(groups: Sequence[Group], k: int) -> Group | None:
    """The group in which leaf k follows others, if it does in one."""
    return next((group for group in groups if k in group.rows and group.follows(group.rows.index(k))), None)


def _in_order_of(scores: Array, points: Array) -> Array:
    """The points, repeat by repeat, in the order of the scores."""
    found = np.empty_like(points)
    for r in range(min(REPEATS, len(points))):
        found[r::REPEATS][np.argsort(scores[r::REPEATS], kind="stable")] = np.sort(points[r::REPEATS])
    return found


def reordered(latin: Latin, groups: Sequence[Group], chunk: int, samples: int) -> ReorderedStream:
    """The points of a chunk, of so many samples in all."""
    return ReorderedStream(latin.chunk(chunk), latin, groups, chunk, min(CHUNK, samples - chunk * CHUNK))
