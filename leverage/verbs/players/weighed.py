"""What players have of a metric's spread, put in order: what follows from it, and what people see of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.errors import listed
from leverage.influence.interval import T95, Index, errors
from leverage.panels import Cell, Column, Figure, GroupedBars, Table
from leverage.quantity import show
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import spoken
from leverage.verbs.describe import column, figure
from leverage.verbs.players.methods import Judgement, Method
from leverage.verbs.players.who import LEAF, Player

Array = NDArray[np.float64]

MATTERS = 0.05  # of the greatest, below which nobody asks which of two comes first
REACH = 2**24  # samples that nobody waits for
NAMED = 3  # pairs of neighbours in a sentence
BARS = 30  # players that a picture has room for
HEADS = {
    "first": "alone",
    "total": "with others",
    "effect": "effect",
    "mu_star": "mean size",
    "mu": "mean",
    "sigma": "sd",
}
TITLES = {
    "sobol": "Sobol' indices",
    "shapley": "Shapley effects",
    "morris": "Morris's elementary effects",
    "given": "first-order indices of the sample",
}
PAIRS = 10  # of second order that people take in


@dataclass(frozen=True, eq=False)
class Weighed:
    """What a method found of players. ``tree``: of the file; ``by``: what groups them."""

    tree: Tree
    of: str
    method: Method
    by: str
    players: tuple[Player, ...]
    found: Judgement

    @property
    def sd(self) -> float | None:
        """The metric's standard deviation, in its unit; None where the method does not tell."""
        return None if self.found.variance is None else math.sqrt(self.found.variance)

    @property
    def order(self) -> list[int]:
        """Places of the players, the greatest first; those of one size in the file's order."""
        if not self.found.measures:
            return []
        value = np.nan_to_num(self.ranking.value, nan=-np.inf)
        return sorted(range(len(self.players)), key=lambda place: -value[place])

    @property
    def ranking(self) -> Index:
        """The measure that ranks."""
        return self.found.measures[self.method.ranks]

    @property
    def tells(self) -> bool:
        """Whether what knowing a player would leave is known."""
        return self.sd is not None and "first" in self.found.measures

    def known(self, place: int) -> float | None:
        """The standard deviation that is left in the mean once the player is known: sd sqrt(1 - first)."""
        assert self.sd is not None
        left = 1 - float(self.found.measures["first"].value[place])
        return None if math.isnan(left) else self.sd * math.sqrt(max(0.0, left))

    def owner(self, player: Player) -> str | None:
        """Who owns the player's leaves."""
        owners = dict.fromkeys(self.tree.cells.metrics[cell].owner for cell in player.cells)
        return listed([owner for owner in owners if owner]) or None

    # --- what JSON tells --------------------------------------------------------------------------------------

    def entry(self, place: int) -> dict[str, Any]:
        """A player's entry of the JSON object."""
        player = self.players[place]
        entry: dict[str, Any] = {"metric": player.id}
        for name, index in self.found.measures.items():
            entry[name] = float(index.value[place])
            interval = "interval" if len(self.found.measures) == 1 else f"{name}_interval"
            entry[interval] = [float(index.low[place]), float(index.high[place])]
        for name, figures in self.found.figures.items():
            entry[name] = float(figures[place])
        if self.tells:
            entry["sd_if_known"] = self.known(place)
        return {**entry, "owner": self.owner(player)}

    def together(self) -> list[dict[str, Any]]:
        """The pairs of second order as JSON tells them, the greatest first."""
        index = self.found.second
        assert index is not None
        order = sorted(range(len(self.found.pairs)), key=lambda place: -index.value[place])
        return [
            {
                "metrics": [self.players[player].id for player in self.found.pairs[place]],
                "index": float(index.value[place]),
                "interval": [float(index.low[place]), float(index.high[place])],
            }
            for place in order
        ]

    # --- what people see -------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The metric, as people read it."""
        return spoken(self.tree, self.of)

    @property
    def metric(self) -> Metric:
        """The metric, or the cell of it."""
        return self.tree.cell(self.of)

    def sentence(self) -> str:
        """Who makes most of the spread, and how few make nearly all of it."""
        first = self.order[0]
        name, value = self.players[first].name, self.ranking.value
        if np.isnan(value).any():
            return f"The samples do not tell what each {self.kind} makes of the spread of {self.name}."
        if not self.method.shares:
            return f"{name} moves {self.name} most: {self._in_unit(value[first])} for its whole range."
        sd = "" if self.sd is None else f" (sd {self._in_unit(self.sd)})"
        share = show(min(1.0, value[first]), percent=True, digits=2)
        few = self._few()
        more = f"; {few} of {len(self.players)} make 90% of it" if len(self.players) > few > 1 else ""
        return f"{name} makes {share} of the spread of {self.name}{sd}{more}."

    @property
    def kind(self) -> str:
        """What a player is."""
        return "leaf" if self.by == LEAF else "group"

    def _in_unit(self, value: float) -> str:
        shown, unit = show(value, percent=self.metric.percent), self.metric.unit
        return shown if unit == "%" and self.metric.percent else f"{shown} {unit}".rstrip()

    def _few(self) -> int:
        """How many of the greatest make 90% of what all make."""
        sizes = np.sort(np.nan_to_num(np.maximum(self.ranking.value, 0)))[::-1]
        return int(np.searchsorted(np.cumsum(sizes), 0.9 * sizes.sum()) + 1)

    def table(self) -> Table:
        """The players, the greatest first, each with all that was found of it."""
        heads = [column(self.kind), column("owner")]
        for name in self.found.measures:
            heads += [Column(HEADS[name], self._unit), Column("+-")]
        heads += [Column(HEADS[name], self._unit) for name in self.found.figures]
        heads += [Column("sd if known", self.metric.unit)] if self.tells else []
        rows = tuple(self._row(rank, place) for rank, place in enumerate(self.order, 1))
        ids = tuple(self.players[place].id for place in self.order)
        what = "shares of the variance" if self.method.shares else "effects"
        return Table(f"{self.name}: {what}, by {TITLES[self.method.name]}", tuple(heads), rows, ids)

    def _row(self, rank: int, place: int) -> tuple[Cell, ...]:
        player = self.players[place]
        cells: list[Cell] = [f"{rank}. {player.name}", self.owner(player)]
        for index in self.found.measures.values():
            cells += [self._figure(index.value[place]), self._figure(index.high[place] - index.value[place])]
        cells += [self._figure(figures[place]) for figures in self.found.figures.values()]
        return (*cells, *((figure(self.metric, self.known(place)),) if self.tells else ()))

    def _figure(self, value: float) -> Figure:
        if math.isnan(value):
            return Figure(None)
        return Figure(round(float(value), 4), True) if self.method.shares else figure(self.metric, float(value))

    @property
    def _unit(self) -> str:
        return "" if self.method.shares else self.metric.unit

    def pairs(self) -> tuple[Table, ...]:
        """Second order: the pairs that do most only together."""
        if self.found.second is None:
            return ()
        rows = tuple(
            (
                listed([self.players[place].name for place in pair]),
                self._figure(index),
                self._figure(high - index),
            )
            for pair, index, high in self._strongest(self.found.second)
        )
        heads = (column("pair"), Column("only together"), Column("+-"))
        return (Table("What pairs do that neither does alone", heads, rows),)

    def _strongest(self, index: Index) -> list[tuple[tuple[int, int], float, float]]:
        order = sorted(range(len(self.found.pairs)), key=lambda place: -index.value[place])[:PAIRS]
        return [(self.found.pairs[place], float(index.value[place]), float(index.high[place])) for place in order]

    def bars(self) -> GroupedBars:
        """The measures side by side, with their intervals."""
        order = self.order[:BARS]
        measures = list(self.found.measures.items())
        low, high = (np.array([getattr(index, end)[order] for _, index in measures]) for end in ("low", "high"))
        return GroupedBars(
            f"What makes the spread of {self.name}",
            tuple(self.players[place].id for place in order),
            np.array([index.value[order] for _, index in measures]),
            tuple(HEADS[name] for name, _ in measures),
            errors=(low, high),
            unit=self._unit,
            percent=self.method.shares or self.metric.percent,
            labels=tuple(self.players[place].name for place in order),
        )

    def alike(self, samples: int) -> list[str]:
        """Neighbours that matter and that this sample does not rank, and how many samples would."""
        alike: list[str] = []
        times, value = 0.0, self.ranking.value if self.order else np.zeros(0)
        for a, b in pairwise(self.order):
            apart, error = value[a] - value[b], float(errors(self.ranking.repeats[:, a] - self.ranking.repeats[:, b]))
            if value[b] > MATTERS * value[self.order[0]] and apart < T95 * error:
                alike.append(f"{self.players[a].name} and {self.players[b].name}")
                times = max(times, (T95 * error / max(apart, error / REACH)) ** 2)
        if not alike:
            return []
        named = listed(alike if len(alike) <= NAMED else [*alike[: NAMED - 1], f"{len(alike) - NAMED + 1} more pairs"])
        wanted, here = times * samples, f"{samples:,} samples"
        would = f"about {2 ** math.ceil(math.log2(wanted)):,} would do" if wanted < REACH else "they may well be alike"
        return [f"{named} are too near to rank with {here}; {would}"]
