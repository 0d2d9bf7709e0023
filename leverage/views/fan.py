"""Which bands lie in which, which periods are named, where do curves end? What page and picture draw alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array, Bars, Curves, Histogram, Lines, Multiples
from leverage.views.scale import extent
from leverage.views.spark import runs

SHADE = 0.18  # opacity of a band; bands that lie in others grow darker
STEPS = (1, 2, 3, 4, 6, 12)  # periods from name to name: parts of a year, then whole ones


@dataclass(frozen=True, slots=True)
class Band:
    """A band, and in how many it lies, itself counted."""

    name: str
    low: Array
    high: Array
    depth: int = 1

    @property
    def shade(self) -> float:
        """The opacity that it and those around it have together.

        >>> round(Band("P10 to P90", np.zeros(1), np.ones(1), depth=2).shade, 4)
        0.3276
        """
        return 1 - (1 - SHADE) ** self.depth


def bands(panel: Lines) -> list[Band]:
    """The bands with the widest first: drawn over each other they go from light to dark."""
    held = [(i, low, high) for i, (_, low, high) in enumerate(panel.bands)]
    found = [
        Band(panel.bands[i][0], low, high, 1 + sum(_within((i, low, high), other) for other in held))
        for i, low, high in held
    ]
    return sorted(found, key=lambda band: band.depth)


def _within(band: tuple[int, Array, Array], other: tuple[int, Array, Array]) -> bool:
    (i, low, high), (k, lower, higher) = band, other
    if i == k or np.any(lower > low) or np.any(higher < high):
        return False
    # of two that are the same, the later lies in the earlier
    return k < i or not (np.array_equal(low, lower) and np.array_equal(high, higher))


def references(panel: Lines) -> list[tuple[str, Array]]:
    """The reference lines with a level at each place."""
    return [(name, np.broadcast_to(levels, panel.x.shape)) for name, levels in panel.references]


def reached(panel: Lines) -> list[float]:
    """Every level that the curves, bands, marks and references reach."""
    sides = [side for _, low, high in panel.bands for side in (low, high)]
    held = [*panel.y, *sides, *(levels for _, levels in references(panel))]
    return [float(level) for curve in held for level in curve] + [y for _, _, y in panel.marks]


def last(panel: Curves) -> list[tuple[int, float, float]]:
    """The last point of each curve that has any: its place among the curves, x and y."""
    held = [(index, runs(x, y)) for index, (x, y) in enumerate(zip(panel.x, panel.y, strict=True))]
    return [(index, float(pieces[-1][0][-1]), float(pieces[-1][1][-1])) for index, pieces in held if pieces]


def frame(panel: Curves) -> tuple[tuple[float, float], tuple[float, float]]:
    """From where to where the axes of curves over their own grounds run, the point where they meet among them."""
    x, y = panel.origin or (np.nan, np.nan)
    return extent((), *map(float, panel.x.flat), x), extent((), *map(float, panel.y.flat), y)


def thinned(count: int, most: int) -> range:
    """Places of names that are evenly apart, about ``most`` of ``count``, from the first on.

    >>> list(thinned(36, 8))
    [0, 6, 12, 18, 24, 30]
    """
    least = max(1, -(-count // max(most, 1)))
    whole = -(-least // STEPS[-1]) * STEPS[-1]
    return range(0, count, next((step for step in STEPS if step >= least), whole))


def listed(count: int, most: int) -> list[int]:
    """The places of `thinned`, and the last."""
    return sorted({*thinned(count, most), *range(max(count - 1, 0), count)})


def alike(panel: Multiples) -> str:
    """The axes on which all plots have one scale: "x", "y", "xy" or "".

    Curves run over the same ground in any case; the figures of bars and histograms lie along x.
    """
    kinds = {type(plot) for plot in panel.panels}
    if len(kinds) != 1:
        return ""
    (kind,) = kinds
    figures = {Lines: "y", Bars: "x", Histogram: "xy"}[kind] if panel.share_y else ""
    return ("x" if kind is Lines and _one_ground(panel.panels) else "") + figures


def _one_ground(panels: Sequence[Lines | Bars | Histogram]) -> bool:
    held = [plot for plot in panels if isinstance(plot, Lines)]
    return all(np.array_equal(plot.x, held[0].x) and plot.x_names == held[0].x_names for plot in held)
