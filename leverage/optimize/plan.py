"""Which of two plans is the better? The one that keeps the limits; of two that do, the one that reaches more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leverage.optimize.levels import may
from leverage.optimize.problem import Array, Problem
from leverage.optimize.settle import missed, settled
from leverage.optimize.survey import Survey

ROUNDING = 1e-12  # of a lever's moves: what a search leaves over at a bound
LOSS = 1e-13  # of the goal's size: what may be given up to be rid of it


@dataclass(frozen=True, eq=False)
class Plan:
    """One plan ``x`` (k,): by how much it misses the limits in all (0: by nothing), and the goal it reaches."""

    x: Array
    missed: float
    goal: float

    def beats(self, other: Plan, by: float = 0.0) -> bool:
        """It misses the limits by less, or by as much and reaches more."""
        if self.missed != other.missed:
            return self.missed < other.missed
        return self.goal > other.goal + by


def judged(problem: Problem, ground: Survey, x: Array) -> Plan:
    """The plan at x as it stands."""
    return Plan(x, float(missed(problem, ground, x[:, None])[0]), problem.goal(x))


def planned(problem: Problem, ground: Survey, x: Array) -> Plan:
    """The plan at x, settled within the limits."""
    return judged(problem, ground, settled(problem, ground, x))


def top(plans: Iterable[Plan]) -> Plan:
    """The best of the plans; the earlier of two alike."""
    best, *others = plans
    for plan in others:
        if plan.beats(best):
            best = plan
    return best


def rested(problem: Problem, ground: Survey, plan: Plan) -> Plan:
    """The plan without moves that are rounding or bring nothing: levers back at today's level, or full on a bound."""
    near = [(j, level) for j in range(len(plan.x)) if (level := _near(problem, ground, j, plan.x[j])) is not None]
    alone = [[move] for move in near]
    back = [[(j, problem.start[j])] for j in range(len(plan.x)) if may(problem, j, problem.start[j])]
    for moves, loss in [*((moves, LOSS * ground.goal) for moves in [near, *alone]), *((moves, 0.0) for moves in back)]:
        x = plan.x.copy()
        for lever, level in moves:
            x[lever] = level
        still = judged(problem, ground, x)
        plan = plan if plan.beats(still, loss) else still
    return plan


def _near(problem: Problem, ground: Survey, lever: int, level: float) -> float | None:
    """Today's level or a bound, where the lever stands beside it by no more than rounding."""
    marks = (problem.start[lever], problem.low[lever], problem.high[lever])
    close = (
        mark for mark in marks if 0 < abs(mark - level) <= ROUNDING * ground.level[lever] and may(problem, lever, mark)
    )
    return next(close, None)
