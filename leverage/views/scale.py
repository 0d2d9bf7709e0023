"""From where to where does each bar run, in the panel's own unit? What text, page and picture draw alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array, Bars, Bridge, GroupedBars, Histogram
from leverage.quantity import show
from leverage.views.cells import label, named

ZOOM = 0.4  # a bridge whose levels differ by less than this part of the highest does not begin at 0
LARGEST = 1e300  # a distance between larger levels may not fit a float
BINS = 20  # rows of a histogram that a reader takes in


def drawable(*levels: float) -> bool:
    """Every level is a number that a drawing can hold."""
    return all(abs(level) < LARGEST for level in levels)  # False for one that is no number


@dataclass(frozen=True, slots=True)
class Stroke:
    """A piece of a bar. ``better``: it goes the way that is wanted; None for a total, which goes no way."""

    start: float
    end: float
    better: bool | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """What a drawing's width stands for: from ``low`` to ``high``, with the axis that bars start from at ``base``."""

    low: float
    high: float
    base: float

    def part(self, level: float) -> float:
        """How far along the level lies: 0 at ``low`` and below, 1 at ``high`` and above."""
        return min(max((level - self.low) / (self.high - self.low), 0.0), 1.0) if drawable(level) else 0.0


@dataclass(frozen=True, slots=True)
class End:
    """What stands at an end of a bar: the figure reached, and the driver's level that reaches it."""

    figure: float
    level: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its name, what it is drawn of, and its ends from left to right (one, where it is of one value).

    ``whisker``: the ends of an interval on it, where it has one that can be drawn.
    """

    name: str
    strokes: tuple[Stroke, ...]
    ends: tuple[End, ...]
    whisker: tuple[float, float] | None = None


def bars(panel: Bars) -> list[Bar]:
    """A panel's bars as given. The end at the left is the one with the lower figure, whichever level reaches it."""
    blank = ("",) * len(panel.ids)
    lows, highs = panel.low_names or blank, panel.high_names or blank
    sides = zip(map(float, panel.low), map(float, panel.high), lows, highs, whiskers(panel), strict=True)
    return [
        Bar(name, _strokes(panel, low, high), _ends(panel, End(low, label(at_low)), End(high, label(at_high))), errors)
        for name, (low, high, at_low, at_high, errors) in zip(named(panel.labels, panel.ids), sides, strict=True)
    ]


def whiskers(panel: Bars) -> list[tuple[float, float] | None]:
    """The interval on each bar, None where there is none."""
    if panel.errors is None:
        return [None] * len(panel.ids)
    ends = zip(map(float, panel.errors[0]), map(float, panel.errors[1]), strict=True)
    return [(low, high) if drawable(low, high) else None for low, high in ends]


def interval(panel: Bars | GroupedBars, row: Bar) -> str:
    """The interval on a bar in words, "" where there is none."""
    return " to ".join(show(end, percent=panel.percent) for end in row.whisker or ())


def series(panel: GroupedBars) -> list[Bars]:
    """Each series as bars of its own, from 0."""
    zeros, errors = np.zeros(len(panel.ids)), panel.errors
    return [
        Bars(
            name, panel.ids, zeros, values, 0.0, panel.unit, panel.percent, labels=panel.labels,
            errors=None if errors is None else (errors[0][index], errors[1][index]),
        )
        for index, (name, values) in enumerate(zip(panel.names, panel.values, strict=True))
    ]  # fmt: skip


def one_sided(panel: Bars) -> bool:
    """Every bar is of one value: it runs from the reference, and nobody named levels."""
    still = (panel.low == panel.reference) | (panel.high == panel.reference)
    return not panel.low_names and not panel.high_names and bool(np.all(still))


