"""Which axes has each metric, and in which order can they be computed, where some stand on what they were before?

``prev`` is the only way round: what is of the period before closes no loop, as long as nothing on the way looks ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leverage.tree.axes import NONE, Sets, axes_of, references
from leverage.tree.grid import TIME, Axes, Grid
from leverage.tree.metric import Metric
from leverage.tree.order import joined, ordered


@dataclass(frozen=True, slots=True)
class Layout:
    """How metrics over axes stand to one another.

    Attributes:
        axes: of each metric, in the grid's order.
        drivers: of each metric what its formula uses, less what it uses of itself round a loop of ``prev``.
        order: every metric after what it uses of the same period.
        loops: groups of metrics that stand on one another through ``prev``.
        cycles: loops without it, each a path.
    """

    axes: Mapping[str, Axes]
    drivers: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]
    loops: tuple[tuple[str, ...], ...]
    cycles: list[tuple[str, ...]]


def layout(metrics: Mapping[str, Metric], used: Mapping[str, tuple[str, ...]], grid: Grid) -> Layout:
    """The layout of metrics.

    Args:
        metrics: those that could be read, by id.
        used: for each id of the file the ids that its formula uses.
    """
    axes: dict[str, Sets] = {id: frozenset(metric.axes) for id, metric in metrics.items()}
    drivers = dict(used)
    loops = []
    for group in joined(used):
        looped = len(group) > 1 or group[0] in used[group[0]]
        _settle(group, metrics, axes, grid)
        if looped:
            loops.append(group)
            drivers.update(_opened(group, metrics, axes, used, grid))
    order, cycles = ordered(drivers)
    told = {id: grid.ordered(axes.get(id, NONE)) for id in used}
    return Layout(told, drivers, order, tuple(loops), cycles)


def _settle(group: tuple[str, ...], metrics: Mapping[str, Metric], axes: dict[str, Sets], grid: Grid) -> None:
    """Adds the axes of a group's formula metrics; round a loop they only grow, and it goes on until none does."""
    formulas = [(name, metrics[name].formula) for name in reversed(group) if name in metrics]
    growing = True
    while growing:
        growing = False
        for name, formula in formulas:
            if formula is not None:
                found = axes_of(formula, axes, grid)[id(formula)]
                growing |= found != axes[name]
                axes[name] = found


def _opened(
    group: tuple[str, ...],
    metrics: Mapping[str, Metric],
    axes: Mapping[str, Sets],
    used: Mapping[str, tuple[str, ...]],
    grid: Grid,
) -> dict[str, tuple[str, ...]]:
    """What each metric of a loop uses, less what it uses of the period before alone.

    That opens the loop only where no way round it looks ahead: each metric has its periods, and none is folded.
    """
    met = {id: [one for one in _references(metrics.get(id), axes, grid) if one[0] in group] for id in group}
    ahead = any(folded for each in met.values() for _, _, folded in each)
    if ahead or any(TIME not in axes.get(id, NONE) for id in group):
        return {}
    present = {id: {name for name, before, _ in each if not before} for id, each in met.items()}
    return {id: tuple(name for name in used[id] if name not in group or name in present[id]) for id in group}


def _references(metric: Metric | None, axes: Mapping[str, Sets], grid: Grid) -> list[tuple[str, bool, bool]]:
    return [] if metric is None or metric.formula is None else list(references(metric.formula, axes, grid))
