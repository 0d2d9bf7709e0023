"""How does a plan stand under its limits? What it uses of each, why something is left, and which cannot be kept.

A resource per period has a limit in each: figures have all of them, a table has one row, and a note is one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leverage.errors import listed
from leverage.optimize.problem import Found
from leverage.panels import Column, Panel, Table
from leverage.program.cone import downstream
from leverage.program.program import USE
from leverage.program.run import stand
from leverage.quantity import show
from leverage.tree.addresses import metric_of
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import series
from leverage.verbs.describe import column
from leverage.verbs.moves.planning import Guard

ROUNDING = 1e-12  # of a limit: what sums of many levers leave over
SPENT = 1e-6  # of a limit: what is left of it that is worth a word
BOUND = "every lever is at its bound"
ENOUGH = "spending more would not bring the goal any further"


@dataclass(frozen=True, eq=False)
class Limited:
    """The limits of a plan: every use before and after, the levers' levels and bounds, each limit's price."""

    tree: Tree
    before: Mapping[str, float]
    after: Mapping[str, float]
    levels: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]]
    prices: Mapping[str, float | None]

    def left(self, resource: str) -> float:
        """What is left of a limit; sums of many levers leave over what is rounding."""
        limit, used = self.tree.limit(resource), self.after[USE + resource]
        return limit - used if abs(limit - used) > ROUNDING * max(abs(limit), abs(used)) else 0.0

    @property
    def unspent(self) -> dict[str, str]:
        """Of each resource of which something worth a word is left: how much, and why it stays."""
        return {id: f"{show(self.left(id))} left: {why}" for id, why in self._reasons().items()}

    def notes(self) -> tuple[str, ...]:
        """`unspent`, with the periods that have the same reason in one sentence."""
        found: dict[tuple[str, str], list[str]] = {}
        for id, why in self._reasons().items():
            found.setdefault((metric_of(id), why), []).append(id)
        return tuple(self._note(name, why, ids) for (name, why), ids in found.items())

    def _note(self, name: str, why: str, ids: Sequence[str]) -> str:
        amount = show(sum(self.left(id) for id in ids))
        if ids == [name]:
            return f"{name}: {amount} left: {why}"
        of = len(_grouped(self.tree)[name])
        return f"{name}: {_periods(ids, of)} have something left, {amount} in all: {why}"

    def _reasons(self) -> dict[str, str]:
        sizes = {id: max(abs(self.tree.limit(id)), abs(self.after[USE + id])) for id in self.tree.resources}
        return {id: self._why(id) for id, size in sizes.items() if self.left(id) > SPENT * size}

    def _why(self, resource: str) -> str:
        """Only levers that use it tell why it stays, and only limits on these levers can stop them before."""
        uses = _users(self.tree)
        mine = uses[resource] or set(self.levels)
        tight = [id for id in self.tree.resources if id != resource and (self.prices[id] or 0) != 0]
        if not any(self.bounds[id][0] < self.levels[id] < self.bounds[id][1] for id in mine):
            return BOUND
        first = list(dict.fromkeys(metric_of(id) for id in tight if uses[id] & mine))
        if not first:
            return ENOUGH
        return f"{listed(first)} runs out first"

    def table(self) -> Panel:
        """A row a resource; one per period has its periods side by side."""
        goal = self.tree.metrics[self.tree.kgi]
        per = f"{goal.unit or goal.name} per unit"
        heads = (
            *(column("resource"), column("unit"), Column("limit"), Column("used today"), Column("used")),
            *(Column("left"), Column("one more is worth", per)),
        )
        rows = []
        for name, ids in _grouped(self.tree).items():
            resource = self.tree.resources[ids[0]]
            figures = (
                [self.tree.limit(id) for id in ids],
                [self.before[USE + id] for id in ids],
                [self.after[USE + id] if self.left(id) else self.tree.limit(id) for id in ids],
                [self.left(id) for id in ids],
            )
            shown = [series(some, percent=resource.percent) for some in figures]
            rows.append((name, resource.unit or None, *shown, series([self.prices[id] for id in ids])))
        return Table("Resources", heads, tuple(rows))


def conflict(tree: Tree, guards: Sequence[Guard], found: Found) -> str:
    """Which limits cannot be kept together, and by how much the nearest plan misses them."""
    names = [*tree.resources, *(guard.metric for guard in guards)]
    missed: dict[str, list[tuple[str, float]]] = {}
    for name, short in zip(names, found.broken, strict=True):
        if short > 0:
            missed.setdefault(metric_of(name), []).append((name, float(short)))
    all_of = {**_grouped(tree), **_parts([guard.metric for guard in guards])}
    told = [_missed(name, some, len(all_of[name])) for name, some in missed.items()]
    return (
        f"no plan keeps within all limits; the nearest misses {listed(told)}: "
        "raise the limit, or widen the levers' bounds"
    )


def _missed(name: str, some: Sequence[tuple[str, float]], of: int) -> str:
    if len(some) == 1:
        return f"{some[0][0]} by {show(some[0][1])}"
    total = show(sum(short for _, short in some))
    return f"{name} by {total} in {_periods([id for id, _ in some], of)}"


def _periods(ids: Sequence[str], of: int) -> str:
    """Which of the cells of a name: how many, and from which to which."""
    labels = [id.partition("[")[2].removesuffix("]") for id in ids]
    named = listed(labels) if len(labels) < 3 else f"{labels[0]} to {labels[-1]}"
    return f"{len(ids)} of {of} periods ({named})"


def _grouped(tree: Tree) -> dict[str, list[str]]:
    return _parts(tree.resources)


def _parts(ids: Sequence[str] | Mapping[str, object]) -> dict[str, list[str]]:
    """Cells by the name that they are parts of."""
    found: dict[str, list[str]] = {}
    for id in ids:
        found.setdefault(metric_of(id), []).append(id)
    return found


def _users(tree: Tree) -> dict[str, set[str]]:
    """The levers that each resource's use depends on."""
    program = stand(tree).program
    found: dict[str, set[str]] = {id: set() for id in tree.resources}
    for lever in tree.levers:
        reached = downstream(program, [program.outputs[lever]])
        for id, users in found.items():
            if program.outputs[USE + id] in reached:
                users.add(lever)
    return found
