"""Curves on axes: a fan of bands from light to dark, the median on it, references, and periods that can be read."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from leverage.panels import Curves, Lines
from leverage.views.cells import titled
from leverage.views.fan import SHADE, bands, frame, last, references, thinned
from leverage.views.ink import INK, LETTER, beside, entry, finish, key, plain, room
from leverage.views.markup import BLUE, CURVES
from leverage.views.measure import width
from leverage.views.names import apart
from leverage.views.scale import drawable
from leverage.views.spark import runs

DASHES = ("-", "--", ":", "-.")
REFERENCE = (0, (4, 3))  # of a reference, in widths of its line
PERIOD = 14  # columns of a period's name
APART = 3  # columns between two
EDGE = 0.04  # of an axis, left free around curves that are named at their ends
LEAD = 1.04  # where their names begin, in widths of the axes
LINE = 13  # points from name to name below each other


def paint_lines(ax: Axes, panel: Lines) -> None:
    """Curves that differ in colour and in dash, bands behind them, references across, named points on them."""
    drawn = [*_bands(ax, panel), *_curves(ax, panel)]
    for name, levels in references(panel):
        drawn += ax.plot(panel.x, levels, linewidth=1.1, label=entry(name), color=INK, linestyle=REFERENCE)
    for name, x, y in panel.marks:
        ax.plot([x], [y], "o", color=INK, markersize=5)
        beside(ax, (x, y), plain(name), "below")
    ax.set_xlabel(plain(titled(panel.x_title, panel.x_unit), 60))
    ax.set_ylabel(plain(titled(panel.y_title, panel.unit), 60))
    ax.grid(alpha=0.25, linewidth=0.6)
    if panel.x_names:
        _name_periods(ax, panel)
    lines = key(ax, drawn) if len(drawn) > 1 else 0
    finish(ax, panel.title, x_percent=None if panel.x_names else panel.x_percent, y_percent=panel.percent, above=lines)


def _bands(ax: Axes, panel: Lines) -> list[Artist]:
    """The bands, and patches of the shades that they have where they lie in each other."""
    for band in bands(panel):
        ax.fill_between(panel.x, band.low, band.high, color=BLUE, alpha=SHADE, linewidth=0)
    return [
        ax.fill_between([], [], [], color=BLUE, alpha=band.shade, linewidth=0, label=entry(band.name))
        for band in bands(panel)
    ]


def _curves(ax: Axes, panel: Lines) -> list[Artist]:
    drawn: list[Artist] = []
    for index, (name, curve) in enumerate(zip(panel.names, panel.y, strict=True)):
        color, dash = CURVES[index % len(CURVES)], DASHES[index % len(DASHES)]
        drawn += ax.plot(panel.x, curve, linewidth=1.8, label=entry(name), color=color, linestyle=dash)
        for x, y in runs(panel.x, curve):
            if len(x) == 1:  # between gaps, or of one period: no line shows it
                ax.plot(x, y, "o", color=color, markersize=4)
    return drawn


def _name_periods(ax: Axes, panel: Lines) -> None:
    """Names of as many periods as stand beside each other without touching."""
    names = [plain(name, PERIOD) for name in panel.x_names]
    each = (max(map(width, names)) + APART) * LETTER
    places = thinned(len(names), int(room(ax)[0] / each))
    ax.set_xticks([panel.x[i] for i in places], [names[i] for i in places])
    ax.margins(x=0.02)


def paint_curves(ax: Axes, panel: Curves) -> None:
    """A spider: curves through a dot where they meet, each named at the right with a line from its end."""
    for index, (x, y) in enumerate(zip(panel.x, panel.y, strict=True)):
        color, dash = CURVES[index % len(CURVES)], DASHES[index % len(DASHES)]
        ax.plot(x, y, linewidth=1.8, label=entry(panel.names[index]), color=color, linestyle=dash)
    if panel.origin and drawable(*panel.origin):
        ax.plot(*([level] for level in panel.origin), "o", color=INK, markersize=5)
    (left, right), (low, high) = frame(panel)
    ax.set_xlim(left - EDGE * (right - left), right + EDGE * (right - left))
    ax.set_ylim(low - EDGE * (high - low), high + EDGE * (high - low))
    _name_ends(ax, panel)
    ax.set_xlabel(plain(panel.x_title, 60))
    ax.set_ylabel(plain(titled(panel.y_title, panel.unit), 60))
    ax.grid(alpha=0.25, linewidth=0.6)
    finish(ax, panel.title, x_percent=panel.x_percent, y_percent=panel.percent)


def _name_ends(ax: Axes, panel: Curves) -> None:
    (low, high), ends = ax.get_ylim(), last(panel)
    heights = apart([y for _, _, y in ends], LINE / room(ax)[1] * (high - low), low, high)
    for (index, x, y), height in zip(ends, heights, strict=True):
        lead = {
            "arrowstyle": "-",
            "color": CURVES[index % len(CURVES)],
            "linewidth": 0.7,
            "relpos": (0, 0.5),
            "shrinkB": 0,
        }
        ax.annotate(
            plain(panel.names[index]), (x, y), xytext=(LEAD, (height - low) / (high - low)), textcoords="axes fraction",
            va="center", fontsize="small", color=INK, annotation_clip=False, arrowprops=lead,
        )  # fmt: skip
