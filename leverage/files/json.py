"""JSON in and out: plain data with places, and every number as the text that was written.

Python's own reader keeps neither places nor the digits of a number, and of duplicate keys the last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json import decoder, encoder
from typing import Literal

from leverage.errors import InvalidModel, LeverageError, Place, clip, placed
from leverage.files.grow import Growing, uncollected
from leverage.files.plain import Mapping, Plain, Scalar, Sequence
from leverage.files.raw import HALF, LIMITS, LINE_END, UNSEEN, Limits, Unseen, decode

BLANK = re.compile(r"[ \t\r\n]*")
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
WORD = re.compile(rf"(?:{NUMBER}|true|false|null)(?=[ \t\r\n,:}}\]]|$)")
BARE = re.compile(rf"{NUMBER}|true|false")
KEY = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\r\n]*:[ \t\r\n]*')
VALUE = re.compile(rf"""(?:"([^"\\\x00-\x1f]*)"|({NUMBER}|true|false|null))[ \t\r\n]*(,|(?=[}}\]]))[ \t\r\n]*""")
ANY = re.compile(r"[^\s,:{}\[\]\"]+|.", re.DOTALL)
SCAN: Callable[[str, int, bool], tuple[str, int]] = vars(decoder)["scanstring"]  # of a text behind its quote
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf(?:inity)?)", re.IGNORECASE)
TEXTS = (  # what `scanstring` says, and what a planner needs
    ("Unterminated", 'the quote " opens here and is never closed; close it'),
    ("control", r"a text in quotes may not go on in the next line or hold a tab; write \n or \t"),
    ("scape", r"a backslash begins an escape, and this is none; write \\"),
)
# what may come next: a value or key, the same or a closing bracket, a closing bracket only, nothing
Due = Literal["entry", "first", "closing", "end"]


class BadJson(LeverageError):
    """Text that is no JSON."""


class NotFinite(LeverageError):
    """NaN or Infinity, which some programs write into JSON."""

    def __init__(self, word: str, *, at: Place, metric: str | None) -> None:
        super().__init__(f"{word} is no number; leave the key out where there is none", at=at, metric=metric)


def read(text: bytes | str, file: str = "", *, limits: Limits = LIMITS) -> Plain:
    """The plain data that a JSON text holds, each node with its place, in the shape that YAML has.

    Quotes say nothing in JSON, where every text needs them: ``"2.4%"`` is the text ``2.4%``, and may be a number.
    ``null`` is a scalar with empty text, and ``""`` the same marked as quoted.

    Raises:
        InvalidModel: all findings of the text, up to the first that breaks JSON's grammar.

    >>> from leverage.files.plain import to_python
    >>> to_python(read('{"visits": 120000.50, "rate": "2.4%"}'))
    {'visits': '120000.50', 'rate': '2.4%'}
    """
    reading = Reading(decode(text, file, limits), file, limits)
    with uncollected():
        return reading.run()


def write(plain: Plain) -> str:
    """Plain data as one line of JSON: what is a number in JSON stays bare, everything else is quoted.

    >>> write(Mapping({"ad_spend": Scalar("45000"), "rate": Scalar("2.4%")}))
    '{"ad_spend": 45000, "rate": "2.4%"}'
    """
    if isinstance(plain, Mapping):
        return f"{{{', '.join(f'{_quoted(key)}: {write(value)}' for key, value in plain.entries.items())}}}"
    if isinstance(plain, Sequence):
        return f"[{', '.join(map(write, plain.items))}]"
    if not plain.text and not plain.quoted:
        return "null"
    return plain.text if not plain.quoted and BARE.fullmatch(plain.text) else _quoted(plain.text)


def _quoted(text: str) -> str:
    return UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", encoder.encode_basestring(text))


