"""A tree as boxes from left to right: name, figure and gap in each, with who answers for it below in small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from leverage.panels import Tree
from leverage.views.facts import WIDEST, Facts, facts
from leverage.views.ink import FAINT, INK, finish, plain
from leverage.views.layout import Layout, Spot, arrange
from leverage.views.markup import BLUE, VERMILLION
from leverage.views.measure import cut, width
from leverage.views.spark import parts, runs

POINTS = 9.0  # size of a name, where the picture has the size that it asks for
INCH = 72.0
COLUMN = 0.56  # width of a terminal's column, in the size of the letters
NARROWEST = 14  # columns of a box
GAP_X, GAP_Y = 0.45, 0.12  # inches between layers, and between boxes
LINE = 1.3  # height of a line, in the size of its letters
PLACES = 60  # of a series
SHORTEST = 10  # columns of its line
COURSE = 1.3  # height of a little series, in lines
BOLD = 1.45  # columns of a large bold letter
SMALL = 0.82  # size of the small letters
EDGE = "#B0B0B0"
TONES = {"": FAINT, "good": BLUE, "bad": VERMILLION}


@dataclass(frozen=True, slots=True)
class Sizes:
    """The box, in inches, and the lines of text in it."""

    wide: float
    tall: float
    names: int

    @property
    def columns(self) -> float:
        """Columns of text that it holds."""
        return self.wide * INCH / (COLUMN * POINTS) - 2

    def at(self, spot: Spot) -> tuple[float, float]:
        """Left end and middle of the box at a place, in inches from the top left."""
        return spot.layer * (self.wide + GAP_X), (spot.height + 0.5) * (self.tall + GAP_Y)


def measured(tree: Tree) -> tuple[float, float]:
    """Width and height, in inches, at which the letters have their size."""
    layout = arrange(tree)
    return _extent(layout, _sizes([facts(tree, tree.nodes[id], layout.hidden.get(id, 0)) for id in layout.spots]))


def _extent(layout: Layout, sizes: Sizes) -> tuple[float, float]:
    return layout.layers * (sizes.wide + GAP_X) - GAP_X, layout.rows * (sizes.tall + GAP_Y)


def paint_tree(ax: Axes, tree: Tree) -> None:
    """Boxes and edges, the root at the left; letters grow and shrink with the axes."""
    layout = arrange(tree)
    held = {id: facts(tree, tree.nodes[id], layout.hidden.get(id, 0)) for id in layout.spots}
    sizes = _sizes(list(held.values()))
    more = len(tree.nodes) - len(held)
    finish(ax, tree.title + (f" ({len(held)} of {len(tree.nodes)} metrics)" if more > 0 else ""))
    across, down = _extent(layout, sizes)
    ax.set_xlim(-0.03, across + 0.03)
    ax.set_ylim(down, 0.0)
    ax.set_aspect("equal", anchor="NW")
    ax.axis("off")
    points = POINTS * _scale(ax, across, down)
    for edge in layout.edges:
        ax.add_patch(PathPatch(_curve(edge, sizes), facecolor="none", edgecolor=EDGE, linewidth=0.9, zorder=1))
    for id, spot in layout.spots.items():
        _frame(ax, sizes.at(spot), sizes, key=id == tree.root, lever="lever" in tree.nodes[id].mark)
        _fill(ax, held[id], sizes.at(spot), sizes, points)


def _sizes(held: Sequence[Facts]) -> Sizes:
    names, small = max(len(told.name) for told in held), any(told.small for told in held)
    course = any(told.series for told in held)
    wanted = max(max(*map(width, told.name), _figures(told), SMALL * width(told.small)) for told in held)
    columns = min(max(wanted, NARROWEST), WIDEST)
    lines = names + 1.2 + (1.0 if small else 0.0) + (COURSE if course else 0.0)
    return Sizes((columns + 2) * COLUMN * POINTS / INCH, (lines * LINE + 0.6) * POINTS / INCH, names)


def _figures(told: Facts) -> float:
    """Columns of the value with its gap; of a series, the gap stands below the value and beside the course."""
    gap = 1.15 * width(told.gap)
    return max(BOLD * width(told.value), SHORTEST + gap) if told.series else 1.15 * width(told.value) + gap + 2


def _scale(ax: Axes, across: float, down: float) -> float:
    """How large the axes are, to what the tree asks for, once the figure has given them their place."""
    figure = ax.figure.canvas.figure
    figure.draw_without_rendering()
    held = ax.get_window_extent()
    return min(held.width / figure.dpi / across, held.height / figure.dpi / down)


def _frame(ax: Axes, at: tuple[float, float], sizes: Sizes, *, key: bool, lever: bool) -> None:
    left, middle = at
    face, edge, line = ("#E6F1F8", BLUE, 1.3) if lever else ("#FFFFFF", INK, 1.3) if key else ("#F7F7F7", EDGE, 0.8)
    ax.add_patch(
        FancyBboxPatch(
            (left, middle - sizes.tall / 2), sizes.wide, sizes.tall, boxstyle="round,pad=0,rounding_size=0.05",
            facecolor=face, edgecolor=edge, linewidth=line, zorder=2,
        )
    )  # fmt: skip


def _fill(ax: Axes, told: Facts, at: tuple[float, float], sizes: Sizes, points: float) -> None:
    left, middle = at
    unit = POINTS * LINE / INCH
    x, right = left + 0.08, left + sizes.wide - 0.08
    y = middle - (len(told.name) + 0.2 + bool(told.small) * 0.9 + bool(told.series) * COURSE) * unit / 2
    for name in told.name:
        _words(ax, x, y, name, points)
        y += unit
    y += 0.15 * unit
    # two figures with a long unit are smaller where the box is as wide as boxes get
    fits = sizes.columns / (BOLD * width(told.value)) if told.series else 1.0
    _words(ax, x, y, told.value, points * 1.15 * min(1.0, fits), weight="bold")
    if told.series:
        y += COURSE * unit
        _course(ax, told, (x, right - 1.15 * COLUMN * POINTS / INCH * width(told.gap)), y - 0.2 * unit, points)
    _words(ax, right, y, told.gap, points * 0.95, color=TONES[told.tone], ha="right", weight="bold")
    _words(ax, x, y + 1.05 * unit, cut(told.small, int(WIDEST / SMALL)), points * SMALL, color=FAINT)


def _course(ax: Axes, told: Facts, across: tuple[float, float], middle: float, points: float) -> None:
    """The series as a thin line around the middle of its place, with a dot where it ends."""
    levels, tall = parts(told.series, PLACES), 0.8 * POINTS * LINE / INCH
    where = np.linspace(across[0], across[1] - 0.08, len(levels))
    for x, y in runs(where, middle + tall * (0.5 - levels)):
        alone = "o" if len(x) == 1 else None
        ax.plot(x, y, color=BLUE, linewidth=points / 8, marker=alone, markersize=points / 8, zorder=3)
        end = x[-1], y[-1]
    ax.plot(*([place] for place in end), "o", color=BLUE, markersize=points / 3.2, zorder=3)


def _words(ax: Axes, x: float, y: float, text: str, size: float, **style: Any) -> None:
    if text:
        ax.text(x, y, plain(text, 90), fontsize=size, va="center_baseline", **{"color": INK, "zorder": 3, **style})


def _curve(edge: Sequence[Spot], sizes: Sizes) -> Path:
    """From the right end of the first box through its lanes to the left end of the last."""
    left, middle = sizes.at(edge[0])
    points, codes = [(left + sizes.wide, middle)], [Path.MOVETO]
    for spot in edge[1:]:
        x, y = points[-1]
        left, middle = sizes.at(spot)
        bend = (left - x) / 2
        points += [(x + bend, y), (left - bend, middle), (left, middle)]
        codes += [Path.CURVE4] * 3
        if spot is not edge[-1]:
            points.append((left + sizes.wide, middle))
            codes.append(Path.LINETO)
    return Path(points, codes)
