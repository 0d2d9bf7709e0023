"""A tree made ready to be walked: one metric of it, as leaves change one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.program.chain import Chain, Walk
from leverage.program.cone import upstream
from leverage.program.run import stand
from leverage.program.schedule import schedule
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast, sent
from leverage.verbs.players.who import Player

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What a walk needs: a value that pickles, and holds no tree.

    Attributes:
        cast: of the leaves that the metric depends on.
        places: of the players that take part, among all, in the order of their draws.
        cells: of each of them, those that the metric depends on.
    """

    cast: Cast
    chain: Chain
    settled: Mapping[int, Any]
    of: str
    places: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]

    def levels(self, drawn: Array) -> dict[str, Array]:
        """Where each cell stands on the draws of all sources, (l, b), which may be written over."""
        seats = self.cast.seats
        seated, _ = seats.fill(drawn, np.empty((seats.extra, drawn.shape[1])))
        return {id: seated[place] for id, place in zip(self.cast.ids, seats.at, strict=True)}

    def begin(self, levels: Mapping[str, Array], rows: Sequence[Array]) -> Walk:
        """A walk where all cells stand at these levels, (b,), in rows that may be longer."""
        count = len(next(iter(levels.values())))
        return self.chain.start(self.settled, levels, [row[:count] for row in rows])


def stage(tree: Tree, cast: Cast, among: Sequence[Player], of: str) -> Stage:
    """The metric ``of`` of a tree of cells, as the players' leaves change."""
    standing = stand(tree)
    program = standing.program
    near = upstream(program, [program.outputs[of]])
    used = [tuple(id for id in player.cells if program.outputs[id] in near) for player in among]
    met_by = [place for place, cells in enumerate(used) if cells]
    places = tuple(sorted(met_by, key=lambda place: among[place].draws))  # so that the file's order changes no bit
    ids = {id for cells in used for id in cells}
    ready = schedule(program, varying=ids, keep=(of,))
    travelling, settled = sent(ready, ready.settle(standing.inputs))
    met = replace(cast, stands={id: stand for id, stand in cast.stands.items() if id in ids})
    return Stage(met, Chain(travelling), settled, of, places, tuple(used[place] for place in places))
