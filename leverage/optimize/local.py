"""Which levels of the levers raise the goal most within the limits? The best that a search from many starts finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leverage.optimize import levels, smooth, whole
from leverage.optimize.measured import measured
from leverage.optimize.plan import Plan, rested
from leverage.optimize.prices import prices
from leverage.optimize.problem import Found, Problem
from leverage.optimize.settle import broken
from leverage.optimize.starts import starts as set_out
from leverage.optimize.survey import Survey, survey

AGREE = 1e-6
BALANCED = 1e-4  # of the slopes: where more than this is left over, prices are measured instead


def search(problem: Problem, *, starts: int = 12, seed: int = 0) -> Found:
    """The best plan found. It breaks no bound and no limit, and what is worth spending is spent.

    On concave responses it is the best there is. On S-curves and products it is the best that ``starts`` climbs, and
    looks round from the best of them, find; few combinations of whole levels are all tried. The same problem and seed
    give the same plan, to the last bit.

    Raises:
        NoLevel: a whole lever has no level between its bounds.

    >>> income = lambda x: np.sqrt(x).sum(axis=0)
    >>> split = Problem(low=np.zeros(2), high=np.full(2, 9.0), start=np.zeros(2), value=income,
    ...     slopes=lambda x: 0.5 / np.sqrt(x), uses=lambda x: x.sum(axis=0, keepdims=True),
    ...     use_slopes=lambda x: np.ones((1, 2)), limits=np.array([8.0]))
    >>> found = search(split)
    >>> found.x.round(4), found.shadow_prices.round(4)
    (array([4., 4.]), array([0.25]))
    """
    limited = _limited(problem)
    few = whole.combinations(limited) <= whole.ALL
    limited = whole.pinned(limited)
    ends: list[Plan] = []
    ground = survey(whole.relaxed(limited), seed=seed)
    if few:
        plan = whole.enumerated(limited, ground)
    elif limited.rough:
        plan, ends = whole.best(limited, ground, starts=starts, seed=seed)
    else:
        plan, ends = smooth.best(limited, ground, set_out(limited, ground, starts, seed), seed=seed)
    return _found(problem, limited, ground, rested(limited, ground, plan), ends, complete=few)


def _limited(problem: Problem) -> Problem:
    """The problem without the limits that are infinite."""
    keep = problem.limits < np.inf
    if keep.all():
        return problem
    return replace(
        problem,
        uses=lambda x: problem.uses(x)[keep],
        use_slopes=lambda x: problem.use_slopes(x)[keep],
        limits=problem.limits[keep],
        equal=problem.exact[keep],
    )


def _found(
    problem: Problem, limited: Problem, ground: Survey, plan: Plan, ends: list[Plan], *, complete: bool
) -> Found:
    keep, feasible = problem.limits < np.inf, plan.missed == 0
    missing, price, residual = np.zeros(len(keep)), None, None
    missing[keep] = broken(limited, ground, plan.x[:, None])[:, 0]
    if feasible and np.isfinite(plan.goal) and not any(levels.whole(limited, lever) for lever in range(len(plan.x))):
        rest, near = whole.held(limited, ground, plan.x)
        price = np.zeros(len(keep))
        price[keep], residual = prices(rest, near, plan.x)
        if residual > BALANCED:
            price[keep] = measured(rest, near, plan)
    close = AGREE * max(abs(plan.goal), ground.goal)
    agreeing = sum(not plan.beats(end, close) for end in ends)
    return Found(
        x=plan.x,
        value=plan.goal,
        used=problem.used(plan.x),
        feasible=feasible,
        broken=missing,
        shadow_prices=price,
        residual=residual,
        starts_tried=len(ends),
        agreeing=agreeing,
        complete=complete,
    )
