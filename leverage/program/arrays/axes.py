"""What of a slot over axes does an instruction read or write? All of it, or what it holds at some labels.

A slot's array has an axis for each of its names in the order of the grid, dimensions as declared and then time, and
the samples last and contiguous. Parts meet by name: a part without an axis is the same for each of its labels.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from leverage.tree.grid import Axes

Array = NDArray[np.float64]
Label = int | tuple[int, int]  # the place of a label, or from which one to before which one

WHOLE = slice(None)
T = TypeVar("T", bound=np.generic)


class Part(NamedTuple):
    """A slot, or some of it.

    Attributes:
        slot: its number.
        axes: those that the part has, in the grid's order.
        at: of other axes of the slot the place of the label, and of some that the part has the range of labels.
    """

    slot: int
    axes: Axes
    at: tuple[tuple[str, Label], ...] = ()

    def label(self, axis: str, place: int) -> Part:
        """The part at one label of an axis; itself where it does not have the axis.

        >>> Part(7, ("channel", "time")).label("time", 2)
        Part(slot=7, axes=('channel',), at=(('time', 2),))
        """
        if axis not in self.axes:
            return self
        return Part(self.slot, tuple([one for one in self.axes if one != axis]), (*self.at, (axis, place)))

    def labels(self, axis: str, first: int, end: int) -> Part:
        """The part at some labels that follow each other; itself where it does not have the axis."""
        return Part(self.slot, self.axes, (*self.at, (axis, (first, end)))) if axis in self.axes else self

    def inside(self, home: Part) -> Part:
        """The same where the slot itself is a part of another."""
        return Part(home.slot, self.axes, (*home.at, *self.at))


def seen(array: Array, axes: Axes, part: Part, over: Axes) -> Array:
    """A view of a slot's array ``(labels..., samples)``: the part, with an axis of one label for each that it misses.

    Args:
        axes: those of the slot.
        over: those that the view is to have, in the grid's order.
    """
    at: dict[str, Label] = dict(part.at)
    places = [at.get(axis) for axis in axes]
    cut: Any = tuple([WHOLE if at is None else at if isinstance(at, int) else slice(*at) for at in places])
    return spread(array[cut], part.axes, over)


def spread(array: NDArray[T], axes: Axes, over: Axes) -> NDArray[T]:
    """A view of an array ``(labels..., ...)`` over some axes with an axis of one label for each other one.

    >>> spread(np.ones((2, 5)), ("channel",), ("channel", "time")).shape
    (2, 1, 5)
    """
    wide: Any = tuple([WHOLE if axis in axes else None for axis in over])
    found: NDArray[T] = array[wide]
    return found
