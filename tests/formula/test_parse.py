"""What parses, into which nodes; the limits; and that nothing else is ever raised, however the text was made."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leverage.errors import NOWHERE, Place
from leverage.formula.cursor import TooDeepForPython
from leverage.formula.faults import PastLimit
from leverage.formula.functions import FUNCTIONS
from leverage.formula.nodes import Apply, Label, Name, Number, Series, names, walk
from leverage.formula.parse import FormulaError, Limits, parse, parse_call
from leverage.formula.words import BETWEEN, RESERVED, SYMBOLS
from leverage.formula.words import FUNCTIONS as FUNCTION_WORDS

x, y = Name("x"), Name("y")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("12M", Number(12e6)),
        ("2.4%", Number(0.024, percent=True)),
        (".5", Number(0.5)),
        ("1_000.5e-3k", Number(1000.5)),
        ("pi", Number(math.pi)),
        ("period", Apply("period", ())),
        ("3% * x", Apply("mul", (Number(0.03, percent=True), x))),
        ("max", Name("max")),
        ("max * max(x, y)", Apply("mul", (Name("max"), Apply("max", (x, y))))),
        ("max (x)", Apply("max", (x,))),
        ("min(x, y, 2)", Apply("min", (x, y, Number(2.0)))),
        ("where(x, y, 1)", Apply("where", (x, y, Number(1.0)))),
        ("y if x else 1", Apply("where", (x, y, Number(1.0)))),
        ("x<=y", Apply("less_equal", (x, y))),
        ("hill(x, shape=2, half=y)", Apply("hill", (x, y, Number(2.0)))),
        ("hill(shape=2, half=y, x=x)", Apply("hill", (x, y, Number(2.0)))),
        ("sum(x)", Apply("sum", (x,))),
        ("sum(x, over=channel)", Apply("sum", (x, Series((Label("channel"),))))),
        ("max(x, over=[channel, time])", Apply("max", (x, Series((Label("channel"), Label("time")))))),
        ("pick(x, ads)", Apply("pick", (x, Label("ads")))),
        ("pick(x, `organic search`)", Apply("pick", (x, Label("organic search")))),
        ("pick(x, label=`a``b`)", Apply("pick", (x, Label("a`b")))),
        ("prev(x, 12M)", Apply("prev", (x, Number(12e6)))),
        ("lag(x, 2, initial=y)", Apply("lag", (x, Number(2.0), y))),
        ("npv(8%, x)", Apply("npv", (Number(0.08, percent=True), x))),
        ("adstock(x, decay=0.5)", Apply("adstock", (x, Number(0.5)))),
        (
            "interpolate(x, [-1, 2%], [0, 5])",
            Apply(
                "interpolate",
                (x, Series((Number(-1.0), Number(0.02, percent=True))), Series((Number(0.0), Number(5.0)))),
            ),
        ),
        ("売上 * ｘ", Apply("mul", (Name("売上"), x))),
        ("ﬁrst_order", Name("first_order")),
        ("\n  x +\n\ty ", Apply("add", (x, y))),
        ("lambda - class", Apply("sub", (Name("lambda"), Name("class")))),
        ("inf", Name("inf")),
    ],
)
def test_text_becomes_these_nodes(text: str, node: object) -> None:
    assert parse(text) == node


def test_a_node_s_span_holds_its_text_with_its_brackets() -> None:
    text = "(a + b) * max(c, -d)"
    assert {text[slice(*node.span)] for node in walk(parse(text))} == {
        text,
        "(a + b)",
        "a",
        "b",
        *("max(c, -d)", "c", "-d", "d"),
    }


def test_the_place_of_an_error_is_the_formula_s_place_and_the_offset() -> None:
    with pytest.raises(FormulaError) as caught:
        parse("a ^ b", at=Place("shop.yaml", 14, 15), metric="revenue")
    assert (caught.value.at, caught.value.span, caught.value.metric) == (Place("shop.yaml", 14, 17), (2, 3), "revenue")


@pytest.mark.parametrize(
    ("at", "place"),
    [
        (Place("shop.yaml", 14, 15), Place("shop.yaml", 15, 17)),
        (Place("shop.yaml"), Place("shop.yaml")),
        (NOWHERE, Place("", 2, 3)),
    ],
)
def test_the_place_in_a_further_line_or_in_text_from_nowhere(at: Place, place: Place) -> None:
    with pytest.raises(FormulaError) as caught:
        parse("a +\nb ^ c", at=at)
    assert caught.value.at == place


def test_a_sum_of_thousands_of_terms_is_one_level() -> None:
    assert len(names(parse("+".join(f"a{i}" for i in range(1500))))) == 1500


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("x" * 10_001, "length"),
        ("(" * 100 + "x" + ")" * 100, "depth"),
        ("-" * 100 + "x", "depth"),
        ("not " * 100 + "x", "depth"),
        ("2 ** " * 100 + "x", "depth"),
        ("x if x else " * 100 + "x", "depth"),
        ("max(1, " * 100 + "x" + ")" * 100, "depth"),
        (f"max({'x,' * 256}x)", "arguments"),
        (f"interpolate(x, [{'1,' * 256}1], [1])", "arguments"),
        (f"sum(x, over=[{'a,' * 256}a])", "arguments"),
    ],
)
def test_each_limit_has_its_own_message(text: str, limit: str) -> None:
    with pytest.raises(PastLimit) as caught:
        parse(text)
    assert caught.value.limit == limit
    assert "metrics" in str(caught.value) or "a metric of its own" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "(" * 99 + "x" + ")" * 99,
        "max(1, " * 99 + "x" + ")" * 99,
        "x if x else " * 99 + "x",
        f"max({'x,' * 255}x)",
    ],
)
def test_what_just_meets_the_limits_parses(text: str) -> None:
    parse(text)


def test_limits_are_options() -> None:
    parse("(" * 140 + "x" + ")" * 140, limits=Limits(depth=150))
    with pytest.raises(PastLimit, match="more than 4 parts"):
        parse("a + b + c", limits=Limits(nodes=4))
    with pytest.raises(
        TooDeepForPython, match="a limit of 1,000 on the depth of formulas is too high; write at most 150"
    ):
        Limits(depth=1000)


@pytest.mark.parametrize(
    "text",
    [
        *("(" * 10_000, ")" * 10_000, "-" * 10_000, "`" * 10_000, "``" * 4_999 + "`", "1" * 10_000, "1_" * 5_000),
        *("1," * 5_000, "1,000," * 1_600, "a<" * 5_000, "a if " * 2_000, "f(" * 5_000, "max(" * 2_500, "not " * 2_500),
        *("1e" * 5_000, "1e+" * 3_333, "." * 10_000, "1." * 5_000, "a=" * 5_000, "a[" * 5_000, " " * 10_000),
        *(
            "売" * 10_000,
            "ﷺ" * 10_000,
            "\u0301" * 10_000,
            "a\u0301" * 5_000,
            "\ufdfa" * 500,
            "\x00" * 100,
            "é" * 10_000,
        ),
        *("max(a" + ",a" * 4_000, "over=" * 2_000, "[" * 10_000, "interpolate(x,[" + "1," * 4_000, "\ud800"),
        *("__import__('os').system('id')", "().__class__.__mro__", "{x for x in y}", "x:=1", "f'{x}'", "9**9**9**9**9"),
    ],
)
def test_hostile_text_is_parsed_or_refused_within_a_second(text: str) -> None:
    start = time.perf_counter()
    attempt(text)
    assert time.perf_counter() - start < 1


def attempt(text: str) -> None:
    assert all(sound(read, text) for read in (parse, parse_call))


def sound(read: Callable[..., object], text: str) -> bool:
    """It parses, or the error has a place inside the text and a sentence that a terminal can show."""
    try:
        read(text, at=Place("a.yaml", 3, 7), metric="m")
    except FormulaError as error:
        sentence = str(error)
        return error.at.line >= 3 and 0 <= error.span[0] <= len(text) and len(sentence) < 600 and sentence.isprintable()
    return True


PIECES = [
    *(
        "a",
        "x",
        "2",
        "1.5",
        "3%",
        "12M",
        "010",
        "1e999",
        "10K",
        "1,000",
        "2x",
        ".",
        "..",
        "(",
        ")",
        "[",
        "]",
        ",",
        "=",
        " ",
    ),
    *(
        "`",
        "`o s`",
        "'",
        '"',
        "\n",
        "\t",
        "\u3000",
        "\u200b",
        "\u202e",
        "（",
        "＋",
        "ａ",
        "é",
        "e\u0301",
        "売上",
        "٣",
        "½",
        "🎉",
    ),
    *("+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=", *RESERVED, *FUNCTIONS, *SYMBOLS, *BETWEEN),
    *(f"{name}(" for name in FUNCTIONS),
    *(f"{name.upper()}(" for name in FUNCTION_WORDS),
    *(
        "over=",
        "over=[a, time]",
        "half=",
        "[0, 1, 2]",
        "inf",
        "nan",
        "lambda x:",
        "__class__",
        "\\",
        "\x00",
        "\x1b[31m",
    ),
]


@settings(deadline=None, max_examples=600)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["", " "]))
@example(["3%", "x"], "")
def test_text_of_nasty_pieces_raises_nothing_but_formula_errors(pieces: list[str], space: str) -> None:
    attempt(space.join(pieces))


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_any_text_raises_nothing_but_formula_errors(text: str) -> None:
    attempt(text)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(
        [
            "revenue * (1 - 60%) - max(a, b, 3) ** 2 if c < d and not e else hill(x, half=30k, shape=1.4)",
            "interpolate(price, [10, 20, 30], [1, 0.5, 0]) * pick(visits, `organic search`)",
            "sum(profit, over=[channel, time]) / npv(8%, cash) + prev(arr, 12M) * scurve(x, 3, 1)",
        ]
    ),
    st.integers(0, 90),
    st.integers(0, 6),
    st.sampled_from(PIECES),
)
def test_a_formula_with_a_piece_replaced_raises_nothing_but_formula_errors(
    text: str, start: int, length: int, piece: str
) -> None:
    attempt(text[:start] + piece + text[start + length :])
