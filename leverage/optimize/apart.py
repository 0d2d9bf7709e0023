"""What would be the best plan if every lever acted alone? Dynamic programming over the money gives it, S-curves or not.

Each lever's gain and cost are read along its own levels, the others at a reference plan; the best sum of gains is then
found over cells of the budget. Where goal and use add up over levers this is the best plan to the cell. Elsewhere it is
a start that no slope would have led to, and taken again at the plan found it is a better one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leverage.optimize.levels import grid
from leverage.optimize.problem import Array, Mask, Problem
from leverage.optimize.survey import Survey

CELLS = 600  # of the budget, where levers move freely; more where they have few levels
MOST_CELLS = 8192
TABLE = 72_000  # levels times cells that one lever's step may cost
LIMITS = 6  # that are looked at alone, where they share levers
ROUNDING = 1e-12  # of a use: less is none

Split = list[tuple[Array, Sequence[int]]]  # weights (r,) of limits, and the levers that are planned under their sum


def plans(problem: Problem, ground: Survey, reference: Array) -> Array:
    """Plans ``(k, n)`` that are best if each lever acts alone around ``reference`` (k,): in sums, and in products.

    With several limits that share levers each gives its own plan, and their sum one more. Rounding to cells may leave a
    plan just over a limit.
    """
    levels = [grid(problem, ground, j) for j in range(len(reference))]
    owner = np.repeat(np.arange(len(levels)), [len(row) for row in levels])
    points = np.repeat(reference[:, None], len(owner), axis=1)
    points[owner, np.arange(len(owner))] = np.concatenate(levels)
    goals, base = problem.goals(points), problem.goal(reference)
    over = problem.excess(np.column_stack([reference, points]))
    uses, room = (over[:, 1:] - over[:, :1]) / ground.use[:, None], -over[:, 0] / ground.use
    cells = int(np.clip(TABLE / max(len(row) for row in levels), CELLS, MOST_CELLS))
    parts, found = [owner == j for j in range(len(levels))], []
    reached = np.array([abs(uses[:, part]).max(axis=1, initial=0.0) for part in parts]).T  # (r, k)
    for split in _splits(room, reached > ROUNDING):
        for gains in _gains(goals, base):
            picks = dict[int, int]()
            for weights, levers in split:
                exact, costs = bool(len(room) and problem.exact[weights > 0].all()), weights @ uses
                mine = [gains[parts[j]] for j in levers], [costs[parts[j]] for j in levers]
                best = best_apart(*mine, float(weights @ room), exact=exact, cells=cells)
                picks.update(zip(levers, best or (), strict=best is not None))
            if len(picks) == len(levels):
                found.append([row[picks[j]] for j, row in enumerate(levels)])
    return np.array(found).reshape(-1, len(reference)).T


def best_apart(
    gains: list[Array], costs: list[Array], room: float, *, exact: bool = False, cells: int = CELLS
) -> list[int] | None:
    """The level of each lever whose gains add up to most while the costs, rounded to cells, fit into ``room``.

    ``exact``: all of the room is to be spent. None where nothing fits.

    >>> best_apart([np.array([0.0, 6, 7]), np.array([0.0, 5])], [np.array([0.0, 2, 3]), np.array([0.0, 3])], 5.0)
    [1, 1]
    """
    least = [float(cost.min()) for cost in costs]
    room -= sum(least)
    if room < 0:
        return None
    cell = room / cells
    best, picks = np.where(np.arange(cells + 1) > 0, -np.inf, 0.0) if exact else np.zeros(cells + 1), []
    for gain, cost, low in zip(gains, costs, least, strict=True):
        steps = np.full(len(cost), cells + 1)
        fits = (cost - low) <= room * (1 + 1e-12)
        steps[fits] = np.rint((cost[fits] - low) / cell) if cell > 0 else 0
        before = np.arange(cells + 1) - steps[:, None]
        reached = np.where(before >= 0, best[before], -np.inf) + gain[:, None]
        pick = reached.argmax(axis=0)
        best = reached[pick, np.arange(cells + 1)]
        picks.append((pick, steps))
    left = int(np.flatnonzero(np.isfinite(best))[-1]) if exact and np.isfinite(best).any() else cells
    if not np.isfinite(best[left]):
        return None
    chosen = []
    for pick, steps in reversed(picks):
        chosen.append(int(pick[left]))
        left -= int(steps[chosen[-1]])
    return chosen[::-1]


def _gains(goals: Array, base: float) -> list[Array]:
    """What each level adds to the goal and, where all goals are above 0, to its logarithm, which splits a product."""
    sums = goals - base if np.isfinite(base) else goals
    if base > 0 and (goals > 0).all():
        return [sums, np.log(goals / base)]
    return [sums]


def _splits(room: Array, touches: Mask) -> list[Split]:
    """Which limits are looked at together, and for which levers: one limit after the other, and all at once.

    Where no lever uses more than one of many limits, each limit has levers of its own, and all are planned in one go.
    Of many limits that share levers, the tightest few are looked at alone.
    """
    r, every = len(room), range(touches.shape[1])
    if r < 2:
        return [[(np.ones(r), every)]]
    if r > 2 and touches.sum(axis=0).max(initial=0) < 2:
        first = touches.argmax(axis=0)  # 0 for a lever that uses nothing: it has a place as well
        return [[(row, np.flatnonzero(first == at).tolist()) for at, row in enumerate(np.eye(r))]]
    tight = np.sort(np.argsort(room, kind="stable")[:LIMITS])
    return [[(weights, every)] for weights in (*np.eye(r)[tight], np.ones(r))]
