"""A formula of the file, parsed, and what a walk through it tells: its names, its size, what is not computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from leverage.errors import NOWHERE, LeverageError, Place
from leverage.files.plain import Plain
from leverage.formula.functions import OVER_DIMENSIONS_AND_TIME
from leverage.formula.nodes import Apply, Label, Name, Node, Number, Series
from leverage.formula.parse import FormulaError, parse
from leverage.tree.faults import Spot
from leverage.tree.read import scalar


class NotComputed(LeverageError):
    """A figure over time and dimensions, which this version reads and keeps but cannot compute."""

    def __init__(self, what: str, mend: str, *, at: Place = NOWHERE, metric: str | None = None) -> None:
        super().__init__(
            f"{what} over time and dimensions is read, but not computed in this version; {mend}", at=at, metric=metric
        )


class NoFormula(LeverageError):
    """A fault in a formula that no metric owns: whose it is stands before what the parser says."""

    def __init__(self, error: FormulaError, spot: Spot) -> None:
        super().__init__(spot.named(error.message), at=error.at)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written, and as nodes."""

    node: Node
    text: str
    at: Place


class Contents(NamedTuple):
    """What a formula is made of: its names, each once, in the text's order, how many nodes, and a word over axes."""

    names: tuple[Name, ...]
    nodes: int
    axis: str = ""
    axis_from: int = 0  # the offset of that word


def formula(plain: Plain, spot: Spot) -> Formula:
    """The formula that the text writes.

    Raises:
        FormulaError: the text is none; the sentence points at the column.
    """
    found = scalar(plain, spot, "a formula")
    try:
        return Formula(parse(found.text, at=found.at, metric=spot.metric), found.text, found.at)
    except FormulaError as error:
        if spot.metric is not None:
            raise
        raise NoFormula(error, spot) from None  # the parser knows metrics alone


def contents(node: Node) -> Contents:
    """One walk through a formula."""
    names: dict[str, Name] = {}
    nodes, axis, axis_from, stack = 0, "", 0, [node]
    while stack:
        part = stack.pop()
        nodes += 1
        if isinstance(part, Name):
            names.setdefault(part.id, part)
        elif isinstance(part, Number):
            continue
        elif isinstance(part, Apply):
            if not axis and part.op in OVER_DIMENSIONS_AND_TIME:
                axis, axis_from = part.op, part.span[0]
            stack.extend(part.args[::-1])
        elif isinstance(part, Series):
            stack.extend(part.items[::-1])
        elif not axis and isinstance(part, Label):
            axis, axis_from = "over", part.span[0]
    return Contents(tuple(names.values()), nodes, axis, axis_from)
