"""Through which labels, and in which periods, does a metric over axes take its effect? The tables that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from leverage.panels import Cell, Column, Figure, Spark, Table
from leverage.tree.grid import TIME
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import ALL, At, meant_cells
from leverage.verbs.cells.parts import Part, by_label
from leverage.verbs.cells.sums import Parts, total
from leverage.verbs.describe import column, figure

SHOWN = 3  # metrics over axes that are shown label by label, and as many period by period

Beside = Callable[[str, Part, Parts], tuple[Cell, ...]]


def effects(
    whole: Tree, goal: Metric, parts: Mapping[str, Parts], *, brings: str, heads: tuple[Column, ...], beside: Beside
) -> tuple[Table, ...]:
    """Label by label, and period by period, what the first of the metrics bring to the goal.

    Args:
        parts: of each metric over axes what its cells have of its effect, the strongest metric first.
        brings: the heading of the effect.
        heads, beside: further columns of the table by label, and their cells.
    """
    late, axes = TIME in whole.grid, {id: whole.metrics[id].axes for id in parts}
    wide = [id for id in parts if axes[id] != (TIME,)][:SHOWN]
    long = [id for id in parts if axes[id] == (TIME,)][:SHOWN]
    gain, course = Column(brings, goal.unit), Column("by period", goal.unit)

    def cells(id: str, row: Part) -> tuple[Cell, ...]:
        own = {cell: parts[id][cell] for cell in meant_cells(whole, id, row.meant) if cell in parts[id]}
        series = (by_period(whole, id, own, row.meant),) if late else ()
        return (*beside(id, row, own), _sum(goal, own.values()), *series)

    rows = tuple(
        (whole.metrics[id].name, _sum(goal, parts[id].values()), by_period(whole, id, parts[id])) for id in long
    )
    labels = by_label(whole, wide, (*heads, gain, *(course for _ in range(late))), cells)
    return (*labels, *((Table("By period", (column("metric"), gain, course), rows, tuple(long)),) if rows else ()))


def _sum(goal: Metric, parts: Iterable[float]) -> Figure:
    held = tuple(parts)
    return figure(goal, total(held) if held else None, signed=True)


def by_period(whole: Tree, id: str, parts: Parts, meant: At = ALL) -> Spark | None:
    """What each period has of a metric's effect, as a little series; None where it does not run over time."""
    if TIME not in whole.metrics[id].axes:
        return None
    periods = (
        [parts[cell] for cell in meant_cells(whole, id, {**meant, TIME: (period,)}) if cell in parts]
        for period in whole.grid[TIME].labels
    )
    return Spark(tuple(total(held) if held else None for held in periods))
