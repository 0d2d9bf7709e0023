"""Clouds, two-way tables and plain tables on axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from leverage.panels import Heatmap, Scatter, Spark, Table
from leverage.quantity import show
from leverage.views.cells import ends, shown, titled
from leverage.views.cloud import Box, boxes, chosen, frame, groups, told
from leverage.views.fan import thinned
from leverage.views.ink import FAINT, INK, LETTER, entry, finish, ground, key, plain, room
from leverage.views.markup import BLUE, CURVES
from leverage.views.measure import width
from leverage.views.scale import extent
from leverage.views.spark import blocks
from leverage.views.terminal import Look

CELLS = 200  # of a two-way table, up to which each figure is written
ROWS = 40  # of a table
LINE = 13  # points from name to name beside an axis
PLACES = 16  # of a little series
COURSE: dict[str, Any] = {"color": BLUE, "fontsize": 6}
MEDIUM = 1.2  # size of a name below it, in small letters
MARKERS = ("o", "^", "s", "D", "v")


def paint_scatter(ax: Axes, panel: Scatter) -> None:
    """A mark a point; groups differ in colour and in shape. Boxes bear their names inside."""
    there, drawn = chosen(panel), []
    for index, (name, of) in enumerate(groups(panel)):
        color, marker = CURVES[index % len(CURVES)], MARKERS[index % len(MARKERS)]
        x, y = panel.x[of & there], panel.y[of & there]
        drawn.append(ax.scatter(x, y, s=14, alpha=0.6, color=color, marker=marker, linewidths=0, label=entry(name)))
    across, up = frame(panel)
    ax.set_xlim(*across)
    ax.set_ylim(*up)
    for box in boxes(panel, across, up):
        _paint_box(ax, box)
    below = f"({told(panel)})" if told(panel) else ""
    ax.set_xlabel("  ".join(filter(None, (plain(titled(panel.x_title, panel.x_unit), 60), below))))
    ax.set_ylabel(plain(titled(panel.y_title, panel.y_unit), 60))
    ax.grid(alpha=0.25, linewidth=0.6)
    lines = key(ax, drawn) if len(panel.names) > 1 else 0
    finish(ax, panel.title, x_percent=panel.x_percent, y_percent=panel.y_percent, above=lines)


def _paint_box(ax: Axes, box: Box) -> None:
    """A frame with its name inside at the top."""
    corner, wide, tall = (box.x[0], box.y[0]), box.x[1] - box.x[0], box.y[1] - box.y[0]
    ax.add_patch(Rectangle(corner, wide, tall, facecolor=(0, 0, 0, 0.05), edgecolor=INK, linewidth=1.4, zorder=3))
    side: Literal["left", "right"] = "right" if box.late else "left"
    across, off = (box.x[1], -4) if box.late else (box.x[0], 4)
    down = -4 - LINE * box.line
    ax.annotate(
        plain(box.name), (across, box.y[1]), xytext=(off, down), textcoords="offset points", ha=side, va="top",
        fontsize="small", color=INK, bbox=ground(ax), zorder=4,
    )  # fmt: skip


def heat_size(panel: Heatmap) -> tuple[float, float]:
    """Width and height, in inches, at which a two-way table reads well."""
    rows, columns = panel.values.shape
    return max(6.0, 1.5 + 0.75 * min(columns, 12)), max(4.5, 1.3 + 0.24 * min(rows, ROWS))


def paint_heatmap(ax: Axes, panel: Heatmap) -> None:
    """The two-way table with each figure in its cell, darker where it is higher; a scale where there is no room."""
    low, high = extent((), *map(float, panel.values.flat))
    image = ax.imshow(np.ma.masked_invalid(panel.values), cmap="Blues", aspect="auto", vmin=low, vmax=high)
    texts = [show(float(value), percent=panel.percent) for value in panel.values.flat]
    longest, across = max(map(width, texts), default=0), max(panel.values.shape[1], 1)
    if panel.values.size <= CELLS and (longest + 1) * LETTER <= room(ax)[0] / across:
        for (row, column), text in zip(np.ndindex(panel.values.shape), texts, strict=True):
            value = panel.values[row, column]
            dark = math.isfinite(value) and (value - low) / (high - low) > 0.55
            ax.text(column, row, text, ha="center", va="center", fontsize="small", color="white" if dark else INK)
    else:
        ax.figure.colorbar(image, ax=ax, format=lambda level, _: show(float(level), percent=panel.percent))
    wide, tall = room(ax)
    columns, rows = ([plain(shown(level)) for level in levels] for levels in (panel.column_levels, panel.row_levels))
    each = (max(map(width, columns), default=0) + 2) * LETTER * MEDIUM
    for axis, names, most in ((ax.xaxis, columns, wide / each), (ax.yaxis, rows, tall / LINE)):
        places = thinned(len(names), int(most))
        axis.set_ticks(list(places), [names[i] for i in places])
    ax.tick_params(length=0)
    ax.set_xlabel(plain(panel.column_title))
    ax.set_ylabel(plain(panel.row_title), labelpad=8)
    finish(ax, titled(panel.title, panel.unit))
    ax.spines[:].set_visible(False)


def paint_table(ax: Axes, panel: Table) -> None:
    """The first `ROWS` rows as a table; a column with little series is three, their courses in the middle."""
    ax.axis("off")
    held = [_columns(panel, index) for index in range(len(panel.columns))]
    columns = [column for parts in held for column in parts]
    count = max((len(column.texts) for column in columns), default=0)
    rows = [[column.texts[row] for column in columns] for row in range(count)]
    if len(panel.rows) > ROWS:
        rows.append([f"... {len(panel.rows) - ROWS} more", *[""] * (len(columns) - 1)])
    if columns and rows:
        drawn = ax.table(rows, colLabels=[column.head for column in columns], loc="upper left", edges="horizontal")
        drawn.auto_set_font_size(False)
        drawn.set_fontsize(9)
        drawn.auto_set_column_width(list(range(len(columns))))
        drawn.scale(1.0, 1.35)
        for (row, column), cell in drawn.get_celld().items():
            cell.set_edgecolor(FAINT)
            cell.set_linewidth(0.4)
            cell.set_text_props(ha=columns[column].side, **(COURSE if columns[column].course and row else {}))
    finish(ax, panel.title)


@dataclass(frozen=True, slots=True)
class _Column:
    """Heading and texts of a column as they are drawn."""

    head: str
    texts: Sequence[str]
    side: Literal["left", "right"]
    course: bool = False


def _columns(panel: Table, index: int) -> list[_Column]:
    column, cells = panel.columns[index], [row[index] for row in panel.rows[:ROWS]]
    head = plain(titled(column.title, column.unit))
    side: Literal["left", "right"] = "left" if column.text else "right"
    texts = [plain(shown(cell, "" if column.text else "-")) for cell in cells]
    if not any(isinstance(cell, Spark) for cell in cells):
        return [_Column(head, texts, side)]
    sides = [ends(cell) if isinstance(cell, Spark) else ("", "") for cell in cells]
    firsts = [first if last else "" for first, last in sides]
    lasts = [last or first or text for (first, last), text in zip(sides, texts, strict=True)]
    courses = [blocks(cell.values, Look(), PLACES) if isinstance(cell, Spark) else "" for cell in cells]
    return [_Column("", firsts, "right"), _Column("", courses, "left", course=True), _Column(head, lasts, side)]
