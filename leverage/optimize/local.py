"""Which levels of the levers raise the goal most within the limits? The best that a search from many starts finds."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np

from leverage.optimize import levels, smooth, whole
from leverage.optimize.measured import measured
from leverage.optimize.plan import Plan, rested
from leverage.optimize.prices import prices
from leverage.optimize.problem import Array, Found, Problem
from leverage.optimize.settle import broken
from leverage.optimize.starts import starts as set_out
from leverage.optimize.survey import Survey, survey

AGREE = 1e-6
MANY, FEW = 60, 4  # levers from which starts become fewer, as each takes longer; those that are planned stay
BALANCED = 1e-4  # of the slopes: where more than this is left over, prices are measured instead


def search(problem: Problem, *, starts: int = 12, seed: int = 0, priced: bool = True) -> Found:
    """The best plan found. It breaks no bound and no limit, and what is worth spending is spent.

    On concave responses it is the best there is. On S-curves and products it is the best that ``starts`` climbs, and
    looks round from the best of them, find; few combinations of whole levels are all tried. The same problem and seed
    give the same plan, to the last bit. ``priced`` False: nobody asks what the limits are worth.

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
    with _one_thread():
        return _searched(problem, starts=starts, seed=seed, priced=priced)


def _one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread: on several it adds up in another order, and a plan must not depend on the machine.

    The systems are small, so that threads would only wait for one another: one is twice as fast.
    """
    import scipy.optimize  # noqa: F401  # its own library has to be there to be held
    from threadpoolctl import threadpool_limits

    held: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return held


def _searched(problem: Problem, *, starts: int, seed: int, priced: bool) -> Found:
    limited, starts = _limited(problem), min(starts, max(starts * MANY // max(len(problem.low), 1), FEW))
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
    plan = rested(limited, ground, plan)
    found = _found(problem, limited, ground, plan, ends)
    price, residual = (priced and _worth(problem, limited, ground, plan)) or (None, None)
    return replace(found, shadow_prices=price, residual=residual, complete=few)


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


def _worth(problem: Problem, limited: Problem, ground: Survey, plan: Plan) -> tuple[Array, float] | None:
    """The price of each limit ``(r,)``, and the share of the slopes that prices leave over; None: there are no such."""
    if plan.missed > 0 or not np.isfinite(plan.goal) or any(levels.whole(limited, j) for j in range(len(plan.x))):
        return None
    keep, price = problem.limits < np.inf, np.zeros(len(problem.limits))
    rest, near = whole.held(limited, ground, plan.x)
    price[keep], residual = prices(rest, near, plan.x)
    if residual > BALANCED:
        price[keep] = measured(rest, near, plan)
    return price, residual


def _found(problem: Problem, limited: Problem, ground: Survey, plan: Plan, ends: list[Plan]) -> Found:
    missing = np.zeros(len(problem.limits))
    missing[problem.limits < np.inf] = broken(limited, ground, plan.x[:, None])[:, 0]
    close = AGREE * max(abs(plan.goal), ground.goal)
    agreeing = sum(not plan.beats(end, close) for end in ends)
    return Found(
        x=plan.x,
        value=plan.goal,
        used=problem.used(plan.x),
        feasible=plan.missed == 0,
        broken=missing,
        shadow_prices=None,
        residual=None,
        starts_tried=len(ends),
        agreeing=agreeing,
    )
