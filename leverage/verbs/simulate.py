"""How wide is the outcome? Moments, quantiles and the chance of the target, each with its standard error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName
from leverage.panels import Lines, Multiples, Panel, Text
from leverage.program.arrays.point import figures as values
from leverage.program.run import point
from leverage.quantity import read
from leverage.sampling.summary import Summary
from leverage.tree.addresses import metric_of, parted
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.fans import Fans, Series, over_time
from leverage.verbs.cells.over import long, one
from leverage.verbs.cells.spreads import Spreads
from leverage.verbs.describe import better, caveats
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import QUANTILES, BadSetting, Chance
from leverage.verbs.draws.gridded import by_arrays, gridded_samples
from leverage.verbs.draws.samples import Aim, drawn
from leverage.verbs.draws.spread import Heaped, Kept
from leverage.verbs.evaluate import pushes
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

LEVEL = 0.5  # the chance of a target from which people say that it is met
MIDDLE = (0.1, 0.9)  # of the sentence that opens the answer


class NotReported(UnknownName):
    """A metric whose draws were not kept: a tree of many would not fit the memory."""

    def __init__(self, id: str) -> None:
        super().__init__(id, (), what="metric", where=f"in this answer; name it with of={id!r}")


@dataclass(frozen=True, eq=False)
class Simulation(Result):
    """The KGI's spread, and that of metrics with a target and those asked for; ``samples(id)`` gives the draws.

    Of a metric over axes each cell is reported, and what runs over time is in ``series``, too.
    """

    verb: ClassVar[str] = "simulate"
    main: ClassVar[str] = "metrics"

    tree: Tree
    quantiles: tuple[str, ...]  # as they were typed
    summaries: Mapping[str, Summary]  # by cell, the KGI first
    middle: tuple[float, float]  # between which 8 of 10 draws of the KGI lie
    value: float  # of the KGI, all chance off
    spread: Kept | Heaped = field(repr=False)
    said: tuple[str, ...] = ()
    level: float = LEVEL
    named: frozenset[str] = frozenset()  # metrics that were asked for

    def __getitem__(self, id: str) -> Summary:
        return self.summaries[self._reported(one(self.tree, id, "metric"))]

    def samples(self, id: str | None = None) -> Array:
        """The draws of a reported metric, (n,), in its unit; of the KGI when left out.

        An address that names many cells gives them over its axes, (labels..., n), but for those of which it names one
        label: ``samples("visits[ads]")`` are (periods, n).

        Raises:
            NotKept: there were too many to keep.
            NotReported: it was not asked for.
        """
        address = self.tree.kgi if id is None else id
        cells = [self._reported(cell) for cell in self.tree.cells_of(address)]
        found = [self.spread.samples(cell) for cell in cells]
        shape = self._shape(address)
        return np.stack(found).reshape(*shape, -1) if shape else found[0]

    def _shape(self, address: str) -> tuple[int, ...]:
        """How many labels the address names of each axis of its metric, less those of which it names one."""
        id, labels = parted(address)
        owners = self.tree.grid.owners
        named = {owners[label].name: len(owners[label].members(label)) for label in labels}
        counts = (named.get(axis, len(self.tree.grid[axis])) for axis in self.tree.metrics[id].axes)
        single = {axis for axis, count in named.items() if count == 1}
        return tuple(
            count for axis, count in zip(self.tree.metrics[id].axes, counts, strict=True) if axis not in single
        )

    @cached_property
    def series(self) -> Mapping[str, Series]:
        """The reported metrics over time, one a combination of labels, by address such as ``visits[ads]``."""
        return over_time(self.tree, self.summaries)

    @property
    def _count(self) -> int:
        return self.summaries[self.tree.kgi].samples

    def _reported(self, id: str) -> str:
        if id not in self.summaries:
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
            **self._over_time(),
        }

    def _over_time(self) -> dict[str, Any]:
        if not self.series:
            return {}
        told = (self.tree, self.summaries, self.quantiles, self.level)
        return {"level": self.level, "series": {id: each.figures(*told) for id, each in self.series.items()}}

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
            "target": self.tree.cell(id).target,
            "probability_of_target": summary.probability,
            "probability_error": summary.probability_error,
            "not_finite": summary.not_finite,
        }

    def rows(self) -> list[dict[str, Any]]:
        """A row a reported figure; of a model over axes with its labels."""
        from leverage.verbs.result import flat

        told = self.to_dict()
        first = {key: told[key] for key in self._of(self.tree.kgi)}
        each = {id: flat(entry) for id, entry in {self.tree.kgi: first, **told["metrics"]}.items()}
        if not self.tree.grid:
            return [{"metric": id, **entry} for id, entry in each.items()]
        return long(self.tree, **{key: {id: entry[key] for id, entry in each.items()} for key in each[self.tree.kgi]})

    def notes(self) -> tuple[str, ...]:
        sure = () if self.tree.doubtful else ("nothing in this tree is uncertain: give leaves a 'range' and ask again",)
        return (*caveats(self.tree), *self.said, *self._lost(), *sure)

    def _lost(self) -> list[str]:
        """Metrics of which some samples are not finite; of one over axes the worst cell."""
        counts: dict[str, dict[str, int]] = {}
        for id, summary in self.summaries.items():
            if summary.not_finite:
                counts.setdefault(metric_of(id), {})[id] = summary.not_finite
        found = []
        for lost in counts.values():
            worst = max(lost, key=lost.__getitem__)
            others = f", the most of {len(lost)} cells," if len(lost) > 1 else ""
            found.append(
                f"{worst} is not finite in {lost[worst]:,} of {self._count:,} samples{others or ':'} "
                f"{'which' if others else 'they'} are left out of the moments and counted as missing the target"
            )
        return found

    def panels(self) -> tuple[Panel, ...]:
        shown = {cell for series in self.series.values() for cell in series.cells}
        others = [id for id in self.summaries if id != self.tree.kgi and id not in shown]
        each = Spreads(self.tree, self.summaries, self.quantiles, self.spread, self.value)
        return (
            each.sentence(self.middle),
            each.table(),
            *((each.beside(others),) if others else ()),
            *Fans(self.tree, self.series, self.summaries, self.quantiles, self.level, self.named).panels(),
            *each.by_label(others),
            each.histogram(),
            Text(f"leverage levers {self.tree.file or 'MODEL'}", "next"),
        )

    def read(self) -> tuple[Panel, ...]:
        """Fans and small plots have their tables, which say the same."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, Lines | Multiples))


