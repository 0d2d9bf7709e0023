"""Is every figure over time and dimensions finite? Arrays tell, so that a model is loaded without its tree of cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from leverage.formula.nodes import Name, postorder
from leverage.program.arrays.levels import movable
from leverage.program.arrays.point import figures
from leverage.program.arrays.program import Array
from leverage.program.finite import NotFinite, among_cells, finding
from leverage.program.lower import formula_slot
from leverage.program.record import Recording
from leverage.program.run import Standing
from leverage.tree.addresses import parted
from leverage.tree.grid import cell_id
from leverage.tree.tree import Tree
from leverage.tree.unroll import Unrolled


def among_arrays(tree: Tree, where: str) -> Iterator[NotFinite]:
    """The first cell of a metric that is not finite; of a tree whose formulas are moved, by the tree of cells."""
    if not movable(tree):
        yield from among_cells(tree.cells, where)
        return
    found = figures(tree)
    lost = [id for id in tree.order if not np.isfinite(found[id]).all()]
    if lost:
        yield _of_cell(tree, *_first(tree, lost, found), found, where)
    elif not all(np.isfinite(figure).all() for figure in found.values()):
        yield from among_cells(tree.cells, where)  # the use of a resource


def _first(tree: Tree, lost: list[str], found: Mapping[str, Array]) -> tuple[str, tuple[int, ...]]:
    """The first metric that is not finite, and the place of its first such cell in time; round a loop, of all in it."""
    loops: Iterable[tuple[str, ...]] = tree.kept.get("loops", ())
    loop = next((loop for loop in loops if lost[0] in loop), (lost[0],))
    places = {id: _earliest(np.argwhere(~np.isfinite(found[id])).tolist()) for id in lost if id in loop}
    first = min(places, key=lambda id: places[id][-1:])
    return first, places[first]


def _earliest(places: list[list[int]]) -> tuple[int, ...]:
    """The place whose last label, that of time, is the first."""
    first: list[int] = min(places, key=lambda place: (place[-1:], place))
    return tuple(first)


def _of_cell(tree: Tree, id: str, place: tuple[int, ...], found: Mapping[str, Array], where: str) -> NotFinite:
    """The finding of one cell: its formula alone, on the figures of the cells that it uses."""
    metric, grid = tree.metrics[id], tree.grid
    at = {axis: grid[axis].labels[label] for axis, label in zip(metric.axes, place, strict=True)}
    cell = cell_id(id, tuple(at.values()))
    if metric.formula is None:
        return NotFinite(cell, where, {}, "", at=metric.formula_at, metric=cell)
    formula = Unrolled(metric.formula, {one.id: one.axes for one in tree.metrics.values()}, grid).cell(at)
    drivers = list(dict.fromkeys(part.id for part in postorder(formula) if isinstance(part, Name)))
    recording = Recording()
    slots = {driver: recording.input(driver) for driver in drivers}
    recording.outputs.update(slots)
    recording.metric(cell, formula_slot(recording, formula, slots, cell, metric.formula_at))
    inputs = {driver: _figure(tree, driver, found) for driver in drivers}
    standing = Standing(recording.finish(), inputs, frozenset())
    return finding(tree, standing, cell, drivers, where)


def _figure(tree: Tree, cell: str, found: Mapping[str, Array]) -> float:
    id, labels = parted(cell)
    axes = [tree.grid[axis] for axis in tree.metrics[id].axes]
    return float(found[id][tuple([axis.labels.index(label) for axis, label in zip(axes, labels, strict=True)])])
