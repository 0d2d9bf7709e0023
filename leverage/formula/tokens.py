"""A formula's text as tokens with their spans: numbers, names, labels in backquotes, and the language's own words.

Tokens come one by one, so of several faults the leftmost is told. What is no token gets its right spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, NoReturn

from leverage.formula.faults import MissingOperator, WrongNumber, WrongSymbol
from leverage.formula.nodes import Span
from leverage.formula.source import FormulaError, Source
from leverage.formula.words import RESERVED, SYMBOLS
from leverage.quantity import DIGITS, NUMBER, SPELLINGS, Quantity, scan

FOREIGN = "|".join(re.escape(symbol) for symbol in sorted(SYMBOLS, key=len, reverse=True) if len(symbol) > 1)
TOKEN = re.compile(
    r"[ \t\r\n]*(?:"
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*+)(?![^\x00-\x7f])"  # other letters go the long way, by Unicode's rules
    r"|(?P<number>(?=\.?[0-9]|\.(?i:inf|nan)\b))"  # where it ends is for `quantity.scan` to say
    rf"|(?P<foreign>{FOREIGN})"
    r"|(?P<symbol>\*\*|[<>=!]=|[-+*/()\[\],<>=])"
    r"|(?P<label>`(?:[^`]|``)++`)"  # two backquotes in a label stand for one
    r"|(?P<end>\Z)|(?P<other>))"
)
RUN = re.compile(r"(?:[0-9._]+[eE][+-]?[0-9]+)?[\w.]*")  # what a reader takes for one number
GROUPED = re.compile(r"(?<![\w.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")  # 1,000
OTHER_BASE = re.compile(r"0[xXbBoO][0-9a-fA-F]+$")
NO_FRACTION = re.compile(r"([0-9_]+)\.$")


class Token(NamedTuple):
    """One token. ``kind``: number, name, label or end; a symbol or reserved word is its own kind.

    Names and labels are in NFKC.
    """

    kind: str
    text: str
    span: Span
    number: Quantity | None = None


_made = partial(tuple.__new__, Token)  # without the arguments' names: half the time, and most of a large file is tokens


def tokens(source: Source) -> Iterator[Token]:
    """The tokens of the text, then one of kind ``end``.

    Raises:
        FormulaError: when the first character is reached that begins no token.

    >>> [token.text for token in tokens(Source("2.4% * `organic search`"))]
    ['2.4%', '*', 'organic search', '']
    """
    whole, at, match = source.text, 0, TOKEN.match
    while True:
        found: re.Match[str] = match(whole, at)  # type: ignore[assignment]  # it always matches
        kind = found.lastgroup or ""
        if kind == "name":
            text = found[kind]
            token = _made((text if text in RESERVED else "name", text, found.span(kind), None))
        elif kind == "symbol":
            text = found[kind]
            token = _made((text, text, found.span(kind), None))
        elif kind == "end":
            break
        else:
            token = OTHERS[kind](source, found.span(kind))
        yield token
        at = token.span[1]
    yield Token("end", "", (len(whole), len(whole)))


def _foreign(source: Source, span: Span) -> NoReturn:
    raise WrongSymbol(source.text[slice(*span)], source, span)


def _label(source: Source, span: Span) -> Token:
    text = source.text[span[0] + 1 : span[1] - 1].replace("``", "`")
    return Token("label", unicodedata.normalize("NFKC", text).strip(), span)


def _unicode_name(source: Source, span: Span) -> Token:
    text, (start, end) = source.text, span
    while end < len(text) and ("a" + text[end] if end > start else text[end]).isidentifier():
        end += 1
    name = unicodedata.normalize("NFKC", text[start:end])
    if not name.isidentifier():
        raise _unknown(source, start)
    return Token(name if name in RESERVED else "name", name, (start, end))


def _unknown(source: Source, start: int) -> FormulaError:
    symbol = source.text[start]
    plain = unicodedata.normalize("NFKC", symbol)
    mend = SYMBOLS.get(symbol, "leave it out")
    if symbol.isspace():
        mend = "write a plain space"
    elif plain != symbol and plain.isascii() and len(plain) == 1 and symbol not in SYMBOLS:
        mend = f"write {plain}"
    return WrongSymbol(symbol, source, (start, start + 1), mend)


def _number(source: Source, span: Span) -> Token:
    text, start = source.text, span[0]
    found = scan(text, start)
    if found is None:
        _misspelt(source, start)
    quantity, end = found
    after = text[end : end + 1]
    if after == "." or (after and ("a" + after).isidentifier()):
        if quantity.percent:  # 5%3 and 5%x are meant as a remainder more often than as a product
            raise WrongSymbol("%", source, (end - 1, end))
        _misspelt(source, start)
    return Token("number", text[start:end], (start, end), quantity)


OTHERS: Mapping[str | None, Callable[[Source, Span], Token]] = MappingProxyType(
    {"number": _number, "label": _label, "foreign": _foreign, "other": _unicode_name}
)


def _misspelt(source: Source, start: int) -> NoReturn:
    """Raise for text that begins like a number, and goes on as none: ``2x``, ``10K``, ``010``, ``1e999``."""
    text, run = source.text, RUN.match(source.text, start)
    written = run.group() if run else text[start]
    span = (start, start + len(written))
    if (group := grouped(text, start)) is not None:
        raise WrongNumber(text[slice(*group)], source, group)
    digits = NUMBER.match(text, start)
    size = digits.end() - start if digits else 0
    rest = written[size:]
    mend = next((mend(written) for met, mend in SPELLINGS if met.search(written)), "")
    if size > DIGITS:
        mend = f"write at most {DIGITS} characters"
    elif OTHER_BASE.match(written):
        mend = "write it with the digits 0 to 9"
    elif NO_FRACTION.match(written):
        mend = f"write {written}0, or {written[:-1]}"
    elif rest in ("", "k", "M", "B") and digits:
        mend = "write a number from 1e-307 to 1e308, or 0"
    elif rest.isidentifier() and rest[0] != "_":
        if not mend:
            raise MissingOperator(written[:size], rest, source, (start + size, span[1]))
        mend = f"{mend}, or {written[:size]} * {rest}"
    raise WrongNumber(written, source, span, mend)


def grouped(text: str, offset: int) -> Span | None:
    """The span of a number with commas between its thousands that goes over the offset.

    >>> grouped("max(1,000)", 5)
    (4, 9)
    """
    found = (match.span() for match in GROUPED.finditer(text) if match.start() < offset < match.end())
    return next(found, None)
