"""In how many of the draws does each lever gain most? All of them are tried on the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.program.run import stand
from leverage.program.schedule import Schedule, cone, schedule
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast, blocked, sent, worked
from leverage.verbs.draws.chance import Chance
from leverage.work.job import Part, Sums

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """A cell moved to its level: its draws shift along within their limits; without draws it stands at the level."""

    id: str
    to: float
    shift: float
    limits: tuple[float, float]

    def pushed(self, arrays: Mapping[str, Array]) -> Array:
        """The level is decided, the doubt stays."""
        if self.id not in arrays:
            return np.asarray(self.to)
        return np.clip(arrays[self.id] + self.shift, *self.limits)


@dataclass(frozen=True, slots=True, eq=False)
class Runner:
    """A lever moved: all its cells, each to its level."""

    cone: Schedule
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """The job whose part is, of a chunk, how often each lever gains most: ``won``, see `won`.

    Of each lever only the cone is run again, on the draws that all the others have.
    """

    cast: Cast
    whole: Schedule
    settled: Mapping[int, Any]
    runners: tuple[Runner, ...]
    kgi: str
    sign: float
    block: int

    def __call__(self, chunk: int) -> Part:
        begin, end = self.cast.span(chunk)
        size = min(self.block, end - begin)
        rows, cut_rows = self.whole.buffer(size), [runner.cone.buffer(size) for runner in self.runners]
        count = np.zeros((len(self.runners), len(self.runners)), dtype=np.int64)
        clipped = np.zeros(len(self.cast.ids), dtype=np.int64)
        for start, stop, arrays in self.cast.blocks(chunk, self.block, clipped):
            live = self.whole.block(self.settled, arrays, [row[: stop - start] for row in rows])
            gains = np.empty((len(self.runners), stop - start))
            for gain, runner, cut in zip(gains, self.runners, cut_rows, strict=True):
                moved = {step.id: step.pushed(arrays) for step in runner.steps}
                there = runner.cone.block(live, moved, [row[: stop - start] for row in cut])
                gain[:] = self.sign * (there[runner.cone.keep[self.kgi]] - live[self.whole.keep[self.kgi]])
            count += won(gains)
        return {"won": count, "clipped": clipped}


def won(gains: Array) -> NDArray[np.int64]:
    """How often each row is the largest of its column alone, tied with one other, with two, ...: shape (d, d).

    Whole numbers, so that no order of blocks or threads changes a bit. What is not finite never wins.
    """
    rated = np.where(np.isnan(gains), -np.inf, gains)
    top = rated == rated.max(axis=0)
    ties = top.sum(axis=0)
    return np.stack([(top & (ties == t)).sum(axis=1) for t in range(1, len(gains) + 1)], axis=1)


def shares(
    tree: Tree, cast: Cast, chance: Chance, to: Mapping[str, Mapping[str, float]]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """For each lever the share of the joint draws in which, moved, it gains most; ties share.

    Args:
        tree: of cells.
        to: of each lever, the levels that its cells are moved to.

    Returns:
        The shares, and sentences about the draws.
    """
    standing = stand(tree)
    runners = tuple(_runner(tree, cast, levels) for levels in to.values())
    boundary = frozenset[int]().union(*(runner.cone.boundary for runner in runners))
    whole = schedule(standing.program, varying=cast.ids, keep=(tree.kgi,), also=boundary)
    travelling = sent(whole, whole.settle(standing.inputs))
    race = Race(cast, *travelling, runners, tree.kgi, tree.sign, blocked(cast, chance, whole))
    moved = {id: level for levels in to.values() for id, level in levels.items()}
    found = worked(tree, chance, race, Sums(), chunks=cast.draws.chunks, asked="levers", moved=moved)
    counts = found["won"] / np.arange(1, len(to) + 1)  # of a draw that t levers tie for, each has 1 / t
    told = {id: float(share) / chance.samples for id, share in zip(to, counts.sum(axis=1), strict=True)}
    return told, cast.notes(found["clipped"])


def _runner(tree: Tree, cast: Cast, levels: Mapping[str, float]) -> Runner:
    ready = cone(stand(tree).program, varying=tuple(levels), keep=(tree.kgi,))
    return Runner(ready, tuple(_step(tree, cast, id, to) for id, to in levels.items()))


def _step(tree: Tree, cast: Cast, id: str, to: float) -> Step:
    limits = cast.stands[id].limits if id in cast.stands else (-np.inf, np.inf)
    return Step(id, to, to - tree.levels[id].value, limits)
