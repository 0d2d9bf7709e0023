"""What may go wrong: one class a cause, each with its place, what was found, and the mend.

Everything raised for wrong input is a `LeverageError`, itself a ``ValueError``. A constructor writes its own sentence,
so that every sentence of the project is written once and can be tested word by word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from difflib import SequenceMatcher

SHOWN = 100  # findings listed of one file; a hostile file must not cost more than the reading of it
SUGGESTIONS_FROM = 5_000  # names compared for a suggestion: enough for any tree that people write
CHARACTERS = 200_000  # pairs of them that are compared: those of a thousand names in full
ALIKE = 0.6  # the likeness of two names (difflib's) from which one may be meant by the other
LONGEST = 128  # characters of a name that are looked at


class Place(NamedTuple):
    """Where something stands: a file's name, and line and column counted from 1 (0: not known).

    A tuple, as a large file has a million of them.
    """

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


NOWHERE = Place()
placed: Callable[[tuple[str, int, int]], Place] = partial(tuple.__new__, Place)  # in a third of the constructor's time


class LeverageError(ValueError):
    """Wrong input, in one sentence: ``place: metric 'id': what is wrong; mend``."""

    def __init__(self, message: str, *, at: Place = NOWHERE, metric: str | None = None) -> None:
        self.message = message
        self.at = at
        self.metric = metric
        super().__init__(message)

    def __str__(self) -> str:
        place = f"{printable(str(self.at))}: " if str(self.at) else ""
        owner = f"metric '{printable(self.metric)}': " if self.metric is not None else ""
        return f"{place}{owner}{printable(self.message)}"


class InvalidModel(LeverageError):
    """A model file with findings, all of them at once; ``errors`` holds them one by one.

    ``cut``: there were so many that the file was not read to its end.
    """

    def __init__(self, errors: Iterable[LeverageError], *, cut: bool = False) -> None:
        self.errors: tuple[LeverageError, ...] = tuple(errors)
        self.cut = cut
        super().__init__("\n".join(str(error) for error in self.errors[:SHOWN]))
        if len(self.errors) == 1:
            self.at, self.metric = self.errors[0].at, self.errors[0].metric

    def __str__(self) -> str:
        more = len(self.errors) - SHOWN
        return self.message + (f"\n... and {more:,} more{' at least' if self.cut else ''}" if more > 0 else "")


class UnknownName(LeverageError):
    """A name that nothing bears; the sentence offers the nearest one that something does."""

    def __init__(
        self,
        name: str,
        known: Iterable[str],
        *,
        what: str = "name",
        where: str = "",
        at: Place = NOWHERE,
        metric: str | None = None,
    ) -> None:
        self.name = name
        found = nearest(name, known)
        mend = f"; did you mean {found!r}?" if found else ""
        super().__init__(f"unknown {what} {clip(name)!r}{f' {where}' if where else ''}{mend}", at=at, metric=metric)


class NoAnswer(LeverageError):
    """A question that was asked rightly and has no answer; the command line ends with status 1."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a typing slip is nearest to, or None.

    >>> nearest("purchase_rat", ["visits", "purchase_rate"])
    'purchase_rate'
    """
    from difflib import SequenceMatcher  # costs start-up time, and most runs have no wrong name
    from itertools import islice

    length = len(name)
    near = (other for other in known if abs(len(other) - length) <= max(2, length // 3))
    matcher = SequenceMatcher(b=name[:LONGEST])
    bounds = [(bound, other) for other in islice(near, SUGGESTIONS_FROM) if (bound := _bound(matcher, other)) >= ALIKE]
    best, left = (ALIKE, ""), CHARACTERS
    for bound, other in sorted(bounds, reverse=True):
        if bound < best[0] or left < 0:  # none of those left can be nearer
            break
        left -= len(other) * length
        matcher.set_seq1(other)
        best = max(best, (matcher.ratio(), other))
    return best[1] or None


def _bound(matcher: SequenceMatcher[str], other: str) -> float:
    """What the likeness cannot be above: by the lengths, then by the letters wherever they stand."""
    matcher.set_seq1(other)
    bound = matcher.real_quick_ratio()
    return bound if bound < ALIKE else matcher.quick_ratio()


def clip(text: str, width: int = 60) -> str:
    """The text, or its beginning where it is too long for a sentence."""
    return text if len(text) <= width else text[: width - 3] + "..."


def printable(text: str) -> str:
    """The text with control and direction-changing characters written out: a name may not steer a terminal.

    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names in a sentence: ``a, b and c``; a long list is cut and says so.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    shown = [printable(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most:,} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""
