"""The tree of cells: every metric once per combination of labels, each a plain leaf or a plain formula.

Whatever asks about one figure at a time works on it as on any tree: nothing in it has an axis. It is made once a file,
when somebody asks; a tree without axes is its own.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from leverage.errors import LeverageError
from leverage.files.grow import uncollected
from leverage.formula.macros import expand
from leverage.formula.nodes import Apply, Label, Name, Node, Series, children
from leverage.tree.axes import axes_of, written_out
from leverage.tree.grid import TIME, Axes, Grid, cell_id
from leverage.tree.metric import Figures, Lever, Metric
from leverage.tree.order import ordered
from leverage.tree.resource import Resource
from leverage.tree.unroll import Unrolled

if TYPE_CHECKING:
    from leverage.tree.tree import Correlation, Tree

Names = tuple[str, ...]
MOST = 300_000  # cells
PARTS = 2_000_000  # nodes of all their formulas
PAIRS = 20_000_000  # of a cell and one that it uses


class TooManyCells(LeverageError):
    """A question that is answered cell by cell, of a model with more of them than there is time and memory for."""

    def __init__(self, found: str, mend: str) -> None:
        super().__init__(f"this question is answered figure by figure, and the model has {found}; {mend}")


def cells(tree: Tree) -> Tree:
    """The tree of cells, without moves.

    Raises:
        TooManyCells: figures, parts of formulas or pairs of cells for which there is no time and memory.
    """
    axes = {id: metric.axes for id, metric in tree.metrics.items()}
    _bounded(tree, axes)
    with uncollected():
        shared: set[int] = set()
        metrics = {cell.id: cell for metric in tree.metrics.values() for cell in _cells(tree, metric, axes, shared)}
        drivers = Drivers(shared).of(metrics)
        order, _ = ordered(drivers)
        return replace(
            tree.unmoved,
            metrics=MappingProxyType(metrics),
            order=order,
            correlations=tuple(pair for each in tree.correlations for pair in pairs(tree, each)),
            resources=MappingProxyType({r.id: r for r in _limits(tree, axes)}),
            kept={"hash": tree.hash, "drivers": drivers, "addresses": tree.addresses},
            parent=tree,
        )


def _bounded(tree: Tree, axes: Mapping[str, Axes]) -> None:
    count = sum(math.prod(tree.grid.shape(over)) for over in axes.values())
    count += sum(tree.grid.periods for resource in tree.resources.values() if resource.per == "period")
    if count > MOST:
        raise TooManyCells(f"{count:,} of them, more than {MOST:,}", "leave an axis, labels or periods out")
    known = {id: frozenset(over) for id, over in axes.items()}
    formulas = [metric.formula for metric in tree.metrics.values() if metric.formula is not None]
    formulas += [_summed(resource.use, axes, tree.grid, ()) for resource in tree.resources.values() if resource.use]
    parts = sum(written_out(expand(formula), known, tree.grid) for formula in formulas)
    if parts > PARTS:
        mend = "sum over an axis before you go on, or leave one out"
        raise TooManyCells(f"formulas of {parts:,} parts for them, more than {PARTS:,}", mend)


class Drivers:
    """Which cells does each formula use? ``shared``: ids of the parts that several may have, looked through once."""

    def __init__(self, shared: Collection[int]) -> None:
        self.shared = shared
        self.met: dict[int, Names] = {}
        self.left = PAIRS

    def of(self, metrics: Mapping[str, Metric]) -> dict[str, Names]:
        """The cells that each formula uses, in the order of the text."""
        return {id: () if cell.formula is None else self._all(cell.formula) for id, cell in metrics.items()}

    def _all(self, formula: Node) -> Names:
        waiting = [formula]
        while waiting:
            unmet = self._look(waiting[-1]) if id(waiting[-1]) not in self.met else []
            if unmet:
                waiting.extend(unmet)
            else:
                waiting.pop()
        return self.met[id(formula)]

    def _look(self, root: Node) -> list[Node]:
        """Notes the cells that a part uses, unless shared parts in it are to be looked at before: these."""
        found: dict[str, None] = {}
        unmet: list[Node] = []
        seen: set[int] = set()
        last: Names = ()
        stack = [root]
        while stack:
            part = stack.pop()
            if id(part) in seen:
                continue
            seen.add(id(part))
            if isinstance(part, Name):
                found[part.id] = None
            elif id(part) not in self.shared or part is root:
                stack.extend(reversed(children(part)))
            elif id(part) in self.met:
                last = self.met[id(part)]
                self._count(len(last))
                found.update(dict.fromkeys(last))
            else:
                unmet.append(part)
        if not unmet:
            again = len(last) == len(found)
            self.met[id(root)] = last if again else tuple(found)
            self._count(0 if again else len(found))
        return unmet

    def _count(self, cells: int) -> None:
        self.left -= cells
        if self.left < 0:
            mend = "give a sum that many of them have a metric of its own"
            raise TooManyCells(f"formulas that use {PAIRS:,} figures and more", mend)


def _cells(tree: Tree, metric: Metric, axes: Mapping[str, Axes], again: set[int]) -> Iterator[Metric]:
    unrolled = None if metric.formula is None else Unrolled(metric.formula, axes, tree.grid)
    if not metric.axes:
        formula = None if unrolled is None else unrolled.cell({})
        yield Metric.of({**metric.__dict__, "formula": formula, "whole": metric.id})
        again.update(() if unrolled is None else map(id, unrolled.words()))
        return
    for labels in tree.grid.cells(metric.axes):
        cell = single(tree, metric, labels)
        if unrolled is not None:
            cell.__dict__["formula"] = unrolled.cell(dict(zip(metric.axes, labels, strict=True)))
        yield cell
    again.update(() if unrolled is None else map(id, unrolled.words()))


def single(tree: Tree, metric: Metric, labels: tuple[str, ...]) -> Metric:
    """What the file says of one cell of a metric over axes; its formula is the metric's, not yet written out."""
    at = dict(zip(metric.axes, labels, strict=True))
    told = {**metric.__dict__, "id": cell_id(metric.id, labels), "whole": metric.id, "labels": labels}
    told.update(axes=(), figures=None, label=f"{metric.name} [{', '.join(labels)}]")
    if metric.figures is not None:
        told.update(_figures(metric, metric.figures, at, tree.grid))
    if told.get("lever") is not None and TIME in at:
        told["lever"] = _paid(tree, told["lever"], at[TIME])
    return Metric.of(told)


