"""Bars run from where to where: the same for text, page and picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from leverage.panels import Bridge, Histogram
from leverage.views.scale import (
    End,
    Span,
    Stroke,
    bars,
    bins,
    bridge,
    extent,
    floor,
    interval,
    one_sided,
    sampled,
    series,
    span,
)
from tests.views.examples import BARS, BRIDGE, ERRORS, GAINS, GROUPED, HISTOGRAM

FINITE = st.floats(-1e9, 1e9)


def test_the_left_end_is_the_lower_figure_with_the_level_that_reaches_it() -> None:
    rate, cost = bars(BARS)
    assert rate.ends == (End(90.0, "1.9%"), End(130.0, "3.1%"))
    assert cost.ends == (End(95.0, "66%"), End(110.0, "54%"))  # its high level lowers the goal


def test_strokes_start_at_the_reference_and_say_which_way_is_better() -> None:
    assert bars(BARS)[0].strokes == (Stroke(100.0, 130.0, True), Stroke(100.0, 90.0, False))
    lower = bars(replace(BARS, better="lower"))[0]
    assert lower.strokes == (Stroke(100.0, 130.0, False), Stroke(100.0, 90.0, True))


def test_labels_stand_in_place_of_ids_where_there_are_any() -> None:
    assert [bar.name for bar in bars(BARS)] == ["Purchase rate", "cost_ratio"]


def test_bars_of_one_value_have_one_end() -> None:
    assert one_sided(GAINS)
    assert not one_sided(BARS)
    assert [bar.ends for bar in bars(GAINS)] == [(End(40.0),), (End(-10.0),)]


def test_an_interval_lies_on_its_bar_and_widens_the_scale() -> None:
    rows = bars(ERRORS)
    assert [row.whisker for row in rows] == [(30.0, 50.0), (9.0, 11.0), None]
    assert extent(rows) == (0.0, 50.0)  # the longest bar ends at 40
    assert [interval(ERRORS, row) for row in rows] == ["30 to 50", "9 to 11", ""]


def test_a_series_of_grouped_bars_is_bars_from_0_with_its_own_intervals() -> None:
    first, total = series(GROUPED)
    assert (first.title, total.title) == ("first", "total")
    assert one_sided(first)
    assert [row.ends[0].figure for row in bars(total)] == [0.7, 0.3]
    assert [row.whisker for row in bars(first)] == [(0.45, 0.55), (0.15, 0.25)]
    assert [row.name for row in bars(total)] == ["Purchase rate", "visits"]


def test_ends_that_are_no_numbers_are_named_and_not_drawn() -> None:
    (bar,) = bars(replace(GAINS, ids=("a",), low=np.array([np.nan]), high=np.array([np.inf])))
    assert bar.strokes == ()
    assert len(bar.ends) == 2


@given(st.floats(-1e6, 1e6), st.lists(st.floats(-1e6, 1e6), max_size=6))
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_bridge_steps_from_where_the_last_step_ended(start: float, steps: list[float]) -> None:
    panel = Bridge("", "a", "b", start, start + sum(steps), tuple(map(str, range(len(steps)))), np.array(steps))
    first, *inner, last = bridge(panel)
    level = start
    for bar, step in zip(inner, steps, strict=True):
        assert [(stroke.start, stroke.better) for stroke in bar.strokes] in ([(level, step > 0)], [])
        level = bar.strokes[0].end if bar.strokes else level
        assert bar.ends == (End(step),)
    assert first.ends[0].figure == start
    # each addition rounds once, to half a unit in the last place of a partial sum of at most 7e6
    assert last.ends[0].figure == pytest.approx(level, abs=len(steps) * 7e6 * 2**-52)


def test_totals_are_neither_better_nor_worse() -> None:
    rows = bridge(BRIDGE)
    assert [[stroke.better for stroke in row.strokes] for row in rows] == [[None], [False], [True], [None]]
    assert [[stroke.better for stroke in row.strokes] for row in bridge(replace(BRIDGE, better="lower"))][1:3] == [
        [True],
        [False],
    ]


@pytest.mark.parametrize(
    ("levels", "begins"),
    [
        ((100.0, 60.0), 0.0),  # steps that show beside the totals
        ((150e3, 118e3), 100e3),  # a fifth of the totals: half the difference below, rounded down
        ((10.0, -5.0), 0.0),
        ((5.0, 5.0), 0.0),
        ((1.0, float("nan")), 0.0),
    ],
)
def test_bars_begin_at_zero_unless_steps_would_be_slivers(levels: tuple[float, float], begins: float) -> None:
    start, end = levels
    assert floor(Bridge("", "a", "b", start, end, ("x",), np.array([end - start]))) == begins


@given(st.lists(FINITE, max_size=5))
@hypothesis_settings(max_examples=60, deadline=None)
def test_an_extent_holds_its_levels_and_is_never_empty(levels: list[float]) -> None:
    low, high = extent((), *levels, float("nan"), float("inf"), 1.7e308)
    assert low < high
    assert all(low <= level <= high for level in levels)


def test_parts_of_a_span_run_from_0_to_1_and_no_further() -> None:
    within = Span(10.0, 20.0, 10.0)
    assert [within.part(level) for level in (10.0, 15.0, 20.0, 25.0, 5.0, float("nan"))] == [
        0.0,
        0.5,
        1.0,
        1.0,
        0.0,
        0.0,
    ]


def test_a_span_holds_the_bars_and_their_axis() -> None:
    assert span(bars(BARS), 100.0) == Span(90.0, 130.0, 100.0)
    assert span(bars(GAINS), 0.0) == Span(-10.0, 40.0, 0.0)


def test_bins_are_joined_evenly_and_shares_add_up() -> None:
    counts = np.arange(45.0)
    shares, edges, marks = bins(Histogram("", np.arange(46.0), counts, (("P50", 4.0), ("off", -3.0), ("end", 99.0))))
    assert len(shares) == 15
    assert edges.tolist() == [*range(0, 45, 3), 45]
    # 15 shares, each rounded once
    assert shares.sum() == pytest.approx(1.0, abs=15 * 2**-53)
    assert shares[1] == (3 + 4 + 5) / counts.sum()
    assert [index for index, held in enumerate(marks) if held] == [0, 1, 14]


def test_a_mark_stands_in_the_bin_that_holds_it() -> None:
    assert bins(HISTOGRAM)[2] == [[], [("P50", 15.0)], [("target", 25.0)]]


@pytest.mark.parametrize(("count", "most", "places"), [(0, 5, []), (3, 5, [0, 1, 2]), (9, 3, [0, 4, 8]), (1, 1, [0])])
def test_samples_of_a_curve_are_even_and_hold_its_ends(count: int, most: int, places: list[int]) -> None:
    assert list(sampled(count, most)) == places
