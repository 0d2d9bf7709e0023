"""What does the tree say now? Every metric's value, target and gap, down the tree; after a change, what it moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, overload

from leverage.panels import Cell, Column, Figure, Panel, Table, Text
from leverage.program.program import USE
from leverage.program.run import point, slope_figures
from leverage.tree.addresses import metric_of, parted
from leverage.tree.grid import TIME
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import ALL, At, at, long, meant_cells, nested, seen, series
from leverage.verbs.cells.overall import difference, over_time
from leverage.verbs.cells.parts import Part, by_label
from leverage.verbs.describe import aside, better, caveats, column, over_time_column, reached, tree_panel
from leverage.verbs.result import Result, Run

if TYPE_CHECKING:
    from leverage.verbs.cases import Cases


@dataclass(frozen=True, slots=True)
class Target:
    """A metric's target, the signed gap value - target, and whether it is met, in the metric's better direction."""

    target: float
    gap: float
    met: bool


@dataclass(frozen=True, eq=False)
class Evaluation(Result):
    """The tree's figures. ``before`` holds those of the base where something was moved, else None.

    ``each``, ``targets`` and ``before`` are by cell: a metric without axes is its own. ``uses`` is by resource, or by
    resource and period where there is a limit for each.
    """

    verb: ClassVar[str] = "evaluate"
    main: ClassVar[str] = "metrics"

    tree: Tree
    each: Mapping[str, float]
    uses: Mapping[str, float]
    targets: Mapping[str, Target]
    before: Mapping[str, float] | None

    @property
    def value(self) -> float:
        """The KGI, in its unit."""
        return self.each[self.tree.kgi]

    @cached_property
    def metrics(self) -> Mapping[str, Any]:
        """Every metric's figure; over axes nested as in the file, a mapping per label, a list per period."""
        return nested(self.tree, self.each)

    def __getitem__(self, id: str) -> Any:
        """A metric's figure, that of a cell ("visits[ads,2027-03]"), or nested ones of an address of several."""
        return at(self.tree, id, self.each)

    def figures(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"kgi": self.tree.kgi, "value": self.value, "metrics": dict(self.metrics)}
        if self.targets:
            told = {id: {"target": t.target, "gap": t.gap, "met": t.met} for id, t in self.targets.items()}
            answer["targets"] = self._by_metric(told)
        if self.uses:
            cells = self.tree.cells
            told = {id: {"limit": cells.limit(id), "used": used} for id, used in self.uses.items()}
            answer["resources"] = {
                id: _listed([told[one] for one in ids]) for id, ids in self._resource_cells().items()
            }
        if self.before is not None:
            moved = {metric_of(cell) for cell in self._moved_cells}
            answer["moved"] = self._by_metric(
                {
                    cell: {"before": self.before[cell], "after": after, "difference": after - self.before[cell]}
                    for cell, after in self.each.items()
                    if metric_of(cell) in moved
                }
            )
        return answer

    def _by_metric(self, told: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Each key's figures nested, by metric."""
        keys = next(iter(told.values()), {})
        by_key = {key: nested(self.tree, {cell: figures[key] for cell, figures in told.items()}) for key in keys}
        return {id: {key: by_key[key][id] for key in keys} for id in next(iter(by_key.values()), {})}

    @cached_property
    def _moved_cells(self) -> frozenset[str]:
        before = self.before or self.each
        return frozenset(cell for cell, after in self.each.items() if after != before[cell])

    def _resource_cells(self) -> Mapping[str, list[str]]:
        """Of each resource of the file what limits it: itself, or one a period."""
        found: dict[str, list[str]] = {}
        for id in self.uses:
            found.setdefault(metric_of(id), []).append(id)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """A row a metric; over axes a row a cell, with its labels."""
        if not self.tree.grid:
            return super().rows()
        return long(self.tree, value={cell: x if isfinite(x) else None for cell, x in self.each.items()})

    def notes(self) -> tuple[str, ...]:
        cells = self.tree.cells
        over = []
        for id, ids in self._resource_cells().items():
            beyond = [one for one in ids if self.uses[one] > cells.limit(one)]
            if beyond:
                first = ", ".join(parted(beyond[0])[1])  # the period, where each has a limit of its own
                when = f" in {len(beyond)} of {len(ids)} periods, first in {first}" if first else ""
                over.append(f"{id} is used beyond its limit{when}")
        return (*caveats(self.tree), *over)

    def panels(self) -> tuple[Panel, ...]:
        return (*self._tree(), *self._resources(), *self._next())

    def _tree(self) -> tuple[Panel, ...]:
        tree = self.tree
        if self.before is None:
            columns = (Column("value"), Column("target"), Column("gap"), column(""), column("owner"))
            return (
                tree_panel(tree, columns, self._standing),
                *aside(tree, columns, self._standing),
                *by_label(tree, tree.metrics, columns[:-1], lambda id, part: self._standing(id, part.meant)[:-1]),
            )
        heads = (Column("before"), Column("after"), Column("difference"), *over_time_column(tree))
        moved = {metric_of(cell) for cell in self._moved_cells}
        route = reached([*moved, tree.kgi], tree.users)
        return (
            tree_panel(tree, heads, self._moved, keep=route),
            *aside(tree, heads, self._moved, keep=route),
            *by_label(tree, [id for id in tree.metrics if id in moved], heads, self._moved_part),
        )

    def _standing(self, id: str, meant: At = ALL) -> tuple[Cell, ...]:
        cells = [cell for cell in self.tree.cells_of(id) if cell in self.targets] if self.targets else []
        metric = self.tree.metrics[id]
        value = seen(self.tree, id, self.each, meant)
        return (value, *(self._aimed(id, meant) if cells else (None, None, None)), metric.owner or None)

    def _aimed(self, id: str, meant: At) -> tuple[Cell, Cell, str | None]:
        """What stands beside a metric with a target: the target, the gap, and whether it is met."""
        aims = {cell: self.targets[cell] for cell in meant_cells(self.tree, id, meant) if cell in self.targets}
        if not aims:
            return (None, None, None)
        last = self._last(id, aims, meant)
        target = seen(self.tree, id, {cell: aim.target for cell, aim in aims.items()}, last)
        gap = seen(self.tree, id, {cell: aim.gap for cell, aim in aims.items()}, last, signed=True)
        met = sum(aim.met for aim in aims.values())
        word = "met" if met == len(aims) else f"met {met} of {len(aims)}" if met else "missed"
        if isinstance(gap, Figure):
            gap = replace(gap, tone="good" if met == len(aims) else "bad")
        return (target, gap, word)

    def _last(self, id: str, aims: Mapping[str, Target], meant: At) -> At:
        """The last period that has a target: a series beside each figure would leave no room for any."""
        if TIME not in self.tree.metrics[id].axes:
            return meant
        aimed = {parted(cell)[1][-1] for cell in aims}  # time is the last axis
        return {**meant, TIME: ([label for label in self.tree.grid[TIME].labels if label in aimed][-1],)}

    def _moved(self, id: str, meant: At = ALL) -> tuple[Cell, ...]:
        assert self.before is not None
        tree, before, after = self.tree, self.before, self.each
        values = (seen(tree, id, before, meant), seen(tree, id, after, meant))
        word = (over_time(tree, id),) if TIME in tree.grid else ()
        return (*values, difference(tree, id, before, after, meant), *word)

    def _moved_part(self, id: str, part: Part) -> tuple[Cell, ...] | None:
        moved = any(cell in self._moved_cells for cell in meant_cells(self.tree, id, part.meant))
        return self._moved(id, part.meant) if moved else None

    def _resources(self) -> tuple[Panel, ...]:
        if not self.uses:
            return ()
        cells, rows = self.tree.cells, []
        for id, ids in self._resource_cells().items():
            resource = self.tree.resources[id]
            limits, used = [cells.limit(one) for one in ids], [self.uses[one] for one in ids]
            left = [limit - use for limit, use in zip(limits, used, strict=True)]
            figures = (series(levels, percent=resource.percent) for levels in (limits, used, left))
            rows.append((id, *figures, resource.unit or None))
        heads = (column("resource"), Column("limit"), Column("used"), Column("left"), column("unit"))
        return (Table("Resources", heads, tuple(rows)),)

    def _next(self) -> tuple[Panel, ...]:
        return (Text(f"leverage levers {self.tree.file or 'MODEL'}", tone="next"),) if self.tree.cells.levers else ()


def _listed(told: list[dict[str, float]]) -> dict[str, Any]:
    """The figures of a resource: as they are, or a list per period."""
    return dict(told[0]) if len(told) == 1 else {key: [each[key] for each in told] for key in told[0]}


@overload
def evaluate(tree: Tree, *, cases: None = None) -> Evaluation: ...
@overload
def evaluate(tree: Tree, *, cases: Any) -> Cases: ...
def evaluate(tree: Tree, *, cases: Any = None) -> Evaluation | Cases:
    """What does the tree say now?

    Args:
        cases: in Python, a table of levels to evaluate instead, a row a case (`verbs.cases`).

    Returns:
        Every metric's value in its unit, the gap to each target, what of each resource is used, and where the tree
        was changed the figures before.
    """
    if cases is not None:
        from leverage.verbs.cases import cases as evaluate_cases  # loads chance, which a plain answer does without

        return evaluate_cases(tree, cases)
    cells = tree.cells
    figures = point(cells)
    base = cells.unmoved
    return Evaluation(
        Run.of(tree),
        tree,
        {id: figures[id] for id in cells.metrics},
        {id: figures[USE + id] for id in cells.resources},
        _targets(cells, figures),
        None if not tree.moves else {id: figures for id, figures in point(base).items() if id in cells.metrics},
    )


def pushes(tree: Tree, ids: Iterable[str]) -> dict[str, float]:
    """The slope of the goal in each metric, where no word of the file tells the metric's better direction.

    A cell has the slope of its whole metric: the cost of a month that the goal does not count is better lower, too.
    """
    silent = [id for id in ids if not better(tree.metrics[id], 0.0)]
    if not silent:
        return {}
    found, whole = slope_figures(tree), tree.whole
    slopes = {id: sum(found[cell] for cell in whole.cells_of(id)) for id in dict.fromkeys(map(metric_of, silent))}
    return {id: tree.sign * slopes[metric_of(id)] for id in silent}


def _targets(tree: Tree, figures: Mapping[str, float]) -> dict[str, Target]:
    aimed = {id: metric.target for id, metric in tree.metrics.items() if metric.target is not None}
    push = pushes(tree, aimed)
    found = {}
    for id, target in aimed.items():
        ahead = (figures[id] - target) * (-1 if better(tree.metrics[id], push.get(id, 0.0)) == "lower" else 1)
        found[id] = Target(target, figures[id] - target, ahead >= 0)
    return found
