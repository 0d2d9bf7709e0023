"""Columns side by side: lines of one width, figures whole, names shortened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.quantity import show
from leverage.views.grid import Strip, lay, on_the_point
from leverage.views.measure import width
from leverage.views.terminal import Look

NAMES = st.text(alphabet="abcdefgh_ 売上高é", min_size=1, max_size=40).map(lambda text: " ".join(text.split()) or "x")
FIGURES = st.builds(
    lambda value, percent, signed: show(value, percent=percent, signed=signed),
    st.floats(-1e12, 1e12),
    st.booleans(),
    st.booleans(),
)


@st.composite
def strips(draw: st.DrawFn) -> list[Strip]:
    """A first column of names and others of figures, with headings and units."""
    rows = draw(st.integers(1, 5))
    names = Strip(draw(st.lists(NAMES, min_size=rows, max_size=rows)), draw(NAMES), text=True)
    count = draw(st.integers(1, 9))
    columns = [
        Strip(
            draw(st.lists(FIGURES, min_size=rows, max_size=rows)), draw(NAMES), draw(st.sampled_from(["", "USD/month"]))
        )
        for _ in range(count)
    ]
    return [names, *columns]


@given(strips(), st.integers(40, 200))
@settings(max_examples=60, deadline=None)
def test_every_line_of_a_block_has_one_width_and_fits(columns: list[Strip], room: int) -> None:
    for block in _blocks(lay(columns, Look(room))):
        assert len({width(line) for line in block}) == 1
        assert width(block[0]) <= room


@given(strips(), st.integers(40, 200))
@settings(max_examples=60, deadline=None)
def test_figures_stand_whole_at_every_width(columns: list[Strip], room: int) -> None:
    text = "\n".join(lay(columns, Look(room)))
    for column in columns[1:]:
        assert all(figure in text for figure in column.cells)


def _blocks(lines: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        else:
            blocks.append([])
    return blocks


@pytest.mark.parametrize(
    ("cells", "aligned"),
    [
        (["12.5%", "3%", "-0.25%"], ["12.5% ", "3%   ", "-0.25%"]),
        (["1.5", "10", "-"], ["1.5", "10  ", "-"]),
        (["1.5k", "10"], ["1.5k", "10"]),  # scales differ: the point would mislead
        (["1.5k", "0"], ["1.5k", "0   "]),
        (["1e-05", "0.5"], ["1e-05", "0.5"]),
        ([], []),
    ],
)
def test_figures_of_one_scale_have_their_points_below_each_other(cells: list[str], aligned: list[str]) -> None:
    assert list(on_the_point(cells)) == aligned


def test_names_are_shortened_before_figures() -> None:
    names = ["a name that is far longer than its column", "price"]
    columns = [Strip(names, "metric", text=True), Strip(["123.4k", "68"], "value"), Strip(["5", "12"], "n")]
    assert lay(columns, Look(36)) == [
        "metric                     value   n",
        "────────────────────────────────────",
        "a name that is far long…  123.4k   5",
        "price                         68  12",
    ]


def test_what_does_not_fit_stands_below_under_the_same_names() -> None:
    columns = [Strip(["ads", "price"], "metric", text=True), *(Strip(["123.4k", "1"], f"n{i}") for i in range(6))]
    lines = lay(columns, Look(30))
    assert lines == [
        "metric      n0      n1      n2",
        "──────────────────────────────",
        "ads     123.4k  123.4k  123.4k",
        "price        1       1       1",
        "",
        "metric      n3      n4      n5",
        "──────────────────────────────",
        "ads     123.4k  123.4k  123.4k",
        "price        1       1       1",
    ]


def test_a_last_column_of_sentences_wraps_and_loses_nothing() -> None:
    finding = "has no owner, and nobody can move it"
    lines = lay([Strip(["visits"], "metric", text=True), Strip([finding], "finding", text=True)], Look(30))
    assert [line.rstrip() for line in lines] == [
        "metric  finding",
        "──────────────────────────────",
        "visits  has no owner, and",
        "        nobody can move it",
    ]


def test_a_last_column_of_names_is_shortened_so_that_a_row_stays_a_line() -> None:
    names = Strip(["churn of customers", "rate"], "metric", text=True)
    owners = Strip(["Customer success", "UX"], "owner", text=True)
    assert [line.rstrip() for line in lay([names, owners], Look(33))] == [
        "metric              owner",
        "─────────────────────────────────",
        "churn of customers  Customer suc…",
        "rate                UX",
    ]


def test_long_headings_break_before_names_are_cut() -> None:
    columns = [Strip(["purchase_rate_of_ads"], "metric", text=True), Strip(["1"], "gain per use", "USD/month")]
    assert lay(columns, Look(32)) == [
        "                        gain per",
        "metric                       use",
        "                       USD/month",
        "────────────────────────────────",
        "purchase_rate_of_ads           1",
    ]
