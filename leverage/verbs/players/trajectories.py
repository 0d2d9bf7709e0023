"""The trajectories that elementary effects are made of: every leaf of a tree moves once, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.influence.interval import REPEATS
from leverage.influence.morris import GRID, JUMP, Effects, effects, jumps
from leverage.influence.sobol import NoFigure
from leverage.sampling.points import CHUNK, Points
from leverage.sampling.points import points as cube
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast, worked
from leverage.verbs.draws.chance import Chance
from leverage.verbs.players.stage import Stage, stage
from leverage.verbs.players.who import Player
from leverage.work.job import Part
from leverage.work.stop import breathe

Array = NDArray[np.float64]

TILE, LEAST = 1_024, 8  # trajectories at a time, at most and at least
NEAR = 2**22  # numbers of a tile that memory is well spent on
ONE_AT_A_TIME = "elementary effects move one leaf at a time: correlations are not followed"


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """Elementary effects of all players.

    ``notes``: sentences about them. ``evaluations``: runs of the tree or less. ``lost``: the share of the effects that
    were not finite.
    """

    effects: Effects
    notes: tuple[str, ...]
    evaluations: int
    lost: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Trajectories:
    """The job whose part is the elementary effects of a chunk's trajectories: ``changes`` (k, r)."""

    stage: Stage
    points: Points
    samples: int
    levels: Array  # of every leaf that is drawn, at the grid's probabilities, (l, 4)
    homes: NDArray[np.intp]  # of each leaf, its draw
    leaders: NDArray[np.intp]  # of each draw, the one whose way it goes
    leads: tuple[int, ...]  # of each player, the draw whose way it goes
    tile: int

    def __call__(self, chunk: int) -> Part:
        begin, end = chunk * CHUNK, min((chunk + 1) * CHUNK, self.samples)
        size = min(self.tile, end - begin)
        changes, rows = np.empty((len(self.leads), end - begin)), self.stage.chain.buffer(size)
        stream, coordinates = self.points.chunk(chunk), np.empty((len(self.leaders), size))
        for start in range(0, end - begin, size):
            breathe()
            stop = min(start + size, end - begin)
            for k, row in enumerate(coordinates[:, : stop - start]):
                stream.fill(k, row)
            self._moved(coordinates[:, : stop - start], rows, changes[:, start:stop])
        return {"changes": changes}

    def _moved(self, coordinates: Array, rows: Sequence[Array], out: Array) -> None:
        before, after = jumps(coordinates, self.leaders)
        here, there = (self._levels(places) for places in (before, after))
        walk, of = self.stage.begin(here, rows), self.stage.of
        last = np.array(walk[of])
        for change, cells, lead in zip(out, self.stage.cells, self.leads, strict=True):
            now = walk.move({id: there[id] for id in cells})[of]
            with np.errstate(over="ignore", invalid="ignore"):
                np.subtract(now, last, out=change)
                change /= (after[lead] - before[lead]) * (JUMP / 2)
            last[:] = now

    def _levels(self, places: NDArray[np.int64]) -> dict[str, Array]:
        drawn = np.take_along_axis(self.levels, places[self.homes], axis=1)
        return self.stage.levels(drawn)


class SideBySide:
    """The total that puts the chunks' effects side by side."""

    def first(self) -> Part:
        return {}

    def joined(self, total: Part, chunk: int, part: Part) -> Part:
        return {name: np.concatenate((total[name], part[name]), axis=1) for name in part} if total else part

    def resumed(self, total: Part) -> Part:
        return total


def morris(tree: Tree, cast: Cast, chance: Chance, among: Sequence[Player], of: str) -> Screened:
    """Elementary effects of players on a metric.

    Args:
        tree: of cells.
        chance: ``samples`` is the number of trajectories, taken up to a multiple of 8.
        among: the players; the draws of one jump together, the same way.
        of: the metric.

    Returns:
        Effects in the players' order; of a player whose leaves the metric does not depend on, exactly 0.

    Raises:
        NoFigure: no effect is finite.
    """
    ready = stage(tree, cast, among, of)
    tied = any(len(group.rows) > 1 for group in cast.draws.dependence.groups)
    notes = (ONE_AT_A_TIME,) if tied else ()
    if not ready.places:
        return Screened(_among(effects(np.empty((0, REPEATS))), (), len(among)), notes, 0)
    job = _trajectories(ready, [among[place] for place in ready.places], chance)
    asked = {"asked": "sensitivity", "method": "morris", "of": of, "players": [player.id for player in among]}
    found = worked(tree, chance, job, SideBySide(), chunks=-(-job.samples // CHUNK), **asked)
    told = _among(effects(found["changes"]), ready.places, len(among))
    lost = 1 - float(np.isfinite(found["changes"]).mean())
    if lost == 1:
        raise NoFigure
    return Screened(told, (*notes, *job.points.notes), job.samples * (len(ready.places) + 1), lost)


def _trajectories(ready: Stage, among: Sequence[Player], chance: Chance) -> Trajectories:
    draws = ready.cast.draws
    samples = -(-chance.samples // REPEATS) * REPEATS
    with np.errstate(over="ignore"):  # a level too large for a float is infinite
        levels = np.array([leaf.quantile(GRID) for _, leaf in draws.leaves])
    homes = np.array(draws.homes, dtype=np.intp)
    leaders = np.arange(len(draws.names))
    for player in among:
        leaders[list(player.draws)] = player.draws[0]
    tile, height = TILE, 3 * len(draws.leaves) + ready.chain.count
    while tile > LEAST and tile * height > NEAR:
        tile //= 2
    points = cube(chance.points, draws.names, seed=chance.seed, samples=samples)
    return Trajectories(
        ready, points, samples, levels, homes, leaders, tuple(player.draws[0] for player in among), tile
    )


def _among(told: Effects, places: Sequence[int], players: int) -> Effects:
    """The effects among all players: 0 of those that the metric does not depend on."""
    mu, sigma = np.zeros((2, players))
    mu[list(places)], sigma[list(places)] = told.mu, told.sigma
    return Effects(mu, told.mu_star.among(places, players), sigma)
