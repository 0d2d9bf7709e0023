"""What is a limit worth? Where no exchange brings more, the goal's slopes are the uses' slopes at one price a limit.

At the best plan every lever that may move both ways has ``goal slope = sum of price x use slope``; one at its lower
bound has less (it is not worth its use), one at its upper bound more; one on the kink of its cost is between the sides.
Source: Karush-Kuhn-Tucker; Nocedal & Wright, Numerical Optimization, 2nd ed., theorem 12.1.
"""

from __future__ import annotations

import numpy as np

from leverage.optimize.problem import Array, Mask, Problem
from leverage.optimize.slopes import at_kink, gradient, use_gradient
from leverage.optimize.survey import Survey

CLOSE = 1e-7  # of a reach or a use: nearer than this to a bound or a limit is at it
LEAST = 1e-6  # weight of the wish for low prices, which picks the price of the next unit where a range of prices fits


def prices(problem: Problem, ground: Survey, x: Array) -> tuple[Array, float]:
    """Shadow price of each limit at x, ``(r,)`` in goal per use, and the share of the slopes that prices leave over.

    Prices of limits to be met exactly may be negative: then having to spend is what costs.
    """
    from scipy.optimize import nnls  # takes longer to load than most models to run

    target, rows, slack = _balance(problem, ground, x)
    r, exact = len(problem.limits), problem.exact
    columns = rows * binding(problem, ground, x)
    columns = np.column_stack([columns, -columns[:, exact]])
    wish = np.column_stack([LEAST * np.eye(columns.shape[1]), np.zeros((columns.shape[1], slack.shape[1]))])
    if not (len(target) and columns.shape[1] + slack.shape[1]):  # some releases of nnls crash on nothing
        return np.zeros(r), float(abs(target).max(initial=0.0) > 0)
    found = nnls(np.vstack([np.column_stack([columns, slack]), wish]), np.append(target, np.zeros(len(wish))))[0]
    scaled = found[:r].copy()
    scaled[exact] -= found[r : columns.shape[1]]
    left = np.column_stack([columns, slack]) @ found - target
    return scaled * ground.goal / ground.use, float(abs(left).max() / (abs(target).max() or 1.0))


def binding(problem: Problem, ground: Survey, x: Array) -> Mask:
    """Which limits hold the plan x back, ``(r,)``: those met exactly, and those with nothing left."""
    binds: Mask = problem.exact | (-problem.excess(x[:, None])[:, 0] <= CLOSE * ground.use)
    return binds


def _balance(problem: Problem, ground: Survey, x: Array) -> tuple[Array, Array, Array]:
    """Scaled rows of ``use slopes @ prices + slack = goal slopes``: goal (n,), use slopes (n, r), slack (n, s)."""
    goal = gradient(problem, ground, x) * ground.level / ground.goal
    above, below = (
        (use_gradient(problem, ground, x, np.full(len(x), side)) * ground.level / ground.use[:, None]).T
        for side in (1.0, -1.0)
    )
    kink = at_kink(problem, ground, x)
    up = problem.high - x > CLOSE * ground.level  # it may go up: going up must not pay
    down = x - problem.low > CLOSE * ground.level
    free = up & down & ~kink
    not_up, not_down = np.flatnonzero(up & ~free), np.flatnonzero(down & ~free)
    free_rows = np.flatnonzero(free)
    target = np.concatenate([goal[free_rows], goal[not_up], goal[not_down]])
    rows = np.vstack([above[free_rows], above[not_up], below[not_down]])
    signs = np.concatenate([np.zeros(len(free_rows)), -np.ones(len(not_up)), np.ones(len(not_down))])
    return target, rows, np.diag(signs)[:, signs != 0]
