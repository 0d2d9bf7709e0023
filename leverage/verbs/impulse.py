"""When does a push reach the KGI, and how much of it by when? The response to 1% more, period by period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName, listed
from leverage.panels import Cell, Column, Lines, Panel, Spark, Table, Text
from leverage.program.run import point, sweep
from leverage.quantity import show
from leverage.tree.addresses import metric_of, parted
from leverage.tree.grid import TIME, cell_id
from leverage.tree.metric import Metric
from leverage.tree.moves import amount
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import spoken
from leverage.verbs.cells.sums import timeless
from leverage.verbs.describe import caveats, column, figure, moved_by
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.horizons import periods
from leverage.verbs.result import Result, Run
from leverage.verbs.watch import NoTime, Watch, watched

Array = NDArray[np.float64]

PUSH = 0.01
DRAWN = 6  # levers whose course is drawn
ROUNDING = 1e-12  # of the whole effect


@dataclass(frozen=True, eq=False)
class Push:
    """One lever pushed. ``at``: the period, None where it was pushed in all of them. ``gain``: how far the KGI moves.

    ``response`` (t,): what each period has of it, less what it had without the push. ``cumulative`` (t,): the share of
    the whole effect that is there by each period; None where the KGI does not add the periods up, or nothing moves.
    """

    metric: str
    at: str | None
    level: float
    gain: float
    response: Array
    cumulative: Array | None
    horizon: Mapping[str, Any] | None

    def by(self, share: float) -> int | None:
        """The period from which on so much of the effect is there, by its place."""
        if self.cumulative is None:
            return None
        short = np.flatnonzero(self.cumulative < share - ROUNDING)
        return int(short[-1]) + 1 if len(short) else 0

    @property
    def peak(self) -> int:
        """The period of the largest response, by its place."""
        return int(np.argmax(np.abs(self.response)))


@dataclass(frozen=True, eq=False)
class Impulse(Result):
    """Each lever's response, the largest gain first.

    ``of``: the metrics whose response it is. ``plain``: there is one, of one figure a period, and the response is in
    its own unit; of several it is what they bring to the KGI.
    """

    verb: ClassVar[str] = "impulse"
    main: ClassVar[str] = "levers"

    tree: Tree
    value: float
    of: tuple[str, ...]
    plain: bool
    at: str
    push: float
    levers: tuple[Push, ...]

    def __getitem__(self, id: str) -> Push:
        known = {push.metric: push for push in self.levers}
        if id not in known:
            self.tree.cells_of(id)
            raise UnknownName(id, known, what="lever")
        return known[id]

    @property
    def answered(self) -> bool:
        """Whether anything was pushed."""
        return bool(self.levers)

    def figures(self) -> dict[str, Any]:
        return {
            "kgi": self.tree.kgi,
            "value": self.value,
            "of": list(self.of),
            "at": self.at,
            "push": self.push,
            "periods": list(self._periods),
            "levers": [
                {
                    "metric": push.metric,
                    "at": push.at,
                    "gain": push.gain,
                    "response": push.response,
                    "cumulative": push.cumulative,
                    "half": self._label(push.by(0.5)),
                    "ninety": self._label(push.by(0.9)),
                    "peak": self._peak(push),
                    "horizon": push.horizon,
                }
                for push in self.levers
            ],
        }

    @property
    def _periods(self) -> tuple[str, ...]:
        return self.tree.grid[TIME].labels

    def _label(self, place: int | None) -> str | None:
        return None if place is None else self._periods[place]

    def _peak(self, push: Push) -> str | None:
        return self._label(push.peak) if np.any(push.response) else None

    def notes(self) -> tuple[str, ...]:
        idle = [push.metric for push in self.levers if push.level == 0]
        still = f"{listed(idle)} is 0, of which {show(self.push, percent=True)} is nothing: set a level first"
        unread = [push.metric for push in self.levers if self._said(push) and push.horizon is None]
        words = f"the horizon of {listed(unread)} is no length of time that these periods measure, such as '6 months'"
        return (*caveats(self.tree), *((still,) if idle else ()), *((words,) if unread else ()))

    def _said(self, push: Push) -> str:
        return self.tree.metrics[metric_of(push.metric)].horizon

    def panels(self) -> tuple[Panel, ...]:
        if not self.levers:
            return (Text("Nothing can be pushed: the tree has no leaf."),)
        return (Text(self._sentence()), self._table(), self._lines(), Text(self._following(), "next"))

    def read(self) -> tuple[Panel, ...]:
        """The little series of the table say what the curves say."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, Lines))

    def _following(self) -> str:
        return f"leverage levers {self.tree.file or 'MODEL'}"

    @property
    def _goal(self) -> Metric:
        return self.tree.metrics[self.tree.kgi]

    @property
    def _shown(self) -> Metric:
        """The metric whose unit the response has."""
        return self.tree.metrics[metric_of(self.of[0])] if self.plain else self._goal

    @property
    def _names(self) -> str:
        return listed([spoken(self.tree, id) for id in self.of])

    def _sentence(self) -> str:
        first, goal = self.levers[0], self._goal
        if not first.gain and not np.any(first.response):
            return f"No push reaches {goal.name}."
        where = f"in {first.at}" if first.at else "in every period"
        brings = (
            f"{show(self.push, percent=True)} more of {spoken(self.tree, first.metric)} {where} moves {goal.name} by "
        )
        moved = moved_by(goal, first.gain, self.value)
        if first.cumulative is None:
            return f"{brings}{moved}; {self._names} responds most in {self._label(first.peak)}."
        half, ninety = (self._label(first.by(share)) for share in (0.5, 0.9))
        return f"{brings}{moved}; half of it is there by {half}, 90% by {ninety}."

    def _table(self) -> Table:
        added, told = self._added, any(push.horizon and push.horizon["share"] is not None for push in self.levers)
        heads = (
            column("lever"),
            column("pushed in"),
            Column("KGI gain", self._goal.unit),
            Column("response", self._shown.unit),
            *((column("half by"), column("90% by")) if added else (column("peak"),)),
            *((column("horizon"),) if told else ()),
        )
        rows = tuple(self._row(push, added=added, told=told) for push in self.levers)
        title = f"What {show(self.push, percent=True)} more does to {self._names}"
        span = f"{self._periods[0]} to {self._periods[-1]}"
        return Table(f"{title}, {span}", heads, rows, tuple(push.metric for push in self.levers))

    @property
    def _added(self) -> bool:
        """The KGI adds the periods up, so that there is a share by each."""
        return any(push.cumulative is not None for push in self.levers)

    def _row(self, push: Push, *, added: bool, told: bool) -> tuple[Cell, ...]:
        times = tuple(self._label(push.by(share)) for share in (0.5, 0.9))
        return (
            spoken(self.tree, push.metric),
            push.at or "all",
            figure(self._goal, push.gain, signed=True),
            Spark(tuple(push.response.tolist()), self._shown.percent),
            *(times if added else (self._peak(push),)),
            *((self._within(push),) if told else ()),
        )

    def _within(self, push: Push) -> str | None:
        """How much of the effect the metric's horizon holds, in words."""
        if push.horizon is None:
            return None
        share = push.horizon["share"]
        return f"{self._said(push)}: {'-' if share is None else show(share, percent=True, digits=3)}"

    def _lines(self) -> Lines:
        """The shares by period; of a KGI that does not add periods up, the responses."""
        drawn = [push for push in self.levers if push.cumulative is not None] if self._added else list(self.levers)
        drawn = drawn[:DRAWN]
        curves = [push.response if push.cumulative is None else push.cumulative for push in drawn]
        what = f"Share of the effect on {self._goal.name} by period" if self._added else f"Response of {self._names}"
        return Lines(
            what,
            np.arange(len(self._periods), dtype=np.float64),
            np.array(curves),
            tuple(spoken(self.tree, push.metric) for push in drawn),
            "period",
            "share" if self._added else self._names,
            x_names=self._periods,
            unit="" if self._added else self._shown.unit,
            percent=self._added or self._shown.percent,
        )


