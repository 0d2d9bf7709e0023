"""Which plans are one or two moves away? A move takes a whole lever to another level, or a lever to rest or to work."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from leverage.optimize import levels
from leverage.optimize.problem import Array, Mask, Problem
from leverage.optimize.room import pulled
from leverage.optimize.starts import far_ends
from leverage.optimize.survey import Survey

Move = tuple[int, float]  # a lever and the level that it is taken to

PAIRED = 110  # moves that take part in pairs: some 6,000 pairs


def moved(problem: Problem, ground: Survey, x: Array) -> Array:
    """The plans ``(k, n)`` that are one move away from x, or two of the nearer ones."""
    single = [_moves(problem, ground, lever, x[lever]) for lever in range(len(x))]
    some = max(PAIRED // max(len(x), 1), 2)
    near = [move for moves in single for move in sorted(moves, key=lambda move: abs(move[1] - x[move[0]]))[:some]]
    pairs = [pair for pair in combinations(near, 2) if pair[0][0] != pair[1][0]]
    plans = [*((move,) for moves in single for move in moves), *pairs]
    points = np.repeat(x[:, None], len(plans), axis=1)
    for column, moves in enumerate(plans):
        for lever, level in moves:
            points[lever, column] = level
    return points


def adapted(problem: Problem, relaxed: Problem, ground: Survey, points: Array) -> Array:
    """The plans with their free levers drawn back to the limits, or moved on to them where something is left."""
    moves = free(problem)[:, None] & (points >= problem.low[:, None]) & (points <= problem.high[:, None])
    ends = (ground.floor, far_ends(relaxed, ground))
    inside, far = (np.clip(end, problem.low, problem.high)[:, None] for end in ends)
    back = pulled(relaxed, np.where(moves, inside, points), points)
    on = pulled(relaxed, back, np.where(moves, far, points))
    return np.where(relaxed.goals(on) > relaxed.goals(back), on, back)


def free(problem: Problem) -> Mask:
    """Levers that move freely between their bounds, ``(k,)``."""
    stepless = [not levels.whole(problem, lever) for lever in range(len(problem.low))]
    moves: Mask = np.array(stepless, dtype=bool) & (problem.high > problem.low)
    return moves


def _moves(problem: Problem, ground: Survey, lever: int, level: float) -> list[Move]:
    low, high, rests = problem.low[lever], problem.high[lever], levels.off(problem, lever)
    if levels.whole(problem, lever):
        reached = levels.neighbours(problem, lever, level)
    elif low <= level <= high:
        reached = rests
    else:  # at rest: to work at a little, at half or at all of its reach
        near, far = ground.low[lever], ground.high[lever]
        reached = np.unique(np.clip([near, (near + far) / 2, far], low, high))
    return [(lever, float(one)) for one in reached]
