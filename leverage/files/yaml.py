"""YAML in and out: PyYAML's events made into plain data as they come, nothing composed, resolved or constructed.

Composing recurses, and crashes the interpreter on 200,000 open brackets; constructing expands merge keys and builds
objects. Here a scalar stays the text that was written, and whatever the model format does without is refused where it
is met: tags, anchors, aliases, merge keys, a second document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from leverage.errors import LeverageError, Place, clip, placed
from leverage.files.cuts import NeedsQuotes, Piece, Pieces
from leverage.files.grow import Growing, uncollected
from leverage.files.layout import write
from leverage.files.mends import NO_YAML, BadYaml, NoSpace, Stop, mend
from leverage.files.plain import Mapping, Plain, Scalar, Sequence
from leverage.files.raw import HALF, LIMITS, Limits, Unseen, decode

__all__ = ["read", "write"]

PARSER: Callable[[str], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # for its events alone
Event = Any  # PyYAML's own classes, whose hints leave out that every parser gives marks
OWN = "tag:yaml.org,2002:"  # what YAML writes out for !!
SPECIAL = frozenset(("", "~", "null", "<<"))  # as plain texts: three that are nothing, and the merge key
HEADER = re.compile(r"[^\r\n]*(?:\r?\n|\r)(?:[ ]*+(?:\r?\n|\r))*+[ ]*")  # of a block text, up to its first character


class Refused(LeverageError):
    """A part of YAML that a model does without."""

    def __init__(self, what: str, mend: str, *, at: Place, metric: str | None) -> None:
        super().__init__(f"{what} may not stand in a model; {mend}", at=at, metric=metric)


class SecondDocument(LeverageError):
    """``---`` after a model."""

    def __init__(self, *, at: Place) -> None:
        super().__init__("a second document begins here; keep one model a file", at=at)


def read(text: bytes | str, file: str = "", *, limits: Limits = LIMITS) -> Plain:
    """The plain data that a YAML text holds, each node with its place.

    The place of a text in quotes is that of its first character inside them. A plain ``~`` or ``null``, or nothing at
    all, is a scalar with empty text.

    Raises:
        InvalidModel: all findings of the text, up to the first that breaks its grammar.

    >>> from leverage.files.plain import to_python
    >>> to_python(read("rates: [010, 1e3, no]"))
    {'rates': ['010', '1e3', 'no']}
    """
    reading = Reading(decode(text, file, limits), file, limits)
    with uncollected():
        return reading.run()


class Reading:
    """One text on its way into plain data."""

    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.text = text
        self.file = file
        self.growing = Growing(file, limits)
        self.flows: list[str] = []  # of each open node its brackets, if it has any
        self.cut: dict[int, Pieces] = {}  # by depth, what commas have cut
        self.last: Event | None = None  # the scalar before
        self.documents = 0

    def run(self) -> Plain:
        """All events, each by its step."""
        steps: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.mapping,
            yaml.SequenceStartEvent: self.sequence,
            yaml.MappingEndEvent: self.end,
            yaml.SequenceEndEvent: self.end,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
            yaml.DocumentEndEvent: _pass,
            yaml.StreamStartEvent: _pass,
        }
        try:
            get_event = PARSER(self.text).get_event
            while (kind := type(event := get_event())) is not yaml.StreamEndEvent:
                steps[kind](event)
        except LeverageError:
            raise
        except yaml.MarkedYAMLError as error:
            raise self.growing.fail(mend(self._stop(error))) from None
        except (yaml.YAMLError, ValueError, OverflowError) as error:  # as PyYAML's own parser has for absurd numbers
            raise self.growing.fail(BadYaml(NO_YAML.format(clip(str(error))), at=Place(self.file))) from None
        return self.growing.finish()

    def scalar(self, event: Event) -> None:
        """A text, as it was written."""
        text, style = event.value, event.style
        if text or style:
            self.last = event
        if event.anchor or event.tag:
            self._refuse(event)
        if style:
            self._written(event)
            return
        mark = event.start_mark
        place = placed((self.file, mark.line + 1, mark.column + 1))
        if text in SPECIAL:
            text = self._special(text, place)
        elif "(" in text or ")" in text:
            self._piece(event, place)
        self.growing.put(Scalar(text, place))

    def mapping(self, event: Event) -> None:
        """A mapping begins."""
        self.flows.append("{}" if event.flow_style else "")
        if event.anchor or event.tag:
            self._refuse(event)
        mark = event.start_mark
        self.growing.start(Mapping({}, {}, placed((self.file, mark.line + 1, mark.column + 1))))

    def sequence(self, event: Event) -> None:
        """A list begins."""
        self.flows.append("[]" if event.flow_style else "")
        if event.anchor or event.tag:
            self._refuse(event)
        mark = event.start_mark
        self.growing.start(Sequence([], placed((self.file, mark.line + 1, mark.column + 1))))

    def end(self, event: Event) -> None:
        """A list or a mapping ends, and what commas have cut in it is known."""
        if self.cut:
            self._join(self.cut.pop(len(self.flows), Pieces()))
        self.flows.pop()
        self.growing.end()

    def alias(self, event: Event) -> None:
        """``*name``: never followed."""
        place, growing = self._at(event.start_mark), self.growing
        mend = "write the value out, or put quotes round the text"
        growing.find(Refused(f"the alias {clip('*' + event.anchor)!r}", mend, at=place, metric=growing.metric))
        growing.put(Scalar(f"*{event.anchor}", place))

    def document(self, event: Event) -> None:
        """The first is the model."""
        self.documents += 1
        if self.documents > 1:
            raise self.growing.fail(SecondDocument(at=self._at(event.start_mark)))

    def _refuse(self, event: Event) -> None:
        place, metric = self._at(event.start_mark), self.growing.metric
        if event.tag:
            what = f"the tag {clip(event.tag.replace(OWN, '!!'))!r}"
            self.growing.find(Refused(what, "delete it, or put quotes round the text", at=place, metric=metric))
        if event.anchor:
            what = f"the anchor {clip('&' + event.anchor)!r}"
            self.growing.find(Refused(what, "write the value out where it is used", at=place, metric=metric))

    def _written(self, event: Event) -> None:
        """A text in quotes or as a block."""
        half = HALF.search(event.value)
        if half is not None:
            self.growing.find(Unseen(half.group(), at=self._at(event.start_mark)))
        self.growing.put(Scalar(event.value, self._inside(event), event.style in "'\""))

    def _special(self, text: str, place: Place) -> str:
        growing = self.growing
        if growing.wants_key:
            if text == "<<":
                growing.find(Refused("the merge key '<<'", "write the keys out", at=place, metric=growing.metric))
            return text
        key = growing.key
        if key is not None and not text and ":" in key.text and self.flows[-1] and not key.quoted:
            growing.find(NoSpace(key.text, at=key.at, metric=growing.metric))
        return "" if text != "<<" else text

    def _piece(self, event: Event, place: Place) -> None:
        unmatched = event.value.count("(") - event.value.count(")")
        if unmatched and self.flows and self.flows[-1]:
            piece = Piece(event.start_mark.index, event.end_mark.index, place, self._at(event.end_mark), unmatched)
            self.cut.setdefault(len(self.flows), Pieces()).add(piece)

    def _join(self, pieces: Pieces) -> None:
        for whole in pieces.whole:
            found = self.growing.findings
            found[:] = [finding for finding in found if not whole.at <= finding.at <= whole.until]
            text = self.text[whole.start : whole.end]
            self.growing.find(NeedsQuotes(text, ",", self.flows[-1], at=whole.at, metric=self.growing.metric))

    def _at(self, mark: Any) -> Place:
        return placed((self.file, mark.line + 1, mark.column + 1))

    def _inside(self, event: Event) -> Place:
        """Where the text itself begins: behind its quote, or below the header of a block."""
        mark = event.start_mark
        quote = self.text.find(event.style, mark.index) if event.anchor or event.tag else mark.index
        if event.style in "'\"":
            return Place(self.file, mark.line + 1, mark.column + 2 + quote - mark.index)
        header = HEADER.match(self.text, quote)
        if header is None:
            return self._at(mark)
        before = header.group().replace("\r\n", "\n").replace("\r", "\n")
        return Place(self.file, mark.line + 1 + before.count("\n"), len(before) - before.rfind("\n"))

    def _stop(self, error: yaml.MarkedYAMLError) -> Stop:
        here = error.problem_mark.index if error.problem_mark else len(self.text)
        began = error.context_mark.index if error.context_mark else here
        growing = self.growing
        problem, context = str(error.problem or ""), str(error.context or "")
        last = self.last.start_mark.index if self.last else 0
        brackets = self.flows[-1] if self.flows else ""
        return Stop(
            self.text, self.file, growing.metric, problem, context, here, began, last, growing.innermost, brackets
        )


def _pass(event: Event) -> None:
    """Nothing to be done."""
