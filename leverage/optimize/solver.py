"""The local solver: sequential quadratic programming (SLSQP) on numbers that are all about 1 in size."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from leverage.optimize.problem import Array

Rows = tuple[Callable[[Array], Array], Callable[[Array], Array]]


def minimize(
    value: Callable[[Array], float],
    slopes: Callable[[Array], Array],
    start: Array,
    low: Array,
    high: Array,
    *,
    above: Rows | None = None,
    zero: Rows | None = None,
    accuracy: float = 1e-12,
    steps: int = 100,
) -> Array:
    """Where the search from ``start`` ends: rows ``above`` are kept >= 0 and rows ``zero`` at 0, to the accuracy.

    Its own verdict is not asked for: callers judge the point by what it brings.
    """
    from scipy import optimize  # takes longer to load than most models to run

    rows = [{"type": kind, "fun": rows[0], "jac": rows[1]} for kind, rows in (("ineq", above), ("eq", zero)) if rows]
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # a step past a bound is clipped, and the solver says so each time
        found = optimize.minimize(
            value,
            np.clip(start, low, high),
            jac=slopes,
            method="SLSQP",
            bounds=optimize.Bounds(low, high),
            constraints=rows,
            options={"ftol": accuracy, "maxiter": steps},
        )
    x: Array = np.where(np.isfinite(found.x), found.x, start)
    return np.clip(x, low, high)
