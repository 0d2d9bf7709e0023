"""Lines find what slopes do not show: plans behind a dip, on a corner, and money left over."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.optimize.levels import grid, may, neighbours
from leverage.optimize.lines import bettered
from leverage.optimize.problem import Array
from leverage.optimize.survey import survey
from leverage.optimize.swaps import swaps
from tests.optimize.problems import logs, s_curves, split


def test_what_is_left_over_is_spent() -> None:
    curves = logs(np.array([1.0, 2, 3]), np.array([4.0, 5, 6]))
    problem = split(curves, 30.0, 3)
    found = bettered(problem, survey(problem), np.array([3.0, 4.0, 5.0]))
    assert found.sum() == pytest.approx(30.0, rel=1e-12)


def test_an_exchange_crosses_the_dip_between_two_s_curves() -> None:
    curves = s_curves(np.array([1.0, 2.0]), np.array([5.0, 5.0]), np.array([4.0, 4.0]))
    problem = split(curves, 10.0, 2)
    found = bettered(problem, survey(problem), np.array([10.0, 0.0]))
    assert found[1] > 5.0


def test_the_corner_of_a_minimum_is_climbed() -> None:
    pace = np.array([1.0, 2.0, 4.0])

    def value(x: Array) -> Array:
        return (pace[:, None] * x).min(axis=0)

    problem = split(logs(pace, pace), 70.0, 3, value=value, slopes=lambda x: np.zeros(3))
    found = bettered(problem, survey(problem), np.array([1.0, 1.0, 1.0]))
    assert value(found[:, None])[0] == pytest.approx(40.0, rel=1e-2)  # 70 / (1 + 1/2 + 1/4), without any slope


def test_a_swap_proposes_the_set_of_levers_that_is_better() -> None:
    curves = s_curves(np.array([1.0, 1.0, 3.0]), np.array([4.0, 4.0, 6.0]), np.full(3, 6.0))
    problem = split(curves, 10.0, 3)
    found = swaps(problem, survey(problem), np.array([5.0, 5.0, 0.0]))
    assert curves.value(found).sum(axis=0).max() > 2.8 > curves.value(np.array([5.0, 5.0, 0.0])).sum()
    assert (found.sum(axis=0) <= 10.0).all()


def test_levels_are_those_that_a_lever_may_take() -> None:
    problem = split(
        logs(np.ones(4), np.ones(4)),
        10.0,
        4,
        low=np.array([1.0, 0.5, 0.0, 2.0]),
        high=np.array([9.0, 3.5, 1e9, 8.0]),
        whole=(None, True, True, (1.0, 3.0, 7.0, 9.0)),
        off=(0.0, None, None, 0.0),
    )
    ground = survey(problem)
    np.testing.assert_array_equal(grid(problem, ground, 1), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(grid(problem, ground, 3), [0.0, 3.0, 7.0])
    np.testing.assert_array_equal(neighbours(problem, 3, 3.0), [0.0, 7.0])
    assert grid(problem, ground, 0)[0] == 0.0
    assert grid(problem, ground, 0)[1] == 1.0
    assert (np.rint(grid(problem, ground, 2)) == grid(problem, ground, 2)).all()
    assert {0.0, 5.0, 7.0, 1e9} <= set(neighbours(problem, 2, 6.0))
    assert may(problem, 0, 0.0)
    assert not may(problem, 0, 0.5)
    assert not may(problem, 1, 1.5)
    assert not may(problem, 3, 9.0)
