"""Which points of a cloud are drawn, in which groups, and how far do boxes run? What page and picture draw alike."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array, Scatter
from leverage.views.scale import LARGEST, extent

POINTS = 2048  # of a cloud; more only make a page and a drawing of lines slow
EDGE = 0.04  # of an axis, left free around the points
LATE = 0.6  # of it, beyond which a box has no room for a name to its right
NEAR = 0.3, 0.06  # of both axes, within which names touch

Extent = tuple[float, float]


def groups(panel: Scatter) -> list[tuple[str, NDArray[np.bool_]]]:
    """Each group's name and which points are of it; one without a name where there are none."""
    group = panel.group if panel.group is not None else np.zeros(len(panel.x), dtype=np.intp)
    return [(name, group == index) for index, name in enumerate(panel.names or ("",))]


def chosen(panel: Scatter) -> NDArray[np.bool_]:
    """Which points are drawn: all, or of more than `POINTS` so many, the same each time.

    They are drawn by lot, since every so manieth of evenly placed points would all lie in one part of the plane.
    """
    there = (np.abs(panel.x) < LARGEST) & (np.abs(panel.y) < LARGEST)
    if there.sum() > POINTS:
        kept = np.random.default_rng(0).permutation(np.flatnonzero(there))[:POINTS]
        there = np.zeros(len(panel.x), dtype=np.bool_)
        there[kept] = True
    return there


def told(panel: Scatter) -> str:
    """How many of the points are drawn, where it is not all."""
    drawn, count = int(chosen(panel).sum()), len(panel.x)
    return "" if drawn == count else f"{drawn:,} of {count:,} points are drawn"


def frame(panel: Scatter) -> tuple[Extent, Extent]:
    """From where to where the axes run: over the drawn points and the finite ends of the boxes, with a free edge."""
    there = chosen(panel)
    x = (level for _, left, right, _, _ in panel.boxes for level in (left, right))
    y = (level for _, _, _, low, high in panel.boxes for level in (low, high))
    return _wide(panel.x[there], x), _wide(panel.y[there], y)


def _wide(levels: Array, also: Iterable[float]) -> Extent:
    low, high = extent((), *map(float, levels), *also)
    edge = EDGE * (high - low)
    return low - edge, high + edge


@dataclass(frozen=True, slots=True)
class Box:
    """A box in the frame. ``late``: its name ends at its right; ``line``: on which line from its top it stands."""

    name: str
    x: Extent
    y: Extent
    late: bool
    line: int


def boxes(panel: Scatter, x: Extent, y: Extent) -> list[Box]:
    """The boxes with their ends in the frame: an infinite end lies at its edge. One without a number is left out.

    A name that would lie on that of an earlier box stands below it.
    """
    found: list[Box] = []
    for name, *ends in panel.boxes:
        if any(map(math.isnan, ends)):
            continue
        (left, right), (low, high) = (
            (max(a, edge[0]), min(b, edge[1])) for (a, b), edge in ((ends[:2], x), (ends[2:], y))
        )
        late = left > x[0] + LATE * (x[1] - x[0])  # no room at the right for a long name
        box = Box(name, (left, right), (low, high), late, 0)
        found.append(replace(box, line=sum(_near(box, other, x, y) for other in found)))
    return found


def _near(box: Box, other: Box, x: Extent, y: Extent) -> bool:
    """Their names begin, or end, at about one place."""
    across = abs(_start(box) - _start(other)) / (x[1] - x[0])
    return box.late is other.late and across < NEAR[0] and abs(box.y[1] - other.y[1]) / (y[1] - y[0]) < NEAR[1]


def _start(box: Box) -> float:
    return box.x[1] if box.late else box.x[0]
