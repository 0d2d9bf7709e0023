"""A part of another distribution: `truncated(...)`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from leverage.tree.families.counts import drawn
from leverage.tree.families.family import Array, Atoms, Family, Form, Parameter

if TYPE_CHECKING:
    from leverage.tree.uncertainty import Distribution

DEPTHS = (math.log(2), 4.0, 10.0, 25.0, 60.0, 160.0, 700.0)  # of shares from 1/2 to 1e-304, piece by piece
LEAST = 1e-290  # share of the draws between the bounds; with less, the draws have no digits


@lru_cache(maxsize=256)
def _window(whole: Distribution, low: float, high: float) -> tuple[float, float, float, float, float]:
    """Shares of the whole below low and above it, below high and above it, and between the two."""
    # a discrete distribution keeps a level that stands on the bound
    under = math.nextafter(low, -math.inf) if whole.discrete else low
    ends = np.array([under, high])
    (a, b), (over_a, over_b) = (side.tolist() for side in whole.shares(ends))
    return a, over_a, b, over_b, over_a - over_b if over_a < a else b - a


def _quantile(p: Array, q: Array, whole: Distribution, low: float, high: float) -> Array:
    if whole.discrete:
        return drawn(p, q, _atoms(whole, low, high))
    a, _, _, over_b, between = _window(whole, low, high)
    return np.clip(whole.quantile(a + p * between, over_b + q * between), low, high)


def _shares(x: Array, whole: Distribution, low: float, high: float) -> tuple[Array, Array]:
    a, over_a, b, over_b, between = _window(whole, low, high)
    below, above = whole.shares(np.clip(x, low, high))
    # each difference is taken on the side whose shares are small, where they have their digits
    at_or_below = np.where(a < over_a, below - a, over_a - above) / between
    over = np.where(b < over_b, b - below, above - over_b) / between
    return np.where(x < low, 0.0, np.clip(at_or_below, 0, 1)), np.where(x < low, 1.0, np.clip(over, 0, 1))


@lru_cache(maxsize=64)
def _atoms(whole: Distribution, low: float, high: float) -> Atoms:
    levels = whole.atoms()[0]
    levels = levels[(levels >= low) & (levels <= high)]
    return levels, *_shares(levels, whole, low, high)


def _mean(whole: Distribution, low: float, high: float) -> float | None:
    """The mean: a sum over levels, or the integral of the quantile function to 1e-9; None where a tail has none."""
    if whole.mean is None and not all(map(math.isfinite, _support(whole, low, high))):
        return None
    return _expected(lambda x: x, whole, low, high)


def _variance(whole: Distribution, low: float, high: float) -> float:
    """As the mean, of squared distances from it. The tail that one bound leaves is as heavy as it was."""
    mean = _mean(whole, low, high)
    if mean is None or not (math.isfinite(whole.variance) or all(map(math.isfinite, _support(whole, low, high)))):
        return math.inf
    return _expected(lambda x: (x - mean) ** 2, whole, low, high)


def _expected(of: Callable[[Array], Array], whole: Distribution, low: float, high: float) -> float:
    """The mean of a function of the level."""
    if whole.discrete:
        levels, below, above = _atoms(whole, low, high)
        weights = np.where(below < 0.5, np.diff(below, prepend=0.0), -np.diff(above, prepend=1.0))
        return math.fsum((of(levels) * weights).tolist())

    def level(p: float, q: float) -> float:
        return float(of(_quantile(np.array([p]), np.array([q]), whole, low, high))[0])

    return _over_half(lambda p: level(p, 1 - p)) + _over_half(lambda q: level(1 - q, q))


def _over_half(of: Callable[[float], float]) -> float:
    """The integral over shares up to 1/2, by their depth -log(share): no steep end hides between two points."""
    from scipy.integrate import quad

    def deep(depth: float) -> float:
        share = math.exp(-depth)
        return of(share) * share

    pieces = (quad(deep, *ends, epsabs=0, epsrel=1e-10, limit=200, full_output=1) for ends in pairwise(DEPTHS))
    return math.fsum(found[0] for found in pieces)


def _support(whole: Distribution, low: float, high: float) -> tuple[float, float]:
    return max(whole.support[0], low), min(whole.support[1], high)


def _leaves_draws(values: Mapping[str, Any], written: Mapping[str, str]) -> str | None:
    low, high = values["low"], values["high"]
    if math.isinf(low) and math.isinf(high):
        return "found no bound; give low=, high= or both"
    if low >= high:
        return f"low={written['low']} is not below high={written['high']}; write the lower one as low"
    if _window(values["distribution"], low, high)[4] < LEAST:
        bounds = [f"above {written['low']}"] * (low > -math.inf) + [f"below {written['high']}"] * (high < math.inf)
        return f"{written['distribution']} has no draws {' and '.join(bounds)}; move the bounds into its range"
    return None


ROWS = (
    Family(
        "truncated",
        (
            Form(
                "truncated(distribution, low=, high=)",
                (
                    Parameter("distribution", kind="distribution"),
                    Parameter("low", default=-math.inf),
                    Parameter("high", default=math.inf),
                ),
                _leaves_draws,
            ),
        ),
        quantile=_quantile,
        shares=_shares,
        mean=_mean,
        variance=_variance,
        support=_support,
        limits=lambda whole, low, high: (max(whole.limits[0], low), min(whole.limits[1], high)),
        discrete=lambda whole, low, high: whole.discrete,
        atoms=_atoms,
    ),
)
