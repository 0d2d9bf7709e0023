"""Bands in bands, and names of periods that keep their distance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage.panels import Multiples
from leverage.views.fan import alike, bands, frame, last, listed, reached, references, thinned
from tests.views.examples import BARS, CHANNELS, FAN, HISTOGRAM, SHAPES, SPIDER, SWINGS


def test_the_widest_band_is_drawn_first_and_inner_ones_are_darker() -> None:
    assert [(band.name, band.depth) for band in bands(FAN)] == [("P5 to P95", 1), ("P10 to P90", 2)]
    outer, inner = bands(FAN)
    assert outer.shade < inner.shade < 1


def test_bands_beside_each_other_have_one_shade() -> None:
    (name, low, high), _ = FAN.bands
    panel = replace(FAN, bands=((name, low, high), ("other", low + 100, high + 100)))
    assert [band.depth for band in bands(panel)] == [1, 1]


def test_of_two_bands_that_are_the_same_the_later_lies_in_the_earlier() -> None:
    _, low, high = FAN.bands[0]
    panel = replace(FAN, bands=(("a", low, high), ("b", low, high)))
    assert [(band.name, band.depth) for band in bands(panel)] == [("a", 1), ("b", 2)]


def test_a_reference_of_one_level_stands_at_each_place() -> None:
    assert [(name, levels.tolist()) for name, levels in references(FAN)] == [
        ("target", [13.0] * 3),
        ("plan", [11.0, 12.0, 13.0]),
    ]


def test_what_is_reached_holds_curves_bands_marks_and_references() -> None:
    assert (min(reached(FAN)), max(reached(FAN))) == (10.0, 18.0)
    assert max(reached(replace(FAN, references=(("far", np.array(99.0)),)))) == 99.0


@pytest.mark.parametrize(
    ("count", "most", "places"),
    [
        (0, 5, []),
        (5, 9, [0, 1, 2, 3, 4]),
        (12, 5, [0, 3, 6, 9]),
        (24, 3, [0, 12]),
        (60, 4, [0, 24, 48]),
        (3, 0, [0]),
    ],
)
def test_periods_are_named_in_steps_that_divide_a_year(count: int, most: int, places: list[int]) -> None:
    assert list(thinned(count, most)) == places


@given(st.integers(0, 500), st.integers(1, 40))
def test_no_more_periods_are_named_than_there_is_room_for(count: int, most: int) -> None:
    assert len(thinned(count, most)) <= most
    assert listed(count, most)[-1:] == [count - 1] * (count > 0)
    assert len(listed(count, most)) <= most + 1


@pytest.mark.parametrize(
    ("panel", "axes", "apart"),
    [
        (CHANNELS, "xy", "x"),
        (SWINGS, "x", ""),
        (SHAPES, "xy", ""),
        (Multiples("", (BARS, HISTOGRAM)), "", ""),
        (Multiples("", (FAN, replace(FAN, x=FAN.x + 1))), "y", ""),
        (Multiples("", ()), "", ""),
    ],
)
def test_plots_of_one_kind_share_the_axis_of_their_figures(panel: Multiples, axes: str, apart: str) -> None:
    assert alike(panel) == axes
    assert alike(replace(panel, share_y=False)) == apart


def test_small_plots_have_the_unit_that_all_of_them_have() -> None:
    assert CHANNELS.unit == "EUR"
    assert Multiples("", (FAN, replace(FAN, unit="USD"))).unit == ""


def test_a_curve_ends_at_its_last_point_and_one_without_any_nowhere() -> None:
    y = np.array([[1.0, 2.0, np.nan], [np.nan] * 3, [1.0, 2.0, 3.0]])
    panel = replace(SPIDER, x=np.tile([0.0, 1.0, 2.0], (3, 1)), y=y, names=("a", "b", "c"))
    assert last(panel) == [(0, 1.0, 2.0), (2, 2.0, 3.0)]


def test_the_frame_of_a_spider_holds_where_its_curves_meet() -> None:
    assert frame(SPIDER) == ((-0.5, 0.5), (90.0, 120.0))
    assert frame(replace(SPIDER, origin=(-1.0, 200.0))) == ((-1.0, 0.5), (90.0, 200.0))
