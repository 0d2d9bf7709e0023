"""Curves, clouds and two-way tables as tables, where there is nothing to draw them with."""

from __future__ import annotations

import numpy as np

from leverage.panels import Array, Cell, Column, Figure, Heatmap, Lines, Scatter, Table
from leverage.quantity import show
from leverage.views.cells import shown
from leverage.views.scale import sampled

POINTS = 12  # rows that a curve or a cloud is shown by


def of_lines(panel: Lines) -> Table:
    """The curves and bands at up to `POINTS` of their places, ends included."""
    columns = [Column(panel.x_title)]
    columns += [Column(name, panel.y_title) for name in (*panel.names, *(name for name, _, _ in panel.bands))]
    rows: list[tuple[Cell, ...]] = []
    for i in sampled(len(panel.x), POINTS):
        bands = [_between(low[i], high[i]) for _, low, high in panel.bands]
        rows.append((Figure(float(panel.x[i])), *(Figure(float(curve[i])) for curve in panel.y), *bands))
    return Table(panel.title, tuple(columns), tuple(rows))


def marks(panel: Lines) -> Table:
    """The points of a curve that bear a name."""
    columns = (Column("point", text=True), Column(panel.x_title), Column(panel.y_title))
    return Table("", columns, tuple((name, Figure(x), Figure(y)) for name, x, y in panel.marks))


def of_heatmap(panel: Heatmap) -> Table:
    """A row a level of one axis, a column a level of the other."""
    rows = tuple(
        (level, *(Figure(float(value), panel.percent) for value in values))
        for level, values in zip(panel.row_levels, panel.values, strict=True)
    )
    return Table(panel.title, (Column(panel.row_title), *(Column(shown(level)) for level in panel.column_levels)), rows)


def of_scatter(panel: Scatter) -> Table:
    """The points, or of more than `POINTS` of them each group's number, middle, and range from P10 to P90."""
    group = panel.group if panel.group is not None else np.zeros(len(panel.x), dtype=np.intp)
    names = panel.names or ("all",)
    if len(panel.x) <= POINTS:
        axes = (Column("group", text=True), Column(panel.x_title), Column(panel.y_title))
        points = zip(group, panel.x, panel.y, strict=True)
        return Table(panel.title, axes, tuple((names[i], Figure(float(x)), Figure(float(y))) for i, x, y in points))
    spread = "P50 (P10 to P90)"
    columns = (
        Column("group", text=True),
        Column("points"),
        *(Column(t, spread) for t in (panel.x_title, panel.y_title)),
    )
    within = [(name, group == i) for i, name in enumerate(names)]
    rows = ((name, Figure(float(of.sum())), _spread(panel.x[of]), _spread(panel.y[of])) for name, of in within)
    return Table(panel.title, columns, tuple(rows))


def _between(low: float, high: float) -> str:
    return f"{show(float(low))} to {show(float(high))}"


def _spread(values: Array) -> Cell:
    if not len(values):
        return None
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return f"{show(float(middle))} ({_between(low, high)})"
