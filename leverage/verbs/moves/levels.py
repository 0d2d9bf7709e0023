"""At which level of one leaf is the gap to a target 0, or smallest? A search over a line that need not be smooth.

A grid outwards from the present level finds where the gap changes its sign and where it comes near 0 without doing so;
ever closer looks then place the level to the last bit. A jump over 0 is told from a level that meets it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from leverage.tree.metric import Metric
from leverage.tree.uncertainty import limits

Array = NDArray[np.float64]
Gap = Callable[[Array], Array]  # levels (n,) to the gap between value and target (n,), which need not be finite

STRIDES = np.concatenate([[0.0], np.geomspace(1e-6, 1e6, 241)])  # outwards, in sizes of the level: 20 a decade
STEPS = 129  # even levels up to a bound, so that a target passed and lost again on the way is met
EXACT = 1e-9  # of a gap: less is none to a reader, and far above rounding
ZOOM, ROUNDS = 33, 24  # levels of a closer look, and how many of them at most: each is 16 or 32 times as fine
PLACES = 24  # places on the grid that are looked at closer: a staircase has one a step
WHOLE = 100_001  # whole levels that are looked at one by one


def nearest(gap: Gap, levels: Array, here: float, room: float) -> float | None:
    """The level nearest to ``here``, among the levels (n,) and between them, with no more gap than ``room``, else None.

    ``room`` is what counts as none: far above rounding, far below what a reader sees.
    """
    found: float | None = None
    for low, high in _places(levels, gap(levels), here):
        if found is not None and _away(here, low, high) >= abs(found - here):
            return found
        level, left = _closer(gap, low, high, here)
        if left <= room and (found is None or abs(level - here) < abs(found - here)):
            found = level
    return found


def closest(gap: Gap, levels: Array, here: float) -> float:
    """The level, among the levels (n,) and between them, with the smallest gap; of equal ones that nearest to here."""
    sizes = _sizes(gap(levels))
    if not np.isfinite(sizes).any():
        return here
    # what is as good to a reader's eye is no reason to go further: a curve nears its limit for ever
    good = np.flatnonzero(sizes <= sizes.min() + EXACT * np.ptp(sizes[np.isfinite(sizes)]))
    at = int(good[np.argmin(np.abs(levels[good] - here))])
    level, left = _closer(gap, levels[max(at - 1, 0)], levels[min(at + 1, len(levels) - 1)], here)
    return level if left < sizes[at] else float(levels[at])


def _places(levels: Array, gaps: Array, here: float) -> list[tuple[float, float]]:
    """Between which levels a closer look may find a gap of 0, nearest first."""
    signs, sizes = np.sign(gaps), _sizes(gaps)
    crossed = np.flatnonzero(signs[:-1] * signs[1:] <= 0)
    before, after = np.append(np.inf, sizes[:-1]), np.append(sizes[1:], np.inf)
    dips = np.flatnonzero((sizes < before) & (sizes <= after) & np.isfinite(sizes))
    last = len(levels) - 1
    pairs = [(at, at + 1) for at in crossed.tolist()]
    pairs += [(max(at - 1, 0), min(at + 1, last)) for at in dips.tolist()]
    places = [(float(levels[first]), float(levels[end])) for first, end in pairs]
    return sorted(places, key=lambda place: _away(here, *place))[:PLACES]


def _closer(gap: Gap, low: float, high: float, here: float) -> tuple[float, float]:
    """The level between low and high with the smallest gap, and that gap's size: ever closer looks."""
    best = (np.inf, np.inf, here)
    for _ in range(ROUNDS):
        levels = np.unique(np.linspace(low, high, ZOOM))
        gaps = gap(levels)
        sizes, signs = _sizes(gaps), np.sign(gaps)
        top = np.flatnonzero(sizes == sizes.min())
        at = int(top[np.argmin(np.abs(levels[top] - here))])
        best = min(best, (float(sizes[at]), abs(float(levels[at]) - here), float(levels[at])))
        crossed = np.flatnonzero(signs[:-1] * signs[1:] <= 0)
        if len(crossed):
            at = int(crossed[np.argmin(np.minimum(*np.abs(levels[crossed + np.array([[0], [1]])] - here)))])
            first, last = at, at + 1
        else:
            first, last = max(at - 1, 0), min(at + 1, len(levels) - 1)
        if last - first == len(levels) - 1:  # no float lies between them
            break
        low, high = levels[first], levels[last]
    return best[2], best[0]


def _sizes(gaps: Array) -> Array:
    return np.where(np.isnan(gaps), np.inf, np.abs(gaps))


def _away(here: float, low: float, high: float) -> float:
    return 0.0 if low <= here <= high else min(abs(low - here), abs(high - here))


# --- the levels of a leaf ------------------------------------------------------------------------------------------


def outward(metric: Metric, here: float) -> Array:
    """Levels either way from here: ever larger strides, even steps up to a bound, all within what is possible."""
    low, high = bounds(metric)
    size = max(abs(here), 1e-3 * max((abs(b) for b in (low, high) if np.isfinite(b)), default=0.0)) or 1.0
    ends = [end for end in (low, high) if np.isfinite(end)]
    even = np.linspace(low, high, STEPS) if len(ends) == 2 else ends
    levels = np.unique(np.concatenate([here + size * STRIDES, here - size * STRIDES, even]))
    floor, ceiling = _possible(metric)
    return levels[(levels >= min(floor, here)) & (levels <= max(ceiling, here))]


def inside(metric: Metric, levels: Array) -> Array:
    """Those of the levels that the lever's bounds allow; all of them where the leaf has none."""
    low, high = bounds(metric)
    return levels[(levels >= low) & (levels <= high)]


def bounds(metric: Metric) -> tuple[float, float]:
    """The lever's bounds, infinite where there is none."""
    lever = metric.lever
    if lever is None:
        return (-np.inf, np.inf)
    return (-np.inf if lever.low is None else lever.low, np.inf if lever.high is None else lever.high)


def whole(metric: Metric, here: float) -> Array | None:
    """The levels of a lever that takes separate ones; None for one that moves freely."""
    lever = metric.lever
    if lever is None or not lever.whole:
        return None
    off = [] if lever.off is None else [lever.off]
    if lever.choices:
        return np.unique([*lever.choices, *off])
    ends = zip(bounds(metric), (-1, 1), strict=True)
    low, high = (end if np.isfinite(end) else np.rint(here) + side * 1e4 for end, side in ends)
    first, last = np.ceil(low), np.floor(high)
    return np.unique([*np.rint(np.linspace(first, last, int(min(last - first + 1, WHOLE)))), *off])


def _possible(metric: Metric) -> tuple[float, float]:
    """Where the leaf's figure can be at all: within its limits, and not below 0 where its lever's bounds are not."""
    floor, ceiling = limits(metric.uncertainty, metric.factor) if metric.uncertainty is not None else (-np.inf, np.inf)
    low, high = bounds(metric)
    if metric.uncertainty is None and low >= 0:
        floor = 0.0
    return min(floor, low) if np.isfinite(low) else floor, max(ceiling, high) if np.isfinite(high) else ceiling
