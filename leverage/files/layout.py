"""Plain data laid out as YAML for people: a metric on one line where it fits, quotes only where a text needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leverage.files.plain import Mapping, Plain, Scalar, Sequence
from leverage.files.raw import UNSEEN

WIDTH = 100  # of a line in flow style; texts are never folded
LONGEST_KEY = 1_000  # characters; YAML looks no further than 1,024 for the ':' of a key
PLAIN = re.compile(r"""(?:-(?=[\w.(])|[^\s\-?:,\[\]{}#&*!|>'"%@`])(?:[^\s:#]|:(?=\S)|(?<!\s)\#|[ ](?=[^\s#]))*""")
NOT_PLAIN = ("~", "null", "<<")
IN_FLOW = re.compile(r"[,\[\]{}:?]")
LITERAL = re.compile(r"[^\s\r](?:[^\r]*[^\s])?\n?")  # a text of several lines that a block holds as it stands
ESCAPES = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
ESCAPED = re.compile(f'["\\\\\n\r\t]|{UNSEEN.pattern}')


def write(plain: Plain) -> str:
    """Plain data as YAML text that reads back to the same data.

    >>> from leverage.files.plain import from_python
    >>> print(write(from_python({"kgi": "a", "metrics": {"a": {"value": 5, "label": "x: y"}}})), end="")
    kgi: a
    metrics:
      a: {value: 5, label: "x: y"}
    """
    if isinstance(plain, Mapping) and plain.entries:
        lines = [line for key, value in plain.entries.items() for line in entry(key, value, open_up=True)]
    elif isinstance(plain, Sequence) and plain.items:
        lines = list(block(plain, ""))
    else:
        lines = [flow(plain) if not isinstance(plain, Scalar) else text(plain)]
    return "".join(f"{line}\n" for line in lines)


def entry(key: str, value: Plain, indent: str = "", *, open_up: bool = False) -> list[str]:
    """The lines of one entry of a mapping, its key at the indent; ``open_up``: its own entries get a line each.

    >>> from leverage.files.plain import from_python
    >>> entry("bold", from_python({"set": {"ad_spend": "45k"}}), "  ")
    ['  bold: {set: {ad_spend: 45k}}']
    """
    name = key_text(key)
    prefix = [f"{indent}{name}:"] if len(name) <= LONGEST_KEY else [f"{indent}? {name}", f"{indent}:"]
    first, *rest = _lines(prefix[-1], value, indent, open_up)
    return [*prefix[:-1], first, *rest]


def flow(value: Plain) -> str:
    """Plain data on one line: ``{min: 2%, cost: {budget: 50k per 0.1%}}``."""
    return "".join(_flow(value))


def text(scalar: Scalar, *, in_flow: bool = False) -> str:
    """A scalar as YAML writes it, in double quotes where it must be or was quoted.

    >>> text(Scalar("visits * 2.4%")), text(Scalar("a, b")), text(Scalar("a, b"), in_flow=True)
    ('visits * 2.4%', 'a, b', '"a, b"')
    """
    if not scalar.text and not scalar.quoted:
        return "~"
    return scalar.text if not scalar.quoted and _is_plain(scalar.text, in_flow) else _quoted(scalar.text)


def key_text(key: str, *, in_flow: bool = False) -> str:
    """A key as YAML writes it."""
    return key if _is_plain(key, in_flow) else _quoted(key)


def _is_plain(words: str, in_flow: bool) -> bool:
    if words in NOT_PLAIN or not PLAIN.fullmatch(words) or UNSEEN.search(words):
        return False
    # in flow style, a parenthesis without its partner looks as if a comma had cut the text
    return not in_flow or (not IN_FLOW.search(words) and words.count("(") == words.count(")"))


def _quoted(words: str) -> str:
    return f'"{ESCAPED.sub(_escape, words)}"'


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return ESCAPES.get(found.group()) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def _flow(value: Plain) -> Iterator[str]:
    if isinstance(value, Scalar):
        yield text(value, in_flow=True)
    elif isinstance(value, Sequence):
        for index, item in enumerate(value.items):
            yield ", " if index else "["
            yield from _flow(item)
        yield "]" if value.items else "[]"
    else:
        for index, (key, item) in enumerate(value.entries.items()):
            yield f"{', ' if index else '{'}{key_text(key, in_flow=True)}: "
            yield from _flow(item)
        yield "}" if value.entries else "{}"


def _fitting(value: Plain, room: int) -> str | None:
    """The value on one line where it fits and no text in it has several; what is empty has no other form."""
    line = ""
    for part in _flow(value):
        line += part
        if (len(line) > room and line not in ("[]", "{}")) or "\\n" in part:
            return None
    return line


def _lines(prefix: str, value: Plain, indent: str, open_up: bool = False) -> Iterator[str]:
    """``prefix`` (``key:`` or ``-``) and the value behind or below it."""
    inner = f"{indent}  "
    if isinstance(value, Scalar):
        if not value.quoted and "\n" in value.text and LITERAL.fullmatch(value.text) and not UNSEEN.search(value.text):
            yield f"{prefix} {'|' if value.text.endswith(chr(10)) else '|-'}"
            yield from (f"{inner}{line}" if line else "" for line in value.text.removesuffix("\n").split("\n"))
        else:
            yield f"{prefix} {text(value)}"
        return
    filled = value.entries if isinstance(value, Mapping) else value.items
    line = None if open_up and filled else _fitting(value, WIDTH - len(prefix) - 1)
    if line is not None:
        yield f"{prefix} {line}"
    elif prefix.endswith("-"):  # the first entry stands behind the dash
        first, *rest = block(value, inner)
        yield f"{prefix} {first[len(inner) :]}"
        yield from rest
    else:
        yield prefix
        yield from block(value, inner)


def block(value: Mapping | Sequence, indent: str = "") -> Iterator[str]:
    """The lines of a mapping or list that has entries, in block style at the indent."""
    if isinstance(value, Mapping):
        for key, item in value.entries.items():
            yield from entry(key, item, indent)
    else:
        for item in value.items:
            yield from _lines(f"{indent}-", item, indent)
