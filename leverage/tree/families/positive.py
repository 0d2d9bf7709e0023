"""Families of figures above 0: lognormal, gamma, weibull, exponential."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from leverage.tree.families.family import (
    POSITIVE,
    SPREAD,
    Array,
    Family,
    Form,
    Parameter,
    Turn,
    by_tail,
    depth,
    rising_quantiles,
    special,
)
from leverage.tree.families.unbounded import below_and_above, scores, through_two

ABOVE_0 = (0.0, math.inf)
OVERFLOW = 709.0  # exp of more leaves the range of floats
TERMS = 40.0  # of a series in powers of at most 0.4


def _of_moments(mean: float, sd: float) -> dict[str, Any]:
    """mu and sigma of the lognormal variable whose own mean and standard deviation these are."""
    ratio = sd / mean
    # log(1 + r^2) = sigma^2; its ends apart, where r^2 leaves the range of floats
    square = 2 * math.log(ratio) if ratio > 1e150 else math.log1p(ratio * ratio)
    return {"mu": math.log(mean) - square / 2, "sigma": ratio if ratio < 1e-8 else math.sqrt(square)}


def _lognormal_through(levels: tuple[float, ...], figures: tuple[float, ...], percent: bool) -> dict[str, Any]:
    mu, sigma = through_two(levels, tuple(math.log(figure) for figure in figures))
    return {"mu": mu, "sigma": sigma}


def _positive_quantiles(values: Mapping[str, Any], written: Mapping[str, str]) -> str | None:
    name = f"p{round(100 * values['levels'][0]):02d}"
    if values["figures"][0] <= 0:
        return f"{name} must be above 0, found {written[name]}; normal(...) has figures on both sides of 0"
    return rising_quantiles(values, written)


def _lognormal_variance(mu: float, sigma: float) -> float:
    square = sigma * sigma
    if square < 1:
        return math.expm1(square) * math.exp(2 * mu + square) if 2 * mu + square < OVERFLOW else math.inf
    size = 2 * (mu + square)
    return -math.expm1(-square) * math.exp(size) if size < OVERFLOW else math.inf


def _turn_lognormal(row: Array, spare: Array, mu: float, sigma: float) -> None:
    row *= sigma
    row += mu
    np.exp(row, out=row)


def _turn_exponential(row: Array, spare: Array, mean: float) -> None:
    np.subtract(1, row, out=row)  # exact: points are whole multiples of 2**-53
    np.log(row, out=row)
    row *= -mean


def _gamma(p: Array, q: Array, shape: float, scale: float) -> Array:
    lower, upper = special("gammaincinv"), special("gammainccinv")
    return scale * by_tail(p, q, lambda p: lower(shape, p), lambda q: upper(shape, q))


def _gamma_shares(x: Array, shape: float, scale: float) -> tuple[Array, Array]:
    u = np.maximum(x, 0) / scale
    return special("gammainc")(shape, u), special("gammaincc")(shape, u)


def _weibull_mean(shape: float, scale: float) -> float | None:
    return scale * math.gamma(1 + 1 / shape) if 1 / shape < 170 else None


def _weibull_variance(shape: float, scale: float) -> float:
    """The squared mean times what the second moment is above it; infinite past what floats hold."""
    mean, above = _weibull_mean(shape, scale), _above_square(1 / shape)
    return mean * mean * math.expm1(above) if mean is not None and above < OVERFLOW else math.inf


def _above_square(e: float) -> float:
    """log(gamma(1 + 2e) / gamma(1 + e)^2); a narrow Weibull's is a small difference, which its series takes whole."""
    if e > 0.2:
        return math.lgamma(1 + 2 * e) - 2 * math.lgamma(1 + e)
    j = np.arange(2.0, TERMS)
    return float(np.sum((-1.0) ** j * special("zeta")(j) / j * ((2 * e) ** j - 2 * e**j)))


def _exponential_shares(u: Array) -> tuple[Array, Array]:
    return -np.expm1(-u), np.exp(-u)


ROWS = (
    Family(
        "lognormal",
        (
            Form("lognormal(mean, sd)", (Parameter("mean", POSITIVE), Parameter("sd", SPREAD)), into=_of_moments),
            Form("lognormal(mu=, sigma=)", (Parameter("mu"), Parameter("sigma", SPREAD)), by_name=True),
            Form("lognormal(p10=, p90=)", check=_positive_quantiles, into=_lognormal_through, quantiles=(2, 2)),
        ),
        quantile=lambda p, q, mu, sigma: np.exp(mu + sigma * scores(p, q)),
        shares=lambda x, mu, sigma: below_and_above((np.log(np.maximum(x, 0)) - mu) / sigma),
        mean=lambda mu, sigma: math.exp(mean) if (mean := mu + sigma * sigma / 2) < OVERFLOW else None,
        variance=_lognormal_variance,
        median=lambda mu, sigma: math.exp(mu) if mu < OVERFLOW else math.inf,
        support=lambda mu, sigma: ABOVE_0,
        turn=Turn("scores", _turn_lognormal),
    ),
    Family(
        "gamma",
        (Form("gamma(shape, scale)", (Parameter("shape", POSITIVE), Parameter("scale", SPREAD))),),
        quantile=_gamma,
        shares=_gamma_shares,
        mean=lambda shape, scale: shape * scale,
        variance=lambda shape, scale: shape * scale * scale,
        support=lambda shape, scale: ABOVE_0,
    ),
    Family(
        "weibull",
        (Form("weibull(shape, scale)", (Parameter("shape", POSITIVE), Parameter("scale", SPREAD))),),
        quantile=lambda p, q, shape, scale: scale * depth(p, q) ** (1 / shape),
        shares=lambda x, shape, scale: _exponential_shares((np.maximum(x, 0) / scale) ** shape),
        mean=_weibull_mean,
        variance=_weibull_variance,
        median=lambda shape, scale: float(scale * np.float64(math.log(2)) ** (1 / shape)),
        support=lambda shape, scale: ABOVE_0,
    ),
    Family(
        "exponential",
        (Form("exponential(mean)", (Parameter("mean", SPREAD),)),),
        quantile=lambda p, q, mean: mean * depth(p, q),
        shares=lambda x, mean: _exponential_shares(np.maximum(x, 0) / mean),
        mean=lambda mean: mean,
        variance=lambda mean: mean * mean,
        median=lambda mean: mean * math.log(2),
        support=lambda mean: ABOVE_0,
        turn=Turn("points", _turn_exponential),
    ),
)
