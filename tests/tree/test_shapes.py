"""Figures over axes are picked cell by cell: the label's own, else its smallest group's; a list by period."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.files.plain import from_python
from leverage.tree.build import build
from leverage.tree.metric import Metric
from tests.tree.test_cells import AXES


def cells(x: Any) -> dict[tuple[str, ...], Metric]:
    tree = build(from_python({"kgi": "y", "metrics": {"y": "sum(x)", "x": x}, **AXES})).cells
    return {cell.labels: cell for cell in tree.metrics.values() if cell.whole == "x"}


def levels(x: Any) -> dict[tuple[str, ...], float | None]:
    return {labels: cell.base for labels, cell in cells(x).items()}


def test_a_label_has_its_own_figure_before_that_of_its_group() -> None:
    assert levels({"value": {"emea": 1, "fr": 2, "apac": 3}}) == {("de",): 1, ("fr",): 2, ("jp",): 3}


@pytest.mark.parametrize(
    "x",
    [
        [1, 2, 3],
        {"value": [1, 2, 3]},
        {"value": {"2027-01": 1, "2027-02": 2, "2027-03": 3}},
        {"value": 1, "seasonality": [1, 2, 3]},
    ],
)
def test_figures_per_period_are_said_in_several_ways(x: Any) -> None:
    assert levels(x) == {("2027-01",): 1, ("2027-02",): 2, ("2027-03",): 3}


def test_a_short_list_goes_on_with_its_last_entry_where_it_says_so() -> None:
    assert list(levels({"value": [1, 2], "repeat": "last"}).values()) == [1, 2, 2]
    assert list(levels({"value": {"ads": [1, 2], "seo": 7}, "repeat": "last"}).values()) == [1, 2, 2, 7, 7, 7]


def test_lists_and_labels_nest_in_either_order() -> None:
    inside = levels({"value": {"ads": [1, 2, 3], "seo": [4, 5, 6]}})
    outside = levels({"value": [{"ads": 1, "seo": 4}, {"ads": 2, "seo": 5}, {"ads": 3, "seo": 6}]})
    assert inside == outside


def test_keys_may_run_over_different_axes_and_what_stands_once_is_for_all() -> None:
    found = cells(
        {
            "value": {"ads": 1, "seo": 2},
            "target": {"emea": 5, "jp": 6},
            "lever": {"min": 0, "max": {"ads": 3, "seo": 4}},
        }
    )
    assert list(found) == [(c, p) for c in ("ads", "seo") for p in ("de", "fr", "jp")]
    assert [cell.base for cell in found.values()] == [1, 1, 1, 2, 2, 2]
    assert [cell.target for cell in found.values()] == [5, 5, 6, 5, 5, 6]
    assert [(cell.lever.low, cell.lever.high) for cell in found.values() if cell.lever] == [(0, 3)] * 3 + [(0, 4)] * 3


def test_a_pair_is_of_all_and_a_list_of_pairs_is_per_period() -> None:
    one = cells({"value": [10, 20, 30], "spread": ["-10%", "10%"]})
    assert [round(float(cell.quantile(0.9)), 9) for cell in one.values()] == [11, 22, 33]
    each = cells({"value": 10, "range": [[9, 11], [8, 12], [7, 13]]})
    assert [round(float(cell.quantile(0.1)), 9) for cell in each.values()] == [9, 8, 7]


def test_labels_may_be_called_like_keys() -> None:
    tree = build(
        from_python(
            {
                "kgi": "y",
                "dimensions": {"end": ["min", "max"]},
                "metrics": {
                    "y": "sum(x)",
                    "x": {"value": {"min": 1, "max": 2}, "lever": {"min": {"min": 0, "max": 1}}},
                },
            }
        )
    ).cells
    assert {id: cell.lever.low for id, cell in tree.metrics.items() if cell.lever} == {"x[min]": 0, "x[max]": 1}


def test_a_figure_read_for_many_cells_is_the_same_object() -> None:
    """A file of few figures and many cells costs what it says, and not what it comes to."""
    found = cells({"value": {"ads": 1, "seo": 2}, "spread": ["-10%", "10%"], "target": {"emea": 5, "jp": 6}})
    assert len({id(cell.uncertainty) for cell in found.values()}) == 2
