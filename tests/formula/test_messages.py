"""What wrong formulas are answered, word by word, with the column of the fault."""

# ruff: noqa: E501  (a row holds its sentence in one piece)

from __future__ import annotations

import pytest

from leverage.errors import Place
from leverage.formula.parse import FormulaError, parse, parse_call
from leverage.formula.words import BETWEEN, FUNCTIONS, SYMBOLS, VALUES

REMAINDER = "'%' is not part of a formula; write mod(a, b) for the remainder, and 3% for a share, without a space"
QUOTES = "names stand without quotes, and a label with spaces in backquotes, as `organic search`"
CHOICE = "write a if condition else b"
NUMBERS = "write a list of numbers, as [0, 10, 20]"
OVER = "write a dimension, time, or a list of them, as over=[channel, time]"
LISTS = "lists stand in interpolate(x, [0, 10], [0, 1]) and after over="
LABELS = "labels stand in pick(x, label) and after over="
NEVER = "is never closed; write ')' after its last value"

MESSAGES = [  # text, column of the fault, sentence
    ("", 1, "the formula is empty; write a number, a metric's id, or an expression of them"),
    (" \n ", 1, "the formula is empty; write a number, a metric's id, or an expression of them"),
    # symbols of other languages
    ("a ^ 2", 3, "'^' is not part of a formula; write ** for a power"),
    ("a²", 2, "'²' is not part of a formula; write ** 2 or ** 3 for a power"),
    ("a % b", 3, REMAINDER),
    ("5%3", 2, REMAINDER),
    ("5%x", 2, REMAINDER),
    ("a // b", 3, "'//' is not part of a formula; write floor(a / b) to divide to a whole number"),
    ("a × b", 3, "'×' is not part of a formula; write * to multiply"),
    ("a · b", 3, "'·' is not part of a formula; write * to multiply"),
    ("a ÷ b", 3, "'÷' is not part of a formula; write / to divide"),
    ("a − b", 3, "'−' is not part of a formula; write the minus as -"),
    ("a – 5", 3, "'–' is not part of a formula; write the minus as -"),
    ("a && b", 3, "'&&' is not part of a formula; write and"),
    ("a || b", 3, "'||' is not part of a formula; write or"),
    ("!a", 1, "'!' is not part of a formula; write not"),
    ("a <> b", 3, "'<>' is not part of a formula; write != for not equal"),
    ("a === b", 3, "'===' is not part of a formula; write == to compare"),
    ("a =< b", 3, "'=<' is not part of a formula; write <="),
    ("a => b", 3, "'=>' is not part of a formula; write >="),
    ("a ≤ b", 3, "'≤' is not part of a formula; write <="),
    ("a = b", 3, "'=' is not part of a formula; write == to compare"),
    ("=a + b", 1, "'=' is not part of a formula; leave it out: a formula begins with its first value"),
    ("a := b", 3, "':=' is not part of a formula; give the part a metric of its own, and write its id here"),
    ("a ? b : c", 3, f"'?' is not part of a formula; {CHOICE} for a choice"),
    ("a; b", 2, "';' is not part of a formula; write , between arguments, and one formula a metric"),
    ("x.y", 2, "'.' is not part of a formula; a metric has no parts: write its id alone, or pick(x, label) for one label's part"),
    ("'a' + 1", 1, f'"\'" is not part of a formula; {QUOTES}'),
    ('"a" + 1', 1, f"'\"' is not part of a formula; {QUOTES}"),
    ("{a}", 1, "'{' is not part of a formula; write ( and )"),
    ("$5", 1, "'$' is not part of a formula; write the number alone, and the currency under 'unit'"),
    ("a # why", 3, "'#' is not part of a formula; write remarks under the metric's 'note'"),
    ("ａ（1）", 2, "'（' is not part of a formula; write ("),
    ("a\u3000+ b", 2, "'\\u3000' is not part of a formula; write a plain space"),
    ("a\u200b", 2, "'\\u200b' is not part of a formula; leave it out"),
    ("a @ b", 3, "'@' is not part of a formula; leave it out"),
    ("pick(x, `a", 9, "'`' is not part of a formula; write a label between two of them, as `organic search`"),
    # numbers
    ("2x", 2, "an operator is missing before 'x'; write 2 * x to multiply"),
    ("3% x", 4, "an operator is missing before 'x'; write 3% * x to multiply"),
    ("2売上", 2, "an operator is missing before '売上'; write 2 * 売上 to multiply"),
    ("a * 10K", 5, "'10K' is not a number; write 10k for thousands, or 10 * K"),
    ("2.5bn", 1, "'2.5bn' is not a number; write 2.5B for billions, or 2.5 * bn"),
    ("10m", 1, "'10m' is not a number; write 10M for millions, or 10 * m"),
    ("12 M", 1, "'12 M' is not a number; write 12M, without the space"),
    ("1,000 * a", 1, "'1,000' is not a number; write 1_000, or the digits alone"),
    ("max(a, 1,000)", 8, "'1,000' is not a number; write 1_000, or the digits alone"),
    ("a * 2,5", 5, "'2,5' is not a number; write 2.5"),
    ("010", 1, "'010' is not a number; write 10 without the leading 0"),
    ("0x1F", 1, "'0x1F' is not a number; write it with the digits 0 to 9"),
    ("5. * a", 1, "'5.' is not a number; write 5.0, or 5"),
    ("1.2.3", 1, "'1.2.3' is not a number; write it like 120_000, 2.4% or 150k"),
    ("1__0", 1, "'1__0' is not a number; write it like 120_000, 2.4% or 150k"),
    ("1e999", 1, "'1e999' is not a number; write a number from 1e-307 to 1e308, or 0"),
    (".inf", 1, "'.inf' is not a number; leave the key out where there is no limit"),
    ("1" * 401, 1, f"'{'1' * 57}...' is not a number; write at most 400 characters"),
    # operators and values
    ("a b", 3, "an operator is missing before 'b'; write a * b to multiply"),
    ("a 2", 3, "an operator is missing before '2'; write a * 2 to multiply"),
    ("3 (x)", 3, "an operator is missing before '(...)'; write 3 * (...) to multiply"),
    ("(a) (b)", 5, "an operator is missing before '(...)'; write (...) * (...) to multiply"),
    ("pi(2)", 3, "an operator is missing before '(...)'; write pi * (...) to multiply"),
    ("+a", 1, "a value needs no '+' before it; leave the + out"),
    ("a * +b", 5, "a value needs no '+' before it; leave the + out"),
    ("a +", 4, "a value is missing at the end, after '+'"),
    ("* a", 1, "a value is missing before '*'"),
    ("a * / b", 5, "a value is missing before '/'"),
    ("a and", 6, "a value is missing at the end, after 'and'"),
    ("or a", 1, "a value is missing before 'or'"),
    ("else", 1, "a value is missing before 'else'"),
    ("()", 2, "a value is missing before ')'"),
    ("max(a,)", 7, "a value is missing before ')'"),
    ("max(a,,b)", 7, "a value is missing before ','"),
    ("a < b < c", 7, "comparisons are not chained; write a < b and b < c"),
    ("0 <= x + 1 != (y)", 12, "comparisons are not chained; write 0 <= x + 1 and x + 1 != (y)"),
    # words
    ("a AND b", 3, "'AND' says nothing here; write and"),
    ("NOT a", 1, "'NOT' says nothing here; write not"),
    ("a is b", 3, "'is' says nothing here; write == to compare"),
    ("a mod b", 3, "'mod' says nothing here; write mod(a, b) for the remainder"),
    ("lambda x: x", 1, "'lambda' says nothing here; a formula defines no functions: write the expression itself"),
    ("import os", 1, "'import' says nothing here; a formula is one expression and no statement"),
    ("if a then b", 1, f"'if' says nothing here; {CHOICE}"),
    ("if(a, b, c)", 1, f"'if' says nothing here; {CHOICE}"),
    ("a if b", 7, f"'else' is missing; {CHOICE}"),
    ("(a if b) + c", 8, f"'else' is missing; {CHOICE}"),
    ("a if b if c else d else e", 8, f"'else' is missing; {CHOICE}"),
    ("a else b", 3, f"'else' says nothing here; {CHOICE}, with brackets round one inside another"),
    ("a == not b", 6, "'not' says nothing here; put brackets round 'not' and what it denies"),
    ("a not b", 3, "'not' says nothing here; write and not"),
    ("time * 2", 1, "'time' says nothing here; it is the name of the dimension, as in over=time; write period for the number of the period"),
    # brackets
    ("(a + b", 1, f"'(' {NEVER}"),
    ("2 * max(a, (b)", 8, f"'(' {NEVER}"),
    ("a + b)", 6, "')' closes no bracket; leave it out"),
    (")", 1, "')' closes no bracket; leave it out"),
    ("2 * (a]", 7, "']' closes '(' of column 5; write ')'"),
    ("interpolate(x, [1, 2), [1, 2])", 21, "')' closes '[' of column 16; write ']'"),
    ("a, b", 2, "',' cannot stand here; it stands between the arguments of a function"),
    ("(a, b)", 3, "',' cannot stand here; it stands between the arguments of a function"),
    # lists and labels
    ("a[b]", 2, "'[' cannot stand here; write pick(a, b) for one label's part"),
    ("a[`o s`]", 2, "'[' cannot stand here; write pick(a, `o s`) for one label's part"),
    ("(a + b)[0:2]", 8, "'[' cannot stand here; write pick(x, label) for one label's part"),
    ("[a, b]", 1, f"a list cannot stand here; {LISTS}"),
    ("max([1, 2])", 5, f"a list cannot stand here; {LISTS}"),
    ("`organic search` * 2", 1, f"a label cannot stand here; {LABELS}"),
    ("a `b`", 3, f"a label cannot stand here; {LABELS}"),
    ("pick(x, 2027)", 9, "'2027' cannot stand here; write a label, in backquotes where it is no plain name"),
    ("pick(x, time)", 9, "'time' cannot stand here; write a label, in backquotes where it is no plain name"),
    ("sum(x, over=2)", 13, f"'2' cannot stand here; {OVER}"),
    ("sum(x, over=[])", 14, f"']' cannot stand here; {OVER}"),
    ("interpolate(x, 3, [1, 2])", 16, f"'3' cannot stand here; {NUMBERS}"),
    ("interpolate(x, [a, 2], [1, 2])", 17, f"'a' cannot stand here; {NUMBERS}"),
    ("interpolate(x, [], [1, 2])", 17, f"']' cannot stand here; {NUMBERS}"),
    # functions
    ("mx(a, b)", 1, "unknown function 'mx'; did you mean 'max'?"),
    ("visits (rate)", 1, "unknown function 'visits'; write visits * (...) to multiply"),
    ("SUM(a)", 1, "unknown function 'SUM'; functions are written in small letters: sum(...)"),
    ("IF(a > b, c, d)", 1, f"unknown function 'IF'; {CHOICE}, or where(condition, a, b)"),
    ("ln(a)", 1, "unknown function 'ln'; write log(x)"),
    ("AVERAGE(a)", 1, "unknown function 'AVERAGE'; write mean(x) over a dimension, or (a + b) / 2"),
    ("normal(0, 1)", 1, "unknown function 'normal'; chance belongs under a metric's 'uncertainty'; write that metric's id here"),
    ("__import__(a)", 1, "unknown function '__import__'; write __import__ * (...) to multiply"),
    # arguments
    ("hill(x, 30k)", 1, "hill(x, half, shape): shape is missing"),
    ("hill(half=30k)", 1, "hill(x, half, shape): x and shape are missing"),
    ("max()", 1, "max(x, ...): x is missing"),
    ("hill(x, 1, 2, 3)", 15, "hill(x, half, shape): it takes 3 arguments; leave the others out"),
    ("exp(x, 2)", 8, "exp(x): it takes one argument; leave the others out"),
    ("sum(a, b)", 8, "sum(x, over=...): it takes one argument; write a + b to add metrics"),
    ("log(x, 10)", 8, "log(x): it takes one argument; write log(x) / log(base) for another base"),
    ("hill(x, hlf=3, shape=2)", 9, "hill(x, half, shape): it has no argument 'hlf'; did you mean 'half'?"),
    ("where(x = b, 1, 0)", 7, "where(condition, a, b): it has no argument 'x'; write == to compare"),
    ("hill(x, 1, half=2, shape=3)", 12, "hill(x, half, shape): half is given twice; leave one of them out"),
    ("hill(x, half=2, 3)", 17, "hill(x, half, shape): arguments without a name come first"),
    ("max(a, b, over=time)", 16, "max(x, ...): over= goes with one argument alone"),
    ("exp(x, over=time)", 8, "exp(x): it has no argument 'over'; write == to compare"),
    ("hill(x, half=0, shape=2)", 14, "hill(x, half, shape): half must be above 0"),
    ("hill(x, 1, -2)", 12, "hill(x, half, shape): shape must be above 0; write 1 - hill(x, half, shape) for a falling curve"),
    ("saturate(x, -1)", 13, "saturate(x, scale): scale must be above 0"),
    ("clip(x, 3, 2)", 9, "clip(x, low, high): low is above high; exchange them"),
    ("interpolate(x, [1], [2])", 16, "interpolate(x, xs, ys): write two knots or more"),
    ("interpolate(x, [1, 2], [2])", 24, "interpolate(x, xs, ys): write as many heights as knots: 2 and not 1"),
    ("interpolate(x, [1, 2, 2], [1, 2, 3])", 16, "interpolate(x, xs, ys): write the knots in rising order: knot 3 is not above knot 2"),
    ("interpolate(x, [0, 1e-300], [0, 1e300])", 29, "interpolate(x, xs, ys): write knots that are further apart: one piece is too steep for any number"),
    # limits
    ("x" * 10_001, 10_001, "the formula has more than 10,000 characters; give parts of it metrics of their own"),
    ("(" * 101 + "x", 101, "the formula is nested more than 100 deep; give the inner part a metric of its own"),
    (f"max({'x,' * 256}x)", 517, "there are more than 256 arguments; divide them among several metrics"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "sentence"), MESSAGES, ids=lambda part: str(part)[:40])
