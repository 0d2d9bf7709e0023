"""How does a figure widen over the periods? The summaries of a metric's cells as a series: rows, and a fan of bands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leverage.panels import Array, Cell, Column, Lines, Multiples, Panel, Spark, Table, Text
from leverage.quantity import read, show
from leverage.sampling.summary import Summary
from leverage.tree.addresses import metric_of, parted
from leverage.tree.grid import TIME, cell_id
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import spoken
from leverage.verbs.cells.parts import MOST
from leverage.verbs.describe import chance, column, figure

PERIODS = 13  # rows of a year and the month it is compared with
STEPS = (1, 2, 3, 4, 6, 12)  # periods from row to row: parts of a year, then whole ones

Summaries = Mapping[str, Summary]


@dataclass(frozen=True, slots=True)
class Series:
    """Periods of a metric, or of one combination of its labels; ``cells`` are its figures' ids, one a period."""

    address: str
    cells: tuple[str, ...]
    periods: tuple[str, ...]

    @property
    def metric(self) -> str:
        """The metric's id."""
        return metric_of(self.address)

    def first(self, found: Summaries, level: float) -> str | None:
        """The first period in which the chance of the target is at least the level."""
        return next(
            (period for period, p in zip(self.periods, self._chances(found), strict=True) if _at(p, level)), None
        )

    def _chances(self, found: Summaries) -> list[float | None]:
        return [found[cell].probability for cell in self.cells]

    def figures(self, tree: Tree, found: Summaries, quantiles: Sequence[str], level: float) -> dict[str, Any]:
        """Its entry of the JSON object."""
        chances = self._chances(found)
        aimed = any(p is not None for p in chances)
        each = zip(*(found[cell].quantiles.tolist() for cell in self.cells), strict=True)
        return {
            "periods": list(self.periods),
            "mean": [found[cell].mean if found[cell].exists else None for cell in self.cells],
            "quantiles": {key: list(levels) for key, levels in zip(quantiles, each, strict=True)},
            "target": self.targets(tree) if aimed else None,
            "probability_of_target": chances if aimed else None,
            "first_period": self.first(found, level),
        }

    def targets(self, tree: Tree) -> list[float | None]:
        """The target of each period, None where there is none."""
        return [tree.cell(cell).target for cell in self.cells]

    def said(self, tree: Tree, found: Summaries, level: float) -> str:
        """A sentence on its target: when it is first met as surely as the level says."""
        chances = self._chances(found)
        met, asked = sum(_at(p, level) for p in chances), sum(p is not None for p in chances)
        opening = f"{spoken(tree, self.address)} meets its target in at least {show(level, percent=True)} of all cases"
        if met in (0, asked):
            return f"{opening} in {'every' if met else 'no'} period."
        return f"{opening} in {met} of {asked} periods, first in {self.first(found, level)}."


def _at(probability: float | None, level: float) -> bool:
    return probability is not None and probability >= level


def over_time(tree: Tree, cells: Iterable[str]) -> dict[str, Series]:
    """The series among cells, by address; a lone period is none."""
    timed = [parted(id) for id in cells if TIME in tree.metrics[metric_of(id)].axes]
    held: dict[str, list[str]] = {}
    for whole, labels in timed:
        held.setdefault(cell_id(whole, labels[:-1]), []).append(labels[-1])  # time is the last axis
    place = {period: place for place, period in enumerate(tree.grid[TIME].labels)} if timed else {}
    found = {}
    for address, periods in held.items():
        if len(periods) > 1:
            ordered = tuple(sorted(periods, key=place.__getitem__))
            id, labels = parted(address)
            found[address] = Series(address, tuple(cell_id(id, (*labels, period)) for period in ordered), ordered)
    return found