class Reading:
    """One text on its way into plain data, a token at a time."""

    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.text = text
        self.file = file
        self.growing = Growing(file, limits)
        self.due: Due = "entry"
        self.index = 0
        self.line, self.start = 1, 0  # of the place that was asked for last
        self.lines = LINE_END.finditer(text)
        self.next = next(self.lines, None)

    def run(self) -> Plain:
        """All tokens, to the end of the text."""
        self._skip()
        while self.index < len(self.text):
            self._token(self.text[self.index])
        if self.growing.innermost is not None:
            raise self._unclosed()
        return self.growing.finish()

    def _token(self, char: str) -> None:
        if char in "}]":
            self._close(char)
        elif self.due in ("closing", "end"):
            raise self._wrong()
        elif char in "{[":
            self._open(char)
        elif self._entry():
            return
        elif self.growing.wants_key:
            self._key(char)
        else:
            self._value(char)

    def _entry(self) -> bool:
        """A key with its colon, or a value with what follows it, in one step, as most of a file is; else nothing."""
        is_key = self.growing.wants_key
        found = (KEY if is_key else VALUE).match(self.text, self.index)
        if found is None or self.growing.innermost is None:
            return False
        text, word, comma = (found.group(1), None, ":") if is_key else found.groups()
        place = self._at(self.index + (word is None))
        told = text if word is None else "" if word == "null" else word
        self.growing.put(Scalar(told, place, word is None and not told))
        self.index, self.due = found.end(), "entry" if comma else "closing"
        return True

    def _open(self, char: str) -> None:
        place = self._at(self.index)
        self.growing.start(Mapping({}, {}, place) if char == "{" else Sequence([], place))
        self._skip(1)
        self.due = "first"

    def _close(self, char: str) -> None:
        if self.due == "entry" or not isinstance(self.growing.innermost, Mapping if char == "}" else Sequence):
            raise self._wrong()
        self.growing.end()
        self._comma(1)

    def _key(self, char: str) -> None:
        if char != '"':
            raise self._wrong()
        place = self._at(self.index + 1)
        self.growing.put(Scalar(self._text(), place))
        self._skip()
        if self.text[self.index : self.index + 1] != ":":
            raise self._fail("a ':' is missing after the key; write it")
        self._skip(1)
        self.due = "entry"

    def _value(self, char: str) -> None:
        if char == '"':
            place, text = self._at(self.index + 1), self._text()
            self.growing.put(Scalar(text, place, not text))
        elif found := WORD.match(self.text, self.index):
            word = found.group()
            self.growing.put(Scalar("" if word == "null" else word, self._at(self.index)))
            self.index = found.end()
        else:
            raise self._wrong()
        self._comma()

    def _text(self) -> str:
        start = self.index
        try:
            text, self.index = SCAN(self.text, start + 1, True)
        except decoder.JSONDecodeError as error:
            self.index = error.pos
            raise self._fail(next(message for said, message in TEXTS if said in error.msg)) from None
        half = HALF.search(text) if self.index - start - 2 > len(text) else None
        if half is not None:
            self.growing.find(Unseen(half.group(), at=self._at(start)))
        return text

    def _comma(self, passed: int = 0) -> None:
        """What follows an entry: a comma, and so another entry; or the end of what holds it; or of the file."""
        self._skip(passed)
        if self.growing.innermost is None:
            self.due = "end"
        elif self.text.startswith(",", self.index):
            self._skip(1)
            self.due = "entry"
        else:
            self.due = "closing"

    def _skip(self, passed: int = 0) -> None:
        """Over as many characters and the blanks behind them."""
        found = BLANK.match(self.text, self.index + passed)
        self.index = found.end() if found else len(self.text)

    def _at(self, index: int) -> Place:
        while self.next is not None and self.next.end() <= index:
            self.line, self.start = self.line + 1, self.next.end()
            self.next = next(self.lines, None)
        return placed((self.file, self.line, index - self.start + 1))

    def _fail(self, message: str) -> InvalidModel:
        if self.index >= len(self.text) and self.growing.innermost is not None:
            return self._unclosed()
        return self.growing.fail(BadJson(message, at=self._at(self.index), metric=self.growing.metric))

    def _unclosed(self) -> InvalidModel:
        node, (opening, closing) = self.growing.innermost, self._brackets()
        message = f"{opening!r} opens here and is never closed; write {closing!r} at its end"
        return self.growing.fail(BadJson(message, at=node.at if node else Place(self.file), metric=self.growing.metric))

    def _brackets(self) -> tuple[str, str]:
        return ("{", "}") if isinstance(self.growing.innermost, Mapping) else ("[", "]")

    def _wrong(self) -> InvalidModel:
        """What stands where it may not, by what was due."""
        found = ANY.match(self.text, self.index)
        word = clip(found.group()) if found else ""
        closing = self._brackets()[1]
        if self.due == "end":
            return self._fail("the model has ended before this; move it up into the model, or delete it")
        if word in ("}", "]"):
            return self._fail(self._bracket(word))
        if self.due == "closing":
            return self._fail(f"a ',' or {closing!r} is missing before this; write it")
        if word in (",", ":"):
            return self._fail(
                f"{'a key' if self.growing.wants_key else 'a value'} is missing before {word!r}; write it"
            )
        if NOT_FINITE.fullmatch(word):
            return self.growing.fail(NotFinite(word, at=self._at(self.index), metric=self.growing.metric))
        what = "key" if self.growing.wants_key else "value"
        return self._fail(f"{word!r} is no JSON {what}; put double quotes round it")

    def _bracket(self, char: str) -> str:
        node, (opening, closing) = self.growing.innermost, self._brackets()
        if node is None:
            return f"{char!r} closes nothing that is open; delete it"
        if char != closing:
            return f"{opening!r} of line {node.at.line} is closed by {char!r}; write {closing!r}"
        if self.growing.key is not None:
            return f"a value is missing before {char!r}; write it"
        return f"a ',' stands before {char!r}, and nothing between them; delete the ','"
