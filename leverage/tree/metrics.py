"""From one entry under ``metrics`` to a `Metric`: a number, a formula, or a mapping with either and more about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from leverage.errors import Place
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Scalar, Sequence, to_python
from leverage.quantity import Quantity
from leverage.tree.entries import entries
from leverage.tree.faults import Spot
from leverage.tree.formulas import Formula, NotComputed, formula
from leverage.tree.keys import METRIC
from leverage.tree.levers import lever, quantities
from leverage.tree.metric import NOTHING, Lever, Metric, Thresholds
from leverage.tree.read import Misplaced, number
from leverage.tree.shapes import SHAPES, UNREAD, shaped
from leverage.tree.together import clashes
from leverage.tree.uncertainty import Distribution, ranged

# what is read as a number where it stands alone; all else is a formula, whose parser says what is wrong with it
NUMBER = re.compile(
    r"[+\-−–—$€£¥]?\s*\.?[0-9][0-9_.,]*(?:[eE][+-]?[0-9]+)?\s*(?:[kKMmBbG%]|[Bb]n|mn|mm|MM|mio)?|[+-]?\.(?:inf|nan|Inf|NaN|INF|NAN)"
)
KEPT = ("parts", "growth", "seasonality", "repeat", "shared", "draws")
WORDS = frozenset(("label", "unit", "owner", "note", "kind", "role", "cadence", "horizon", "source", "better"))
PLAIN = WORDS | {"value", "formula"}  # keys that concern no other


def metric(id: str, at: Place, plain: Plain, spot: Spot) -> Metric | None:
    """The metric, as far as it can be read, or None where the entry shows none; every fault is added.

    Args:
        at: where the id stands.
        plain: what stands under it.
    """
    if isinstance(plain, PlainMapping):
        return _told(id, at, plain, spot)
    if isinstance(plain, Sequence):
        spot.faults.add(NotComputed("a list", "write one figure", at=plain.at, metric=id))
        return None
    with spot.faults.catching():
        return _short(id, at, plain, spot)
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
    over = shaped(plain, id)
    if over is not None:
        spot.faults.add(over)
        said = entries(plain, UNREAD, spot)
        return _metric(id, at, {key: value for key, value in said.items() if key not in SHAPES}, plain, spot)
    for clash in clashes(plain, spot):
        spot.faults.add(clash)
    return _metric(id, at, entries(plain, METRIC, spot), plain, spot)


def _metric(id: str, at: Place, said: Mapping[str, Any], plain: PlainMapping, spot: Spot) -> Metric:
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
        told.update(_more(id, said, plain, spot))
    return Metric.of(told)


def _more(id: str, said: Mapping[str, Any], plain: PlainMapping, spot: Spot) -> dict[str, Any]:
    """What only some metrics have."""
    doubt = None
    with spot.faults.catching():
        doubt = _doubt(id, said, plain)
    return {
        **({"base": doubt.median} if doubt is not None and "value" not in said else {}),
        "percent": _percent(said),
        "uncertainty": doubt,
        "lever": _lever(said, plain, spot),
        "target": said["target"].value if "target" in said else None,
        "actual": said["actual"].value if "actual" in said else None,
        "thresholds": _thresholds(said),
        "kept": _kept(plain),
    }


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
