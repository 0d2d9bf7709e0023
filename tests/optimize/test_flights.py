"""Courses put together from other plans: the best of all combinations where levers add up."""

from __future__ import annotations

from itertools import product

import numpy as np

from leverage.optimize.flights import HEIGHTS, courses
from leverage.optimize.local import search
from leverage.optimize.survey import survey
from tests.optimize.problems import s_curves, split, table

RNG = np.random.default_rng(3)
CURVES = s_curves(RNG.uniform(0.5, 2, 12), RNG.uniform(10, 60, 12), RNG.uniform(2, 6, 12))
FLIGHTS = tuple(np.arange(12).reshape(3, 4))


def test_no_combination_of_the_plans_courses_within_the_budget_is_better() -> None:
    problem = split(CURVES, 100.0, 12, flights=FLIGHTS)
    plans = RNG.dirichlet(np.full(12, 0.3), 2) * 90
    found = courses(problem, survey(problem), plans[0], plans[1:])
    heights = np.append(0.0, HEIGHTS)
    worth = [(height * plan[flight], flight) for flight in FLIGHTS for plan in plans for height in heights]
    each = [[x for x, flight in worth if flight is one] for one in FLIGHTS]
    best = max(
        float(CURVES.value(np.concatenate(parts)[:, None])[:, 0].sum())
        for parts in product(*each)
        if sum(part.sum() for part in parts) <= 99.0  # half a cell of the table for each course is rounding
    )
    assert max(problem.goals(found)) >= best * (1 - 1e-12)
    assert (found.sum(axis=0) <= 100.0).all()


def test_levers_without_a_course_have_none() -> None:
    problem = split(CURVES, 100.0, 12)
    assert courses(problem, survey(problem), np.zeros(12), []).shape == (12, 0)


def test_a_search_over_courses_is_no_worse_than_dynamic_programming() -> None:
    for budget in (60.0, 100.0, 160.0):
        found = search(split(CURVES, budget, 12, flights=FLIGHTS))
        assert found.value >= table(CURVES, budget, 600)[-1] * (1 - 1e-9)
