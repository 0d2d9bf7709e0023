"""A formula runs over the axes of what it uses, less those that it reduces."""

from __future__ import annotations

import pytest

from leverage.formula.functions import FUNCTIONS, OVER_DIMENSIONS_AND_TIME
from leverage.formula.parse import parse
from leverage.tree.axes import WORDS, axes_of, wrong
from leverage.tree.grid import TIME
from leverage.tree.unroll import CELLS
from tests.tree.test_grid import GRID

KNOWN = {"visits": frozenset({"country", "channel"}), "churn": frozenset({TIME}), "rate": frozenset({"channel"})}


@pytest.mark.parametrize(
    ("formula", "axes"),
    [
        ("price * 2", ()),
        ("visits * churn", ("country", "channel", TIME)),
        ("sum(visits)", ()),
        ("sum(visits * churn, over=channel)", ("country", TIME)),
        ("mean(visits, over=[country, channel])", ()),
        ("sum(price, over=channel)", ()),
        ("max(visits)", ()),
        ("max(visits, churn)", ("country", "channel", TIME)),
        ("min(visits, over=country)", ("channel",)),
        ("last(visits * churn)", ("country", "channel")),
        ("first(visits, over=channel)", ("country",)),
        ("pick(visits, ads) / rate", ("country", "channel")),
        ("pick(visits, emea)", ("channel",)),
        ("pick(churn, `2027-01`)", ()),
        ("prev(price, 0)", (TIME,)),
        ("prev(visits, rate)", ("country", "channel", TIME)),
        ("lag(churn, 2, 0) + cumsum(rate)", ("channel", TIME)),
        ("adstock(visits, 50%)", ("country", "channel", TIME)),
        ("npv(1%, visits * churn)", ("country", "channel")),
        ("visits * period + days()", ("country", "channel", TIME)),
        ("visits if churn > 2% else price", ("country", "channel", TIME)),
        ("hill(visits, half=rate, shape=2)", ("country", "channel")),
    ],
)
def test_the_axes_of_a_formula_are_those_that_a_reader_expects(formula: str, axes: tuple[str, ...]) -> None:
    node = parse(formula)
    assert not list(wrong(node, GRID))
    assert GRID.ordered(axes_of(node, KNOWN, GRID)[id(node)]) == axes


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("sum(visits, over=chanel)", "unknown dimension 'chanel'; did you mean 'channel'?"),
        ("pick(visits, add)", "unknown label 'add'; did you mean 'ads'?"),
        ("lag(churn, 1.5, 0)", "lag goes back a whole number of periods, 1 or more; write it as a number"),
        ("lag(churn, price, 0)", "lag goes back a whole number of periods, 1 or more; write it as a number"),
    ],
)
def test_what_the_axes_do_not_answer_is_told_with_the_mend(formula: str, said: str) -> None:
    assert [message for message, _ in wrong(parse(formula), GRID)] == [said]


def test_every_word_over_axes_has_its_axes_and_its_cells() -> None:
    assert set(WORDS) == set(CELLS) == OVER_DIMENSIONS_AND_TIME | {"min", "max"}
    assert set(FUNCTIONS) | {"period"} >= set(WORDS)
