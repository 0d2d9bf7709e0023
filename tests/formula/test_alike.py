"""A formula of a form that was met before is what the parser makes of it, to the last place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage.formula import alike
from leverage.formula.cursor import Limits
from leverage.formula.nodes import Node, walk
from leverage.formula.parse import FormulaError, parse
from leverage.formula.write import write
from tests.formula.trees import formulas

APART = Limits()  # equal to the usual limits, and not they: such a formula always goes to the parser
PIECES = st.sampled_from(
    [
        *"+-*/(),[]<>=%^`.$",
        *(
            "**",
            "<=",
            "==",
            " ",
            "  ",
            "\n",
            "a",
            "b1",
            "_x",
            "max",
            "min(",
            "hill(",
            "half=",
            "clip(",
            "sum(",
            "over=",
        ),
        *("if", "else", "and", "not", "pi", "period", "time", "mod", "k", "e5", "inf", "é", "·", "ｱ", "²"),
        *("0", "1", "12", "0.5", "2.", ".5", "007", "1_000", "1,000", "3%", "5k", "1e3", "1e-3", "1e999", "9" * 31),
    ]
)


@pytest.fixture(autouse=True)
def _nothing_met() -> Iterator[None]:
    alike.PLANS.clear()
    yield
    alike.PLANS.clear()


def told(text: str, limits: Limits | None = None) -> object:
    """The nodes with their spans, or what is wrong with the text and where."""
    try:
        node = parse(text) if limits is None else parse(text, limits=limits)
    except FormulaError as error:
        return (type(error), str(error), error.span)
    return node, spans(node)


def spans(node: Node) -> list[tuple[int, int]]:
    return [part.span for part in walk(node)]


def other(text: str) -> str:
    """Another text, of the same form where the names and numbers are plain ones."""
    return text.replace("a", "abc").replace("1", "7").replace("b", "z_9")


@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_text_says_the_same_however_often_its_form_was_met(text: str) -> None:
    for again in (text, text, other(text), text):
        assert told(again) == told(again, APART)


@given(formulas())
def test_any_formula_is_the_same_however_often_its_form_was_met(node: Node) -> None:
    text = write(node)
    for again in (text, text, other(text), text):
        assert told(again) == told(again, APART)


def test_names_and_numbers_take_their_places_in_a_form_met_twice() -> None:
    parse("(m1 + 0.5) * min(m2, 3)"), parse("(m2 + 0.25) * min(m3, 4)")
    form, _ = alike.parted("(x + 0) * min(y, 0)") or ((), [])
    assert alike.PLANS[form] is not None
    node = parse("(revenue + 12.75) * min(cost, 1)")
    assert (node, spans(node)) == told("(revenue + 12.75) * min(cost, 1)", APART)


@pytest.mark.parametrize(
    "text",
    ["hill(x, 1, 2)", "x * 1e-3", "pick(x, `a b`)", "sum(x, over=region)", "clip(x, low=0, high=1)", "é + 1", "x +"],
)
def test_what_is_more_than_names_and_numbers_is_parsed_each_time(text: str) -> None:
    for _ in range(3):
        assert told(text) == told(text, APART)
    found = alike.parted(text)
    assert found is None or alike.PLANS.get(found[0]) is None


def test_a_constant_that_a_curve_refuses_is_refused_in_a_form_met_before() -> None:
    parse("saturate(x, 10)"), parse("saturate(x, 20)")
    with pytest.raises(FormulaError, match="scale must be above 0"):
        parse("saturate(x, 0)")


def test_the_forms_that_are_kept_are_bounded() -> None:
    for count in range(500):
        parse("-" * (count % 50) + "x" + " " * 10 * count)
    assert len(alike.PLANS) < 100
