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
from leverage.sampling.tails import existing_between
from leverage.sampling.worst import Worst, plain_error, share_mean

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
    held: Counts  # (r,), samples that reach the base; 0 without one
    sums: Array  # like counts, the sums of these samples
    samples: int

    def arrays(self) -> dict[str, Array]:
        """Its figures as named arrays, for a file."""
        taken = {f"moments.{field.name}": np.asarray(getattr(self.moments, field.name)) for field in fields(Moments)}
        own = {name: getattr(self, name) for name in ("counts", "hits", "held", "sums")}
        return {**taken, **own, "samples": np.asarray(self.samples)}

    @classmethod
    def of(cls, arrays: Mapping[str, Array]) -> Partial:
        """The one whose `arrays` these are."""
        names = ("count", "mean", "squares", "low", "high")
        count, mean, squares, low, high = (np.asarray(arrays[f"moments.{name}"]) for name in names)
        found = Moments(count, mean, squares, low, high, int(arrays["moments.not_finite"]))
        counts, hits, held = (np.asarray(arrays[name], dtype=np.int64) for name in ("counts", "hits", "held"))
        return cls(found, counts, hits, held, np.asarray(arrays["sums"]), int(arrays["samples"]))


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
    values: Array,
    edges: Array,
    *,
    repeats: int = 1,
    target: float | None = None,
    sign: float = 1.0,
    base: float | None = None,
) -> Partial:
    """One chunk, shape ``(n,)``, in the order of its index; sample i belongs to repeat ``i % repeats``."""
    table = by_repeat(values, repeats)
    found = moments(table, len(values))
    rows = in_order(table, found)
    none = np.zeros(repeats, dtype=np.int64)
    hits, held = (none if level is None else reaching(rows, level, sign) for level in (target, base))
    cuts = [np.concatenate(([0], np.searchsorted(row, edges), [len(row)])) for row in rows]
    counts = np.array([np.diff(each) for each in cuts], dtype=np.int64)
    sums = np.array([_sums(row, each) for row, each in zip(rows, cuts, strict=True)])
    return Partial(found, counts, hits, held, sums, len(values))


def _sums(row: Array, cuts: Counts) -> Array:
    """The sums of a row's samples between cuts; of none, 0."""
    sums = np.zeros(len(cuts) - 1)
    some = np.flatnonzero(cuts[1:] > cuts[:-1])
    if len(some):
        with np.errstate(over="ignore", invalid="ignore"):
            sums[some] = np.add.reduceat(row, cuts[some])
    return sums


def joined(a: Partial, b: Partial) -> Partial:
    """Two runs of chunks together; b follows a."""
    with np.errstate(over="ignore", invalid="ignore"):
        sums = a.sums + b.sums
    return Partial(
        merged(a.moments, b.moments),
        a.counts + b.counts,
        a.hits + b.hits,
        a.held + b.held,
        sums,
        a.samples + b.samples,
    )


def summed(
    total: Partial,
    edges: Array,
    *,
    quantiles: Sequence[float],
    repeats: int,
    target: float | None = None,
    sign: float = 1.0,
    base: float | None = None,
    tail: float | None = None,
) -> Summary:
    """The summary of all chunks, as `summarise` would give it; target and base say whether hits were asked for.

    The mean of the worst share takes whole bins by their sums and the last one by its part: it is out by less than a
    quantile. The error of the standard deviation of plain draws is read between the edges, too.
    """
    assert repeats == len(total.counts), "the repeats that the chunks were counted by"
    found = total.moments
    rows = [
        Binned(counts, edges, low, high) for counts, low, high in zip(total.counts, found.low, found.high, strict=True)
    ]
    whole = ordered(total, edges)
    taken = Taken(
        total.samples,
        found,
        whole,
        rows,
        None if target is None else total.hits,
        None if base is None else total.held,
        tail,
        None if tail is None else _worst(total, rows, whole, tail, sign),
        _fourth(total) if repeats == 1 else np.nan,
        existing_between(whole.quantiles, int(found.count.sum())),
    )
    return summed_up(taken, quantiles)


