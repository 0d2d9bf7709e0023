"""The raw text of a file: no larger than a limit, UTF-8, and free of characters that nobody can see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from leverage.errors import SHOWN, InvalidModel, LeverageError, Place

# C0 less tab and line ends, DEL, C1, YAML 1.1's own line ends (U+0085, U+2028, U+2029), surrogates, a byte order mark
# that is not the first character, and the two that no text holds
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
HALF = re.compile("[\ud800-\udfff]")  # of a character, which only escapes can write
LINE_END = re.compile(r"\r\n|\r|\n")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")  # how a file in UTF-16 or UTF-32 mostly begins


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold: bytes, levels of lists and mappings, entries of one of them, keys and values together."""

    size: int = 64_000_000
    depth: int = 100
    entries: int = 200_000
    nodes: int = 2_000_000


LIMITS = Limits()


class TooLarge(LeverageError):
    """A file over the limit of its size."""

    def __init__(self, limit: int, *, at: Place) -> None:
        super().__init__(f"the file is larger than the limit of {limit / 1e6:g} MB; is it the right one?", at=at)


class NotUtf8(LeverageError):
    """Bytes that are no UTF-8 text."""

    def __init__(self, found: str, *, at: Place) -> None:
        super().__init__(f"{found} is not UTF-8 text; save the file as UTF-8", at=at)


class Unseen(LeverageError):
    """A control character, or another that no editor shows."""

    def __init__(self, character: str, *, at: Place) -> None:
        super().__init__(f"the invisible character U+{ord(character):04X} may not stand in a file; delete it", at=at)


def decode(data: bytes | str, file: str, limits: Limits = LIMITS) -> str:
    """The text of a file, without its byte order mark.

    Raises:
        InvalidModel: larger than the limit, not UTF-8, or with characters that nobody can see (all of them listed).

    >>> decode(b"\\xef\\xbb\\xbfkgi: revenue", "shop.yaml")
    'kgi: revenue'
    """
    if len(data) > limits.size:
        raise InvalidModel([TooLarge(limits.size, at=Place(file))])
    text = (_utf8(data, file) if isinstance(data, bytes) else data).removeprefix("\ufeff")
    unseen = [found.start() for found in islice(UNSEEN.finditer(text), SHOWN)]
    if unseen:
        found = zip(unseen, places(text, unseen, file), strict=True)
        raise InvalidModel(Unseen(text[index], at=place) for index, place in found)
    return text


def at(text: str, index: int, file: str) -> Place:
    """The place of one character of the text."""
    return next(places(text, [index], file))


def places(text: str, indexes: Iterable[int], file: str) -> Iterator[Place]:
    """The places of characters of the text, in order; lines end as editors have them, with CR, LF or both.

    >>> [str(place) for place in places("kgi: a\\r\\nmetrics:", [5, 8], "shop.yaml")]
    ['shop.yaml:1:6', 'shop.yaml:2:1']
    """
    line, start, passed = 1, 0, 0
    for index in indexes:
        for end in LINE_END.finditer(text, passed, index):
            line, start = line + 1, end.end()
        passed = index
        yield Place(file, line, index - start + 1)


def _utf8(data: bytes, file: str) -> str:
    if data.startswith(WIDE_MARKS):
        raise InvalidModel([NotUtf8("UTF-16", at=Place(file))])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode().removeprefix("\ufeff")
        place = at(before, len(before), file)
        raise InvalidModel([NotUtf8(f"byte 0x{data[error.start]:02x}", at=place)]) from None
