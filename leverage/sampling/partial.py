"""Samples too many to keep: each chunk becomes counts between fixed edges, and chunks add up to the same summary.

The edges come from chunk 0 alone, so nothing of the result depends on the machine, the threads or what was resumed.
Moments, range, hits and errors of the mean are those of `summarise`, to the bit. A quantile is interpolated between
edges that lie close where quantiles were asked for. Where in its bin a sample lies is not known: that adds to a smooth
spread's quantile an error of 1/100 (p (1 - p))**-1/4 of the standard error that plain draws have, and the bend of the
spread within the bin no more than 1/50, up to 1e9 samples. Sobol points have a smaller standard error, so it is more of
theirs: up to a fifth in the tails. A level that many samples share has a bin of its own, and is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from leverage.panels import Array
from leverage.sampling.moments import Moments, by_repeat, merged, moments
from leverage.sampling.ranked import Counts, in_order, quantile, reaching
from leverage.sampling.summary import Summary, Taken, summed_up

WINDOW = 6.0  # standard errors of chunk 0's rank, either way of a quantile that was asked for
SPENT = 600  # edges on the quantiles that were asked for, all together
FEWEST = 12  # of them, on one quantile
BULK = 256  # edges at even ranks
TAIL = 8  # edges to an octave of the rank, out to the last sample
MOST = float(np.finfo(np.float64).max)
BEYOND = np.exp2(np.arange(1, 41) / 4) - 1  # edges past the ends, in widths of the last thousandth


@dataclass(frozen=True, eq=False)
class Partial:
    """What some chunks in a row add up to."""

    moments: Moments
    counts: Counts  # (r, len(edges) + 1), finite samples below the first edge, between edges, from the last one on
    hits: Counts  # (r,), samples that reach the target; 0 without one
    samples: int

    def arrays(self) -> dict[str, Array]:
        """Its figures as named arrays, for a file."""
        taken = {f"moments.{field.name}": np.asarray(getattr(self.moments, field.name)) for field in fields(Moments)}
        return {**taken, "counts": self.counts, "hits": self.hits, "samples": np.asarray(self.samples)}

    @classmethod
    def of(cls, arrays: Mapping[str, Array]) -> Partial:
        """The one whose `arrays` these are."""
        names = ("count", "mean", "squares", "low", "high")
        count, mean, squares, low, high = (np.asarray(arrays[f"moments.{name}"]) for name in names)
        found = Moments(count, mean, squares, low, high, int(arrays["moments.not_finite"]))
        return cls(found, np.asarray(arrays["counts"]), np.asarray(arrays["hits"]), int(arrays["samples"]))


def edges(pilot: Array, quantiles: Sequence[float]) -> Array:
    """About 1,000 rising edges from the samples of chunk 0; values past the ends fall into two open bins.

    Args:
        pilot: shape ``(n,)``; samples that are not finite are left out, and where none is finite there is no edge.
        quantiles: the probabilities that will be asked for.
    """
    ordered = np.sort(pilot[np.isfinite(pilot)])
    if not len(ordered):
        return ordered
    ranks = np.sort(_ranks(len(ordered), quantiles))
    picked = ordered[np.rint(ranks * (len(ordered) - 1)).astype(np.int64)]
    shared = picked[1:][picked[1:] == picked[:-1]]  # a level met again and again: the bin up to the next float is its
    low, high = quantile(ordered, (0.001, 0.999))
    with np.errstate(over="ignore"):
        past = ordered[0] - (low - ordered[0]) * BEYOND, ordered[-1] + (ordered[-1] - high) * BEYOND
        found = np.unique(np.concatenate((picked, np.nextafter(shared, np.inf), *past)))
    rising: Array = found[np.isfinite(found)]
    return rising


def partial(
    values: Array, edges: Array, *, repeats: int = 1, target: float | None = None, sign: float = 1.0
) -> Partial:
    """One chunk, shape ``(n,)``, in the order of its index; sample i belongs to repeat ``i % repeats``."""
    table = by_repeat(values, repeats)
    found = moments(table, len(values))
    rows = in_order(table, found)
    hits = np.zeros(repeats, dtype=np.int64) if target is None else reaching(rows, target, sign)
    counts = [np.diff(np.searchsorted(row, edges), prepend=0, append=len(row)) for row in rows]
    return Partial(found, np.array(counts, dtype=np.int64), hits, len(values))


def joined(a: Partial, b: Partial) -> Partial:
    """Two runs of chunks together; b follows a."""
    return Partial(merged(a.moments, b.moments), a.counts + b.counts, a.hits + b.hits, a.samples + b.samples)


def summed(
    total: Partial, edges: Array, *, quantiles: Sequence[float], repeats: int, target: float | None = None
) -> Summary:
    """The summary of all chunks, as `summarise` would give it; ``target`` says whether hits were asked for."""
    assert repeats == len(total.counts), "the repeats that the chunks were counted by"
    found = total.moments
    rows = [
        Binned(counts, edges, low, high) for counts, low, high in zip(total.counts, found.low, found.high, strict=True)
    ]
    whole = Binned(total.counts.sum(axis=0), edges, found.low.min(), found.high.max())
    return summed_up(Taken(total.samples, found, whole, rows, None if target is None else total.hits), quantiles)


def counted(total: Partial, edges: Array, bins: int) -> tuple[Counts, Array]:
    """The samples in ``bins`` bins of one width from the least to the most, and these bins' edges.

    A sample's place within a bin of `edges` is not known: it is taken to be even, so counts are out by a few of a
    thousandth of all samples.
    """
    found = total.moments
    if not found.count.sum():
        return np.zeros(1, dtype=np.int64), np.array([0.0, 1.0])
    whole = Binned(total.counts.sum(axis=0), edges, found.low.min(), found.high.max())
    ends = _bins(whole.low, whole.high, bins)
    below = np.interp(ends, *whole.cumulated())
    below[[0, -1]] = 0, whole.counts.sum()  # a lone level stands in the middle of its bins
    counts = np.rint(below).astype(np.int64)
    return counts[1:] - counts[:-1], ends


@dataclass(frozen=True, eq=False)
class Binned:
    """Sorted samples of which only the counts between edges, the least and the most are known."""

    counts: Counts
    edges: Array
    low: float
    high: float

    def quantiles(self, probabilities: Sequence[float] | Array) -> Array:
        """By the place of NumPy's default, samples standing evenly in their bin; the ends are exact."""
        count = int(self.counts.sum())
        if not count:
            return np.full(len(probabilities), np.nan)
        place = np.asarray(probabilities, dtype=np.float64) * (count - 1)
        below = np.cumsum(self.counts)
        bin = np.searchsorted(below, np.floor(place), side="right")
        # of a bin the last number is the one before its upper edge, so a bin of one level gives just that level
        first = np.maximum(np.append(self.low, self.edges)[bin], self.low)
        with np.errstate(over="ignore"):  # before the least float there is none
            last = np.minimum(np.nextafter(np.append(self.edges, np.inf), -np.inf)[bin], self.high)
        part = np.clip((place + 0.5 - (below[bin] - self.counts[bin])) / self.counts[bin], 0, 1)
        found = first * (1 - part) + last * part
        return np.where(place <= 0, self.low, np.where(place >= count - 1, self.high, np.clip(found, first, last)))

    def cumulated(self) -> tuple[Array, Array]:
        """Levels, rising, and how many samples are below each."""
        inside = np.flatnonzero((self.edges > self.low) & (self.edges < self.high))
        below = np.cumsum(self.counts)
        levels = np.concatenate(([self.low], self.edges[inside], [self.high]))
        return levels, np.concatenate(([0], below[inside], [below[-1]]))


def _bins(low: float, high: float, bins: int) -> Array:
    """Edges as `numpy.histogram` has them; fewer where floats are too far apart for so many."""
    room = 0.0 if low < high else max(0.5, abs(high) * 2.0**-50)
    halves = np.linspace(low / 2 - room / 2, high / 2 + room / 2, bins + 1)  # a width of floats may be none
    ends: Array = np.unique(np.clip(halves, -MOST / 2, MOST / 2) * 2)
    return ends


def _ranks(n: int, quantiles: Sequence[float]) -> Array:
    """Ranks of chunk 0 that become edges: even ones, more in the tails, most round the quantiles asked for."""
    asked = np.asarray(quantiles, dtype=np.float64)
    each = max(FEWEST, SPENT // max(1, len(asked)))
    reach = WINDOW * np.sqrt(asked * (1 - asked) / n)
    windows = asked[:, None] + reach[:, None] * np.linspace(-1, 1, each)
    octaves = np.log2(max(n, 64)) - 6
    tail = np.exp2(-6 - np.arange(int(octaves * TAIL) + 1) / TAIL)
    ranks: Array = np.clip(np.concatenate((windows.ravel(), tail, 1 - tail, np.linspace(0, 1, BULK))), 0, 1)
    return ranks
