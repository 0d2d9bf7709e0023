"""The metalog: the smooth distribution that passes through given quantiles.

Its quantile function is M = mu(c) + s(c) t, with c = p - 1/2, t = log(p / (1 - p)), and polynomials mu and s whose
coefficients are linear in the quantiles. With a bound, M is the logarithm of the distance to it; with two, the log of
the odds between them. It is a distribution when M rises everywhere.

Everything is written in t, where both tails are straight lines and nothing is lost near p = 0 or p = 1.

Source: T. W. Keelin 2016, The Metalog Distributions, Decision Analysis 13(4).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ENDS = 750.0  # of t: beyond, the smaller of p and 1 - p is 0 in floats
FLAT = 40.0  # beyond, exp(x) - 1 is exp(x) in floats
CLOSE = 1e-9  # a Newton step of this size ends within its square


def centre(t: Array) -> Array:
    """c = p - 1/2."""
    return np.tanh(t / 2) / 2


def _split(a: Array) -> tuple[Array, Array]:
    """Coefficients of mu and of s, lowest power first: terms 1, 4, 5, 7, 9, ... and terms 2, 3, 6, 8, 10, ..."""
    k = np.arange(1, len(a) + 1)
    of_t = (k == 2) | (k == 3) | ((k > 5) & (k % 2 == 0))
    return a[~of_t], a[of_t]


def basis(c: Array, t: Array, n: int) -> Array:
    """What each of n coefficients is multiplied by, shape (points, n)."""
    columns = [np.ones_like(c), t, c * t, c]
    columns += [c ** (k // 2) if k % 2 else c ** (k // 2 - 1) * t for k in range(5, n + 1)]
    return np.stack(columns[:n], axis=-1)


def slope_basis(c: Array, t: Array, n: int) -> Array:
    """dM/dt by coefficient, shape (points, n); dc/dt = p (1 - p) = 1/4 - c^2."""
    slope = 0.25 - c * c
    columns = [np.zeros_like(c), np.ones_like(c), c + slope * t, slope]
    for k in range(5, n + 1):
        power = k // 2 if k % 2 else k // 2 - 1
        rise = power * c ** (power - 1) * slope
        columns.append(rise if k % 2 else rise * t + c**power)
    return np.stack(columns[:n], axis=-1)


def _polynomial(coefficients: Array, c: Array) -> Array:
    out = np.zeros_like(c)
    for coefficient in coefficients[::-1]:
        out = out * c + coefficient
    return out


def _curve(a: Array, c: Array, t: Array) -> Array:
    mu, s = _split(a)
    return _polynomial(mu, c) + _polynomial(s, c) * t


def obvious_bounds(figures: tuple[float, ...], *, percent: bool) -> tuple[float, float]:
    """What a range respects: 0 where all its figures are above it, and 1 as well where all are shares below 100 %."""
    if min(figures) <= 0:
        return -math.inf, math.inf
    return 0.0, 1.0 if percent and max(figures) < 1 else math.inf


def open_up(x: Array, low: float, high: float) -> Array:
    """Figures between the bounds as figures without bounds: x, log(x - low), -log(high - x), or the log odds."""
    if math.isinf(low):
        return x if math.isinf(high) else -np.log(high - x)
    return np.log(x - low) if math.isinf(high) else np.log(x - low) - np.log(high - x)


def close_in(m: Array, low: float, high: float) -> Array:
    """The inverse of `open_up`, accurate near both bounds."""
    if math.isinf(low):
        return m if math.isinf(high) else high - np.exp(-m)
    if math.isinf(high):
        return low + np.exp(m)
    odds = np.exp(-np.abs(m))
    part: Array = (high - low) * (odds / (1 + odds))
    return np.where(m < 0, low + part, high - part)


def quantile(p: Array, q: Array, a: Array, low: float, high: float) -> Array:
    """Levels with share p of the draws below and q = 1 - p above."""
    return close_in(_curve(a, (p - q) / 2, np.log(p / q)), low, high)


def shares(x: Array, a: Array, low: float, high: float) -> tuple[Array, Array]:
    """The share at or below x, and above it: Newton's steps in t, kept between bounds that halve where they fail.

    The error of both is that of M, a few units of its last digit, times the density: each share keeps its digits.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # at a bound and beyond it, set below
        m = open_up(x, low, high)
    m = np.where(x <= low, -np.inf, np.where(x >= high, np.inf, m))
    left, right, t = np.full_like(m, -ENDS), np.full_like(m, ENDS), np.zeros_like(m)
    step = right - left
    for _ in range(200):
        c = centre(t)
        gap = _curve(a, c, t) - m
        left, right = np.where(gap < 0, t, left), np.where(gap > 0, t, right)
        newton = t - gap / (slope_basis(c, t, len(a)) @ a)
        slow = ~((newton > left) & (newton < right) & (np.abs(newton - t) < step / 2))
        close = np.abs(newton - t) <= CLOSE * np.maximum(1, np.abs(t))
        after = np.where(slow & ~close, (left + right) / 2, newton)
        step, t = np.abs(after - t), after
        if np.all(close | np.isinf(m)):
            break
    t = np.where(np.isinf(m), np.copysign(ENDS, m), t)
    e = np.exp(-np.abs(t))
    small, large = e / (1 + e), 1 / (1 + e)
    return np.where(t < 0, small, large), np.where(t < 0, large, small)


