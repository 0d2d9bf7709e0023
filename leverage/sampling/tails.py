"""Do the mean and the standard deviation exist? What the samples themselves say, by how fast their tails thin out.

A tail that falls like x**-a has no mean for a <= 1 and no variance for a <= 2, yet any number of draws has an average:
it never settles. The tail's weight g = 1/a is read octave by octave: by how much the distance from the median grows
from the level that a share s of the draws passes to that of s/2, log2 of it. Of a power g stays as s falls; of a
lognormal, a gamma or a Weibull, whose moments all exist, it falls with the depth t = -ln s, at least as t**-1/2. So a
line through ln g over ln t is fitted (weights: the draws of an octave), and a moment of order m is said not to exist
where, on one side,

- g at the deepest octave, less one standard error, is at least 0.75/m, and
- the slope, less two standard errors, is above -1/2; that of the line that leaves out the shallowest octave, or two
  or three of them, less one error, as well (below a bulk, a lognormal's own slope shows deeper down only), and
- each of the five deepest octaves is as heavy for itself, within three errors, and
- the line fits: octaves lie within a tenth and their own errors of it (the tail of a rare event is no line).

The errors are those of independent draws (an octave above its deepest k draws: g within g / sqrt(0.96 k)), and Sobol
points have smaller ones. Of fewer than 60,000 draws a line is too rough to tell. In 200 seeds no distribution of
index 3 or more met the rule (lognormals up to sigma 2, gamma 0.1, Weibull 0.3, Student's t from 3 degrees, products of
five exponentials); of a bulk with a rare lognormal of sigma 1.5 beside it, 3 in 100 may.

Source: spacings of log order statistics, Renyi 1953; their mean is Hill's estimator (1975, Annals of Statistics 3,
1163), whose level at one depth alone takes a lognormal for a power.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from leverage.panels import Array

LEAST = 60_000  # samples from which tails are judged: the default number, less some that are not finite
SHALLOW = 4  # octaves at the median's side that are left out
FEWEST = 16  # draws beyond the deepest level
DEEP = 5  # octaves of which each must be heavy
LINES = 4  # each leaves out one octave more than the one before
HEAVY = 0.75  # of the weight at which a moment just fails to exist
FALL = -0.5  # the slope of a lognormal, the heaviest of those whose moments all exist
BENT = 0.1  # how far a power's own octaves may lie from a line, in ln g
LOOSE = 3.0  # chi-squared a degree of freedom above which nothing fits
SPACING = 0.96  # draws beyond an octave's end, times this: 1 / variance of ln g, which is (ln 2)**2 * 2

ALL = 2  # moments that are told to exist where nothing speaks against them: mean and variance


def existing(rows: Sequence[Array]) -> int:
    """How many of mean and variance exist as far as sorted rows of samples tell: 2 both, 1 the mean, 0 none.

    >>> u = np.linspace(0, 1, 2**16, endpoint=False) + 2.0**-17
    >>> existing([np.log(u)]), existing([np.tan(np.pi * (u - 0.5))])
    (2, 0)
    """
    count = sum(map(len, rows))
    if count < LEAST:
        return ALL
    shares = _shares(count)
    place = [np.maximum(np.rint(len(row) * shares).astype(np.int64), 1) for row in rows]
    middle = float(np.mean([row[len(row) // 2] for row in rows]))
    upper = [row[len(row) - at] - middle for row, at in zip(rows, place, strict=True)]
    lower = [middle - row[at - 1] for row, at in zip(rows, place, strict=True)]
    return min(_orders(_logs(each), count) for each in (upper, lower))


def existing_between(quantiles: Callable[[Array], Array], count: int) -> int:
    """The same of samples of which the quantiles are known; ``count`` of them are finite."""
    if count < LEAST:
        return ALL
    shares = _shares(count)
    levels = quantiles(np.concatenate(([0.5], 1 - shares, shares)))
    middle, upper, lower = levels[0], levels[1 : len(shares) + 1], levels[len(shares) + 1 :]
    return min(_orders(_logs([each]), count) for each in (upper - middle, middle - lower))


def existing_near_zero(draws: Array, power: float = 1.0) -> int:
    """How many moments of ``draws**-power`` exist, where draws above 0 come as near to it as they do.

    The same rule on the lower end of the draws themselves, from which no median need be taken off: it tells more.

    >>> existing_near_zero(np.arange(1, 2**16 + 1) / 2.0**16), existing_near_zero(np.arange(2**16) + 2.0**16)
    (0, 2)
    """
    count = len(draws)
    if count < LEAST:
        return ALL
    place = np.maximum(np.rint(count * _shares(count)).astype(np.int64), 1)
    levels = np.sort(draws)[place - 1]
    return _orders(-power * np.log(levels), count, lines=1) if levels[-1] > 0 else ALL


def _shares(count: int) -> Array:
    """The shares of the draws beyond each level, an octave apart."""
    return np.exp2(-np.arange(SHALLOW, math.floor(math.log2(count / FEWEST)) + 1, dtype=np.float64))


def _logs(distances: Sequence[Array]) -> Array | None:
    """The mean logarithm of the rows' distances from the median, level by level; None where there is no tail."""
    found = np.array(distances)
    if not (found > 0).all() or not np.isfinite(found).all():
        return None
    logs: Array = np.log(found).mean(axis=0)
    return logs


def _orders(logs: Array | None, count: int, lines: int = LINES) -> int:
    """How many moments one tail leaves, from the log distances of its levels; ``lines``: how many are laid."""
    weights = np.zeros(0) if logs is None else np.diff(logs) / math.log(2)
    if len(weights) < DEEP or not (weights > 0).all():
        return ALL
    beyond = count * _shares(count)[1:]
    laid = [_line(weights, beyond, count, left_out) for left_out in range(min(lines, len(weights) - DEEP + 1))]
    end, _, error, _, misfit = laid[0]
    steep = [slope - (1 if place else 2) * off < FALL for place, (_, slope, _, off, _) in enumerate(laid)]
    if any(steep) or misfit > LOOSE:
        return ALL
    each = (weights / np.maximum(1 - 3 / np.sqrt(SPACING * beyond), 0.05))[-DEEP:].min()
    weight = min(math.exp(end - error), float(each))
    return 0 if weight >= HEAVY else 1 if weight >= HEAVY / 2 else ALL


def _line(weights: Array, beyond: Array, count: int, first: int) -> tuple[float, float, float, float, float]:
    """ln g at the deepest level and its slope over ln t, by weighted least squares; the errors of both; the misfit.

    ``first``: the octave from which the line is laid.
    """
    sure, logs = SPACING * beyond[first:], np.log(weights[first:])
    depth = np.log((SHALLOW + 0.5 + np.arange(first, len(weights))) * math.log(2))
    deepest = math.log(math.log(count / FEWEST))
    middle = (sure * depth).sum() / sure.sum()
    apart = (sure * (depth - middle) ** 2).sum()
    slope = (sure * (depth - middle) * logs).sum() / apart
    level = (sure * logs).sum() / sure.sum()
    left = logs - level - slope * (depth - middle)
    return (
        float(level + slope * (deepest - middle)),
        float(slope),
        math.sqrt(1 / sure.sum() + (deepest - middle) ** 2 / apart),
        1 / math.sqrt(apart),
        float((left**2 / (1 / sure + BENT**2)).sum() / (len(logs) - 2)),
    )
