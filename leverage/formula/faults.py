"""What can be wrong with a formula: one class a cause, each with its sentence and its mend."""

from __future__ import annotations

from leverage.errors import clip, nearest
from leverage.formula.nodes import Span
from leverage.formula.source import NO_SOURCE, FormulaError, Source
from leverage.formula.words import CHOICE, FUNCTIONS, SYMBOLS
from leverage.quantity import BadNumber

LIMITS = {
    "length": "the formula has more than {limit:,} characters; give parts of it metrics of their own",
    "depth": "the formula is nested more than {limit:,} deep; give the inner part a metric of its own",
    "arguments": "there are more than {limit:,} arguments; divide them among several metrics",
    "nodes": "the formula has more than {limit:,} parts; give some of them metrics of their own",
}


class EmptyFormula(FormulaError):
    """Nothing stands where a formula should."""

    def __init__(self, source: Source) -> None:
        super().__init__("the formula is empty; write a number, a metric's id, or an expression of them", source)


class PastLimit(FormulaError):
    """A formula that is longer, deeper or wider than it may be; ``limit`` is the field of `parse.Limits`."""

    def __init__(self, limit: str, most: int, source: Source, span: Span) -> None:
        self.limit = limit
        super().__init__(LIMITS[limit].format(limit=most), source, span)


class MissingElse(FormulaError):
    """A choice that does not say what holds otherwise."""

    def __init__(self, source: Source, span: Span) -> None:
        super().__init__(f"'else' is missing; {CHOICE}", source, span)


class WrongNumber(FormulaError):
    """Text that begins like a number and is none."""

    def __init__(self, text: str, source: Source, span: Span, mend: str = "") -> None:
        super().__init__(f"{clip(text)!r} is not a number; {mend}" if mend else BadNumber(text).message, source, span)


class WrongSymbol(FormulaError):
    """A character that formulas do not have."""

    def __init__(self, symbol: str, source: Source, span: Span, mend: str = "") -> None:
        super().__init__(f"{symbol!r} is not part of a formula; {mend or SYMBOLS[symbol]}", source, span)


class WrongWord(FormulaError):
    """A word that joins values elsewhere, or one of the language where it says nothing."""

    def __init__(self, word: str, mend: str, source: Source, span: Span) -> None:
        super().__init__(f"{clip(word)!r} says nothing here; {mend}", source, span)


class MissingOperator(FormulaError):
    """Two values with nothing between them."""

    def __init__(self, left: str, right: str, source: Source, span: Span) -> None:
        mend = f"write {clip(left, 30)} * {clip(right, 30)} to multiply"
        super().__init__(f"an operator is missing before {clip(right, 30)!r}; {mend}", source, span)


class MissingValue(FormulaError):
    """An operator, a comma or a bracket where a value should stand."""

    def __init__(self, found: str, after: str, source: Source, span: Span) -> None:
        where = f"before {found!r}" if found else f"at the end, after {after!r}" if after else "at the end"
        super().__init__(f"a value is missing {where}", source, span)


class UnaryPlus(FormulaError):
    """``+x``: formulas have a minus before a value and no plus."""

    def __init__(self, source: Source, span: Span) -> None:
        super().__init__("a value needs no '+' before it; leave the + out", source, span)


class WrongBracket(FormulaError):
    """A bracket without its partner."""

    def __init__(self, message: str, source: Source, span: Span) -> None:
        super().__init__(message, source, span)


class ChainedComparison(FormulaError):
    """``a < b < c``, which some read as two comparisons and others as a comparison of 1 or 0."""

    def __init__(self, parts: list[str], source: Source, span: Span) -> None:
        a, first, b, second, c = (clip(part, 30) for part in parts)
        super().__init__(f"comparisons are not chained; write {a} {first} {b} and {b} {second} {c}", source, span)


class UnknownFunction(FormulaError):
    """A name before a bracket that is no function."""

    def __init__(self, name: str, known: tuple[str, ...], source: Source, span: Span) -> None:
        small = name.lower()
        if small in FUNCTIONS:
            mend = FUNCTIONS[small]
        elif small in known:
            mend = f"functions are written in small letters: {small}(...)"
        else:
            found = nearest(name, known)
            mend = f"did you mean {found!r}?" if found else f"write {clip(name, 30)} * (...) to multiply"
        super().__init__(f"unknown function {clip(name)!r}; {mend}", source, span)


class WrongArguments(FormulaError):
    """A function that got too many arguments, too few, or others than it has; its signature is shown."""

    def __init__(self, signature: str, fault: str, source: Source = NO_SOURCE, span: Span = (0, 0)) -> None:
        super().__init__(f"{signature}: {fault}", source, span)


class Misplaced(FormulaError):
    """A list or a label where a value should stand, or the other way round, or nothing where one of them should."""

    def __init__(self, found: str, mend: str, source: Source, span: Span) -> None:
        super().__init__(f"{f'{found} cannot stand here' if found else 'something is missing'}; {mend}", source, span)
