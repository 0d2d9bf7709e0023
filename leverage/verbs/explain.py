"""Why did the KGI miss, or change? A bridge between two states of the tree that adds up exactly at every level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import numpy as np

from leverage.panels import Bridge, Cell, Column, Figure, Panel, Spark, Table, Text
from leverage.program.path import flow
from leverage.quantity import show
from leverage.tree.grid import TIME
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import ALL, At, long, meant_cells, nested, seen, spoken
from leverage.verbs.cells.parts import Part, by_label
from leverage.verbs.cells.rolled import UNEXPLAINED, by_period, groups, named, rolled, through
from leverage.verbs.describe import column, figure, moved_by, reached, tree_panel
from leverage.verbs.result import Result, Run
from leverage.verbs.states import States, states

METHOD = "path integral of the slopes along the straight line (integrated gradients)"
SEEN = 1e-6  # of the largest contribution: less is in the JSON, and no row
SHOWN = 10  # steps of the bridge; the rest are one step
NOISE = 1e-9  # of the KGI: less than that is rounding, and nobody's harm


@dataclass(frozen=True, eq=False)
class Explanation(Result):
    """What each leaf, metric and edge contributed to the change of the KGI, in its unit.

    ``ends`` and ``flows`` are by cell: a metric without axes is its own.
    """

    verb: ClassVar[str] = "explain"
    main: ClassVar[str] = "contributions"

    tree: Tree
    names: tuple[str, str]
    ends: tuple[Mapping[str, float], Mapping[str, float]]  # every cell's value at the start and at the end
    contributions: Mapping[str, float]  # of leaves, and of "unexplained at ID"
    beneath: Mapping[str, Mapping[str, float]]  # the same by cell, which add up to it
    parts: Mapping[str, float]  # of every metric
    edges: Mapping[tuple[str, str], float]
    flows: Mapping[tuple[str, str], float] = field(repr=False)  # the edges between cells
    missing: tuple[str, ...]
    error: float
    said: tuple[str, ...] = ()

    def __getitem__(self, id: str) -> float:
        """What came through a metric, or through the cells that an address such as ``visits[ads]`` names."""
        cells = self.tree.cells_of(id)
        return self.parts[id] if id in self.parts else through(self.flows, set(cells))

    @property
    def start(self) -> float:
        """The KGI at the start."""
        return self.ends[0][self.tree.kgi]

    @property
    def end(self) -> float:
        """The KGI at the end."""
        return self.ends[1][self.tree.kgi]

    @property
    def walk(self) -> tuple[str, ...]:
        """From the KGI down, each time to the driver through which most harm came to the goal.

        It ends at a leaf, where no driver did harm, or where less came through them all than is unexplained.
        """
        way = [self.tree.kgi]
        while (worst := self._worst(way[-1])) is not None and worst not in way:
            way.append(worst)
        return tuple(way)

    def _worst(self, id: str) -> str | None:
        sign, least = self.tree.sign, -NOISE * max(abs(self.start), abs(self.end))
        into = {d: sign * part for (d, user), part in self.edges.items() if user == id}
        harms = {d: sign * self.parts[d] for d, part in into.items() if max(part, sign * self.parts[d]) < least}
        worst = min(harms, key=lambda d: (harms[d], d), default=None)
        return worst if worst is not None and harms[worst] <= self._left_over(id) else None

    def _left_over(self, id: str) -> float:
        """What is unexplained at the metric, in the goal's direction."""
        return self.tree.sign * self.contributions.get(f"unexplained at {id}", 0.0)

    def figures(self) -> dict[str, Any]:
        at = nested(self.tree, self.ends[0]), nested(self.tree, self.ends[1])
        return {
            "kgi": self.tree.kgi,
            "from": self.start,
            "to": self.end,
            "from_name": self.names[0],
            "to_name": self.names[1],
            "contributions": [self._entry(id, part, at) for id, part in self.contributions.items()],
            "tree": dict(self.parts),
            "edges": [{"driver": d, "into": into, "contribution": part} for (d, into), part in self.edges.items()],
            "metrics": {id: {"from": start, "to": at[1][id]} for id, start in at[0].items()},
            "walk": [{"metric": id, "owner": self.tree.metrics[id].owner or None} for id in self.walk],
            "missing": list(self.missing),
            "method": METHOD,
            "quadrature_error": self.error,
        }

    def _entry(self, id: str, part: float, at: tuple[Mapping[str, Any], Mapping[str, Any]]) -> dict[str, Any]:
        own = id.removeprefix(UNEXPLAINED)
        cells = {"cells": dict(self.beneath[id])} if self.tree.metrics[own].axes else {}
        return {"metric": id, "contribution": part, "from": at[0].get(id), "to": at[1].get(id), **cells}

    def rows(self) -> list[dict[str, Any]]:
        """A row a contribution; over axes a row a cell, with its labels."""
        if not self.tree.grid:
            return super().rows()
        found = []
        for id, parts in self.beneath.items():
            lead = UNEXPLAINED if id.startswith(UNEXPLAINED) else ""
            cells = {cell.removeprefix(lead): part for cell, part in parts.items()}
            ends = [{cell: None if lead else end[cell] for cell in cells} for end in self.ends]
            told = long(self.tree, contribution=cells, **{"from": ends[0], "to": ends[1]})
            found += [{**row, "metric": lead + row["metric"]} for row in told]
        return found

    def notes(self) -> tuple[str, ...]:
        bound = max(abs(self.start), abs(self.end), 1e-300)
        return (*self.said, f"split by the {METHOD}; quadrature error {self.error / bound:.1e} of the KGI")

    def panels(self) -> tuple[Panel, ...]:
        columns = (
            Column(self.names[0]),
            Column(self.names[1]),
            Column("contributes", self._goal.unit),
            column("owner"),
        )
        touched = [id for id, part in self.contributions.items() if part != 0 and id in self.tree.metrics]
        tree = tree_panel(
            self.tree,
            columns,
            self._cells,
            title="Down the tree: what came through each metric",
            keep=reached([self.tree.kgi, *touched], self.tree.users),
        )
        following = Text(f"leverage levers {self.tree.file or 'MODEL'}", "next")
        tables = (self._table(), *self._by_label())
        return (Text(self._sentence()), Text(self._told_walk()), *tables, self._bridge(), tree, following)

    @property
    def _goal(self) -> Metric:
        return self.tree.metrics[self.tree.kgi]

    @property
    def _moving(self) -> dict[str, float]:
        """What contributed anything: people are not shown a row of zeros a driver, nor the rounding of an actual."""
        least = SEEN * max((abs(part) for part in self.contributions.values()), default=0.0)
        return {id: part for id, part in self.contributions.items() if not abs(part) <= least}

    def _sentence(self) -> str:
        goal = self._goal
        if not self._moving:
            held = show(self.start, percent=goal.percent)
            return f"{goal.name} is {held} at both ends ({', '.join(self.names)}): nothing changed."
        return (
            f"{goal.name} goes from {show(self.start, percent=goal.percent)} ({self.names[0]}) to "
            f"{show(self.end, percent=goal.percent)} ({self.names[1]}): "
            f"{moved_by(goal, self.end - self.start, self.start)}."
        )

    def _told_walk(self) -> str:
        goal, way = self._goal, self.walk
        steps = [(self.tree.metrics[id].name, self.parts[id]) for id in way[1:]]
        rest = self._left_over(way[-1])
        if rest < -NOISE * max(abs(self.start), abs(self.end)):
            steps.append(("what its drivers do not explain", self.tree.sign * rest))
        if not steps:
            return "No branch worked against the goal."
        told = [f"{name} ({show(part, percent=goal.percent, signed=True)})" for name, part in steps]
        owner = next((self.tree.metrics[id].owner for id in reversed(way) if self.tree.metrics[id].owner), "")
        ending = f"Ask: {owner}" if owner else "Nobody owns it"
        return f"Bottleneck, worst branch first: {' <- '.join([goal.name, *told])}. {ending}.{self._most(way[-1])}"

    def _most(self, id: str) -> str:
        """Where in the cells of a leaf over axes most of the harm was done."""
        found = groups(self.tree, id, self.beneath[id]) if self.tree.metrics[id].axes and id in self.beneath else {}
        if len(found) < 2:
            return ""
        worst = min(found, key=lambda each: self.tree.sign * found[each])
        part = show(found[worst], percent=self._goal.percent, signed=True)
        return f" Most of it in {spoken(self.tree, worst)} ({part})."

    def _table(self) -> Panel:
        timed = any(TIME in self.tree.metrics[id.removeprefix(UNEXPLAINED)].axes for id in self._moving)
        heads = (
            *(column("driver"), *self._columns, Column("share")),
            *([Column("by period")] if timed else []),
            column("owner"),
        )
        rows = []
        for id, part in self._moving.items():
            metric = self.tree.metrics.get(id)
            cells: tuple[Cell, ...] = (self._name(id), None, None)
            if metric is not None:
                cells = (metric.name, *self._seen(id))
            course = [self._course(id, self.beneath[id])] if timed else []
            owner = (metric.owner or None) if metric else None
            rows.append((*cells, self._part(part), self._share(part), *course, owner))
        title = f"What moved {self._goal.name} from {self.names[0]} to {self.names[1]}"
        return Table(title, heads, tuple(rows), tuple(self._moving))

    @property
    def _columns(self) -> tuple[Column, Column, Column]:
        return Column(self.names[0]), Column(self.names[1]), Column("contributes", self._goal.unit)

    def _by_label(self) -> tuple[Table, ...]:
        """What moved label by label, where metrics have any."""
        ids = [id for id in self._moving if id in self.tree.metrics]
        timed = any(len(self.tree.metrics[id].axes) > 1 and TIME in self.tree.metrics[id].axes for id in ids)

        def cells(id: str, part: Part) -> tuple[Cell, ...] | None:
            parts = {cell: self.beneath[id][cell] for cell in meant_cells(self.tree, id, part.meant)}
            total = sum(parts.values())
            if not any(parts.values()):
                return None
            course = [self._course(id, parts)] if timed else []
            return (*self._seen(id, part.meant), self._part(total), self._share(total), *course)

        heads = (*self._columns, Column("share"), *([Column("by period")] if timed else []))
        return by_label(self.tree, ids, heads, cells)

    def _seen(self, id: str, meant: At = ALL) -> tuple[Cell, Cell]:
        return seen(self.tree, id, self.ends[0], meant), seen(self.tree, id, self.ends[1], meant)

    def _course(self, id: str, parts: Mapping[str, float]) -> Cell:
        """What was contributed period by period."""
        course = by_period(self.tree, id.removeprefix(UNEXPLAINED), parts)
        return Spark(course, self._goal.percent) if course else None

    def _share(self, part: float) -> Figure | None:
        change = self.end - self.start
        return replace(figure(self._goal, part / change), percent=True) if change else None

    def _name(self, id: str) -> str:
        """As people read what contributed: a metric's name, or the words on what is unexplained."""
        return self.tree.metrics[id].name if id in self.tree.metrics else id

    def _bridge(self) -> Panel:
        shown = list(self._moving.items())
        ids, steps = [id for id, _ in shown[:SHOWN]], [part for _, part in shown[:SHOWN]]
        if len(shown) > SHOWN:
            ids.append(f"{len(shown) - SHOWN} others")
            steps.append(sum(part for _, part in shown[SHOWN:]))
        return Bridge(
            f"{self._goal.name} from {self.names[0]} to {self.names[1]}",
            *self.names,
            self.start,
            self.end,
            tuple(ids),
            np.array(steps),
            self._goal.unit,
            self._goal.percent,
            "higher" if self.tree.sign > 0 else "lower",
            tuple(map(self._name, ids)),
        )

    def _cells(self, id: str) -> tuple[Cell, ...]:
        return (*self._seen(id), self._part(self.parts[id]), self.tree.metrics[id].owner or None)

    def _part(self, part: float) -> Figure:
        tone: Literal["", "good", "bad"] = "" if part == 0 else "good" if part * self.tree.sign > 0 else "bad"
        return replace(figure(self._goal, part, signed=True), tone=tone)


