"""Reading a formula's tokens one after the other, and saying what is wrong with one that does not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leverage.errors import LeverageError
from leverage.formula.faults import (
    EmptyFormula,
    Misplaced,
    MissingOperator,
    MissingValue,
    PastLimit,
    UnaryPlus,
    WrongBracket,
    WrongNumber,
    WrongSymbol,
    WrongWord,
)
from leverage.formula.nodes import Span
from leverage.formula.source import FormulaError, Source
from leverage.formula.tokens import Token, grouped, tokens
from leverage.formula.words import BETWEEN, CHOICE
from leverage.quantity import SUFFIXES

PARTNERS = {"(": ")", "[": "]"}
VALUES = frozenset({"number", "name", "label", "(", "pi", "period", "time", "not"})  # what a value begins with
NAMING = re.compile(r"\s*=(?!=)")
DECIMAL = re.compile(r"[0-9]+,[0-9]+")
SUBSCRIPT = re.compile(r"\[\s*(\w{1,30}|`[^`]{1,30}`)\s*\]")
DEEPEST = 150  # a level costs up to 4 frames of Python's stack, which holds 1,000


class TooDeepForPython(LeverageError):
    """A limit on depth that Python's own stack would not stand."""

    def __init__(self, depth: int) -> None:
        super().__init__(f"a limit of {depth:,} on the depth of formulas is too high; write at most {DEEPEST}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a formula may be: characters, levels, arguments of one function, and nodes.

    A sum of many terms is one level; a bracket, a function, an operator that binds tighter, and ``else`` are one more.
    """

    length: int = 10_000
    depth: int = 100
    arguments: int = 256
    nodes: int = 10_000

    def __post_init__(self) -> None:
        if self.depth > DEEPEST:
            raise TooDeepForPython(self.depth)


LIMITS = Limits()
START = Token("end", "", (0, 0))


class Cursor:
    """The next token of a formula, the one before it, and the brackets that are open."""

    def __init__(self, source: Source, limits: Limits) -> None:
        if len(source.text) > limits.length:
            raise PastLimit("length", limits.length, source, (limits.length, len(source.text)))
        self.source = source
        self.limits = limits
        self.opened: list[Token] = []
        self.before = START
        self._depth = self._nodes = 0
        self._rest = tokens(source)
        self.token = next(self._rest)
        if self.token.kind == "end":
            raise EmptyFormula(source)

    def advance(self) -> Token:
        """The token, after which the next one is the token."""
        self.before = self.token
        self.token = next(self._rest, self.token)
        return self.before

    def accept(self, kind: str) -> bool:
        """Whether the token is of that kind; if so it is passed."""
        if self.token.kind != kind:
            return False
        self.advance()
        return True

    def open(self) -> Token:
        """Pass an opening bracket."""
        self.opened.append(self.token)
        return self.advance()

    def close(self) -> Token:
        """Pass the bracket that closes the last one opened."""
        if self.token.kind != PARTNERS[self.opened[-1].kind]:
            raise self.stray()
        self.opened.pop()
        return self.advance()

    def named(self) -> bool:
        """Whether the token names an argument: ``half=``."""
        return self.token.kind == "name" and NAMING.match(self.source.text, self.token.span[1]) is not None

    def deeper(self) -> None:
        """One level further down."""
        self._depth += 1
        if self._depth > self.limits.depth:
            raise PastLimit("depth", self.limits.depth, self.source, self.token.span)

    def back(self) -> None:
        """One level up again."""
        self._depth -= 1

    def count(self) -> None:
        """One node more."""
        self._nodes += 1
        if self._nodes > self.limits.nodes:
            raise PastLimit("nodes", self.limits.nodes, self.source, self.token.span)

    def text(self, span: Span) -> str:
        """What is written there."""
        return self.source.text[slice(*span)]

    def stray(self) -> FormulaError:
        """What is wrong with the token, where an operator, a comma or the end should stand."""
        token, kind = self.token, self.token.kind
        if kind == "end" or kind in PARTNERS.values():
            return self._bracket()
        if kind == ",":
            return self._comma()
        if kind == "=":
            return WrongSymbol("=", self.source, token.span, "write == to compare")
        if kind in ("if", "else"):
            return WrongWord(kind, f"{CHOICE}, with brackets round one inside another", self.source, token.span)
        if kind == "[":
            return self._subscript()
        if kind == "label":
            return self.misplaced()
        if kind == "(" and self.before.kind == "period":
            return WrongWord("period", "write it without brackets", self.source, self.before.span)
        return self._unjoined()

    def absent(self) -> FormulaError:
        """What is wrong with the token, where a value should stand."""
        token, kind = self.token, self.token.kind
        if kind == "+":
            return UnaryPlus(self.source, token.span)
        if kind == "=":
            first = self.before.kind == "end"
            mend = "leave it out: a formula begins with its first value" if first else "write == to compare"
            return WrongSymbol("=", self.source, token.span, mend)
        if kind in ("not", "if", "time"):
            return WrongWord(kind, WORDS[kind], self.source, token.span)
        if kind in ("[", "label"):
            return self.misplaced()
        if kind in PARTNERS.values() and (not self.opened or PARTNERS[self.opened[-1].kind] != kind):
            return self._bracket()
        return MissingValue(token.text, self.before.text, self.source, token.span)

    def misplaced(self, mend: str = "") -> FormulaError:
        """The token stands where something of another sort is wanted."""
        found = {"[": "a list", "label": "a label", "end": ""}.get(self.token.kind, repr(self.token.text))
        return Misplaced(found, mend or PLACES[self.token.kind], self.source, self.token.span)

    def _bracket(self) -> FormulaError:
        token = self.token
        if not self.opened:
            return WrongBracket(f"{token.text!r} closes no bracket; leave it out", self.source, token.span)
        opened = self.opened[-1]
        partner = PARTNERS[opened.kind]
        if token.kind == "end":
            message = f"{opened.text!r} is never closed; write {partner!r} after its last value"
            return WrongBracket(message, self.source, opened.span)
        column = self.source.place(opened.span[0]).column
        message = f"{token.text!r} closes {opened.text!r} of column {column}; write {partner!r}"
        return WrongBracket(message, self.source, token.span)

    def _comma(self) -> FormulaError:
        comma, text = self.token.span[0], self.source.text
        decimal = (match.span() for match in DECIMAL.finditer(text) if match.start() < comma < match.end())
        if (group := grouped(text, comma)) is not None:
            return WrongNumber(self.text(group), self.source, group)
        if (span := next(decimal, None)) is not None:
            return WrongNumber(self.text(span), self.source, span, f"write {self.text(span).replace(',', '.')}")
        return Misplaced("','", "it stands between the arguments of a function", self.source, self.token.span)

    def _subscript(self) -> FormulaError:
        label = SUBSCRIPT.match(self.source.text, self.token.span[0])
        call = f"pick({self.before.text if self.before.kind == 'name' else 'x'}, {label[1] if label else 'label'})"
        return Misplaced("'['", f"write {call} for one label's part", self.source, self.token.span)

    def _unjoined(self) -> FormulaError:
        before, token = self.before, self.token
        if token.kind == "not":
            return WrongWord("not", "write and not", self.source, token.span)
        for word in (before, token):
            if word.kind == "name" and word.text in BETWEEN:
                return WrongWord(word.text, BETWEEN[word.text], self.source, word.span)
        if before.kind == "number" and token.text in SUFFIXES:
            span = (before.span[0], token.span[1])
            return WrongNumber(f"{before.text} {token.text}", self.source, span)
        left, right = (JOINED.get(part.kind, part.text) for part in (before, token))
        return MissingOperator(left, right, self.source, token.span)


JOINED = {"(": "(...)", ")": "(...)"}
WORDS = {
    "not": "put brackets round 'not' and what it denies",
    "if": CHOICE,
    "time": "it is the name of the dimension, as in over=time; write period for the number of the period",
}
PLACES = {
    "[": "lists stand in interpolate(x, [0, 10], [0, 1]) and after over=",
    "label": "labels stand in pick(x, label) and after over=",
}
