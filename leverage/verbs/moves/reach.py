"""How far a lever can go, and where along the way the goal is best: one lever at a time, all else at its level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.program.program import USE
from leverage.program.run import response, sweep
from leverage.tree.metric import Lever, Metric
from leverage.tree.tree import Tree

Array = NDArray[np.float64]

GRID = 257  # levels of the first look over the whole interval
ROUNDS, ZOOM = 10, 33  # closer looks between the neighbours of a top: 16**10 times as fine
TOPS = 8  # tops of the grid that are looked at closer: the highest on the grid need not be the highest between
SNAP = 1e-9  # of the interval: nearer to its end than that is at its end
ROUNDING = 1e-12  # of the gain: less is no loss
WHOLE = 4_097  # whole levels that are looked at one by one
ASSUMED = 0.2  # share of the base either way, where neither a bound nor a resource ends the interval
DOUBLINGS = 60


@dataclass(frozen=True, slots=True)
class Reach:
    """The interval of a lever. ``assumed``: an end that the file does not give was taken as base +-20 %."""

    low: float
    high: float
    assumed: bool


@dataclass(frozen=True, slots=True)
class Best:
    """The best level, the goal's gain there (in its direction, >= 0), and each resource's use there."""

    to: float
    gain: float
    uses: Mapping[str, float]


Rated = Callable[[Array], tuple[Array, dict[str, Array]]]


def reach(tree: Tree, id: str) -> Reach:
    """The lever's interval; an end that is missing is where a resource runs out, else base +-20 %."""
    lever = tree.metrics[id].lever
    assert lever is not None
    if lever.choices:
        return Reach(min(lever.choices), max(lever.choices), False)
    low, first = (lever.low, False) if lever.low is not None else _end(tree, id, -1.0)
    high, second = (lever.high, False) if lever.high is not None else _end(tree, id, 1.0)
    if low > high:  # the resource runs out before the bound on the other side, which alone is left
        low, high = (high, high) if lever.low is None else (low, low)
    return Reach(low, high, first or second)


def _end(tree: Tree, id: str, side: float) -> tuple[float, bool]:
    """Where a resource runs out on that side, or the assumed end."""
    level = tree.levels[id]
    stride = max(abs(level.value), abs(level.base), 1.0) * 1e-3
    out = [_runs_out(tree, id, resource, side * stride) for resource in tree.resources]
    found = [end for end in out if end is not None]
    if found:
        return (min(found) if side > 0 else max(found)), False
    lever = tree.metrics[id].lever
    bound = None if lever is None else lever.low if side > 0 else lever.high
    start = level.value if bound is None else side * max(side * level.value, side * bound)  # it may rest outside
    return start + side * ASSUMED * (abs(level.base) or abs(start) or 1.0), True


def _runs_out(tree: Tree, id: str, resource: str, stride: float) -> float | None:
    """The level nearest the present one at which the resource is used up, going by ``stride``; None where it is not."""
    here, limit, key = tree.levels[id].value, tree.limit(resource), USE + resource
    levels = here + stride * np.concatenate([[0.0], 2.0 ** np.arange(DOUBLINGS)])
    with np.errstate(invalid="ignore"):
        over = sweep(tree, {id: levels}, (key,))[key] > limit
    if over[0] or not over.any():
        return None
    first = int(np.argmax(over))
    inside, outside = levels[first - 1], levels[first]
    for _ in range(ROUNDS + 4):
        steps = np.linspace(inside, outside, ZOOM)
        passed = sweep(tree, {id: steps}, (key,))[key] > limit
        at = int(np.argmax(passed)) if passed.any() else ZOOM - 1
        inside, outside = steps[max(at - 1, 0)], steps[at]
    return float(inside)


