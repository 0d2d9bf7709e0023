"""From a tree over axes to its program of arrays: every metric once, those of a loop through ``prev`` together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from leverage.files.grow import uncollected
from leverage.formula.nodes import names
from leverage.program.arrays.axes import Part
from leverage.program.arrays.program import Arrays
from leverage.program.arrays.words import Formula
from leverage.program.arrays.write import Writing
from leverage.program.program import USE
from leverage.tree.axes import Sets
from leverage.tree.grid import TIME, Axes
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree

Loop = tuple[str, ...]


def arrays(tree: Tree) -> Arrays:
    """The file's program of arrays, made once for all trees that share its formulas."""
    if "arrays" not in tree.kept:
        with uncollected():
            tree.kept["arrays"] = _Lowering(tree).program()
    program: Arrays = tree.kept["arrays"]
    return program


class _Lowering:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.writing = Writing(tree.grid)
        self.axes: dict[str, Sets] = {id: frozenset(metric.axes) for id, metric in tree.metrics.items()}
        self.loops: Mapping[str, Loop] = {id: loop for loop in tree.kept.get("loops", ()) for id in loop}

    def program(self) -> Arrays:
        for group in self._from_the_top():
            if group[0] in self.loops:
                self._loop(group)
            else:
                self._metric(self.tree.metrics[group[0]])
        for resource in self.tree.resources.values():
            if resource.use is not None:
                formula = Formula(self.writing, resource.use, self.axes, self.writing.outputs)
                has = formula.axes[id(formula.formula)] - ({TIME} if resource.per == "period" else set())
                used = formula.folded("add", formula.value(formula.formula), self.tree.grid.ordered(has))
                self.writing.outputs[USE + resource.id] = used
        return self.writing.finish()

    def _metric(self, metric: Metric) -> None:
        if metric.formula is None:
            self.writing.outputs[metric.id] = self._leaf(metric)
        else:
            formula = Formula(self.writing, metric.formula, self.axes, self.writing.outputs)
            self.writing.outputs[metric.id] = formula.value(formula.formula)

    def _leaf(self, metric: Metric) -> Part:
        """A leaf's figures as the file shows them, or its draws; times what growth and seasons make of each period."""
        given = self.writing.input(metric.id, shown(metric))
        if metric.figures is None or not metric.figures.factors:
            return given
        trend = self.writing.row((TIME,), np.array(metric.figures.factors))
        return self.writing.number("multiply", (given, trend))

    def _loop(self, loop: Loop) -> None:
        """Metrics that stand on one another, period by period."""
        slots = {id: self.writing.slot(self.axes[id]) for id in loop}
        formulas = {}
        for id in self.tree.order:
            node = self.tree.metrics[id].formula if id in slots else None
            if node is not None:
                formulas[id] = Formula(self.writing, node, self.axes, self.writing.outputs, slots)
        for period in range(self.tree.grid.periods):
            for id, formula in formulas.items():
                self.writing.put(formula.value(formula.formula, period), slots[id].label(TIME, period))
        self.writing.outputs.update(slots)

    def _from_the_top(self) -> list[Loop]:
        """Every metric, or loop of them, after its drivers, depth first from the KGI, then from the others by id."""
        order: list[Loop] = []
        done: set[str] = set()
        opened: set[str] = set()
        for root in (self.tree.kgi, *sorted(self.tree.metrics)):
            stack = [self._group(root)]
            while stack:
                group = stack[-1]
                if group[0] in opened:
                    stack.pop()
                    if group[0] not in done:
                        done.update(group)
                        order.append(group)
                else:
                    opened.update(group)
                    drivers = [driver for id in group for driver in self._drivers(id)]
                    stack.extend(self._group(driver) for driver in reversed(drivers) if driver not in opened)
        return order

    def _group(self, id: str) -> Loop:
        return self.loops.get(id, (id,))

    def _drivers(self, id: str) -> tuple[str, ...]:
        formula = self.tree.metrics[id].formula
        return () if formula is None else names(formula)


def shown(metric: Metric) -> Axes:
    """The axes over which a leaf is given: all, but for the periods that growth and seasons come on top of."""
    if metric.figures is None or not metric.figures.factors:
        return metric.axes
    drawn = metric.draw_axes if metric.uncertainty is not None else ()
    return tuple(axis for axis in metric.axes if axis in metric.figures.axes or axis in drawn)
