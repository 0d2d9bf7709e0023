"""Curves, clouds, two-way tables and plain tables on axes."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes

from leverage.panels import Heatmap, Lines, Scatter, Table
from leverage.quantity import show
from leverage.views.cells import shown, titled
from leverage.views.ink import FAINT, INK, beside, finish, plain
from leverage.views.markup import BLUE, CURVES
from leverage.views.scale import extent

CELLS = 200  # of a two-way table, up to which each figure is written
ROWS = 40  # of a table
DASHES = ("-", "--", ":", "-.")
MARKERS = ("o", "^", "s", "D", "v")


def paint_lines(ax: Axes, panel: Lines) -> None:
    """Curves that differ in colour and in dash, bands behind them, named points on them."""
    for name, low, high in panel.bands:
        ax.fill_between(panel.x, low, high, color=BLUE, alpha=0.18, linewidth=0, label=_entry(name))
    for index, (name, curve) in enumerate(zip(panel.names, panel.y, strict=True)):
        color, dash = CURVES[index % len(CURVES)], DASHES[index % len(DASHES)]
        ax.plot(panel.x, curve, linewidth=1.8, label=_entry(name), color=color, linestyle=dash)
    for name, x, y in panel.marks:
        ax.plot([x], [y], "o", color=INK, markersize=5)
        beside(ax, (x, y), plain(name), "below")
    _named_axes(ax, panel)
    if len(panel.names) + len(panel.bands) > 1:
        ax.legend(frameon=False, fontsize="small")


def paint_scatter(ax: Axes, panel: Scatter) -> None:
    """A mark a point; groups differ in colour and in shape."""
    group = panel.group if panel.group is not None else np.zeros(len(panel.x), dtype=np.intp)
    for index, name in enumerate(panel.names or ("",)):
        of = group == index
        color, marker = CURVES[index % len(CURVES)], MARKERS[index % len(MARKERS)]
        ax.scatter(
            panel.x[of], panel.y[of], s=14, alpha=0.65, color=color, marker=marker, linewidths=0, label=_entry(name)
        )
    _named_axes(ax, panel)
    if len(panel.names) > 1:
        ax.legend(frameon=False, fontsize="small")


def _entry(name: str) -> str:
    # matplotlib leaves out of a legend what begins with an underscore, and an id may
    text = plain(name)
    return f" {text}" if text.startswith("_") else text


def _named_axes(ax: Axes, panel: Lines | Scatter) -> None:
    ax.set_xlabel(plain(panel.x_title, 60))
    ax.set_ylabel(plain(panel.y_title, 60))
    ax.grid(alpha=0.25, linewidth=0.6)
    finish(ax, panel.title, x_percent=False, y_percent=False)


def paint_heatmap(ax: Axes, panel: Heatmap) -> None:
    """The two-way table with each figure in its cell, darker where it is higher; a scale where cells are too many."""
    low, high = extent((), *map(float, panel.values.flat))
    image = ax.imshow(np.ma.masked_invalid(panel.values), cmap="Blues", aspect="auto", vmin=low, vmax=high)
    if panel.values.size <= CELLS:
        for (row, column), value in np.ndenumerate(panel.values):
            dark = math.isfinite(value) and (value - low) / (high - low) > 0.55
            text = show(float(value), percent=panel.percent)
            ax.text(column, row, text, ha="center", va="center", fontsize="small", color="white" if dark else INK)
    else:
        ax.figure.colorbar(image, ax=ax, format=lambda level, _: show(float(level), percent=panel.percent))
    for axis, levels in ((ax.xaxis, panel.column_levels), (ax.yaxis, panel.row_levels)):
        step = max(1, len(levels) // 12)
        axis.set_ticks(range(0, len(levels), step), [shown(level) for level in levels[::step]])
    ax.tick_params(length=0)
    ax.set_xlabel(plain(panel.column_title))
    ax.set_ylabel(plain(panel.row_title), labelpad=8)
    finish(ax, titled(panel.title, panel.unit))
    ax.spines[:].set_visible(False)


def paint_table(ax: Axes, panel: Table) -> None:
    """The first `ROWS` rows as a table."""
    ax.axis("off")
    heads = [plain(titled(column.title, column.unit)) for column in panel.columns]
    rows = [
        [plain(shown(cell, "" if column.text else "-")) for cell, column in zip(row, panel.columns, strict=True)]
        for row in panel.rows[:ROWS]
    ]
    if len(panel.rows) > ROWS:
        rows.append([f"... {len(panel.rows) - ROWS} more", *[""] * (len(heads) - 1)])
    if heads and rows:
        drawn = ax.table(rows, colLabels=heads, loc="upper left", edges="horizontal")
        drawn.auto_set_font_size(False)
        drawn.set_fontsize(9)
        drawn.auto_set_column_width(list(range(len(heads))))
        drawn.scale(1.0, 1.35)
        for (_, column), cell in drawn.get_celld().items():
            cell.set_edgecolor(FAINT)
            cell.set_linewidth(0.4)
            cell.set_text_props(ha="left" if panel.columns[column].text else "right")
    finish(ax, panel.title)
