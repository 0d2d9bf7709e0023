"""At which level is a gap 0, or smallest? Lines with known answers, smooth and not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.tree.metric import Lever, Metric
from leverage.verbs.moves.levels import Array, closest, inside, nearest, outward, whole

GRID = np.linspace(-10, 10, 41)
ROOM = 1e-9


@given(st.floats(-9.9, 9.9), st.floats(-9.9, 9.9), st.floats(-10, 10))
@settings(max_examples=60, deadline=None)
def test_of_two_levels_the_nearer_is_found(a: float, b: float, here: float) -> None:
    found = nearest(lambda x: (x - a) * (x - b), GRID, here, ROOM)
    assert found is not None
    # between two that all but meet, the gap is within the room all the way
    room = 1e-12 if abs(a - b) > 1e-3 else 1e-4
    assert abs(found - here) <= min(abs(a - here), abs(b - here)) + room
    assert min(abs(found - a), abs(found - b)) <= room


def test_a_level_is_placed_to_the_last_bit() -> None:
    assert nearest(lambda x: x**3 - 2, GRID, 5.0, ROOM) == pytest.approx(2 ** (1 / 3), rel=4e-16)


@pytest.mark.parametrize(
    ("gap", "level"),
    [
        (lambda x: np.where(x < 3, -1.0, 2.0), None),  # jumps over 0
        (lambda x: 1 / np.where(x == 3, np.nan, x - 3), None),  # a pole, not finite at it
        (lambda x: np.where(x < 3, -1.0, x - 3), 3.0),  # jumps onto 0
        (np.exp, None),
        (lambda x: x**2 + 1e-3, None),
        (lambda x: (x - math.pi) ** 2, math.pi),  # touches 0
        (lambda x: np.abs(x - math.pi), math.pi),
        (lambda x: np.where(x > 0, np.log(np.maximum(x, 1e-300)) - 1, np.nan), math.e),
        (lambda x: np.full_like(x, np.nan), None),
        (lambda x: np.maximum(x - 2, 0), 2.0),  # 0 all the way: its edge is the nearest
    ],
)
def test_a_gap_of_0_is_told_from_a_jump_over_it(gap: object, level: float | None) -> None:
    found = nearest(gap, GRID, 7.3, ROOM)  # type: ignore[arg-type]
    assert found == (None if level is None else pytest.approx(level, abs=1e-6))


def test_the_smallest_gap_is_found_between_the_levels() -> None:
    assert closest(lambda x: (x - math.e) ** 2 + 1, GRID, 0.0) == pytest.approx(math.e, abs=1e-7)
    assert closest(lambda x: 20 - x, GRID, 0.0) == 10  # the end
    assert closest(lambda x: 0 * x + 3, GRID, 1.2) == pytest.approx(1.2, abs=0.26)  # nothing gained by going far
    assert closest(lambda x: np.full_like(x, np.nan), GRID, 1.2) == 1.2


def test_a_curve_that_nears_its_limit_for_ever_is_not_followed_for_ever() -> None:
    levels = np.concatenate([[0.0], np.geomspace(1e-3, 1e9, 241)])
    assert closest(lambda x: 2 - (1 - np.exp(-x)), levels, 0.0) < 50


def test_levels_go_outwards_both_ways_and_stay_where_the_figure_can_be() -> None:
    levels = outward(Metric(id="x", base=5.0), 5.0)
    assert levels.min() < -1e6 < 1e6 < levels.max()
    assert np.all(np.diff(levels) > 0)
    priced = Metric(id="x", base=5.0, lever=Lever(low=2.0, high=9.0))
    assert outward(priced, 5.0).min() >= 0  # bounds that are no figure below 0 say that none is
    assert inside(priced, outward(priced, 5.0)).min() == 2
    assert inside(priced, outward(priced, 5.0)).max() == 9


def test_whole_levels_are_the_levers_own() -> None:
    def told(**lever: object) -> list[float] | None:
        found: Array | None = whole(Metric(id="x", base=3.0, lever=Lever(**lever)), 3.0)  # type: ignore[arg-type]
        return None if found is None else list(found)

    assert told(low=0.5, high=3.9, integer=True) == [1, 2, 3]
    assert told(choices=(4.0, 1.0)) == [1, 4]
    assert told(low=5.0, high=6.0, integer=True, off=0.0) == [0, 5, 6]
    assert told(low=5.0, high=6.0) is None
    unbounded = told(integer=True)
    assert unbounded is not None
    assert (unbounded[0], unbounded[-1], len(unbounded)) == (3 - 1e4, 3 + 1e4, 20_001)
