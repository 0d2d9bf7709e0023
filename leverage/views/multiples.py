"""Small plots in a grid, in the place of the axes that they are given: one scale, one legend, little words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.gridspec import GridSpec, GridSpecBase

from leverage.panels import Bars, Histogram, Lines, Multiples
from leverage.views.curves import paint_lines
from leverage.views.fan import alike
from leverage.views.ink import LETTER, finish, key, plain, room
from leverage.views.measure import width
from leverage.views.paint import MOST, paint_bars, paint_histogram
from leverage.views.scale import one_sided

PLOTS = 24  # of one picture
HEAD = 0.001  # height of the line that bears title and legend: these stand above it
FREE = 0.3  # of a scale at either edge, for the words at the ends of bars
WIDE, TALL = 9.0, 1.75  # inches of a picture, and of a row of curves
PAINTERS: Mapping[type[Lines | Bars | Histogram], Callable[[Axes, Any], None]] = MappingProxyType(
    {Lines: paint_lines, Bars: paint_bars, Histogram: paint_histogram}
)


def measured(panel: Multiples) -> tuple[float, float]:
    """Width and height, in inches, at which it reads well."""
    plots = panel.panels[:PLOTS]
    bars = max((min(len(plot.ids), MOST) for plot in plots if isinstance(plot, Bars)), default=0)
    rows = -(-len(plots) // columns(len(plots)))
    return WIDE, 1.0 + rows * max(TALL, 0.8 + 0.24 * bars)


def columns(count: int) -> int:
    """Plots beside each other.

    >>> [columns(count) for count in (1, 2, 3, 4, 5, 12)]
    [1, 2, 3, 2, 3, 4]
    """
    return {1: 1, 2: 2, 4: 2}.get(count, 3 if count < 10 else 4)


def paint_multiples(ax: Axes, panel: Multiples) -> None:
    """The first `PLOTS` of the plots; the axes themselves bear the title and the legend."""
    plots = panel.panels[:PLOTS]
    more = len(panel.panels) - len(plots)
    title = panel.title + (f" ({len(plots)} of {len(panel.panels)})" if more else "")
    ax.axis("off")
    across = columns(len(plots))
    grid = _grid(ax, max(1, -(-len(plots) // across)), across)
    drawn = [_paint(ax.figure.add_subplot(grid[i // across, i % across]), plot) for i, plot in enumerate(plots)]
    axes = alike(panel)
    for axis in axes:
        _share(drawn, axis, _words(drawn) if isinstance(plots[0], Bars) else 0.0)
    for index, plot in enumerate(drawn):
        _quiet(plot, index, across, index + across < len(drawn), axes)
    entries = _entries(drawn)
    finish(ax, title, above=key(ax, entries) if entries else 0)


def _entries(drawn: Sequence[Axes]) -> list[Artist]:
    """What the plots' legends say, each name once; the legends are taken off."""
    entries: dict[str, Artist] = {}
    for legend in [legend for plot in drawn if (legend := plot.get_legend())]:
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            if handle is not None:
                handle.set_label(text.get_text())
                entries.setdefault(text.get_text(), handle)
        legend.remove()
    return list(entries.values())


def _grid(ax: Axes, rows: int, across: int) -> GridSpecBase:
    """The place of the axes for the plots; the axes themselves become a line above it."""
    spec, place, heights = ax.get_subplotspec(), ax.get_position(), (HEAD, 1.0)
    parts: GridSpecBase = (
        spec.subgridspec(2, 1, height_ratios=heights)
        if spec
        else GridSpec(2, 1, None, place.x0, place.y0, place.x1, place.y1, height_ratios=heights)
    )
    ax.set_subplotspec(parts[0, 0])
    return parts[1, 0].subgridspec(rows, across)


def _paint(ax: Axes, plot: Lines | Bars | Histogram) -> Axes:
    PAINTERS[type(plot)](ax, plot)
    named = isinstance(plot, Bars) and not one_sided(plot)  # the reference stands above the bars
    ax.set_title(plain(plot.title, 40), loc="left", fontsize="small", fontweight="normal", pad=16 if named else 4)
    ax.tick_params(labelsize="small")
    return ax


def _share(drawn: Sequence[Axes], axis: str, free: float) -> None:
    """One scale that holds all, with a part of it left free at either edge."""
    limits = [getattr(ax, f"get_{axis}lim")() for ax in drawn]
    low, high = min(low for low, _ in limits), max(high for _, high in limits)
    edge = (high - low) * free / (1 - 2 * free)
    for ax in drawn:
        getattr(ax, f"set_{axis}lim")(low - edge, high + edge)


def _words(drawn: Sequence[Axes]) -> float:
    """The part of a scale that the longest words at the end of a bar take."""
    longest = max((width(text.get_text()) + 2 for ax in drawn for text in ax.texts), default=0)
    return min(longest * LETTER / room(drawn[0])[0], FREE)


def _quiet(ax: Axes, index: int, across: int, below: bool, axes: str) -> None:
    """What a plot below or at the left says for all stands there alone."""
    for axis, shown in (("x", not below), ("y", index % across == 0)):
        label = getattr(ax, f"{axis}axis").label
        label.set_fontsize("small")
        if not shown and axis in axes:
            label.set_text("")
            ax.tick_params(axis=axis, labelbottom=shown or axis != "x", labelleft=shown or axis != "y")  # type: ignore[arg-type]
