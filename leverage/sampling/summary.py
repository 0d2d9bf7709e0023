"""What samples sum up to, with the error of every figure.

Where points come in independent repeats, the spread of the repeats' own figures tells the error, by Student's t with 7
degrees of freedom; plain draws tell it by their own spread, with n - 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from leverage.panels import Array
from leverage.sampling.moments import Moments, by_repeat, merged, moments, pooled
from leverage.sampling.ranked import Counts, Ranked, Sorted, in_order, reaching
from leverage.sampling.streams import CHUNK
from leverage.sampling.tails import ALL, existing
from leverage.sampling.worst import Worst, worst

QUANTILES = (0.05, 0.1, 0.5, 0.9, 0.95)


@dataclass(frozen=True, eq=False)
class Errors:
    """Standard errors, and the degrees of freedom that Student's t has with them."""

    degrees: int
    mean: float
    sd: float
    quantiles: Array  # (q,)
    probability: float
    below: float
    tail: float


@dataclass(frozen=True, eq=False)
class Summary:
    """Samples in a few figures, all in the samples' unit; one that cannot be had is not a number.

    Samples that are not finite are counted and left out; in the probability of the target they are misses, and worse
    than the base. ``exists``: how many of mean and variance exist as far as the draws tell (`sampling.tails`).
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
    sd_error: float = math.nan
    below: float | None = None  # the probability of ending worse than the base; None without one
    below_error: float | None = None
    tail: float | None = None  # the share whose mean is told; None where none was asked for
    tail_mean: float | None = None  # of the worst share
    tail_error: float | None = None
    exists: int = ALL

    def told(self, exists: int) -> Summary:
        """The same with moments that do not exist as not a number: 1 leaves the mean alone, 0 not even that."""
        if exists >= self.exists and self.exists == ALL:
            return self
        left = min(exists, self.exists)
        none = math.nan
        tail_error = None if self.tail is None else none
        found = replace(self, exists=left, sd=none, sd_error=none, standard_error=none, tail_error=tail_error)
        return found if left else replace(found, mean=none, tail_mean=tail_error)


def summarise(
    values: Array,
    *,
    quantiles: Sequence[float] = QUANTILES,
    repeats: int = 1,
    target: float | None = None,
    sign: float = 1.0,
    base: float | None = None,
    tail: float | None = None,
) -> Summary:
    """Sum up samples, shape ``(n,)``, at least one, in the order of their index.

    Args:
        quantiles: probabilities, from 0 to 1.
        repeats: independent groups, sample i in group ``i % repeats``; 1 for plain draws.
        target: a level to reach; with ``sign`` +1 more is better, with -1 less is.
        base: a level to end worse than.
        tail: the share of the worst samples whose mean is wanted.

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
    held = None if base is None else reaching(rows, base, sign)
    low = None if tail is None else worst(rows, tail, sign)
    fourth = _fourth(rows[0], total) if repeats == 1 else math.nan
    whole = [Sorted([row]) for row in rows]
    taken = Taken(len(values), total, Sorted(rows), whole, hits, held, tail, low, fourth, existing(rows))
    return summed_up(taken, quantiles)


def _fourth(row: Array, total: Moments) -> float:
    """The sum of fourth powers of the deviations of a lone row's sorted samples from their mean."""
    with np.errstate(over="ignore", invalid="ignore"):
        squares = (row - total.mean[0]) ** 2
        return float((squares * squares).sum())


