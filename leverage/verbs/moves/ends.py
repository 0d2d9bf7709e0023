"""How far a lever without a bound may go in a plan: to where a resource stops it, or past where it is worth going."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leverage.errors import NoAnswer
from leverage.program.program import USE
from leverage.program.run import sweep
from leverage.tree.tree import Tree
from leverage.verbs.moves.reach import DOUBLINGS

Array = NDArray[np.float64]

RISING = 1e-9  # of the goal's size: a rise at the far end that is no rounding


class Unbounded(NoAnswer):
    """A lever that could be moved for ever, to ever more of the goal."""

    def __init__(self, id: str, side: float) -> None:
        bound = "max" if side > 0 else "min"
        super().__init__(
            f"nothing stops {id}: the further it is moved the better; give its lever a '{bound}', or let a resource "
            "pay for it"
        )


def ends(tree: Tree, ids: Sequence[str]) -> tuple[Array, Array]:
    """Bounds (k,) of the levers: those of the file, and where one is missing, where a plan could not want to pass.

    Raises:
        Unbounded: no resource stops the lever on that side, and the goal rises as far as it can be followed.
    """
    low, high = np.empty(len(ids)), np.empty(len(ids))
    for place, id in enumerate(ids):
        lever = tree.metrics[id].lever
        assert lever is not None
        if lever.choices:
            low[place], high[place] = min(lever.choices), max(lever.choices)
            continue
        low[place] = lever.low if lever.low is not None else _end(tree, id, -1.0)
        high[place] = lever.high if lever.high is not None else _end(tree, id, 1.0)
    return low, high


def _end(tree: Tree, id: str, side: float) -> float:
    level = tree.levels[id]
    stride = max(abs(level.value), abs(level.base), 1.0) * 1e-3
    levels = level.value + side * stride * np.concatenate([[0.0], 2.0 ** np.arange(DOUBLINGS)])
    stopped = _stopped(tree, id, levels)
    if stopped is not None:
        return float(levels[stopped])
    goals = tree.sign * sweep(tree, {id: levels}, (tree.kgi,))[tree.kgi]
    goals = np.where(np.isfinite(goals), goals, -np.inf)
    best = int(np.argmax(goals))
    if best >= DOUBLINGS - 1 and goals[-1] - goals[-2] > RISING * abs(goals[-2]):
        raise Unbounded(id, side)
    return float(levels[min(best + 1, DOUBLINGS)])


def _stopped(tree: Tree, id: str, levels: Array) -> int | None:
    """The first of the levels at which a resource is passed even with all other levers where they use least of it."""
    places = []
    for resource in tree.resources:
        key = USE + resource
        sparing = tree.with_(set=_sparing(tree, id, key))
        passed = sweep(sparing, {id: levels}, (key,))[key] > tree.limit(resource)
        if passed.any() and not passed[0] and passed[int(np.argmax(passed)) :].all():
            places.append(int(np.argmax(passed)))
    return min(places, default=None)


def _sparing(tree: Tree, id: str, key: str) -> dict[str, float]:
    """The other levers, each at that one of its bounds, its base or its level where it alone uses least."""
    found = {}
    for other in tree.levers:
        lever, level = tree.metrics[other].lever, tree.levels[other]
        if other == id or lever is None:
            continue
        given = (lever.low, lever.high, lever.off, level.base, level.value, *lever.choices)
        levels = np.array([x for x in given if x is not None])
        used = sweep(tree, {other: levels}, (key,))[key]
        found[other] = float(levels[int(np.nanargmin(used))]) if np.isfinite(used).any() else level.value
    return found
