"""Which levels may a lever take?"""

from __future__ import annotations

import numpy as np

from leverage.optimize.problem import Array, Problem
from leverage.optimize.survey import Survey

GRID = 48  # levels along a lever's reach, as many again along its bounds, and a few towards small moves
STEPS = np.array([-8, -4, -2, -1, 1, 2, 4, 8])


def whole(problem: Problem, lever: int) -> bool:
    """The lever takes separate levels only."""
    return bool(problem.whole) and problem.whole[lever] is not None and problem.whole[lever] is not False


def off(problem: Problem, lever: int) -> Array:
    """The level outside its bounds that a lever may rest at: one or none."""
    level = problem.off[lever] if problem.off else None
    return np.zeros(0) if level is None else np.array([level])


def count(problem: Problem, lever: int) -> float:
    """How many levels a lever may take, infinite for one that moves freely."""
    low, high = problem.low[lever], problem.high[lever]
    if not whole(problem, lever):
        inside = 1.0 if low == high else np.inf
    elif problem.whole[lever] is True:
        inside = max(np.floor(high) - np.ceil(low) + 1, 0.0)
    else:
        inside = float(len(_choices(problem, lever)))
    return float(inside + len(off(problem, lever)))


def every(problem: Problem, lever: int) -> Array:
    """All levels of a lever whose count is finite, ascending."""
    low, high = problem.low[lever], problem.high[lever]
    if not whole(problem, lever):
        inside = np.array([low])
    elif problem.whole[lever] is True:
        inside = np.arange(np.ceil(low), np.floor(high) + 1)
    else:
        inside = _choices(problem, lever)
    return np.unique(np.append(inside, off(problem, lever)))


def grid(problem: Problem, ground: Survey, lever: int) -> Array:
    """Levels to look at, ascending: all of them where they are few, else some all over its bounds and reach."""
    if count(problem, lever) <= 2 * GRID:
        return every(problem, lever)
    low, high = problem.low[lever], problem.high[lever]
    near, far, floor = ground.low[lever], ground.high[lever], ground.floor[lever]
    small = (far - near) * 2.0 ** -np.arange(1, 20)
    kink = problem.kinks[lever] if problem.kinks else None
    marks = [problem.start[lever], floor if kink is None else kink]
    spread = np.linspace(0, 1, GRID + 1)
    levels = np.concatenate(
        [near + spread * (far - near), low + spread * (high - low), floor + small, floor - small, marks]
    )
    inside = np.clip(levels, low, high)
    return np.unique(np.append(snapped(problem, lever, inside), off(problem, lever)))


def snapped(problem: Problem, lever: int, levels: Array) -> Array:
    """The levels, each moved to the nearest that the lever may take within its bounds."""
    if not whole(problem, lever):
        return np.clip(levels, problem.low[lever], problem.high[lever])
    if problem.whole[lever] is True:
        return np.clip(np.rint(levels), np.ceil(problem.low[lever]), np.floor(problem.high[lever]))
    choices = _choices(problem, lever)
    nearest: Array = choices[abs(choices[:, None] - levels).argmin(axis=0)]
    return nearest


def may(problem: Problem, lever: int, level: float) -> bool:
    """The lever may take the level."""
    inside = problem.low[lever] <= level <= problem.high[lever]
    return bool((inside and snapped(problem, lever, np.array([level]))[0] == level) or level in off(problem, lever))


def neighbours(problem: Problem, lever: int, level: float) -> Array:
    """Levels a whole lever may move to from ``level``: all where they are few, else some steps off and both ends."""
    if count(problem, lever) <= 2 * GRID:
        found = every(problem, lever)
    elif problem.whole[lever] is True:
        ends = [np.ceil(problem.low[lever]), np.floor(problem.high[lever])]
        found = np.concatenate([np.clip(np.rint(level) + STEPS, *ends), ends, off(problem, lever)])
    else:
        found = every(problem, lever)
        steps = np.searchsorted(found, level) + np.append(STEPS, [-len(found), len(found)])
        found = found[np.clip(steps, 0, len(found) - 1)]
    return np.unique(found[found != level])


def _choices(problem: Problem, lever: int) -> Array:
    levels = np.unique(np.array(problem.whole[lever], dtype=float))
    inside: Array = levels[(levels >= problem.low[lever]) & (levels <= problem.high[lever])]
    return inside
