"""Curves on axes: a fan of bands from light to dark, the median on it, references, and periods that can be read."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from leverage.panels import Lines
from leverage.views.cells import titled
from leverage.views.fan import SHADE, bands, references, thinned
from leverage.views.ink import INK, LETTER, beside, entry, finish, key, plain, room
from leverage.views.markup import BLUE, CURVES
from leverage.views.measure import width
from leverage.views.spark import runs

DASHES = ("-", "--", ":", "-.")
REFERENCE = (0, (4, 3))  # of a reference, in widths of its line
PERIOD = 14  # columns of a period's name
APART = 3  # columns between two


def paint_lines(ax: Axes, panel: Lines) -> None:
    """Curves that differ in colour and in dash, bands behind them, references across, named points on them."""
    drawn = [*_bands(ax, panel), *_curves(ax, panel)]
    for name, levels in references(panel):
        drawn += ax.plot(panel.x, levels, linewidth=1.1, label=entry(name), color=INK, linestyle=REFERENCE)
    for name, x, y in panel.marks:
        ax.plot([x], [y], "o", color=INK, markersize=5)
        beside(ax, (x, y), plain(name), "below")
    ax.set_xlabel(plain(panel.x_title, 60))
    ax.set_ylabel(plain(titled(panel.y_title, panel.unit), 60))
    ax.grid(alpha=0.25, linewidth=0.6)
    if panel.x_names:
        _name_periods(ax, panel)
    lines = key(ax, drawn) if len(drawn) > 1 else 0
    finish(ax, panel.title, x_percent=None if panel.x_names else False, y_percent=panel.percent, above=lines)


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
