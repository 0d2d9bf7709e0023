"""Which cells of a leaf are moved as one? A plan is asked for a channel's visits, not for each month of them.

Cells that stand at one level are moved to another one together; cells that differ by one share, so that the course over
time stays. Levers that take separate levels have no shares: where they differ, each is moved alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leverage.tree.grid import TIME, cell_id
from leverage.tree.ids import canonical
from leverage.tree.metric import Lever, Metric
from leverage.tree.tree import Tree

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Handle:
    """Cells of one leaf that are moved as one lever.

    ``metric``: a cell that the others follow, with the bounds that all of them leave it; ``here``: its level.
    ``levels``: where each cell stands; they keep their ratios to it.
    """

    address: str
    metric: Metric
    here: float
    levels: dict[str, float]

    @property
    def cells(self) -> tuple[str, ...]:
        """The ids of the cells."""
        return tuple(self.levels)

    def moved(self, level: Array) -> dict[str, Array]:
        """Where each cell stands, shape (n,), as the one that they follow is at levels (n,)."""
        return {
            cell: level if stands == self.here else stands * (level / self.here) for cell, stands in self.levels.items()
        }

    def at(self, level: float) -> dict[str, float]:
        """The same at one level."""
        return {cell: float(figures[0]) for cell, figures in self.moved(np.array([level])).items()}


def every(whole: Tree) -> Iterator[Handle]:
    """Every leaf, each label of its dimensions alone and all periods together."""
    for id in sorted(whole.leaves):
        dimensions = tuple(name for name in whole.metrics[id].axes if name != TIME)
        for labels in whole.grid.cells(dimensions):
            yield from named(whole, cell_id(id, labels))


def named(whole: Tree, address: str) -> Iterator[Handle]:
    """The cells of an address as one handle, or each on its own where they cannot move as one."""
    cells, address = whole.cells_of(address), canonical(address)
    levels = {cell: whole.cells.levels[cell].value for cell in cells}
    metrics = [whole.cells.metrics[cell] for cell in cells]
    lead = next((metric for metric in metrics if levels[metric.id]), metrics[0])
    here = levels[lead.id]
    alike = len(set(levels.values())) == 1 and len(set(map(_kind, metrics))) == 1
    if not alike and any(metric.lever is not None and metric.lever.whole for metric in metrics):
        for metric in metrics:
            yield Handle(metric.id, metric, levels[metric.id], {metric.id: levels[metric.id]})
    else:
        yield Handle(address, lead if alike else _bounded(lead, here, metrics, levels), here, levels)


def _kind(metric: Metric) -> object:
    lever = metric.lever
    return None if lever is None else (lever.low, lever.high, lever.integer, lever.choices, lever.off)


def _bounded(lead: Metric, here: float, metrics: Iterable[Metric], levels: dict[str, float]) -> Metric:
    """The cell that others follow, with the bounds that theirs leave it."""
    lows, highs = [], []
    bounded = [metric for metric in metrics if metric.lever is not None]
    for metric in bounded:
        stands, lever = levels[metric.id], metric.lever
        assert lever is not None
        if stands == 0 and here != 0:
            continue  # no share moves it
        ratio = here / stands if stands != here else 1.0
        low, high = (None if end is None else end * ratio for end in (lever.low, lever.high))
        low, high = (low, high) if ratio > 0 else (high, low)
        lows += [] if low is None else [low]
        highs += [] if high is None else [high]
    if not bounded:
        return lead
    return replace(lead, lever=Lever(_end(max, lows), _end(min, highs)))


def _end(nearer: Callable[[Iterable[float]], float], ends: list[float]) -> float | None:
    return nearer(ends) if ends else None
