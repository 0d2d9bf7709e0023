"""A call with numbers, lists, names and calls for arguments: how a distribution is written."""

from __future__ import annotations

from leverage.errors import NOWHERE, Place
from leverage.formula.cursor import LIMITS, Cursor, Limits
from leverage.formula.faults import PastLimit, WrongArguments
from leverage.formula.nodes import Argument, Call, Name, Number, Series
from leverage.formula.source import FormulaError, Source
from leverage.formula.tokens import Token

LIKE = "write a word with its figures in brackets, as normal(mean=68, sd=9)"
ARGUMENT = "write a number, a list of numbers, a metric's id or such a call"
NOT_COMPUTED = "figures are not computed here: write the result"
OPERATORS = frozenset({"+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or", "if"})
BREAKS = frozenset({",", ")", "]", "end"})


def parse_call(text: str, *, at: Place = NOWHERE, metric: str | None = None, limits: Limits = LIMITS) -> Call:
    """The call that the text writes, with its arguments as they stand.

    Raises:
        FormulaError: the text is no call of numbers, lists, names and calls.

    >>> call = parse_call("truncated(normal(68, sd=9), low=-1)")
    >>> call.name, call.args[0].name, call.named["low"].value
    ('truncated', 'normal', -1.0)
    """
    cursor = Cursor(Source(text, at, metric), limits)
    if cursor.token.kind != "name":
        raise cursor.misplaced(LIKE)
    name = cursor.advance()
    if cursor.token.kind != "(":
        raise cursor.misplaced(LIKE)
    call = _call(cursor, name)
    if cursor.token.kind != "end":
        raise _stray(cursor)
    return call


def _call(cursor: Cursor, name: Token) -> Call:
    cursor.deeper()
    cursor.open()
    args: list[Argument] = []
    named: dict[str, Argument] = {}
    if cursor.token.kind != ")":
        _argument(cursor, name.text, args, named)
        while cursor.accept(","):
            _argument(cursor, name.text, args, named)
    cursor.back()
    return Call(name.text, tuple(args), named, (name.span[0], cursor.close().span[1]))


def _argument(cursor: Cursor, call: str, args: list[Argument], named: dict[str, Argument]) -> None:
    name = cursor.token
    if len(args) + len(named) == cursor.limits.arguments:
        raise PastLimit("arguments", cursor.limits.arguments, cursor.source, name.span)
    if cursor.named():
        cursor.advance()
        cursor.advance()
        if name.text in named:
            raise WrongArguments(call, f"{name.text} is given twice; leave one of them out", cursor.source, name.span)
        named[name.text] = _value(cursor)
    elif named:
        raise WrongArguments(call, "arguments without a name come first", cursor.source, name.span)
    else:
        args.append(_value(cursor))
    if cursor.token.kind not in BREAKS:
        raise _stray(cursor)


def _value(cursor: Cursor) -> Argument:
    if cursor.token.kind == "[":
        return _list(cursor)
    if cursor.token.kind == "name":
        name = cursor.advance()
        return _call(cursor, name) if cursor.token.kind == "(" else Name(name.text, name.span)
    return _number(cursor)


def _list(cursor: Cursor) -> Series:
    start = cursor.open().span[0]
    items = [_number(cursor)]
    while cursor.accept(","):
        items.append(_number(cursor))
        if len(items) > cursor.limits.arguments:
            raise PastLimit("arguments", cursor.limits.arguments, cursor.source, items[-1].span)
    return Series(tuple(items), (start, cursor.close().span[1]))


def _number(cursor: Cursor) -> Number:
    start = cursor.token.span[0]
    minus = cursor.accept("-")
    token = cursor.token
    if token.number is None:
        raise cursor.misplaced(ARGUMENT)
    cursor.advance()
    value = -token.number.value if minus else token.number.value
    return Number(value, token.number.percent, (start, token.span[1]))


def _stray(cursor: Cursor) -> FormulaError:
    """What is wrong after a value: an operator, as nothing is computed, or what is wrong in any formula."""
    return cursor.misplaced(NOT_COMPUTED) if cursor.token.kind in OPERATORS else cursor.stray()
