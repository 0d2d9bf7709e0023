"""The precedence of operators is Python's: the same text is the same tree, and what Python refuses is refused."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from leverage.formula.nodes import Apply, Name, Node, Number
from leverage.formula.parse import FormulaError, parse

BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow"}
COMPARE = {
    **{ast.Lt: "less", ast.LtE: "less_equal", ast.Gt: "greater", ast.GtE: "greater_equal"},
    **{ast.Eq: "equal", ast.NotEq: "not_equal"},
}
WORDS = ["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "if", "else", "(", ")"]


class Refused(Exception):
    """Python has it, formulas have not."""


def in_python(text: str) -> Node:
    """What Python's own grammar makes of the text."""
    try:
        return converted(ast.parse(text, mode="eval").body)
    except SyntaxError as error:
        raise Refused from error


def converted(node: ast.expr) -> Node:
    match node:
        case ast.Name(id=id):
            return Name(id)
        case ast.Constant(value=int() | float() as value):
            return Number(float(value))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return Apply(BINARY[type(op)], (converted(left), converted(right)))
        case ast.UnaryOp(op=ast.USub() | ast.Not() as op, operand=operand):
            return Apply("neg" if isinstance(op, ast.USub) else "not", (converted(operand),))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
            return Apply(COMPARE[type(op)], (converted(left), converted(right)))
        case ast.BoolOp(op=op, values=[first, *rest]):
            joined = converted(first)
            for value in rest:
                joined = Apply("and" if isinstance(op, ast.And) else "or", (joined, converted(value)))
            return joined
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return Apply("where", (converted(test), converted(body), converted(orelse)))
    raise Refused


def outcome(read: Callable[[str], Node], text: str, refusal: type[Exception]) -> Node | None:
    try:
        return read(text)
    except refusal:
        return None


def same(text: str) -> None:
    assert outcome(parse, text, FormulaError) == outcome(in_python, text, Refused), text


@st.composite
def sequences(draw: st.DrawFn) -> str:
    """Values with operators between them and before them, brackets here and there: flat, so that precedence decides."""
    values = st.sampled_from(["a", "b", "c", "2", "0.5", "not a", "-b", "- -2", "not not c"])
    text = draw(values)
    for _ in range(draw(st.integers(0, 9))):
        join = draw(st.sampled_from([*WORDS[:13], "if"]))
        right = f"({text})" if draw(st.integers(0, 4)) == 0 else draw(values)
        text = f"{text} if {draw(values)} else {right}" if join == "if" else f"{text} {join} {right}"
    return text


@settings(deadline=None, max_examples=400)
@given(sequences())
@example("-2**2")
@example("2**-1")
@example("2**3**2")
@example("2**-3**2")
@example("not a == b")
@example("a if b else c if 2 else 3")
@example("a < (b < c)")
@example("a or b and not c < a + b * -c ** 2")
def test_the_same_text_is_the_same_tree(text: str) -> None:
    same(text)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from([*WORDS, "a", "b", "2", "0.5", "c", "a", "b"]), min_size=1, max_size=9))
@example(["a", "if", "b", "if", "c", "else", "2", "else", "a"])
@example(["a", "==", "not", "b"])
@example(["-", "not", "b"])
def test_what_python_refuses_is_refused(words: list[str]) -> None:
    text = " ".join(words)
    assume("( )" not in text)
    same(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("-2**2", -4), ("2**-1", 0.5), ("2**3**2", 512), ("-2**-2", -0.25), ("1 - 2 - 3", -4), ("8 / 4 / 2", 1)],
)
def test_known_figures(text: str, value: float) -> None:
    from tests.formula.numeric import value as evaluated

    assert evaluated(parse(text)) == value
