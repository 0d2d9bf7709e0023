"""What does a box of the leaves hold? Its share of all misses, how often it misses, and what each restriction adds.

A box says for some leaves between which limits, or at which of a few values, they lie. Coverage and density are those
of Bryant and Lempert 2010, Technological Forecasting and Social Change 77: of all misses, the share in the box; of the
samples in the box, the share that misses.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.influence.interval import ratio
from leverage.panels import Array

Flags = NDArray[np.bool_]

T95 = 3.182446305284263  # 97.5 % of Student's t with 3 degrees of freedom: boxes are judged on four repeats
WILSON = 3.841458820694124  # 97.5 % of the normal distribution, squared
STEPS = 50  # the least to which a limit is rounded, of the range between a leaf's P10 and P90
ASTRAY = 0.05  # of what a limit holds, that rounding may move across it
DIGITS = 17  # finer that a limit is rounded at most: no number holds more


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a leaf lies in a box: from ``low`` to ``high``, both included, or at one of the ``values``."""

    low: float = -math.inf
    high: float = math.inf
    values: tuple[float, ...] | None = None

    def holds(self, x: Array) -> Flags:
        """Which levels lie in it."""
        if self.values is not None:
            return np.isin(x, self.values)
        held: Flags = x <= self.high if self.low == -math.inf else x >= self.low
        return held if math.inf in (-self.low, self.high) else held & (x <= self.high)

    @property
    def open(self) -> bool:
        """It restricts nothing."""
        return self.values is None and self.low == -math.inf and self.high == math.inf


Box = Mapping[int, Limit]  # by the leaf's row among the samples; a leaf that is left out is free


@dataclass(frozen=True, slots=True)
class Share:
    """What a box holds: ``coverage`` of all misses, ``density`` of misses in it, ``mass`` of all samples."""

    coverage: float
    density: float
    mass: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A share with its 95 % intervals, and how likely such a density is by chance (`p_value`)."""

    share: Share
    coverage: tuple[float, float]
    density: tuple[float, float]
    p_value: float


def inside(box: Box, x: Array) -> Flags:
    """Which of the samples ``x`` (k, n) lie in the box, (n,)."""
    held = np.ones(x.shape[1], dtype=bool)
    for row, limit in box.items():
        held &= limit.holds(x[row])
    return held


def without(box: Box, row: int) -> Box:
    """The box with one leaf free."""
    return {each: limit for each, limit in box.items() if each != row}


def share(held: Flags, miss: Flags, *, all_misses: int | None = None) -> Share:
    """What the flagged samples hold; ``all_misses``: those that coverage is of, where others were set aside."""
    met, count = int(np.count_nonzero(held & miss)), int(np.count_nonzero(held))
    of = int(np.count_nonzero(miss)) if all_misses is None else all_misses
    return Share(met / max(of, 1), met / max(count, 1), count / len(miss))


def score(found: Share, base: float) -> float:
    """How good a box is: coverage times how far its density goes from the share of misses everywhere to certainty.

    0: no better than no box. 1: all misses, and nothing else.
    """
    return found.coverage * max(0.0, (found.density - base) / (1 - base)) if base < 1 else 0.0


def chance_of(misses: int, count: int, base: float) -> float:
    """How likely so many misses, or more, are among so many samples that miss with the chance ``base``: binomial.

    It is the quasi p-value of Bryant and Lempert 2010, section 3.3, where ``base`` is the density of the box without
    the restriction.
    """
    from scipy.special import betainc

    return 1.0 if misses == 0 else float(betainc(misses, count - misses + 1, base))


def p_value(box: Flags, wider: Flags, miss: Flags) -> float:
    """How likely the density of the box is if what it lies in misses as often: `chance_of`."""
    base = int(np.count_nonzero(wider & miss)) / max(int(np.count_nonzero(wider)), 1)
    return chance_of(int(np.count_nonzero(box & miss)), int(np.count_nonzero(box)), base)


def p_values(box: Box, x: Array, miss: Flags, left: Flags) -> dict[int, float]:
    """Of each restriction, against the box without it, among the samples that are ``left``."""
    held = inside(box, x) & left
    return {row: p_value(held, inside(without(box, row), x) & left, miss) for row in box}


def judged(held: Flags, miss: Flags, left: Flags, repeat: NDArray[np.intp], repeats: int) -> Judged:
    """What a box holds of samples that had no part in finding it, (n,), of which each belongs to a repeat.

    Coverage is of all misses, density and mass are of the samples in the box; ``left``: those in no earlier box. The
    intervals are Student's, of the repeats' own figures (the delta method for a ratio); where all repeats agree to the
    last digit they say nothing of the error, and Wilson's interval stands.
    """
    met, count, misses = (np.bincount(repeat[flags], minlength=repeats) for flags in (held & miss, held, miss))
    found = share(held, miss)
    return Judged(found, _interval(met, misses), _interval(met, count), p_value(held, left, miss))


def _interval(met: NDArray[np.intp], among: NDArray[np.intp]) -> tuple[float, float]:
    """The 95 % interval of a share, of counts by repeat."""
    found = ratio(met[:, None].astype(np.float64), among.astype(np.float64))
    value, error = float(found.value[0]), float(found.error[0])
    if error == 0:
        return _wilson(value, int(among.sum()))
    return max(0.0, value - T95 * error), min(1.0, value + T95 * error)


def _wilson(value: float, n: int) -> tuple[float, float]:
    """Wilson 1927, Journal of the American Statistical Association 22: the interval of a share of n."""
    middle, half = value + WILSON / (2 * n), math.sqrt(WILSON * (value * (1 - value) + WILSON / (4 * n)) / n)
    low, high = (middle - half) / (1 + WILSON / n), (middle + half) / (1 + WILSON / n)
    return max(0.0, min(value, low)), min(1.0, max(value, high))  # at 0 and 1 its end is the value, but for rounding


def rounded(box: Box, x: Array) -> Box:
    """The box with limits that people read: to a 50th, or finer, of the range between the leaf's P10 and P90.

    Finer wherever else more than a few samples changed sides: in a thin box, or far out in a tail. Values that lie side
    by side become a range, to whose side what was never met belongs, too.
    """
    return {row: _rounded(limit, x[row]) if limit.values is None else _run(limit, x[row]) for row, limit in box.items()}


def _rounded(limit: Limit, x: Array) -> Limit:
    low, high = np.quantile(x, (0.1, 0.9), method="lower").tolist()  # no mean of two, which far out is not finite
    if not 0 < high - low < math.inf:
        return limit
    digits, held = -math.floor(math.log10((high - low) / STEPS)), limit.holds(x)
    for finer in range(DIGITS):
        low, high = (end if math.isinf(end) else round(end, digits + finer) + 0.0 for end in (limit.low, limit.high))
        found = Limit(low, high)
        if np.count_nonzero(found.holds(x) != held) <= ASTRAY * np.count_nonzero(held):
            return found
    return limit


def _run(limit: Limit, x: Array) -> Limit:
    known = np.unique(x)
    held = np.isin(known, limit.values or ())
    first, last = np.flatnonzero(held)[[0, -1]]
    if not held[first : last + 1].all():
        return limit
    return Limit(
        -math.inf if first == 0 else float(known[first]), math.inf if last == len(known) - 1 else float(known[last])
    )


def union(boxes: Iterable[Flags], n: int) -> Flags:
    """The samples that lie in any of the boxes."""
    held = np.zeros(n, dtype=bool)
    for each in boxes:
        held |= each
    return held
