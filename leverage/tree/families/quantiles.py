"""The smooth distribution through given quantiles: `quantiles(...)`, and what `range` and `spread` are short for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from leverage.errors import NOWHERE, LeverageError, Place
from leverage.quantity import show
from leverage.tree import metalog, metalog_fit
from leverage.tree.families.family import Family, Form, Parameter, rising_quantiles

SHOWN = 9  # quantiles written out in a sentence
NARROW = 1e-4  # of the spread: a place that nobody would hit on purpose is none
TRIED = 3  # of the middle ones, for a place where the others would allow it
MOST = 19  # quantiles of one curve: p05, p10, ... p95
MOST_TRIED = 20  # of all, whether the others do without it


class NoSmoothDistribution(LeverageError):
    """Quantiles that no smooth distribution has; the sentence says which to move, and where to, or to leave out."""

    def __init__(
        self,
        levels: tuple[float, ...],
        figures: tuple[float, ...],
        low: float,
        high: float,
        *,
        percent: bool = False,
        middle: str = "",
        at: Place = NOWHERE,
        metric: str | None = None,
    ) -> None:
        shown = [show(figure, percent=percent, digits=6) for figure in figures]
        named = [f"P{100 * level:02.0f} {figure}" for level, figure in zip(levels, shown, strict=True)]
        more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
        kind = "smooth distribution" if len(levels) == 3 else "metalog"  # of more, others may have them
        given = levels, figures, low, high
        mend = _to_move(*given, percent=percent, middle=middle) or _to_leave_out(*given)
        super().__init__(f"no {kind} has {', '.join(named[:SHOWN])}{more}; {mend}", at=at, metric=metric)


def _to_move(
    levels: tuple[float, ...], figures: tuple[float, ...], low: float, high: float, *, percent: bool, middle: str
) -> str:
    """The figure to move, and to where: the middle one, or the nearest to it whose moving can help at all."""
    inner = sorted(range(1, len(levels) - 1), key=lambda i: abs(i - (len(levels) - 1) / 2))
    for index in inner[:TRIED]:
        ends = room(levels, figures, low, high, index)
        if ends and (len(levels) == 3 or ends[1] - ends[0] > NARROW * (figures[-1] - figures[0])):
            first, last = _inside(*ends, percent=percent)
            return f"move {middle or _name(levels[index])} to between {first} and {last}"
    return ""


def _to_leave_out(levels: tuple[float, ...], figures: tuple[float, ...], low: float, high: float) -> str:
    """The inner figure without which the others have a distribution; the median is the last to go."""
    m = metalog.open_up(np.array(figures), low, high)
    for index in sorted(range(1, len(levels) - 1)[:MOST_TRIED], key=lambda i: levels[i] == 0.5):
        if metalog_fit.fit(levels[:index] + levels[index + 1 :], np.delete(m, index)) is not None:
            return f"leave {_name(levels[index])} out"
    return "leave some of them out"


def _name(level: float) -> str:
    return f"p{100 * level:02.0f}"


def room(
    levels: tuple[float, ...], figures: tuple[float, ...], low: float, high: float, index: int
) -> tuple[float, float] | None:
    """Between which figures that at ``index`` may lie, the others staying, for a smooth distribution; None: nowhere."""
    between = metalog_fit.room(levels, metalog.open_up(np.array(figures), low, high), index)
    if between is None:
        return None
    ends = metalog.close_in(np.array(between), low, high)
    return float(ends[0]), float(ends[1])


def _inside(low: float, high: float, *, percent: bool) -> tuple[str, str]:
    """The ends, rounded inwards to a tenth of their distance or better: what is offered is accepted."""
    from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

    scale = 100 if percent else 1
    margin = (high - low) * 1e-4  # more than the grid of slopes leaves open
    ends = Decimal((low + margin) * scale), Decimal((high - margin) * scale)
    step = Decimal(1).scaleb(((ends[1] - ends[0]) / 10).adjusted())
    up, down = (end.quantize(step, rounding) for end, rounding in zip(ends, (ROUND_CEILING, ROUND_FLOOR), strict=True))
    shown = [
        show(float(end) / scale, percent=percent, digits=max(4, end.adjusted() - step.adjusted() + 1))
        for end in (up, down)
    ]
    return shown[0], shown[1]


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
    names, figures = [_name(level) for level in values["levels"]], values["figures"]
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
        support=lambda levels, figures, low, high, coefficients: (low, high),
        median=_median,
    ),
)


def obvious_bounds(figures: tuple[float, ...], *, percent: bool) -> tuple[float, float]:
    """What a range respects: 0 where all its figures are above it, and 1 as well where all are shares below 100 %."""
    if min(figures) <= 0:
        return -math.inf, math.inf
    return 0.0, 1.0 if percent and max(figures) < 1 else math.inf
