"""Families between two ends: uniform, triangular, pert, beta, arcsine."""

from __future__ import annotations

import math

import numpy as np

from leverage.tree.families.family import (
    POSITIVE,
    Array,
    Family,
    Form,
    Parameter,
    Turn,
    by_tail,
    of_extent,
    rising,
    special,
)


def _parts(x: Array, low: float, high: float) -> tuple[Array, Array]:
    """How far x is from each end, in widths, at most the whole one."""
    x = np.clip(x, low, high)
    return (x - low) / (high - low), (high - x) / (high - low)


def _from_ends(p: Array, q: Array, part: Array, low: float, high: float) -> Array:
    """The level ``part`` of the width away from the nearer end."""
    return np.where(p > q, high - (high - low) * part, low + (high - low) * part)


def _triangular(p: Array, q: Array, low: float, mode: float, high: float) -> Array:
    width = high - low
    rise, fall = (mode - low) / width, (high - mode) / width
    return np.where(p < rise, low + width * np.sqrt(p * rise), high - width * np.sqrt(q * fall))


def _turn_uniform(row: Array, spare: Array, low: float, high: float) -> None:
    row *= high - low
    row += low
    np.minimum(row, high, out=row)


def _turn_triangular(row: Array, spare: Array, low: float, mode: float, high: float) -> None:
    """The ways up to the mode and beyond it: below the mode the second is 0, above it the first stays whole."""
    up, down = mode - low, high - mode
    np.subtract(1, row, out=spare)
    for way, slope, most in ((row, (high - low) * up, up), (spare, (high - low) * down, down)):
        way *= slope
        np.sqrt(way, out=way)
        np.minimum(way, most, out=way)
    np.subtract(down, spare, out=spare)
    row += spare
    row += low
    np.minimum(row, high, out=row)  # where the sum was rounded up


def _triangular_shares(x: Array, low: float, mode: float, high: float) -> tuple[Array, Array]:
    up, down = _parts(x, low, high)
    # a side without width (mode at an end) is never taken, or taken at its end, where its part is 0
    rise = up * up * ((high - low) / (mode - low or 1))
    fall = down * down * ((high - low) / (high - mode or 1))
    return np.where(x < mode, rise, 1 - fall), np.where(x < mode, 1 - rise, fall)


def _triangular_median(low: float, mode: float, high: float) -> float:
    if mode - low > high - mode:
        return low + math.sqrt((high - low) / 2) * math.sqrt(mode - low)
    return high - math.sqrt((high - low) / 2) * math.sqrt(high - mode)


def _beta(p: Array, q: Array, *parameters: float) -> Array:
    alpha, beta, low, high = parameters
    lower, upper = special("betaincinv"), special("betainccinv")
    part = by_tail(p, q, lambda p: lower(alpha, beta, p), lambda q: upper(alpha, beta, q))
    return np.minimum(low + (high - low) * _polished(part, p, alpha, beta), high)


def _polished(part: Array, p: Array, alpha: float, beta: float) -> Array:
    """One Newton step where it is safe: next to the middle of a symmetric beta, SciPy's inverse is out by 2e-9."""
    inner = (np.minimum(p, 1 - p) > 0.01) & (np.minimum(part, 1 - part) > 0.01)
    x = part[inner]
    rate = np.exp((alpha - 1) * np.log(x) + (beta - 1) * np.log1p(-x) - special("betaln")(alpha, beta))
    step = (special("betainc")(alpha, beta, x) - p[inner]) / rate
    part[inner] = x - np.where(np.abs(step) < 1e-6, step, 0.0)
    return part


def _beta_shares(x: Array, alpha: float, beta: float, low: float, high: float) -> tuple[Array, Array]:
    share, rest, (up, down) = special("betainc"), special("betaincc"), _parts(x, low, high)
    near_low = up < down  # the nearer end's part has its digits
    below = np.where(near_low, share(alpha, beta, up), rest(beta, alpha, down))
    return below, np.where(near_low, rest(alpha, beta, up), share(beta, alpha, down))