def impulse(
    tree: Tree,
    *,
    lever: str | Iterable[str] = (),
    at: str | None = None,
    push: float | str = PUSH,
    of: str | None = None,
) -> Impulse:
    """When does a push reach the KGI, and how much of it by when?

    Args:
        lever: what is pushed, addresses of metrics, such as ``spend[ads]``; every lever label by label when left out,
            or every leaf where there is no lever.
        at: the period of the push, the first when left out; what does not run over time is pushed in all periods.
        push: by which share.
        of: the metric over time whose response is shown; when left out, what the KGI is made of that runs over time.

    Returns:
        Each push's gain of the KGI, the response period by period (both ends evaluated, so exact at any size), the
        share of the effect that is there by each period where the KGI adds periods up, the periods by which half and
        90 % of it are there, and how much of it the metric's own ``horizon`` holds.

    Raises:
        NoTime: the model has no periods, or what the KGI is made of does not run over time.
        BadSetting: ``at`` is no period, ``push`` moves nothing, or ``of`` is no series of figures.
    """
    grid, cells = tree.grid, tree.cells
    if TIME not in grid:
        raise NoTime(tree.kgi, timeless=True)
    when = grid[TIME].labels[0] if at is None else str(at)
    if when not in grid[TIME].labels:
        ends = f"{grid[TIME].labels[0]} to {grid[TIME].labels[-1]}"
        raise BadSetting("at", when, f"name one of the periods, {ends}")
    share = amount("change", push, key="push")
    if share == 0:
        raise BadSetting("push", push, "give a share that moves something, such as 1%")
    watch, here = watched(tree, of), point(cells)
    asked = (lever,) if isinstance(lever, str) else tuple(lever)
    found = [_pushed(tree, watch, here, address, when=when, share=share) for address in asked or _default(tree)]
    found.sort(key=lambda each: (-abs(each.gain) if np.isfinite(each.gain) else -np.inf, each.metric))
    return Impulse(Run.of(tree), tree, here[tree.kgi], watch.ids, watch.plain, when, share, tuple(found))