def test_the_message_and_its_column(text: str, column: int, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, at=Place("shop.yaml", 14, 1), metric="revenue")
    place = f"shop.yaml:14:{column}"
    assert str(caught.value) == f"{place}: metric 'revenue': {sentence}"


@pytest.mark.parametrize(
    ("text", "column", "sentence"),
    [
        ("", 1, "the formula is empty; write a number, a metric's id, or an expression of them"),
        ("normal", 7, "something is missing; write a word with its figures in brackets, as normal(mean=68, sd=9)"),
        ("68", 1, "'68' cannot stand here; write a word with its figures in brackets, as normal(mean=68, sd=9)"),
        ("normal(68, sd=2 * 3)", 17, "'*' cannot stand here; figures are not computed here: write the result"),
        ("normal(68, 3", 7, f"'(' {NEVER}"),
        ("normal(68, sd=)", 15, "')' cannot stand here; write a number, a list of numbers, a metric's id or such a call"),
        ("normal(sd=3, 68)", 14, "normal: arguments without a name come first"),
        ("normal(sd=3, sd=4)", 14, "normal: sd is given twice; leave one of them out"),
        ("normal(68, 3) + 2", 15, "'+' cannot stand here; figures are not computed here: write the result"),
        ("normal(1,000, 3)", 8, "'1,000' is not a number; write 1_000, or the digits alone"),
        ("normal(68, 1K)", 12, "'1K' is not a number; write 1k for thousands, or 1 * K"),
    ],
)  # fmt: skip
def test_the_message_of_a_call(text: str, column: int, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_call(text, at=Place("shop.yaml", 14, 1), metric="price")
    assert str(caught.value) == f"shop.yaml:14:{column}: metric 'price': {sentence}"


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_foreign_symbol_has_its_mend(symbol: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(f"a {symbol} b")
    assert caught.value.message == f"{symbol!r} is not part of a formula; {SYMBOLS[symbol]}"
    assert caught.value.span == (2, 2 + len(symbol))


@pytest.mark.parametrize("word", BETWEEN)
def test_every_foreign_word_between_values_has_its_mend(word: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(f"a {word} b")
    assert caught.value.message == f"{word!r} says nothing here; {BETWEEN[word]}"


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("spell", [str.lower, str.upper, str.capitalize])
def test_every_foreign_function_has_its_mend(name: str, spell: object) -> None:
    assert callable(spell)
    written = spell(name)
    if written in ("if", "and", "or", "not"):
        return  # words of the language in small letters, with messages of their own
    with pytest.raises(FormulaError) as caught:
        parse(f"{written}(a)")
    assert caught.value.message == f"unknown function {written!r}; {FUNCTIONS[name]}"


@pytest.mark.parametrize("name", VALUES)
def test_a_word_for_a_value_is_a_name_like_any_other(name: str) -> None:
    """Ids are free but for the reserved words; what an unknown one means is said where it is found unknown."""
    parse(f"{name} + 1")
