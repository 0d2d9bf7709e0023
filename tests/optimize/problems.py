"""Problems whose best plan is known from outside: response curves, Lagrange's split, dynamic programming."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from leverage.optimize.problem import Array, Problem

Curve = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Curves:
    """One response curve a lever: values and slopes at levels ``(k, ...)``, and the level at which the slope is p."""

    value: Curve
    slope: Curve
    level: Callable[[float], Array]


def columns(x: Array, *constants: Array) -> list[Array]:
    """Constants ``(k,)`` shaped to meet levels ``(k, ...)``."""
    return [constant.reshape((-1,) + (1,) * (x.ndim - 1)) for constant in constants]


def logs(a: Array, h: Array) -> Curves:
    return Curves(
        lambda x: columns(x, a)[0] * np.log1p(x / columns(x, h)[0]),
        lambda x: a / (h + x),
        lambda p: np.maximum(a / p - h, 0.0),
    )


def roots(a: Array, h: Array) -> Curves:
    return Curves(
        lambda x: columns(x, a)[0] * np.sqrt(x / columns(x, h)[0]),
        lambda x: 0.5 * a / np.sqrt(x * h),
        lambda p: (0.5 * a / p) ** 2 / h,
    )


def saturating(a: Array, h: Array) -> Curves:
    return Curves(
        lambda x: -columns(x, a)[0] * np.expm1(-x / columns(x, h)[0]),
        lambda x: a / h * np.exp(-x / h),
        lambda p: h * np.maximum(np.log(a / h / p), 0.0),
    )


def hills(a: Array, h: Array) -> Curves:
    return Curves(
        lambda x: columns(x, a)[0] * x / (columns(x, h)[0] + x),
        lambda x: a * h / (h + x) ** 2,
        lambda p: np.maximum(np.sqrt(a * h / p) - h, 0.0),
    )


def s_curves(a: Array, h: Array, s: Array) -> Curves:
    def share(x: Array) -> Array:
        half, shape = columns(x, h, s)
        return (x / half) ** shape / (1 + (x / half) ** shape)

    def slope(x: Array) -> Array:
        with np.errstate(all="ignore"):  # 0 to a negative power
            return a * s / h * (x / h) ** (s - 1) / (1 + (x / h) ** s) ** 2

    return Curves(lambda x: columns(x, a)[0] * share(x), slope, lambda p: np.full(len(a), np.nan))


CONCAVE = {"logs": logs, "roots": roots, "saturating": saturating, "hills": hills}


def lagrange(curves: Curves, budget: float) -> tuple[Array, float]:
    """The best split of a budget over concave curves, by bisection on the price of money to the last bit."""
    with np.errstate(all="ignore"):  # prices so low or high that levels overflow
        low, high = 1e-150, 1e150
        while True:
            price = float(np.sqrt(low) * np.sqrt(high))
            if not low < price < high:
                return curves.level(high), high
            if curves.level(price).sum() > budget:
                low = price
            else:
                high = price


def split(curves: Curves, budget: float, k: int, **more: Any) -> Problem:
    """A budget over k levers whose responses add up."""
    given: dict[str, Any] = {
        "low": np.zeros(k),
        "high": np.full(k, budget),
        "start": np.full(k, budget / k / 2),
        "value": lambda x: curves.value(x).sum(axis=0),
        "slopes": curves.slope,
        **total(k, budget),
    }
    return Problem(**given | more)


def total(k: int, limit: float) -> dict[str, Any]:
    """The limit on the sum of k levers."""
    return {
        "uses": lambda x: x.sum(axis=0, keepdims=True),
        "use_slopes": lambda x: np.ones((1, k)),
        "limits": np.array([limit]),
    }


def linear(rows: Array, limits: Array) -> dict[str, Any]:
    """Limits on weighted sums of the levers, ``rows`` (r, k)."""
    return {"uses": lambda x: rows @ x, "use_slopes": lambda x: rows, "limits": limits}


def table(curves: Curves, budget: float, cells: int) -> Array:
    """The most that levers bring together with each share of the budget, ``(cells + 1,)``: exact on the grid."""
    spent = np.linspace(0.0, budget, cells + 1)
    k = len(curves.level(1.0))
    best, returns = np.zeros(cells + 1), curves.value(np.tile(spent, (k, 1)))
    for row in returns:
        best = np.array([np.max(best[: c + 1] + row[c::-1]) for c in range(cells + 1)])
    return best
