"""Small plots side by side on a page, with one scale where they share it, and one legend for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from leverage.panels import Bars, Histogram, Lines, Multiples
from leverage.views.beams import write_bars
from leverage.views.drawings import Extent, Small, draw_lines, entries, extents, write_histogram
from leverage.views.fan import alike
from leverage.views.markup import clean, tag
from leverage.views.scale import Span, bars, extent, span
from leverage.views.svg import legend

SHORT = 10  # length of a small plot's bars, in the size of the letters


def write_multiples(panel: Multiples) -> str:
    """The plots in rows as long as the page allows, each under its label."""
    x, y = _shared(panel)
    small = Small(x, y)
    plots = [
        tag("div", tag("div", clean(plot.title), "font-size:90%") + PAINTERS[type(plot)](plot, small))
        for plot in panel.panels
    ]
    lines = [plot for plot in panel.panels if isinstance(plot, Lines)]
    samples = {name: (sample, name) for plot in lines for sample, name in entries(plot)}
    key = legend(list(samples.values()))
    return tag("div", "".join(plots), "display:flex;flex-wrap:wrap;gap:.5em 1.5em") + key


def _shared(panel: Multiples) -> tuple[Extent | None, Extent | None]:
    """The extents that hold all plots, None along an axis that each has for itself."""
    reaches = [_reach(plot) for plot in panel.panels]
    axes = alike(panel)
    x, y = (
        extent((), *(level for reach in reaches for level in reach[side])) if name in axes and reaches else None
        for side, name in enumerate("xy")
    )
    return x, y


def _reach(plot: Lines | Bars | Histogram) -> tuple[Sequence[float], Sequence[float]]:
    if isinstance(plot, Bars):
        within = span(bars(plot), plot.reference)
        return (within.low, within.high), ()
    return extents(plot)


def _bars(plot: Bars, small: Small) -> str:
    return write_bars(plot, Span(*small.x, plot.reference) if small.x else None, SHORT)


PAINTERS: Mapping[type[Lines | Bars | Histogram], Callable[[Any, Small], str]] = MappingProxyType(
    {Lines: draw_lines, Bars: _bars, Histogram: write_histogram}
)
