"""Cells of a leaf moved as one lever: to one level where they are equal, else by one share, and within all bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leverage.model import Model
from leverage.verbs.cells.handles import Handle, every, named


def leaf(x: dict[str, Any]) -> Model:
    return Model(kgi="y", time={"periods": 3}, dimensions={"part": ["a", "b"]}, metrics={"y": "sum(x)", "x": x})


def only(x: dict[str, Any], address: str = "x") -> Handle:
    (found,) = named(leaf(x).tree, address)
    return found


def test_equal_cells_are_moved_to_one_level() -> None:
    handle = only({"value": [5, 5, 5], "lever": {"min": 1, "max": 9}})
    assert handle.at(7.0) == {"x[0]": 7, "x[1]": 7, "x[2]": 7}
    assert handle.metric.lever is not None
    assert (handle.metric.lever.low, handle.metric.lever.high) == (1, 9)


def test_cells_that_differ_keep_their_ratios() -> None:
    handle = only({"value": [4, 6, 0]})
    assert handle.at(handle.here) == {"x[0]": 4, "x[1]": 6, "x[2]": 0}  # to the bit
    assert handle.at(6.0) == {"x[0]": 6, "x[1]": 9, "x[2]": 0}


@pytest.mark.parametrize(
    ("value", "lever", "low", "high"),
    [
        ([4, 6, 5], {"min": 3, "max": 9}, 3.0, 6.0),  # the smallest may not fall below 3, the largest not pass 9
        ([4, -2, 5], {"min": -3, "max": 9}, -2.4, 6.0),
        ([0, 4, 8], {"max": 10}, None, 5.0),  # no share moves a cell at 0
        ([4, 6, 5], {"min": [1, 5, 1]}, 10 / 3, None),
    ],
)
def test_a_handle_stays_within_the_bounds_of_all_cells(
    value: list[float], lever: dict[str, Any], low: float | None, high: float | None
) -> None:
    found = only({"value": value, "lever": lever}).metric.lever
    assert found is not None
    assert (found.low, found.high) == (
        low if low is None else pytest.approx(low),
        high if high is None else pytest.approx(high),
    )


def test_levers_of_separate_levels_that_differ_move_alone() -> None:
    lever = {"min": 0, "max": 9, "integer": True}
    assert [handle.address for handle in named(leaf({"value": [4, 6, 5], "lever": lever}).tree, "x")] == [
        "x[0]",
        "x[1]",
        "x[2]",
    ]
    handle = only({"value": [4, 4, 4], "lever": lever})
    assert handle.metric.lever is not None
    assert handle.metric.lever.integer


def test_every_label_has_a_handle_and_a_leaf_without_axes_its_own() -> None:
    tree = Model(
        kgi="y",
        time={"periods": 3},
        dimensions={"part": ["a", "b"]},
        metrics={"y": "sum(x) + z", "x": {"value": {"a": [1, 2, 3], "b": 4}}, "z": 1},
    ).tree
    assert {handle.address: handle.cells for handle in every(tree)} == {
        "x[a]": ("x[a,0]", "x[a,1]", "x[a,2]"),
        "x[b]": ("x[b,0]", "x[b,1]", "x[b,2]"),
        "z": ("z",),
    }


def test_levels_are_arrays_when_asked_for_arrays() -> None:
    moved = only({"value": [4, 6, 5]}).moved(np.array([4.0, 8.0]))
    assert {cell: levels.tolist() for cell, levels in moved.items()} == {
        "x[0]": [4, 8],
        "x[1]": [6, 12],
        "x[2]": [5, 10],
    }
