"""Where is there room under the limits, and how far may one go from there?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leverage.optimize.problem import SIDE, Array, Function, Mask, Problem
from leverage.optimize.solver import minimize

PARTS = 16  # into which the stretch where a limit is met is cut, again and again, down to the last bit
LADDER = np.concatenate([2.0 ** -np.arange(52.0, 0, -1), 1 - 2.0 ** -np.arange(2.0, 54)])  # fine at both ends
BACK = np.array([0.0, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-9, 1e-6])  # steps back where rounding decides differently
TRIES = 3  # searches for room from other points, where the first one finds none
FAR = 1e6  # a use that is not finite, in sizes of that use


def pulled(problem: Problem, anchor: Array, targets: Array, slack: Array | None = None) -> Array:
    """The targets ``(k, m)``, each drawn back on the straight line to an allowed anchor until no limit is passed.

    ``anchor`` is one point ``(k,)`` or one a target; ``slack`` (r,) may be passed over. A limit that is to be met
    exactly counts as a limit.
    """
    slack = np.zeros(len(problem.limits)) if slack is None else slack
    back: Mask = np.logical_not(under(problem, targets, slack))
    if not back.any():
        return targets
    anchors = np.broadcast_to(anchor[:, None] if anchor.ndim == 1 else anchor, targets.shape)[:, back]
    step = targets[:, back] - anchors

    def at(shares: Array) -> Array:
        points = anchors[:, :, None] + step[:, :, None] * shares
        return np.clip(points, problem.low[:, None, None], problem.high[:, None, None])

    def last(shares: Array) -> NDArray[np.intp]:
        fine = under(problem, at(shares).reshape(len(step), -1), slack).reshape(-1, shares.shape[1])
        place: NDArray[np.intp] = np.where(fine.any(axis=1), shares.shape[1] - 1 - fine[:, ::-1].argmax(axis=1), 0)
        return place

    rungs = np.concatenate([[0.0], LADDER, [1.0]])
    low = rungs[last(np.broadcast_to(rungs[:-1], (step.shape[1], len(rungs) - 1)))]
    width = rungs[np.searchsorted(rungs, low) + 1] - low
    while ((width > 2.0**-54 * low) & (low > 0)).any():
        width = width / PARTS
        low = low + width * last(low[:, None] + width[:, None] * np.arange(PARTS))
    ends = at(low[:, None] * (1 - BACK))
    fine = under(problem, ends.reshape(len(step), -1), slack).reshape(ends.shape[1:])
    drawn = ends[:, np.arange(len(low)), fine.argmax(axis=1)]
    found = targets.copy()
    found[:, back] = np.where(fine.any(axis=1), drawn, anchors)
    return found


def under(problem: Problem, points: Array, slack: Array | float = 0.0) -> Mask:
    """Which of the points ``(k, m)`` pass no limit by more than ``slack`` (r,)."""
    allowed: Mask = np.less_equal(problem.excess(points), np.reshape(slack, (-1, 1))).all(axis=0)
    return allowed


def alone(point: Array, levels: Array) -> Array:
    """The point with one lever after the other at its own of the levels, ``(k, k)``."""
    points = np.repeat(point[:, None], len(point), axis=1)
    np.fill_diagonal(points, levels)
    return points


def most_room(problem: Problem, points: Array, size: Array, *, thorough: bool = True) -> Array:
    """The point with the most room under all limits, counted in ``size`` (r,); the least broken if none is allowed.

    Levers are first set one by one, which settles uses that add up; a ``thorough`` search goes on from there.
    """
    if not len(problem.limits):
        return np.clip(problem.start, problem.low, problem.high)

    def shortage(x: Array) -> Array:
        worst: Array = (problem.excess(x) / size[:, None]).max(axis=0)
        return worst

    best = points[:, shortage(points).argmin()]
    for _ in range(2):
        best = _one_by_one(problem, best, shortage)
    if not thorough or (len(problem.limits) == 1 and shortage(best[:, None])[0] < 0):
        return best
    order = np.argsort(shortage(points), kind="stable")[:TRIES]
    for start in np.column_stack([best, points[:, order]]).T:
        found = _searched(problem, start, size)
        if shortage(found[:, None])[0] < shortage(best[:, None])[0]:
            best = found
        if shortage(best[:, None])[0] < 0:
            break
    return best


def _one_by_one(problem: Problem, x: Array, shortage: Function) -> Array:
    """Each lever at the end, kink or today's level that leaves most room: all of them, or the best one alone."""
    kinks = np.array([np.nan if kink is None else kink for kink in problem.kinks or (None,) * len(x)])
    ends = np.array([x, problem.low, problem.high, problem.start, np.where(np.isnan(kinks), x, kinks)])
    levels = np.clip(ends, problem.low, problem.high)
    points = np.column_stack([alone(x, row) for row in levels])
    short = shortage(points).reshape(len(levels), len(x))
    together = levels[short.argmin(axis=0), np.arange(len(x))]
    choice = np.column_stack([x, together, points[:, short.argmin()]])
    best: Array = choice[:, shortage(choice).argmin()]
    return best


def _searched(problem: Problem, x: Array, size: Array) -> Array:
    """Push the largest shortage t down: min t so that (use - limit) / size <= t for every limit."""
    span = np.where(problem.high > problem.low, problem.high - problem.low, 0.0)
    kinks = np.array([np.nan if kink is None else kink for kink in problem.kinks or (None,) * len(x)])

    def level(z: Array) -> Array:
        x: Array = np.clip(problem.low + z[:-1] * span, problem.low, problem.high)
        return x

    def room(z: Array) -> Array:
        left: Array = z[-1] - np.minimum(problem.excess(level(z)[:, None])[:, 0] / size, FAR)
        return left

    def slopes(z: Array) -> Array:
        at = level(z)
        at = np.where(abs(at - kinks) < SIDE * span, at + SIDE * span, at)
        with np.errstate(all="ignore"):  # the edge of a formula's domain: a slope that is not finite counts as 0
            rise = problem.use_slopes(at) * span / size[:, None]
        return np.column_stack([-np.where(np.isfinite(rise), rise, 0.0), np.ones(len(size))])

    z = np.append(np.divide(x - problem.low, span, out=np.zeros_like(x), where=span > 0), 0.0)
    z[-1] = -room(z).min()
    low, high = np.append(np.zeros(len(x)), -10.0), np.append(np.sign(span), max(z[-1], 0.0) + 1.0)
    last = np.append(np.zeros(len(x)), 1.0)
    end = minimize(lambda z: float(z[-1]), lambda _: last, z, low, high, above=(room, slopes), accuracy=1e-9, steps=50)
    return level(end)
