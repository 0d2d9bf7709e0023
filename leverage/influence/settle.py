"""Where exactly do a box's limits belong? Moved out and in by thin slices, as long as the box becomes a better one.

Peeling takes off a twentieth at a time, so its limits stand about where misses end. Friedman and Fisher 1999, section
8.2, paste slices back; here thinner ones go either way, so that a limit may also move in by less than peeling can.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from leverage.influence.boxes import Box, Flags, Limit, Share, inside, score, share, without
from leverage.panels import Array

SLICE = 0.01  # of the samples in the box
MOST = 400  # moves: more than any box has needed


def settled(x: Array, miss: Flags, box: Box, dense: float = 0.0) -> Box:
    """The box with limits that no thin slice, given or taken, makes better (`boxes.score`).

    Args:
        dense: a density below which no move may bring the box.
    """
    base = float(miss.mean())
    best = score(share(inside(box, x), miss), base)
    for _ in range(MOST):
        rated = [(_rated(told, base, dense), -row, limit) for row, limit, told in _moves(x, miss, box)]
        worth, minus, limit = max(rated, key=lambda each: each[:2], default=(-1.0, 0, Limit()))
        if worth <= best:
            break
        best = worth
        box = without(box, -minus) if limit.open else {**box, -minus: limit}
    return box


def _rated(told: Share, base: float, dense: float) -> float:
    return score(told, base) if told.density >= dense else -1.0


def _moves(x: Array, miss: Flags, box: Box) -> Iterator[tuple[int, Limit, Share]]:
    """The limits next to a box's own, leaf by leaf, and what the box would hold."""
    size = max(1, int(SLICE * np.count_nonzero(inside(box, x))))
    misses = int(np.count_nonzero(miss))
    for row, limit in box.items():
        others = inside(without(box, row), x)
        level, missed = x[row, others], miss[others]
        for moved in _limits(limit, level, size):
            yield row, moved, share(moved.holds(level), missed, all_misses=misses)


def _limits(limit: Limit, level: Array, size: int) -> Iterator[Limit]:
    """A limit moved by so many samples, out and in; ``level``: of those that all other limits hold."""
    if limit.values is not None:
        yield from _values(limit.values, np.unique(level).tolist())
        return
    held = level[limit.holds(level)]
    if limit.low > -math.inf:
        yield Limit(-_next(-level[level < limit.low], size), limit.high)
        yield Limit(-_cut(-held, size), limit.high)
    if limit.high < math.inf:
        yield Limit(limit.low, _next(level[level > limit.high], size))
        yield Limit(limit.low, _cut(held, size))


def _next(beyond: Array, size: int) -> float:
    """The limit that takes in the nearest of what lies beyond: none where that is all."""
    return math.inf if size >= len(beyond) else float(np.partition(beyond, size - 1)[size - 1])


def _cut(held: Array, size: int) -> float:
    """The limit that leaves out the farthest of what is held."""
    place = max(0, len(held) - 1 - size)
    return float(np.partition(held, place)[place])


def _values(held: tuple[float, ...], known: list[float]) -> Iterator[Limit]:
    """The sets of values with one more or one fewer."""
    for value in known:
        kept = set(held) ^ {value}
        if kept:
            yield Limit() if kept >= set(known) else Limit(values=tuple(sorted(kept)))
