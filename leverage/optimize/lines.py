"""Can the plan be bettered along a straight line? Levers alone, exchanges between two, and a few random mixes.

Many lines are looked along at once, over their whole length, so a better plan behind a dip is found too: S-curves,
kinks and steps stop a search that follows slopes, and not this one. It also spends what is left over.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leverage.optimize.problem import Array, Problem
from leverage.optimize.room import alone, pulled, under
from leverage.optimize.settle import missed
from leverage.optimize.slopes import use_gradient
from leverage.optimize.survey import Survey

SHARES = np.unique(np.append(2.0 ** -np.arange(24), np.arange(1, 12) / 12))  # of a line, looked at first
ZOOM = np.linspace(0, 1, 17)
ZOOMS = 7
ROUNDS = 40
MANY, FEWEST = 60, 6  # levers from which rounds become fewer, as each takes longer
GAIN = 1e-13  # of the goal's size: less is no gain
SLACK = 1e-13  # of a use: what rounding may cost on the way; the plan itself is settled at the end
RANDOM = 24  # directions tried in one round
BINDS = 1e-9  # of a use: a limit with less than this left is tight
TINY = 1e-12  # a lever that uses less than this share of what another does has nothing to exchange
PAIRS = 240  # exchanges looked at in one round under one limit; under three and more, twice as many in all


def bettered(problem: Problem, ground: Survey, x: Array, *, seed: int = 0) -> Array:
    """The plan x ``(k,)``, bettered along lines until none betters it; limits are held to rounding."""
    rng, value = np.random.default_rng(seed), problem.goal(x)
    for _ in range(max(ROUNDS * MANY // max(len(x), MANY), FEWEST)):
        before = value
        for ends in _fans(problem, ground, x, rng):
            x, value = _along(problem, ground, x, value, ends)
        if not value > before + GAIN * ground.goal:
            break
    return x


def _fans(problem: Problem, ground: Survey, x: Array, rng: np.random.Generator) -> Iterator[Array]:
    """Ends of lines from x ``(k, n)``: each lever alone, pairs that keep to a limit, random mixes that keep to all."""
    ends = np.column_stack([alone(x, problem.low), alone(x, problem.high)])
    yield pulled(problem, x, ends, SLACK * ground.use)
    yield _stretched(problem, x, _exchanges(problem, ground, x, rng))
    yield _stretched(problem, x, _random(problem, ground, x, rng))


def _along(problem: Problem, ground: Survey, x: Array, value: float, ends: Array) -> tuple[Array, float]:
    """The best allowed point on the lines from x to the ends, and its goal."""
    if not ends.shape[1]:
        return x, value
    line, share, found = _best(problem, ground, x, ends, np.broadcast_to(SHARES, (ends.shape[1], len(SHARES))))
    if not found > value:
        return x, value
    low, high = share / 2, min(2 * share, 1.0)
    for _ in range(ZOOMS):
        shares = low + ZOOM * (high - low)
        _, at, near = _best(problem, ground, x, ends[:, [line]], shares[None, :])
        if near > found:
            share, found = at, near
        width = (high - low) / (len(ZOOM) - 1)
        low, high = max(share - width, 0.0), min(share + width, 1.0)
    return np.clip(x + share * (ends[:, line] - x), problem.low, problem.high), found


def _best(problem: Problem, ground: Survey, x: Array, ends: Array, shares: Array) -> tuple[int, float, float]:
    step = (ends - x[:, None])[:, :, None]
    points = np.clip(x[:, None, None] + step * shares, problem.low[:, None, None], problem.high[:, None, None])
    points = points.reshape(len(x), -1)
    fine = under(problem, points, SLACK * ground.use)
    if problem.exact.any():
        fine &= missed(problem, ground, points) <= SLACK * len(problem.limits)
    goals = np.where(fine, problem.goals(points), -np.inf)
    line, place = np.unravel_index(int(goals.argmax()), shares.shape)
    return int(line), float(shares[line, place]), float(goals.max())


def _exchanges(problem: Problem, ground: Survey, x: Array, rng: np.random.Generator) -> Array:
    """Directions ``(k, n)``: one lever moves so as to use more of a tight limit, another so as to use as much less."""
    over = problem.excess(x[:, None])[:, 0] / ground.use
    tight = np.flatnonzero(over >= -BINDS)
    found, most = [], PAIRS if len(tight) < 3 else 2 * PAIRS // len(tight)
    for r in tight:
        up = use_gradient(problem, ground, x, np.ones(len(x)))[r]
        down = -use_gradient(problem, ground, x, -np.ones(len(x)))[r]
        rates = np.concatenate([up * (x < problem.high), down * (x > problem.low)])  # use per move, of 2k moves
        moves = np.column_stack([np.eye(len(x)), -np.eye(len(x))])
        least = TINY * abs(rates).max()
        takes, gives = np.flatnonzero(rates > least), np.flatnonzero(rates < -least)
        pairs = [(i, j) for i in takes for j in gives if i % len(x) != j % len(x)]
        if len(pairs) > most:
            pairs = [pairs[i] for i in rng.choice(len(pairs), most, replace=False)]
        found += [moves[:, i] / rates[i] - moves[:, j] / rates[j] for i, j in pairs]
    return np.array(found).reshape(-1, len(x)).T


def _random(problem: Problem, ground: Survey, x: Array, rng: np.random.Generator) -> Array:
    """Random directions ``(k, n)`` along the limits that bind."""
    directions = rng.standard_normal((len(x), RANDOM))
    tight = problem.excess(x[:, None])[:, 0] / ground.use >= -BINDS
    if tight.any():
        rows = use_gradient(problem, ground, x, np.ones(len(x)))[tight] * ground.level / ground.use[tight, None]
        free = (x > problem.low) & (x < problem.high)
        rows, directions = rows * free, directions * free[:, None]
        directions -= np.linalg.pinv(rows) @ (rows @ directions)
    return directions * ground.level[:, None]


def _stretched(problem: Problem, x: Array, directions: Array) -> Array:
    """The points where lines from x in the directions leave the bounds; lines that leave at once are dropped."""
    with np.errstate(all="ignore"):  # a direction along a bound never leaves it
        room = np.where(directions > 0, problem.high[:, None] - x[:, None], x[:, None] - problem.low[:, None])
        length = np.where(directions != 0, room / abs(directions), np.inf).min(axis=0)
    keep = np.isfinite(length) & (length > 0)
    ends: Array = np.clip(x[:, None] + directions[:, keep] * length[keep], problem.low[:, None], problem.high[:, None])
    return ends