def simulate(
    tree: Tree,
    *,
    quantiles: Sequence[float | str] = QUANTILES,
    of: str | Iterable[str] = (),
    level: float | str = LEVEL,
    **settings: Any,
) -> Simulation:
    """How wide is the outcome?

    Args:
        quantiles: probabilities to report, between 0 and 1 (``0.05`` or ``"5%"``).
        of: metrics to report beside the KGI and those with a target; an address such as ``visits[ads]`` names cells.
        level: of a metric over time, the chance of its target whose first period is told (``0.8`` or ``"80%"``).
        settings: ``samples``, ``seed`` or ``rng``, ``points``, ``strict``, ``threads`` or ``executor``, ``block``,
            ``checkpoint``, ``progress`` (`Chance.of`).

    Returns:
        Mean, sd, range, quantiles and P(target) of each metric, in its unit, with standard errors: from 8 independent
        scrambles (7 degrees of freedom) with Sobol points, from the samples (n - 1) with random ones.

    Raises:
        UnknownName: a metric or a label that the model does not have.
        BadSetting: a quantile or level outside 0 to 1, or a setting that nothing can be drawn with.
        TooMany: so many cells that their samples would not fit the memory.
    """
    chance = Chance.of(**settings)
    probabilities = _probabilities("quantiles", quantiles)
    (sure,) = _probabilities("level", [level])
    asked = [cell for address in ((of,) if isinstance(of, str) else of) for cell in tree.cells_of(address)]
    told = {id: tree.cell(id) for id in dict.fromkeys((tree.kgi, *tree.aimed, *asked))}
    aims = [Aim(id, metric.target, sign) for (id, metric), sign in zip(told.items(), _signs(tree, told), strict=True)]
    wanted = tuple(dict.fromkeys((*probabilities, *MIDDLE)))
    if by_arrays(tree, chance.samples):
        found, value = gridded_samples(tree, chance, aims, wanted), float(values(tree)[tree.kgi])
    else:
        cells = tree.cells
        found, value = drawn(cells, cast(cells, chance), chance, aims, wanted), point(cells)[tree.kgi]
    low, high = found.summaries[tree.kgi].quantiles[[wanted.index(p) for p in MIDDLE]].tolist()
    return Simulation(
        Run.of(tree, **chance.to_run()),
        tree,
        tuple(str(q) for q in quantiles),
        {id: _picked(summary, [wanted.index(p) for p in probabilities]) for id, summary in found.summaries.items()},
        (low, high),
        value,
        found.spread,
        found.notes,
        sure,
        frozenset(map(metric_of, asked)),
    )


def _signs(tree: Tree, told: Mapping[str, Metric]) -> list[float]:
    """+1 for each metric of which more is better, -1 for one of which less is; without a target it does not matter."""
    silent = [id for id, m in told.items() if m.target is not None and id != tree.kgi and not better(m, 0.0)]
    push = {tree.kgi: tree.sign, **(pushes(tree.cells, silent) if silent else {})}
    return [-1.0 if better(metric, push.get(id, 0.0)) == "lower" else 1.0 for id, metric in told.items()]


def _picked(summary: Summary, places: list[int]) -> Summary:
    """The summary with the quantiles that were asked for alone."""
    return replace(
        summary,
        probabilities=tuple(summary.probabilities[place] for place in places),
        quantiles=summary.quantiles[places],
        quantile_errors=summary.quantile_errors[places],
    )


def _probabilities(name: str, given: Sequence[float | str]) -> tuple[float, ...]:
    found = tuple(read(p).value if isinstance(p, str) else float(p) for p in given)
    for typed, p in zip(given, found, strict=True):
        if not 0 <= p <= 1:
            raise BadSetting(name, typed, "give probabilities between 0 and 1, such as 0.05 or 5%")
    return found
