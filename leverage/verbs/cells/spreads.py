"""What do people see of a spread? A sentence, the goal's figures, others beside them, and how they are spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array, Cell, Column, Figure, Histogram, Lines, Multiples, Table, Text
from leverage.quantity import show
from leverage.sampling.summary import Summary
from leverage.sampling.tails import ALL
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.fans import by_metric, percent_of
from leverage.verbs.cells.parts import MOST
from leverage.verbs.describe import better, column, figure, said_chance
from leverage.verbs.describe import chance as said
from leverage.verbs.draws.spread import Heaped, Kept

BINS = 24
CURVE = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, 129))  # shares of a cumulative curve, close together in the tails
MOST_OF = 0.99  # of the draws, which is drawn where tails go so far out that nothing else would be seen
FINE = 1_025  # levels from which a histogram of these is counted
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
        low, high = (_said(goal, level) for level in middle)
        where = f"between {low} and {high}" if low != high else f"at {low}"
        finite = " of those in which it is finite" if summary.not_finite else ""
        text = f"{goal.name} comes out {where} in 8 of 10 cases{finite}"
        if summary.probability is not None:
            share = said_chance(summary.probability)
            text += f", and meets its target of {_said(goal, goal.target)} in {share} of all cases"
        return Text(text + ".")

    def badly(self) -> tuple[Text, ...]:
        """What it comes to when it goes badly, and how likely it is to end worse than the plan says."""
        goal, summary = self.tree.metrics[self.tree.kgi], self.summaries[self.tree.kgi]
        if not self.tree.doubtful or summary.below is None or summary.not_finite == summary.samples:
            return ()
        side = "below" if self._sense() == "at least" else "above"
        plan = f"{_said(goal, self.value)}, its figure without chance"
        ends = f"in {said_chance(summary.below)} of all cases it ends {side} {plan}."
        if summary.tail is None or summary.tail_mean is None or np.isnan(summary.tail_mean):
            return (Text(f"I{ends[1:]}"),)
        worst = show(summary.tail, percent=True)
        return (Text(f"In the worst {worst} of cases it comes to {_said(goal, summary.tail_mean)} on average; {ends}"),)

    def table(self) -> Table:
        """The goal, figure by figure."""
        metric, summary = self.tree.metrics[self.tree.kgi], self.summaries[self.tree.kgi]
        rows: list[tuple[str, float | None, float | None]] = [
            ("mean", summary.mean, summary.standard_error),
            ("standard deviation", summary.sd, summary.sd_error),
            ("lowest", summary.min, None),
            *(
                (f"P{percent_of(key)}", value, error)
                for key, value, error in zip(self.keys, summary.quantiles, summary.quantile_errors, strict=True)
            ),
            ("highest", summary.max, None),
        ]
        if summary.tail is not None:
            worst = f"mean of the worst {show(summary.tail, percent=True)}"
            rows.append((worst, summary.tail_mean, summary.tail_error))
        lost = summary.not_finite == summary.samples
        cells: list[tuple[Cell, ...]] = [
            (name, self._cell(metric, x, lost), _error(metric, error)) for name, x, error in rows
        ]
        turned = "more than" if self._sense() == "at most" else "less than"
        for chance, share, error in (
            (
                f"chance of {self._sense()} {_said(metric, metric.target)}",
                summary.probability,
                summary.probability_error,
            ),
            (f"chance of {turned} {_said(metric, self.value)}, the plan", summary.below, summary.below_error),
        ):
            if share is not None:
                cells.append((chance, Figure(share, True), None if error is None else Figure(error, True)))
        heads = (column(""), Column("value", metric.unit), Column("standard error"))
        return Table(f"{metric.name}: {summary.samples:,} samples", heads, tuple(cells))

    def _cell(self, metric: Metric, value: float | None, lost: bool) -> Cell:
        """A figure as its metric writes it; a moment that does not exist is undefined."""
        gone = value is not None and np.isnan(value) and not lost and self.summaries[metric.id].exists < ALL
        return "undefined" if gone else figure(metric, value)

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
        mean = "undefined" if summary.exists == 0 else figure(metric, summary.mean)
        figures = (figure(metric, x) for x in summary.quantiles.tolist())
        aimed = figure(metric, metric.target) if metric.target is not None else None
        return (metric.name, mean, _error(metric, summary.standard_error), *figures, aimed, said(summary.probability))

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
        wide = self.summaries[id].exists < ALL
        counts, edges = self._most(id) if wide else self.spread.histogram(id, BINS)
        target = () if metric.target is None else (("target", metric.target),)
        most = f": the middle {show(MOST_OF, percent=True)} of the draws" if wide else ""
        return Histogram(f"{title}{most}", edges, counts, (*marks, *target), metric.unit, metric.percent)

    def _most(self, id: str) -> tuple[Array, Array]:
        """Counts and edges of the middle draws, to a thousandth of all."""
        shares = _middle(np.linspace(0, 1, FINE))
        levels = self.spread.levels(id, shares)
        edges = np.linspace(levels[0], levels[-1], BINS + 1)
        return np.diff(np.interp(edges, levels, shares)) * self.summaries[id].samples, edges

    def histogram(self) -> Histogram:
        """How the goal is spread, round its value, with the quantiles that were asked for."""
        goal = self.tree.metrics[self.tree.kgi]
        return self._spread(goal.id, f"How {goal.name} is spread", ("value", self.value), *self._marks())

    def cumulative(self) -> Lines:
        """The share of the draws that does not pass each level of the goal."""
        goal = self.tree.metrics[self.tree.kgi]
        shares = CURVE if self.summaries[goal.id].exists == ALL else _middle(CURVE)
        levels = self.spread.levels(goal.id, shares)
        shares = shares if len(levels) else np.zeros(0)
        chances = self.summaries[goal.id].probabilities
        marks = tuple((name, level, p) for (name, level), p in zip(self._marks(), chances, strict=True))
        return Lines(
            f"How often {goal.name} stays below a level",
            levels,
            shares[None],
            ("share of draws",),
            marks=marks if len(levels) else (),
            percent=True,
            x_unit=goal.unit,
            x_percent=goal.percent,
            picture="cumulative",
        )

    def _marks(self) -> list[tuple[str, float]]:
        """The goal's quantiles by name."""
        levels = self.summaries[self.tree.kgi].quantiles.tolist()
        return [(f"P{percent_of(key)}", level) for key, level in zip(self.keys, levels, strict=True)]

    def _sense(self) -> str:
        goal = self.tree.metrics[self.tree.kgi]
        return "at most" if better(goal, self.tree.sign) == "lower" else "at least"


def _middle(shares: Array) -> Array:
    """Shares of the middle draws as shares of all of them."""
    return (1 - MOST_OF) / 2 + MOST_OF * shares


def _said(metric: Metric, value: float | None) -> str:
    return show(value, percent=metric.percent)


def _error(metric: Metric, error: float | None) -> Figure | None:
    return None if error is None or np.isnan(error) else figure(metric, error)
