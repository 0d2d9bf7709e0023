"""Little series: their course in blocks, the means of long ones, and gaps that stay gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.panels import Figure, Spark
from leverage.views.cells import shown
from leverage.views.measure import width
from leverage.views.spark import LONGEST, blocks, parts, shares, told, written
from leverage.views.terminal import ASCII, BOXES, Look

LEVELS = st.lists(st.floats(-1e9, 1e9) | st.none(), max_size=80)


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        (tuple(map(float, range(8))), "▁▂▃▄▅▆▇█"),
        ((5.0, 5.0, 5.0), "▄▄▄"),
        ((0.1 + 0.2, 0.3), "▄▄"),  # differ by a rounding
        ((1.0, None, 2.0), "▁ █"),
        ((1.0, float("nan"), float("inf"), 2.0), "▁  █"),
        ((None, None), "  "),
        ((), ""),
    ],
)
def test_a_series_is_drawn_from_its_lowest_to_its_highest(values: tuple[float | None, ...], drawn: str) -> None:
    assert blocks(values, Look()) == drawn


@given(LEVELS, st.integers(4, LONGEST))
@settings(max_examples=60, deadline=None)
def test_a_long_series_takes_its_room_and_no_more(values: list[float | None], room: int) -> None:
    drawn = blocks(values, Look(), room)
    assert len(drawn) == min(len(values), room)
    assert set(drawn) <= set(BOXES.levels) | {" "}
    held = parts(values, room)
    assert np.all((held[~np.isnan(held)] >= 0) & (held[~np.isnan(held)] <= 1))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80), st.integers(1, 24))
@settings(max_examples=60, deadline=None)
def test_equal_shares_keep_the_mean(levels: list[float], room: int) -> None:
    held = np.array(levels)
    # a running sum of 80 levels of at most 1e6 rounds by less than 80 * 80e6 / 2**53 in each of `room` shares
    assert shares(held, room).mean() == pytest.approx(held.mean(), abs=1e-5)


def test_a_share_is_the_mean_of_its_levels_and_a_gap_only_where_none_is() -> None:
    gap = np.nan
    assert shares(np.array([1.0, 3.0, 5.0, 7.0]), 2).tolist() == [2.0, 6.0]
    found = shares(np.array([1.0, gap, gap, gap, 0.1, 0.2]), 3)
    assert found[0] == 1.0
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(0.15, abs=1e-15)  # half a unit in the last place of sums near 1


def test_a_column_has_courses_and_last_figures_below_each_other() -> None:
    cells = (Spark((12e6, 13e6, 15.25e6)), Spark((9.5e6, 9e6)), Figure(8e6), None)
    assert written(cells, [shown(cell, "-") for cell in cells], Look()) == [
        " 12M ▁▃█ 15.25M",
        "9.5M █▁   9M   ",
        "8M   ",
        "-",
    ]


def test_without_block_characters_the_ends_are_written() -> None:
    cells = (Spark((12e6, None, 15.2e6)), Spark((1e6,)), Spark((None,)), Spark(()))
    assert written(cells, [shown(cell) for cell in cells], Look(glyphs=ASCII)) == ["12M .. 15.2M", "1M  ", "-", "-"]
    assert [shown(cell) for cell in cells] == ["12M .. 15.2M", "1M", "-", "-"]


@pytest.mark.parametrize(("columns", "room"), [(40, 8), (80, 16), (120, 24), (300, 24)])
def test_a_narrow_terminal_shows_fewer_places(columns: int, room: int) -> None:
    spark = Spark(tuple(map(float, range(60))))
    (cell,) = written([spark], [shown(spark)], Look(columns))
    assert width(cell) == len("0 ") + room + len(" 59")


def test_who_cannot_see_a_series_is_told_its_ends_and_extremes() -> None:
    assert told(Spark((0.02, 0.01, None, 0.04, 0.03), percent=True)) == "from 2% to 3%, lowest 1%, highest 4%"
    assert [told(Spark(values)) for values in ((), (7.0,))] == ["-", "7"]
