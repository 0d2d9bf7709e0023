"""Which whole steps, and which levers at rest? All combinations where they are few; else exchanges of one or two.

A lever that takes separate levels, or may rest outside its bounds, has no slope to follow from one to the next. Its
level is chosen by trying, and the levers that move freely are set anew each time.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from leverage.errors import LeverageError
from leverage.optimize import levels, smooth
from leverage.optimize.apart import plans
from leverage.optimize.climb import climb
from leverage.optimize.moves import adapted, free, moved
from leverage.optimize.plan import Plan, judged, planned, top
from leverage.optimize.problem import Array, Problem
from leverage.optimize.room import most_room, pulled, under
from leverage.optimize.settle import missed
from leverage.optimize.starts import mixes
from leverage.optimize.starts import starts as set_out
from leverage.optimize.survey import Survey

ALL = 4096  # combinations: up to here every one is tried
SOLVED = 4  # of the most promising exchanges the free levers are set anew
ROUNDS = 60
JUDGED = 100  # of the best-looking plans, one by one
SEEDS = 4  # plans from which exchanges set out, where free levers must be set anew each time


class NoLevel(LeverageError):
    """A whole lever with no level between its bounds."""

    def __init__(self, lever: int, low: float, high: float) -> None:
        super().__init__(f"lever {lever} may take no level from {low:g} to {high:g}; widen its bounds or its choices")


def combinations(problem: Problem) -> float:
    """How many plans there are, infinite where a lever moves freely."""
    counts = [levels.count(problem, lever) for lever in range(len(problem.low))]
    if 0 in counts:
        lever = counts.index(0)
        raise NoLevel(lever, problem.low[lever], problem.high[lever])
    return math.prod(counts)


def enumerated(problem: Problem, ground: Survey) -> Plan:
    """The best of all combinations."""
    points = np.zeros((0, 1))
    for lever in range(len(problem.low)):
        own = levels.every(problem, lever)
        points = np.vstack([np.repeat(points, len(own), axis=1), np.tile(own, points.shape[1])])
    return _best_of(problem, ground, points)


def relaxed(problem: Problem) -> Problem:
    """The problem with every lever free to move between its outermost levels."""
    rests = [levels.off(problem, lever) for lever in range(len(problem.low))]
    low = np.array([min([bound, *rest]) for bound, rest in zip(problem.low, rests, strict=True)])
    high = np.array([max([bound, *rest]) for bound, rest in zip(problem.high, rests, strict=True)])
    return replace(problem, low=low, high=high, whole=(), off=())


def pinned(problem: Problem) -> Problem:
    """The problem with each whole lever that has a single level held there, and free from being whole."""
    one = [levels.whole(problem, j) and levels.count(problem, j) == 1 for j in range(len(problem.low))]
    if not any(one):
        return problem
    only = [float(levels.every(problem, j)[0]) if held else 0.0 for j, held in enumerate(one)]
    return replace(
        problem,
        low=np.where(one, only, problem.low),
        high=np.where(one, only, problem.high),
        whole=tuple(None if held else kind for held, kind in zip(one, problem.whole, strict=True)),
        off=tuple(None if held else rest for held, rest in zip(one, problem.off, strict=True)) if problem.off else (),
    )


def best(problem: Problem, ground: Survey, *, starts: int, seed: int) -> tuple[Plan, list[Plan]]:
    """The best plan found, and where each seed's exchanges ended; ``ground`` is that of the relaxed problem."""
    loose = relaxed(problem)
    ideal, _ = smooth.best(loose, ground, set_out(loose, ground, max(starts // 3, 2), seed), seed=seed)
    if ideal.missed > 0:  # not even with every lever free
        nearest = _quick(problem, ground, _snapped(problem, ideal.x))
        return nearest, [nearest]
    references = [ideal.x, mixes(loose, ground, seed)[:, 0], np.clip(problem.start, loose.low, loose.high)]
    seeds = np.column_stack([*(plans(problem, ground, x) for x in references), *(x[:, None] for x in references)])
    seeds = np.unique(np.column_stack([_snapped(problem, x) for x in seeds.T]), axis=1)
    ready = sorted((_quick(problem, ground, x) for x in seeds.T), key=lambda plan: (plan.missed, -plan.goal))
    most = min(starts, SEEDS) if free(problem).any() else starts
    ends = [_exchanged(problem, loose, ground, plan) for plan in ready[:most]]
    found = top(ends)
    again = [_quick(problem, ground, _snapped(problem, x)) for x in plans(problem, ground, found.x).T]
    found = top([found, *(_exchanged(problem, loose, ground, plan) for plan in again if plan.beats(found))])
    return _thorough(problem, ground, found, starts, seed), ends


def _snapped(problem: Problem, x: Array) -> Array:
    """The nearest plan whose every lever is at a level that it may take."""
    snapped = x.copy()
    for lever, level in enumerate(x):
        near = np.append(levels.snapped(problem, lever, x[[lever]]), levels.off(problem, lever))
        snapped[lever] = near[abs(near - level).argmin()]
    return snapped


def held(problem: Problem, ground: Survey, x: Array) -> tuple[Problem, Survey]:
    """The problem of the levers that move freely at x, all others held there."""
    moves = free(problem) & (problem.low <= x) & (x <= problem.high)
    low, high = np.where(moves, problem.low, x), np.where(moves, problem.high, x)
    rest = replace(problem, low=low, high=high, whole=(), off=())
    floor = np.clip(ground.floor, low, high)
    if moves.any() and not under(rest, floor[:, None])[0]:
        floor = most_room(rest, np.column_stack([floor, x, low, high]), ground.use, thorough=False)
    return rest, replace(ground, floor=floor, low=np.clip(ground.low, low, high), high=np.clip(ground.high, low, high))


def _quick(problem: Problem, ground: Survey, x: Array) -> Plan:
    """The plan with the whole levers of x, its free levers set anew by one climb."""
    rest, near = held(problem, ground, x)
    if (rest.low == rest.high).all():
        return judged(problem, ground, x)
    start = pulled(rest, near.floor, x[:, None])[:, 0]
    return top([planned(rest, near, climb(rest, near, start)), planned(rest, near, start)])


def _thorough(problem: Problem, ground: Survey, plan: Plan, starts: int, seed: int) -> Plan:
    """The plan with its free levers set anew by every means."""
    rest, near = held(problem, ground, plan.x)
    if (rest.low == rest.high).all():
        return plan
    again = np.column_stack([plan.x, set_out(rest, near, starts, seed)])
    return top([plan, smooth.best(rest, near, again, seed=seed)[0]])


def _exchanged(problem: Problem, loose: Problem, ground: Survey, plan: Plan) -> Plan:
    """The plan bettered by moving one or two levers at a time, until no such move betters it."""
    for _ in range(ROUNDS):
        points = moved(problem, ground, plan.x)
        if not points.shape[1]:
            break
        if free(problem).any():
            points = adapted(problem, loose, ground, points)
            order = np.lexsort((-problem.goals(points), missed(problem, ground, points)))[:SOLVED]
            better = top(_quick(problem, ground, x) for x in points[:, order].T)
        else:
            better = _best_of(problem, ground, points)
        if not better.beats(plan):
            break
        plan = better
    return plan


def _best_of(problem: Problem, ground: Survey, points: Array) -> Plan:
    """The best of the plans. Each is judged alone before it is taken: rounding may differ from that of many at once."""
    order = np.lexsort((-problem.goals(points), missed(problem, ground, points)))[:JUDGED]
    found = (judged(problem, ground, x) for x in points[:, order].T)
    return next((plan for plan in found if plan.missed == 0), judged(problem, ground, points[:, order[0]]))
