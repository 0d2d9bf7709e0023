"""Curves, clouds and two-way tables as tables, where there is nothing to draw them with."""

from __future__ import annotations

import numpy as np

from leverage.panels import (
    Array,
    Cell,
    Column,
    Figure,
    Heatmap,
    Lines,
    Scatter,
    Table,
)
from leverage.quantity import show
from leverage.views.cells import shown
from leverage.views.fan import listed, references
from leverage.views.scale import sampled

POINTS = 12  # rows that a curve or a cloud is shown by


def of_lines(panel: Lines) -> Table:
    """The curves, bands and references at about `POINTS` of their places, ends included."""
    lines = references(panel)
    names = (*panel.names, *(name for name, _, _ in panel.bands), *(name for name, _ in lines))
    columns = [Column(panel.x_title, text=bool(panel.x_names)), *(Column(name, panel.y_title) for name in names)]
    places = listed(len(panel.x), POINTS) if panel.x_names else sampled(len(panel.x), POINTS)
    rows: list[tuple[Cell, ...]] = []
    for i in places:
        curves = [figure(curve[i], percent=panel.percent) for curve in panel.y]
        bands = [between(low[i], high[i], percent=panel.percent) for _, low, high in panel.bands]
        rows.append(
            (_place(panel, i), *curves, *bands, *(figure(levels[i], percent=panel.percent) for _, levels in lines))
        )
    return Table(panel.title, tuple(columns), tuple(rows))


def marks(panel: Lines) -> Table:
    """The points of a curve that bear a name."""
    heads = Column(panel.x_title, text=bool(panel.x_names)), Column(panel.y_title or panel.unit)
    columns = (Column("point", text=True), *heads)
    places = {float(x): _place(panel, i) for i, x in enumerate(panel.x)}
    rows = ((name, places.get(x, Figure(x)), Figure(y, panel.percent)) for name, x, y in panel.marks)
    return Table("", columns, tuple(rows))


def _place(panel: Lines, index: int) -> Cell:
    return panel.x_names[index] if panel.x_names else Figure(float(panel.x[index]))


def of_heatmap(panel: Heatmap) -> Table:
    """A row a level of one axis, a column a level of the other."""
    rows = tuple(
        (level, *(Figure(float(value), panel.percent) for value in values))
        for level, values in zip(panel.row_levels, panel.values, strict=True)
    )
    first = Column(panel.row_title, text=any(isinstance(level, str) for level in panel.row_levels))
    return Table(panel.title, (first, *(Column(shown(level)) for level in panel.column_levels)), rows)


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


def figure(level: float, *, percent: bool) -> Figure:
    """The level, or where it is no number none."""
    return Figure(None if np.isnan(level) else float(level), percent)


def between(low: float, high: float, *, percent: bool = False) -> Cell:
    """Both ends in words, or where neither is a number nothing."""
    if np.isnan(low) and np.isnan(high):
        return None
    return f"{show(float(low), percent=percent)} to {show(float(high), percent=percent)}"


def _spread(values: Array) -> Cell:
    if not len(values):
        return None
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return f"{show(float(middle))} ({between(low, high)})"