@dataclass(frozen=True, eq=False)
class Taken:
    """All that a summary is made of: the moments, the samples in order, each repeat's in order, and each one's hits."""

    samples: int
    moments: Moments
    whole: Ranked
    rows: Sequence[Ranked]
    hits: Counts | None  # (r,); None without a target
    held: Counts | None = None  # (r,), samples at the base or better; None without one
    tail: float | None = None
    worst: Worst | None = None  # None where no tail was asked for
    fourth: float = math.nan  # the sum of fourth powers of the deviations, of plain draws
    exists: int = ALL

    @property
    def sizes(self) -> Counts:
        """The samples of each repeat that has any."""
        repeats = len(self.rows)
        return np.array([-(-(self.samples - r) // repeats) for r in range(min(repeats, self.samples))])

    def shares(self, hits: Counts | None) -> Array:
        """The share of hits of each repeat; 0 where none were asked for."""
        sizes = self.sizes
        return np.zeros(len(sizes)) if hits is None else hits[: len(sizes)] / sizes

    def share(self, hits: Counts | None) -> float:
        """The share of hits of all samples."""
        return 0.0 if hits is None else int(hits.sum()) / self.samples


def summed_up(taken: Taken, probabilities: Sequence[float]) -> Summary:
    """The summary, with the errors that the samples' kind has."""
    total = taken.moments
    count, mean, squares = pooled(total)
    sd = math.sqrt(squares / (count - 1)) if count > 1 else math.nan
    errors = repeat_errors(taken, probabilities) if len(taken.rows) > 1 else plain_errors(taken, sd, probabilities)
    aimed, based, tailed = taken.hits is not None, taken.held is not None, taken.worst is not None
    found = Summary(
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
        probability=taken.share(taken.hits) if aimed else None,
        probability_error=errors.probability if aimed else None,
        sd_error=errors.sd,
        below=1 - taken.share(taken.held) if based else None,
        below_error=errors.below if based else None,
        tail=taken.tail,
        tail_mean=taken.worst.mean if taken.worst is not None else None,
        tail_error=errors.tail if tailed else None,
    )
    return found.told(taken.exists)


def plain_errors(taken: Taken, sd: float, probabilities: Sequence[float]) -> Errors:
    """Errors of independent draws; a quantile's is half the way between those one sd of its rank below and above."""
    count, samples = int(taken.moments.count.sum()), taken.samples
    chances = np.asarray(probabilities, dtype=np.float64)
    apart = np.sqrt(chances * (1 - chances) / max(count, 1))
    upper, lower = (taken.whole.quantiles(np.clip(chances + step, 0, 1)) for step in (apart, -apart))
    return Errors(
        degrees=max(0, count - 1),
        mean=sd / math.sqrt(max(count, 1)),
        quantiles=(upper - lower) / 2 if count > 1 else np.full(len(chances), np.nan),
        probability=share_error(taken.share(taken.hits), samples),
        sd=sd_error(taken.fourth, sd, count),
        below=share_error(taken.share(taken.held), samples),
        tail=math.nan if taken.worst is None else taken.worst.error,
    )


def share_error(share: float, samples: int) -> float:
    """The standard error of a share of plain draws."""
    return math.sqrt(share * (1 - share) / (samples - 1)) if samples > 1 else math.nan


def sd_error(fourth: float, sd: float, count: int) -> float:
    """The standard error of a standard deviation of plain draws, from the sum of fourth powers of their deviations.

    Source: Kendall and Stuart 1977, The Advanced Theory of Statistics 1, exercise 10.6, to first order.
    """
    if count < 2 or not sd > 0 or not math.isfinite(fourth):
        return 0.0 if sd == 0 else math.nan
    peak = math.sqrt(fourth / count) / sd / sd  # by steps, as the fourth power of a small figure may be none
    return math.sqrt(max(0.0, peak * peak - 1) / count) * sd / 2


def repeat_errors(taken: Taken, probabilities: Sequence[float]) -> Errors:
    """Errors of independent repeats, from how far their figures lie apart; a repeat without finite samples has none."""
    met = np.flatnonzero(taken.moments.count).tolist()
    quantiles = [taken.rows[r].quantiles(probabilities) for r in met]
    return Errors(
        degrees=max(0, len(met) - 1),
        mean=float(spread(taken.moments.mean[met])),
        quantiles=spread(np.array(quantiles).reshape(len(met), len(probabilities))),
        probability=float(spread(taken.shares(taken.hits))),
        sd=float(spread(_deviations(taken.moments, met))),
        below=float(spread(taken.shares(taken.held))),
        tail=math.nan if taken.worst is None else float(spread(taken.worst.each)),
    )


def _deviations(total: Moments, met: list[int]) -> Array:
    """The standard deviation of each repeat that has finite samples; of a lone sample, not a number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.sqrt(total.squares[met] / (total.count[met] - 1))
    return found


def spread(figures: Array) -> Array:
    """The standard error of the mean of independent figures, shape ``(r, ...)``; of fewer than two, not a number.

    >>> spread(np.array([1.0, 3.0]))
    array(1.)
    """
    if len(figures) < 2:
        return np.full(figures.shape[1:], np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(figures.std(axis=0, ddof=1) / math.sqrt(len(figures)))
