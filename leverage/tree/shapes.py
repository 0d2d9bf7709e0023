"""Does a metric use time or dimensions? Its figures show it: a list is an entry per period, a mapping one per label."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Scalar, Sequence
from leverage.tree.entries import Table
from leverage.tree.formulas import NotComputed
from leverage.tree.keys import LEVER, METRIC
from leverage.tree.read import as_it_stands

FIGURES = ("min", "max", "off")
AXES = ("growth", "seasonality", "parts")  # keys that are about nothing else


def _many(plain: Plain) -> bool:
    return not isinstance(plain, Scalar)


def _pairs(plain: Plain) -> bool:
    if isinstance(plain, Sequence):
        return any(_many(item) for item in plain.items)
    return isinstance(plain, PlainMapping)


def _levers(plain: Plain) -> bool:
    if isinstance(plain, PlainMapping):
        return any(_many(value) for key, value in plain.entries.items() if key not in LEVER or key in FIGURES)
    return isinstance(plain, Sequence)


def _levels(plain: Plain) -> bool:
    return isinstance(plain, PlainMapping) and any(_many(value) for value in plain.entries.values())


def _always(plain: Plain) -> bool:
    return True


SHAPES: Mapping[str, Callable[[Plain], bool]] = {  # by key, what shows that its value is of many figures
    "value": _many,
    "range": _pairs,
    "spread": _pairs,
    "uncertainty": _many,
    "lever": _levers,
    "target": _many,
    "actual": _many,
    "thresholds": _levels,
    **dict.fromkeys(AXES, _always),
}
UNREAD: Table = {**METRIC, **dict.fromkeys((*SHAPES, "repeat"), as_it_stands)}


def shaped(plain: PlainMapping, metric: str) -> NotComputed | None:
    """The one finding of a metric whose figures are over time and dimensions, at the first that is."""
    if all(key not in SHAPES or (type(value) is Scalar and key not in AXES) for key, value in plain.entries.items()):
        return None
    for key, shows in SHAPES.items():
        if key in plain.entries and shows(plain.entries[key]):
            article = "an" if key[0] in "aeiou" else "a"
            return NotComputed(f"{article} {key}", "write one figure", at=plain.entries[key].at, metric=metric)
    return None
