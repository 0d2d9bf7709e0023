"""What must a search know before it starts? Where there is room, how far levers reach, and how large things are.

Every step of the search is measured in these sizes, so that counting in cents or in billions changes no plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leverage.optimize.problem import Array, Problem
from leverage.optimize.room import alone, most_room, pulled

SAMPLES = 32
NOISE = 1e-13  # differences below this share of the figures themselves are rounding


@dataclass(frozen=True, eq=False)
class Survey:
    """The ground: a point with room, the levers' reach, and the sizes of moves, goal and uses."""

    floor: Array  # (k,), the point with the most room under the limits; the least broken one where none is allowed
    low: Array  # (k,), how far down each lever may go alone from the floor
    high: Array  # (k,), and how far up
    level: Array  # (k,), the size of a lever's moves, > 0
    goal: float  # the size of the goal's differences, > 0
    use: Array  # (r,), the size of the uses' differences, > 0


def survey(problem: Problem, *, seed: int = 0) -> Survey:
    """Look the ground over with a few dozen points."""
    today, shares = np.clip(problem.start, problem.low, problem.high), spread(len(problem.low), seed)
    points = _between(problem.low, problem.high, shares)
    floor = most_room(problem, np.column_stack([points, today]), _sizes(problem.excess(points)))
    low, high = _reach(problem, floor)
    span = problem.high - problem.low
    level = np.where(high > low, high - low, np.where(span > 0, span, 1.0))
    near = np.column_stack([floor, today, _between(low, high, shares), alone(floor, low), alone(floor, high)])
    goal = problem.goals(pulled(problem, floor, near))
    return Survey(floor, low, high, level, float(_sizes(goal[None, :])[0]), _sizes(problem.excess(near)))


def spread(k: int, seed: int) -> Array:
    """Shares of the way from low to high, ``(k, n)``: both corners, the middle, and a Latin hypercube."""
    rng = np.random.default_rng(seed)
    cells = (rng.permuted(np.tile(np.arange(SAMPLES), (k, 1)), axis=1) + 0.5) / SAMPLES
    return np.column_stack([np.tile([0.0, 1.0, 0.5], (k, 1)), cells])


def _reach(problem: Problem, floor: Array) -> tuple[Array, Array]:
    ends = np.column_stack([alone(floor, problem.low), alone(floor, problem.high)])
    reach = pulled(problem, floor, ends)
    return reach.diagonal().copy(), reach[:, len(floor) :].diagonal().copy()


def _between(low: Array, high: Array, shares: Array) -> Array:
    return np.clip(low[:, None] + shares * (high - low)[:, None], low[:, None], high[:, None])


def _sizes(rows: Array) -> Array:
    """The size of the differences in each row; of the figures themselves where they do not differ; else 1."""
    finite = np.where(np.isfinite(rows), rows, np.nan)
    sizes = np.ones(len(rows))
    for i, row in enumerate(finite):
        row = row[~np.isnan(row)]
        most = float(abs(row).max(initial=0.0))
        differ = float(np.ptp(row)) if len(row) else 0.0
        sizes[i] = differ if differ > NOISE * most else most or 1.0
    return sizes