def _strokes(panel: Bars, *ends: float) -> tuple[Stroke, ...]:
    start, up = panel.reference, panel.better == "higher"
    # the longer first, so that a shorter one on the same side stays to be seen
    reached = sorted({end for end in ends if drawable(end) and end != start}, key=lambda end: -abs(end - start))
    return tuple(Stroke(start, end, (end > start) == up) for end in reached)


def _ends(panel: Bars, low: End, high: End) -> tuple[End, ...]:
    if one_sided(panel):
        return (high if low.figure == panel.reference else low,)
    return (high, low) if high.figure < low.figure else (low, high)


def bridge(panel: Bridge) -> list[Bar]:
    """The start, each step from where the one before ended, and the end."""
    base, up = floor(panel), panel.better == "higher"
    names, ends = named(panel.labels, panel.ids), panel.start + np.cumsum(panel.steps)
    ways = zip([panel.start, *ends[:-1]] if names else [], ends, panel.steps, strict=True)
    steps = [
        Bar(name, _step(float(start), float(end), up), (End(float(step)),))
        for name, (start, end, step) in zip(names, ways, strict=True)
    ]
    totals = ((panel.start_name, panel.start), (panel.end_name, panel.end))
    strokes = [(Stroke(base, total),) if drawable(total) and total != base else () for _, total in totals]
    first, last = (Bar(label(n), drawn, (End(v),)) for (n, v), drawn in zip(totals, strokes, strict=True))
    return [first, *steps, last]


def _step(start: float, end: float, up: bool) -> tuple[Stroke, ...]:
    moved = start != end and drawable(start, end)
    return (Stroke(start, end, (end > start) == up),) if moved else ()


def floor(panel: Bridge) -> float:
    """Where the totals' bars begin: 0, or just below the lowest level where steps would be slivers beside totals."""
    levels = [level for level in (panel.start, panel.end, *(panel.start + np.cumsum(panel.steps))) if drawable(level)]
    low, high = min(levels, default=0.0), max(levels, default=0.0)
    if low <= 0 or high == low or high - low >= ZOOM * high:
        return 0.0
    below = low - (high - low) / 2
    unit = 10 ** math.floor(math.log10(high - low))  # a round figure, since the reader is told it
    return float(max(0.0, math.floor(below / unit) * unit))


def extent(rows: Iterable[Bar], *also: float) -> tuple[float, float]:
    """The lowest and highest level that bars and ``also`` reach; never equal, so that their distance divides."""
    reached = [
        level
        for row in rows
        for piece in (*((stroke.start, stroke.end) for stroke in row.strokes), row.whisker or ())
        for level in piece
    ]
    levels = [level for level in (*reached, *also) if drawable(level)]
    low, high = min(levels, default=0.0), max(levels, default=0.0)
    return (low, high) if high > low else (low, low + (abs(low) or 1.0))


def span(rows: Iterable[Bar], base: float) -> Span:
    """The span that holds the bars and the axis that they start from."""
    return Span(*extent(rows, base), base)


def bins(panel: Histogram, most: int = BINS) -> tuple[Array, Array, list[list[tuple[str, float]]]]:
    """Shares (b,), edges (b + 1,) and the marks in each bin, neighbours joined so that ``most`` bins remain."""
    step = max(1, -(-len(panel.counts) // most))
    counts = np.add.reduceat(panel.counts, np.arange(0, len(panel.counts), step)) if len(panel.counts) else panel.counts
    edges = np.append(panel.edges[:-1:step], panel.edges[-1:])
    marks: list[list[tuple[str, float]]] = [[] for _ in counts]
    for name, level in panel.marks:
        if marks and drawable(level):
            marks[int(np.searchsorted(edges[1:-1], level, side="right"))].append((label(name), level))
    return counts / (counts.sum() or 1.0), edges, marks


def sampled(count: int, most: int) -> Sequence[int]:
    """Up to ``most`` of ``count`` places, evenly, with the first and the last."""
    return [int(i) for i in np.unique(np.linspace(0, count - 1, min(count, most)).round())] if count else []
