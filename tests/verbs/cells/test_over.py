"""Figures over time and dimensions: nested as the file has them, and seen as one cell of a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from leverage.errors import UnknownName
from leverage.model import Model
from leverage.panels import Figure, Spark
from leverage.program.run import point
from leverage.tree.addresses import NotAnAddress
from leverage.verbs.cells.over import at, nested, one, seen, spoken
from leverage.verbs.draws.chance import BadSetting
from tests.properties.random_axes import RandomModel, random_model
from tests.verbs.over_time import CHANNELS, MONTHS, year

YEAR = year().tree
FIGURES = point(YEAR.cells)


@settings(max_examples=20, deadline=None)
@given(random_model(most=4))
def test_nested_figures_are_those_that_the_file_would_hold(model: RandomModel) -> None:
    """A model that is handed its own answer as leaves answers the same."""
    tree = Model(**model.keys).tree
    told = nested(tree, point(tree.cells))
    assert list(told) == list(tree.metrics)
    given_back = Model(
        kgi="kgi", time=model.keys["time"], dimensions=model.keys["dimensions"], metrics=told_as_leaves(told)
    )
    assert nested(given_back.tree, point(given_back.tree.cells)) == told


def told_as_leaves(told: dict[str, Any]) -> dict[str, Any]:
    return {id: {"value": figure} for id, figure in told.items()}


def test_a_metric_without_axes_stands_as_it_is_and_one_without_figures_is_left_out() -> None:
    assert nested(YEAR, {"profit": 3.0, "price": "any"}) == {"profit": 3.0, "price": "any"}


def test_labels_without_figures_are_left_out_and_periods_are_none() -> None:
    figures = {"visits[ads,2027-02]": 1.0, "visits[ads,2027-12]": 2.0}
    assert nested(YEAR, figures) == {"visits": {"ads": [None, 1.0, *[None] * 9, 2.0]}}


def test_an_address_takes_the_axes_of_which_it_names_one_label() -> None:
    visits = nested(YEAR, FIGURES)["visits"]
    assert list(visits) == list(CHANNELS)
    assert at(YEAR, "visits", FIGURES) == visits
    assert at(YEAR, "visits[ads]", FIGURES) == visits["ads"]
    assert at(YEAR, "visits[2027-03]", FIGURES) == {channel: visits[channel][2] for channel in CHANNELS}
    assert at(YEAR, "visits[2027-03,ads]", FIGURES) == visits["ads"][2]
    assert at(YEAR, "visits[paid]", FIGURES) == {"ads": visits["ads"], "social": visits["social"]}
    assert at(YEAR, "profit", FIGURES) == FIGURES["profit"]


def test_what_names_nothing_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'visits'"):
        at(YEAR, "visit[ads]", FIGURES)
    with pytest.raises(UnknownName, match="unknown label 'adds'"):
        at(YEAR, "visits[adds]", FIGURES)
    with pytest.raises(NotAnAddress, match="has a single figure"):
        at(YEAR, "price[ads]", FIGURES)


def test_an_option_that_wants_one_figure_gives_an_example() -> None:
    assert one(YEAR, "visits[2027-03, ads]", "of") == "visits[ads,2027-03]"
    assert one(YEAR, "profit", "of") == "profit"
    with pytest.raises(
        BadSetting, match=r"of 'visits\[ads\]': it has 12 figures; name one, such as visits\[ads,2027-01\]"
    ):
        one(YEAR, "visits[ads]", "of")


def test_an_address_is_read_with_the_metrics_name() -> None:
    assert spoken(YEAR, "margin[2027-03]") == "Monthly margin [2027-03]"
    assert spoken(YEAR, "profit") == "Profit of the year"
    cell = YEAR.cells.metrics["margin[2027-03]"]
    assert spoken(YEAR, cell.id) == cell.name


# --- one cell of a table -------------------------------------------------------------------------------------------


def test_one_figure_is_a_figure_and_a_course_over_time_a_series() -> None:
    assert seen(YEAR, "profit", FIGURES) == Figure(FIGURES["profit"])
    assert seen(YEAR, "margin", FIGURES) == Spark(tuple(FIGURES[f"margin[{month}]"] for month in MONTHS))


def test_dimensions_are_folded_as_the_model_folds_them() -> None:
    orders = np.array([[FIGURES[f"orders[{channel},{month}]"] for month in MONTHS] for channel in CHANNELS])
    assert seen(YEAR, "orders", FIGURES) == Spark(tuple(orders[0] + orders[1] + orders[2]))
    assert seen(YEAR, "orders", FIGURES, {"channel": ("ads", "social")}) == Spark(tuple(orders[1] + orders[2]))
    assert seen(YEAR, "spend", FIGURES) == Figure(20_000)  # the same in each month


def test_what_no_formula_folds_has_a_range() -> None:
    assert seen(YEAR, "rate", FIGURES) == "1.5% to 3%"
    assert seen(YEAR, "rate", FIGURES, {"channel": ("ads",)}) == Figure(0.015, percent=True)


def test_without_figures_there_is_no_cell() -> None:
    assert seen(YEAR, "orders", {}) is None
    assert seen(YEAR, "profit", {"profit": None}) == Figure(None)
    assert seen(YEAR, "rate", dict.fromkeys(YEAR.cells_of("rate"))) == Figure(None, percent=True)


def test_a_series_has_gaps_where_there_are_no_figures() -> None:
    figures: dict[str, float | None] = {"margin[2027-02]": 1.0, "margin[2027-03]": 2.0}
    assert seen(YEAR, "margin", figures) == Spark((None, 1.0, 2.0, *[None] * 9))
