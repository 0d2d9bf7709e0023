"""Which metalog passes through given quantiles, whether it is a distribution, and what would have to move for it.

Source: T. W. Keelin 2016, The Metalog Distributions, Decision Analysis 13(4).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from leverage.tree.metalog import Array, basis, centre, slope_basis

STEEPEST = 1.6671131192019299  # |a3 / a2| of a 3-term metalog stays below: 1 / max(c + t (1/4 - c^2)), at c t = 1
GRID = np.linspace(-40.0, 40.0, 8001)  # of t, for the slope; beyond, M is a straight line in floats
MISFIT = 1e-9  # of the spread of the quantiles: more, and the fit is none


def fit(levels: tuple[float, ...], m: Array) -> Array | None:
    """Coefficients of the metalog through the figures ``m`` (without bounds) at the levels, or None: none rises.

    Three terms round the median have a closed form, and pass through it to the last bit.
    """
    if len(levels) == 3 and levels[1] == 0.5:
        p = np.array(levels)[[0, 2]]
        rise, c = (m[[0, 2]] - m[1]) / np.log(p / (1 - p)), p - 0.5
        a3 = (rise[1] - rise[0]) / (c[1] - c[0])
        a = np.array([m[1], rise[0] - a3 * c[0], a3])
    else:
        found = solved(levels, m[:, None])
        if found is None:
            return None
        a = found[:, 0]
    return a if rises(a) else None


def solved(levels: tuple[float, ...], m: Array, misfit: float = MISFIT) -> Array | None:
    """Coefficients of metalogs through the figures in each column of m, or None where they are lost in rounding.

    Levels that mirror each other part the terms into odd and even ones. With 7, 11, 15, ... of them the last term is
    one odd too many, and nothing determines it: the next term, an even one, stands in for it.
    """
    p, n = np.array(levels), len(levels)
    mirrored = n > 3 and n % 4 == 3 and np.allclose(p + p[::-1], 1, atol=1e-9)
    terms = [*range(n - 1), n] if mirrored else list(range(n))
    matrix = basis(p - 0.5, np.log(p / (1 - p)), terms[-1] + 1)[:, terms]
    try:
        found = np.linalg.solve(matrix, m)
    except np.linalg.LinAlgError:
        return None
    if not np.max(np.abs(matrix @ found - m)) <= misfit * np.ptp(m):
        return None
    a = np.zeros((terms[-1] + 1, m.shape[1]))
    a[terms] = found
    return a


def rises(a: Array) -> bool:
    """The quantile function of these coefficients rises everywhere, so it is one."""
    if len(a) == 3:
        return bool(a[1] > 0 and abs(a[2]) < STEEPEST * a[1])
    return bool(np.all(slopes(len(a)) @ a > 0))


def room(levels: tuple[float, ...], m: Array, index: int) -> tuple[float, float] | None:
    """Between which figures the one at ``index`` may lie, all others staying, for a metalog to exist; None: nowhere.

    The slope at every point is linear in each figure, so every point of the grid allows a half-line.
    """
    found = solved(levels, np.stack([m, np.eye(len(levels))[index]], axis=-1))
    if found is None:
        return None
    slope, gain = (slopes(len(found)) @ found).T
    if np.any((gain == 0) & (slope <= 0)):
        return None
    up, down = gain > 0, gain < 0
    low = np.max(m[index] - slope[up] / gain[up], initial=-np.inf)
    high = np.min(m[index] - slope[down] / gain[down], initial=np.inf)
    return (float(low), float(high)) if low < high else None


@lru_cache(maxsize=8)
def slopes(n: int) -> Array:
    """dM/dt by coefficient on the grid and at both ends, where it is s."""
    inner = slope_basis(centre(GRID), GRID, n)
    ends = slope_basis(np.array([-0.5, 0.5]), np.zeros(2), n)
    return np.concatenate([inner, ends])
