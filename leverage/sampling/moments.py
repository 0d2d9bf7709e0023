"""Moments of samples, a chunk at a time, in a form that merges: counts, means and sums of squared deviations.

Each chunk of 65,536 samples is taken once, and chunks are merged in their order, so that neither the size of blocks nor
the number of threads changes a bit of the result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leverage.panels import Array


@dataclass(frozen=True, eq=False)
class Moments:
    """Figures of the finite samples, one entry a repeat (one entry in all where the samples are plain draws)."""

    count: Array  # (r,)
    mean: Array  # (r,), 0 where there is no finite sample
    squares: Array  # (r,), the sum of squared deviations from the mean
    low: Array  # (r,), inf where there is none
    high: Array  # (r,), -inf where there is none
    not_finite: int


def moments(values: Array, repeats: int = 1) -> Moments:
    """The moments of one chunk, shape ``(n,)``; its sample i belongs to repeat ``i % repeats``.

    >>> moments(np.array([1.0, 2, 3, np.inf])).mean
    array([2.])
    """
    table = by_repeat(values, repeats)
    finite = np.isfinite(table)
    whole = bool(finite.all())

    def kept(rest: float) -> Array:
        return table if whole else np.where(finite, table, rest)

    count = finite.sum(axis=1).astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):  # sums beyond the floats are inf, and are said not to be finite
        mean = kept(0.0).sum(axis=1) / np.maximum(count, 1)
        apart = kept(0.0) - mean[:, None]
        if not whole:
            apart[~finite] = 0.0
        squares = (apart * apart).sum(axis=1)
    low, high = kept(np.inf).min(axis=1, initial=np.inf), kept(-np.inf).max(axis=1, initial=-np.inf)
    return Moments(count, mean, squares, low, high, len(values) - int(count.sum()))


def by_repeat(values: Array, repeats: int) -> Array:
    """A copy with a row a repeat, in memory too, so that NumPy adds a row in pairs; short rows end on nan.

    >>> by_repeat(np.array([1.0, 2, 3]), 2)
    array([[ 1.,  3.],
           [ 2., nan]])
    """
    rows, over = divmod(len(values), repeats)
    if over:
        values = np.concatenate((values, np.full(repeats - over, np.nan)))
    return values.reshape(rows + bool(over), repeats).T.copy()


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
