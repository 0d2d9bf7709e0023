"""How bad is it when it goes badly? The mean of the worst share of the samples (CVaR, expected shortfall), its error.

Of N samples and a share p the worst N p count; where N p is no whole number, the last of them counts by its part. Of
plain draws, the mean of a part of the worst one alone has no error that they could tell.

Source: Acerbi and Tasche 2002, Journal of Banking & Finance 26, 1487, definition 2.6; the error of independent draws is
that of the mean of (level - x)+ / p, Rockafellar and Uryasev 2000, Journal of Risk 2(3), 21, equation 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.sampling.ranked import picked

TAIL = 0.05  # the share that is asked for when none is named


@dataclass(frozen=True, eq=False)
class Worst:
    """The mean of the worst share of all samples, of each repeat's, and the error it has where they are plain draws."""

    mean: float
    each: Array  # (r,), of the repeats that have finite samples
    error: float


def worst(rows: Sequence[Array], share: float, sign: float) -> Worst:
    """Of sorted rows of samples, a row a repeat; ``sign`` +1: more is better, so the lowest are the worst.

    >>> worst([np.array([1.0, 2, 3, 4])], 0.5, 1.0).mean, worst([np.array([1.0, 2, 3, 4])], 0.375, -1.0).mean
    (1.5, 3.6666666666666665)
    """
    met = [row for row in rows if len(row)]
    count = sum(map(len, met))
    if not count:
        return Worst(math.nan, np.zeros(0), math.nan)
    level = float(picked(met, np.array([place(count, share, sign)]))[0][0])
    beyond = [worse(row, level, sign) for row in met]
    sums = np.array([added(part) for part in beyond])
    mean = share_mean(sums.sum(), sum(map(len, beyond)), level, count * share)
    each = [_alone(row, share, sign) for row in met] if len(met) > 1 else [mean]
    squares = added((beyond[0] - level) ** 2) if len(rows) == 1 else math.nan
    apart = abs(sums[0] - level * len(beyond[0])) if len(rows) == 1 else math.nan
    alone = not len(beyond[0]) and np.count_nonzero(met[0] == level) == 1
    return Worst(mean, np.array(each), math.nan if alone else plain_error(squares, apart, count, share))


def place(count: int, share: float, sign: float) -> int:
    """The rank, from 0 and from the lowest, of the sample at which the worst share ends."""
    inside = min(math.floor(count * share), count - 1)
    return inside if sign > 0 else count - 1 - inside


def worse(row: Array, level: float, sign: float) -> Array:
    """The samples of a sorted row beyond the level, the worst first."""
    if sign > 0:
        return row[: np.searchsorted(row, level)]
    return row[np.searchsorted(row, level, side="right") :][::-1]


def added(part: Array) -> float:
    """Their sum, one after another: so a part of a longer row adds up to the same bits."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.cumsum(part)[-1]) if len(part) else 0.0


def share_mean(total: float, beyond: float, level: float, wanted: float) -> float:
    """The mean of ``wanted`` samples: those beyond the level, and of the level as many as are still wanted."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float((total + (wanted - beyond) * level) / wanted)


def plain_error(squares: float, apart: float, count: int, share: float) -> float:
    """The standard error, from what the samples beyond the level are away from it: sum of squares, and sum."""
    if count < 2:
        return math.nan
    mean = apart / (count * share)
    with np.errstate(over="ignore", invalid="ignore"):
        spread = squares / (count * share**2) - mean * mean
        return math.sqrt(max(0.0, spread) / (count - 1)) if math.isfinite(spread) else math.nan


def _alone(row: Array, share: float, sign: float) -> float:
    level = float(row[place(len(row), share, sign)])
    beyond = worse(row, level, sign)
    return share_mean(added(beyond), len(beyond), level, len(row) * share)


def worst_of_many(table: Array, whole: Array, sizes: NDArray[np.int64], share: float, signs: Array) -> Array:
    """`worst` of many metrics at once, to the bit: shape ``(k, 2)``, the mean and its error.

    Args:
        table: each repeat's samples sorted, ``(k, r, m)``, all finite, short rows ending on nan; ``sizes`` (r,).
        whole: all samples of each metric sorted, ``(k, n)``.
    """
    found = np.empty((len(table), 2))
    for sign in (1.0, -1.0):
        rows = np.flatnonzero(np.sign(signs) == sign)
        if len(rows):
            found[rows] = _slab(table[rows], whole[rows], sizes, share, sign)
    return found


def _slab(table: Array, whole: Array, sizes: NDArray[np.int64], share: float, sign: float) -> Array:
    count, repeats = whole.shape[1], len(sizes)
    pooled = whole[:, place(count, share, sign)]
    first = table if sign > 0 else _reversed(table, sizes)
    sums, beyond = _beyond(first, np.broadcast_to(pooled[:, None], table.shape[:2]), sign)
    out = np.empty((len(table), 2))
    with np.errstate(over="ignore", invalid="ignore"):
        wanted = count * share
        out[:, 0] = (sums.sum(axis=1) + (wanted - beyond.sum(axis=1)) * pooled) / wanted
        if repeats > 1:
            own = np.array([place(size, share, sign) for size in sizes.tolist()])
            levels = table[:, np.arange(repeats), own]
            parts, met = _beyond(first, levels, sign)
            each = np.ascontiguousarray((parts + (sizes * share - met) * levels) / (sizes * share))
            out[:, 1] = each.std(axis=1, ddof=1) / np.sqrt(repeats)
        else:
            squares = _added((first - pooled[:, None, None]) ** 2, beyond)
            apart = np.abs(sums[:, 0] - pooled * beyond[:, 0])
            errors = [plain_error(float(s), float(a), count, share) for s, a in zip(squares[:, 0], apart, strict=True)]
            alone = (beyond[:, 0] == 0) & (np.count_nonzero(whole == pooled[:, None], axis=1) == 1)
            out[:, 1] = np.where(alone, np.nan, errors)
    return out


def _reversed(table: Array, sizes: NDArray[np.int64]) -> Array:
    """Each row from its last sample to its first; what is past the first stays at the end."""
    place = sizes[:, None] - 1 - np.arange(table.shape[2])
    turned = table[:, np.arange(len(sizes))[:, None], np.maximum(place, 0)]
    return np.where(place >= 0, turned, np.nan)


def _beyond(first: Array, levels: Array, sign: float) -> tuple[Array, NDArray[np.int64]]:
    """The sum of each row's samples beyond its level, (k, r), and how many they are; ``first``: the worst first."""
    reach = np.less if sign > 0 else np.greater
    counts = np.asarray(np.count_nonzero(reach(first, levels[:, :, None]), axis=2), dtype=np.int64)
    return _added(first, counts), counts


def _added(first: Array, counts: NDArray[np.int64]) -> Array:
    """The sum of each row's first samples, so many of them, one after another as `added` does."""
    running = np.cumsum(first[:, :, : max(1, int(counts.max(initial=0)))], axis=2)
    last = np.take_along_axis(running, np.maximum(counts - 1, 0)[:, :, None], axis=2)[:, :, 0]
    return np.ascontiguousarray(np.where(counts > 0, last, 0.0))  # so that NumPy adds a row as it adds one alone
