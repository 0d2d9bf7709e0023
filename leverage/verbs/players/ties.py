"""Leaves that correlations tie together, drawn anew player by player, each given those that are still to come.

What a walk needs of a group is made before it starts: each draw's levels at every step at which it changes, and where
the cells that take the draw stand on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.influence.sobol import Surrogate
from leverage.influence.ties import states
from leverage.sampling.draws import Draws
from leverage.sampling.nearest import factor
from leverage.sampling.table import Spare
from leverage.verbs.draws.stands import Stand

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tie:
    """A group of draws that move together and belong to several players.

    Attributes:
        draws: places of the draws; ``owners``: the player of each.
        correlation: of their normal scores, (g, g).
        stands: of each draw, the cells that take it and where each of them stands.
        known: of each draw, its part of the surrogate.
    """

    source: Draws
    draws: tuple[int, ...]
    owners: tuple[int, ...]
    correlation: Array
    stands: tuple[Mapping[str, Stand], ...]
    known: tuple[Surrogate, ...]

    def line(self, order: Sequence[int], before: Array, after: Array) -> Line:
        """The group on a walk; ``order``: of the players, ``before`` and ``after``: independent scores, (g, m)."""
        place = {player: at for at, player in enumerate(order)}
        last_first = sorted(range(len(self.draws)), key=lambda i: -place[self.owners[i]])
        lower = factor(self.correlation[np.ix_(last_first, last_first)])
        scores = states(lower, before[last_first], after[last_first])
        return Line(
            tuple([self.owners[i] for i in last_first]),
            tuple([self._levels(i, z) for i, z in zip(last_first, scores, strict=True)]),
            tuple([self._part(i, z) for i, z in zip(last_first, scores, strict=True)]),
        )

    def _part(self, i: int, scores: Array) -> Array:
        return self.known[i].parts(scores.reshape(1, -1), ((0,),)).reshape(scores.shape)

    def _levels(self, i: int, scores: Array) -> dict[str, Array]:
        """The cells that take a draw, each of the scores' shape."""
        flat, draw = scores.ravel(), self.draws[i]
        places = self.source.rows[draw]
        rows = np.empty((len(places), len(flat)))
        with np.errstate(over="ignore", divide="ignore"):  # a level too large for a float is infinite
            self.source.of_score(True, flat, draw, rows, Spare.of(len(flat)))
            return {
                id: stand.draw(rows[stand.source - places.start], np.empty_like(flat))[0].reshape(scores.shape)
                for id, stand in self.stands[i].items()
            }


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A group on one walk: its draws in the order of the walk, the last of them drawn anew first.

    Attributes:
        owners: the player of each draw.
        levels: of draw i, each cell's levels, (i + 2, m): see `influence.ties.states`.
        parts: of draw i, what it has of the surrogate, (i + 2, m).
    """

    owners: tuple[int, ...]
    levels: tuple[Mapping[str, Array], ...]
    parts: tuple[Array, ...]

    def first(self) -> dict[str, Array]:
        """Where the cells stand before the walk."""
        return {id: rows[0] for levels in self.levels for id, rows in levels.items()}

    def moved(self, player: int) -> dict[str, Array]:
        """Where the cells stand after this player's step: its own, and all that were drawn anew before."""
        begin = self.owners.index(player)
        return {id: rows[i + 1 - begin] for i in range(begin, len(self.levels)) for id, rows in self.levels[i].items()}

    def part(self, player: int | None) -> Array:
        """The group's part of the surrogate after this player's step, (m,); None: before the walk."""
        begin = len(self.parts) if player is None else self.owners.index(player)
        total = np.zeros(self.parts[0].shape[1])
        for i, rows in enumerate(self.parts):
            total += rows[max(0, i + 1 - begin)]
        return total
