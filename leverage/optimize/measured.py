"""What is a limit worth where slopes do not balance? Raise it a little and look.

At the corner of a ``min`` or of an ``interpolate`` the goal has two slopes and reports one, so that no price fits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leverage.optimize.plan import Plan, planned
from leverage.optimize.prices import binding
from leverage.optimize.problem import Array, Problem
from leverage.optimize.smooth import polished
from leverage.optimize.survey import Survey

LITTLE = 1e-5  # of a use: small enough to stay on the same pieces, large enough for the gain to pass rounding


def measured(problem: Problem, ground: Survey, plan: Plan, *, seed: int = 0) -> Array:
    """The gain of raising each limit by a little, per unit of it, ``(r,)``; 0 where the limit does not bind."""
    price = np.zeros(len(problem.limits))
    for r in np.flatnonzero(binding(problem, ground, plan.x)):
        more = np.where(np.arange(len(price)) == r, LITTLE * ground.use, 0.0)
        wider = replace(problem, limits=problem.limits + more)
        price[r] = (polished(wider, ground, planned(wider, ground, plan.x), seed).goal - plan.goal) / more[r]
    return np.where(problem.exact, price, np.maximum(price, 0.0))
