"""Where does each part of a YAML text stand? The tree of its nodes as spans of characters, for edits in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from leverage.files.yaml import PARSER


@dataclass(slots=True)
class Span:
    """A node: the characters from ``start`` to ``end``, without what follows its last text or bracket.

    ``kind``: ``text``, ``list`` or ``mapping``, and of a mapping ``entries``: each key's span and its value's;
    ``flow``: in brackets; ``column``: of its first character, counted from 0, in block style its indentation.
    """

    kind: str
    start: int
    end: int
    column: int
    flow: bool = False
    name: str = ""
    entries: dict[str, tuple[Span, Span]] = field(default_factory=dict)


def spans(text: str) -> tuple[Span, int]:
    """The root of a text that `yaml.read` has accepted, and where its document ends."""
    event: Any = None
    open_nodes: list[tuple[Span, list[Span]]] = [(Span("list", 0, 0, 0), [])]
    last = 0
    for event in _events(text):
        if isinstance(event, yaml.CollectionStartEvent):
            kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
            open_nodes.append((_span(kind, event, bool(event.flow_style)), []))
        elif isinstance(event, yaml.CollectionEndEvent):
            span, parts = open_nodes.pop()
            last = span.end = _end(event) if span.flow else last
            _pair(span, parts)
            open_nodes[-1][1].append(span)
        elif isinstance(event, yaml.ScalarEvent):
            span = _span("text", event)
            span.name, span.end = event.value, _text_end(text, event)
            last = span.end
            open_nodes[-1][1].append(span)
    return open_nodes[0][1][0], _end(event) - len("...") if event.explicit else len(text)


def _events(text: str) -> Iterator[Any]:
    parser = PARSER(text)
    event = None
    while not isinstance(event, yaml.DocumentEndEvent):
        event = parser.get_event()
        yield event


def _end(event: Any) -> int:
    end: int = event.end_mark.index
    return end


def _span(kind: str, event: Any, flow: bool = False) -> Span:
    mark = event.start_mark
    return Span(kind, mark.index, mark.index, mark.column, flow)


def _pair(span: Span, parts: list[Span]) -> None:
    if span.kind == "mapping":
        span.entries = {key.name: (key, value) for key, value in zip(parts[::2], parts[1::2], strict=True)}


def _text_end(text: str, event: Any) -> int:
    """A block text ends with its last line that is not empty, unless its header keeps those behind."""
    start: int = event.start_mark.index
    end = _end(event)
    if event.style not in ("|", ">") or "+" in text[start:end].split("\n", 1)[0]:
        return end
    return start + len(text[start:end].rstrip())
