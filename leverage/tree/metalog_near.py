"""Where do quantiles fold back, and which are the nearest to them that a smooth distribution has?

The figures are moved by as little as possible in least squares, each counted by the share of the draws round it: so the
quantile function moves as little as these levels can tell, in mean square over the draws. Without bounds this is a
quadratic programme: the slope at every point is linear in the figures, and must not be too small. With bounds it is
linear in the opened-up figures, to which the distances are bent: steps of Gauss and Newton, each such a programme.

Source: C. L. Lawson and R. J. Hanson 1974, Solving Least Squares Problems, chapter 23 (programmes NNLS and LDP).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from leverage.tree import metalog, metalog_fit
from leverage.tree.metalog import Array

LEAST_SLOPE = 0.01  # of the mean slope: with less, rounding the figures to what people read would fold them back again
STEPS, HALVINGS = 30, 12  # of Gauss and Newton; of one that does not come nearer
NEARER = 1e-6  # of the way: a step that gains less is the last
COARSE = 2  # one in so many points of the grid: between them a slope changes by less than the least one
ROUGH = 1e-3  # of one figure: a curve so far from it still tells which way to move; what is offered is tried
ROUNDS = 200  # of the quadratic programme; it has at most 19 unknowns
FLAT = 1e-6  # of the spread: how little a figure may seem to move beside a bound
NONE = 1e-10  # a gain of this size is rounding


def nearest(levels: tuple[float, ...], figures: tuple[float, ...], low: float, high: float) -> Array | None:
    """The figures at these levels, nearest to the given ones, that a metalog passes through; None: none was found.

    Args:
        low, high: the metalog's bounds, infinite where there are none; the figures rise between them.

    Returns:
        Shape ``(len(levels),)``, rising within the bounds.
    """
    rows = _slopes(levels)
    return None if rows is None else _Way(levels, np.array(figures), low, high, rows).found()


@dataclass(frozen=True, eq=False)
class _Way:
    """From given figures to the nearest that ``rows``, slopes by figure, allow. All below is of opened-up figures m."""

    levels: tuple[float, ...]
    figures: Array
    low: float
    high: float
    rows: Array

    def found(self) -> Array | None:
        """The figures at the end of the way."""
        opened, best = metalog.open_up(self.figures, self.low, self.high), None
        there = self._projected(opened, self._weights / np.ptp(opened))
        for _ in range(STEPS):
            if there is None:
                break
            best, there = there, self._nearer(there)
        if best is None or not np.all(np.isfinite(best)):
            return None
        return self._closed(best)

    def _nearer(self, m: Array) -> Array | None:
        """One step of Gauss and Newton, halved until it comes nearer; None where it does not."""
        stretch = np.maximum(_stretch(self._closed(m), self.low, self.high), FLAT * np.ptp(self.figures))
        weights = self._weights * stretch / np.ptp(self.figures)
        toward = self._projected(m + (self.figures - self._closed(m)) / stretch, weights)
        if toward is None:
            return None
        tried = (m + (toward - m) / 2**k for k in range(HALVINGS))
        return next((other for other in tried if self._moved(other) < self._moved(m) * (1 - NEARER)), None)

    def _moved(self, m: Array) -> float:
        return float(np.linalg.norm(self._weights * (self._closed(m) - self.figures)))

    def _closed(self, m: Array) -> Array:
        return metalog.close_in(m, self.low, self.high)

    def _projected(self, wanted: Array, weights: Array) -> Array | None:
        opened = metalog.open_up(self.figures, self.low, self.high)
        t = np.log(np.array([self.levels[0], self.levels[-1]]) / (1 - np.array([self.levels[0], self.levels[-1]])))
        return projected(self.rows, wanted, LEAST_SLOPE * float(np.ptp(opened) / np.ptp(t)), weights)

    @property
    def _weights(self) -> Array:
        return np.sqrt(weighed(self.levels))


def weighed(levels: tuple[float, ...]) -> Array:
    """The share of the draws nearer to each level than to the others.

    >>> weighed((0.1, 0.5, 0.9))
    array([0.3, 0.4, 0.3])
    """
    between = (np.array(levels)[1:] + np.array(levels)[:-1]) / 2
    return np.diff(between, prepend=0.0, append=1.0)


def folds(levels: tuple[float, ...], m: Array) -> str:
    """Where the metalog through the (opened-up) figures falls most steeply: between which shares of the draws."""
    found = metalog_fit.solved(levels, m[:, None], ROUGH)
    if found is None:
        return ""
    slope = (metalog_fit.slopes(len(found)) @ found[:, 0])[: len(metalog_fit.GRID)]
    worst = int(np.argmin(slope))
    if slope[worst] > 0:  # a curve that rises, but rounding leaves no figure of it
        return ""
    rising = np.flatnonzero(slope > 0)
    left, right = rising[rising < worst], rising[rising > worst]
    ends = [_percent(metalog_fit.GRID[side[0]]) for side in (left[-1:], right[:1]) if len(side)]
    if len(ends) == 2:
        return f"between {ends[0]} and {ends[1]}"
    return f"{'above' if len(left) else 'below'} {ends[0]}" if ends else "everywhere"


def _percent(t: float) -> str:
    share = 100 / (1 + math.exp(-t))
    return f"P{min(max(share, 1), 99):02.0f}"


def _slopes(levels: tuple[float, ...]) -> Array | None:
    """The slope at points of the grid by figure, shape (points, levels); of three round the median all that it takes.

    Those three have a closed form: their slope is nowhere below a2 - |a3| / STEEPEST.
    """
    by_figure = metalog_fit.solved(levels, np.eye(len(levels)), ROUGH)
    if by_figure is None:
        return None
    if len(levels) == 3:
        steepest = by_figure[2] / metalog_fit.STEEPEST
        return np.stack([by_figure[1] - steepest, by_figure[1] + steepest])
    slopes = metalog_fit.slopes(len(by_figure))
    return np.concatenate([slopes[:-2:COARSE], slopes[-2:]]) @ by_figure


def _stretch(x: Array, low: float, high: float) -> Array:
    """How far a figure moves when its opened-up one moves by 1."""
    if math.isinf(low):
        return np.ones_like(x) if math.isinf(high) else high - x
    return x - low if math.isinf(high) else (x - low) * ((high - x) / (high - low))


def projected(rows: Array, wanted: Array, least: float, weights: Array) -> Array | None:
    """The m with ``rows @ m >= least`` for which ``weights * (m - wanted)`` is shortest; None where there is none."""
    sides, short = rows / weights, least - rows @ wanted
    length = np.linalg.norm(sides, axis=1)
    matrix = np.vstack([(sides / length[:, None]).T, short / length])
    target = np.append(np.zeros(len(wanted)), 1.0)
    residual = matrix @ _not_negative(matrix, target) - target
    if -residual[-1] < NONE:
        return None
    found: Array = wanted - residual[:-1] / residual[-1] / weights
    return found


def _not_negative(matrix: Array, target: Array) -> Array:
    """The u >= 0 for which ``matrix @ u`` is nearest to the target."""
    u = np.zeros(matrix.shape[1])
    taken = np.zeros(len(u), dtype=bool)
    for _ in range(ROUNDS):
        gain = np.where(taken, -np.inf, matrix.T @ (target - matrix @ u))
        best = int(np.argmax(gain))
        if gain[best] <= NONE:
            break
        taken[best] = True
        while True:
            found = np.zeros_like(u)
            found[taken] = np.linalg.lstsq(matrix[:, taken], target, rcond=None)[0]
            below = taken & (found <= 0)
            if not below.any():
                break
            part = np.min(u[below] / (u[below] - found[below]), initial=1.0)
            u = u + part * (found - u)
            taken &= u > NONE * u.max(initial=0.0)
            u[~taken] = 0.0
        u = found
    return u
