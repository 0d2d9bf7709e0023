"""Moments of samples, a chunk at a time, in a form that merges: counts, means and sums of squared deviations.

Each chunk of 65,536 samples is taken once, and chunks are merged in their order, so that neither the size of blocks nor
the number of threads changes a bit of the result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leverage.panels import Array

PIECE = 2_048  # samples of a repeat that are set out at a time: both sides of the move stay in the core's cache


@dataclass(frozen=True, eq=False)
class Moments:
    """Figures of the finite samples, one entry a repeat (one entry in all where the samples are plain draws)."""

    count: Array  # (r,)
    mean: Array  # (r,), 0 where there is no finite sample
    squares: Array  # (r,), the sum of squared deviations from the mean
    low: Array  # (r,), inf where there is none
    high: Array  # (r,), -inf where there is none
    not_finite: int


def moments(table: Array, samples: int) -> Moments:
    """The moments of one chunk of ``samples`` samples, a row a repeat, as `by_repeat` sets them out.

    >>> moments(by_repeat(np.array([1.0, 2, 3, np.inf]), 1), 4).mean
    array([2.])
    """
    with np.errstate(over="ignore", invalid="ignore"):  # sums beyond the floats are inf, and are said not to be finite
        sums = table.sum(axis=1)
        if np.isfinite(sums).all():  # and so is every sample, and no row is short
            count = np.full(len(table), float(table.shape[1]))
            mean = sums / np.maximum(count, 1)
            apart = table - mean[:, None]
            low, high = table, table
        else:
            finite = np.isfinite(table)
            kept, low, high = (np.where(finite, table, rest) for rest in (0.0, np.inf, -np.inf))
            count = finite.sum(axis=1).astype(np.float64)
            mean = kept.sum(axis=1) / np.maximum(count, 1)
            apart = np.where(finite, kept - mean[:, None], 0.0)
        np.multiply(apart, apart, out=apart)
        squares = apart.sum(axis=1)
    ends = low.min(axis=1, initial=np.inf), high.max(axis=1, initial=-np.inf)
    return Moments(count, mean, squares, *ends, samples - int(count.sum()))


def by_repeat(values: Array, repeats: int) -> Array:
    """A copy with a row a repeat, in memory too, so that NumPy adds a row in pairs; short rows end on nan.

    >>> by_repeat(np.array([1.0, 2, 3]), 2)
    array([[ 1.,  3.],
           [ 2., nan]])
    """
    whole = len(values) // repeats
    table = np.full((repeats, -(-len(values) // repeats)), np.nan)
    for start in range(0, whole, PIECE):
        stop = min(start + PIECE, whole)
        table[:, start:stop] = values[start * repeats : stop * repeats].reshape(-1, repeats).T
    table[: len(values) - whole * repeats, whole:] = values[whole * repeats :, None]
    return table


def merged(a: Moments, b: Moments) -> Moments:
    """The moments of two chunks together.

    Source: Chan, Golub and LeVeque 1983, American Statistician 37, 242, equations 1.5.
    """
    count = a.count + b.count
    with np.errstate(over="ignore", invalid="ignore"):
        step = b.mean - a.mean
        weight = b.count / np.maximum(count, 1)
        mean = a.mean + step * weight
        squares = a.squares + b.squares + step * step * a.count * weight
    low, high = np.minimum(a.low, b.low), np.maximum(a.high, b.high)
    return Moments(count, mean, squares, low, high, a.not_finite + b.not_finite)


def pooled(parts: Moments) -> tuple[int, float, float]:
    """Count, mean and sum of squared deviations of all repeats together; the mean of nothing is not a number."""
    count = parts.count.sum()
    if not count:
        return 0, np.nan, np.nan
    with np.errstate(over="ignore", invalid="ignore"):
        mean = (parts.count * parts.mean).sum() / count
        between = (parts.count * (parts.mean - mean) ** 2).sum()
    return int(count), float(mean), float(parts.squares.sum() + between)
