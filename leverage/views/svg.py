"""Curves, clouds and histograms as inline SVG: a plane with axes in the page's own colour, and what lies on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array, Histogram, Lines, Scatter
from leverage.quantity import show
from leverage.views.markup import BLUE, CURVES, clean, tag
from leverage.views.scale import bins, drawable, extent, sampled

WIDE, TALL, LEFT, RIGHT, TOP, LOW = 640, 320, 70, 20, 24, 46  # a drawing and the margins of its plane
DASHES = ("", "6 3", "2 3", "8 3 2 3")
POINTS = 1500  # of a cloud; more only make the page slow


@dataclass(frozen=True, slots=True)
class Plane:
    """Where a point of the data lies on the drawing."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_percent: bool = False
    y_percent: bool = False

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The drawing's coordinates of a point."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDE - LEFT - RIGHT), TALL - LOW - up * (TALL - LOW - TOP)

    def axes(self, x_title: str, y_title: str) -> str:
        """Ticks, grid and titles."""
        parts = []
        for level in ticks(*self.x):
            x, y = self.at(level, self.y[0])
            parts.append(
                _line((x, TOP), (x, y), ".15") + _words(x, y + 16, show(level, percent=self.x_percent), "middle")
            )
        for level in ticks(*self.y):
            x, y = self.at(self.x[0], level)
            parts.append(_line((x, y), (WIDE - RIGHT, y), ".15"))
            parts.append(_words(x - 6, y + 4, show(level, percent=self.y_percent), "end"))
        titles = _words((LEFT + WIDE - RIGHT) / 2, TALL - 8, x_title, "middle") + _words(LEFT, 14, y_title, "start")
        return "".join(parts) + titles


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round levels from low to high, in steps of 1, 2 or 5 times a power of ten.

    >>> ticks(0.0, 1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    power = 10 ** math.floor(math.log10((high - low) / most))
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if (high - low) / step <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def write_lines(panel: Lines) -> str:
    """Bands, curves and named points, with a legend that tells curves by colour and dash."""
    held = [*panel.y, *(side for _, low, high in panel.bands for side in (low, high))]
    levels = [float(level) for curve in held for level in curve] + [y for _, _, y in panel.marks]
    plane = Plane(extent((), *map(float, panel.x)), extent((), *levels))
    parts = [plane.axes(panel.x_title, panel.y_title)]
    for _, low, high in panel.bands:
        around = _path(plane, np.concatenate([panel.x, panel.x[::-1]]), np.concatenate([low, high[::-1]]))
        parts.append(tag("polygon", "", points=around, fill=BLUE, fill_opacity=".18"))
    for index, curve in enumerate(panel.y):
        parts.append(tag("polyline", "", points=_path(plane, panel.x, curve), **_pen(index)))
    for name, x, y in ((name, x, y) for name, x, y in panel.marks if drawable(x, y)):
        across, down = plane.at(x, y)
        parts.append(_dot(across, down, "currentColor", "4") + _words(across + 6, down + 16, name, "start"))
    names = [*panel.names, *(name for name, _, _ in panel.bands)]
    return _drawing("".join(parts), panel.title) + _legend(names, len(panel.names))


def write_histogram(panel: Histogram) -> str:
    """A bar a bin, and a dashed line with its name at each mark."""
    shares, edges, _ = bins(panel, most=80)
    tall = float(shares.max(initial=0.0)) or 1.0
    plane = Plane(
        extent((), *map(float, edges), *(level for _, level in panel.marks)), (0.0, 1.15 * tall), panel.percent, True
    )
    parts = [plane.axes(panel.unit, "share of samples")]
    for share, low, high in zip(map(float, shares), edges, edges[1:], strict=False):
        (left, top), (right, low_y) = plane.at(float(low), share), plane.at(float(high), 0.0)
        size = {"x": left, "y": top, "width": max(right - left - 0.5, 0.5), "height": low_y - top}
        parts.append(tag("rect", "", fill=BLUE, fill_opacity=".6", **{key: f"{n:.1f}" for key, n in size.items()}))
    for index, (name, level) in enumerate((name, level) for name, level in panel.marks if drawable(level)):
        x, low_y = plane.at(level, 0.0)
        parts.append(_line((x, TOP), (x, low_y), "1", "4 3"))
        parts.append(
            _words(x + 3, TOP + 10 + 13 * (index % 3), f"{name} {show(level, percent=panel.percent)}", "start")
        )
    return _drawing("".join(parts), panel.title)


def write_scatter(panel: Scatter) -> str:
    """A dot a point; groups differ in colour and in size."""
    group = panel.group if panel.group is not None else np.zeros(len(panel.x), dtype=np.intp)
    plane = Plane(extent((), *map(float, panel.x)), extent((), *map(float, panel.y)))
    parts = [plane.axes(panel.x_title, panel.y_title)]
    for i in sampled(len(panel.x), POINTS):
        if drawable(panel.x[i], panel.y[i]):
            of = int(group[i]) % len(CURVES)
            parts.append(_dot(*plane.at(float(panel.x[i]), float(panel.y[i])), CURVES[of], f"{2.2 + of % 3}"))
    return _drawing("".join(parts), panel.title) + _legend(panel.names, len(panel.names), dots=True)


def _path(plane: Plane, x: Array, y: Array) -> str:
    points = (plane.at(float(a), float(b)) for a, b in zip(x, y, strict=True) if drawable(a, b))
    return " ".join(f"{across:.1f},{down:.1f}" for across, down in points)


def _pen(index: int) -> dict[str, str]:
    dash = DASHES[index % len(DASHES)]
    pen = {"fill": "none", "stroke": CURVES[index % len(CURVES)], "stroke_width": "2"}
    return {**pen, **({"stroke_dasharray": dash} if dash else {})}


def _legend(names: Sequence[str], curves: int, *, dots: bool = False) -> str:
    if len(names) < 2:
        return ""
    entries = []
    for index, name in enumerate(names):
        if index >= curves:
            sample = tag("rect", "", x="0", y="2", width="24", height="8", fill=BLUE, fill_opacity=".18")
        elif dots:
            sample = _dot(12, 6, CURVES[index % len(CURVES)], f"{2.2 + index % 3}")
        else:
            sample = tag("line", "", x1="0", x2="24", y1="6", y2="6", **_pen(index))
        entries.append(
            tag("span", tag("svg", sample, width="24", height="12") + f" {clean(name)}", "margin-right:1.5em")
        )
    return tag("div", "".join(entries), "font-size:90%")


def _line(start: tuple[float, float], end: tuple[float, float], opacity: str, dash: str = "") -> str:
    ends = zip(("x1", "y1", "x2", "y2"), (*start, *end), strict=True)
    pen = {"stroke": "currentColor", "stroke_opacity": opacity, **({"stroke_dasharray": dash} if dash else {})}
    return tag("line", "", **{key: f"{number:.1f}" for key, number in ends}, **pen)


def _words(x: float, y: float, text: str, anchor: str) -> str:
    return tag("text", clean(text), x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, fill="currentColor", font_size="12")


def _dot(x: float, y: float, color: str, radius: str) -> str:
    return tag("circle", "", cx=f"{x:.1f}", cy=f"{y:.1f}", r=radius, fill=color, fill_opacity=".7")


def _drawing(content: str, title: str) -> str:
    shape = {"viewBox": f"0 0 {WIDE} {TALL}", "role": "img", "aria_label": title or "drawing"}
    return tag("svg", content, f"max-width:{WIDE}px;width:100%;height:auto", **shape)
