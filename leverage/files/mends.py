"""What is meant where YAML's grammar gives up, in words that a planner understands.

Rows, and the first that applies answers: what the parser said (libyaml and PyYAML's own differ a little), and a
function that looks at the text around and gives the sentence, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from leverage.errors import LeverageError, Place, clip
from leverage.files.cuts import NeedsQuotes
from leverage.files.plain import Mapping, Sequence
from leverage.files.raw import at

CLOSING = {"{": "}", "[": "]"}
NO_SPACE = re.compile(r"""[^\s:'"{\[]+:[^\s:/]""")
KEY = 1_024  # characters of a key: YAML looks no further for its ':'
AFTER_QUOTE = "text follows a closing quote; put quotes round all of it, of the kind that it does not hold"
NO_YAML = "this is no YAML ({}); a text with special characters needs quotes"
FARTHEST = 1_000  # characters looked at for the end of a text


class BadYaml(LeverageError):
    """Text that is no YAML."""


class NoSpace(LeverageError):
    """``{value:5}``, which YAML takes for a key without a value."""

    def __init__(self, found: str, *, at: Place, metric: str | None) -> None:
        mend = clip(re.sub(":", ": ", found, count=1))
        super().__init__(f"a space is missing after the ':' in {clip(found)!r}; write {mend!r}", at=at, metric=metric)


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the parser gave up: ``here``, reading what ``began`` earlier; ``last``: where the scalar before starts."""

    text: str
    file: str
    metric: str | None
    problem: str
    context: str
    here: int
    began: int
    last: int
    inside: Mapping | Sequence | None  # what is open, and its brackets if it has any
    brackets: str

    @property
    def char(self) -> str:
        """What stands at the stop; empty at the end of the file."""
        return self.text[self.here : self.here + 1]

    @property
    def before(self) -> str:
        """What stands before the stop in its line."""
        return self.text[self.text.rfind("\n", 0, self.here) + 1 : self.here].strip()

    def says(self, message: str, index: int | None = None) -> LeverageError:
        """The finding, at the stop or at another index."""
        place = at(self.text, self.here if index is None else index, self.file)
        return BadYaml(message, at=place, metric=self.metric)

    def quotes(self, cut: str) -> LeverageError:
        """The finding that the scalar before needs quotes."""
        whole = _whole(self.text, self.last, bool(self.brackets))
        return NeedsQuotes(whole, cut, self.brackets, at=at(self.text, self.last, self.file), metric=self.metric)

    def line(self, index: int) -> int:
        """The number of the line that an index is in."""
        return at(self.text, index, self.file).line


def mend(stop: Stop) -> LeverageError:
    """The finding for a file whose reading stopped."""
    for said, answer in MENDS:
        if re.search(said, f"{stop.context} | {stop.problem}"):
            found = answer(stop)
            if found is not None:
                return found
    return stop.says(NO_YAML.format(stop.problem))


def _whole(text: str, start: int, flow: bool) -> str:
    """The text that starts here as its author means it: to the end of the line, or in flow style of the entry."""
    line = re.split(r"[\r\n]|\s#", text[start : start + FARTHEST], maxsplit=1)[0]
    depth = 0
    for index, char in enumerate(line if flow else ""):
        if depth == 0 and char in ",]}":
            return line[:index].rstrip()
        depth += (char in "([{") - (char in ")]}")
    return line.rstrip()


def _tab(stop: Stop) -> LeverageError | None:
    return stop.says("a tab stands where only spaces may; indent with spaces") if stop.char == "\t" else None


def _start(stop: Stop) -> LeverageError:
    index = stop.here if "next token" in stop.context or "keys" in stop.problem else stop.began
    whole = clip(_whole(stop.text, index, bool(stop.brackets)), 80)
    quote = "'" if '"' in whole else '"'
    return stop.says(f"a text may not begin with {whole[:1]!r}; put quotes round {quote}{whole}{quote}", index)


def _quote(stop: Stop) -> LeverageError:
    return stop.says(f"the quote {stop.text[stop.began]} opens here and is never closed; close it", stop.began)


def _escape(stop: Stop) -> LeverageError:
    return stop.says(r"a backslash in double quotes begins an escape, and this is none; write \\, or use single quotes")


def _directive(stop: Stop) -> LeverageError:
    index = stop.here - len(stop.before)
    return stop.says("a line that begins with '%' does not belong in a model; delete it", index)


def _after_end(stop: Stop) -> LeverageError:
    return stop.says("the model has ended before this; move it up into the model, or delete it")


def _item(stop: Stop) -> LeverageError:
    return stop.says("a list may not begin here; begin it on a line of its own, or write a minus without a space")


def _colon(stop: Stop) -> LeverageError:
    """``a: b: c``, a line that is indented too far, or a line above without its colon."""
    scalar = stop.text[stop.last : stop.here]
    if stop.text.startswith(("'", '"'), stop.last):
        return _after(stop) or stop.quotes(":")
    if "\n" not in scalar.rstrip() and "\r" not in scalar.rstrip():
        return stop.quotes(":")
    lead = stop.text[stop.text.rfind("\n", 0, stop.last) + 1 : stop.last]
    first = _whole(stop.text, stop.last, False)
    if stop.inside is None or not lead.strip() or NO_SPACE.match(first):
        return _no_colon(stop, stop.last)
    message = "this line is indented more than the one above, which has a value already; line it up with its neighbours"
    return stop.says(message, stop.here - len(stop.before))


def _no_colon(stop: Stop, index: int | None = None) -> LeverageError:
    index = stop.began if index is None else index
    word = clip(_whole(stop.text, index, False))
    if NO_SPACE.match(word):
        return NoSpace(word, at=at(stop.text, index, stop.file), metric=stop.metric)
    return stop.says(f"a ':' is missing after {word!r}; write it, and a space", index)


def _flow_colon(stop: Stop) -> LeverageError:
    return stop.says("a space is missing after the ':'; write it, or put quotes round the text")


def _after(stop: Stop) -> LeverageError | None:
    """Text behind a quote or a bracket that is closed already, in the same line."""
    if stop.char and stop.char in "]}":
        return stop.says(f"{stop.char!r} closes nothing that is open; delete it")
    if stop.before.endswith(("'", '"')):
        return stop.says(AFTER_QUOTE)
    if stop.before.endswith(("]", "}")):
        return stop.says("text follows a closing bracket; put quotes round all of it")
    return None


def _indent(stop: Stop) -> LeverageError:
    after = _after(stop)
    if after is not None:
        return after
    if stop.char == ":":
        return stop.says("a key is missing; write its name before the ':'")
    if stop.char == "-" and "mapping" in stop.context:
        return stop.says("a list item stands among keys; indent it below the key that it belongs to")
    if at(stop.text, stop.here, "").column == at(stop.text, stop.began, "").column:
        return stop.says("this line stands among list items; begin it with '- ', or line it up with its neighbours")
    return stop.says("the indentation of this line fits none above it; line it up with its neighbours")


def _flow(stop: Stop) -> LeverageError:
    """Inside brackets: a text that needs quotes, the wrong bracket, none at all, or a comma left out."""
    opening = stop.text[stop.began]
    closing = CLOSING[opening]
    scalar = stop.text[stop.last : stop.here] if stop.last > stop.began else ""
    if stop.char and stop.char in "[{" and scalar.count("(") > scalar.count(")"):
        return stop.quotes(stop.char)
    if stop.char and stop.char in "]}":
        return stop.says(f"{opening!r} of line {stop.line(stop.began)} is closed by {stop.char!r}; write {closing!r}")
    if stop.char == ":" and scalar and not scalar.startswith(("'", '"')) and "\n" not in scalar:
        return stop.quotes(":")
    if not stop.char or "\n" in scalar:
        return stop.says(f"{opening!r} opens here and is never closed; write {closing!r} at its end", stop.began)
    return stop.says(f"a ',' or {closing!r} is missing before this; write it, or put quotes round the whole text")


def _value(stop: Stop) -> LeverageError:
    if not stop.char and stop.inside is not None:
        opening = "{" if isinstance(stop.inside, Mapping) else "["
        message = f"{opening!r} opens here and is never closed; write {CLOSING[opening]!r} at its end"
        return BadYaml(message, at=stop.inside.at, metric=stop.metric)
    if stop.char == ":":
        return stop.says("a key is missing; write its name before the ':'")
    return stop.says(f"{stop.char!r} stands where a value is due; put quotes round the text, or delete it")


def _long_key(stop: Stop) -> LeverageError | None:
    if stop.char != ":" or stop.here - stop.last <= KEY:
        return None
    return stop.says(f"a key has at most {KEY:,} characters; shorten it", stop.last)


MENDS: tuple[tuple[str, Callable[[Stop], LeverageError | None]], ...] = (
    ("values are not allowed|expected", _long_key),
    ("tab character|cannot start any token", _tab),
    ("quoted scalar .* unexpected (end of stream|document)", _quote),
    ("quoted scalar", _escape),
    ("directive|incompatible YAML", _directive),
    ("document start>", _after_end),
    ("an alias|an anchor|a tag|block scalar|cannot start any token|tag handle|keys are not allowed", _start),
    ("sequence entries are not allowed", _item),
    ("values are not allowed", _colon),
    ("could not find expected ':'", _no_colon),
    ("unexpected ':'", _flow_colon),
    ("a flow (mapping|sequence) .*expected ','", _flow),
    ("expected key|block end>|expected '-' indicator", _indent),
    ("node content", _value),
)
