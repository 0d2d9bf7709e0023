"""All periods as one figure: by the model's own word where it has one, else their mean; labels apart are a range."""

from __future__ import annotations

import pytest

from leverage.panels import Figure
from leverage.program.run import point
from leverage.verbs.cells.overall import difference, over_time, overall
from tests.trees import tree
from tests.verbs.over_time import year

YEAR = year().tree
FIGURES = point(YEAR.cells)
WORDS = {
    "sum(x)": ("sum", 12),
    "last(x)": ("last", 6),
    "max(x)": ("max", 6),
    "exp(mean(x))": ("mean", 4),
    "x0": ("mean", 4),
}


@pytest.mark.parametrize("formula", WORDS)
def test_periods_come_to_one_figure_by_the_models_word_else_their_mean(formula: str) -> None:
    of = tree("y", {"y": formula, "x": {"value": [4, 2, 6]}, "x0": 1}, time={"periods": 3})
    word, figure = WORDS[formula]
    assert over_time(of, "x") == word
    assert overall(of, "x", point(of.cells)) == Figure(figure)
    assert over_time(of, "y") is None


def test_what_sums_over_time_sums_to_what_the_kgi_has_of_it() -> None:
    assert overall(YEAR, "margin", FIGURES) == Figure(FIGURES["profit"])


def test_labels_that_nothing_folds_are_a_range_of_their_own_figures() -> None:
    assert overall(YEAR, "rate", FIGURES) == "1.5% to 3%"
    ads = sum(FIGURES[cell] for cell in YEAR.cells_of("visits[ads]"))
    assert overall(YEAR, "visits", FIGURES, {"channel": ("ads",)}) == Figure(pytest.approx(ads))


def test_a_difference_is_that_of_the_figures_shown() -> None:
    of = tree("y", {"y": "max(x)", "x": {"value": [4, 2, 6]}}, time={"periods": 3})
    before, after = point(of.cells), point(of.with_(set={"x[2]": 1.0}).cells)
    assert difference(of, "x", before, after) == Figure(-2, signed=True)  # from 6 to 4, and not by the largest move
    assert difference(of, "x", before, before) is None
    told = point(YEAR.with_(add={"rate[ads]": 0.01}).cells)
    assert difference(YEAR, "rate", FIGURES, told) == "0% to +1%"


def test_without_figures_there_is_none() -> None:
    assert overall(YEAR, "margin", {}) is None
    assert overall(YEAR, "margin", {"margin[2027-01]": 1.0}) == Figure(None)
