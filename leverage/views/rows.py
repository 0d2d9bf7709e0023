"""Small plots as a table, a row each: curves as little series, bars in columns, the shape of a spread in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from leverage.panels import Array, Bars, Cell, Column, Figure, Histogram, Lines, Multiples, Spark, Table
from leverage.views.cells import named
from leverage.views.fan import references
from leverage.views.scale import bins, one_sided
from leverage.views.spark import blocks
from leverage.views.tables import between, figure
from leverage.views.terminal import Look


def of_multiples(panel: Multiples, look: Look) -> list[Table]:
    """A row a plot, and a table a kind of plot."""
    lines = [plot for plot in panel.panels if isinstance(plot, Lines)]
    bars = [plot for plot in panel.panels if isinstance(plot, Bars)]
    spreads = [plot for plot in panel.panels if isinstance(plot, Histogram)]
    return [
        *([_courses(lines)] if lines else []),
        *([_beside(bars)] if bars else []),
        *([_shapes(spreads, look)] if spreads else []),
    ]


def _courses(plots: Sequence[Lines]) -> Table:
    """Each curve as a little series; of bands and references what holds last."""
    curves, bands, lines = (
        _names(held)
        for held in (
            [plot.names for plot in plots],
            [[name for name, _, _ in plot.bands] for plot in plots],
            [[name for name, _ in plot.references] for plot in plots],
        )
    )
    over = {f"{plot.x_names[0]} to {plot.x_names[-1]}": plot.x_names[-1] for plot in plots if plot.x_names}
    course, last = next(iter(over.items())) if len(over) == 1 else ("", "last")
    columns = [Column("", text=True), *(Column(name, course) for name in curves)]
    rows = []
    for plot in plots:
        series = {name: _series(plot, curve) for name, curve in zip(plot.names, plot.y, strict=True)}
        ends = {name: _last(low, high, percent=plot.percent) for name, low, high in plot.bands}
        level = {name: figure(levels[-1], percent=plot.percent) for name, levels in references(plot) if len(levels)}
        rows.append((plot.title, *map(series.get, curves), *map(ends.get, bands), *map(level.get, lines)))
    return Table("", (*columns, *(Column(name, last) for name in (*bands, *lines))), tuple(rows))


def _series(plot: Lines, curve: Array) -> Spark:
    return Spark(tuple(None if np.isnan(level) else float(level) for level in curve), plot.percent)


def _last(low: Array, high: Array, *, percent: bool) -> Cell:
    return between(low[-1], high[-1], percent=percent) if len(low) else None


def _beside(plots: Sequence[Bars]) -> Table:
    """The bars in columns, each with its figure or its ends."""
    names = _names([named(plot.labels, plot.ids) for plot in plots])
    rows = []
    for plot in plots:
        ends = zip(named(plot.labels, plot.ids), map(float, plot.low), map(float, plot.high), strict=True)
        cells = {name: _reach(plot, low, high) for name, low, high in ends}
        rows.append((plot.title, *map(cells.get, names)))
    return Table("", (Column("", text=True), *map(Column, names)), tuple(rows))


def _reach(plot: Bars, low: float, high: float) -> Cell:
    if one_sided(plot):
        return Figure(high if low == plot.reference else low, plot.percent)
    return between(*sorted((low, high)), percent=plot.percent)


def _shapes(plots: Sequence[Histogram], look: Look) -> Table:
    """The shape in blocks between the lowest and the highest edge, and the named levels."""
    names = _names([[name for name, _ in plot.marks] for plot in plots])
    drawn = bool(look.glyphs.levels)
    columns = [Column("", text=True), Column("from"), *[Column("share of samples")] * drawn, Column("to")]
    rows = []
    for plot in plots:
        shares, edges, _ = bins(plot)
        low, high = (Figure(float(edge), plot.percent) for edge in (edges[0], edges[-1])) if len(edges) else (None,) * 2
        marked = {name: Figure(level, plot.percent) for name, level in plot.marks}
        shape = [blocks(tuple(map(float, shares)), look)] * drawn
        rows.append((plot.title, low, *shape, high, *map(marked.get, names)))
    return Table("", (*columns, *map(Column, names)), tuple(rows))


def _names(held: Iterable[Iterable[str]]) -> list[str]:
    """What is named in any of them, in order, each once."""
    return list(dict.fromkeys(name for names in held for name in names))
