"""Where does the budget go? All levers at once, within their bounds and within what the resources have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import listed
from leverage.optimize.local import search
from leverage.optimize.problem import Found
from leverage.panels import Bars, Cell, Column, Figure, Panel, Table, Text
from leverage.program.program import USE
from leverage.program.run import point
from leverage.quantity import show
from leverage.tree.tree import Tree
from leverage.verbs.describe import column, figure, moved_by
from leverage.verbs.ends import ends
from leverage.verbs.planning import Guard, problem
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

SPENT = 1e-6  # of a limit: what is left of it that is worth a word


@dataclass(frozen=True, eq=False)
class Allocation(Result):
    """A plan: every lever's level, the KGI there, what it uses, and what one more unit of each resource is worth."""

    verb: ClassVar[str] = "allocate"
    main: ClassVar[str] = "plan"

    tree: Tree
    before: Mapping[str, float]  # every metric and use at today's levels
    after: Mapping[str, float]  # the same at the plan's
    levels: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]]
    guards: tuple[Guard, ...]
    found: Found
    prices: Mapping[str, float | None]
    resplit: float | None  # the KGI of the best plan that uses no more of anything than today

    def __getitem__(self, id: str) -> float:
        return self.levels[self.tree.require(id).id]

    @property
    def answered(self) -> bool:
        """Whether any plan keeps within the limits."""
        return self.found.feasible

    @property
    def value(self) -> float | None:
        """The KGI of the plan, None where no plan keeps within the limits."""
        return self.after[self.tree.kgi] if self.answered else None

    @property
    def proposal(self) -> Mapping[str, float]:
        """The plan's levels of the levers that it moves."""
        moved = {id: level for id, level in self.levels.items() if level != self.before[id]}
        return moved if self.answered else {}

    @property
    def upper_bound(self) -> float | None:
        """What no plan can pass, on the goal's side; known where every combination was tried."""
        return self.value if self.found.complete else None

    @property
    def method(self) -> str:
        """How the plan was found, and how far that can be trusted."""
        if self.found.complete:
            return "every combination of the levers' levels, tried: the best there is"
        search_ = f"local search with exact slopes from {self.found.starts_tried} starts"
        return f"{search_}, {self.found.agreeing} of which end at the same value; best found, no bound"

    @property
    def unspent(self) -> dict[str, str]:
        """What is left of a resource, and why it stays."""
        said = {}
        for id in self.tree.resources if self.answered else ():
            limit, used = self.tree.limit(id), self.after[USE + id]
            if limit - used > SPENT * max(abs(limit), abs(used)):
                said[id] = self._why(id)
        return said

    def _why(self, resource: str) -> str:
        left = f"{show(self.tree.limit(resource) - self.after[USE + resource])} left"
        open_ = [id for id in self.levels if self.bounds[id][0] < self.levels[id] < self.bounds[id][1]]
        tight = [id for id in self.tree.resources if id != resource and (self.prices[id] or 0) != 0]
        if not open_:
            return f"{left}: every lever is at its bound"
        if tight:
            return f"{left}: {listed(tight)} runs out first"
        return f"{left}: spending more would not bring the goal any further"

    def figures(self) -> dict[str, Any]:
        here = self.before
        return {
            "kgi": self.tree.kgi,
            "value": self.value,
            "levers": dict(self.levels) if self.answered else {},
            "resources": {
                id: {
                    "limit": self.tree.limit(id),
                    "used": self.after[USE + id] if self.answered else None,
                    "shadow_price": self.prices[id] if self.answered else None,
                    "used_today": here[USE + id],
                }
                for id in self.tree.resources
            },
            "upper_bound": self.upper_bound,
            "gap": 0.0 if self.found.complete and self.answered else None,
            "method": self.method,
            "base": {id: here[id] for id in self.levels},
            "base_value": here[self.tree.kgi],
            "resplit_value": self.resplit,
            "unspent": self.unspent,
            "guards": [
                {"metric": g.metric, "at_most" if g.sign > 0 else "at_least": g.level, "value": self.after[g.metric]}
                for g in self.guards
            ],
            "plan": [
                {"metric": id, "from": here[id], "to": to, "change": to - here[id], "low": low, "high": high}
                for (id, to), (low, high) in zip(self.levels.items(), self.bounds.values(), strict=True)
            ]
            if self.answered
            else [],
        }

    def notes(self) -> tuple[str, ...]:
        if not self.answered:
            return (self._conflict(),)
        left = tuple(f"{id}: {why}" for id, why in self.unspent.items())
        return (*left, self.method)

    def _conflict(self) -> str:
        """Which limits cannot be kept together, and by how much the nearest plan misses them."""
        names = [*self.tree.resources, *(guard.metric for guard in self.guards)]
        missed = [f"{name} by {show(short)}" for name, short in zip(names, self.found.broken, strict=True) if short > 0]
        return (
            "no plan keeps within all limits; the nearest misses "
            f"{listed(missed)}: raise the limit, or widen the levers' bounds"
        )

    def panels(self) -> tuple[Panel, ...]:
        if not self.answered:
            return (Text("There is no such plan."),)
        nothing = () if self.levels else (Text("This tree has no lever to move."),)
        return (Text(self._sentence()), *nothing, self._plan(), *self._resources(), self._bars(), self._next())

    def _sentence(self) -> str:
        goal, kgi = self.tree.metrics[self.tree.kgi], self.tree.kgi
        today, there = self.before[kgi], self.after[kgi]
        moves = sorted((id for id in self.levels if self.levels[id] != self.before[id]), key=self._share, reverse=True)
        if not moves:
            return f"Today's levels are the best that was found: {goal.name} stays at {_shown(self.tree, kgi, today)}."
        names = [f"{self.tree.metrics[id].name} to {_shown(self.tree, id, self.levels[id])}" for id in moves]
        text = (
            f"Move {listed(names, 3)}: {goal.name} goes from {_shown(self.tree, kgi, today)} to "
            f"{_shown(self.tree, kgi, there)}, {moved_by(goal, there - today, today)}"
        )
        if self.resplit is not None and self.tree.sign * (self.resplit - today) > 0:
            text += f"; with no more of anything than today, {moved_by(goal, self.resplit - today, today)}"
        return text + "."

    def _share(self, id: str) -> float:
        """How far the plan moves a lever, as a share of its interval."""
        low, high = self.bounds[id]
        return abs(self.levels[id] - self.before[id]) / (high - low) if high > low else 0.0

    def _plan(self) -> Panel:
        heads = (
            *(column("lever"), column("owner"), Column("today"), Column("plan"), Column("change")),
            *(Column("low"), Column("high"), column("")),
        )
        rows = tuple(self._row(id) for id in self.levels)
        return Table("The plan", heads, rows, tuple(self.levels))

    def _row(self, id: str) -> tuple[Cell, ...]:
        metric, (low, high), to = self.tree.metrics[id], self.bounds[id], self.levels[id]
        change = to - self.before[id]
        held = "at its min" if to <= low < high else "at its max" if to >= high and low < high else None
        return (
            metric.name,
            metric.owner or None,
            figure(metric, self.before[id]),
            figure(metric, to),
            figure(metric, change, signed=True) if change else None,
            figure(metric, low),
            figure(metric, high),
            held,
        )

    def _resources(self) -> tuple[Panel, ...]:
        if not self.tree.resources:
            return ()
        goal = self.tree.metrics[self.tree.kgi]
        per = f"{goal.unit or goal.name} per unit"
        heads = (
            *(column("resource"), column("unit"), Column("limit"), Column("used today"), Column("used")),
            *(Column("left"), Column("one more is worth", per)),
        )
        rows = []
        for id, resource in self.tree.resources.items():
            limit, used = self.tree.limit(id), self.after[USE + id]
            figures = (limit, self.before[USE + id], used, limit - used)
            shown = (Figure(x, resource.percent) for x in figures)
            rows.append((id, resource.unit or None, *shown, Figure(self.prices[id])))
        return (Table("Resources", heads, tuple(rows)),)

    def _bars(self) -> Panel:
        """Each lever's move as a share of its interval, so that money, hours and rates stand side by side."""
        shares = np.array([self._share(id) * np.sign(self.levels[id] - self.before[id]) for id in self.levels])
        names = [(_shown(self.tree, id, self.before[id]), _shown(self.tree, id, self.levels[id])) for id in self.levels]
        return Bars(
            "How far the plan moves each lever, as a share of its interval",
            tuple(self.levels),
            np.zeros(len(shares)),
            shares,
            percent=True,
            labels=tuple(self.tree.metrics[id].name for id in self.levels),
            low_names=tuple(today for today, _ in names),
            high_names=tuple(plan for _, plan in names),
        )

    def _next(self) -> Panel:
        file = self.tree.file or "MODEL"
        sets = " ".join(f"--set {id}={to:.6g}" for id, to in self.levels.items() if to != self.before[id])
        return Text(f"leverage evaluate {file} {sets}".rstrip(), "next")


