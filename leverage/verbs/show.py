"""What does the tree look like? The metrics from the KGI down, with values, formulas and owners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from leverage.panels import Cell, Column, Panel, Text
from leverage.program.run import point
from leverage.tree.tree import Tree
from leverage.verbs.describe import aside, column, cuts, figure, tree_panel
from leverage.verbs.result import Result, Run


@dataclass(frozen=True, eq=False)
class Show(Result):
    """The tree as text or picture."""

    verb: ClassVar[str] = "show"
    main: ClassVar[str] = "metrics"

    tree: Tree
    values: Mapping[str, float]

    def __getitem__(self, id: str) -> float:
        return self.values[self.tree.require(id).id]

    def figures(self) -> dict[str, Any]:
        return {
            "kgi": self.tree.kgi,
            "metrics": {
                id: {
                    "label": metric.name,
                    "value": self.values[id],
                    "unit": metric.unit or None,
                    "formula": metric.text or None,
                    "drivers": list(self.tree.drivers[id]),
                    "lever": metric.lever is not None,
                    "uncertain": id in self.tree.uncertain,
                    "owner": metric.owner or None,
                }
                for id, metric in self.tree.metrics.items()
            },
        }

    def notes(self) -> tuple[str, ...]:
        return cuts(self.tree)

    def panels(self) -> tuple[Panel, ...]:
        columns = (Column("value"), column("formula"), column("owner"))
        return (
            tree_panel(self.tree, columns, self._cells),
            *aside(self.tree, columns, self._cells),
            Text(f"leverage evaluate {self.tree.file or 'MODEL'}", "next"),
        )

    def _cells(self, id: str) -> tuple[Cell, ...]:
        metric = self.tree.metrics[id]
        doubt = metric.uncertainty.text if metric.uncertainty is not None else None
        return (figure(metric, self.values[id]), metric.text or doubt, metric.owner or None)


def show(tree: Tree) -> Show:
    """What does the tree look like?"""
    figures = point(tree)
    return Show(Run.of(tree), tree, {id: figures[id] for id in tree.metrics})
