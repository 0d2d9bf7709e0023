"""Calls with their arguments as they stand: how distributions are read."""

from __future__ import annotations

import pytest

from leverage.formula.faults import PastLimit
from leverage.formula.nodes import Call, Name, Number, Series
from leverage.formula.parse import Limits, parse_call


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("lognormal(mean=68, sd=9)", Call("lognormal", (), {"mean": Number(68.0), "sd": Number(9.0)})),
        ("uniform(-5%, 12M)", Call("uniform", (Number(-0.05, percent=True), Number(12e6)))),
        (
            "normal(1.9%, p90=3.1%)",
            Call("normal", (Number(0.019, percent=True),), {"p90": Number(0.031, percent=True)}),
        ),
        (
            "discrete([1, -2], [0.5, 0.5])",
            Call(
                "discrete",
                (Series((Number(1.0), Number(-2.0))), Series((Number(0.5), Number(0.5)))),
            ),
        ),
        (
            "truncated(normal(0, sd=1), low=-1)",
            Call("truncated", (Call("normal", (Number(0.0),), {"sd": Number(1.0)}),), {"low": Number(-1.0)}),
        ),
        ("history(visits)", Call("history", (Name("visits"),))),
        ("history(売上)", Call("history", (Name("売上"),))),
        ("standard()", Call("standard")),
    ],
)
def test_text_becomes_this_call(text: str, call: Call) -> None:
    assert parse_call(text) == call


def test_a_call_has_the_spans_of_its_text() -> None:
    text = " truncated(normal(0, sd=-1k), low=[1, 2])"
    call = parse_call(text)
    inner = call.args[0]
    assert isinstance(inner, Call)
    spans = [call.span, inner.span, inner.named["sd"].span, call.named["low"].span]
    assert [text[slice(*span)] for span in spans] == [text[1:], "normal(0, sd=-1k)", "-1k", "[1, 2]"]


def test_named_arguments_keep_their_order_and_calls_can_be_hashed() -> None:
    call = parse_call("f(b=1, a=2)")
    assert list(call.named) == ["b", "a"]
    assert hash(call) == hash(parse_call("f(b=1, a=2)"))


@pytest.mark.parametrize(
    ("text", "limit"),
    [("f(" * 6 + ")" * 6, "depth"), ("f(1, 2, 3, 4)", "arguments"), ("f([1, 2, 3, 4])", "arguments")],
)
def test_calls_have_the_limits_of_formulas(text: str, limit: str) -> None:
    with pytest.raises(PastLimit) as caught:
        parse_call(text, limits=Limits(depth=5, arguments=3))
    assert caught.value.limit == limit
