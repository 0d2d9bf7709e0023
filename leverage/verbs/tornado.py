"""Over its own range, which driver swings the KGI most? One leaf at a time, all else at its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName
from leverage.panels import Bars, Cell, Column, Panel, Table, Text
from leverage.program.run import point, sweep
from leverage.quantity import show
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.tree.uncertainty import moved
from leverage.verbs.describe import column, cuts, figure
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

TAILS = np.array([0.1, 0.9])
ASSUMED = 0.1  # share either way, for a leaf of which the file says neither doubt nor bounds


@dataclass(frozen=True, eq=False)
class Tornado(Result):
    """The KGI at both ends of each leaf's range, widest swing first. ``basis``: where each range comes from."""

    verb: ClassVar[str] = "tornado"
    main: ClassVar[str] = "drivers"

    tree: Tree
    value: float
    drivers: tuple[str, ...]
    low: Array  # (d,), the leaf's own levels
    high: Array
    kgi_low: Array  # (d,), the KGI there, in its unit
    kgi_high: Array
    basis: tuple[str, ...]

    def __getitem__(self, id: str) -> float:
        """The swing of one leaf."""
        if self.tree.require(id).id not in self.drivers:
            raise UnknownName(id, self.drivers, what="driver")
        return float(self.swing[self.drivers.index(id)])

    @property
    def swing(self) -> Array:
        """How far apart the two ends put the KGI, (d,), in its unit."""
        return np.abs(self.kgi_high - self.kgi_low)

    def figures(self) -> dict[str, Any]:
        columns = zip(
            self.drivers, self.low, self.high, self.kgi_low, self.kgi_high, self.swing, self.basis, strict=True
        )
        names = ("metric", "low", "high", "kgi_low", "kgi_high", "swing", "basis")
        return {
            "kgi": self.tree.kgi,
            "value": self.value,
            "drivers": [dict(zip(names, row, strict=True)) for row in columns],
        }

    def notes(self) -> tuple[str, ...]:
        notes = list(cuts(self.tree))
        if "assumed" in self.basis:
            notes.append("assumed: the file gives no range for these, so 10% either way is taken; give them a 'range'")
        if self.tree.correlations:
            notes.append("one leaf moves at a time: the correlations of the file are not followed")
        return tuple(notes)

    def panels(self) -> tuple[Panel, ...]:
        goal = self.tree.metrics[self.tree.kgi]
        heads = (
            *(column("driver"), Column("low"), Column("high")),
            *(Column("KGI at low", goal.unit), Column("KGI at high", goal.unit), Column("swing", goal.unit)),
            column("range"),
        )
        rows = tuple(self._row(place) for place in range(len(self.drivers)))
        title = f"{goal.name} = {show(self.value, percent=goal.percent)}: over each driver's own range"
        ends = [[self._end(place, levels) for place in range(len(self.drivers))] for levels in (self.low, self.high)]
        bars = Bars(
            f"Swing of {goal.name}",
            self.drivers,
            self.kgi_low,
            self.kgi_high,
            reference=self.value,
            unit=goal.unit,
            percent=goal.percent,
            better="higher" if self.tree.sign > 0 else "lower",
            low_names=tuple(ends[0]),
            high_names=tuple(ends[1]),
            labels=tuple(self.tree.metrics[id].name for id in self.drivers),
        )
        following = Text(f"leverage simulate {self.tree.file or 'MODEL'}", "next")
        return (Table(title, heads, rows, self.drivers), bars, following)

    def _end(self, place: int, levels: Array) -> str:
        return show(float(levels[place]), percent=self.tree.metrics[self.drivers[place]].percent)

    def _row(self, place: int) -> tuple[Cell, ...]:
        metric, goal = self.tree.metrics[self.drivers[place]], self.tree.metrics[self.tree.kgi]
        levels = (figure(metric, float(self.low[place])), figure(metric, float(self.high[place])))
        ends = (self.kgi_low[place], self.kgi_high[place], self.swing[place])
        return (metric.name, *levels, *(figure(goal, float(end)) for end in ends), self.basis[place])


def tornado(tree: Tree) -> Tornado:
    """Over its own range, which driver swings the KGI most?

    Returns:
        Each leaf's low and high level (P10 and P90 of its distribution, else its lever's bounds, else 10 % either way,
        marked ``assumed``), the KGI at both with all else at its value, and the swing between them, widest first.
    """
    leaves = sorted(tree.leaves)
    ranges = [_range(tree, tree.metrics[id]) for id in leaves]
    ends = {
        id: sweep(tree, {id: levels}, (tree.kgi,))[tree.kgi] for id, (levels, _) in zip(leaves, ranges, strict=True)
    }
    swings = {id: abs(at[1] - at[0]) for id, at in ends.items()}
    order = sorted(range(len(leaves)), key=lambda i: -swings[leaves[i]] if np.isfinite(swings[leaves[i]]) else -np.inf)
    return Tornado(
        Run.of(tree),
        tree,
        point(tree)[tree.kgi],
        tuple(leaves[i] for i in order),
        np.array([ranges[i][0][0] for i in order]),
        np.array([ranges[i][0][1] for i in order]),
        np.array([ends[leaves[i]][0] for i in order]),
        np.array([ends[leaves[i]][1] for i in order]),
        tuple(ranges[i][1] for i in order),
    )


def _range(tree: Tree, metric: Metric) -> tuple[Array, str]:
    """The two levels of a leaf, and where they come from."""
    level = tree.levels[metric.id]
    if metric.uncertainty is not None and not level.certain:
        ends, _ = moved(metric.uncertainty.quantile(TAILS), metric.uncertainty, level)
        return np.sort(ends), "P10 to P90"
    lever = metric.lever
    if lever is not None and lever.choices:
        return np.array([min(lever.choices), max(lever.choices)]), "choices"
    ends = np.sort(level.value * np.array([1 - ASSUMED, 1 + ASSUMED]))
    bounds = (lever.low, lever.high) if lever is not None else (None, None)
    given = np.array([end if bound is None else bound for bound, end in zip(bounds, ends, strict=True)])
    return np.sort(given), "assumed" if None in bounds else "bounds"
