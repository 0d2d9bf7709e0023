"""Where does a search set out? From today, and from plans that spend what there is in many different ways."""

from __future__ import annotations

import numpy as np

from leverage.optimize.apart import plans
from leverage.optimize.problem import Array, Problem
from leverage.optimize.room import alone, pulled, under
from leverage.optimize.survey import Survey

GROWTH = 2.0 ** np.arange(-10, 11)  # of a mix, until a limit is met
MIXES = 16
APART = 1e-3  # of the reach: starts nearer than this to each other are one


def starts(problem: Problem, ground: Survey, count: int, seed: int) -> Array:
    """Up to ``count`` starts ``(k, n)`` within bounds and limits, the most promising first.

    Today, the best plans if levers acted alone, and the equal split always; then each lever alone, mixes and corners,
    by the goal that they reach.
    """
    today = pulled(problem, ground.floor, np.clip(problem.start, problem.low, problem.high)[:, None])
    spent = mixes(problem, ground, seed)
    best = [plans(problem, ground, reference) for reference in (spent[:, 0], today[:, 0])]
    sure = np.column_stack([best[0], today, spent[:, :1], best[1]])
    corners = np.column_stack([problem.low, problem.high, (problem.low + problem.high) / 2, ground.floor])
    rest = np.column_stack([spent[:, 1:], corners])
    ready = pulled(problem, ground.floor, np.column_stack([sure, rest]))
    goals = problem.goals(ready[:, sure.shape[1] :])
    order = np.append(np.arange(sure.shape[1]), sure.shape[1] + np.argsort(-goals, kind="stable"))
    return distinct(ready[:, order], ground.level, count)


def mixes(problem: Problem, ground: Survey, seed: int) -> Array:
    """Plans ``(k, n)`` grown from the floor until a limit or all bounds are met: equal split, one lever each, mixes."""
    k, rng = len(ground.floor), np.random.default_rng(seed)
    uneven = rng.dirichlet(np.ones(k), MIXES // 2).T
    few = rng.dirichlet(np.full(k, 1.0 / k), MIXES // 2).T
    shares = np.column_stack([np.full(k, 1.0 / k), np.eye(k), uneven, few])
    way = far_ends(problem, ground) - ground.floor
    grown = ground.floor[:, None, None] + way[:, None, None] * np.minimum(shares[:, :, None] * GROWTH, 1.0)
    points = np.clip(grown, problem.low[:, None, None], problem.high[:, None, None])
    fine = under(problem, points.reshape(k, -1)).reshape(points.shape[1:])
    last = np.where(fine.any(axis=1), len(GROWTH) - 1 - fine[:, ::-1].argmax(axis=1), 0)
    row = np.arange(points.shape[1])
    return pulled(problem, points[:, row, last], points[:, row, np.minimum(last + 1, len(GROWTH) - 1)])


def far_ends(problem: Problem, ground: Survey) -> Array:
    """The end of its reach to which each lever is best moved from the floor; the farther one where both are alike."""
    low, high = (problem.goals(alone(ground.floor, ends)) for ends in (ground.low, ground.high))
    farther = ground.high - ground.floor >= ground.floor - ground.low
    return np.where((high > low) | (farther & ~(low > high)), ground.high, ground.low)


def distinct(points: Array, size: Array, count: int) -> Array:
    """The first ``count`` of the points ``(k, n)`` that differ from each other."""
    chosen: list[Array] = []
    for x in points.T:
        if len(chosen) < count and all((abs(x - other) > APART * size).any() for other in chosen):
            chosen.append(x)
    return np.array(chosen).reshape(-1, len(points)).T
