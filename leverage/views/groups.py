"""Bars of several series on axes: those of a group touch, groups stand apart, intervals lie on their ends."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from leverage.panels import GroupedBars
from leverage.views.ink import INK, entry, finish, key, name_rows
from leverage.views.markup import SERIES
from leverage.views.paint import MOST, below, left_out, paint_whisker
from leverage.views.scale import bars, series

GROUP = 0.8  # of the room from group to group
BAR = 0.17  # inches that a bar of a series takes


def grouped_size(panel: GroupedBars) -> tuple[float, float]:
    """Width and height, in inches, at which all groups read well."""
    each = max(BAR * len(panel.names), 0.3) / GROUP
    return 8.0, 1.5 + each * min(len(panel.ids), MOST)


def paint_grouped(ax: Axes, panel: GroupedBars) -> None:
    """The first group at the top, its series below each other, each with its interval; a legend names them."""
    held, wide = [bars(part)[:MOST] for part in series(panel)], GROUP / max(len(panel.names), 1)
    for index, rows in enumerate(held):
        for place, row in enumerate(rows):
            height = place - GROUP / 2 + wide * (index + 0.5)
            for stroke in row.strokes:
                ax.barh(height, stroke.end, height=wide, **fill(index))
            paint_whisker(ax, row, height)
    names = [row.name for row in held[0]] if held else []
    ax.axvline(0.0, color=INK, linewidth=0.9)
    name_rows(ax, names)
    ax.grid(axis="x", alpha=0.25, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel(below(panel) + left_out(len(panel.ids) - len(names)))
    lines = key(ax, [Patch(label=entry(name), **fill(index)) for index, name in enumerate(panel.names)])
    finish(ax, panel.title, x_percent=panel.percent, above=lines)


def fill(index: int) -> dict[str, Any]:
    """How the bars of a series are drawn."""
    color, hatch = SERIES[index % len(SERIES)]
    return {"facecolor": color, "edgecolor": "white", "linewidth": 0.5, **({"hatch": hatch} if hatch else {})}
