"""Digits that stand, by the rule of JCGM 101 clause 7.9: half a unit of the last one covers the interval."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage.sampling.digits import MOST, draws_for, reach, stable

MANY = 10**9  # degrees of freedom: 1.96 errors


@pytest.mark.parametrize(
    ("figure", "error", "size", "digits"),
    [
        (838.0, 0.25, 0.0, 3),  # 1.96 x 0.25 = 0.49 <= half a unit of the third digit
        (838.0, 0.26, 0.0, 2),
        (0.0754, 2.5e-5, 0.0, 3),
        (-1234.0, 20.0, 0.0, 2),
        (9.99, 0.0025, 0.0, 3),
        (10.01, 0.0025, 0.0, 4),
        (0.001, 0.002, 2.0, 3),  # near 0 it is judged by the standard deviation
        (5.0, 3.0, 0.0, 0),
    ],
)
def test_so_many_digits_stand(figure: float, error: float, size: float, digits: int) -> None:
    assert stable(figure, error, MANY, size=size) == digits


def test_what_has_no_error_has_all_digits_and_what_cannot_be_had_none() -> None:
    assert stable(3.0, 0.0, 7) == MOST
    assert stable(math.nan, 1.0, 7) is None
    assert stable(3.0, math.nan, 7) is None
    assert stable(3.0, 1.0, 0) is None


def test_seven_degrees_of_freedom_ask_for_more() -> None:
    assert reach(7) == pytest.approx(2.364624, abs=1e-6)  # Student 1908, as in every table
    assert (stable(838.0, 0.25, 7), stable(838.0, 0.21, 7)) == (2, 3)


@given(st.floats(1e-6, 1e6), st.floats(1e-9, 1e3), st.integers(1, 5))
def test_so_many_draws_are_enough_and_fewer_are_not(figure: float, error: float, digits: int) -> None:
    """By the square root of their number, on which the estimate stands."""
    draws = draws_for(digits, [(figure, error, 7, 0.0)], 1000)
    assert draws >= 1000
    found = stable(figure, error * math.sqrt(1000 / draws) * (1 - 1e-9), 7)
    assert found is not None
    assert found >= digits
    if draws > 1001:
        assert (stable(figure, error * math.sqrt(1000 / draws) * (1 + 1e-6), 7) or 0) < digits


def test_the_figure_that_needs_most_says_how_many() -> None:
    each = [(1.0, 1e-4, 7, 0.0), (5.0, 1e-2, 7, 0.0)]
    assert draws_for(3, each, 100) == max(draws_for(3, [one], 100) for one in each)
    assert np.isfinite(draws_for(3, [], 100))
