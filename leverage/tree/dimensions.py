"""From what the file says under ``dimensions`` and ``time`` to the model's `Grid`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from leverage.errors import LeverageError, Place, clip, nearest
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Scalar
from leverage.tree.calendar import UNITS, periods, unit_of
from leverage.tree.faults import Spot
from leverage.tree.grid import TIME, Axis, Grid
from leverage.tree.ids import LENGTH, TwiceAfterFolding, identified, labelled
from leverage.tree.read import items, scalar

MARKS = "[],=`"  # what an address is written with
MOST = 10_000  # periods: 27 years of days
WIDEST = 20  # dimensions
DEEPEST = 20  # groups inside groups


class BadLabel(LeverageError):
    """A label that cannot be one: it is empty or long, or holds what an address is written with."""

    def __init__(self, text: str, spot: Spot, at: Place) -> None:
        super().__init__(spot.named(f"{clip(text)!r} cannot be a label; {_mend(labelled(text))}"), at=at)


def _mend(label: str) -> str:
    if not label:
        return "write a word"
    if len(label) > LENGTH:
        return f"it has {len(label):,} characters, and at most {LENGTH} are allowed"
    return f"write one without {' '.join(MARKS)}" if label.isprintable() else "leave out what cannot be seen"


class SameLabel(LeverageError):
    """A label that stands twice; labels are unique over all dimensions, so that one says which dimension it is of."""

    def __init__(self, text: str, first: str, spot: Spot, at: Place) -> None:
        super().__init__(spot.named(f"the label {clip(text)!r} stands in {first} already; rename one of them"), at=at)


class NoLabels(LeverageError):
    """A dimension or a group of nothing."""

    def __init__(self, spot: Spot, at: Place) -> None:
        super().__init__(spot.named("it has no labels; write [LABEL, LABEL, ...]"), at=at)


class TooManyDimensions(LeverageError):
    """A model over more dimensions than arrays have."""

    def __init__(self, at: Place) -> None:
        super().__init__(f"dimensions: at most {WIDEST} are computed; leave some out", at=at)


class TooDeep(LeverageError):
    """Groups inside groups, further down than anybody looks."""

    def __init__(self, spot: Spot, at: Place) -> None:
        super().__init__(spot.named(f"groups stand more than {DEEPEST} deep; leave some levels out"), at=at)


class NoPeriods(LeverageError):
    """A model over time that does not say how long."""

    def __init__(self, at: Place) -> None:
        super().__init__("time: it has no periods; add 'periods: 12', or how many there are", at=at)


class TooManyPeriods(LeverageError):
    """A model over more periods than anybody plans."""

    def __init__(self, at: Place) -> None:
        super().__init__(f"time: at most {MOST:,} periods are computed; write fewer, or longer ones", at=at)


class NoCalendar(LeverageError):
    """A start in a unit that no calendar has."""

    def __init__(self, unit: str, at: Place) -> None:
        near = nearest(unit, tuple(UNITS))
        mend = f"did you mean {near!r}?" if near else f"write one of {', '.join(UNITS)}, or leave the start out"
        super().__init__(f"time.unit: {clip(unit)!r} has no calendar; {mend}", at=at)


def grid(dimensions: PlainMapping, time: Mapping[str, Any] | None, at: Mapping[str, Place], spot: Spot) -> Grid:
    """The model's axes; every fault is added.

    Args:
        dimensions: what stands under ``dimensions``.
        time: what was read under ``time``, None where there is none.
        at: where each key of ``time`` stands, and under "" itself.
    """
    axes: list[Axis] = []
    met: dict[str, str] = {}
    if len(dimensions.entries) > WIDEST:
        spot.faults.add(TooManyDimensions(dimensions.at))
        return Grid()
    for key, plain in dimensions.entries.items():
        here = spot.below(key)
        with spot.faults.catching():
            name = identified(key, what="the name of a dimension", at=dimensions.keys[key].at)
            if any(axis.name == name for axis in axes):
                raise TwiceAfterFolding(key, name, Place(), what="dimension", at=dimensions.keys[key].at)
            axes.append(_Reading(name, met).axis(plain, here))
    if time is not None:
        with spot.faults.catching():
            axes.append(_time(time, at))
            for label in axes[-1].labels:
                if label in met:
                    raise SameLabel(label, met[label], Spot(spot.faults, "time"), at[""])
    return Grid(tuple(axes))


class _Reading:
    """One dimension while it is read; ``met``: the dimension of each label of the model so far."""

    def __init__(self, name: str, met: dict[str, str]) -> None:
        self.name = name
        self.met = met
        self.groups: dict[str, tuple[str, ...]] = {}

    def axis(self, plain: Plain, spot: Spot) -> Axis:
        """The dimension that stands there."""
        return Axis(self.name, tuple(self._labels(plain, spot, 0)), MappingProxyType(self.groups))

    def _labels(self, plain: Plain, spot: Spot, depth: int) -> Iterator[str]:
        """The labels in order; groups are added with the labels that they stand for."""
        if depth > DEEPEST:
            raise TooDeep(spot, plain.at)
        found = list(_entries(plain, spot))
        if not found:
            raise NoLabels(spot, plain.at)
        for key, below in found:
            label = self._label(key, spot)
            if below is None:
                yield label
            else:
                self.groups[label] = tuple(self._labels(below, spot.below(label), depth + 1))
                yield from self.groups[label]

    def _label(self, key: Scalar, spot: Spot) -> str:
        label = labelled(key.text)
        sound = 0 < len(label) <= LENGTH and label.isprintable()
        if not sound or any(mark in label for mark in MARKS):
            raise BadLabel(key.text, spot, key.at)
        if label in self.met:
            raise SameLabel(label, self.met[label], spot, key.at)
        self.met[label] = self.name
        return label


def _entries(plain: Plain, spot: Spot) -> Iterator[tuple[Scalar, Plain | None]]:
    """Labels, or groups with what is in them."""
    if isinstance(plain, PlainMapping):
        yield from ((key, plain.entries[text]) for text, key in plain.keys.items())
    else:
        for item in items(plain, spot, "labels in [ ], or groups of them"):
            yield scalar(item, spot, "a label"), None


def _time(time: Mapping[str, Any], at: Mapping[str, Place]) -> Axis:
    if "periods" not in time:
        raise NoPeriods(at[""])
    count, unit, start = time["periods"], time.get("unit", "").strip(), time.get("start", "").strip()
    if count > MOST:
        raise TooManyPeriods(at["periods"])
    if not start:
        return Axis(TIME, tuple(str(period) for period in range(count)), unit=unit)
    unit = unit or unit_of(start) or "month"
    if unit not in UNITS:
        raise NoCalendar(unit, at["unit"])
    labels, days = periods(unit, start, count, at["start"])
    return Axis(TIME, labels, days=days, unit=unit)
