"""Families that reach to infinity both ways: normal, student_t, cauchy, gumbel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from leverage.tree.families.family import (
    LEAST,
    POSITIVE,
    SPREAD,
    Array,
    Family,
    Form,
    Parameter,
    Turn,
    depth,
    rising_quantiles,
    special,
    tail,
)

EVERYWHERE = (-math.inf, math.inf)


def scores(p: Array, q: Array) -> Array:
    """Quantiles of the standard normal distribution."""
    return tail(p, q, special("ndtri"))


def below_and_above(z: Array) -> tuple[Array, Array]:
    """Shares of the standard normal distribution."""
    ndtr = special("ndtr")
    return ndtr(z), ndtr(-z)


def through_two(levels: tuple[float, ...], figures: tuple[float, ...]) -> tuple[float, float]:
    """Mean and standard deviation of the normal distribution with these two quantiles."""
    from statistics import NormalDist  # the standard library's: reading a file loads no scipy

    (z0, z1), (x0, x1) = (NormalDist().inv_cdf(level) for level in levels), figures
    return (x0 * z1 - x1 * z0) / (z1 - z0), (x1 - x0) / (z1 - z0)


def _normal_through(levels: tuple[float, ...], figures: tuple[float, ...], percent: bool) -> dict[str, Any]:
    mean, sd = through_two(levels, figures)
    return {"mean": mean, "sd": sd}


def _turn_normal(row: Array, spare: Array, mean: float, sd: float) -> None:
    row *= sd
    row += mean


def _turn_gumbel(row: Array, spare: Array, loc: float, scale: float) -> None:
    np.maximum(row, LEAST, out=row)
    np.log(row, out=row)
    np.negative(row, out=row)
    np.log(row, out=row)
    row *= -scale
    row += loc


def _student_t(p: Array, q: Array, df: float, loc: float, scale: float) -> Array:
    stdtrit = special("stdtrit")
    return loc + scale * tail(p, q, lambda small: stdtrit(df, small))


def _student_t_shares(x: Array, df: float, loc: float, scale: float) -> tuple[Array, Array]:
    stdtr, z = special("stdtr"), (x - loc) / scale
    return stdtr(df, z), stdtr(df, -z)


def _student_t_variance(df: float, loc: float, scale: float) -> float:
    if df <= 2:
        return math.inf if df > 1 else math.nan
    return scale * scale / (1 - 2 / df)  # df / (df - 2), and 1 where df is endless


def _gumbel_shares(x: Array, loc: float, scale: float) -> tuple[Array, Array]:
    e = np.exp((loc - x) / scale)
    return np.exp(-e), -np.expm1(-e)


ROWS = (
    Family(
        "normal",
        (
            Form("normal(mean, sd)", (Parameter("mean"), Parameter("sd", SPREAD))),
            Form("normal(p10=, p90=)", check=rising_quantiles, into=_normal_through, quantiles=(2, 2)),
        ),
        quantile=lambda p, q, mean, sd: mean + sd * scores(p, q),
        shares=lambda x, mean, sd: below_and_above((x - mean) / sd),
        mean=lambda mean, sd: mean,
        variance=lambda mean, sd: sd * sd,
        median=lambda mean, sd: mean,
        support=lambda mean, sd: EVERYWHERE,
        turn=Turn("scores", _turn_normal),
    ),
    Family(
        "student_t",
        (
            Form(
                "student_t(df, loc=0, scale=1)",
                (Parameter("df", POSITIVE), Parameter("loc", default=0.0), Parameter("scale", SPREAD, default=1.0)),
            ),
        ),
        quantile=_student_t,
        shares=_student_t_shares,
        mean=lambda df, loc, scale: loc if df > 1 else None,
        variance=_student_t_variance,
        median=lambda df, loc, scale: loc,
        support=lambda df, loc, scale: EVERYWHERE,
    ),
    Family(
        "cauchy",
        (Form("cauchy(loc, scale)", (Parameter("loc"), Parameter("scale", SPREAD))),),
        quantile=lambda p, q, loc, scale: loc + scale * tail(p, q, lambda small: -1 / np.tan(np.pi * small)),
        shares=lambda x, loc, scale: (
            np.arctan2(1, (loc - x) / scale) / np.pi,  # the angle, and no difference of two near 1
            np.arctan2(1, (x - loc) / scale) / np.pi,
        ),
        mean=lambda loc, scale: None,
        variance=lambda loc, scale: math.nan,
        median=lambda loc, scale: loc,
        support=lambda loc, scale: EVERYWHERE,
    ),
    Family(
        "gumbel",  # of maxima
        (Form("gumbel(loc, scale)", (Parameter("loc"), Parameter("scale", SPREAD))),),
        quantile=lambda p, q, loc, scale: loc - scale * np.log(depth(q, p)),
        shares=_gumbel_shares,
        mean=lambda loc, scale: loc + scale * float(np.euler_gamma),
        variance=lambda loc, scale: (math.pi * scale) * (math.pi * scale) / 6,
        median=lambda loc, scale: loc - scale * math.log(math.log(2)),
        support=lambda loc, scale: EVERYWHERE,
        turn=Turn("points", _turn_gumbel),
    ),
)
