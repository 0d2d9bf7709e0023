"""A plane with axes in the page's own colour, and what is drawn on it, as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array, Spark
from leverage.quantity import show
from leverage.views.cells import ends
from leverage.views.fan import thinned
from leverage.views.markup import BLUE, CURVES, clean, tag
from leverage.views.measure import cut, width
from leverage.views.scale import drawable
from leverage.views.spark import parts, runs, told

RIGHT, LOW = 28, 46  # margins of a plane
LETTER = 7  # width of a letter, and
APART = 16  # between names below an axis
DASHES = ("", "6 3", "2 3", "8 3 2 3")
LITTLE = (72, 16)  # width and height of a series in a cell
MOST = 60  # places of a series in a cell


@dataclass(frozen=True, slots=True)
class Plane:
    """Where a point of the data lies on a drawing of ``wide`` by ``tall``."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_percent: bool = False
    y_percent: bool = False
    wide: int = 640
    tall: int = 320
    left: int = 70
    top: int = 24
    right: int = RIGHT

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The drawing's coordinates of a point."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        plane = self.wide - self.left - self.right, self.tall - LOW - self.top
        return self.left + across * plane[0], self.tall - LOW - up * plane[1]

    def path(self, x: Array, y: Array) -> str:
        """The coordinates of a curve's points."""
        points = (self.at(float(a), float(b)) for a, b in zip(x, y, strict=True) if drawable(a, b))
        return " ".join(f"{across:.1f},{down:.1f}" for across, down in points)

    def curve(self, x: Array, y: Array, **pen: str) -> str:
        """A line through the points, broken where one is missing; a point alone is a dot."""
        return "".join(
            tag("polyline", "", points=self.path(*piece), fill="none", **pen)
            if len(piece[0]) > 1
            else dot(*self.at(float(piece[0][0]), float(piece[1][0])), pen["stroke"], "3")
            for piece in runs(x, y)
        )

    def axes(self, x_title: str, y_title: str, x_names: Sequence[tuple[float, str]] = ()) -> str:
        """Ticks, grid and titles; ``x_names`` are (level, name) in place of figures."""
        marks = [(level, show(level, percent=self.x_percent)) for level in ticks(*self.x, max(self.wide // 106, 3))]
        drawn = []
        for level, name in self._thinned(x_names) if x_names else marks:
            x, y = self.at(level, self.y[0])
            drawn.append(line((x, self.top), (x, y), ".15") + words(x, y + 16, name, "middle"))
        for level in ticks(*self.y, max(self.tall // 53, 4)):
            x, y = self.at(self.x[0], level)
            drawn.append(line((x, y), (self.wide - self.right, y), ".15"))
            drawn.append(words(x - 6, y + 4, show(level, percent=self.y_percent), "end"))
        middle = (self.left + self.wide - self.right) / 2
        titles = words(middle, self.tall - 8, x_title, "middle") + words(self.left, 14, y_title, "start")
        return "".join(drawn) + titles

    def _thinned(self, names: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
        short = [(level, cut(name, 14)) for level, name in names]
        each = LETTER * max(width(name) for _, name in short) + APART
        return [short[i] for i in thinned(len(short), (self.wide - self.left - self.right) // each)]

    def drawing(self, content: str, title: str) -> str:
        """The whole, as wide as the page allows."""
        shape = {"viewBox": f"0 0 {self.wide} {self.tall}", "role": "img", "aria_label": title or "drawing"}
        return tag("svg", content, f"max-width:{self.wide}px;width:100%;height:auto", **shape)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round levels from low to high, in steps of 1, 2 or 5 times a power of ten.

    >>> ticks(0.0, 1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    power = 10 ** math.floor(math.log10((high - low) / most))
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if (high - low) / step <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def write_spark(spark: Spark) -> str:
    """First figure, a thin line, last figure; a pointer and a reader of the page are told the extremes."""
    first, last = ends(spark)
    if not last:
        return clean(first)
    (wide, tall), levels = LITTLE, parts(spark.values, MOST)
    plane = np.linspace(2, wide - 3, len(levels)), tall - 2.5 - (tall - 5) * levels
    drawn = [tag("title", clean(told(spark)))]
    for x, y in runs(*plane):
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        pen = {"fill": "none", "stroke": BLUE, "stroke_width": "1.5", "stroke_linejoin": "round"}
        drawn.append(tag("polyline", "", points=points, **pen) if len(x) > 1 else dot(x[0], y[0], BLUE, "1"))
        end = dot(x[-1], y[-1], BLUE, "2")
    shape = {"width": str(wide), "height": str(tall), "role": "img", "aria_label": told(spark)}
    course = tag("svg", "".join(drawn) + end, "vertical-align:middle;margin:0 .4em", **shape)
    # the lines of a column stand below each other
    return f"{clean(first)}{course}" + tag("span", clean(last), "display:inline-block;min-width:7ch;text-align:right")


def pen(index: int) -> dict[str, str]:
    """How a curve is drawn: its colour and its dash."""
    dash = DASHES[index % len(DASHES)]
    return {
        "stroke": CURVES[index % len(CURVES)],
        "stroke_width": "2",
        **({"stroke_dasharray": dash} if dash else {}),
    }


def legend(entries: Sequence[tuple[str, str]]) -> str:
    """Samples of 24 by 12 with their names, where there is more than one."""
    if len(entries) < 2:
        return ""
    written = [
        tag("span", tag("svg", sample, width="24", height="12") + f" {clean(name)}", "margin-right:1.5em")
        for sample, name in entries
    ]
    return tag("div", "".join(written), "font-size:90%")


def line(start: tuple[float, float], end: tuple[float, float], opacity: str, dash: str = "") -> str:
    """A straight line in the page's colour."""
    held = zip(("x1", "y1", "x2", "y2"), (*start, *end), strict=True)
    drawn = {"stroke": "currentColor", "stroke_opacity": opacity, **({"stroke_dasharray": dash} if dash else {})}
    return tag("line", "", **{key: f"{number:.1f}" for key, number in held}, **drawn)


def words(x: float, y: float, text: str, anchor: str) -> str:
    """Small words at a point."""
    return tag("text", clean(text), x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, fill="currentColor", font_size="12")


def dot(x: float, y: float, color: str, radius: str) -> str:
    """A point."""
    return tag("circle", "", cx=f"{x:.1f}", cy=f"{y:.1f}", r=radius, fill=color, fill_opacity=".7")
