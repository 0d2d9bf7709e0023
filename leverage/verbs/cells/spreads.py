"""What do people see of a spread? A sentence, the goal's figures, others beside them, and how they are spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from leverage.panels import Cell, Column, Figure, Histogram, Multiples, Table, Text
from leverage.quantity import show
from leverage.sampling.summary import Summary
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.fans import by_metric, percent_of
from leverage.verbs.cells.parts import MOST
from leverage.verbs.describe import better, column, figure, said_chance
from leverage.verbs.describe import chance as said
from leverage.verbs.draws.spread import Heaped, Kept

BINS = 24
PLOTS = 24  # small histograms that people compare


@dataclass(frozen=True, slots=True)
class Spreads:
    """The panels of figures that stand each for itself: the goal's, and those of cells that are no series.

    ``summaries`` and ``spread`` are by cell; ``keys`` are the quantiles as typed.
    """

    tree: Tree
    summaries: Mapping[str, Summary]
    keys: tuple[str, ...]
    spread: Kept | Heaped
    value: float  # of the goal, all chance off

    def sentence(self, middle: tuple[float, float]) -> Text:
        """What comes out in 8 of 10 cases, and how likely the target is; ``middle``: between which those lie."""
        goal, summary = self.tree.metrics[self.tree.kgi], self.summaries[self.tree.kgi]
        if summary.not_finite == summary.samples:
            return Text(f"{goal.name} is finite in no sample.")
        if not self.tree.doubtful:
            return Text(
                f"{goal.name} is {_said(goal, summary.mean)} in every sample: nothing in this tree is uncertain."
            )
        low, high = middle
        text = f"{goal.name} comes out between {_said(goal, low)} and {_said(goal, high)} in 8 of 10 cases"
        if summary.probability is not None:
            share = said_chance(summary.probability)
            text += f", and meets its target of {_said(goal, goal.target)} in {share} of all cases"
        return Text(text + ".")

    def table(self) -> Table:
        """The goal, figure by figure."""
        metric, summary = self.tree.metrics[self.tree.kgi], self.summaries[self.tree.kgi]
        rows: list[tuple[str, float | None, float | None]] = [
            ("mean", summary.mean, summary.standard_error),
            ("standard deviation", summary.sd, None),
            ("lowest", summary.min, None),
            *(
                (f"P{percent_of(key)}", value, error)
                for key, value, error in zip(self.keys, summary.quantiles, summary.quantile_errors, strict=True)
            ),
            ("highest", summary.max, None),
        ]
        cells: list[tuple[Cell, ...]] = [(name, figure(metric, x), _error(metric, error)) for name, x, error in rows]
        if summary.probability is not None:
            chance = f"chance of {self._sense()} {_said(metric, metric.target)}"
            error = summary.probability_error
            cells.append((chance, Figure(summary.probability, True), None if error is None else Figure(error, True)))
        heads = (column(""), Column("value", metric.unit), Column("standard error"))
        return Table(f"{metric.name}: {summary.samples:,} samples", heads, tuple(cells))

    def beside(self, ids: Iterable[str]) -> Table:
        """A row a figure; of many labels of one metric the first ones."""
        heads = (
            *(column("metric"), Column("mean"), Column("standard error")),
            *(Column(f"P{percent_of(key)}") for key in self.keys),
            *(Column("target"), Column("chance of target")),
        )
        rows: list[tuple[Cell, ...]] = []
        shown: list[str] = []
        for cells in by_metric(ids).values():
            rows += [self._row(id) for id in cells[:MOST]]
            shown += cells[:MOST]
            if len(cells) > MOST:
                rows.append((f"and {len(cells) - MOST} more: --json has all", *[None] * (len(heads) - 1)))
                shown.append("")
        return Table("Beside it", heads, tuple(rows), tuple(shown))

    def _row(self, id: str) -> tuple[Cell, ...]:
        metric, summary = self.tree.cell(id), self.summaries[id]
        figures = (summary.mean, summary.standard_error, *summary.quantiles.tolist())
        aimed = figure(metric, metric.target) if metric.target is not None else None
        return (metric.name, *(figure(metric, x) for x in figures), aimed, said(summary.probability))

    def by_label(self, ids: Iterable[str]) -> list[Multiples]:
        """Small histograms of metrics of which many labels are reported."""
        found = []
        for metric, cells in by_metric(ids).items():
            if len(cells) > 1:
                labels = {id: ", ".join(self.tree.cell(id).labels) for id in cells[:PLOTS]}
                more = f" ({PLOTS} of {len(cells)})" if len(cells) > PLOTS else ""
                title = f"How {self.tree.metrics[metric].name} is spread{more}"
                found.append(Multiples(title, tuple(self._spread(id, label) for id, label in labels.items())))
        return found

    def _spread(self, id: str, title: str, *marks: tuple[str, float]) -> Histogram:
        metric = self.tree.cell(id)
        counts, edges = self.spread.histogram(id, BINS)
        target = () if metric.target is None else (("target", metric.target),)
        return Histogram(title, edges, counts, (*marks, *target), metric.unit, metric.percent)

    def histogram(self) -> Histogram:
        """How the goal is spread, round its value."""
        goal = self.tree.metrics[self.tree.kgi]
        return self._spread(goal.id, f"How {goal.name} is spread", ("value", self.value))

    def _sense(self) -> str:
        goal = self.tree.metrics[self.tree.kgi]
        return "at most" if better(goal, self.tree.sign) == "lower" else "at least"


def _said(metric: Metric, value: float | None) -> str:
    return show(value, percent=metric.percent)


def _error(metric: Metric, error: float | None) -> Figure | None:
    return None if error is None else figure(metric, error)
