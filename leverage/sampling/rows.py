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
from leverage.sampling.summary import Summary, sd_error, share_error, summarise
from leverage.sampling.worst import worst_of_many

LONG = 2**14  # samples from which a row is worth calls of its own
SLAB = 2**19  # numbers (4 MB) that are sorted at a time, in a copy


def summaries(
    values: Array,
    *,
    quantiles: Sequence[float],
    repeats: int = 1,
    targets: Sequence[float | None],
    signs: Sequence[float],
    bases: Sequence[float | None] | None = None,
    tail: float | None = None,
) -> list[Summary]:
    """A summary of each row of samples, shape ``(k, n)``, which stay as they are; a target, sign and base a row.

    >>> [found.mean for found in summaries(np.eye(2), quantiles=[0.5], targets=[None, 1.0], signs=[1, 1])]
    [0.5, 0.5]
    """

    k, n = values.shape
    levels = [None] * k if bases is None else bases

    def alone(row: int) -> Summary:
        given = {"target": targets[row], "base": levels[row], "tail": tail}
        return summarise(values[row], quantiles=quantiles, repeats=repeats, sign=signs[row], **given)

    if n < 2 * repeats or n > LONG:
        return [alone(row) for row in range(k)]
    aims, based = (np.array([np.nan if x is None else x for x in each]) for each in (targets, levels))
    step = max(1, SLAB // n)
    found: list[Summary] = []
    for start in range(0, k, step):
        rows = slice(start, start + step)
        lost = np.logical_not(np.isfinite(values[rows]).all(axis=1)).tolist()
        asked = {"aims": aims[rows], "signs": np.asarray(signs[rows]), "based": based[rows]}
        told = _slab(values[rows], quantiles, repeats, **asked, tail=tail)
        found += [alone(start + place) if lost[place] else summary for place, summary in enumerate(told)]
    return found


def _slab(
    values: Array,
    quantiles: Sequence[float],
    repeats: int,
    *,
    aims: Array,
    signs: Array,
    based: Array,
    tail: float | None,
) -> Iterator[Summary]:
    """The summaries of rows whose samples are all finite; of others, nothing that holds."""
    k, n = values.shape
    table = _set_out(values, repeats)  # (k, r, m)
    sizes = np.array([-(-(n - repeat) // repeats) for repeat in range(repeats)])
    total = moments(table.reshape(k * repeats, -1), 0)
    means, squares, low, high = (
        part.reshape(k, repeats) for part in (total.mean, total.squares, total.low, total.high)
    )
    hits, held = _hits(table, aims, signs), _hits(table, based, signs)  # (k, r)
    whole = np.sort(values, axis=1)[:, None]
    chances = np.asarray(quantiles, dtype=np.float64)
    with np.errstate(all="ignore"):  # what cannot be had is not a number, as in one row
        mean = (sizes * means).sum(axis=1) / n
        sd = np.sqrt((squares.sum(axis=1) + (sizes * (means - mean[:, None]) ** 2).sum(axis=1)) / (n - 1))
        share, over = hits.sum(axis=1) / n, held.sum(axis=1) / n
        if repeats > 1:
            table.sort(axis=2)
            degrees, of_mean, of_share, of_over = (
                repeats - 1,
                _spread(means),
                _spread(hits / sizes),
                _spread(held / sizes),
            )
            of_sd = _spread(np.sqrt(squares / (sizes - 1)))
            of_quantiles = _spread(_quantiles(table, chances, sizes))
        else:
            apart = np.sqrt(chances * (1 - chances) / n)
            upper, lower = (_quantiles(whole, np.clip(chances + step, 0, 1), sizes)[:, 0] for step in (apart, -apart))
            of_quantiles = (upper - lower) / 2
            degrees, of_mean = n - 1, sd / np.sqrt(n)
            of_share, of_over = (np.array([share_error(x, n) for x in each.tolist()]) for each in (share, over))
            of_sd = np.array([sd_error(x, y, n) for x, y in zip(_fourths(whole, means), sd.tolist(), strict=True)])
            table = whole
        at = _quantiles(whole, chances, np.array([n]))[:, 0]
    lows = np.zeros((k, 2)) if tail is None else worst_of_many(table, whole[:, 0], sizes, tail, signs)
    columns = (mean, sd, low.min(axis=1), high.max(axis=1), of_mean, share, of_share, of_sd, over, of_over, *lows.T)
    known = (np.logical_not(np.isnan(each)).tolist() for each in (aims, based))
    for row, (aimed, stood) in enumerate(zip(*known, strict=True)):
        middle, apart_, least, most, error, reached, off, sd_off, kept, kept_off, bad, bad_off = (
            float(column[row]) for column in columns
        )
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
            sd_error=sd_off,
            below=1 - kept if stood else None,
            below_error=kept_off if stood else None,
            tail=tail,
            tail_mean=None if tail is None else bad,
            tail_error=None if tail is None else bad_off,
        )


def _fourths(whole: Array, means: Array) -> list[float]:
    """The sums of fourth powers of each row's deviations from its mean."""
    squares = (whole - means[:, :, None]) ** 2
    found: list[float] = (squares * squares).sum(axis=2)[:, 0].tolist()
    return found


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
