"""Where do the leaves of a tree over axes stand after its moves? As arrays, without its cells.

Only leaves can be moved so: a formula metric that is set or changed takes the place of its formula in some cells, which
the tree of cells answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.program.arrays.axes import spread
from leverage.program.arrays.program import Array
from leverage.tree.addresses import metric_of, parted
from leverage.tree.grid import TIME, Axes, Grid
from leverage.tree.metric import Metric
from leverage.tree.scenario import Move
from leverage.tree.tree import Level, Tree

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Levels:
    """Where the cells of a moved leaf stand, each array over the leaf's axes: `tree.Level`, cell by cell."""

    value: Array
    factor: Array
    shift: Array
    certain: Flags

    @classmethod
    def of(cls, base: Array) -> Levels:
        """Where cells stand that were not moved."""
        return cls(base.copy(), np.ones(base.shape), np.zeros(base.shape), np.zeros(base.shape, dtype=bool))


def movable(tree: Tree) -> bool:
    """Whether only leaves are moved, so that arrays can tell where the tree stands."""
    return all(tree.metrics[metric_of(move.metric)].leaf for move in tree.moves)


def bases(metric: Metric, grid: Grid) -> Array:
    """A leaf's figures as the file shows them, over the axes that they show."""
    if metric.figures is None:
        return np.array(metric.base, dtype=np.float64)
    figures = np.array([single.base for single in metric.figures.each], dtype=np.float64)
    return figures.reshape(grid.shape(metric.figures.axes))


def trend(metric: Metric, axes: Axes) -> Array:
    """What growth and seasons multiply a leaf's figures by, over axes."""
    factors = () if metric.figures is None else metric.figures.factors
    return spread(np.array(factors), (TIME,), axes) if factors else np.ones((1,) * len(axes))


def standing(metric: Metric, grid: Grid) -> Array:
    """What the leaf's cells come to in the file, over all its axes."""
    over = () if metric.figures is None else metric.figures.axes
    found = spread(bases(metric, grid), over, metric.axes) * trend(metric, metric.axes)
    return np.broadcast_to(found, grid.shape(metric.axes))


def levels(tree: Tree) -> dict[str, Levels]:
    """Where leaves that were moved stand, by id."""
    moved: dict[str, list[Move]] = {}
    for move in tree.moves:
        moved.setdefault(metric_of(move.metric), []).append(move)
    return {id: _moved(tree.metrics[id], tree.grid, moves) for id, moves in moved.items()}


def _moved(metric: Metric, grid: Grid, moves: list[Move]) -> Levels:
    base = standing(metric, grid)
    found = Levels.of(base)
    places = [{label: place for place, label in enumerate(grid[axis].labels)} for axis in metric.axes]
    met: dict[tuple[int, ...], Level] = {}
    for move in moves:
        _, labels = parted(move.metric)
        at = tuple([place[label] for place, label in zip(places, labels, strict=True)])
        met[at] = met.get(at, Level(float(base[at]), float(base[at]))).moved(move)
    for at, level in met.items():
        found.value[at], found.factor[at], found.shift[at] = level.value, level.factor, level.shift
        found.certain[at] = level.certain
    return found


def given(tree: Tree, moved: Mapping[str, Levels], slots: Mapping[str, Axes]) -> dict[str, Array]:
    """Every leaf's figures: as the file shows them, before growth and seasons, or where it was moved to.

    Args:
        slots: the axes of each leaf's slot in the program.
    """
    found = {}
    for id, metric in tree.metrics.items():
        if id in moved:
            found[id] = moved[id].value
        elif metric.leaf:
            over = () if metric.figures is None else metric.figures.axes
            found[id] = spread(bases(metric, tree.grid), over, slots[id])
    return found
