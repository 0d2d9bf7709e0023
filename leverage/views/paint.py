"""Bars, bridges and histograms on axes: the driver's level at each end, signed steps, named levels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from leverage.panels import Bars, Bridge, GroupedBars, Histogram
from leverage.quantity import show
from leverage.views.cells import titled
from leverage.views.ink import FAINT, FILLS, INK, LETTER, beside, finish, judged, name_rows, plain, room
from leverage.views.markup import BLUE
from leverage.views.measure import width, wrap
from leverage.views.names import flags
from leverage.views.scale import Bar, bars, bridge, drawable, extent, floor, one_sided

MOST = 30  # bars of one picture
STEPS = 14  # of one bridge; the smallest are taken together
LEVEL = 16  # columns of a driver's level beside its bar
ROW = 13  # points of a line of names above a histogram
NAMES = 0.6  # most of its height that they take
EDGE = 0.05  # of its width, left free at either side
WORDS = 13  # columns of a name below its bar


def paint_bars(ax: Axes, panel: Bars) -> None:
    """A tornado, or bars from the reference: the first at the top, the driver's level or the figure at its ends."""
    rows = bars(panel)[:MOST]
    for height, row in enumerate(rows):
        for stroke in row.strokes:
            ax.barh(height, stroke.end - stroke.start, left=stroke.start, height=0.72, **FILLS[stroke.better])
        paint_whisker(ax, row, height)
        _name_ends(ax, panel, row, height)
    ax.axvline(panel.reference, color=INK, linewidth=0.9)
    if not one_sided(panel):
        text, at = show(panel.reference, percent=panel.percent), (panel.reference, -0.5)
        beside(ax, at, text, "above")
    name_rows(ax, [row.name for row in rows])
    ax.margins(x=0.14)
    ax.set_xlabel(below(panel) + left_out(len(panel.ids) - len(rows)))
    told = 0 if one_sided(panel) else 1
    told += judged(ax, (stroke for row in rows for stroke in row.strokes), told)
    finish(ax, panel.title, x_percent=panel.percent, above=told)


def below(panel: Bars | GroupedBars) -> str:
    """What the figures along the axis are, and what the whiskers."""
    return titled(plain(panel.unit, 60), f"whiskers: {plain(panel.errors_name)}" if panel.errors else "")


def left_out(count: int) -> str:
    """That some have no place in the picture."""
    return f"  ({count} smaller ones are not drawn)" if count else ""


def paint_whisker(ax: Axes, row: Bar, height: float) -> None:
    """The interval on a bar, with a tick at either end."""
    if row.whisker:
        ax.plot(row.whisker, (height, height), color=INK, linewidth=1.0, marker="|", markersize=5)


def _name_ends(ax: Axes, panel: Bars, row: Bar, height: int) -> None:
    single = len(row.ends) == 1
    for index, end in enumerate(row.ends):
        right = end.figure >= panel.reference if single else index == 1
        covered = (end.figure, panel.reference, *((row.whisker or ()) if single else ()))
        edge = max(covered) if right else min(covered)
        text = show(end.figure, percent=panel.percent) if single else plain(end.level, LEVEL)
        if text:
            beside(ax, (edge, height), text, "right" if right else "left")


def paint_bridge(ax: Axes, panel: Bridge) -> None:
    """A waterfall: grey totals at the ends, signed steps between them where the running total puts them."""
    gathered = _gathered(panel)
    rows, base = bridge(gathered), floor(gathered)
    levels = [panel.start, *(panel.start + np.cumsum(gathered.steps)), panel.end]
    for place, (row, level) in enumerate(zip(rows, levels, strict=True)):
        for stroke in row.strokes:
            ax.bar(place, stroke.end - stroke.start, bottom=stroke.start, width=0.62, **FILLS[stroke.better])
        inner = 0 < place < len(rows) - 1
        text = show(row.ends[0].figure, percent=panel.percent, signed=inner)
        beside(ax, (place, max([level, *(stroke.start for stroke in row.strokes)])), text, "above")
        if place < len(rows) - 1:
            ax.plot([place, place + 1], [level, level], color=FAINT, linewidth=0.7, zorder=0)
    ax.set_xticks(range(len(rows)), ["\n".join(_lines(plain(row.name))) for row in rows])
    ax.tick_params(axis="x", length=0)
    low, high = extent(rows, base)
    ax.set_ylim(low - 0.08 * (high - low) * (low < base), high + 0.08 * (high - low))
    if base:
        ax.set_xlabel(f"the axis begins at {show(base, percent=panel.percent)}", fontsize="small", color=FAINT)
    ax.set_ylabel(plain(panel.unit))
    finish(ax, panel.title, y_percent=panel.percent)
    judged(ax, (stroke for row in rows for stroke in row.strokes))


def _lines(name: str) -> list[str]:
    """A name in lines that fit below a bar, broken behind underscores where a word is too long for one."""
    if all(width(word) <= WORDS for word in name.split()):
        return wrap(name, WORDS)
    return [line.replace("_ ", "_") for line in wrap(name.replace("_", "_ "), WORDS)]


def _gathered(panel: Bridge) -> Bridge:
    """The bridge with its smallest steps in one, where there are more than a picture holds; it adds up as before."""
    if len(panel.ids) <= STEPS:
        return panel
    order = np.argsort(-np.abs(panel.steps), kind="stable")
    kept, rest = np.sort(order[: STEPS - 1]), order[STEPS - 1 :]
    names = panel.labels or panel.ids
    said = f"{len(rest)} smaller steps"
    return replace(
        panel,
        ids=(*(panel.ids[i] for i in kept), said),
        labels=(*(names[i] for i in kept), said),
        steps=np.append(panel.steps[kept], panel.steps[rest].sum()),
    )


def paint_histogram(ax: Axes, panel: Histogram) -> None:
    """The share of samples in each bin, and a dashed line with its name at each mark."""
    shares = panel.counts / (panel.counts.sum() or 1.0)
    ax.bar(panel.edges[:-1], shares, width=np.diff(panel.edges), align="edge", color=BLUE, alpha=0.55, linewidth=0)
    ax.set_xlabel(plain(panel.unit))
    ax.set_ylabel("share of samples")
    low, high = extent((), *map(float, panel.edges), *(level for _, level in panel.marks))
    ax.set_xlim(low - EDGE * (high - low), high + EDGE * (high - low))
    _posts(ax, panel, float(shares.max(initial=0.0)) or 1.0)
    finish(ax, panel.title, x_percent=panel.percent, y_percent=True)


def _posts(ax: Axes, panel: Histogram, tall: float) -> None:
    """The marks with their names above the bars, ``tall`` the highest of them, in lines that stand clear."""
    held = sorted((level, plain(name)) for name, level in panel.marks if drawable(level))
    texts = [f"{name} {show(level, percent=panel.percent)}" for level, name in held]
    (across, down), (low, high) = room(ax), ax.get_xlim()
    at = [(level - low) / (high - low) * across for level, _ in held]
    stands = flags(at, [LETTER * width(text) + LETTER for text in texts], 0.0, across)
    rows = ROW * max((row + 1 for row, _ in stands), default=0) / down
    top = 1.05 * tall / (1.0 - min(rows, NAMES))
    ax.set_ylim(0.0, top)
    for (level, _), text, (row, left) in zip(held, texts, stands, strict=True):
        height = top * (1.0 - (row + 0.5) * ROW / down)
        ax.plot((level, level), (0.0, height), color=INK, linewidth=0.9, linestyle="--")
        beside(ax, (level, height), text, "left" if left else "right")
