"""Which texts did a comma cut in two? Inside ``{ }`` an unquoted ``lognormal(mean=68, sd=9)`` is two entries.

YAML sees nothing wrong with them, so the pieces are recognised by their parentheses and put together again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from leverage.errors import LeverageError, Place, clip


class NeedsQuotes(LeverageError):
    """A text that YAML cuts where its author did not mean it to."""

    def __init__(self, text: str, cut: str, brackets: str = "", *, at: Place, metric: str | None) -> None:
        shown = clip(" ".join(text.split()), 80)
        quote = "'" if '"' in shown else '"'
        inside = f" inside {brackets[0]} {brackets[1]}" if brackets else ""
        message = f"the text is cut at {cut!r}; put quotes round {quote}{shown}{quote}{inside}"
        super().__init__(message, at=at, metric=metric)


@dataclass(slots=True)
class Piece:
    """An entry: where it starts and ends in the source, and how many of its parentheses are still open."""

    start: int
    end: int
    at: Place
    until: Place
    open: int


@dataclass(slots=True)
class Pieces:
    """The entries of one flow collection that have a parenthesis without its partner."""

    opened: list[Piece] = field(default_factory=list)
    whole: list[Piece] = field(default_factory=list)  # put together, none inside another

    def add(self, piece: Piece) -> None:
        """One more entry, in order; one that closes what an earlier one opened makes a whole with it."""
        if piece.open > 0:
            self.opened.append(piece)
        while piece.open < 0 and self.opened:
            first = self.opened[-1]
            closed = min(first.open, -piece.open)
            first.open -= closed
            piece.open += closed
            if not first.open:
                self.opened.pop()
                self._join(first, piece)

    def _join(self, first: Piece, last: Piece) -> None:
        first.end, first.until = last.end, last.until
        while self.whole and self.whole[-1].start > first.start:
            self.whole.pop()
        self.whole.append(first)
