"""Would another course over time do better? Each lever takes its whole course from one plan or another, or rests.

A course pays in full or not at all where a response is S-shaped or what was spent works on, so that levers moved one
period at a time see none of it. Dynamic programming over the money chooses among the courses that climbs have found,
each at many heights; where levers add up, the best of all these combinations.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from leverage.optimize.apart import best_apart
from leverage.optimize.problem import Array, Problem
from leverage.optimize.room import pulled
from leverage.optimize.survey import Survey

HEIGHTS = np.array([0.25, 0.5, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 1.0, 1.03, 1.06, 1.1, 1.2, 1.35, 1.6])  # of a course
CELLS = 2048  # of the money, the last bit of which is left to the climb
SPENT = (1.0, 0.98, 0.96, 0.94)  # of the money: less leaves the climb that follows room to even things out


def courses(problem: Problem, ground: Survey, x: Array, others: Iterable[Array]) -> Array:
    """Plans ``(k, n)`` put together from the courses of x (k,) and of other plans; none where levers have no course."""
    if len(problem.flights) < 2 or len(problem.flights) == len(x):
        return np.zeros((len(x), 0))
    known = np.array([x, *others]).T
    parts = [_heights(problem, ground, known, flight) for flight in problem.flights]
    ends = np.cumsum([part.shape[1] for part in parts])
    points = np.repeat(x[:, None], ends[-1], axis=1)
    for flight, part, end in zip(problem.flights, parts, ends, strict=True):
        points[flight, end - part.shape[1] : end] = part
    over = problem.excess(np.column_stack([x, points])) / ground.use[:, None]
    costs, room = (over[:, 1:] - over[:, :1]).sum(axis=0), float(-over[:, 0].sum())
    gains = problem.goals(points) - problem.goal(x)
    split = np.split(gains, ends[:-1]), np.split(costs, ends[:-1])
    least, found = sum(float(cost.min()) for cost in split[1]), []
    for share in SPENT:
        picks = best_apart(*split, least + share * (room - least), cells=CELLS)
        if picks is not None:
            plan = x.copy()
            for flight, part, pick in zip(problem.flights, parts, picks, strict=True):
                plan[flight] = part[:, pick]
            found.append(plan)
    return pulled(problem, ground.floor, np.array(found).reshape(-1, len(x)).T)


def _heights(problem: Problem, ground: Survey, known: Array, flight: NDArray[np.intp]) -> Array:
    """The courses of one lever ``(t, n)``: as each plan has them at each height, and at rest."""
    floor = ground.floor[flight, None]
    moved = known[flight] - floor
    grown = (floor[:, :, None] + moved[:, :, None] * HEIGHTS).reshape(len(flight), -1)
    inside = np.clip(grown, problem.low[flight, None], problem.high[flight, None])
    return np.unique(np.column_stack([floor, inside]), axis=1)
