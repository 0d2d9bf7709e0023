"""From one entry under ``metrics`` to a `Metric`: a number, a formula, or a mapping with either and more about it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, TypeGuard

from leverage.errors import LeverageError, Place
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Scalar, Sequence, to_python
from leverage.quantity import Quantity
from leverage.tree.entries import Table, entries
from leverage.tree.faults import Enough, Faults, Spot
from leverage.tree.formulas import Formula, formula
from leverage.tree.grid import NO_GRID, TIME, Axes, Grid
from leverage.tree.keys import METRIC
from leverage.tree.levers import lever, quantities
from leverage.tree.metric import NOTHING, Figures, Lever, Metric, Thresholds
from leverage.tree.read import Misplaced, Reader, as_it_stands, number
from leverage.tree.shapes import INSIDE, SINGLE, TREND, axes_shown, cell_plain, folded, runs, several, written
from leverage.tree.together import clashes
from leverage.tree.uncertainty import Awaited, Distribution, ranged

# what is read as a number where it stands alone; all else is a formula, whose parser says what is wrong with it
NUMBER = re.compile(
    r"[+\-−–—$€£¥]?\s*\.?[0-9][0-9_.,]*(?:[eE][+-]?[0-9]+)?\s*(?:[kKMmBbG%]|[Bb]n|mn|mm|MM|mio)?|[+-]?\.(?:inf|nan|Inf|NaN|INF|NAN)"
)
KEPT = ("parts", "growth", "seasonality", "repeat", "shared", "draws")
WORDS = frozenset(("label", "unit", "owner", "note", "kind", "role", "cadence", "horizon", "source", "better"))
PLAIN = WORDS | {"value", "formula"}  # keys that concern no other
SHARED: Table = {**METRIC, **dict.fromkeys(SINGLE, as_it_stands)}  # what a metric's cells share; their figures wait
CELLS = 1_000_000  # of a model: what its metrics have together
ROUND = ("value", "range", "spread")
_object = id  # which part of the file it is; ids of metrics hide the word below
Doubts = dict[tuple[int, ...], Distribution | None]  # distributions by what they stand round, which cells may share
UNWRITTEN = 200_000  # of a model: figures of leaves that the file does not write one by one


class TooManyCells(LeverageError):
    """Figures over so many labels and periods that no memory holds them."""

    def __init__(self, most: int, *, at: Place, metric: str | None) -> None:
        message = f"the model comes to more than {most:,} figures over its labels and periods; leave an axis out"
        super().__init__(message, at=at, metric=metric)


class TooManyUnwritten(LeverageError):
    """A small file of large metrics: keys that run over different axes, groups, and lists that repeat."""

    def __init__(self, *, at: Place, metric: str | None) -> None:
        message = (
            f"more than {UNWRITTEN:,} figures follow from few that are written; let its keys run over the same axes"
        )
        super().__init__(message, at=at, metric=metric)


class NoValue(LeverageError):
    """Labels where the keys of a metric stand."""

    def __init__(self, label: str, *, at: Place, metric: str) -> None:
        super().__init__(f"labels stand under a key; write value: {{{label}: ...}}", at=at, metric=metric)


class TooSteep(LeverageError):
    """A figure that grows beyond all numbers."""

    def __init__(self, *, at: Place, metric: str) -> None:
        super().__init__("its figures grow past what numbers hold; write less growth", at=at, metric=metric)


class LonelyFigures(LeverageError):
    """Targets or actuals over an axis that the formula does not run over."""

    def __init__(self, message: str, *, at: Place, metric: str | None) -> None:
        super().__init__(message, at=at, metric=metric)


def metric(id: str, at: Place, plain: Plain, spot: Spot, grid: Grid | None = NO_GRID) -> Metric | None:
    """The metric, as far as it can be read, or None where the entry shows none; every fault is added.

    Args:
        at: where the id stands.
        plain: what stands under it.
        grid: the model's axes; None where the file is wrong about them.
    """
    if isinstance(plain, Sequence):
        plain = PlainMapping({"value": plain}, {"value": Scalar("value", plain.at)}, plain.at)
    with spot.faults.catching():
        if not isinstance(plain, PlainMapping):
            return _short(id, at, plain, spot)
        if grid and not METRIC.keys() & plain.entries.keys() and any(key in grid.owners for key in plain.entries):
            raise NoValue(next(key for key in plain.entries if key in grid.owners), at=plain.at, metric=id)
        many = several(plain) or ("draws" in plain.entries and grid is not None and grid.periods > 0)
        return _over_axes(id, at, folded(plain, spot), spot, grid) if many else _told(id, at, plain, spot)
    return None


def _short(id: str, at: Place, plain: Scalar, spot: Spot) -> Metric:
    if not plain.text:
        raise Misplaced(plain, "a number, a formula, or a mapping with either", spot)
    if NUMBER.fullmatch(plain.text.strip()):
        found = number(plain, spot)
        return Metric.of({"id": id, "at": at, "base": found.value, "percent": found.percent})
    written = formula(plain, spot)
    return Metric.of({"id": id, "at": at, "formula": written.node, "text": written.text, "formula_at": written.at})


def _told(id: str, at: Place, plain: PlainMapping, spot: Spot) -> Metric:
    for clash in clashes(plain, spot):
        spot.faults.add(clash)
    return _metric(id, at, entries(plain, METRIC, spot), plain, spot)


def _over_axes(id: str, at: Place, plain: PlainMapping, spot: Spot, grid: Grid | None) -> Metric:
    """The metric whose figures run over axes: what all share read once, the figures of each cell on their own."""
    for clash in clashes(plain, spot):
        spot.faults.add(clash)
    words = entries(plain, SHARED, spot)
    common = _metric(id, at, {key: words[key] for key in words if key not in SINGLE}, plain, spot)
    faults = len(spot.faults.errors)
    shown = axes_shown(plain, grid, spot) if grid is not None else ()
    if grid is None or len(spot.faults.errors) > faults:
        return common
    if math.prod(grid.shape(shown)) - written(plain) > UNWRITTEN:
        spot.faults.add(TooManyUnwritten(at=at, metric=id))
        return common
    each = _cells(common, plain, spot, grid, shown)
    if not each:
        return common
    axes = grid.ordered((*shown, TIME)) if runs(plain) else shown
    trend = _trend(words, grid)
    if _endless(each, trend):
        spot.faults.add(TooSteep(at=plain.keys[next(key for key in TREND if key in words)].at, metric=id))
    told = {**common.__dict__, "axes": axes, "figures": Figures(shown, each, trend)}
    told.update({key: getattr(each[0], key) for key in ("percent", "uncertainty", "lever", "thresholds")})
    return Metric.of(told)


def _cells(common: Metric, plain: PlainMapping, spot: Spot, grid: Grid, shown: Axes) -> tuple[Metric, ...]:
    """A metric of single figures per combination of labels; a fault that several share is added once."""
    found: list[Metric] = []
    doubts: Doubts = {}
    table = {key: row if key in INSIDE else _once(row) for key, row in METRIC.items()}
    own = Faults()
    here = Spot(own, spot.key, spot.metric)
    with suppress(Enough):
        for labels in grid.cells(shown):
            with own.catching():
                single = cell_plain(plain, dict(zip(shown, labels, strict=True)), grid, here)
                found.append(_metric(common.id, common.at, entries(single, table, here), single, here, doubts=doubts))
    for fault in {(type(error), error.at): error for error in reversed(own.errors)}.values():
        spot.faults.add(fault)
    return () if own.errors else tuple(found)


def _once(row: Reader) -> Reader:
    """A reader that reads each place of the file once: cells share what stands once for several."""
    met: dict[int, Any] = {}

    def read(plain: Plain, spot: Spot) -> Any:
        if _object(plain) not in met:
            met[_object(plain)] = row(plain, spot)
        return met[_object(plain)]

    return read


def misfits(metric: Metric, axes: Axes) -> Iterator[LeverageError]:
    """What the figures of a formula metric run over, and its formula does not."""
    shown = metric.figures.axes if metric.figures is not None else ()
    for axis in shown:
        if axis not in axes:
            message = f"its figures differ by {axis}, and its formula does not; write one figure, or use {axis} in it"
            yield LonelyFigures(message, at=metric.at, metric=metric.id)


def _trend(said: Mapping[str, Any], grid: Grid) -> tuple[float, ...]:
    """What growth and seasonality multiply the figure of each period by; () where there is neither."""
    if not any(key in said for key in TREND) or not grid.periods:
        return ()
    growth = said["growth"].value if "growth" in said else 0.0
    season = [share.value for share in said.get("seasonality", ())] or [1.0]
    return tuple(_power(1 + growth, period) * season[period % len(season)] for period in range(grid.periods))


def _power(growth: float, period: int) -> float:
    try:
        return float(growth**period)
    except OverflowError:
        return math.inf


def _endless(each: tuple[Metric, ...], trend: tuple[float, ...]) -> bool:
    """Whether growth and seasons take a figure further than numbers go."""
    steepest = max(map(abs, trend), default=1.0)
    return not math.isfinite(steepest * max(abs(single.base or 0.0) for single in each))


def _metric(
    id: str, at: Place, said: Mapping[str, Any], plain: PlainMapping, spot: Spot, *, doubts: Doubts | None = None
) -> Metric:
    told: dict[str, Any] = {key: said[key] for key in said if key in WORDS}
    told.update(id=id, at=at, formula_at=at)
    written: Formula | None = said.get("formula")
    if written is not None:
        told.update(formula=written.node, text=written.text, formula_at=written.at)
    value: Quantity | None = said.get("value")
    if value is not None:
        told["base"] = value.value
    told["percent"] = told.get("unit") == "%" or (value is not None and value.percent)
    if not plain.entries.keys() <= PLAIN:
        told.update(_more(id, said, plain, spot, {} if doubts is None else doubts))
    return Metric.of(told)


def _more(id: str, said: Mapping[str, Any], plain: PlainMapping, spot: Spot, doubts: Doubts) -> dict[str, Any]:
    """What only some metrics have."""
    doubt = None
    stands = tuple([_object(plain.entries[key]) for key in ROUND if key in plain.entries])
    with spot.faults.catching():
        if "uncertainty" in said or stands not in doubts:
            doubts[stands] = _doubt(id, said, plain)
        doubt = doubts[stands]
    return {
        **({"base": doubt.median} if "value" not in said and _known(doubt) else {}),
        "percent": _percent(said),
        "uncertainty": doubt,
        "lever": _lever(said, plain, spot),
        "target": said["target"].value if "target" in said else None,
        "actual": said["actual"].value if "actual" in said else None,
        "thresholds": _thresholds(said),
        "kept": _kept(plain),
    }


def _known(doubt: Distribution | None) -> TypeGuard[Distribution]:
    return doubt is not None and not isinstance(doubt, Awaited)  # which gets its median in `tree.history`


def _doubt(id: str, said: Mapping[str, Any], plain: PlainMapping) -> Distribution | None:
    """The distribution of a leaf: as it is named, or round its value."""
    if "uncertainty" in said:
        named: Distribution = said["uncertainty"]
        return named
    key = next((key for key in ("range", "spread") if key in said and "value" in said), "")
    if not key:
        return None
    value: Quantity = said["value"]
    low, high, percent = RANGES[key](value, *said[key])
    text = f"{key}: [{', '.join(to_python(plain.entries[key]))}]"
    return ranged(low, value.value, high, percent=percent, at=plain.entries[key].at, metric=id, text=text)


def _range(value: Quantity, low: Quantity, high: Quantity) -> tuple[float, float, bool]:
    return low.value, high.value, value.percent and low.percent and high.percent


def _spread(value: Quantity, low: float, high: float) -> tuple[float, float, bool]:
    ends = value.value * (1 + low), value.value * (1 + high)
    return min(ends), max(ends), value.percent  # of a value below 0, 20 % less is the higher figure


RANGES: Mapping[str, Callable[..., tuple[float, float, bool]]] = {"range": _range, "spread": _spread}


def _percent(said: Mapping[str, Any]) -> bool:
    """Whether any of its figures, its bounds or its unit is written with ``%``."""
    figures = [said[key] for key in ("value", "target", "actual") if key in said]
    figures += [*said.get("range", ()), *quantities(said.get("lever", {})), *said.get("thresholds", {}).values()]
    drawn = "uncertainty" in said and "value" not in said and "%" in said["uncertainty"].text
    return said.get("unit") == "%" or drawn or any(figure.percent for figure in figures)


def _lever(said: Mapping[str, Any], plain: PlainMapping, spot: Spot) -> Lever | None:
    stands = plain.entries.get("lever")
    if "lever" not in said or not isinstance(stands, PlainMapping):
        return None
    return lever(said["lever"], stands, spot.below("lever"))


def _thresholds(said: Mapping[str, Any]) -> Thresholds | None:
    if "thresholds" not in said:
        return None
    return Thresholds(**{key: quantity.value for key, quantity in said["thresholds"].items()})


def _kept(plain: PlainMapping) -> Mapping[str, Any]:
    kept = {key: to_python(plain.entries[key]) for key in KEPT if key in plain.entries}
    return MappingProxyType(kept) if kept else NOTHING
