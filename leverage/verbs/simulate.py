"""How wide is the outcome? Moments, quantiles and the chance of the target, each with its standard error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName
from leverage.panels import Lines, Multiples, Panel, Text
from leverage.sampling.summary import Summary
from leverage.sampling.worst import TAIL
from leverage.tree.addresses import metric_of, parted
from leverage.tree.tree import Tree
from leverage.verbs.cells.fans import Fans, Series, over_time
from leverage.verbs.cells.over import long, one
from leverage.verbs.cells.reported import lost, reported
from leverage.verbs.cells.spreads import Spreads
from leverage.verbs.describe import caveats
from leverage.verbs.draws.chance import QUANTILES, Chance
from leverage.verbs.draws.spread import Heaped, Kept
from leverage.verbs.outcomes import beside as beside_it
from leverage.verbs.outcomes.asked import MIDDLE, aims, picked, probabilities, sampled, share
from leverage.verbs.outcomes.beside import Rival
from leverage.verbs.outcomes.enough import Digits, checked_digits, digits_of, enough
from leverage.verbs.result import Result, Run, flat

if TYPE_CHECKING:
    from leverage.verbs.sensitivity import Sensitivity

Array = NDArray[np.float64]

LEVEL = 0.5  # the chance of a target from which people say that it is met


class NotReported(UnknownName):
    """A metric whose draws were not kept: a tree of many would not fit the memory."""

    def __init__(self, id: str) -> None:
        super().__init__(id, (), what="metric", where=f"in this answer; name it with of={id!r}")


@dataclass(frozen=True, eq=False)
class Simulation(Result):
    """The KGI's spread, and that of metrics with a target and those asked for; ``samples(id)`` gives the draws.

    Of a metric over axes each cell is reported, and what runs over time is in ``series``, too. ``rivals`` are the
    scenarios that stand beside it on the same draws.
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
    bases: Mapping[str, float] = field(default_factory=dict)  # by cell, all chance off
    rivals: tuple[Rival, ...] = ()
    digits: Digits | None = None

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

    def sensitivity(self, of: str | None = None, *, by: str = "leaf") -> Sensitivity:
        """Which uncertainty makes this spread? The first order, from these very draws, with no further run.

        Args:
            of: a reported metric, or one cell of it; the KGI when left out.
            by: who is judged, see `sensitivity`.

        Raises:
            NotKept: there were too many draws to keep.
            NotReported: the metric was not asked for.
        """
        from leverage.verbs.sensitivity import of_samples

        goal = self.tree.kgi if of is None else one(self.tree, of, "of")
        drawn = Chance.of(samples=self._count, seed=self.run.seed, points=self.run.points or "sobol")
        return of_samples(self.tree, drawn, self.samples(goal), of=goal, by=by)

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
            **(self.digits.figures() if self.digits is not None else {}),
            "metrics": {id: self._of(id) for id in self.summaries if id != kgi},
            **self._over_time(),
            **({"scenarios": [rival.figures(self.quantiles) for rival in self.rivals]} if self.rivals else {}),
        }

    def _over_time(self) -> dict[str, Any]:
        if not self.series:
            return {}
        told = (self.tree, self.summaries, self.quantiles, self.level)
        return {"level": self.level, "series": {id: each.figures(*told) for id, each in self.series.items()}}

    def _of(self, id: str) -> dict[str, Any]:
        target = self.tree.cell(id).target
        return reported(self.summaries[id], self.quantiles, target=target, base=self.bases.get(id))

    def rows(self) -> list[dict[str, Any]]:
        """A row a reported figure; of a model over axes with its labels."""
        told = self.to_dict()
        first = {key: told[key] for key in self._of(self.tree.kgi)}
        each = {id: flat(entry) for id, entry in {self.tree.kgi: first, **told["metrics"]}.items()}
        if not self.tree.grid:
            return [{"metric": id, **entry} for id, entry in each.items()]
        return long(self.tree, **{key: {id: entry[key] for id, entry in each.items()} for key in each[self.tree.kgi]})

    def notes(self) -> tuple[str, ...]:
        sure = () if self.tree.doubtful else ("nothing in this tree is uncertain: give leaves a 'range' and ask again",)
        short = () if self.digits is None else self.digits.note()
        return (*caveats(self.tree), *self.said, *lost(self.summaries), *short, *sure)

    def panels(self) -> tuple[Panel, ...]:
        return self._shown(drawn=True)

    def read(self) -> tuple[Panel, ...]:
        """Fans and small plots have their tables, which say the same; so has the cumulative curve."""
        return tuple(panel for panel in self._shown(drawn=False) if not isinstance(panel, Lines | Multiples))

    def _shown(self, *, drawn: bool) -> tuple[Panel, ...]:
        shown = {cell for series in self.series.values() for cell in series.cells}
        others = [id for id in self.summaries if id != self.tree.kgi and id not in shown]
        each = Spreads(self.tree, self.summaries, self.quantiles, self.spread, self.value)
        return (
            each.sentence(self.middle),
            *each.badly(),
            *self._beside(),
            each.table(),
            *((each.beside(others),) if others else ()),
            *Fans(self.tree, self.series, self.summaries, self.quantiles, self.level, self.named).panels(),
            *each.by_label(others),
            each.histogram(),
            *((each.cumulative(),) if drawn else ()),
            *self._certain(),
            Text(f"leverage levers {self.tree.file or 'MODEL'}", "next"),
        )

    def _beside(self) -> tuple[Panel, ...]:
        if not self.rivals:
            return ()
        words = {"what-if": "what was tried"}
        name = " with ".join(words.get(each, each) for each in self.run.scenario) or "the plan as it stands"
        told = beside_it.sentence(self.tree, self.rivals, name)
        return told, beside_it.table(self.tree, self.rivals, self.quantiles, name)

    def _certain(self) -> tuple[Text, ...]:
        """How many digits of the figures stand."""
        said = self.digits.said() if self.digits is not None and self.tree.doubtful else ""
        return (Text(said),) if said else ()


