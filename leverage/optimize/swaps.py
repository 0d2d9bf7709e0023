"""Would another set of levers do better? One is put to rest, another is raised, and the others share what is left.

S-curves pay in full or not at all, so that the road from one good set of levers to a better one leads through worse
plans, and no slope points along it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leverage.optimize.problem import Array, Problem
from leverage.optimize.room import pulled
from leverage.optimize.slopes import use_gradient
from leverage.optimize.starts import APART, far_ends
from leverage.optimize.survey import Survey

HEIGHTS = np.array(
    [0.0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.75, 1.0]
)  # of the reach of the lever raised
CHOSEN = 24
MOST = 1600  # pairs looked at
NONE = -1
MOST_SHARE = 1e9


def swaps(problem: Problem, ground: Survey, x: Array) -> Array:
    """The most promising plans ``(k, n)`` that put one lever of x to rest, raise another, or both."""
    pairs = _pairs(ground, x)
    if not len(problem.limits) or not len(pairs):
        return np.zeros((len(x), 0))
    points = _shared(problem, ground, x, pairs)
    over = (problem.excess(points.reshape(len(x), -1)) / ground.use[:, None]).max(axis=0)
    goals = np.where(over <= 1e-6, problem.goals(points.reshape(len(x), -1)), -np.inf).reshape(points.shape[1:])
    with np.errstate(invalid="ignore"):  # two heights that are not allowed
        rises = np.diff(goals, axis=1, prepend=-np.inf) > 0  # a height that is only the least of evils is none
    rises[:, 0] = pairs[:, 1] == NONE
    goals = np.where(rises, goals, -np.inf)
    height = goals.argmax(axis=1)
    reached = goals[np.arange(len(pairs)), height]
    chosen = np.argsort(-reached, kind="stable")[:CHOSEN]
    chosen = chosen[np.isfinite(reached[chosen])]
    return pulled(problem, ground.floor, points[:, chosen, height[chosen]])


def _pairs(ground: Survey, x: Array) -> NDArray[np.intp]:
    """The lever put to rest and the lever raised, ``(p, 2)``, -1 for none; one at work is raised for another only."""
    working = abs(x - ground.floor) > APART * ground.level
    order = np.argsort(-abs(x - ground.floor) / ground.level, kind="stable")
    resting = [j for j in order if not working[j]]
    found = [(rest, NONE) for rest in order if working[rest]] + [(NONE, lift) for lift in resting]
    found += [
        (rest, lift) for lift in [*resting, *order[working[order]]] for rest in order if working[rest] and rest != lift
    ]
    return np.array(found[:MOST], dtype=np.intp).reshape(-1, 2)


def _shared(problem: Problem, ground: Survey, x: Array, pairs: NDArray[np.intp]) -> Array:
    """The plans ``(k, p, heights)``; levers in neither part share what is left of the tightest limit in proportion."""
    over = problem.excess(x[:, None])[:, 0]
    tight = int((over / ground.use).argmax())
    rates = use_gradient(problem, ground, x, np.ones(len(x)))[tight]
    moved, way = x - ground.floor, far_ends(problem, ground) - ground.floor
    rows, (rest, lift) = np.arange(len(x))[:, None], pairs.T
    others = np.where((rows == rest) | (rows == lift), 0.0, moved[:, None])
    raised = np.where(rows == lift, way[:, None], 0.0)
    left = rates @ moved - over[tight] - (rates @ raised)[:, None] * HEIGHTS
    with np.errstate(all="ignore"):  # where the others use nothing there is nothing to share among them
        share = np.where((rates @ others)[:, None] > 0, left / (rates @ others)[:, None], 1.0)
    share = np.clip(share, 0.0, MOST_SHARE)
    points = ground.floor[:, None, None] + others[:, :, None] * share + raised[:, :, None] * HEIGHTS
    within: Array = np.clip(points, problem.low[:, None, None], problem.high[:, None, None])
    return within