def _worst(total: Partial, rows: Sequence[Binned], whole: Binned, share: float, sign: float) -> Worst:
    """The mean of the worst share of all samples and of each repeat's, from the sums between edges."""
    met = np.flatnonzero(total.counts.sum(axis=1)).tolist()
    if not met:
        return Worst(np.nan, np.zeros(0), np.nan)
    mean, error = _share_of(whole, total.sums.sum(axis=0), share, sign)
    each = [_share_of(rows[r], total.sums[r], share, sign)[0] for r in met]
    return Worst(mean, np.array(each), error)


def _share_of(binned: Binned, sums: Array, share: float, sign: float) -> tuple[float, float]:
    """The mean of the worst share of binned samples, and the error that it has where they are plain draws."""
    count = int(binned.counts.sum())
    turn = slice(None) if sign > 0 else slice(None, None, -1)
    counts, sums = binned.counts[turn], sums[turn]
    below = np.cumsum(counts)
    last = int(np.searchsorted(below, count * share, side="left"))
    beyond = int(below[last] - counts[last])
    part = (count * share - beyond) / counts[last]
    ends = [each[turn][last] for each in binned.ends()]
    near, far = ends if sign > 0 else ends[::-1]  # the end of the last bin where the worst stand, and the other one
    level = near + (far - near) * part
    with np.errstate(over="ignore", invalid="ignore"):
        mean = share_mean(float(sums[:last].sum()), beyond, near + (far - near) * part / 2, count * share)
        away = np.abs(sums[:last] / np.maximum(counts[:last], 1) - level)
        squares, apart = float((counts[:last] * away * away).sum()), float((counts[:last] * away).sum())
    return mean, plain_error(squares, apart, count, share)


def _fourth(total: Partial) -> float:
    """The sum of fourth powers of the deviations of a lone row, each bin's samples taken at their mean."""
    some = total.counts[0] > 0
    with np.errstate(over="ignore", invalid="ignore"):
        apart = total.sums[0, some] / total.counts[0, some] - total.moments.mean[0]
        return float((total.counts[0, some] * apart**4).sum())


def counted(total: Partial, edges: Array, bins: int) -> tuple[Counts, Array]:
    """The samples in ``bins`` bins of one width from the least to the most, and these bins' edges.

    A sample's place within a bin of `edges` is not known: it is taken to be even, so counts are out by a few of a
    thousandth of all samples.
    """
    found = total.moments
    if not found.count.sum():
        return np.zeros(1, dtype=np.int64), np.array([0.0, 1.0])
    whole = ordered(total, edges)
    ends = _bins(whole.low, whole.high, bins)
    below = np.interp(ends, *whole.cumulated())
    below[[0, -1]] = 0, whole.counts.sum()  # a lone level stands in the middle of its bins
    counts = np.rint(below).astype(np.int64)
    return counts[1:] - counts[:-1], ends


def ordered(total: Partial, edges: Array) -> Binned:
    """All samples in order, as far as the edges tell."""
    found = total.moments
    return Binned(total.counts.sum(axis=0), edges, found.low.min(), found.high.max())


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
        first, last = (ends[bin] for ends in self.ends())
        part = np.clip((place + 0.5 - (below[bin] - self.counts[bin])) / self.counts[bin], 0, 1)
        found = first * (1 - part) + last * part
        return np.where(place <= 0, self.low, np.where(place >= count - 1, self.high, np.clip(found, first, last)))

    def ends(self) -> tuple[Array, Array]:
        """The least and the greatest number that each bin may hold.

        The greatest is the one before its upper edge, so a bin of one level gives just that level.
        """
        first = np.maximum(np.append(self.low, self.edges), self.low)
        with np.errstate(over="ignore"):  # before the least float there is none
            last = np.minimum(np.nextafter(np.append(self.edges, np.inf), -np.inf), self.high)
        return first, last

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
