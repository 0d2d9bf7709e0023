"""What may be an id? A Unicode identifier in its NFKC form, no word of formulas, of at most 128 characters."""

from __future__ import annotations

import re
import unicodedata

from leverage.errors import NOWHERE, LeverageError, Place, clip

LENGTH = 128
RESERVED = frozenset({"and", "or", "not", "if", "else", "pi", "period", "time"})
SCENARIOS = frozenset({"base", "target", "actual", "what-if"})  # names that options give a meaning of their own


class BadId(LeverageError):
    """Text that cannot be an id; the sentence offers one that can."""

    def __init__(self, text: str, *, what: str = "an id", at: Place = NOWHERE) -> None:
        super().__init__(f"{clip(text)!r} cannot be {what}; {_mend(text)}", at=at)


class TwiceAfterFolding(LeverageError):
    """Two spellings of one id: they are equal in Unicode's NFKC form."""

    def __init__(self, text: str, id: str, first: Place, *, what: str, at: Place) -> None:
        since = f", which stands in line {first.line}" if first.line else ""
        super().__init__(f"{what} {clip(text)!r} is the same id as {clip(id)!r}{since}; rename one of them", at=at)


def canonical(text: str) -> str:
    """The form in which ids are compared (NFKC), in files, formulas and options.

    >>> canonical("ﬁrst_order")
    'first_order'
    """
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def labelled(text: str) -> str:
    """The form in which labels are compared: as ids are, without blanks round them.

    >>> labelled(" ﬁrst half ")
    'first half'
    """
    return canonical(text).strip()


def fits(id: str) -> bool:
    """Whether the text, in its canonical form, is an id.

    >>> fits("売上"), fits("ad spend"), fits("period")
    (True, False, False)
    """
    return id.isidentifier() and id not in RESERVED and len(id) <= LENGTH


def identified(text: str, *, what: str = "an id", at: Place = NOWHERE) -> str:
    """The id that the text writes.

    Raises:
        BadId: it is none; the sentence offers a spelling.
    """
    id = canonical(text)
    if not fits(id):
        raise BadId(text, what=what, at=at)
    return id


def _mend(text: str) -> str:
    id = canonical(text)
    if id in RESERVED:
        return f"it is a word of the formula language; write {id}_ or another word"
    if len(id) > LENGTH:
        return f"it has {len(id):,} characters, and at most {LENGTH} are allowed; use the label for long names"
    spelled = re.sub(r"\W+", "_", id).strip("_")
    spelled = f"_{spelled}" if spelled[:1].isdigit() else spelled
    if fits(spelled):
        return f"write {clip(spelled)}"
    return "begin with a letter, and go on with letters, digits and _"
