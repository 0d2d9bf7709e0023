"""Which points of a cloud are drawn, and how far boxes run: the same for page and picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from leverage.panels import Scatter
from leverage.views.cloud import POINTS, boxes, chosen, frame, told
from tests.views.examples import BOXES


def test_of_many_points_so_many_are_drawn_the_same_each_time_and_from_all_parts() -> None:
    n = 16 * POINTS
    panel = Scatter(
        "", np.tile(np.arange(16.0), POINTS), np.zeros(n)
    )  # each sixteenth place is one column of the plane
    drawn = chosen(panel)
    assert drawn.sum() == POINTS
    np.testing.assert_array_equal(drawn, chosen(panel))
    # a column holds 128 of 2,048 draws, give or take 11; with seed 0, fixed, all lie within 4 of those
    counts = np.bincount(panel.x[drawn].astype(int), minlength=16)
    assert np.all(np.abs(counts - POINTS / 16) <= 4 * np.sqrt(POINTS / 16))
    assert told(panel) == "2,048 of 32,768 points are drawn"


def test_few_points_are_all_drawn_and_nothing_is_said() -> None:
    assert chosen(BOXES).all()
    assert told(BOXES) == ""


def test_points_that_are_no_numbers_are_left_out_and_counted() -> None:
    panel = replace(BOXES, x=np.array([1.0, np.nan, np.inf, 1e305]))
    assert chosen(panel).tolist() == [True, False, False, False]
    assert told(panel) == "1 of 4 points are drawn"


def test_the_frame_holds_points_and_the_finite_ends_of_boxes() -> None:
    (left, right), (low, high) = frame(BOXES)
    assert left < 0.5
    assert right > 4.0
    assert low < 0.1
    assert high > 0.4


def test_an_open_end_of_a_box_lies_at_the_frame() -> None:
    fails, holds = boxes(BOXES, (0.0, 5.0), (0.0, 0.5))
    assert (fails.x, fails.y) == ((2.5, 5.0), (0.0, 0.35))
    assert (holds.x, holds.y) == ((0.5, 2.0), (0.1, 0.2))


@pytest.mark.parametrize(("second", "line"), [((0.1, 3.0, 0.0, 0.99), 1), ((0.1, 3.0, 0.0, 0.5), 0)])
def test_a_name_that_would_lie_on_another_stands_below_it(second: tuple[float, ...], line: int) -> None:
    left, right, low, high = second
    panel = replace(BOXES, boxes=(("a", 0.0, 4.0, 0.0, 1.0), ("b", left, right, low, high)))
    assert [box.line for box in boxes(panel, (0.0, 10.0), (0.0, 1.0))] == [0, line]


def test_a_box_without_a_number_is_left_out() -> None:
    assert boxes(replace(BOXES, boxes=(("a", np.nan, 1.0, 0.0, 1.0),)), (0.0, 1.0), (0.0, 1.0)) == []
