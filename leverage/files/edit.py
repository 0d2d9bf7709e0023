"""Edits of a model file in its text: one entry at its place, all else byte for byte, comments and layout included.

An edit is a splice at a span. It is believed only when the result reads as the data that it should hold; a place that
YAML reads otherwise (below a text that keeps its line ends, say) is given up for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from unicodedata import normalize

from yaml import YAMLError

from leverage.errors import InvalidModel, LeverageError, Place, clip
from leverage.files import json as json_file
from leverage.files import yaml as yaml_file
from leverage.files.plain import Mapping, Plain, Scalar, to_python
from leverage.files.spans import spans
from leverage.files.splice import Page

SCENARIOS = "scenarios"


class NoPlaceToEdit(LeverageError):
    """A file that an entry cannot be written into."""

    def __init__(self, name: str, *, at: Place) -> None:
        super().__init__(
            f"scenario {clip(name)!r} finds no place in this file; write it under 'scenarios:' by hand", at=at
        )


def add_scenario(text: str, name: str, scenario: Mapping, *, file: str = "") -> str:
    """The text of a model file with the scenario in it, as its only change; one that bears the name is replaced.

    Args:
        text: as it stands in the file.
        scenario: what is to stand under its name.
        file: its name; one that ends in ``.json`` stays JSON.

    Raises:
        InvalidModel: the text is not readable as it is.
        NoPlaceToEdit: it holds no mapping, or something else under ``scenarios``.

    >>> from leverage.files.plain import from_python
    >>> print(add_scenario("kgi: a  # the goal\\n", "bold", from_python({"set": {"a": "45k"}})), end="")
    kgi: a  # the goal
    scenarios:
      bold: {set: {a: 45k}}
    """
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    reads = json_file.read if file.lower().endswith(".json") else yaml_file.read
    model = reads(body, file)
    held = _held(model, name)
    name = next((key for key in held.entries if normalize("NFKC", key) == normalize("NFKC", name)), name)
    told = {key: to_python(item) for key, item in held.entries.items()}
    wanted = to_python(model) | {SCENARIOS: told | {name: to_python(scenario)}}
    for edited in _edits(Page(body, reads is json_file.read), name, scenario):
        if _holds(reads, edited, wanted):
            return mark + edited
    raise NoPlaceToEdit(name, at=held.at)


def replaced(text: str, key: str, value: Mapping) -> str:
    """The text of a YAML model with another value of one of its keys, as its only change; "" where that has no place.

    >>> from leverage.files.plain import from_python
    >>> print(replaced("kgi: a  # the goal\\nactuals: {file: a.csv}\\n", "actuals", from_python({"b": [1, 2]})), end="")
    kgi: a  # the goal
    actuals: {b: [1, 2]}
    """
    body = text.removeprefix("\ufeff")
    wanted = to_python(yaml_file.read(body)) | {key: to_python(value)}
    root, end = spans(body)
    edits = Page(body).put(root, key, value, end)
    return next((edited for edited in edits if _holds(yaml_file.read, edited, wanted)), "")


def _held(model: Plain, name: str) -> Mapping:
    """The scenarios that stand in the model."""
    if not isinstance(model, Mapping):
        raise NoPlaceToEdit(name, at=model.at)
    held = model.entries.get(SCENARIOS, Mapping(at=model.at))
    if isinstance(held, Scalar) and not held.text:
        return Mapping(at=held.at)
    if not isinstance(held, Mapping):
        raise NoPlaceToEdit(name, at=held.at)
    return held


def _edits(page: Page, name: str, scenario: Mapping) -> Iterator[str]:
    try:
        root, end = spans(page.text)
    except YAMLError:  # JSON that is no YAML: an emoji as two escapes
        return
    _, held = root.entries.get(SCENARIOS, (None, None))
    if held is not None and held.kind == "mapping":
        yield from page.put(held, name, scenario)
    else:
        yield from page.put(root, SCENARIOS, Mapping({name: scenario}), end)


def _holds(reads: Callable[[str], Plain], text: str, wanted: Any) -> bool:
    try:
        return bool(to_python(reads(text)) == wanted)
    except InvalidModel:
        return False
