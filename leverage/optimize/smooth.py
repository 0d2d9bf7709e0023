"""The best plan of levers that move freely: climbs from many starts, then looks round from the best while that pays."""

from __future__ import annotations

from functools import partial

from leverage.optimize.apart import plans
from leverage.optimize.climb import climb
from leverage.optimize.flights import courses
from leverage.optimize.lines import bettered
from leverage.optimize.plan import Plan, planned, top
from leverage.optimize.problem import Array, Problem
from leverage.optimize.starts import distinct
from leverage.optimize.survey import Survey
from leverage.optimize.swaps import swaps

ROUNDS = 8
POLISH = 3
LOOKS = 6  # plans to climb from in one look round
GAIN = 1e-9  # of the goal's size: what makes another round worth its time
AGREE = 1e-7  # of the goal's size: climbs that end this near to each other have found one summit


def best(problem: Problem, ground: Survey, starts: Array, *, seed: int = 0) -> tuple[Plan, list[Plan]]:
    """The best plan found from the starts ``(k, n)``, and where each start's own climb ended."""
    ends = [planned(problem, ground, climb(problem, ground, start)) for start in starts.T]
    found = top([*ends, *(planned(problem, ground, start) for start in starts.T)])
    found = polished(problem, ground, found, seed)
    if all(not found.beats(end, AGREE * ground.goal) for end in ends):
        return found, ends  # all roads lead here
    for _ in range(ROUNDS):
        before = found
        for look in (plans, swaps, partial(courses, others=[end.x for end in ends])):
            others = distinct(look(problem, ground, found.x), ground.level, LOOKS)
            found = top([found, *(planned(problem, ground, climb(problem, ground, x)) for x in others.T)])
        if not found.beats(before, GAIN * ground.goal):
            break
        found = polished(problem, ground, found, seed)
    return found, ends


def polished(problem: Problem, ground: Survey, plan: Plan, seed: int) -> Plan:
    """The plan bettered by slopes and lines in turn until neither betters it."""
    for _ in range(POLISH):
        before = plan
        plan = top([plan, planned(problem, ground, climb(problem, ground, plan.x, fine=True))])
        plan = top([plan, planned(problem, ground, bettered(problem, ground, plan.x, seed=seed))])
        if not plan.beats(before, GAIN * ground.goal):
            break
    return plan
