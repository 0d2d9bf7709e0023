"""Exact slopes made safe to follow: finite, and at a kink those of the side that is asked for."""

from __future__ import annotations

import numpy as np

from leverage.optimize.problem import NUDGE, SIDE, Array, Problem
from leverage.optimize.survey import Survey

STEEPEST = 1e8  # in sizes of the goal per size of the lever: steeper is as good as infinite


def gradient(problem: Problem, ground: Survey, x: Array) -> Array:
    """The goal's slopes at x ``(k,)``, finite: where one is not, it is read a little way inside; failing that, it is 0.

    The slope of a square root at 0 is infinite. Taken as 0 it would say that the first money brings nothing.
    """
    with np.errstate(all="ignore"):  # slopes at the edge of a domain are mended below
        slopes = problem.slopes(x)
        if not np.isfinite(slopes).all():
            middle = (ground.low + ground.high) / 2
            inside = x + np.sign(middle - x) * np.minimum(NUDGE * ground.level, abs(middle - x))
            slopes = np.where(np.isfinite(slopes), slopes, problem.slopes(inside))
    most = STEEPEST * ground.goal / ground.level
    return np.clip(np.where(np.isfinite(slopes), slopes, 0.0), -most, most)


def use_gradient(problem: Problem, ground: Survey, x: Array, side: Array) -> Array:
    """The uses' slopes at x, ``(r, k)``; at kinks those of ``side`` (k,): +1 above, -1 below."""
    with np.errstate(all="ignore"):  # a slope that is not finite counts as 0
        slopes = problem.use_slopes(beside(problem, ground, x, side))
    return np.where(np.isfinite(slopes), slopes, 0.0)


def beside(problem: Problem, ground: Survey, x: Array, side: Array) -> Array:
    """The point moved off the kinks on which it stands, to the given side of each."""
    return np.where(at_kink(problem, ground, x), bases(problem) + side * SIDE * ground.level, x)


def at_kink(problem: Problem, ground: Survey, x: Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which levers stand on their kink."""
    stands: np.ndarray[tuple[int], np.dtype[np.bool_]] = abs(x - bases(problem)) < SIDE * ground.level
    return stands


def bases(problem: Problem) -> Array:
    """Each lever's kink, ``(k,)``; NaN where it has none inside its bounds."""
    kinks = problem.kinks or (None,) * len(problem.low)
    level = np.array([np.nan if kink is None else kink for kink in kinks])
    return np.where((problem.low < level) & (level < problem.high), level, np.nan)
