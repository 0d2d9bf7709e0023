"""How a value is read by what its key wants: a number, text, a word of a few, a flag, a pair, a list.

A reader takes plain data and its `Spot`. It gives the value, or raises one `LeverageError` that names the key, what
was found, and what to write in its place. Scalars come as text, so no number was read by any rule but `quantity`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leverage.errors import NOWHERE, LeverageError, Place, clip, nearest
from leverage.files.plain import Plain, Scalar, Sequence, to_python
from leverage.quantity import Quantity
from leverage.quantity import plain as plain_number
from leverage.quantity import read as read_quantity
from leverage.tree.faults import Spot

Reader = Callable[[Plain, Spot], Any]

FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Misplaced(LeverageError):
    """A value of the wrong shape: a list where one number stands, nothing at all."""

    def __init__(self, plain: Plain, wanted: str, spot: Spot) -> None:
        super().__init__(spot.named(f"{shape(plain)} was found; write {wanted}"), at=plain.at, metric=spot.metric)


class NotOneOf(LeverageError):
    """A word that the key does not know."""

    def __init__(self, text: str, words: tuple[str, ...], spot: Spot, at: Place) -> None:
        found = nearest(text, words)
        mend = f"did you mean {found!r}?" if found else f"write {' or '.join(words)}"
        super().__init__(spot.named(f"unknown word {clip(text)!r}; {mend}"), at=at, metric=spot.metric)


class NotWhole(LeverageError):
    """A number with a fraction, or one that is too small, where things are counted."""

    def __init__(self, text: str, least: int, spot: Spot, at: Place) -> None:
        message = f"{clip(text)!r} is no whole number from {least} up; write one"
        super().__init__(spot.named(message), at=at, metric=spot.metric)


class WrongWayRound(LeverageError):
    """Two bounds of which the lower is the higher."""

    def __init__(self, low: str, high: str, spot: Spot, at: Place, *, mend: str) -> None:
        message = f"{clip(low)} is above {clip(high)}: the bounds are the wrong way round; {mend}"
        super().__init__(spot.named(message), at=at, metric=spot.metric)


class AmbiguousShare(LeverageError):
    """A share of size 1 or more without ``%``: 15 could be meant as 15 % or as 1500 %."""

    def __init__(self, value: float, *, at: Place = NOWHERE, metric: str | None = None, key: str = "") -> None:
        message = f"{value:.10g} could be meant two ways; write {value:.10g}% or {value * 100:.10g}%"
        super().__init__(f"{key}: {message}" if key else message, at=at, metric=metric)


def shape(plain: Plain) -> str:
    """What a reader of the file sees there."""
    if isinstance(plain, Scalar):
        return "text" if plain.text or plain.quoted else "nothing"
    return "a list" if isinstance(plain, Sequence) else "a mapping"


def scalar(plain: Plain, spot: Spot, wanted: str) -> Scalar:
    """The scalar that stands there."""
    if not isinstance(plain, Scalar) or not (plain.text or plain.quoted):
        raise Misplaced(plain, wanted, spot)
    return plain


def text(plain: Plain, spot: Spot) -> str:
    """Any text."""
    return scalar(plain, spot, "text, or leave the key out").text


def number(plain: Plain, spot: Spot) -> Quantity:
    """A number, and whether it was written with ``%``."""
    found = scalar(plain, spot, "a number")
    return plain_number(found.text) or read_quantity(found.text, at=found.at, metric=spot.metric, key=spot.key or None)


def share(plain: Plain, spot: Spot) -> float:
    """A relative figure: ``-15%`` and ``-0.15`` are the same, and 15 is refused with both spellings."""
    found = scalar(plain, spot, "a share such as -15%")
    quantity = read_quantity(found.text, at=found.at, metric=spot.metric, key=spot.key or None)
    if not quantity.percent and abs(quantity.value) >= 1:
        raise AmbiguousShare(quantity.value, at=found.at, metric=spot.metric, key=spot.key)
    return quantity.value


def whole(least: int) -> Reader:
    """A reader of whole numbers from ``least`` up."""

    def read(plain: Plain, spot: Spot) -> int:
        quantity = number(plain, spot)
        if quantity.value != int(quantity.value) or quantity.value < least:
            raise NotWhole(to_python(plain), least, spot, plain.at)
        return int(quantity.value)

    return read


def flag(plain: Plain, spot: Spot) -> bool:
    """True or false, as YAML 1.2 and JSON write them."""
    found = scalar(plain, spot, "true or false")
    if found.text not in FLAGS:
        raise NotOneOf(found.text, ("true", "false"), spot, found.at)
    return FLAGS[found.text]


def words(*known: str) -> Reader:
    """A reader of one of a few words."""

    def read(plain: Plain, spot: Spot) -> str:
        found = scalar(plain, spot, " or ".join(known))
        if found.text not in known:
            raise NotOneOf(found.text, known, spot, found.at)
        return found.text

    return read


def items(plain: Plain, spot: Spot, wanted: str = "a list in [ ]") -> list[Plain]:
    """The entries of a list."""
    if not isinstance(plain, Sequence):
        raise Misplaced(plain, wanted, spot)
    return plain.items


def numbers(plain: Plain, spot: Spot) -> tuple[Quantity, ...]:
    """A list of one or more numbers."""
    found = items(plain, spot, "numbers in [ ]")
    if not found:
        raise Misplaced(plain, "one or more numbers in [ ]", spot)
    return tuple(number(item, spot) for item in found)


def pair(of: Reader) -> Reader:
    """A reader of a low and a high figure, in this order."""

    def read(plain: Plain, spot: Spot) -> tuple[Any, Any]:
        found = items(plain, spot, "two numbers: [low, high]")
        if len(found) != 2:
            raise Misplaced(plain, f"two numbers and not {len(found)}: [low, high]", spot)
        low, high = (of(item, spot) for item in found)
        if _figure(low) > _figure(high):
            first, second = (to_python(item) for item in found)
            raise WrongWayRound(first, second, spot, plain.at, mend=f"write [{second}, {first}]")
        return low, high

    return read


def _figure(found: Quantity | float) -> float:
    return found.value if isinstance(found, Quantity) else found


def as_it_stands(plain: Plain, spot: Spot) -> Any:
    """Anything, kept for the verb that reads it."""
    return to_python(plain)
