"""Where does the budget go? All levers at once, within their bounds and within what the resources have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from os.path import isfile
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import listed
from leverage.optimize.local import search
from leverage.optimize.problem import Found
from leverage.panels import Bars, Cell, Column, Panel, Table, Text
from leverage.program.program import USE
from leverage.program.run import point
from leverage.quantity import show
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import at, meaning, nested, series, spoken
from leverage.verbs.cells.overall import difference
from leverage.verbs.describe import caveats, column, moved_by
from leverage.verbs.moves.ends import ends
from leverage.verbs.moves.limited import Limited, conflict
from leverage.verbs.moves.planning import Guard, flights, problem
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

MOST = 8  # moves of levers over time that a line of a terminal can hold


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

    def __getitem__(self, id: str) -> Any:
        return at(self.tree.whole, id, self.levels)

    @cached_property
    def rows_of(self) -> Mapping[str, tuple[str, ...]]:
        """The levers as people see them: all periods of one together; of each its address and its cells."""
        return flights(self.tree, tuple(self.levels))

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
        agree = f"{self.found.agreeing} of which end at the same value"
        return (
            f"{search_}, {agree if self.found.agreeing else 'none of which ends there by itself'}; best found, no bound"
        )

    @property
    def unspent(self) -> dict[str, str]:
        """What is left of a resource, and why it stays."""
        return self._limits.unspent if self.answered else {}

    @cached_property
    def _limits(self) -> Limited:
        return Limited(self.tree, self.before, self.after, self.levels, self.bounds, self.prices)

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
            **({"flight": nested(self.tree.whole, self.levels)} if self.tree.whole.grid and self.answered else {}),
        }

    def notes(self) -> tuple[str, ...]:
        if not self.answered:
            return (*caveats(self.tree), conflict(self.tree, self.guards, self.found))
        return (*caveats(self.tree), *self._limits.notes(), self.method)

    def panels(self) -> tuple[Panel, ...]:
        if not self.answered:
            return (Text("There is no such plan."),)
        nothing = () if self.levels else (Text("This tree has no lever to move."),)
        resources = (self._limits.table(),) if self.tree.resources else ()
        return (Text(self._sentence()), *nothing, self._plan(), *resources, self._bars(), self._next())

    def _sentence(self) -> str:
        goal, kgi = self.tree.metrics[self.tree.kgi], self.tree.kgi
        today, there = self.before[kgi], self.after[kgi]
        moves = sorted((id for id in self.rows_of if self._share(id)), key=self._share, reverse=True)
        if not moves:
            return f"Today's levels are the best that was found: {goal.name} stays at {_shown(self.tree, kgi, today)}."
        names = [self._move(id) for id in moves]
        text = (
            f"Move {listed(names, 3)}: {goal.name} goes from {_shown(self.tree, kgi, today)} to "
            f"{_shown(self.tree, kgi, there)}, {moved_by(goal, there - today, today)}"
        )
        if self.resplit is not None and self.tree.sign * (self.resplit - today) > 0:
            text += f"; with no more of anything than today, {moved_by(goal, self.resplit - today, today)}"
        return text + "."

    def _move(self, address: str) -> str:
        """A lever's move in a sentence; over periods from its least level to its highest."""
        levels = [self.levels[id] for id in self.rows_of[address]]
        ends = dict.fromkeys(_shown(self.tree, self.rows_of[address][0], end) for end in (min(levels), max(levels)))
        return f"{spoken(self.tree.whole, address)} to {' .. '.join(ends)}{' a period' if len(levels) > 1 else ''}"

    def _share(self, address: str) -> float:
        """How far the plan moves a lever, as a share of its interval; of its periods the mean."""
        shares = [abs(share) for share in self._shares(address)]
        return sum(shares) / len(shares)

    def _shares(self, address: str) -> list[float]:
        found = []
        for id in self.rows_of[address]:
            low, high = self.bounds[id]
            found.append((self.levels[id] - self.before[id]) / (high - low) if high > low else 0.0)
        return found

    def _plan(self) -> Panel:
        heads = (
            *(column("lever"), column("owner"), Column("today"), Column("plan"), Column("change")),
            *(Column("low"), Column("high"), column("")),
        )
        rows = tuple(self._row(address) for address in self.rows_of)
        return Table("The plan", heads, rows, tuple(self.rows_of))

    def _row(self, address: str) -> tuple[Cell, ...]:
        cells, whole = self.rows_of[address], self.tree.whole
        metric, (id, meant) = self.tree.metrics[cells[0]], meaning(whole, address)
        lows, highs = zip(*(self.bounds[id] for id in cells), strict=True)
        return (
            spoken(whole, address),
            metric.owner or None,
            *(series([at[id] for id in cells], percent=metric.percent) for at in (self.before, self.levels)),
            difference(whole, id, self.before, self.levels, meant),
            *(series(ends, percent=metric.percent) for ends in (lows, highs)),
            self._held(cells),
        )

    def _held(self, cells: tuple[str, ...]) -> str | None:
        """Where a plan stops at a bound."""
        ends = [(self.levels[id] <= self.bounds[id][0], self.levels[id] >= self.bounds[id][1]) for id in cells]
        low, high = (sum(end[place] and not all(end) for end in ends) for place in (0, 1))
        if len(cells) == 1:
            return "at its min" if low else "at its max" if high else None
        told = [f"{count} at {word}" for count, word in ((low, "min"), (high, "max")) if count]
        return ", ".join(told) or None

    def _bars(self) -> Panel:
        """Each lever's move as a share of its interval, so that money, hours and rates stand side by side."""
        shares = np.array([np.mean(self._shares(address)) for address in self.rows_of])
        names = [
            tuple(
                _shown(self.tree, ids[0], float(np.mean([at[id] for id in ids]))) for at in (self.before, self.levels)
            )
            for ids in self.rows_of.values()
        ]
        return Bars(
            "How far the plan moves each lever, as a share of its interval",
            tuple(self.rows_of),
            np.zeros(len(shares)),
            shares,
            percent=True,
            labels=tuple(spoken(self.tree.whole, address) for address in self.rows_of),
            low_names=tuple(today for today, _ in names),
            high_names=tuple(plan for _, plan in names),
        )

    def _next(self) -> Panel:
        """What shows the plan down the tree. A line of many periods is no line to type: then they are saved."""
        file, sets = self.tree.file or "MODEL", [f"--set {_quoted(id, to)}" for id, to in self._moved().items()]
        if len(sets) <= MOST or not self.tree.whole.grid or not isfile(file):
            return Text(" ".join([f"leverage evaluate {file}", *sets]), "next")
        names = chain(["plan"], (f"plan-{number}" for number in count(2)))
        free = next(name for name in names if name not in self.tree.scenarios)
        asked = [f"--scenario {name}" for name in self.tree.applied]
        asked += [f"--limit {_quoted(id, limit)}" for id, limit in self.tree.limits.items()]
        asked += [f"--at-{'most' if g.sign > 0 else 'least'} {_quoted(g.metric, g.level)}" for g in self.guards]
        return Text(" ".join([f"leverage allocate {file}", *asked, f"--save-scenario {free}"]), "next")

    def _moved(self) -> dict[str, float]:
        """The plan's moves; a lever whose periods all go to one level is moved once."""
        found: dict[str, float] = {}
        for address, ids in self.rows_of.items():
            levels = {id: self.levels[id] for id in ids if self.levels[id] != self.before[id]}
            together = levels and len({self.levels[id] for id in ids}) == 1
            found.update({address: self.levels[ids[0]]} if together else levels)
        return found


def _quoted(id: str, to: float) -> str:
    """A move as a shell takes it."""
    return f'"{id}={to:.6g}"' if "[" in id else f"{id}={to:.6g}"


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
    tree = tree.with_(limits=limit).cells
    guards = (
        *(Guard(cell, level, 1.0) for id, level in (at_most or {}).items() for cell in tree.cells_of(id)),
        *(Guard(cell, level, -1.0) for id, level in (at_least or {}).items() for cell in tree.cells_of(id)),
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
        again = search(problem(tree.with_(limits=today), ids, (low, high), guards), priced=False)
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
