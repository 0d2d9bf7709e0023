"""What if? Scenarios side by side, with their difference to the base, down the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any, ClassVar

from leverage.errors import UnknownName
from leverage.panels import Bars, Cell, Column, Panel, Text
from leverage.program.run import point
from leverage.tree.addresses import metric_of
from leverage.tree.grid import TIME
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import ALL, At, long, meant_cells, nested
from leverage.verbs.cells.overall import difference, over_time, overall
from leverage.verbs.cells.parts import Part, by_label
from leverage.verbs.describe import aside, caveats, over_time_column, reached, tree_panel
from leverage.verbs.result import Result, Run


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """Every metric under every scenario; the first is the base. ``each``: one mapping a scenario, by cell."""

    verb: ClassVar[str] = "compare"
    main: ClassVar[str] = "scenarios"

    tree: Tree
    names: tuple[str, ...]
    each: tuple[Mapping[str, float], ...]
    said: tuple[str, ...] = ()

    @cached_property
    def metrics(self) -> tuple[Mapping[str, Any], ...]:
        """Of every scenario each metric's figure; over axes nested as in the file."""
        return tuple(nested(self.tree, figures) for figures in self.each)

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        """The figures of one scenario, by metric."""
        if name not in self.names:
            raise UnknownName(name, self.names, what="scenario")
        return self.metrics[self.names.index(name)]

    def figures(self) -> dict[str, Any]:
        kgi = self.tree.kgi
        base = self.each[0][kgi]
        return {
            "kgi": kgi,
            "scenarios": [
                {"scenario": name, "value": told[kgi], "difference": told[kgi] - base, "metrics": dict(told)}
                for name, told in zip(self.names, self.metrics, strict=True)
            ],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Long: a row a scenario and metric; over axes a row a cell, with its labels."""
        base, rows = self.each[0], []
        for name, figures in zip(self.names, self.each, strict=True):
            values = {id: value if isfinite(value) else None for id, value in figures.items()}
            gaps = {id: _difference(value, base[id]) for id, value in figures.items()}
            rows += [{"scenario": name, **row} for row in long(self.tree, value=values, difference=gaps)]
        return rows

    def notes(self) -> tuple[str, ...]:
        told = (
            f"{name}: {self.tree.scenarios[name].note}"
            for name in self.names
            if name in self.tree.scenarios and self.tree.scenarios[name].note
        )
        return (*told, *self.said)

    def panels(self) -> tuple[Panel, ...]:
        import numpy as np

        goal = self.tree.metrics[self.tree.kgi]
        moved = {metric_of(cell) for cell in self._moved_cells}
        route = reached([*moved, goal.id], self.tree.users)
        columns = (
            Column("base"),
            *(column for name in self.names[1:] for column in (Column(name), Column("difference"))),
            *over_time_column(self.tree),
        )
        beside = aside(self.tree, columns, self._cells, keep=route)
        labelled = by_label(self.tree, [id for id in self.tree.metrics if id in moved], columns, self._part)
        values = np.array([told[goal.id] for told in self.each])
        bars = Bars(
            f"{goal.name} under each scenario",
            self.names[1:],
            np.full(len(values) - 1, values[0]),
            values[1:],
            reference=float(values[0]),
            unit=goal.unit,
            percent=goal.percent,
            better="higher" if self.tree.sign > 0 else "lower",
        )
        file = self.tree.file or "MODEL"
        last = Text(f"leverage explain {file} --from base --to {self.names[-1]}", "next")
        explainable = self.names[-1] in self.tree.scenarios
        return (
            tree_panel(self.tree, columns, self._cells, keep=route),
            *beside,
            *labelled,
            *((bars,) if len(self.names) > 1 else ()),
            *((last,) if explainable else ()),
        )

    @cached_property
    def _moved_cells(self) -> frozenset[str]:
        """Cells that some scenario moves."""
        base = self.each[0]
        return frozenset(cell for told in self.each[1:] for cell, value in told.items() if value != base[cell])

    def _cells(self, id: str, meant: At = ALL) -> tuple[Cell, ...]:
        tree, base = self.tree, self.each[0]
        found: list[Cell] = [overall(tree, id, base, meant)]
        for told in self.each[1:]:
            found += [overall(tree, id, told, meant), difference(tree, id, base, told, meant)]
        return (*found, *((over_time(tree, id),) if TIME in tree.grid else ()))

    def _part(self, id: str, part: Part) -> tuple[Cell, ...] | None:
        moved = any(cell in self._moved_cells for cell in meant_cells(self.tree, id, part.meant))
        return self._cells(id, part.meant) if moved else None


def _difference(value: float, base: float) -> float | None:
    return value - base if isfinite(value) and isfinite(base) else None


def compare(tree: Tree, *, scenario: Iterable[str] = ()) -> Comparison:
    """What if? Scenarios side by side.

    Args:
        tree: where it was changed by options, the change is one more column, ``what-if``.
        scenario: the scenarios of the file to compare, all of them when none is named.

    Raises:
        UnknownName: a scenario that the model does not have.
    """
    base = tree.unmoved
    asked = (scenario,) if isinstance(scenario, str) else tuple(scenario)
    named = [name for name in (asked or tree.scenarios) if name != "base"]
    trees = [base, *(base.with_(scenario=name) for name in named)]
    names = ["base", *named]
    if tree.moves:
        trees.append(tree)
        names.append("what-if")
    told = []
    for each in trees:
        figures = point(each.cells)
        told.append({id: figures[id] for id in tree.cells.metrics})
    said = (f"{name}: {caveat}" for name, each in zip(names, trees, strict=True) for caveat in caveats(each))
    return Comparison(Run.of(base), base, tuple(names), tuple(told), tuple(said))
