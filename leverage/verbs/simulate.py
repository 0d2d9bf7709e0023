"""How wide is the outcome? Moments, quantiles and the chance of the target, each with its standard error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName
from leverage.panels import Cell, Column, Figure, Histogram, Panel, Table, Text
from leverage.program.run import point
from leverage.quantity import read, show
from leverage.sampling.summary import Summary
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cast import cast
from leverage.verbs.chance import QUANTILES, BadSetting, Chance
from leverage.verbs.describe import better, column, cuts, figure, said_chance
from leverage.verbs.describe import chance as said
from leverage.verbs.evaluate import pushes
from leverage.verbs.result import Result, Run
from leverage.verbs.samples import Aim, drawn
from leverage.verbs.spread import Heaped, Kept

Array = NDArray[np.float64]

BINS = 24
MIDDLE = (0.1, 0.9)  # of the sentence that opens the answer


class NotReported(UnknownName):
    """A metric whose draws were not kept: a tree of many would not fit the memory."""

    def __init__(self, id: str) -> None:
        super().__init__(id, (), what="metric", where=f"in this answer; name it with of={id!r}")


@dataclass(frozen=True, eq=False)
class Simulation(Result):
    """The KGI's spread, and that of metrics with a target and those asked for; ``samples(id)`` gives the draws."""

    verb: ClassVar[str] = "simulate"
    main: ClassVar[str] = "metrics"

    tree: Tree
    quantiles: tuple[str, ...]  # as they were typed
    summaries: Mapping[str, Summary]  # the KGI first
    middle: tuple[float, float]  # between which 8 of 10 draws of the KGI lie
    spread: Kept | Heaped = field(repr=False)
    said: tuple[str, ...] = ()

    def __getitem__(self, id: str) -> Summary:
        return self.summaries[self._reported(id)]

    def samples(self, id: str | None = None) -> Array:
        """The draws of a reported metric, (n,), in its unit; of the KGI when left out.

        Raises:
            NotKept: there were too many to keep.
        """
        return self.spread.samples(self.tree.kgi if id is None else self._reported(id))

    @property
    def _count(self) -> int:
        return self.summaries[self.tree.kgi].samples

    def _reported(self, id: str) -> str:
        if self.tree.require(id).id not in self.summaries:
            raise NotReported(id)
        return id

    def figures(self) -> dict[str, Any]:
        kgi = self.tree.kgi
        return {
            "kgi": kgi,
            "samples": self._count,
            "seed": self.run.seed,
            **self._of(kgi),
            "metrics": {id: self._of(id) for id in self.summaries if id != kgi},
        }

    def _of(self, id: str) -> dict[str, Any]:
        summary = self.summaries[id]
        return {
            "mean": summary.mean,
            "sd": summary.sd,
            "standard_error": summary.standard_error,
            "degrees_of_freedom": summary.degrees,
            "min": summary.min,
            "max": summary.max,
            "quantiles": dict(zip(self.quantiles, summary.quantiles.tolist(), strict=True)),
            "quantile_errors": dict(zip(self.quantiles, summary.quantile_errors.tolist(), strict=True)),
            "target": self.tree.metrics[id].target,
            "probability_of_target": summary.probability,
            "probability_error": summary.probability_error,
            "not_finite": summary.not_finite,
        }

    def rows(self) -> list[dict[str, Any]]:
        from leverage.verbs.result import flat

        told = self.to_dict()
        first = {key: told[key] for key in self._of(self.tree.kgi)}
        return [flat({"metric": id, **entry}) for id, entry in {self.tree.kgi: first, **told["metrics"]}.items()]

    def notes(self) -> tuple[str, ...]:
        lost = [
            f"{id} is not finite in {summary.not_finite:,} of {self._count:,} samples: they are left out of "
            "the moments and counted as missing the target"
            for id, summary in self.summaries.items()
            if summary.not_finite
        ]
        sure = (
            () if self.tree.uncertain else ("nothing in this tree is uncertain: give leaves a 'range' and ask again",)
        )
        return (*cuts(self.tree), *self.said, *lost, *sure)

    def panels(self) -> tuple[Panel, ...]:
        goal, *others = self.summaries
        beside = (self._others(others),) if others else ()
        return (
            self._sentence(),
            self._table(goal),
            *beside,
            self._histogram(),
            Text(f"leverage levers {self.tree.file or 'MODEL'}", "next"),
        )

    def _sentence(self) -> Panel:
        goal, summary = self.tree.metrics[self.tree.kgi], self.summaries[self.tree.kgi]
        if summary.not_finite == summary.samples:
            return Text(f"{goal.name} is finite in no sample.")
        if not self.tree.uncertain:
            return Text(
                f"{goal.name} is {_said(goal, summary.mean)} in every sample: nothing in this tree is uncertain."
            )
        low, high = self.middle
        text = f"{goal.name} comes out between {_said(goal, low)} and {_said(goal, high)} in 8 of 10 cases"
        if summary.probability is not None:
            share = said_chance(summary.probability)
            text += f", and meets its target of {_said(goal, goal.target)} in {share} of all cases"
        return Text(text + ".")

    def _table(self, id: str) -> Panel:
        metric, summary = self.tree.metrics[id], self.summaries[id]
        rows: list[tuple[str, float | None, float | None]] = [
            ("mean", summary.mean, summary.standard_error),
            ("standard deviation", summary.sd, None),
            ("lowest", summary.min, None),
            *(
                (f"P{_name(key)}", value, error)
                for key, value, error in zip(self.quantiles, summary.quantiles, summary.quantile_errors, strict=True)
            ),
            ("highest", summary.max, None),
        ]
        cells: list[tuple[Cell, ...]] = [(name, figure(metric, x), _error(metric, error)) for name, x, error in rows]
        if summary.probability is not None:
            chance = f"chance of {_sense(self.tree, id)} {_said(metric, metric.target)}"
            error = summary.probability_error
            cells.append((chance, Figure(summary.probability, True), None if error is None else Figure(error, True)))
        heads = (column(""), Column("value", metric.unit), Column("standard error"))
        return Table(f"{metric.name}: {self._count:,} samples", heads, tuple(cells))

    def _others(self, ids: list[str]) -> Panel:
        heads = (
            *(column("metric"), Column("mean"), Column("standard error")),
            *(Column(f"P{_name(key)}") for key in self.quantiles),
            *(Column("target"), Column("chance of target")),
        )
        rows = []
        for id in ids:
            metric, summary = self.tree.metrics[id], self.summaries[id]
            figures = (summary.mean, summary.standard_error, *summary.quantiles.tolist())
            aimed = figure(metric, metric.target) if metric.target is not None else None
            rows.append((metric.name, *(figure(metric, x) for x in figures), aimed, said(summary.probability)))
        return Table("Beside it", heads, tuple(rows), tuple(ids))

    def _histogram(self) -> Panel:
        goal = self.tree.metrics[self.tree.kgi]
        counts, edges = self.spread.histogram(goal.id, BINS)
        marks = [("value", stood) for stood in (_point(self.tree),)]
        marks += [("target", goal.target)] if goal.target is not None else []
        return Histogram(f"How {goal.name} is spread", edges, counts, tuple(marks), goal.unit, goal.percent)


