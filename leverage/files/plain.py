"""Plain data with positions: what every file format is read into, and all that the tree's builder sees.

A scalar keeps its text, so that the builder reads numbers by its own rules (`quantity.read`) and not by a format's.
"""

from __future__ import annotations

from collections.abc import Mapping as Mappable
from collections.abc import Sequence as Listable
from dataclasses import dataclass, field
from typing import Any

from leverage.errors import NOWHERE, LeverageError, Place


@dataclass(slots=True)
class Scalar:
    """Text as written. ``quoted``: it stood in quotes, so it is text even where it looks like a number."""

    text: str
    at: Place = NOWHERE
    quoted: bool = False


@dataclass(slots=True)
class Sequence:
    """A list."""

    items: list[Plain] = field(default_factory=list)
    at: Place = NOWHERE


@dataclass(slots=True)
class Mapping:
    """Keys with their values in the order of the file; ``keys`` holds each key as a scalar with its own place."""

    entries: dict[str, Plain] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)
    at: Place = NOWHERE


Plain = Scalar | Sequence | Mapping


class NotPlain(LeverageError):
    """A Python value that a model file could not hold."""

    def __init__(self, value: object, path: str) -> None:
        super().__init__(f"{path or 'the model'}: {type(value).__name__} is no text, number, list or mapping")


def from_python(value: Any, path: str = "") -> Plain:
    """Python's dictionaries, lists, numbers and text as plain data, as if they had been read from a file.

    Raises:
        NotPlain: something in it is none of these.
    """
    if isinstance(value, Mappable):
        entries = {str(key): from_python(item, f"{path}.{key}" if path else str(key)) for key, item in value.items()}
        return Mapping(entries, {key: Scalar(key) for key in entries})
    if isinstance(value, str):
        return Scalar(value)
    if isinstance(value, bool):
        return Scalar("true" if value else "false")
    if isinstance(value, Listable) or (hasattr(value, "tolist") and getattr(value, "ndim", False)):
        return Sequence([from_python(item, f"{path}[{index}]") for index, item in enumerate(value)])
    if isinstance(value, int | float) or hasattr(value, "__float__"):
        return Scalar(repr(float(value)) if not isinstance(value, int) else str(value))
    if hasattr(value, "isoformat"):
        return Scalar(value.isoformat())
    raise NotPlain(value, path)


def to_python(value: Plain) -> Any:
    """Plain data as dictionaries, lists and text."""
    if isinstance(value, Mapping):
        return {key: item.text if type(item) is Scalar else to_python(item) for key, item in value.entries.items()}
    if isinstance(value, Sequence):
        return [to_python(item) for item in value.items]
    return value.text
