"""The walks that Shapley effects are made of: from one draw of all leaves to another, player by player.

Samples of one repeat that follow each other walk in one order, a batch at a time: a step runs what its leaves reach,
over the batch (`program.chain`). Each repeat has orders of its own, so that their spread tells the error of these, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.influence.interval import REPEATS
from leverage.influence.shapley import Orders, added, batch, orders
from leverage.influence.sobol import Surrogate
from leverage.sampling.dependence import Group
from leverage.sampling.sides import Side, Sides
from leverage.sampling.streams import generator, words
from leverage.verbs.players.homes import Walker, tied
from leverage.verbs.players.stage import Stage
from leverage.verbs.players.ties import Line, Tie
from leverage.work.job import Part
from leverage.work.stop import breathe

Array = NDArray[np.float64]

CYCLE = 64  # orders that are made at a time: a tile's are never of two
ORDERS = words("\x1forders")  # a stream of their own, which no leaf's id can have


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """One side of a tile, repeat by repeat.

    Attributes:
        levels: of each cell where it stands, (8, w).
        scores: independent coordinates of all draws, (d, 8, w), normal scores of those that are tied.
        parts: what each walker has of the surrogate by draws that no tie to another one moves, (k, 8, w).
    """

    levels: Mapping[str, Array]
    scores: Array
    parts: Array

    def cut(self, repeat: int, step: int) -> Iterator[End]:
        """A repeat's points, so many at a time."""
        for first in range(0, self.scores.shape[2], step):
            part = (repeat, slice(first, first + step))
            levels = {id: rows[part] for id, rows in self.levels.items()}
            yield End(levels, self.scores[:, *part], self.parts[:, *part])


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """The job whose part is what the walks of a chunk add up to, by repeat: ``added`` (8, k) and ``count`` (8,)."""

    stage: Stage
    sides: Sides
    walkers: tuple[Walker, ...]
    ties: tuple[Tie, ...]
    within: tuple[Group, ...]  # groups whose draws are those of one walker
    known: Surrogate
    seed: int
    tile: int

    def __call__(self, chunk: int) -> Part:
        count, total = np.zeros(REPEATS), np.zeros((REPEATS, len(self.walkers)))
        step = batch(self.sides.samples // REPEATS)
        rows = self.stage.chain.buffer(step)
        for start, _, (a, b) in self.sides.blocks(chunk, self.tile):
            breathe()
            before, after, begun = self._end(a), self._end(b), start // REPEATS // step
            for repeat in range(REPEATS):
                rng = generator(self.seed, *ORDERS, repeat, begun // CYCLE)
                ways = orders(len(self.walkers), rng, CYCLE)[begun % CYCLE :]
                for way, *ends in zip(ways, before.cut(repeat, step), after.cut(repeat, step), strict=False):
                    walk, guess = self._walked(way, ends[0], ends[1], rows)
                    terms = added(self.known.scaled(walk), not self.ties) - added(guess, not self.ties)
                    kept = np.isfinite(terms).all(axis=0)
                    total[repeat, way] += terms[:, kept].sum(axis=1)
                    count[repeat] += np.count_nonzero(kept)
        return {"added": total, "count": count}

    def _end(self, side: Side) -> End:
        rows, scores = _by_repeat(side.rows), _by_repeat(side.coordinates)
        levels = {id: row.reshape(REPEATS, -1) for id, row in self.stage.levels(rows).items()}
        parts = self.known.parts(tied(self.within, scores), [walker.draws for walker in self.walkers])
        return End(levels, scores.reshape(len(scores), REPEATS, -1), parts.reshape(len(parts), REPEATS, -1))

    def _walked(self, way: Orders, before: End, after: End, rows: Sequence[Array]) -> tuple[Array, Array]:
        """The metric, and the surrogate, before a walk and after each of its steps, (k + 1, m) both."""
        lines = [
            tie.line(way.tolist(), before.scores[list(tie.draws)], after.scores[list(tie.draws)]) for tie in self.ties
        ]
        walk, guess = np.empty((2, len(way) + 1, before.parts.shape[1]))
        here = dict(before.levels)
        for line in lines:
            here |= line.first()
        live = self.stage.begin(here, rows)
        walk[0], guess[0] = live[self.stage.of], before.parts.sum(axis=0)
        for step, player in enumerate(way.tolist(), 1):
            moved = {id: after.levels[id] for id in self.walkers[player].cells}
            guess[step] = guess[step - 1] + (after.parts[player] - before.parts[player])
            for line in lines:
                if player in line.owners:
                    moved |= line.moved(player)
            walk[step] = live.move(moved)[self.stage.of]
        _add_tied(guess, lines, way.tolist())
        return walk, guess


def _add_tied(guess: Array, lines: Sequence[Line], way: Sequence[int]) -> None:
    """What tied draws have of the surrogate along the way, added."""
    for line in lines:
        now = line.part(None)
        guess[0] += now
        for step, player in enumerate(way, 1):
            now = line.part(player) if player in line.owners else now
            guess[step] += now


def _by_repeat(rows: Array) -> Array:
    """Samples in the order of their repeats: all of repeat 0 first, (d, b), a copy."""
    return rows.reshape(len(rows), -1, REPEATS).transpose(0, 2, 1).reshape(len(rows), -1)
