"""From a formula's text to its nodes: precedence climbing with Python's precedence, and nothing of Python's own.

Operators become the rows of `leverage.ops.table.OPS`, calls the rows of `leverage.formula.functions.FUNCTIONS`. What
stands over dimensions and time is a word of the language: ``Apply("sum", (x, Series((Label("channel"),))))``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from leverage.errors import NOWHERE, Place
from leverage.formula.alike import PLANS, met, parted
from leverage.formula.arguments import Arguments
from leverage.formula.call import parse_call
from leverage.formula.cursor import LIMITS, VALUES, Cursor, Limits
from leverage.formula.faults import ChainedComparison, MissingElse, UnknownFunction
from leverage.formula.functions import FUNCTIONS, NAMES
from leverage.formula.nodes import Apply, Name, Node, Number, moved
from leverage.formula.source import FormulaError, Source
from leverage.formula.tokens import Token
from leverage.ops.table import OPS

__all__ = ["FormulaError", "Limits", "parse", "parse_call"]


class Infix(NamedTuple):
    """An operator between two values: the row, how tightly it binds, and what binds tightly enough at its right."""

    op: str
    power: int
    right: int


ANY, CHOOSE, OR, AND, NOT, COMPARE, ADD, MULTIPLY, MINUS, POWER = range(10)
COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
INFIX: Mapping[str, Infix] = MappingProxyType(
    {
        "if": Infix("where", CHOOSE, CHOOSE),
        "or": Infix("or", OR, AND),
        "and": Infix("and", AND, NOT),
        **{OPS[op].symbol: Infix(op, COMPARE, ADD) for op in COMPARISONS},
        "+": Infix("add", ADD, MULTIPLY),
        "-": Infix("sub", ADD, MULTIPLY),
        "*": Infix("mul", MULTIPLY, MINUS),
        "/": Infix("div", MULTIPLY, MINUS),
        "**": Infix("pow", POWER, MINUS),  # 2 ** -x ** 2 is 2 ** (-(x ** 2))
    }
)


def parse(text: str, *, at: Place = NOWHERE, metric: str | None = None, limits: Limits = LIMITS) -> Node:
    """The formula that the text writes.

    Args:
        text: the formula.
        at: the place of its first character; errors name the place of the character that caused them.
        metric: the id of the metric that it belongs to, for errors.
        limits: how large it may be.

    Raises:
        FormulaError: the text is no formula; the sentence gives the right spelling.

    >>> parse("visits * 2.4%")
    Apply(op='mul', args=(Name(id='visits', span=(0, 6)), Number(value=0.024, percent=True, span=(9, 13))), ...)
    >>> parse("price ^ 2", at=Place("a.yaml", 4, 9), metric="b")
    Traceback (most recent call last):
    leverage.formula.faults.WrongSymbol: a.yaml:4:15: metric 'b': '^' is not part of a formula; write ** for a power
    """
    found = parted(text) if limits is LIMITS else None
    if found is None:
        return _parsed(text, at, metric, limits)
    form, parts = found
    plan = PLANS.get(form)
    if plan is not None:
        return plan.node(parts)
    node = _parsed(text, at, metric, limits)
    met(form, parts, node)
    return node


def _parsed(text: str, at: Place, metric: str | None, limits: Limits) -> Node:
    parser = Parser(Cursor(Source(text, at, metric), limits))
    node = parser.expression()
    if parser.cursor.token.kind != "end":
        raise parser.cursor.stray()
    return node


class Parser:
    """Precedence climbing (Pratt 1973, Top down operator precedence): one function for all levels of operators."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor

    def expression(self, least: int = ANY) -> Node:
        """The longest expression from here whose operators bind at least so tightly."""
        cursor = self.cursor
        cursor.deeper()
        left = self._value(least)
        while (row := INFIX.get(cursor.token.kind)) is not None and row.power >= least:
            left = self._joined(left, row)
        cursor.back()
        return left

    def _joined(self, left: Node, row: Infix) -> Node:
        cursor, sign = self.cursor, self.cursor.advance()
        cursor.count()
        if row.op == "where":
            return self._choice(left)
        right = self.expression(row.right)
        if row.power == COMPARE and cursor.token.kind in INFIX and INFIX[cursor.token.kind].power == COMPARE:
            second = cursor.advance()
            parts = [cursor.text(part.span) for part in (left, sign, right, second, self.expression(ADD))]
            raise ChainedComparison(parts, cursor.source, second.span)
        return Apply(row.op, (left, right), (left.span[0], right.span[1]))

    def _choice(self, chosen: Node) -> Node:
        condition, cursor = self.expression(OR), self.cursor
        if cursor.token.kind in VALUES:
            raise cursor.stray()
        if not cursor.accept("else"):
            raise MissingElse(cursor.source, cursor.token.span)
        otherwise = self.expression(CHOOSE)
        return Apply("where", (condition, chosen, otherwise), (chosen.span[0], otherwise.span[1]))

    def _value(self, least: int) -> Node:
        cursor, token = self.cursor, self.cursor.token
        if token.kind == "(":
            return self._bracketed()
        if token.kind == "-" or (token.kind == "not" and least <= NOT):
            return self._prefixed("neg" if token.kind == "-" else "not", MINUS if token.kind == "-" else NOT)
        if token.kind not in ("number", "name", "pi", "period"):
            raise cursor.absent()
        cursor.advance()
        cursor.count()
        if token.number is not None:
            return Number(token.number.value, token.number.percent, token.span)
        if token.kind == "pi":
            return Number(math.pi, span=token.span)
        if token.kind == "period":
            return Apply("period", (), token.span)
        return self._call(token) if cursor.token.kind == "(" else Name(token.text, token.span)

    def _bracketed(self) -> Node:
        start = self.cursor.open().span[0]
        inside = self.expression()
        return moved(inside, (start, self.cursor.close().span[1]))

    def _prefixed(self, op: str, power: int) -> Node:
        start = self.cursor.advance().span[0]
        self.cursor.count()
        value = self.expression(power)
        return Apply(op, (value,), (start, value.span[1]))

    def _call(self, name: Token) -> Node:
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise UnknownFunction(name.text, NAMES, self.cursor.source, name.span)
        self.cursor.open()
        args = Arguments(self, function, name).read()
        return Apply(function.name, args, (name.span[0], self.cursor.close().span[1]))
