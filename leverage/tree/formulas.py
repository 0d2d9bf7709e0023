"""A formula of the file, parsed, and what a walk through it tells: its names, its size, whether axes matter to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from leverage.errors import LeverageError, Place
from leverage.files.plain import Plain
from leverage.formula.functions import OVER_DIMENSIONS_AND_TIME
from leverage.formula.nodes import Apply, Name, Node, Number, Series
from leverage.formula.parse import FormulaError, parse
from leverage.tree.faults import Spot
from leverage.tree.read import scalar


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
    """What a formula is made of: its names, each once, in the text's order, its nodes, is a word over axes in it?"""

    names: tuple[Name, ...]
    nodes: int
    axes: bool = False


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
    nodes, axes, stack = 0, False, [node]
    while stack:
        part = stack.pop()
        nodes += 1
        if isinstance(part, Name):
            names.setdefault(part.id, part)
        elif isinstance(part, Number):
            continue
        elif isinstance(part, Apply):
            axes |= part.op in OVER_DIMENSIONS_AND_TIME
            stack.extend(part.args[::-1])
        elif isinstance(part, Series):
            stack.extend(part.items[::-1])
        else:
            axes = True  # a label: min and max over a dimension
    return Contents(tuple(names.values()), nodes, axes)
