"""How many columns of a terminal does a text take, and how is it cut, padded and wrapped to fit them?

East Asian wide characters take two columns, combining marks none. A character of ambiguous width counts as one, as
terminals show it unless they are told otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

WIDE = frozenset("WF")
UNSEEN = frozenset(("Mn", "Me", "Cf"))
LABELS = re.compile(r" ?\[[^\[\]]+\]\Z")  # of a cell, behind the name or id of its metric


def width(text: str) -> int:
    """Columns that the text takes.

    >>> width("sales"), width("売上"), width("e\\u0301")
    (5, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in UNSEEN:
        return 0
    return 2 if unicodedata.east_asian_width(character) in WIDE else 1


def cut(text: str, room: int, ellipsis: str = "…") -> str:
    """The text, or where it is wider than ``room`` its beginning and an ellipsis.

    >>> cut("purchase_rate", 9), cut("売上合計", 6)
    ('purchase…', '売上…')
    """
    if width(text) <= room:
        return text
    # running widths only grow, so the characters that fit beside the ellipsis are those up to its place among them
    kept = bisect_right(list(accumulate(map(_columns, text))), room - len(ellipsis))
    return text[:kept].rstrip() + ellipsis[: max(room, 0)]


def cut_name(text: str, room: int, ellipsis: str = "…") -> str:
    """The same of a name, whose closing labels stay where they leave room: they tell a cell from its neighbours.

    >>> cut_name("Price of a country [de]", 16), cut_name("price_level[de,2027-03]", 18)
    ('Price of a… [de]', 'price…[de,2027-03]')
    """
    labels = LABELS.search(text)
    # two thirds of the room: a country and a month take 12 of the 22 columns that a table's names have at the least
    if width(text) <= room or labels is None or 3 * width(labels[0]) > 2 * room:
        return cut(text, room, ellipsis)
    return cut(text[: labels.start()], room - width(labels[0]), ellipsis) + labels[0]


def pad(text: str, room: int, *, right: bool = False) -> str:
    """The text with spaces to ``room`` columns, after it or, where it stands at the right, before it."""
    spaces = " " * (room - width(text))
    return spaces + text if right else text + spaces


def wrap(text: str, room: int) -> list[str]:
    """The text in lines of at most ``room`` columns, broken at spaces, beside wide characters, and inside long words.

    >>> wrap("push the rate", 8)
    ['push the', 'rate']
    """
    lines, line = [], ""
    for word in text.split():
        for index, part in enumerate(_parts(word, room)):
            glue = " " if line and index == 0 else ""
            if line and width(line + glue + part) > room:
                lines.append(line)
                line, glue = "", ""
            line += glue + part
    return [*lines, line]


def _parts(word: str, room: int) -> Iterator[str]:
    """What a line may break between: a wide character begins a part, and no part is wider than the room."""
    if word.isascii() and len(word) <= room:
        yield word
        return
    part = ""
    for character in word:
        size = _columns(character)
        if part and (size == 2 or width(part) + size > room):
            yield part
            part = ""
        part += character
    yield part