def _beta_median(alpha: float, beta: float, low: float, high: float) -> float:
    half = np.array([0.5])
    return low + (high - low) / 2 if alpha == beta else float(_beta(half, half, alpha, beta, low, high)[0])


def _beta_variance(alpha: float, beta: float, low: float, high: float) -> float:
    total = alpha + beta
    return (high - low) * (high - low) * (alpha / total) * (beta / total) / (total + 1)


def _pert_as_beta(low: float, mode: float, high: float) -> tuple[float, float, float, float]:
    width = high - low
    return 1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, low, high


def _arcsine_shares(x: Array, low: float, high: float) -> tuple[Array, Array]:
    up, down = (np.sqrt(part) for part in _parts(x, low, high))
    return np.arctan2(up, down) * (2 / np.pi), np.arctan2(down, up) * (2 / np.pi)


_BETWEEN = (Parameter("low"), Parameter("high"))
_PEAKED = (Parameter("low"), Parameter("mode"), Parameter("high"))

ROWS = (
    Family(
        "uniform",
        (Form("uniform(low, high)", _BETWEEN, rising("low", "high")),),
        quantile=lambda p, q, low, high: _from_ends(p, q, np.minimum(p, q), low, high),
        shares=_parts,
        mean=lambda low, high: low + (high - low) / 2,
        variance=lambda low, high: (high - low) * (high - low) / 12,
        median=lambda low, high: low + (high - low) / 2,
        support=lambda low, high: (low, high),
        limits=of_extent,
        turn=Turn("points", _turn_uniform),
    ),
    Family(
        "triangular",
        (Form("triangular(low, mode, high)", _PEAKED, rising("low", "mode", "high")),),
        quantile=_triangular,
        shares=_triangular_shares,
        mean=lambda low, mode, high: low / 3 + mode / 3 + high / 3,
        variance=lambda low, mode, high: ((high - low) * (high - low) - (mode - low) * (high - mode)) / 18,
        median=_triangular_median,
        support=lambda low, mode, high: (low, high),
        limits=lambda low, mode, high: of_extent(low, high),
        turn=Turn("points", _turn_triangular),
    ),
    Family(
        "pert",
        (Form("pert(low, mode, high)", _PEAKED, rising("low", "mode", "high")),),
        quantile=lambda p, q, *ends: _beta(p, q, *_pert_as_beta(*ends)),
        shares=lambda x, *ends: _beta_shares(x, *_pert_as_beta(*ends)),
        mean=lambda low, mode, high: low / 6 + mode * (2 / 3) + high / 6,
        variance=lambda *ends: _beta_variance(*_pert_as_beta(*ends)),
        median=lambda *ends: _beta_median(*_pert_as_beta(*ends)),
        support=lambda low, mode, high: (low, high),
        limits=lambda low, mode, high: of_extent(low, high),
    ),
    Family(
        "beta",
        (
            Form(
                "beta(alpha, beta, low=0, high=1)",
                (
                    Parameter("alpha", POSITIVE),
                    Parameter("beta", POSITIVE),
                    Parameter("low", default=0.0),
                    Parameter("high", default=1.0),
                ),
                rising("low", "high"),
            ),
        ),
        quantile=_beta,
        shares=_beta_shares,
        mean=lambda alpha, beta, low, high: low + (high - low) * (alpha / (alpha + beta)),
        variance=_beta_variance,
        median=_beta_median,
        support=lambda alpha, beta, low, high: (low, high),
        limits=lambda alpha, beta, low, high: of_extent(low, high),
    ),
    Family(
        "arcsine",
        (Form("arcsine(low, high)", _BETWEEN, rising("low", "high")),),
        quantile=lambda p, q, low, high: _from_ends(p, q, np.sin(np.pi / 2 * np.minimum(p, q)) ** 2, low, high),
        shares=_arcsine_shares,
        mean=lambda low, high: low + (high - low) / 2,
        variance=lambda low, high: (high - low) * (high - low) / 8,
        median=lambda low, high: low + (high - low) / 2,
        support=lambda low, high: (low, high),
        limits=of_extent,
    ),
)