def explain(tree: Tree, *, from_: str | None = None, to: str | None = None) -> Explanation:
    """Why did the KGI miss, or change?

    Args:
        from_, to: ``base`` (the file as it stands), ``what-if`` (the tree with its moves), a scenario, or ``target``
            and ``actual`` (each leaf at its own, where it has one). Left out: from target if any leaf has one, else
            base, to actual; of a tree that was changed, from base to what-if.

    Returns:
        Each leaf's contribution to the KGI's change, the integral of slope x change along the straight line, largest
        first; each metric's part; and what every edge carries, which adds up at each metric. A formula metric with an
        actual of its own adds ``unexplained at ID``. Of a metric over axes the cells' contributions stand beneath it.

    Raises:
        UnknownName: a scenario that the model does not have.

    Source: Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks (integrated gradients).
    """
    return _told(tree, states(tree.cells, from_, to))


def _told(tree: Tree, ends: States) -> Explanation:
    path = ends.path(tree.cells)
    carried = flow(path)
    values = path.values(np.array([0.0, 1.0]))
    figures = [{id: float(values[id][at]) for id in tree.cells.metrics} for at in (0, 1)]
    contributions = {id: carried.leaves.get(id, 0.0) for id in path.start}
    contributions |= {f"{UNEXPLAINED}{id}": part for id, part in carried.unexplained.items()}
    whole = rolled(tree, contributions, carried.edges)
    return Explanation(
        Run.of(tree),
        tree,
        ends.names,
        (figures[0], figures[1]),
        whole.contributions,
        whole.beneath,
        whole.parts,
        whole.edges,
        carried.edges,
        tuple(named(ends.missing, tree)),
        carried.error,
        ends.notes,
    )
