"""What stands under dimensions and time becomes the grid, in the file's order; what is wrong with it, one finding."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.errors import InvalidModel
from leverage.files.plain import from_python
from leverage.tree.build import build
from leverage.tree.dimensions import DEEPEST, MOST, WIDEST
from leverage.tree.grid import Grid
from leverage.tree.ids import LENGTH


def grid(**keys: Any) -> Grid:
    return build(from_python({"kgi": "y", "metrics": {"y": 1}, **keys})).grid


def refused(**keys: Any) -> list[str]:
    with pytest.raises(InvalidModel) as found:
        grid(**keys)
    return [error.message for error in found.value.errors]


def test_axes_stand_as_declared_and_time_last() -> None:
    found = grid(time={"periods": 2}, dimensions={"place": ["de"], "channel": ["ads", "seo"]})
    assert [(axis.name, axis.labels) for axis in found.axes] == [
        ("place", ("de",)),
        ("channel", ("ads", "seo")),
        ("time", ("0", "1")),
    ]


def test_groups_stand_for_all_labels_below_them() -> None:
    axis = grid(dimensions={"place": {"world": {"emea": {"dach": ["de", "at"], "west": ["fr"]}, "apac": ["jp"]}}})[
        "place"
    ]
    assert axis.labels == ("de", "at", "fr", "jp")
    assert {label: axis.members(label) for label in ("world", "emea", "dach", "jp")} == {
        "world": ("de", "at", "fr", "jp"),
        "emea": ("de", "at", "fr"),
        "dach": ("de", "at"),
        "jp": ("jp",),
    }


def test_a_label_knows_its_groups_the_smallest_first() -> None:
    found = grid(dimensions={"place": {"world": {"emea": {"dach": ["de"], "west": ["fr"]}, "apac": ["jp"]}}})
    assert found.homes == {"de": ("dach", "emea", "world"), "fr": ("west", "emea", "world"), "jp": ("apac", "world")}
    assert {label: found.places[label] for label in ("de", "fr", "jp")} == {"de": 0, "fr": 1, "jp": 2}


@pytest.mark.parametrize(
    ("time", "labels"),
    [
        ({"periods": 2}, ("0", "1")),
        ({"periods": 2, "unit": "sprint"}, ("0", "1")),
        ({"periods": 2, "start": "2027-12"}, ("2027-12", "2028-01")),
        ({"periods": 2, "start": "2027-Q4"}, ("2027-Q4", "2028-Q1")),
        ({"periods": 2, "unit": "year", "start": "2027"}, ("2027", "2028")),
    ],
)
def test_periods_are_called_by_their_calendar_or_numbered(time: dict[str, Any], labels: tuple[str, ...]) -> None:
    assert grid(time=time)["time"].labels == labels


@pytest.mark.parametrize(
    ("time", "unit"),
    [
        ({"periods": 2, "unit": "month"}, "month"),
        ({"periods": 2, "unit": "sprint"}, "sprint"),
        ({"periods": 2}, ""),
        ({"periods": 2, "unit": "week", "start": "2027-W01"}, "week"),
        ({"periods": 2, "start": "2027-Q1"}, "quarter"),
    ],
)
def test_time_keeps_its_unit_or_reads_it_off_its_start(time: dict[str, Any], unit: str) -> None:
    assert grid(time=time)["time"].unit == unit


def test_a_label_is_the_same_whatever_its_unicode_form_and_the_blanks_round_it() -> None:
    """People copy an é as one character or as two; a file may have both."""
    one, two = "caf\u00e9", "cafe\u0301"
    tree = build(
        from_python(
            {
                "kgi": "y",
                "dimensions": {"shop": [two, "bar"]},
                "metrics": {"y": f"pick(x, `{two}`) + pick(x, ` {one} `)", "x": {"value": {f" {two}": 3, "bar": 4}}},
                "scenarios": {"s": {"set": {"x": {two: 5}, "x[ bar ]": 1}}},
            }
        )
    )
    assert tree.cells_of(f"x[{two}]") == (f"x[{one}]",)
    assert {id: level.value for id, level in tree.with_(scenario="s").cells.levels.items()} == {
        f"x[{one}]": 5,
        "x[bar]": 1,
    }


def test_each_limit_is_told_with_its_number() -> None:
    deep: Any = ["a"]
    for level in range(DEEPEST + 1):
        deep = {f"g{level}": deep}
    assert refused(dimensions={"d": deep})[0].endswith(f"groups stand more than {DEEPEST} deep; leave some levels out")
    assert refused(dimensions={f"d{k}": [f"l{k}"] for k in range(WIDEST + 1)}) == [
        f"dimensions: at most {WIDEST} are computed; leave some out"
    ]
    assert refused(time={"periods": MOST + 1}) == [
        f"time: at most {MOST:,} periods are computed; write fewer, or longer ones"
    ]
    (said,) = refused(dimensions={"d": ["x" * (LENGTH + 1)]})
    assert said.endswith(f"it has {LENGTH + 1} characters, and at most {LENGTH} are allowed")


def test_each_limit_is_just_reached() -> None:
    deep: Any = ["x" * LENGTH]
    for level in range(DEEPEST):
        deep = {f"g{level}": deep}
    assert grid(dimensions={"d": deep})["d"].labels == ("x" * LENGTH,)
    assert len(grid(dimensions={f"d{k}": [f"l{k}"] for k in range(WIDEST)}).axes) == WIDEST
    assert grid(time={"periods": MOST}).periods == MOST
