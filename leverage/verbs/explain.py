"""Why did the KGI miss, or change? A bridge between two states of the tree that adds up exactly at every level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np

from leverage.panels import Bridge, Cell, Column, Figure, Panel, Table, Text
from leverage.program.path import flow
from leverage.quantity import show
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.describe import column, figure, moved_by, reached, tree_panel
from leverage.verbs.result import Result, Run
from leverage.verbs.states import States, states

METHOD = "path integral of the slopes along the straight line (integrated gradients)"
SEEN = 1e-6  # of the largest contribution: less is in the JSON, and no row
SHOWN = 10  # steps of the bridge; the rest are one step
NOISE = 1e-9  # of the KGI: less than that is rounding, and nobody's harm


@dataclass(frozen=True, eq=False)
class Explanation(Result):
    """What each leaf, metric and edge contributed to the change of the KGI, in its unit."""

    verb: ClassVar[str] = "explain"
    main: ClassVar[str] = "contributions"

    tree: Tree
    names: tuple[str, str]
    ends: tuple[Mapping[str, float], Mapping[str, float]]  # every metric's value at the start and at the end
    contributions: Mapping[str, float]  # of leaves, and of "unexplained at ID"
    parts: Mapping[str, float]  # of every metric
    edges: Mapping[tuple[str, str], float]
    missing: tuple[str, ...]
    error: float
    said: tuple[str, ...] = ()

    def __getitem__(self, id: str) -> float:
        return self.parts[self.tree.require(id).id]

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
        return {
            "kgi": self.tree.kgi,
            "from": self.start,
            "to": self.end,
            "from_name": self.names[0],
            "to_name": self.names[1],
            "contributions": [
                {"metric": id, "contribution": part, **self._levels(id)} for id, part in self.contributions.items()
            ],
            "tree": dict(self.parts),
            "edges": [{"driver": d, "into": into, "contribution": part} for (d, into), part in self.edges.items()],
            "metrics": {id: {"from": start, "to": self.ends[1][id]} for id, start in self.ends[0].items()},
            "walk": [{"metric": id, "owner": self.tree.metrics[id].owner or None} for id in self.walk],
            "missing": list(self.missing),
            "method": METHOD,
            "quadrature_error": self.error,
        }

    def _levels(self, id: str) -> dict[str, float | None]:
        return {"from": self.ends[0].get(id), "to": self.ends[1].get(id)}

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
        return (Text(self._sentence()), Text(self._told_walk()), self._table(), self._bridge(), tree, following)

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
        return f"Bottleneck, worst branch first: {' <- '.join([goal.name, *told])}. {ending}."

    def _table(self) -> Panel:
        heads = (
            *(column("driver"), Column(self.names[0]), Column(self.names[1])),
            *(Column("contributes", self._goal.unit), Column("share"), column("owner")),
        )
        change = self.end - self.start
        rows = []
        for id, part in self._moving.items():
            metric = self.tree.metrics.get(id)
            cells: tuple[Cell, ...] = (id, None, None)
            if metric is not None:
                cells = (metric.name, figure(metric, self.ends[0][id]), figure(metric, self.ends[1][id]))
            share = replace(figure(self._goal, part / change), percent=True) if change else None
            rows.append((*cells, self._part(part), share, (metric.owner or None) if metric else None))
        title = f"What moved {self._goal.name} from {self.names[0]} to {self.names[1]}"
        return Table(title, heads, tuple(rows), tuple(self._moving))

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
            tuple(self.tree.metrics[id].name if id in self.tree.metrics else id for id in ids),
        )

    def _cells(self, id: str) -> tuple[Cell, ...]:
        metric = self.tree.metrics[id]
        ends = (figure(metric, self.ends[0][id]), figure(metric, self.ends[1][id]))
        return (*ends, self._part(self.parts[id]), metric.owner or None)

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
        actual of its own adds ``unexplained at ID``.

    Raises:
        UnknownName: a scenario that the model does not have.

    Source: Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks (integrated gradients).
    """
    return _told(tree, states(tree, from_, to))


def _told(tree: Tree, ends: States) -> Explanation:
    path = ends.path(tree)
    carried = flow(path)
    values = path.values(np.array([0.0, 1.0]))
    figures = [{id: float(values[id][at]) for id in tree.metrics} for at in (0, 1)]
    contributions = {id: carried.leaves.get(id, 0.0) for id in path.start}
    contributions |= {f"unexplained at {id}": part for id, part in carried.unexplained.items()}
    parts = dict.fromkeys(tree.metrics, 0.0)
    for (driver, _), amount in carried.edges.items():
        parts[driver] += amount
    parts[tree.kgi] = sum(contributions.values())
    order = sorted(contributions, key=lambda id: (-abs(contributions[id]), id))
    return Explanation(
        Run.of(tree),
        tree,
        ends.names,
        (figures[0], figures[1]),
        {id: contributions[id] for id in order},
        parts,
        {edge: carried.edges[edge] for edge in sorted(carried.edges)},
        ends.missing,
        carried.error,
        ends.notes,
    )
