"""What samples sum up to, with the error of every figure.

Where points come in independent repeats, the spread of the repeats' own figures tells the error, by Student's t with 7
degrees of freedom; plain draws tell it by their own spread, with n - 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.sampling.moments import Moments, by_repeat, merged, moments, pooled
from leverage.sampling.streams import CHUNK

QUANTILES = (0.05, 0.1, 0.5, 0.9, 0.95)


@dataclass(frozen=True, eq=False)
class Errors:
    """Standard errors, and the degrees of freedom that Student's t has with them."""

    degrees: int
    mean: float
    quantiles: Array  # (q,)
    probability: float


@dataclass(frozen=True, eq=False)
class Summary:
    """Samples in a few figures, all in the samples' unit; one that cannot be had is not a number.

    Samples that are not finite are counted and left out; in the probability of the target they are misses.
    """

    samples: int
    not_finite: int
    mean: float
    sd: float
    min: float
    max: float
    standard_error: float  # of the mean
    degrees: int  # of freedom of every error
    probabilities: tuple[float, ...]
    quantiles: Array  # (q,)
    quantile_errors: Array  # (q,)
    probability: float | None  # of the target or better; None without a target
    probability_error: float | None


def summarise(
    values: Array,
    *,
    quantiles: Sequence[float] = QUANTILES,
    repeats: int = 1,
    target: float | None = None,
    sign: float = 1.0,
) -> Summary:
    """Sum up samples, shape ``(n,)``, at least one, in the order of their index.

    Args:
        quantiles: probabilities, from 0 to 1.
        repeats: independent groups, sample i in group ``i % repeats``; 1 for plain draws.
        target: a level to reach; with ``sign`` +1 more is better, with -1 less is.

    >>> summary = summarise(np.array([1.0, 2, 3, 4]), quantiles=[0.5], target=4.0)
    >>> summary.mean, summary.quantiles, summary.probability
    (2.5, array([2.5]), 0.25)
    """
    total = reduce(merged, (moments(values[k : k + CHUNK], repeats) for k in range(0, len(values), CHUNK)))
    count, mean, squares = pooled(total)
    sd = math.sqrt(squares / (count - 1)) if count > 1 else math.nan
    ordered = np.sort(values[np.isfinite(values)])
    hits = reaches(values, math.nan if target is None else target, sign)
    errors = (
        repeat_errors(values, hits, total, quantiles) if repeats > 1 else plain_errors(ordered, hits, sd, quantiles)
    )
    return Summary(
        samples=len(values),
        not_finite=total.not_finite,
        mean=mean,
        sd=sd,
        min=float(ordered[0]) if count else math.nan,
        max=float(ordered[-1]) if count else math.nan,
        standard_error=errors.mean,
        degrees=errors.degrees,
        probabilities=tuple(quantiles),
        quantiles=quantile(ordered, quantiles),
        quantile_errors=errors.quantiles,
        probability=None if target is None else float(np.mean(hits)),
        probability_error=None if target is None else errors.probability,
    )


def reaches(values: Array, target: float, sign: float) -> NDArray[np.bool_]:
    """Which samples reach the target; one that is not finite does not."""
    hits: NDArray[np.bool_] = np.isfinite(values) & (values >= target if sign > 0 else values <= target)
    return hits


def quantile(ordered: Array, probabilities: Sequence[float] | Array) -> Array:
    """Quantiles of sorted samples, linear between the two nearest: NumPy's default, to the bit, without its own sort.

    >>> quantile(np.array([1.0, 2, 4]), [0, 0.75])
    array([1., 3.])
    """
    if not len(ordered):
        return np.full(len(probabilities), np.nan)
    place = np.asarray(probabilities, dtype=np.float64) * (len(ordered) - 1)
    below = np.floor(place).astype(np.int64)
    low, high = ordered[below], ordered[np.minimum(below + 1, len(ordered) - 1)]
    part = place - below
    with np.errstate(over="ignore", invalid="ignore"):  # a gap wider than the floats
        step = high - low
        return np.where(part < 0.5, low + step * part, high - step * (1 - part))


def plain_errors(ordered: Array, hits: NDArray[np.bool_], sd: float, probabilities: Sequence[float]) -> Errors:
    """Errors of independent draws; a quantile's is half the way between those one sd of its rank below and above."""
    count, share = len(ordered), float(np.mean(hits))
    chances = np.asarray(probabilities, dtype=np.float64)
    apart = np.sqrt(chances * (1 - chances) / max(count, 1))
    upper, lower = (quantile(ordered, np.clip(chances + step, 0, 1)) for step in (apart, -apart))
    return Errors(
        degrees=max(0, count - 1),
        mean=sd / math.sqrt(max(count, 1)),
        quantiles=(upper - lower) / 2 if count > 1 else np.full(len(chances), np.nan),
        probability=math.sqrt(share * (1 - share) / (len(hits) - 1)) if len(hits) > 1 else math.nan,
    )


def repeat_errors(values: Array, hits: NDArray[np.bool_], total: Moments, probabilities: Sequence[float]) -> Errors:
    """Errors of independent repeats, from how far their figures lie apart; a repeat without finite samples has none."""
    repeats = len(total.count)
    met = np.flatnonzero(total.count)
    table = by_repeat(values, repeats)
    table[~np.isfinite(table)] = np.nan  # which sort to the end
    table.sort(axis=1)
    quantiles = [quantile(table[r, : int(total.count[r])], probabilities) for r in met]
    shares = [np.mean(hits[r::repeats]) for r in range(min(repeats, len(hits)))]
    return Errors(
        degrees=max(0, len(met) - 1),
        mean=float(spread(total.mean[met])),
        quantiles=spread(np.array(quantiles).reshape(len(met), len(probabilities))),
        probability=float(spread(np.array(shares))),
    )


def spread(figures: Array) -> Array:
    """The standard error of the mean of independent figures, shape ``(r, ...)``; of fewer than two, not a number.

    >>> spread(np.array([1.0, 3.0]))
    array(1.)
    """
    if len(figures) < 2:
        return np.full(figures.shape[1:], np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(figures.std(axis=0, ddof=1) / math.sqrt(len(figures)))