def _shown(tree: Tree, id: str, value: float) -> str:
    return show(value, percent=tree.metrics[id].percent)


def allocate(
    tree: Tree,
    limit: Mapping[str, float] | None = None,
    *,
    at_most: Mapping[str, float] | None = None,
    at_least: Mapping[str, float] | None = None,
) -> Allocation:
    """Where does the budget go?

    Args:
        limit: other limits of resources, in their units.
        at_most, at_least: metrics that the plan may not carry past a level.

    Returns:
        The levers' levels that bring the goal furthest, of those that were found; no plan breaks a bound or a limit.
        With it what each resource uses and what one more unit of it is worth (None for plans in whole steps), what
        stays unspent and why, and the KGI of today's money split anew.

    Raises:
        UnknownName: a resource or metric that the model does not have.
        Unbounded: a lever without a bound that nothing stops.
    """
    tree = tree.with_(limits=limit)
    guards = (
        *(Guard(tree.require(id).id, level, 1.0) for id, level in (at_most or {}).items()),
        *(Guard(tree.require(id).id, level, -1.0) for id, level in (at_least or {}).items()),
    )
    ids = tuple(sorted(tree.levers))
    low, high = ends(tree, ids)
    before = point(tree)
    found = search(problem(tree, ids, (low, high), guards))
    plan = {id: float(level) for id, level in zip(ids, found.x, strict=True)}
    price = found.shadow_prices
    prices = {id: None if price is None else tree.sign * float(price[i]) for i, id in enumerate(tree.resources)}
    again = None
    if tree.resources and found.feasible and not any(resource.spend_all for resource in tree.resources.values()):
        today = {id: min(before[USE + id], tree.limit(id)) for id in tree.resources}
        again = search(problem(tree.with_(limits=today), ids, (low, high), guards))
    return Allocation(
        Run.of(tree),
        tree,
        before,
        point(tree.with_(set=plan)),
        plan,
        {id: (float(low[i]), float(high[i])) for i, id in enumerate(ids)},
        guards,
        found,
        prices,
        tree.sign * again.value if again is not None and again.feasible else None,
    )