def _default(tree: Tree) -> list[str]:
    """The addresses that are pushed where none is named: levers, or else leaves, label by label."""
    cells = tree.cells
    ids = cells.levers or cells.leaves
    return sorted(dict.fromkeys(timeless(tree, id) for id in ids))


def _pushed(tree: Tree, watch: Watch, here: Mapping[str, float], address: str, *, when: str, share: float) -> Push:
    """The answer to one push, from ``here``."""
    id, labels = parted(address)
    named = tree.cells_of(address)
    late = TIME in tree.metrics[id].axes
    own = [label for label in labels if tree.grid.owners[label].name == TIME]
    pushed_in = (own[0] if own else when) if late else None
    cells = [cell for cell in named if pushed_in is None or parted(cell)[1][-1] == pushed_in]
    names = [tree.kgi, *(cell for series in watch.cells for cell in series)]
    both = sweep(tree.cells, {cell: here[cell] * np.array([1.0, 1.0 + share]) for cell in cells}, names)
    change = {name: float(pair[1] - pair[0]) for name, pair in both.items()}
    response, shares = watch.read(np.array([[change[cell] for cell in series] for series in watch.cells]))
    level = max(abs(here[cell]) for cell in cells)
    horizon = _horizon(tree, id, shares, pushed_in)
    return Push(cell_id(id, labels), pushed_in, level, change[tree.kgi], response, shares, horizon)


def _horizon(tree: Tree, id: str, shares: Array | None, pushed_in: str | None) -> dict[str, Any] | None:
    """How much of the effect arrives within the metric's own horizon, counted from the period of the push."""
    said = tree.metrics[id].horizon
    count = periods(said, tree.grid) if said else None
    if count is None:
        return None
    labels = tree.grid[TIME].labels
    end = (labels.index(pushed_in) if pushed_in else 0) + count - 1
    inside = end < len(labels)
    share = None if shares is None else float(shares[end]) if inside else 1.0
    return {"said": said, "periods": count, "by": labels[end] if inside else None, "share": share}
