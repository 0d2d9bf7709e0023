"""Samples in order: their quantiles, how many reach a target, and the quantiles of rows that are not put into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.sampling.moments import Moments

Counts = NDArray[np.int64]


class Ranked(Protocol):
    """Samples in order, however much of them is known."""

    def quantiles(self, probabilities: Sequence[float] | Array) -> Array:
        """Linear between the two nearest samples: NumPy's default; of no samples, not a number."""
        ...


@dataclass(frozen=True, eq=False)
class Sorted:
    """Samples that are all there, in sorted rows."""

    rows: Sequence[Array]

    def quantiles(self, probabilities: Sequence[float] | Array) -> Array:
        """As of one sorted row, without sorting the rows into one."""
        if len(self.rows) == 1:
            return quantile(self.rows[0], probabilities)
        count = sum(map(len, self.rows))
        if not count:
            return np.full(len(probabilities), np.nan)
        place = np.asarray(probabilities, dtype=np.float64) * (count - 1)
        below = np.floor(place).astype(np.int64)
        return between(*picked(self.rows, below), place - below)


def in_order(table: Array, total: Moments) -> list[Array]:
    """The finite samples of each row, sorted in place."""
    if int(total.count.sum()) < table.size:
        table[~np.isfinite(table)] = np.nan  # which sort to the end
    table.sort(axis=1)
    return [row[: int(count)] for row, count in zip(table, total.count, strict=True)]


def reaching(rows: Sequence[Array], target: float, sign: float) -> Counts:
    """How many of each repeat's sorted samples reach the target: at least it, or with ``sign`` -1 at most it."""
    if sign > 0:
        return np.array([len(row) - np.searchsorted(row, target) for row in rows], dtype=np.int64)
    return np.array([np.searchsorted(row, target, side="right") for row in rows], dtype=np.int64)


def quantile(ordered: Array, probabilities: Sequence[float] | Array) -> Array:
    """Quantiles of sorted samples, linear between the two nearest: NumPy's default, to the bit, without its own sort.

    >>> quantile(np.array([1.0, 2, 4]), [0, 0.75])
    array([1., 3.])
    """
    if not len(ordered):
        return np.full(len(probabilities), np.nan)
    place = np.asarray(probabilities, dtype=np.float64) * (len(ordered) - 1)
    below = np.floor(place).astype(np.int64)
    return between(ordered[below], ordered[np.minimum(below + 1, len(ordered) - 1)], place - below)


def between(low: Array, high: Array, part: Array) -> Array:
    """``part`` of the way from low to high, as NumPy rounds it."""
    with np.errstate(over="ignore", invalid="ignore"):  # a gap wider than the floats
        step = high - low
        return np.where(part < 0.5, low + step * part, high - step * (1 - part))


def picked(rows: Sequence[Array], ranks: NDArray[np.int64]) -> tuple[Array, Array]:
    """The samples of these ranks (from 0) in all sorted rows together, and those that follow (the last: itself).

    A row's sample at the same share of its own length is near; between the least and the most of such neighbours lies
    the one that is looked for, and only what lies between is sorted.
    """
    rows = [row for row in rows if len(row)]
    sizes = np.array([len(row) for row in rows])[:, None]
    count = int(sizes.sum())
    after = np.minimum(ranks + 1, count - 1)
    low = np.min([row[np.maximum(at - 1, 0)] for row, at in zip(rows, ranks * sizes // count, strict=True)], axis=0)
    top = [row[np.minimum(at + 1, len(row) - 1)] for row, at in zip(rows, after * sizes // count, strict=True)]
    first = [np.searchsorted(row, low) for row in rows]
    last = [np.searchsorted(row, np.max(top, axis=0), side="right") for row in rows]
    found = np.empty((2, len(ranks)))
    for k, skipped in enumerate(np.sum(first, axis=0)):
        inside = np.sort(np.concatenate([row[a[k] : b[k]] for row, a, b in zip(rows, first, last, strict=True)]))
        found[:, k] = inside[ranks[k] - skipped], inside[after[k] - skipped]
    return found[0], found[1]
