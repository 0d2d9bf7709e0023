"""The samples that Sobol' indices are made of: A, B, and A with one player's leaves taken from B, by the cone alone.

The whole tree runs on A and on B; for each player only what its leaves reach runs again, on what A left along the way.
Samples come in tiles whose length depends on the tree alone, so that no option changes a bit of the sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.influence.interval import REPEATS
from leverage.influence.sobol import Ground, Indices, NoSpread, Surrogate, counted, indices, interactions, surrogate
from leverage.program.memory import borrowed
from leverage.program.run import stand
from leverage.program.schedule import Live, Schedule, cone, schedule
from leverage.sampling.sides import Side, Sides, sides
from leverage.tree.tree import Tree
from leverage.verbs.describe import reached
from leverage.verbs.draws.cast import Cast, sent, worked
from leverage.verbs.draws.chance import Chance
from leverage.verbs.draws.stands import Seats
from leverage.verbs.players.who import Player
from leverage.work.job import Part, Sums
from leverage.work.stop import breathe

Array = NDArray[np.float64]

PILOT = 1 << 60  # added to the seed of the points that the surrogate is fitted to
PILOTED = 2_048  # samples of it
TILE, LEAST = 4_096, 64  # samples at a time, at most and at least
NEAR = 2**20  # numbers of a tile that a core keeps near enough


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """A player whose leaves are exchanged: ``place`` among all players, its cells, and the cone they reach."""

    place: int
    cells: tuple[str, ...]
    cone: Schedule


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """All that is evaluated on a block of pairs: a value that pickles, and holds no tree."""

    cast: Cast
    sides: Sides
    whole: Schedule
    settled: Mapping[int, Any]
    exchanges: tuple[Exchange, ...]
    of: str
    tile: int

    def tiles(self, chunk: int) -> Iterator[Tile]:
        """The design's samples, tile by tile; a tile is good until the next one is asked for."""
        begin, end = self.sides.span(chunk)
        size, seats = min(self.tile, end - begin), self.cast.seats
        deepest = max((each.cone.rows for each in self.exchanges), default=0)
        extra = seats.extra
        with borrowed(self.whole.rows + deepest + self.sides.count * extra, size) as memory:
            for start, stop, drawn in self.sides.blocks(chunk, size):
                breathe()
                rows = [row[: stop - start] for row in memory]
                spare = [rows[place * extra : (place + 1) * extra] for place in range(len(drawn))]
                leaves = [self._leaves(seats, side, own) for side, own in zip(drawn, spare, strict=True)]
                yield Tile(self, tuple(zip(drawn, leaves, strict=True)), rows[len(drawn) * extra :])

    def _leaves(self, seats: Seats, side: Side, extra: list[Array]) -> dict[str, Array]:
        rows, _ = seats.fill(side.rows, extra)
        return dict(zip(self.cast.ids, [rows[place] for place in seats.at], strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One block of samples: the coordinates of each side and the leaves where they stand, and memory to run them in."""

    design: Design
    sides: tuple[tuple[Side, Mapping[str, Array]], ...]
    rows: list[Array]

    def run(self, base: Mapping[str, Array]) -> tuple[Array, Live]:
        """The goal on the leaves of one side, (b,), and what stands along the way until the next run."""
        whole = self.design.whole
        live = whole.block(self.design.settled, base, self.rows[: whole.rows])
        return self._goal(live, whole).copy(), live

    def exchanged(self, each: Exchange, live: Live, others: Mapping[str, Array]) -> Array:
        """The goal where one player's leaves are those of the other side, (b,), until the next one is asked for."""
        moved, first = {id: others[id] for id in each.cells}, self.design.whole.rows
        return self._goal(each.cone.block(live, moved, self.rows[first : first + each.cone.rows]), each.cone)

    def _goal(self, live: Live, ready: Schedule) -> Array:
        return np.broadcast_to(live[ready.keep[self.design.of]], self.sides[0][0].rows.shape[1:])


@dataclass(frozen=True, slots=True, eq=False)
class Hybrids:
    """The job whose part is what a chunk's terms add up to, by repeat: see `influence.sobol.indices`."""

    design: Design
    known: Surrogate
    own: tuple[tuple[int, ...], ...]  # of each exchange, the draws of its player
    second: bool

    def __call__(self, chunk: int) -> Part:
        total: dict[str, Array] = {}
        for tile in self.design.tiles(chunk):
            part = self._of(tile)
            total = {name: total[name] + part[name] for name in part} if total else part
        return total

    def _of(self, tile: Tile) -> dict[str, Array]:
        exchanges, known = self.design.exchanges, self.known
        (side_a, leaves_a), (side_b, leaves_b) = tile.sides
        y_b, live = tile.run(leaves_b)
        y_ba = [known.scaled(tile.exchanged(each, live, leaves_a)) for each in exchanges if self.second]
        y_a, live = tile.run(leaves_a)
        ground = Ground(
            known.scaled(y_a),
            known.scaled(y_b),
            *(known.parts(side.coordinates, self.own) for side in (side_a, side_b)),
        )
        sums, y_ab = np.empty((2, len(exchanges), 2, REPEATS)), []
        for j, each in enumerate(exchanges):
            mixed = known.scaled(tile.exchanged(each, live, leaves_b))
            for order, terms in enumerate(ground.terms(j, mixed)):
                sums[order, j] = counted(terms)
            y_ab += [mixed] if self.second else []
        square, count = (each.sum(axis=0) for each in counted(ground.spread))
        mean = counted(ground.left)[0].sum(axis=0)
        found = {
            "first": sums[0, :, 0],
            "total": sums[1, :, 0],
            "counts": sums[0, :, 1],
            "kept": sums[1, :, 1],
            "square": square,
            "mean": mean,
            "count": count,
        }
        if self.second:
            found["mixed"], found["joint"] = interactions(*ground.steps(np.array(y_ab), np.array(y_ba)))
        return found


def sobol(
    tree: Tree, cast: Cast, chance: Chance, among: Sequence[Player], of: str, *, second: bool = False
) -> tuple[Indices, list[int], Surrogate]:
    """Sobol' indices of the players that a metric depends on, their places among all, and what the pilot told.

    Those of all other players are 0.

    Args:
        tree: of cells.
        chance: ``samples`` is the number of rows of A, and is taken up to a multiple of 8.
        among: players, none of which a correlation ties to another.
        of: the metric whose spread it is.

    Raises:
        NoSpread: the metric is the same in every draw.
        NoFigure: it is finite in none.
    """
    met = design(tree, cast, chance, among, of)
    if not met.exchanges:
        raise NoSpread
    own = tuple(among[each.place].draws for each in met.exchanges)
    known = piloted(met, chance)
    job = Hybrids(met, known, own, second)
    asked = {"asked": "sensitivity", "method": "sobol", "of": of, "players": [player.id for player in among]}
    found = worked(tree, chance, job, Sums(), chunks=met.sides.chunks, second=second, **asked)
    norms = np.array([known.norms[list(draws)].sum() for draws in own])
    return indices(found, norms, known.scale), [each.place for each in met.exchanges], known


def design(tree: Tree, cast: Cast, chance: Chance, among: Sequence[Player], of: str) -> Design:
    """The samples of A, B, and A with each player exchanged that the metric depends on."""
    standing = stand(tree)
    near = reached([of], tree.drivers)
    met = [place for place, player in enumerate(among) if near.intersection(player.cells)]
    exchanges = tuple(
        Exchange(place, among[place].cells, cone(standing.program, among[place].cells, (of,)))
        for place in sorted(met, key=lambda place: among[place].id)  # the file's order changes no bit of their sums
    )
    boundary = frozenset[int]().union(*(each.cone.boundary for each in exchanges))
    whole = schedule(standing.program, varying=cast.ids, keep=(of,), also=boundary)
    held = sides(cast.draws, chance.points, seed=chance.seed, samples=-(-chance.samples // REPEATS) * REPEATS)
    ready, settled = sent(whole, whole.settle(standing.inputs))
    height = 2 * (len(cast.draws.leaves) + len(cast.draws.names)) + whole.rows
    tile = TILE
    while tile > LEAST and tile * height > NEAR:
        tile //= 2
    return Design(cast, held, ready, settled, exchanges, of, tile)


def piloted(met: Design, chance: Chance) -> Surrogate:
    """The surrogate, from samples of a seed of their own."""
    samples = min(PILOTED, met.sides.samples)
    own = sides(met.cast.draws, chance.points, seed=chance.seed + PILOT, samples=samples, count=1)
    coordinates, values = np.empty((len(met.cast.draws.names), samples)), np.empty(samples)
    at = 0
    for tile in replace(met, sides=own).tiles(0):
        ((side, leaves),) = tile.sides
        goal, _ = tile.run(leaves)
        coordinates[:, at : at + len(goal)], values[at : at + len(goal)] = side.coordinates, goal
        at += len(goal)
    return surrogate(coordinates, own.normal, values)
