"""Curves and histograms on a page, each on a plane of its own or on one that small plots share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from leverage.panels import Histogram, Lines
from leverage.quantity import show
from leverage.views.cells import label, titled
from leverage.views.fan import SHADE, bands, reached, references
from leverage.views.markup import BLUE, tag
from leverage.views.measure import width
from leverage.views.names import flags
from leverage.views.scale import bins, drawable, extent
from leverage.views.svg import LETTER, Plane, dot, legend, line, pen, words

ROW = 14  # from line to line of names
NAME = 0.06  # of a histogram's height that a line takes
DASH = "5 4"  # of a reference
Extent = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Small:
    """The size of a small plot, and the axes that it shares with others."""

    x: Extent | None = None
    y: Extent | None = None
    wide: int = 300
    tall: int = 200
    left: int = 52
    top: int = 12

    def plane(self, own: Plane) -> Plane:
        """The plane that a plot would have by itself, in this size."""
        x, y = self.x or own.x, self.y or own.y
        return replace(own, x=x, y=y, wide=self.wide, tall=self.tall, left=self.left, top=self.top)


def write_lines(panel: Lines) -> str:
    """Bands, curves, references and named points, with a legend that tells curves by colour and dash."""
    return draw_lines(panel) + legend(entries(panel))


def draw_lines(panel: Lines, small: Small | None = None) -> str:
    """The plane of `write_lines`."""
    x, y = extents(panel)
    y_title = titled(panel.y_title, panel.unit)
    plane = Plane(x, y, panel.x_percent, panel.percent)
    if small:
        plane = Plane(
            small.x or x, small.y or y, panel.x_percent, panel.percent, small.wide, small.tall, small.left, small.top
        )
        y_title = ""
    names = list(zip(map(float, panel.x), panel.x_names, strict=True)) if panel.x_names else []
    parts = [plane.axes(titled(panel.x_title, panel.x_unit), y_title, names)]
    for band in bands(panel):
        there = np.array([drawable(*sides) for sides in zip(band.low, band.high, strict=True)], dtype=bool)
        ground, low, high = panel.x[there], band.low[there], band.high[there]
        around = plane.path(np.concatenate([ground, ground[::-1]]), np.concatenate([low, high[::-1]]))
        parts.append(tag("polygon", "", points=around, fill=BLUE, fill_opacity=f"{SHADE}"))
    for _, levels in references(panel):
        parts.append(plane.curve(panel.x, levels, stroke="currentColor", stroke_dasharray=DASH, stroke_opacity=".75"))
    parts += [plane.curve(panel.x, curve, **pen(index)) for index, curve in enumerate(panel.y)]
    for name, x_at, y_at in panel.marks:
        if drawable(x_at, y_at):
            parts.append(_named(plane, name, *plane.at(x_at, y_at)))
    return plane.drawing("".join(parts), panel.title)


def _named(plane: Plane, name: str, across: float, down: float) -> str:
    # a name near the right edge stands before its point
    late = across > 0.75 * plane.wide
    written = words(across - 6 if late else across + 6, down + 16, name, "end" if late else "start")
    return dot(across, down, "currentColor", "4") + written


def entries(panel: Lines) -> list[tuple[str, str]]:
    """What each curve, band and reference is: a sample and its name."""
    ends = {"x1": "0", "x2": "24", "y1": "6", "y2": "6"}
    held = [(tag("line", "", **ends, **pen(index)), name) for index, name in enumerate(panel.names)]
    box = {"x": "0", "y": "1", "width": "24", "height": "10", "fill": BLUE}
    held += [(tag("rect", "", **box, fill_opacity=f"{band.shade:.2f}"), band.name) for band in bands(panel)]
    dashed = tag("line", "", **ends, stroke="currentColor", stroke_dasharray=DASH)
    return [*held, *((dashed, name) for name, _ in panel.references)]


def extents(panel: Lines | Histogram) -> tuple[Extent, Extent]:
    """From where to where a plot's axes run."""
    if isinstance(panel, Lines):
        return extent((), *map(float, panel.x)), extent((), *reached(panel))
    shares, edges, _ = bins(panel, most=80)
    tall = float(shares.max(initial=0.0)) or 1.0
    return extent((), *map(float, edges), *(level for _, level in panel.marks)), (
        0.0,
        (1.05 + NAME * min(len(panel.marks), 4)) * tall,
    )


def write_histogram(panel: Histogram, small: Small | None = None) -> str:
    """A bar a bin, and a dashed line with its name at each mark."""
    shares, edges, _ = bins(panel, most=80)
    x, y = extents(panel)
    plane = Plane(x, y, panel.percent, True)
    if small:
        plane = small.plane(plane)
    parts = [plane.axes(panel.unit, "" if small else "share of samples")]
    for share, low, high in zip(map(float, shares), edges, edges[1:], strict=False):
        (left, top), (right, low_y) = plane.at(float(low), share), plane.at(float(high), 0.0)
        size = {"x": left, "y": top, "width": max(right - left - 0.5, 0.5), "height": low_y - top}
        parts.append(tag("rect", "", fill=BLUE, fill_opacity=".6", **{key: f"{n:.1f}" for key, n in size.items()}))
    return plane.drawing("".join([*parts, *_posts(panel, plane)]), panel.title)


def _posts(panel: Histogram, plane: Plane) -> Iterator[str]:
    """A dashed line at each mark up to its name, which stands clear of the others."""
    marks = sorted(
        (level, f"{label(name)} {show(level, percent=panel.percent)}") for name, level in panel.marks if drawable(level)
    )
    at = [plane.at(level, 0.0) for level, _ in marks]
    wide = [LETTER * width(text) + 8.0 for _, text in marks]
    stands = flags([across for across, _ in at], wide, 0.0, plane.wide)
    for (across, low), (_, text), (row, left) in zip(at, marks, stands, strict=True):
        yield line((across, plane.top + ROW * row), (across, low), "1", "4 3")
        yield words(across - 3 if left else across + 3, plane.top + 10 + ROW * row, text, "end" if left else "start")
