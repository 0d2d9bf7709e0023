"""What does the tree look like? The metrics from the KGI down, with values, formulas and owners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from leverage.errors import listed
from leverage.panels import Cell, Column, Panel, Table, Text
from leverage.program.run import point
from leverage.tree.grid import TIME, Axis
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import at, nested, seen
from leverage.verbs.describe import aside, caveats, column, mark, tree_panel
from leverage.verbs.result import Result, Run


@dataclass(frozen=True, eq=False)
class Show(Result):
    """The tree as text or picture."""

    verb: ClassVar[str] = "show"
    main: ClassVar[str] = "metrics"

    tree: Tree
    each: Mapping[str, float]  # by cell

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """Every metric's figure; over axes nested as in the file."""
        return nested(self.tree, self.each)

    def __getitem__(self, id: str) -> Any:
        """A metric's figure, that of a cell ("visits[ads,2027-03]"), or nested ones of an address of several."""
        return at(self.tree, id, self.each)

    def figures(self) -> dict[str, Any]:
        marks = {id: mark(self.tree, metric) for id, metric in self.tree.metrics.items()}
        return {
            "kgi": self.tree.kgi,
            "metrics": {
                id: {
                    "label": metric.name,
                    "value": self.values[id],
                    "unit": metric.unit or None,
                    "formula": metric.text or None,
                    "drivers": list(self.tree.drivers[id]),
                    "lever": "lever" in marks[id],
                    "uncertain": "uncertain" in marks[id],
                    **({"axes": list(metric.axes)} if self.tree.grid else {}),
                    "owner": metric.owner or None,
                }
                for id, metric in self.tree.metrics.items()
            },
        }

    def notes(self) -> tuple[str, ...]:
        return caveats(self.tree)

    def panels(self) -> tuple[Panel, ...]:
        over = (column("over"),) if self.tree.grid else ()
        columns = (Column("value"), *over, column("formula"), column("owner"))
        return (
            tree_panel(self.tree, columns, self._cells),
            *aside(self.tree, columns, self._cells),
            *((_axes(self.tree),) if over else ()),
            Text(f"leverage evaluate {self.tree.file or 'MODEL'}", "next"),
        )

    def _cells(self, id: str) -> tuple[Cell, ...]:
        metric = self.tree.metrics[id]
        doubt = metric.uncertainty.text if metric.uncertainty is not None else None
        over = (", ".join(metric.axes) or None,) if self.tree.grid else ()
        return (seen(self.tree, id, self.each), *over, metric.text or doubt, metric.owner or None)


def _axes(tree: Tree) -> Table:
    """The model's dimensions and time: what their labels are called, groups with their members."""
    rows = []
    for axis in tree.grid.axes:
        count = f"{len(axis)} {'periods' if axis.name == TIME else 'labels'}"
        rows.append((axis.name, count, _labels(axis)))
    return Table("Dimensions and time", (column("axis"), column("count"), column("labels")), tuple(rows))


def _labels(axis: Axis) -> str:
    if axis.name == TIME and len(axis) > 1:
        return f"{axis.labels[0]} to {axis.labels[-1]}"
    groups = [f"{label} ({listed(members)})" for label, members in axis.groups.items()]
    return listed(axis.labels) + (f"; groups {', '.join(groups)}" if groups else "")


def show(tree: Tree) -> Show:
    """What does the tree look like?"""
    figures = point(tree.cells)
    return Show(Run.of(tree), tree, {id: figures[id] for id in tree.cells.metrics})
