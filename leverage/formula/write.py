"""From nodes back to text, with no bracket more than the reader needs: as models have it, as Excel does, as LaTeX does.

A dialect is a table with one form a function (`leverage.formula.dialects`). What the own dialect writes reads back as
the same nodes.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from leverage.formula.dialects import DIALECTS
from leverage.formula.forms import Dialect, Form
from leverage.formula.macros import expand
from leverage.formula.nodes import Apply, Label, Name, Node, Number, Series, children
from leverage.formula.source import FormulaError


class NotWritten(FormulaError):
    """A function that a dialect has no form for."""

    def __init__(self, op: str, dialect: str) -> None:
        super().__init__(f"{op!r} has no form in {dialect}; write its figures there")


class TooLongToWrite(FormulaError):
    """A formula whose text would be longer than its readers take."""

    def __init__(self, longest: int, dialect: str) -> None:
        mend = "give parts of it metrics of their own"
        super().__init__(f"the formula has more than {longest:,} characters in {dialect}; {mend}")


class Part(NamedTuple):
    """A node that is still to be written: how tightly it has to bind, and whether it may be true or false."""

    node: Node
    need: int = 0
    condition: bool = False


def write(node: Node, dialect: Literal["own", "excel", "latex"] = "own") -> str:
    """The formula as text.

    Raises:
        NotWritten: the dialect has no form for a function: those over dimensions and time, in Excel.
        TooLongToWrite: the text would be longer than 8,192 characters in Excel, or 200,000 elsewhere.

    >>> from leverage.formula.parse import parse
    >>> node = parse("(a if b < 3% else -(2 ** c)) * 120k")
    >>> print(write(node), write(node, "excel"), write(parse("a / (b + 2.5%)"), "latex"), sep=chr(10))
    (a if b < 3% else -2 ** c) * 120_000
    IF(b<3%,a,-(2^c))*120000
    \\frac{a}{b + 2.5\\%}
    """
    chosen = DIALECTS[dialect]
    pieces: list[str] = []
    size = 0
    stack: list[str | Part] = [Part(node if chosen.curves else expand(node))]
    while stack:
        item = stack.pop()
        if isinstance(item, Part):
            stack.extend(reversed(_parts(item, chosen)))
            continue
        pieces.append(item)
        size += len(item)
        if size > chosen.longest:
            raise TooLongToWrite(chosen.longest, dialect)
    return "".join(pieces)


def _parts(part: Part, dialect: Dialect) -> list[str | Part]:
    """The part as text, with parts for its arguments."""
    node = part.node
    if isinstance(node, Name | Label):
        return [dialect.id(node.id) if isinstance(node, Name) else dialect.label(node.text)]
    if isinstance(node, Number):
        text, power = dialect.number(node)
        return _bracketed([text], power, part, dialect)
    form = _form(node, dialect)
    written = _filled(form, children(node), dialect)
    if form.truth and not part.condition:
        return [dialect.figure[0], *written, dialect.figure[1]]
    return _bracketed(written, form.power, part, dialect)


def _form(node: Apply | Series, dialect: Dialect) -> Form:
    if isinstance(node, Series):
        if dialect.series is None:
            raise NotWritten("over", dialect.name)
        return Form(dialect.series(node))
    if node.op not in dialect.forms:
        raise NotWritten(node.op, dialect.name)
    return dialect.forms[node.op]


def _filled(form: Form, args: tuple[Node, ...], dialect: Dialect) -> list[str | Part]:
    filled: list[str | Part] = []
    for piece in form.parts:
        if piece == "#*":
            filled.extend(item for arg in args for item in (dialect.separator, Part(arg)))
            del filled[-2 * len(args)]  # the separator before the first
        elif piece.startswith("#"):
            position = int(piece[1:]) - 1
            filled.append(Part(args[position], form.need(position), position in form.conditions))
        else:
            filled.append(piece)
    return filled


def _bracketed(written: list[str | Part], power: int, part: Part, dialect: Dialect) -> list[str | Part]:
    return [dialect.brackets[0], *written, dialect.brackets[1]] if power < part.need else written
