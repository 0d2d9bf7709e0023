"""A formula's text and where it stands, so that an error can point at the character that caused it."""

from __future__ import annotations

from dataclasses import dataclass

from leverage.errors import NOWHERE, LeverageError, Place
from leverage.formula.nodes import Span


@dataclass(frozen=True, slots=True)
class Source:
    """The text, the place of its first character, and the metric that owns it."""

    text: str = ""
    at: Place = NOWHERE
    metric: str | None = None

    def place(self, offset: int) -> Place:
        """Where the character of that offset stands; further lines begin in the column of the first.

        Text whose place is not known counts as a file of its own.

        >>> Source("a +\\nb", Place("shop.yaml", 14, 15)).place(4)
        Place(file='shop.yaml', line=15, column=15)
        """
        if not self.text or (self.at.file and not self.at.line):
            return self.at
        lines = self.text.count("\n", 0, offset)
        column = offset - (self.text.rfind("\n", 0, offset) + 1)
        return Place(self.at.file, max(self.at.line, 1) + lines, max(self.at.column, 1) + column)


NO_SOURCE = Source()


class FormulaError(LeverageError):
    """Text that is no formula, or a formula that says nothing; ``span`` holds the offsets of the fault in the text."""

    def __init__(self, message: str, source: Source = NO_SOURCE, span: Span = (0, 0)) -> None:
        self.span = span
        super().__init__(message, at=source.place(span[0]), metric=source.metric)
