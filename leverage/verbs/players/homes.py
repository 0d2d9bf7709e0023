"""To which player does each draw belong, and which correlations tie players together?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leverage.influence.sobol import Surrogate
from leverage.sampling.dependence import Group
from leverage.verbs.draws.cast import Cast
from leverage.verbs.players.ties import Tie

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Walker:
    """A player that the metric depends on: the cells and draws that its step takes anew whatever the others do."""

    cells: tuple[str, ...]
    draws: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Homes:
    """To which player does each draw belong, and which groups of draws cross players?

    Attributes:
        cells: of each player, those that the metric depends on.
        draw: of each cell, its draw; ``owner``: of each draw in play, its player.
        crossing, within: groups that tie draws of several players, and of one.
    """

    cells: tuple[tuple[str, ...], ...]
    draw: Mapping[str, int]
    owner: Mapping[int, int]
    crossing: tuple[Group, ...]
    within: tuple[Group, ...]

    @classmethod
    def of(cls, cast: Cast, cells: Sequence[tuple[str, ...]]) -> Homes:
        """Of players by their cells."""
        draw = {id: cast.draws.homes[cast.stands[id].source] for ids in cells for id in ids}
        owner = {draw[id]: player for player, ids in enumerate(cells) for id in ids}
        sides = {group: {owner[k] for k in group.rows if k in owner} for group in cast.draws.dependence.groups}
        crossing = tuple(group for group, met in sides.items() if len(met) > 1)
        within = tuple(group for group, met in sides.items() if len(met) == 1)
        return cls(tuple(cells), draw, owner, crossing, within)

    @property
    def walkers(self) -> tuple[Walker, ...]:
        """The players, with what no tie to another one moves."""
        tied = {k for group in self.crossing for k in group.rows}
        free = [tuple(id for id in ids if self.draw[id] not in tied) for ids in self.cells]
        return tuple(Walker(ids, tuple(sorted({self.draw[id] for id in ids}))) for ids in free)

    def met(self, group: Group) -> tuple[tuple[int, ...], Array]:
        """The group's draws in play, and the correlations of their scores."""
        at = [place for place, k in enumerate(group.rows) if k in self.owner]
        lower = group.factor[at]
        return tuple(group.rows[place] for place in at), lower @ lower.T

    def ties(self, cast: Cast, known: Surrogate) -> tuple[Tie, ...]:
        """The groups that cross players, ready to be walked."""
        return tuple(self._tie(cast, known, *self.met(group)) for group in self.crossing)

    def _tie(self, cast: Cast, known: Surrogate, draws: tuple[int, ...], correlation: Array) -> Tie:
        stands = tuple({id: cast.stands[id] for id, draw in self.draw.items() if draw == k} for k in draws)
        own = tuple(replace(known, powers=known.powers[[k]], norms=known.norms[[k]]) for k in draws)
        return Tie(cast.draws, draws, tuple(self.owner[k] for k in draws), correlation, stands, own)


def tied(groups: Sequence[Group], scores: Array) -> Array:
    """Scores (d, b) of which those of the groups depend on each other: a copy."""
    found = scores.copy()
    for group in groups:
        own = scores[list(group.rows)]
        group.tie(own)
        found[list(group.rows)] = own
    return found
