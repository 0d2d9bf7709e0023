"""Many rows of samples summed up at once: the figures of `summarise`, to the bit, without its calls for each row.

A model over axes has a row a cell, thousands of them and each short; there a call of NumPy costs more than its work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.sampling.moments import moments
from leverage.sampling.ranked import between
from leverage.sampling.summary import Summary, summarise

LONG = 2**14  # samples from which a row is worth calls of its own
SLAB = 2**19  # numbers (4 MB) that are sorted at a time, in a copy


def summaries(
    values: Array,
    *,
    quantiles: Sequence[float],
    repeats: int = 1,
    targets: Sequence[float | None],
    signs: Sequence[float],
) -> list[Summary]:
    """A summary of each row of samples, shape ``(k, n)``, which stay as they are; a target and a sign a row.

    >>> [found.mean for found in summaries(np.eye(2), quantiles=[0.5], targets=[None, 1.0], signs=[1, 1])]
    [0.5, 0.5]
    """

    def alone(row: int) -> Summary:
        return summarise(values[row], quantiles=quantiles, repeats=repeats, target=targets[row], sign=signs[row])

    k, n = values.shape
    if n < 2 * repeats or n > LONG:
        return [alone(row) for row in range(k)]
    aims = np.array([np.nan if target is None else target for target in targets])
    step = max(1, SLAB // n)
    found: list[Summary] = []
    for start in range(0, k, step):
        rows = slice(start, start + step)
        lost = np.logical_not(np.isfinite(values[rows]).all(axis=1)).tolist()
        told = _slab(values[rows], quantiles, repeats, aims[rows], np.asarray(signs[rows]))
        found += [alone(start + place) if lost[place] else summary for place, summary in enumerate(told)]
    return found


def _slab(values: Array, quantiles: Sequence[float], repeats: int, aims: Array, signs: Array) -> Iterator[Summary]:
    """The summaries of rows whose samples are all finite; of others, nothing that holds."""
    k, n = values.shape
    table = _set_out(values, repeats)  # (k, r, m)
    sizes = np.array([-(-(n - repeat) // repeats) for repeat in range(repeats)])
    total = moments(table.reshape(k * repeats, -1), 0)
    means, squares, low, high = (
        part.reshape(k, repeats) for part in (total.mean, total.squares, total.low, total.high)
    )
    hits = _hits(table, aims, signs)  # (k, r)
    whole = np.sort(values, axis=1)[:, None]
    chances = np.asarray(quantiles, dtype=np.float64)
    with np.errstate(all="ignore"):  # what cannot be had is not a number, as in one row
        mean = (sizes * means).sum(axis=1) / n
        sd = np.sqrt((squares.sum(axis=1) + (sizes * (means - mean[:, None]) ** 2).sum(axis=1)) / (n - 1))
        share = hits.sum(axis=1) / n
        if repeats > 1:
            table.sort(axis=2)
            degrees, of_mean, of_share = repeats - 1, _spread(means), _spread(hits / sizes)
            of_quantiles = _spread(_quantiles(table, chances, sizes))
        else:
            apart = np.sqrt(chances * (1 - chances) / n)
            upper, lower = (_quantiles(whole, np.clip(chances + step, 0, 1), sizes)[:, 0] for step in (apart, -apart))
            of_quantiles = (upper - lower) / 2
            degrees, of_mean, of_share = n - 1, sd / np.sqrt(n), np.sqrt(share * (1 - share) / (n - 1))
        at = _quantiles(whole, chances, np.array([n]))[:, 0]
    columns = (mean, sd, low.min(axis=1), high.max(axis=1), of_mean, share, of_share)
    for row, aimed in enumerate(np.logical_not(np.isnan(aims)).tolist()):
        middle, apart_, least, most, error, reached, off = (float(column[row]) for column in columns)
        yield Summary(
            samples=n,
            not_finite=0,
            mean=middle,
            sd=apart_,
            min=least,
            max=most,
            standard_error=error,
            degrees=degrees,
            probabilities=tuple(quantiles),
            quantiles=at[row],
            quantile_errors=of_quantiles[row],
            probability=reached if aimed else None,
            probability_error=off if aimed else None,
        )


def _set_out(values: Array, repeats: int) -> Array:
    """Each row as `by_repeat` sets it out, shape ``(k, repeats, m)``."""
    k, n = values.shape
    whole = n // repeats
    table = np.full((k, repeats, -(-n // repeats)), np.nan)
    table[:, :, :whole] = values[:, : whole * repeats].reshape(k, whole, repeats).transpose(0, 2, 1)
    table[:, : n - whole * repeats, whole:] = values[:, whole * repeats :, None]
    return table


def _hits(table: Array, aims: Array, signs: Array) -> Array:
    """How many samples of each repeat reach their row's target, at least it or with sign -1 at most; (k, r)."""
    hits = np.zeros(table.shape[:2])
    for sign, reach in ((1, np.greater_equal), (-1, np.less_equal)):
        rows = np.flatnonzero(np.isfinite(aims) & (signs * sign > 0))
        hits[rows] = np.count_nonzero(reach(table[rows], aims[rows, None, None]), axis=2)
    return hits


def _quantiles(ordered: Array, chances: Array, sizes: NDArray[np.int64]) -> Array:
    """Quantiles of sorted samples, shape ``(k, r, m)``, of which the first sizes count: shape ``(k, r, q)``."""
    place = chances * (sizes[:, None] - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, sizes[:, None] - 1)
    repeat = np.arange(len(sizes))[:, None]
    return between(ordered[:, repeat, below], ordered[:, repeat, above], place - below)


def _spread(figures: Array) -> Array:
    """The standard error of the mean of each row's repeats, shape ``(k, r)`` or ``(k, r, q)``."""
    return np.asarray(figures.std(axis=1, ddof=1) / np.sqrt(figures.shape[1]))
