"""Which plan does one start lead to? Slopes are followed uphill until no exchange of a little pays."""

from __future__ import annotations

import numpy as np

from leverage.optimize.prices import prices
from leverage.optimize.problem import Array, Mask, Problem
from leverage.optimize.slopes import at_kink, bases, beside, gradient, use_gradient
from leverage.optimize.solver import minimize
from leverage.optimize.survey import Survey

TURNS = 4
FAR = 1e6  # what a point without a goal counts as, in sizes of the goal
PAYS = 1e-9  # a gain per move smaller than this, in sizes of both, is none


def climb(problem: Problem, ground: Survey, start: Array, *, fine: bool = False) -> Array:
    """Where the slopes lead from ``start`` (k,), limits held to rounding. ``fine`` is for a start near the best plan.

    A use that turns at a kink has no slope there, so each lever climbs on one side of its kink, where all is smooth.
    One that ends on the kink is turned round where the other side promises more at the limits' prices.
    """
    x, side = start, _first_sides(problem, ground, start)
    for _ in range(TURNS):
        x = _one_side(problem, ground, x, side, fine)
        turned = _other_side_pays(problem, ground, x, side)
        if not turned.any():
            break
        side = np.where(turned, -side, side)
    return x


def _first_sides(problem: Problem, ground: Survey, x: Array) -> Array:
    base = bases(problem)
    if np.isnan(base).all():
        return np.ones(len(x))
    uphill = np.where(gradient(problem, ground, x) < 0, -1.0, 1.0)
    return np.where(at_kink(problem, ground, x), uphill, np.where(x < base, -1.0, 1.0))


def _other_side_pays(problem: Problem, ground: Survey, x: Array, side: Array) -> Mask:
    kink = at_kink(problem, ground, x)
    if not kink.any():
        return kink
    price, _ = prices(problem, ground, x)
    gain = gradient(problem, ground, x) - price @ use_gradient(problem, ground, x, -side)
    pays: Mask = kink & (-side * gain * ground.level > PAYS * ground.goal)
    return pays


def _one_side(problem: Problem, ground: Survey, start: Array, side: Array, fine: bool) -> Array:
    base = bases(problem)
    low = np.where(side > 0, np.fmax(problem.low, base), problem.low)
    high = np.where(side < 0, np.fmin(problem.high, base), problem.high)
    moves = np.flatnonzero(high > low)
    if not len(moves):
        return start
    start = np.clip(start, low, high)
    unit = _unit(ground, start, low, high)[moves] if fine else ground.level[moves]
    origin = problem.goal(start)
    origin = origin if np.isfinite(origin) else 0.0

    def levels(z: Array) -> Array:
        x = start.copy()
        x[moves] = np.clip(low[moves] + z * unit, low[moves], high[moves])
        return x

    def loss(z: Array) -> float:
        value = (origin - problem.goal(levels(z))) / ground.goal
        return value if np.isfinite(value) else FAR

    def loss_slopes(z: Array) -> Array:
        x = beside(problem, ground, levels(z), side)
        return -gradient(problem, ground, x)[moves] * unit / ground.goal

    def room(z: Array) -> Array:
        return np.maximum(-problem.excess(levels(z)[:, None])[:, 0] / ground.use, -FAR)

    def room_slopes(z: Array) -> Array:
        return -use_gradient(problem, ground, levels(z), side)[:, moves] * unit / ground.use[:, None]

    exact = problem.exact
    above = (lambda z: room(z)[~exact], lambda z: room_slopes(z)[~exact]) if (~exact).any() else None
    zero = (lambda z: room(z)[exact], lambda z: room_slopes(z)[exact]) if exact.any() else None
    top = (high - low)[moves] / unit
    z = np.clip((start - low)[moves] / unit, 0.0, top)
    accuracy, steps = (1e-15, 100) if fine else (1e-9, 50)
    end = minimize(loss, loss_slopes, z, np.zeros(len(z)), top, above=above, zero=zero, accuracy=accuracy, steps=steps)
    return levels(end)


def _unit(ground: Survey, x: Array, low: Array, high: Array) -> Array:
    """Near the best plan a lever's own distance from its bounds is the better yardstick than its whole reach."""
    return np.clip(np.minimum(x - low, high - x), ground.level * 1e-3, ground.level)