def simulate(
    tree: Tree,
    *,
    quantiles: Sequence[float | str] = QUANTILES,
    of: str | Iterable[str] = (),
    level: float | str = LEVEL,
    tail: float | str = TAIL,
    beside: str | Iterable[str] = (),
    digits: int | None = None,
    **settings: Any,
) -> Simulation:
    """How wide is the outcome?

    Args:
        quantiles: probabilities to report, between 0 and 1 (``0.05`` or ``"5%"``).
        of: metrics to report beside the KGI and those with a target; an address such as ``visits[ads]`` names cells.
        level: of a metric over time, the chance of its target whose first period is told (``0.8`` or ``"80%"``).
        tail: the share of the worst draws whose mean is told (``0.05`` or ``"5%"``).
        beside: scenarios to set against the tree on the same draws, each as the file has it; "base" is the file
            without any, "all" every scenario.
        digits: how many digits of the KGI's mean, sd, quantiles and P(target) are to stand: samples are doubled until
            they do, at most to 2**24.
        settings: ``samples``, ``seed`` or ``rng``, ``points``, ``strict``, ``threads`` or ``executor``, ``block``,
            ``checkpoint``, ``progress`` (`Chance.of`).

    Returns:
        Mean, sd, range, quantiles, P(target), the mean of the worst draws and P(worse than the tree's own figure) of
        each metric, in its unit, with standard errors: from 8 independent scrambles (7 degrees of freedom) with Sobol
        points, from the samples (n - 1) with random ones. A mean or sd that does not exist is None, with a note.

    Raises:
        UnknownName: a metric, label or scenario that the model does not have.
        BadSetting: a quantile, level or tail outside 0 to 1, or a setting that nothing can be drawn with.
        TooMany: so many cells that their samples would not fit the memory.
    """
    chance = Chance.of(**settings)
    wanted, keys = probabilities("quantiles", quantiles), tuple(str(q) for q in quantiles)
    (sure,) = probabilities("level", [level])
    worst, count = share("tail", tail), checked_digits(digits, chance)
    names = beside_it.named(tree, beside)
    asked = [cell for address in ((of,) if isinstance(of, str) else of) for cell in tree.cells_of(address)]
    aimed = aims(tree, chance.samples, asked)
    chance, found, stand = enough(
        lambda settings: sampled(tree, settings, aimed, wanted, worst),
        lambda drawn: digits_of(picked(drawn.summaries[tree.kgi], wanted), keys, count),
        chance,
        count,
        len(aimed),
    )
    rivals, said = beside_it.rivals(tree, names, chance, found, wanted=wanted, tail=worst)
    low, high = picked(found.summaries[tree.kgi], MIDDLE).quantiles.tolist()
    bases = {aim.id: aim.base for aim in aimed if aim.base is not None}
    return Simulation(
        Run.of(tree, **chance.to_run()),
        tree,
        keys,
        {id: picked(summary, wanted) for id, summary in found.summaries.items()},
        (low, high),
        bases[tree.kgi],
        found.spread,
        (*found.notes, *said),
        sure,
        frozenset(map(metric_of, asked)),
        bases,
        rivals,
        stand,
    )