def simulate(
    tree: Tree, *, quantiles: Sequence[float | str] = QUANTILES, of: str | Iterable[str] = (), **settings: Any
) -> Simulation:
    """How wide is the outcome?

    Args:
        quantiles: probabilities to report, between 0 and 1 (``0.05`` or ``"5%"``).
        of: metrics to report beside the KGI and those with a target.
        settings: ``samples``, ``seed`` or ``rng``, ``points``, ``strict``, ``threads`` or ``executor``, ``block``,
            ``checkpoint``, ``progress`` (`Chance.of`).

    Returns:
        Mean, sd, range, quantiles and P(target) of each metric, in its unit, with standard errors: from 8 independent
        scrambles (7 degrees of freedom) with Sobol points, from the samples (n - 1) with random ones.

    Raises:
        UnknownName: a metric that the model does not have.
        BadSetting: a quantile outside 0 to 1, or a setting that nothing can be drawn with.
    """
    chance = Chance.of(**settings)
    probabilities = _probabilities(quantiles)
    asked = [tree.require(id).id for id in ((of,) if isinstance(of, str) else of)]
    aimed = [id for id, metric in tree.metrics.items() if metric.target is not None]
    reported = tuple(dict.fromkeys((tree.kgi, *aimed, *asked)))
    push = pushes(tree, [id for id in reported if tree.metrics[id].target is not None])
    aims = [_aim(tree.metrics[id], push.get(id, 0.0)) for id in reported]
    wanted = tuple(dict.fromkeys((*probabilities, *MIDDLE)))
    found = drawn(tree, cast(tree, chance), chance, aims, wanted)
    low, high = found.summaries[tree.kgi].quantiles[[wanted.index(p) for p in MIDDLE]].tolist()
    return Simulation(
        Run.of(tree, **chance.to_run()),
        tree,
        tuple(str(q) for q in quantiles),
        {id: _picked(summary, [wanted.index(p) for p in probabilities]) for id, summary in found.summaries.items()},
        (low, high),
        found.spread,
        found.notes,
    )


def _aim(metric: Metric, push: float) -> Aim:
    return Aim(metric.id, metric.target, -1.0 if better(metric, push) == "lower" else 1.0)


def _picked(summary: Summary, places: list[int]) -> Summary:
    """The summary with the quantiles that were asked for alone."""
    return replace(
        summary,
        probabilities=tuple(summary.probabilities[place] for place in places),
        quantiles=summary.quantiles[places],
        quantile_errors=summary.quantile_errors[places],
    )


def _probabilities(quantiles: Sequence[float | str]) -> tuple[float, ...]:
    found = tuple(read(q).value if isinstance(q, str) else float(q) for q in quantiles)
    for typed, p in zip(quantiles, found, strict=True):
        if not 0 <= p <= 1:
            raise BadSetting("quantiles", typed, "give probabilities between 0 and 1, such as 0.05 or 5%")
    return found


def _point(tree: Tree) -> float:
    return point(tree)[tree.kgi]


def _said(metric: Metric, value: float | None) -> str:
    return show(value, percent=metric.percent)


def _name(key: str) -> str:
    """A quantile's name: ``0.05`` is P5.

    >>> _name("0.05"), _name("97.5%")
    ('5', '97.5')
    """
    return f"{read(key).value * 100:.6g}"


def _error(metric: Metric, error: float | None) -> Figure | None:
    return None if error is None else figure(metric, error)


def _sense(tree: Tree, id: str) -> str:
    metric = tree.metrics[id]
    push = pushes(tree, [id]).get(id, 0.0)
    return "at most" if better(metric, push) == "lower" else "at least"