def best(tree: Tree, id: str, reached: Reach, *, base: float, limits: Mapping[str, float] | None = None) -> Best:
    """The lever's best level over its whole interval; with ``limits``, among levels that pass none of them.

    A grid over the interval, then closer looks around each of its highest tops: a valley on the way does not stop the
    search, and a smooth top is found to rounding.
    """
    metric = tree.metrics[id]
    assert metric.lever is not None
    rate, here = _rated(tree, id, base, limits), tree.levels[id].value
    levels = _levels(metric.lever, reached, here)
    rest = [] if metric.lever.off is None else [metric.lever.off]
    tops = [] if metric.lever.whole else [_snapped(rate, top, reached) for top in _tops(rate, levels, here)]
    levels = np.array([*tops, *rest] if tops else [*levels, *rest])
    gains, uses = rate(levels)
    at = _first_best(gains, levels, here)
    if not gains[at] > 0:
        levels, at = np.array([here]), 0
        gains, uses = np.zeros(1), rate(levels)[1]
    return Best(float(levels[at]), float(gains[at]), {name: float(used[at]) for name, used in uses.items()})


def _rated(tree: Tree, id: str, base: float, limits: Mapping[str, float] | None) -> Rated:
    """The goal's gain at levels, -inf where a limit is passed or the goal is not finite, and each resource's use."""
    keys = {resource: USE + resource for resource in tree.resources}
    respond = response(tree, id, (tree.kgi, *keys.values()))

    def rate(levels: Array) -> tuple[Array, dict[str, Array]]:
        found = respond(levels)
        gains = tree.sign * (found[tree.kgi] - base)
        allowed = np.isfinite(gains)
        uses = {resource: found[key] for resource, key in keys.items()}
        for resource, limit in (limits or {}).items():
            allowed &= uses[resource] <= limit
        return np.where(allowed, gains, -np.inf), uses

    return rate


def _levels(lever: Lever, reached: Reach, here: float) -> Array:
    """The levels of the first look: all whole ones where they are few, else a grid, with the present level on it."""
    if lever.choices:
        return np.unique(lever.choices)
    if lever.integer:
        low, high = np.ceil(reached.low), np.floor(reached.high)
        return np.unique(np.rint(np.linspace(low, high, int(min(high - low + 1, WHOLE)))))
    inside = [here] if reached.low <= here <= reached.high else []
    return np.unique([*np.linspace(reached.low, reached.high, GRID), *inside])


def _tops(rate: Rated, levels: Array, here: float) -> list[float]:
    """The levels of the highest tops, each placed by ever closer looks between its neighbours on the grid."""
    gains = np.concatenate([[-np.inf], rate(levels)[0], [-np.inf]])
    inner = gains[1:-1]
    peaks = np.flatnonzero((inner >= gains[:-2]) & (inner >= gains[2:]) & (inner > -np.inf))
    # a plateau is a row of equal peaks, of which the one nearest to the present level stands for all
    order = np.lexsort((np.abs(levels[peaks] - here), -inner[peaks]))
    return [
        _top(rate, levels[max(at - 1, 0)], levels[min(at + 1, len(levels) - 1)], here) for at in peaks[order][:TOPS]
    ]


def _top(rate: Rated, low: float, high: float, here: float) -> float:
    level = low
    for _ in range(ROUNDS):
        levels = np.unique(np.append(np.linspace(low, high, ZOOM), level))
        at = _first_best(rate(levels)[0], levels, here)
        low, level, high = levels[max(at - 1, 0)], levels[at], levels[min(at + 1, len(levels) - 1)]
    return float(level)


def _snapped(rate: Rated, top: float, reached: Reach) -> float:
    """The top, or the end of the interval that it all but touches: rounding keeps no lever a last bit off its bound."""
    end = reached.low if top - reached.low < reached.high - top else reached.high
    gains, _ = rate(np.array([top, end]))
    near = abs(top - end) <= SNAP * (reached.high - reached.low)
    return end if near and gains[1] >= gains[0] - ROUNDING * abs(gains[0]) else top


def _first_best(gains: Array, levels: Array, here: float) -> int:
    """The best level, of equal ones that nearest to the present level: no lever is moved for nothing."""
    top = np.flatnonzero(gains == gains.max())
    return int(top[np.argmin(np.abs(levels[top] - here))])


def movable(metric: Metric, reached: Reach) -> bool:
    """Whether the lever has more than one level."""
    lever = metric.lever
    if lever is None or lever.off is not None:
        return lever is not None
    if lever.integer:
        return bool(np.ceil(reached.low) < np.floor(reached.high))
    return reached.low < reached.high
