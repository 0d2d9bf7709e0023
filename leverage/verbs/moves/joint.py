"""All cells of a lever at once: what do they bring together, what has each of it, and how far do the limits let them?

The cells go together on the straight line from where they stand to where each is best alone, as far as that helps. What
a cell has of the joint gain is the integral of the goal's slope in it along the way (Aumann and Shapley's prices), so
the parts add up to what evaluating both ends gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.program.path import NODES, WEIGHTS, Path, flow
from leverage.program.program import SLOPE, USE
from leverage.program.run import prepared, sloped, stand, sweep
from leverage.tree.metric import NOTHING, Lever
from leverage.tree.tree import Tree
from leverage.verbs.moves.reach import ROUNDING

Array = NDArray[np.float64]
Levels = Mapping[str, float]  # by cell

STEPS = 65  # even places on the way at which the goal is looked at
ZOOM, ROUNDS = 33, 10  # closer looks between the neighbours of the best of them
HALVINGS = 48  # of the way, round what is not smooth: to the last bits of it
CLOSE = 1e-12  # of the sizes on the way: what the rule may miss
LEFT = 1e-6  # of the sizes: more is left where the goal jumps


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the way: the cells' levels, the gain in the goal's direction, each resource's use there."""

    levels: Levels
    gain: float
    uses: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The straight line of some cells from ``here``, where the tree stands, to ``to``; all else stays."""

    tree: Tree
    here: Levels
    to: Levels

    @property
    def ids(self) -> tuple[str, ...]:
        """The cells that may move."""
        return tuple(self.here)

    def at(self, t: Array) -> Array:
        """Every cell's levels at the places t (n,) from 0 to 1: (d, n), both ends exactly."""
        here, to = np.array([*self.here.values()])[:, None], np.array([*self.to.values()])[:, None]
        return np.where(t == 1.0, to, here + t * (to - here))

    def allowed(self, t: Array) -> Array:
        """`at`, with levers that take separate levels at the last of them that they have passed by then."""
        levels = self.at(t)
        for row, id in zip(levels, self.ids, strict=True):
            lever = self.tree.metrics[id].lever
            if lever is not None:
                row[:] = _passed(lever, row, self.here[id], self.to[id])
        return levels

    def best(self, limits: Mapping[str, float] = NOTHING) -> Stop:
        """The best place on the way, of those where no limit is passed; its end, unless less of it is better."""
        t, seen = np.linspace(0.0, 1.0, STEPS), 0.0
        for _ in range(ROUNDS):
            gains, _ = self._rated(t, limits)
            whole = t[-1] == 1.0 and gains[-1] >= (1 - ROUNDING) * gains.max()
            top = len(t) - 1 if whole else int(np.argmax(gains))
            seen = float(t[top])
            if whole:
                break
            near = np.linspace(t[max(top - 1, 0)], t[min(top + 1, len(t) - 1)], ZOOM)
            t = np.unique(np.append(near, seen))
        gains, uses = self._rated(np.array([seen]), NOTHING)
        levels = self.allowed(np.array([seen]))[:, 0].tolist()
        used = {id: float(figures[0]) for id, figures in uses.items()}
        return Stop(dict(zip(self.ids, levels, strict=True)), float(gains[0]), used)

    def _rated(self, t: Array, limits: Mapping[str, float]) -> tuple[Array, dict[str, Array]]:
        """The gains at the places t (n,), -inf where a limit is passed or the goal not finite; and the uses."""
        found = self._values(self.allowed(t), (self.tree.kgi, *(USE + id for id in self.tree.resources)))
        uses = {id: found[USE + id] for id in self.tree.resources}
        standing = stand(self.tree)
        base = standing.figures[standing.program.outputs[self.tree.kgi]]
        gains = self.tree.sign * (found[self.tree.kgi] - base)
        inside = np.isfinite(gains)
        for id, limit in limits.items():
            inside &= uses[id] <= limit
        return np.where(inside, gains, -np.inf), uses

    def _values(self, levels: Array, keep: tuple[str, ...]) -> dict[str, Array]:
        return sweep(self.tree, dict(zip(self.ids, levels, strict=True)), keep)

    def parts(self) -> dict[str, float]:
        """What each cell has of the gain at the end of the way, in the goal's direction: together, all of it."""
        ends = self._goals(np.array([0.0, 1.0]))
        found = self._integrated()
        if found is None:  # the goal jumps on the way: whose the jump is, the path through the tree tells
            start = dict(stand(self.tree).inputs)
            carried = flow(Path(self.tree, self.tree.kgi, start, {**start, **self.to}, {})).leaves
            found = np.array([carried.get(id, 0.0) for id in self.ids])
        parts = self.tree.sign * _adding_up(found, float(ends[1] - ends[0]))
        return dict(zip(self.ids, parts.tolist(), strict=True))

    def _goals(self, t: Array) -> Array:
        return self._values(self.at(t), (self.tree.kgi,))[self.tree.kgi]

    def _integrated(self) -> Array | None:
        """Slope times way of each cell (d,), piece by piece, halved where they miss what the goal does.

        None where the goal jumps: no piece is then short enough.
        """
        slope = prepared(sloped(self.tree, self.tree.kgi), self.ids, [SLOPE + id for id in self.ids])
        way = np.array([self.to[id] - self.here[id] for id in self.ids])[:, None]
        a, b, total, left = np.zeros(1), np.ones(1), np.zeros(len(way)), 0.0
        for halving in range(HALVINGS + 1):
            t = (a[:, None] + (b - a)[:, None] * (NODES + 0.5)).ravel()
            with np.errstate(invalid="ignore"):
                rates = np.where(way == 0, 0.0, slope(self.at(t)) * way)
            pieces = (rates.reshape(len(way), len(a), -1) * WEIGHTS).sum(axis=2) * (b - a)
            goals = self._goals(np.concatenate([a, b]))
            miss, size = np.abs(pieces.sum(axis=0) - (goals[len(a) :] - goals[: len(a)])), np.abs(goals).max() or 1.0
            done = (miss <= CLOSE * size) | (halving == HALVINGS)
            total += pieces[:, done].sum(axis=1)
            left += float(miss[done].sum())
            if done.all():
                return total if left <= LEFT * size else None
            middle = (a[~done] + b[~done]) / 2
            a, b = np.concatenate([a[~done], middle]), np.concatenate([middle, b[~done]])
        return None


def _adding_up(parts: Array, change: float) -> Array:
    """The parts with what rounding left of the change, each by its size."""
    sizes = np.abs(parts)
    if not sizes.sum() > 0 or not np.isfinite(parts).all():
        return parts
    return np.asarray(parts + (change - parts.sum()) * sizes / sizes.sum())


def _passed(lever: Lever, levels: Array, here: float, to: float) -> Array:
    """The level that the lever may have, at or before each level on its way: it never goes further than asked."""
    if lever.off is None and not lever.whole:
        return levels
    ends = [here, to]
    if lever.choices:
        allowed = np.array([*lever.choices, *ends])
    elif lever.integer:
        inside = np.floor(levels) if to > here else np.ceil(levels)
        allowed = np.append(inside, ends)
    else:
        allowed = np.append(levels, ends)
    low, high = (-np.inf if lever.low is None else lever.low), (np.inf if lever.high is None else lever.high)
    allowed = np.unique(allowed[((allowed >= low) & (allowed <= high)) | np.isin(allowed, ends)])
    if to > here:
        return np.asarray(allowed[np.searchsorted(allowed, levels, side="right") - 1])
    return np.asarray(allowed[np.searchsorted(allowed, levels, side="left")])
