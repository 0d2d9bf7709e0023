"""How sure is the order of the levers? All of them are tried on the same draws, and each is pushed at every draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.program.run import stand
from leverage.program.schedule import Schedule, cone, schedule
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast, blocked, sent, worked
from leverage.verbs.draws.chance import Chance
from leverage.verbs.moves.pushes import Pushes, pushes, quantiles
from leverage.verbs.moves.standings import FIRST, Doubt, bests, interval, tallied
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
    """The job whose part is, of a chunk, how the levers stand to each other (`tallied`), and their elasticities.

    Of each lever only the cone is run again, on the draws that all the others have. ``elasticities`` (d, n) has no
    sample of a chunk past those that they are kept of.
    """

    cast: Cast
    whole: Schedule
    settled: Mapping[int, Any]
    runners: tuple[Runner, ...]
    pushes: Pushes
    kgi: str
    sign: float
    block: int

    def __call__(self, chunk: int) -> Part:
        begin, end = self.cast.span(chunk)
        size = min(self.block, end - begin)
        rows, cut_rows = self.whole.buffer(size), [runner.cone.buffer(size) for runner in self.runners]
        pushed = chunk < self.pushes.chunks
        push_rows = self.pushes.whole.buffer(size) if pushed else []
        elasticities = np.empty((len(self.runners), end - begin if pushed else 0))
        clipped = np.zeros(len(self.cast.ids), dtype=np.int64)
        counts: Part = {}
        for start, stop, arrays in self.cast.blocks(chunk, self.block, clipped):
            width = stop - start
            live = self.whole.block(self.settled, arrays, [row[:width] for row in rows])
            gains = np.empty((len(self.runners), width))
            for gain, runner, cut in zip(gains, self.runners, cut_rows, strict=True):
                moved = {step.id: step.pushed(arrays) for step in runner.steps}
                there = runner.cone.block(live, moved, [row[:width] for row in cut])
                with np.errstate(invalid="ignore"):  # of two that are infinite there is no gain: it counts as the least
                    gain[:] = self.sign * (there[runner.cone.keep[self.kgi]] - live[self.whole.keep[self.kgi]])
            counts = Sums().joined(counts, chunk, tallied(gains))
            if pushed:
                at = slice(start - begin, stop - begin)
                self.pushes.fill(arrays, [row[:width] for row in push_rows], elasticities[:, at])
        return {**counts, "clipped": clipped, "elasticities": elasticities}


class Tally:
    """The total in which counts are added and elasticities put side by side."""

    def first(self) -> Part:
        return {}

    def joined(self, total: Part, chunk: int, part: Part) -> Part:
        if not total:
            return part
        side = np.concatenate([each["elasticities"] for each in (total, part)], axis=1)
        counts = {name: count for name, count in part.items() if name != "elasticities"}
        return {**Sums().joined(total, chunk, counts), "elasticities": side}

    def resumed(self, total: Part) -> Part:
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Raced:
    """How the levers came in: the doubt about each, how often the head of their order is those that gain most.

    ``first``: of 1, 2 and 3 levers. ``ahead``: of each but the last, how often it gains more than the next in order.
    """

    doubts: Mapping[str, Doubt]
    first: tuple[float, ...]
    ahead: tuple[float, ...]
    notes: tuple[str, ...]


def raced(
    tree: Tree,
    cast: Cast,
    chance: Chance,
    to: Mapping[str, Mapping[str, float]],
    cells: Mapping[str, Sequence[str]],
) -> Raced:
    """The levers tried on the same draws, and a push of each at every draw.

    Args:
        tree: of cells.
        to: of each lever, in the order of their gains, the levels that its cells are moved to.
        cells: of each lever, its cells.
    """
    standing = stand(tree)
    runners = tuple(_runner(tree, cast, levels) for levels in to.values())
    boundary = frozenset[int]().union(*(runner.cone.boundary for runner in runners))
    whole = schedule(standing.program, varying=cast.ids, keep=(tree.kgi,), also=boundary)
    travelling = sent(whole, whole.settle(standing.inputs))
    push = pushes(tree, cast, chance, [cells[id] for id in to])
    block = min(blocked(cast, chance, each) for each in (whole, push.whole))
    race = Race(cast, *travelling, runners, push, tree.kgi, tree.sign, block)
    moved = {id: level for levels in to.values() for id, level in levels.items()}
    found = worked(tree, chance, race, Tally(), chunks=cast.draws.chunks, asked="levers", moved=moved)
    notes = cast.notes(found["clipped"])
    if (looked := found["elasticities"].shape[1]) < chance.samples:
        notes = (*notes, f"elasticities are those of the first {looked:,} of {chance.samples:,} draws")
    shares = (found[name] / chance.samples for name in ("first", "ahead"))
    first, ahead = (tuple(float(share) for share in each) for each in shares)
    return Raced(_doubts(tuple(to), found, chance.samples), first, tuple(share / 2 for share in ahead), notes)


def _doubts(ids: Sequence[str], found: Part, samples: int) -> dict[str, Doubt]:
    best = bests(found["won"]) / samples
    return {
        id: Doubt(float(share), interval(ranks), float(ranks[:FIRST].sum()) / samples, quantiles(elasticities))
        for id, share, ranks, elasticities in zip(ids, best, found["ranks"], found["elasticities"], strict=True)
    }


def _runner(tree: Tree, cast: Cast, levels: Mapping[str, float]) -> Runner:
    ready = cone(stand(tree).program, varying=tuple(levels), keep=(tree.kgi,))
    return Runner(ready, tuple(_step(tree, cast, id, to) for id, to in levels.items()))


def _step(tree: Tree, cast: Cast, id: str, to: float) -> Step:
    limits = cast.stands[id].limits if id in cast.stands else (-np.inf, np.inf)
    return Step(id, to, to - tree.levels[id].value, limits)