@dataclass(frozen=True, slots=True)
class Fans:
    """What people see of series: ``keys`` are the quantiles as typed, ``level`` the chance that is asked for.

    ``named``: the metrics that were asked for by name, and are shown period by period.
    """

    tree: Tree
    series: Mapping[str, Series]
    summaries: Summaries
    keys: tuple[str, ...]
    level: float
    named: frozenset[str] = frozenset()

    def panels(self) -> list[Panel]:
        """Period by period what was asked for or stands alone, the rest a row each; then a fan each."""
        groups = [[self.series[address] for address in held] for held in by_metric(self.series).values()]
        lone = [held[0] for held in groups if len(held) == 1]
        whole = [each for each in lone if len(lone) == 1 or each.metric in self.named]
        short = [each for each in lone if each not in whole]
        found: list[Panel] = [self._courses("Over time", ["metric"], short)] if short else []
        for each in whole:
            found += [Text(each.said(self.tree, self.summaries, self.level))] if self._aimed(each) else []
            found.append(self._periods(each))
        for held in (held for held in groups if len(held) > 1):
            metric = self.tree.metrics[held[0].metric]
            axes = [axis for axis in metric.axes if axis != TIME]
            unit = f", {metric.unit}" if metric.unit else ""
            found.append(self._courses(f"{metric.name}{unit}: by {' and '.join(axes)}", axes, held))
        return [*found, *(self._drawn(held) for held in groups)]

    def _drawn(self, held: Sequence[Series]) -> Lines | Multiples:
        """The fan of a metric, or small ones of its labels."""
        if len(held) == 1:
            return self.fan(held[0], spoken(self.tree, held[0].address))
        plots = tuple(self.fan(each, ", ".join(parted(each.address)[1])) for each in held)
        return Multiples(f"{self.tree.metrics[held[0].metric].name} over time", plots)

    def _aimed(self, series: Series) -> bool:
        return any(self.summaries[cell].probability is not None for cell in series.cells)

    def _periods(self, series: Series) -> Table:
        """A row a period; of many every third, sixth or so, and always the first and the last."""
        metric, aimed = self.tree.metrics[series.metric], self._aimed(series)
        heads = (column("period"), Column("mean"), *(Column(f"P{percent_of(key)}") for key in self.keys))
        heads += (Column("target"), Column("chance of target")) if aimed else ()
        step = stride(len(series.cells))
        rows, ids = [], []
        for place, (cell, period) in enumerate(zip(series.cells, series.periods, strict=True)):
            if place and (len(series.cells) - 1 - place) % step:
                continue
            summary = self.summaries[cell]
            mean: Cell = figure(metric, summary.mean) if summary.exists else "undefined"
            figures = [mean, *(figure(metric, x) for x in summary.quantiles.tolist())]
            target = self.tree.cell(cell).target
            ahead = (None if target is None else figure(metric, target), chance(summary.probability)) if aimed else ()
            rows.append((period, *figures, *ahead))
            ids.append(cell)
        title = f"{spoken(self.tree, series.address)}{f', {metric.unit}' if metric.unit else ''}: period by period"
        more = f" ({len(rows)} of {len(series.cells)}: --json has all)" if step > 1 else ""
        return Table(title + more, heads, tuple(rows), tuple(ids))

    def _courses(self, title: str, names: Sequence[str], held: Sequence[Series]) -> Table:
        """A row a series: the course of its mean, and where it ends. ``names`` are those of its labels' columns."""
        aimed = any(map(self._aimed, held))
        periods = held[0].periods
        last, course = periods[-1], f"{periods[0]} to {periods[-1]}"
        ends = (Column(f"P{percent_of(self.keys[place])}", last) for place in self._three)
        heads = (*map(column, names), Column("mean", course), *ends)
        at = f"first at {show(self.level, percent=True)}"
        heads += (Column("target", last), Column("chance", last), column(at)) if aimed else ()
        rows = tuple(self._course(each, aimed=aimed, lone=list(names) == ["metric"]) for each in held[:MOST])
        more = f" ({MOST} of {len(held)}: --json has all)" if len(held) > MOST else ""
        return Table(title + more, heads, rows, tuple(each.address for each in held[:MOST]))

    def _course(self, series: Series, *, aimed: bool, lone: bool) -> tuple[Cell, ...]:
        metric, end = self.tree.metrics[series.metric], self.summaries[series.cells[-1]]
        lead = (spoken(self.tree, series.address),) if lone else parted(series.address)[1]
        means = (self.summaries[cell] for cell in series.cells)
        mean = Spark(tuple(each.mean if each.exists else None for each in means), metric.percent)
        row: tuple[Cell, ...] = (*lead, mean, *(figure(metric, float(end.quantiles[place])) for place in self._three))
        if not aimed:
            return row
        target = series.targets(self.tree)[-1]
        shown = None if target is None else figure(metric, target)
        return (*row, shown, chance(end.probability), series.first(self.summaries, self.level))

    @property
    def _three(self) -> list[int]:
        """Places of the lowest, the middle and the highest quantile: as many as stand beside a course."""
        order = sorted(range(len(self.keys)), key=lambda place: read(self.keys[place]).value)
        return list(dict.fromkeys(order[at] for at in (0, len(order) // 2, -1))) if order else []

    def fan(self, series: Series, title: str) -> Lines:
        """The middle over the periods, and a band between each pair of quantiles, the outermost first."""
        metric = self.tree.metrics[series.metric]
        chances = [read(key).value for key in self.keys]
        levels = np.array([self.summaries[cell].quantiles for cell in series.cells])
        order = np.argsort(chances, kind="stable").tolist()
        pairs = [(low, high) for low, high in zip(order, reversed(order), strict=True) if chances[low] < chances[high]]
        middle = levels[:, chances.index(0.5)] if 0.5 in chances else self._means(series)
        targets = np.array([np.nan if x is None else x for x in series.targets(self.tree)])
        return Lines(
            title,
            np.arange(len(series.cells), dtype=float),
            middle[None],
            ("median" if 0.5 in chances else "mean",),
            "",
            "",
            tuple(
                (f"P{percent_of(self.keys[low])} to P{percent_of(self.keys[high])}", levels[:, low], levels[:, high])
                for low, high in pairs[: len(order) // 2]
            ),
            x_names=series.periods,
            references=(("target", targets),) if self._aimed(series) else (),
            unit=metric.unit,
            percent=metric.percent,
        )

    def _means(self, series: Series) -> Array:
        return np.array([self.summaries[cell].mean for cell in series.cells])


def by_metric(addresses: Iterable[str]) -> dict[str, list[str]]:
    """Addresses by the metric that they are of.

    >>> by_metric(["visits[ads]", "price", "visits[social]"])
    {'visits': ['visits[ads]', 'visits[social]'], 'price': ['price']}
    """
    found: dict[str, list[str]] = {}
    for address in addresses:
        found.setdefault(metric_of(address), []).append(address)
    return found


def stride(count: int) -> int:
    """Periods from row to row, so that people are shown about a dozen.

    >>> [stride(count) for count in (12, 13, 24, 36, 60, 365)]
    [1, 1, 2, 3, 6, 36]
    """
    least = -(-(count - 1) // (PERIODS - 1))
    return next((step for step in STEPS if step >= least), -(-least // STEPS[-1]) * STEPS[-1])


def percent_of(key: str) -> str:
    """A quantile's name: ``0.05`` is P5.

    >>> percent_of("0.05"), percent_of("97.5%")
    ('5', '97.5')
    """
    return f"{read(key).value * 100:.6g}"
