"""How is a plan made to keep every limit, to the last bit?"""

from __future__ import annotations

import numpy as np

from leverage.optimize.problem import NEAR, Array, Mask, Problem
from leverage.optimize.room import BACK, pulled, under
from leverage.optimize.slopes import use_gradient
from leverage.optimize.survey import Survey

MARGINS = (0.0, 3e-16, 1e-15, 1e-14, 1e-13, 1e-12)  # of a use: aimed this far below a limit, until it is not passed
STEPS = 12


def settled(problem: Problem, ground: Survey, x: Array) -> Array:
    """The point x ``(k,)`` moved by as little as makes it keep bounds and limits, where it can be."""
    x = np.clip(x, problem.low, problem.high)
    if problem.exact.any():
        met = _met(problem, ground, x)
        if not missed(problem, ground, met[:, None])[0]:
            return met
    x = pulled(problem, ground.floor, x[:, None])[:, 0]
    for share in BACK:  # a sum over many points at once may round differently from the sum over one
        found = ground.floor + (1 - share) * (x - ground.floor) if share else x
        if under(problem, found[:, None])[0]:
            return found
    return x


def missed(problem: Problem, ground: Survey, points: Array) -> Array:
    """By how much points ``(k, m)`` miss the limits in all, in sizes of the uses, ``(m,)``; 0 where all hold."""
    total: Array = (broken(problem, ground, points) / ground.use[:, None]).sum(axis=0)
    return total


def broken(problem: Problem, ground: Survey, points: Array) -> Array:
    """By how much points ``(k, m)`` miss each limit, ``(r, m)`` in its own unit; 0 where it holds."""
    over = problem.excess(points)
    short = np.where(problem.exact[:, None], -over - NEAR * ground.use[:, None], 0.0)
    return np.maximum(np.maximum(over, short), 0.0)


def _met(problem: Problem, ground: Survey, x: Array) -> Array:
    """Newton's steps, as short as can be, onto the limits that are to be met exactly, and off those that are passed."""
    for margin in MARGINS:
        found = x
        for _ in range(STEPS):
            over = problem.excess(found[:, None])[:, 0] / ground.use + margin
            rows = problem.exact | (over > 0)
            if not np.isfinite(over).all() or abs(over[rows]).max() <= 1e-16:
                break
            found = _step(problem, ground, found, rows, -over[rows])
        left = missed(problem, ground, found[:, None])[0]
        if left == 0:
            return found
        if left > NEAR:  # no rounding, but nothing that these steps can mend
            break
    return x


def _step(problem: Problem, ground: Survey, x: Array, rows: Mask, wanted: Array) -> Array:
    slopes = use_gradient(problem, ground, x, np.ones(len(x)))[rows] * ground.level / ground.use[rows, None]
    free, moved = problem.high > problem.low, x
    while free.any():  # a lever that runs into its bound stays there, and the others make up for it
        step = np.zeros(len(x))
        step[free] = np.linalg.lstsq(slopes[:, free], wanted, rcond=None)[0]
        moved = x + step * ground.level
        stuck = free & ((moved < problem.low) & (x <= problem.low) | (moved > problem.high) & (x >= problem.high))
        if not stuck.any():
            break
        free &= ~stuck
    return np.clip(moved, problem.low, problem.high)
