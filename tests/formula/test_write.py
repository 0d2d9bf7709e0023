"""What is written reads back as the same formula, with no bracket that could be left out; and so in Excel and LaTeX."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leverage.formula.dialects import DIALECTS
from leverage.formula.forms import Dialect, digits
from leverage.formula.functions import FUNCTIONS, OVER_DIMENSIONS_AND_TIME
from leverage.formula.macros import MACROS, expand
from leverage.formula.nodes import Apply, Name, Node, Number
from leverage.formula.parse import FormulaError, parse
from leverage.formula.write import NotWritten, TooLongToWrite, write
from leverage.ops.table import OPS, Op
from tests.formula.excel_reader import figure, read
from tests.formula.trees import formulas
from tests.ops.test_table import POINTS

FLOATS = st.floats(0, allow_infinity=False, allow_nan=False)


@settings(deadline=None, max_examples=300)
@given(formulas())
def test_what_is_written_reads_back_as_the_same_nodes(node: Node) -> None:
    assert parse(write(node)) == node


@settings(deadline=None, max_examples=150)
@given(formulas())
def test_no_bracket_could_be_left_out(node: Node) -> None:
    text = write(node)
    for start, end in groups(text):
        without = f"{text[:start]} {text[start + 1 : end]} {text[end + 1 :]}"
        try:
            other: Node | None = parse(without)
        except FormulaError:
            other = None
        assert other != node, without


def groups(text: str) -> list[tuple[int, int]]:
    """The brackets that group, and call no function; what stands in backquotes is no bracket."""
    found, opened, quoted = [], [], False
    for place, sign in enumerate(text):
        quoted ^= sign == "`"
        if sign == "(" and not quoted:
            opened.append((place, text[:place][-1:].isalnum() or text[:place][-1:] == "_"))
        elif sign == ")" and not quoted:
            start, call = opened.pop()
            found += [] if call else [(start, place)]
    return found


@settings(deadline=None, max_examples=300)
@given(FLOATS, st.booleans())
@example(5e-324, True)
@example(1.7976931348623157e308, True)
@example(math.pi, False)
@example(math.pi, True)
@example(1e15, False)
@example(1e16, False)
@example(0.0, True)
def test_a_number_reads_back_to_the_same_bits(figure: float, percent: bool) -> None:
    number = Number(figure, percent)
    assert parse(write(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(120e3), "120_000"),
        (Number(0.024, percent=True), "2.4%"),
        (Number(0.6, percent=True), "60%"),
        (Number(0.07, percent=True), "7%"),
        (Number(12e6), "12_000_000"),
        (Number(0.1), "0.1"),
        (Number(1e-9), "1e-9"),
        (Number(1e300), "1e+300"),
        (Number(math.pi), "pi"),
        (Number(-5.0), "-5"),
        (Number(0.0), "0"),
    ],
)
def test_numbers_look_as_files_have_them(number: Number, text: str) -> None:
    assert write(number) == text


def test_a_negative_number_takes_brackets_like_a_minus() -> None:
    assert write(Apply("pow", (Number(-2.0), Number(2.0)))) == "(-2) ** 2"
    assert write(Apply("pow", (Number(-2.0), Number(2.0))), "excel") == "(-2)^2"
    assert digits(Number(-0.0)) == "-0"


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_every_operator_has_a_form_in_every_dialect(dialect: Dialect) -> None:
    assert set(OPS) <= set(dialect.forms)


@pytest.mark.parametrize("name", ["own", "latex"])
def test_every_function_has_a_form_where_curves_and_time_are_written(name: str) -> None:
    assert set(FUNCTIONS) | OVER_DIMENSIONS_AND_TIME | set(MACROS) <= set(DIALECTS[name].forms)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_a_form_has_a_place_for_every_argument(dialect: Dialect) -> None:
    for name, op in OPS.items():
        form = dialect.forms[name]
        assert "#*" in form.parts or {f"#{i + 1}" for i in range(op.arity)} <= set(form.parts), name
        assert not form.needs or len(form.needs) == op.arity


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("(a+b)*c", "(a + b) * c"),
        ("a+(b*c)", "a + b * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("-(a**2)", "-a ** 2"),
        ("(-a)**2", "(-a) ** 2"),
        ("2**(-a)", "2 ** -a"),
        ("(2**3)**a", "(2 ** 3) ** a"),
        ("not (a == b)", "not a == b"),
        ("(not a) == b", "(not a) == b"),
        ("where(c, a, b)", "a if c else b"),
        ("where(c, a, where(d, x, y))", "a if c else x if d else y"),
        ("where(c, where(d, x, y), a)", "(x if d else y) if c else a"),
        ("(a if c else b) + 1", "(a if c else b) + 1"),
        ("(a < b) == 1", "(a < b) == 1"),
        ("hill(x, shape=1.4, half=30k)", "hill(x, 30_000, 1.4)"),
        ("interpolate(x, [-1, 2%], [0, 5])", "interpolate(x, [-1, 2%], [0, 5])"),
        ("sum(x, over=[channel])", "sum(x, over=channel)"),
        ("max(x, over=[channel, time])", "max(x, over=[channel, time])"),
        ("pick(x, `ads`) + pick(x, `a``b`)", "pick(x, ads) + pick(x, `a``b`)"),
        ("a - -b", "a - -b"),
    ],
)
def test_the_own_dialect(text: str, own: str) -> None:
    assert write(parse(text)) == own


@pytest.mark.parametrize(
    ("text", "excel"),
    [
        ("-2**2", "-(2^2)"),
        ("(-2)**2", "(-2)^2"),
        ("2**3**2", "2^(3^2)"),
        ("(2**3)**2", "(2^3)^2"),
        ("2**-a", "2^-a"),
        ("a - (b - c)", "a-(b-c)"),
        ("120k * 2.4%", "120000*2.4%"),
        ("a if b < c and not d else e", "IF(AND(b<c,NOT(d)),a,e)"),
        ("(a < b) * 2", "N(a<b)*2"),
        ("(a < b) == 1", "N(N(a<b)=1)"),
        ("a != b", "N(a<>b)"),
        ("log(x) + log10(x) + exp(x) + mod(x, 2)", "LN(x)+LOG10(x)+EXP(x)+MOD(x,2)"),
        ("normal_cdf(x)", "NORM.S.DIST(x,TRUE)"),
        ("2 * expm1(x)", "2*(EXP(x)-1)"),
        ("log1p(x / y)", "LN(1+x/y)"),
        ("min(a, b, c)", "MIN(a,b,c)"),
        ("ceil(a + b)", "-INT(-(a+b))"),
        ("pi * 1e-9", "PI()*1E-9"),
        ("clip(x, 0, 1)", "MIN(MAX(x,0),1)"),
        ("saturate(x, 15k)", "-(EXP(-x/15000)-1)"),
        ("interpolate(x, [0, 1], [5, 7])", "IF(x<1,IF(x<0,5,5+2*(x-0)),7)"),
        ("hill(x, 9, 2)", "IF(x<=9,(MIN(MAX(x,0),9)/MAX(9,x))^2,1)/(1+(MIN(MAX(x,0),9)/MAX(9,x))^2)"),
    ],
)  # fmt: skip
def test_the_excel_dialect(text: str, excel: str) -> None:
    assert write(parse(text), "excel") == excel


@settings(deadline=None, max_examples=300)
@given(formulas(frozenset({"where", "min", "max", "abs", "exp", "mod"}), over=False))
@example(parse("-a ** 2 - (b - 3) / -2 ** -(a if b < 2 else 1)"))
@example(parse("(not a) * (b == (a < 2)) - -b"))
def test_excel_reads_the_same_formula_by_its_own_precedence(node: Node) -> None:
    assert read(write(node, "excel")) == node


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_a_form_in_excel_comes_to_the_operator_s_figure(op: Op) -> None:
    names = "xyz"[: op.arity]
    text = write(Apply(op.name, tuple(map(Name, names))), "excel")
    for point in POINTS[op.name]:
        with np.errstate(all="ignore"):
            expected = float(op.value(*(np.float64(x) for x in point)))
        # EXP(x)-1, LN(1+x) and the logistic's cap at 700 are as near as Excel's functions come
        found = figure(read(text), dict(zip(names, point, strict=True)))
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-15), point


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("a / (b + c)", r"\frac{a}{b + c}"),
        ("visits * purchase_rate", r"\text{visits} \cdot \text{purchase\_rate}"),
        ("(a + b) ** (c + 1)", r"\left(a + b\right)^{c + 1}"),
        ("(a / b) ** 2", r"\left(\frac{a}{b}\right)^{2}"),
        ("-a ** 2", r"-a^{2}"),
        ("a * (b - c) * 2.4%", r"a \cdot \left(b - c\right) \cdot 2.4\%"),
        ("120k + 1.5e-12", r"120\,000 + 1.5 \cdot 10^{-12}"),
        ("sqrt(log1p(x / y))", r"\sqrt{\ln\left(1 + \frac{x}{y}\right)}"),
        ("a if b <= c else d", r"\begin{cases} a & \text{if } b \le c \\ d & \text{otherwise} \end{cases}"),
        ("exp(-x) and not y", r"e^{-x} \land \lnot y"),
        ("hill(x, 30k, 1.4)", r"\operatorname{hill}\left(x, 30\,000, 1.4\right)"),
        (
            "sum(x, over=[channel, time])",
            r"\operatorname{sum}\left(x, \text{over}=[\text{channel}, \text{time}]\right)",
        ),
        ("pick(x, `50% & more`)", r"\operatorname{pick}\left(x, \text{50\% \& more}\right)"),
        ("floor(x) * pi", r"\left\lfloor x \right\rfloor \cdot \pi"),
    ],
)
def test_the_latex_dialect(text: str, latex: str) -> None:
    assert write(parse(text), "latex") == latex


@settings(deadline=None, max_examples=100)
@given(formulas())
def test_latex_opens_what_it_closes(node: Node) -> None:
    text = write(node, "latex").replace(r"\{", "").replace(r"\}", "")
    level = 0
    for sign in text:
        level += (sign == "{") - (sign == "}")
        assert level >= 0
    assert level == 0
    assert text.count(r"\left") == text.count(r"\right")
    assert text.count(r"\begin") == text.count(r"\end")


@pytest.mark.parametrize("name", sorted(OVER_DIMENSIONS_AND_TIME))
def test_excel_has_no_form_for_words_over_dimensions_and_time(name: str) -> None:
    with pytest.raises(NotWritten, match=f"'{name}' has no form in excel; write its figures there"):
        write(Apply(name, (Name("x"),)), "excel")
    with pytest.raises(NotWritten, match="'over' has no form in excel"):
        write(parse("max(x, over=time)"), "excel")


def test_what_grows_past_the_longest_text_is_refused() -> None:
    text = "x"
    for _ in range(30):
        text = f"hill({text}, a, b)"
    with pytest.raises(TooLongToWrite, match="the formula has more than 8,192 characters in excel; give parts"):
        write(parse(text), "excel")
    with pytest.raises(TooLongToWrite, match="more than 200,000 characters in own"):
        write(expand(parse(text)))


def test_a_sum_of_thousands_of_terms_is_written() -> None:
    text = " + ".join(f"a{i}" for i in range(1200))
    assert write(parse(text)) == text