def mean(a: Array, low: float, high: float) -> float | None:
    """The mean, or None where a tail is too heavy for one. The trapezoid rule in asinh(t): exponentially accurate."""
    decay = _decay(a, low, high, 1)
    if decay <= 0:
        return None
    m, log_weight = _nodes(a, decay)
    with np.errstate(over="ignore"):  # a mean too large for a float is none
        if math.isinf(low) == math.isinf(high):
            total = np.sum(close_in(m, low, high) * np.exp(log_weight))
        elif math.isinf(high):
            total = low + np.sum(np.exp(m + log_weight))
        else:
            total = high - np.sum(np.exp(-m + log_weight))
    return float(total) if math.isfinite(total) else None


def variance(a: Array, low: float, high: float) -> float:
    """The variance, infinite where a tail is too heavy for one, by the same rule as the mean."""
    decay, centred = _decay(a, low, high, 2), mean(a, low, high)
    if decay <= 0 or centred is None:
        return math.inf
    m, log_weight = _nodes(a, decay)
    sign = -1.0 if math.isinf(low) and not math.isinf(high) else 1.0
    one_sided = math.isinf(low) != math.isinf(high)
    with np.errstate(over="ignore", divide="ignore"):  # a variance that no float holds; a level at the mean
        if not one_sided:
            return float(np.sum((close_in(m, low, high) - centred) ** 2 * np.exp(log_weight)))
        # by logarithms: far out the square is past what floats hold, and its weight next to nothing
        far = math.log(abs(centred - (low if sign > 0 else high)))
        apart = sign * m - far
        gap = np.where(apart > FLAT, apart, np.log(np.abs(np.expm1(np.minimum(apart, FLAT)))))
        return float(np.sum(np.exp(2 * (gap + far) + log_weight)))


def _decay(a: Array, low: float, high: float, power: int) -> float:
    """How fast the integrand of a moment falls in |t|: p (1 - p) like exp(-|t|), and one bound lets exp(M) rise."""
    slopes = slope_basis(np.array([-0.5, 0.5]), np.zeros(2), len(a)) @ a  # of M in t at both ends
    if math.isinf(low) == math.isinf(high):
        return 1.0
    return 1.0 - power * float(slopes[1] if math.isinf(high) else slopes[0])


def _nodes(a: Array, decay: float) -> tuple[Array, Array]:
    """M where the integrand is taken, and the logarithm of the share that each place stands for."""
    u = np.linspace(-1, 1, 4001) * math.asinh(50 / decay)
    t = np.sinh(u)
    log_weight = -np.abs(t) - 2 * np.log1p(np.exp(-np.abs(t))) + np.log(np.cosh(u)) + math.log(u[1] - u[0])
    return _curve(a, centre(t), t), log_weight
