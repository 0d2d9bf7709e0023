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

from leverage.panels import Array
from leverage.sampling.moments import Moments, by_repeat, merged, moments, pooled
from leverage.sampling.ranked import Counts, Ranked, Sorted, in_order, reaching
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
    table = by_repeat(values, repeats)
    width = CHUNK // repeats
    total = reduce(
        merged,
        (
            moments(table[:, k : k + width], min(CHUNK, len(values) - k * repeats))
            for k in range(0, table.shape[1], width)
        ),
    )
    rows = in_order(table, total)
    hits = None if target is None else reaching(rows, target, sign)
    taken = Taken(len(values), total, Sorted(rows), [Sorted([row]) for row in rows], hits)
    return summed_up(taken, quantiles)


@dataclass(frozen=True, eq=False)
class Taken:
    """All that a summary is made of: the moments, the samples in order, each repeat's in order, and each one's hits."""

    samples: int
    moments: Moments
    whole: Ranked
    rows: Sequence[Ranked]
    hits: Counts | None  # (r,); None without a target

    @property
    def shares(self) -> Array:
        """The share of hits of each repeat that has samples; 0 without a target."""
        repeats = len(self.rows)
        sizes = np.array([-(-(self.samples - r) // repeats) for r in range(min(repeats, self.samples))])
        return np.zeros(len(sizes)) if self.hits is None else self.hits[: len(sizes)] / sizes

    @property
    def share(self) -> float:
        """The share of hits of all samples."""
        return 0.0 if self.hits is None else int(self.hits.sum()) / self.samples


def summed_up(taken: Taken, probabilities: Sequence[float]) -> Summary:
    """The summary, with the errors that the samples' kind has."""
    total = taken.moments
    count, mean, squares = pooled(total)
    sd = math.sqrt(squares / (count - 1)) if count > 1 else math.nan
    errors = repeat_errors(taken, probabilities) if len(taken.rows) > 1 else plain_errors(taken, sd, probabilities)
    aimed = taken.hits is not None
    return Summary(
        samples=taken.samples,
        not_finite=total.not_finite,
        mean=mean,
        sd=sd,
        min=float(total.low.min()) if count else math.nan,
        max=float(total.high.max()) if count else math.nan,
        standard_error=errors.mean,
        degrees=errors.degrees,
        probabilities=tuple(probabilities),
        quantiles=taken.whole.quantiles(probabilities),
        quantile_errors=errors.quantiles,
        probability=taken.share if aimed else None,
        probability_error=errors.probability if aimed else None,
    )


def plain_errors(taken: Taken, sd: float, probabilities: Sequence[float]) -> Errors:
    """Errors of independent draws; a quantile's is half the way between those one sd of its rank below and above."""
    count, samples, share = int(taken.moments.count.sum()), taken.samples, taken.share
    chances = np.asarray(probabilities, dtype=np.float64)
    apart = np.sqrt(chances * (1 - chances) / max(count, 1))
    upper, lower = (taken.whole.quantiles(np.clip(chances + step, 0, 1)) for step in (apart, -apart))
    return Errors(
        degrees=max(0, count - 1),
        mean=sd / math.sqrt(max(count, 1)),
        quantiles=(upper - lower) / 2 if count > 1 else np.full(len(chances), np.nan),
        probability=math.sqrt(share * (1 - share) / (samples - 1)) if samples > 1 else math.nan,
    )


def repeat_errors(taken: Taken, probabilities: Sequence[float]) -> Errors:
    """Errors of independent repeats, from how far their figures lie apart; a repeat without finite samples has none."""
    met = np.flatnonzero(taken.moments.count).tolist()
    quantiles = [taken.rows[r].quantiles(probabilities) for r in met]
    return Errors(
        degrees=max(0, len(met) - 1),
        mean=float(spread(taken.moments.mean[met])),
        quantiles=spread(np.array(quantiles).reshape(len(met), len(probabilities))),
        probability=float(spread(taken.shares)),
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
