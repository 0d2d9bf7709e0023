"""What does a little series look like beside its figures? Eight heights of blocks in text, a thin line elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leverage.panels import Array, Cell, Spark
from leverage.quantity import show
from leverage.views.cells import ends
from leverage.views.grid import on_the_point
from leverage.views.measure import pad, width
from leverage.views.scale import drawable
from leverage.views.terminal import Look

LONGEST = 24  # characters of a series; a longer one is shown by means of equal shares
PART = 5  # a series takes this part of the terminal at most, one in so many columns
FLAT = 1e-9  # a series that differs by less than this part of its largest level is constant


def told(spark: Spark) -> str:
    """The series for who cannot see it: its ends and its extremes.

    >>> told(Spark((12.0, 9.0, 15.0)))
    'from 12 to 15, lowest 9, highest 15'
    """
    first, last = ends(spark)
    if not last:
        return first
    held = [value for value in spark.values if value is not None]
    low, high = (show(level, percent=spark.percent) for level in (min(held), max(held)))
    return f"from {first} to {last}, lowest {low}, highest {high}"


def written(cells: Sequence[Cell], words: Sequence[str], look: Look) -> list[str]:
    """A column's words, with the course of each little series in its place, so that they stand below each other."""
    sides = [ends(cell) if isinstance(cell, Spark) else ("", word) for cell, word in zip(cells, words, strict=True)]
    # the points of last figures stand below those of single ones
    lasts = on_the_point([last or first for first, last in sides])
    firsts = [first if last else "" for first, last in sides]
    room = max(4, min(LONGEST, look.width // PART))
    courses = [_course(cell, look, room) if first else "" for cell, first in zip(cells, firsts, strict=True)]
    figures = [last for cell, last in zip(cells, lasts, strict=True) if not isinstance(cell, str)]  # words go beyond
    wide, long, deep = (max(map(width, column), default=0) for column in (firsts, courses, figures))
    return [
        f"{pad(first, wide, right=True)} {pad(course, long)} {pad(last, deep, right=True)}" if first else last
        for first, course, last in zip(firsts, courses, lasts, strict=True)
    ]


def _course(cell: Cell, look: Look, room: int) -> str:
    return blocks(cell.values, look, room) or ".." if isinstance(cell, Spark) else ""


def blocks(values: Sequence[float | None], look: Look, room: int = LONGEST) -> str:
    """The series in blocks from the lowest to the highest, "" where the stream has none; a gap where there is none.

    >>> blocks((1.0, 2.0, None, 8.0), Look())
    '▁▂ █'
    >>> blocks((3.0, 3.0), Look())
    '▄▄'
    """
    glyphs = look.glyphs.levels
    return "".join(" " if np.isnan(part) else glyphs[min(int(part * 8), 7)] for part in parts(values, room) if glyphs)


def parts(values: Sequence[float | None], room: int) -> Array:
    """How high each of at most ``room`` places of the series lies: 0 lowest, 1 highest, nan for a gap.

    A constant series lies in the middle, at just below a half: the fourth of eight blocks.
    """
    levels = shares(np.array([np.nan if v is None or not drawable(v) else v for v in values]), room)
    held = levels[~np.isnan(levels)]
    if not len(held):
        return levels
    low, high = held.min(), held.max()
    if high - low <= FLAT * max(abs(low), abs(high)):
        return np.where(np.isnan(levels), np.nan, 0.499)
    scaled: Array = (levels - low) / (high - low)
    return scaled


def shares(levels: Array, room: int) -> Array:
    """Means of ``room`` equal shares of a series (n,), of the levels that are there; a shorter one as it is.

    >>> shares(np.array([1.0, 2.0, 3.0]), 2)  # the middle level counts half to either side
    array([1.33333333, 2.66666667])
    """
    count = len(levels)
    if count <= room:
        return levels
    edges, places = np.linspace(0, count, room + 1), np.arange(count + 1)
    there = ~np.isnan(levels)
    sums, weights = (
        np.diff(np.interp(edges, places, np.concatenate([[0.0], np.cumsum(held)])))
        for held in (np.where(there, levels, 0.0), there)
    )
    # the running sum rounds, so a share without any level may be left with a trace of a weight
    means: Array = np.divide(sums, weights, out=np.full(room, np.nan), where=weights > FLAT * count)
    return means


def runs(x: Array, y: Array) -> list[tuple[Array, Array]]:
    """The pieces of a curve between its gaps.

    >>> [(a.tolist(), b.tolist()) for a, b in runs(np.arange(4.0), np.array([1.0, np.nan, 3.0, 4.0]))]
    [([0.0], [1.0]), ([2.0, 3.0], [3.0, 4.0])]
    """
    there = np.array([drawable(a, b) for a, b in zip(x, y, strict=True)], dtype=bool)
    cuts = np.flatnonzero(np.diff(there.astype(int))) + 1
    pieces = zip(np.split(x, cuts), np.split(y, cuts), np.split(there, cuts), strict=True)
    return [(a, b) for a, b, held in pieces if len(held) and held[0]]