def _figures(metric: Metric, figures: Figures, at: Mapping[str, str], grid: Grid) -> dict[str, object]:
    """The figures of a cell: those that the file shows for it, times what growth and seasons make of them."""
    single, factor = figures.cell(at, grid)
    keys = ("base", "percent", "uncertainty", "lever", "target", "actual", "thresholds")
    told: dict[str, object] = {key: getattr(single, key) for key in keys}
    if single.base is not None and factor != 1:
        told.update(base=single.base * factor, factor=factor)
    if single.uncertainty is not None:
        told["draw"] = metric.draw_of(at)
    return told


def _paid(tree: Tree, lever: Lever, period: str) -> Lever:
    """The lever of one period: what it costs is paid from the resources of that period."""
    cost = {
        cell_id(id, (period,)) if id in tree.resources and tree.resources[id].per == "period" else id: price
        for id, price in lever.cost.items()
    }
    return replace(lever, cost=MappingProxyType(cost)) if cost else lever


def pairs(tree: Tree, pair: Correlation) -> Iterator[Correlation]:
    """A correlation for each combination of labels; both have the same, which the builder sees to."""
    a, b = tree.metrics[pair.a], tree.metrics[pair.b]
    axes = a.draw_axes
    for labels in tree.grid.cells(axes):
        at = dict(zip(axes, labels, strict=True))
        yield replace(pair, a=a.draw_of(at), b=b.draw_of(at))


def _limits(tree: Tree, axes: Mapping[str, Axes]) -> Iterator[Resource]:
    """Each resource, or one of each period; its use is summed over all else."""
    for resource in tree.resources.values():
        each = resource.per == "period"
        use = None
        if resource.use is not None:
            use = Unrolled(_summed(resource.use, axes, tree.grid, (TIME,) if each else ()), axes, tree.grid)
        if not each:
            yield resource if use is None else replace(resource, use=use.cell({}))
            continue
        for place, period in enumerate(tree.grid[TIME].labels):
            limit = resource.limits[place] if resource.limits else resource.limit
            node = None if use is None else use.cell({TIME: period})
            yield replace(resource, id=cell_id(resource.id, (period,)), limit=limit, limits=(), use=node)


def _summed(use: Node, axes: Mapping[str, Axes], grid: Grid, but: Axes) -> Node:
    """What is used, summed over the axes that it has but for some."""
    has = axes_of(use, {id: frozenset(over) for id, over in axes.items()}, grid)[id(use)]
    over = tuple(axis for axis in grid.ordered(has) if axis not in but)
    return Apply("sum", (use, Series(tuple(Label(axis) for axis in over)))) if over else use
