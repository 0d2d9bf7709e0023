"""The smooth distribution through given quantiles: `quantiles(...)`, and what `range` and `spread` are short for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from leverage.tree import metalog, metalog_fit
from leverage.tree.families.family import Family, Form, Parameter, rising_quantiles
from leverage.tree.families.unsmooth import NoSmoothDistribution

MOST = 19  # quantiles of one curve: p05, p10, ... p95


def through(
    levels: tuple[float, ...],
    figures: tuple[float, ...],
    low: float = -math.inf,
    high: float = math.inf,
    **said: Any,
) -> dict[str, Any]:
    """The parameters of the row: the quantiles, the bounds, and the metalog's coefficients.

    Raises:
        NoSmoothDistribution: no metalog has these quantiles.
    """
    a = metalog_fit.fit(levels, metalog.open_up(np.array(figures), low, high))
    if a is None:
        raise NoSmoothDistribution(levels, figures, low, high, **said)
    return {"levels": levels, "figures": figures, "low": low, "high": high, "coefficients": tuple(a.tolist())}


def _within_bounds(values: Mapping[str, Any], written: Mapping[str, str]) -> str | None:
    wrong = rising_quantiles(values, written)
    if wrong:
        return wrong
    names, figures = [f"p{100 * level:02.0f}" for level in values["levels"]], values["figures"]
    if values["low"] >= figures[0]:
        return f"low={written['low']} must be below {names[0]}={written[names[0]]}; lower it, or leave it out"
    if values["high"] <= figures[-1]:
        return f"high={written['high']} must be above {names[-1]}={written[names[-1]]}; raise it, or leave it out"
    return None


def _of_metalog(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of coefficients and bounds, as one of the row's parameters."""

    def of_row(*args: Any) -> Any:
        *xs, _, _, low, high, coefficients = args
        return function(*xs, np.array(coefficients), low, high)

    return of_row


def _median(
    levels: tuple[float, ...], figures: tuple[float, ...], low: float, high: float, coefficients: tuple[float, ...]
) -> float:
    if 0.5 in levels:
        return figures[levels.index(0.5)]  # as it was written, to the last digit
    return float(metalog.close_in(np.array(coefficients[0]), low, high))


ROWS = (
    Family(
        "quantiles",
        (
            Form(
                "quantiles(p10=, p50=, p90=, low=, high=)",
                (Parameter("low", default=-math.inf), Parameter("high", default=math.inf)),
                check=_within_bounds,
                into=through,
                quantiles=(3, MOST),  # more are past what a curve through every one of them can be solved for
                by_name=True,
            ),
        ),
        quantile=_of_metalog(metalog.quantile),
        shares=_of_metalog(metalog.shares),
        mean=_of_metalog(metalog.mean),
        variance=_of_metalog(metalog.variance),
        support=lambda levels, figures, low, high, coefficients: (low, high),
        median=_median,
    ),
)
