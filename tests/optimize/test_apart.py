"""Dynamic programming over separate levers, against every combination."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from leverage.optimize.apart import best_apart, plans
from leverage.optimize.problem import Array
from leverage.optimize.survey import survey
from tests.optimize.problems import linear, s_curves, split, table


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_costs_in_whole_cells_give_the_best_of_all_combinations(seed: int, exact: bool) -> None:
    rng, room = np.random.default_rng(seed), 12
    gains = [rng.uniform(0, 5, 4) for _ in range(5)]
    costs = [rng.integers(-1, 7, 4).astype(float) for _ in range(5)]
    picks = best_apart(gains, costs, room, exact=exact, cells=int(room - sum(c.min() for c in costs)))
    found = []
    for pick in product(range(4), repeat=5):
        cost = sum(c[i] for c, i in zip(costs, pick, strict=True))
        if cost == room or (cost < room and not exact):
            found.append(sum(g[i] for g, i in zip(gains, pick, strict=True)))
    assert picks is not None
    assert sum(g[i] for g, i in zip(gains, picks, strict=True)) == pytest.approx(max(found), rel=1e-12)


def test_no_room_for_the_cheapest_levels_is_no_plan() -> None:
    assert best_apart([np.zeros(2)], [np.array([3.0, 4.0])], 2.0) is None
    assert best_apart([np.zeros(2)], [np.array([3.0, 4.0])], 3.0) == [0]


def test_s_curves_that_add_up_are_planned_to_the_cell_in_one_look() -> None:
    rng = np.random.default_rng(5)
    curves = s_curves(rng.uniform(0.5, 2, 8), rng.uniform(10, 60, 8), rng.uniform(2, 6, 8))
    problem = split(curves, 100.0, 8, start=np.zeros(8))
    found = plans(problem, survey(problem), np.zeros(8))
    assert found.shape == (8, 1)  # a goal of 0 has no logarithm, so sums alone
    assert found.sum() <= 100.0 * (1 + 8 / 2048)  # half a cell a lever
    assert curves.value(found).sum() > 0.995 * table(curves, 100.0, 500)[-1]


def test_limits_on_levers_of_their_own_are_planned_in_one_go() -> None:
    figures = _figures(8)
    curves = s_curves(*figures)
    rows, limits = np.kron(np.eye(4), np.ones(3)), np.array([30.0, 60.0, 90.0, 120.0])
    problem = split(curves, 120.0, 12, start=np.zeros(12), **linear(rows, limits))
    found = plans(problem, survey(problem), np.zeros(12))
    assert found.shape == (12, 1)
    assert (rows @ found[:, 0] <= limits * (1 + 3 / 600)).all()  # half a cell a lever
    for at, limit in enumerate(limits):
        mine = slice(3 * at, 3 * at + 3)
        own = s_curves(*(each[mine] for each in figures))
        assert curves.value(found)[mine].sum() > 0.99 * table(own, float(limit), 600)[-1]


def _figures(seed: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 2, 12), rng.uniform(10, 60, 12), rng.uniform(2, 6, 12)
