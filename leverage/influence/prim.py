"""Which box of the leaves holds the misses? The Patient Rule Induction Method: peel little by little, then settle.

From all samples, peeling takes off one thin slice after another, at whichever end of whichever leaf leaves the rest
with the most misses. The boxes on the way are the trade between coverage and density. Source: Friedman and Fisher
1999, Statistics and Computing 9, sections 8 and 9. Slices of a leaf of few values are its values, which differ in size:
what counts is the gain for each sample taken off (Kwakkel and Jaxa-Rozen 2016, Environmental Modelling & Software 79).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leverage.influence.boxes import Box, Flags, Limit, inside
from leverage.panels import Array

PEEL = (0.05, 0.1, 0.25, 0.5, 0.75)  # of the samples in the box, that one step takes off: the least that surely helps
SURE = 3.0  # standard deviations by which a slice's misses lie below what its size lets expect
FEW = 12  # values, up to which each of them is a slice of its own
LEAST = 0.1  # of all misses: no box that holds fewer is worth a rule


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Samples to be peeled: leaves' levels (k, n), which samples miss, and their order by each leaf, sorted once.

    ``few``: which leaves have few values.
    """

    x: Array
    miss: Flags
    order: NDArray[np.int32]
    few: Flags

    @classmethod
    def of(cls, x: Array, miss: Flags) -> Ground:
        """The samples, sorted."""
        order = np.array([np.argsort(row, kind="stable") for row in x], dtype=np.int32).reshape(x.shape)
        few = np.array([_values(row[at]) <= FEW for row, at in zip(x, order, strict=True)], dtype=bool)
        return cls(x, miss, order, few)

    def outside(self, box: Box) -> Ground:
        """The samples that the box does not hold."""
        left = ~inside(box, self.x)
        number = np.cumsum(left, dtype=np.int32) - np.int32(1)
        order = number[self.order[left[self.order]]].reshape(len(self.x), -1)
        return Ground(self.x[:, left], self.miss[left], order, self.few)


def _values(ordered: Array) -> int:
    return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


class Slice(NamedTuple):
    """One that may be taken off: what each of its samples gains, how sure that is, its row, the limit that is left."""

    gain: float
    sure: float
    row: int
    limit: Limit


@dataclass(slots=True, eq=False)
class _Peeling:
    """What is left of the samples: ``order`` (d, m), those left in the order of each leaf of many values."""

    ground: Ground
    rows: Sequence[int]
    place: dict[int, int]  # of those of many values
    order: NDArray[np.int32]
    left: NDArray[np.intp]

    @classmethod
    def start(cls, ground: Ground, rows: Sequence[int]) -> _Peeling:
        many = [row for row in rows if not ground.few[row]]
        place = {row: k for k, row in enumerate(many)}
        return cls(ground, rows, place, ground.order[many], np.arange(len(ground.miss)))

    @property
    def misses(self) -> int:
        return int(np.count_nonzero(self.ground.miss[self.left]))

    def best(self) -> Slice | None:
        """The slice that gains most, of the thinnest among which it is sure to help; where none is, of the thinnest.

        Where misses are few, thin slices say nothing; and where they lie at both ends of a leaf, no thin slice helps,
        and half of the leaf may.
        """
        found = (max(self.slices(part), key=_gain, default=None) for part in PEEL)
        thinnest = next(found)
        if thinnest is None or thinnest.sure >= SURE:
            return thinnest
        return next((each for each in found if each is not None and each.sure >= SURE), thinnest)

    def slices(self, part: float) -> Iterator[Slice]:
        """All slices of this part of the samples, leaf by leaf in their order."""
        met, count = self.misses, len(self.left)
        density = met / count
        for row in self.rows:
            for limit, gone, misses in self._slices(row, max(1, int(part * count))):
                gain = ((met - misses) / (count - gone) - density) / gone
                sure = (gone * density - misses) / math.sqrt(gone * density * (1 - density))
                yield Slice(gain, sure, row, limit)

    def _slices(self, row: int, size: int) -> Iterator[tuple[Limit, int, int]]:
        x, miss = self.ground.x[row], self.ground.miss
        if row in self.place:
            return _ends(x, miss, self.order[self.place[row]], size)
        return _each(x[self.left], miss[self.left])

    def take(self, off: Slice) -> None:
        """Leave what the limit holds."""
        held = np.zeros(len(self.ground.miss), dtype=bool)
        self.left = self.left[off.limit.holds(self.ground.x[off.row, self.left])]
        held[self.left] = True
        self.order = self.order[held[self.order]].reshape(len(self.place), len(self.left))


def peel(ground: Ground, rows: Sequence[int]) -> list[Box]:
    """The boxes on the way from all samples to the thickest tenth of the misses, each within the one before.

    Args:
        rows: the leaves that may be restricted; of two slices that gain alike, the earlier leaf's goes.
    """
    state, box = _Peeling.start(ground, rows), dict[int, Limit]()
    path: list[Box] = [box]
    least = LEAST * state.misses
    while 0 < state.misses < len(state.left):
        off = state.best()
        if off is None:
            break
        state.take(off)
        if state.misses < least:
            break
        box = {**box, off.row: _both(box.get(off.row, Limit()), off.limit)}
        path.append(box)
    return path


def _gain(each: Slice) -> float:
    return each.gain


def _both(limit: Limit, further: Limit) -> Limit:
    """A limit and one within it."""
    if further.values is not None:
        return further
    return Limit(max(limit.low, further.low), min(limit.high, further.high))


def _ends(x: Array, miss: Flags, order: NDArray[np.int32], size: int) -> Iterator[tuple[Limit, int, int]]:
    """What is left when either end goes, how many samples go, and how many misses: equal levels go together."""
    count = len(order)
    if size >= count:
        return
    start, stop = size, count - size
    if x[order[start]] == x[order[start - 1]]:
        start = int(np.searchsorted(x[order], x[order[start - 1]], side="right"))
    if x[order[stop - 1]] == x[order[stop]]:
        stop = int(np.searchsorted(x[order], x[order[stop]], side="left"))
    if start < count:
        yield Limit(low=float(x[order[start]])), start, int(np.count_nonzero(miss[order[:start]]))
    if stop > 0:
        yield Limit(high=float(x[order[stop - 1]])), count - stop, int(np.count_nonzero(miss[order[stop:]]))


def _each(x: Array, miss: Flags) -> Iterator[tuple[Limit, int, int]]:
    """The same of a leaf of few values: any of them may go, as long as one is left."""
    values, which = np.unique(x, return_inverse=True)
    if len(values) < 2:
        return
    counts, misses = np.bincount(which), np.bincount(which, weights=miss)
    for k, (count, met) in enumerate(zip(counts, misses, strict=True)):
        yield Limit(values=tuple(np.delete(values, k).tolist())), int(count), int(met)
