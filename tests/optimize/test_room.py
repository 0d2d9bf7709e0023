"""Limits are kept to the last bit, wherever the way to them starts and however large the figures are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.optimize.problem import Array, BadBounds, Problem
from leverage.optimize.room import most_room, pulled, under
from leverage.optimize.settle import settled
from leverage.optimize.survey import survey
from tests.optimize.problems import linear


def problem(k: int, rows: Array, limits: Array, high: float = 1.0) -> Problem:
    return Problem(
        low=np.zeros(k),
        high=np.full(k, high),
        start=np.zeros(k),
        value=lambda x: x.sum(axis=0),
        slopes=lambda x: np.ones(k),
        **linear(rows, limits),
    )


@given(weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=6), limit=st.floats(1e-12, 1e9))
@settings(deadline=None, max_examples=40)
def test_a_plan_is_settled_on_the_limit_to_the_last_bits(weights: list[float], limit: float) -> None:
    """The use is a product of matrices, which rounds differently for one point and for many."""
    k, target = len(weights), 2 * limit / min(weights)
    of = problem(k, np.array([weights]), np.array([limit]), high=target)
    used = of.used(settled(of, survey(of), np.full(k, target)))[0]
    assert limit * (1 - 2e-15) <= used <= limit  # one step back of 1e-15, and each of k products and sums rounds once


@given(weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=6), limit=st.floats(1e-12, 1e9))
@settings(deadline=None, max_examples=40)
def test_an_exact_limit_is_met_from_below(weights: list[float], limit: float) -> None:
    k, target = len(weights), 2 * limit / min(weights)
    of = replace(problem(k, np.array([weights]), np.array([limit]), high=target), equal=np.array([True]))
    for share in (0.0, 0.1, 1.0):
        used = of.used(settled(of, survey(of), np.full(k, share * target)))[0]
        assert limit * (1 - 1e-14) <= used <= limit


def test_allowed_plans_are_not_touched() -> None:
    of = problem(2, np.ones((1, 2)), np.array([1.0]))
    points = np.array([[0.3, 0.9], [0.3, 0.9]])
    found = pulled(of, np.zeros(2), points)
    np.testing.assert_array_equal(found[:, 0], points[:, 0])
    np.testing.assert_allclose(found[:, 1], 0.5)
    assert under(of, found).all()


def test_an_anchor_of_its_own_for_each_plan() -> None:
    of = problem(2, np.ones((1, 2)), np.array([1.0]), high=4.0)
    found = pulled(of, np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 4.0], [2.0, 4.0]]))
    np.testing.assert_allclose(found, [[1.0, 0.5], [0.0, 0.5]], atol=1e-15)


def test_room_between_two_limits_is_found_where_no_corner_has_any() -> None:
    of = problem(3, np.array([[1.0, 1, 1], [-1, -1, -1]]), np.array([1.501, -1.5]))
    floor = most_room(of, np.column_stack([of.low, of.high]), np.ones(2))
    np.testing.assert_allclose(of.excess(floor[:, None]), -0.0005, atol=1e-7)


def test_the_least_broken_point_is_found_where_nothing_is_allowed() -> None:
    of = problem(2, np.array([[1.0, 0], [-1, 0]]), np.array([0.2, -0.6]))
    floor = most_room(of, np.column_stack([of.low, of.high]), np.ones(2))
    np.testing.assert_allclose(of.excess(floor[:, None]), 0.2, atol=1e-7)  # halfway between 0.2 and 0.6


@pytest.mark.parametrize(("low", "high"), [(2.0, 1.0), (0.0, np.inf), (np.nan, 1.0)])
def test_bounds_must_be_finite_and_the_right_way_round(low: float, high: float) -> None:
    with pytest.raises(BadBounds, match=f"^lever 0 has bounds {low:g} to {high:g}; give it two finite bounds"):
        Problem(low=np.array([low]), high=np.array([high]), start=np.zeros(1), value=lambda x: x[0], slopes=lambda x: x)
