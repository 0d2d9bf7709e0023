"""Curves, clouds and two-way tables as tables, where there is nothing to draw them with."""

from __future__ import annotations

import numpy as np

from leverage.panels import (
    Array,
    Cell,
    Column,
    Curves,
    Figure,
    Heatmap,
    Lines,
    Scatter,
    Spark,
    Table,
)
from leverage.quantity import show
from leverage.views.cells import shown, titled
from leverage.views.cloud import groups
from leverage.views.fan import listed, references
from leverage.views.scale import sampled

POINTS = 12  # rows that a curve or a cloud is shown by
SPREAD = "P50 (P10 to P90)"


def of_lines(panel: Lines) -> Table:
    """The curves, bands and references at about `POINTS` of their places, ends included."""
    lines = references(panel)
    names = (*panel.names, *(name for name, _, _ in panel.bands), *(name for name, _ in lines))
    first = Column(panel.x_title, panel.x_unit, text=bool(panel.x_names))
    columns = [first, *(Column(name, panel.y_title) for name in names)]
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
    heads = Column(panel.x_title, panel.x_unit, text=bool(panel.x_names)), Column(panel.y_title or panel.unit)
    columns = (Column("point", text=True), *heads)
    places = {float(x): _place(panel, i) for i, x in enumerate(panel.x)}
    rows = ((name, places.get(x, Figure(x, panel.x_percent)), Figure(y, panel.percent)) for name, x, y in panel.marks)
    return Table("", columns, tuple(rows))


def _place(panel: Lines, index: int) -> Cell:
    return panel.x_names[index] if panel.x_names else Figure(float(panel.x[index]), panel.x_percent)


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
    heads = [Column("group", text=True), Column(panel.x_title, panel.x_unit), Column(panel.y_title, panel.y_unit)]
    within = groups(panel)
    x_percent, y_percent = panel.x_percent, panel.y_percent
    if len(panel.x) <= POINTS:
        name = {int(place): name for name, of in within for place in np.flatnonzero(of)}
        points = enumerate(zip(map(float, panel.x), map(float, panel.y), strict=True))
        rows = [(name.get(i, ""), Figure(x, x_percent), Figure(y, y_percent)) for i, (x, y) in points]
        return Table(panel.title, tuple(heads), tuple(rows))
    heads[1:] = [Column("points"), *(Column(titled(head.title, head.unit), SPREAD) for head in heads[1:])]
    spreads = ((_spread(panel.x[of], x_percent), _spread(panel.y[of], y_percent)) for _, of in within)
    counts = ((name or "all", Figure(float(of.sum()))) for name, of in within)
    return Table(panel.title, tuple(heads), tuple((*one, *two) for one, two in zip(counts, spreads, strict=True)))


def boxes(panel: Scatter) -> Table:
    """From where to where each box runs, and how many of each group's points lie in it."""
    heads = (Column(panel.x_title, panel.x_unit), Column(panel.y_title, panel.y_unit))
    held = groups(panel)
    columns = (Column("box", text=True), *heads, *(Column(f"{name or 'points'} in it") for name, _ in held))
    rows: list[tuple[Cell, ...]] = []
    for name, left, right, low, high in panel.boxes:
        inside = (panel.x >= left) & (panel.x <= right) & (panel.y >= low) & (panel.y <= high)
        sides = _reach(left, right, panel.x_percent), _reach(low, high, panel.y_percent)
        rows.append((name, *sides, *(Figure(float((of & inside).sum())) for _, of in held)))
    return Table("", columns, tuple(rows))


def _reach(low: float, high: float, percent: bool) -> Cell:
    """Both ends in words; an end that is infinite is none."""
    if np.isinf(low) or np.isinf(high):
        ends = [
            f"{word} {show(end, percent=percent)}" for word, end in (("from", low), ("up to", high)) if np.isfinite(end)
        ]
        return ends[0] if ends else "any"
    return between(low, high, percent=percent)


def of_curves(panel: Curves) -> Table:
    """A row a curve: from where to where it runs, and its course."""
    heads = (Column("", text=True), Column(panel.x_title), Column(panel.y_title, panel.unit))
    rows: list[tuple[Cell, ...]] = []
    for name, x, y in zip(panel.names, panel.x, panel.y, strict=True):
        course = tuple(None if np.isnan(level) else float(level) for level in y)
        rows.append((name, between(x[0], x[-1], percent=panel.x_percent), Spark(course, panel.percent)))
    return Table(panel.title, heads, tuple(rows))


def figure(level: float, *, percent: bool) -> Figure:
    """The level, or where it is no number none."""
    return Figure(None if np.isnan(level) else float(level), percent)


def between(low: float, high: float, *, percent: bool = False) -> Cell:
    """Both ends in words, or where neither is a number nothing."""
    if np.isnan(low) and np.isnan(high):
        return None
    return f"{show(float(low), percent=percent)} to {show(float(high), percent=percent)}"


def _spread(values: Array, percent: bool) -> Cell:
    if not len(values):
        return None
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return f"{show(float(middle), percent=percent)} ({between(low, high, percent=percent)})"
