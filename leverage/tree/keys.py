"""Every key of a model file, level by level, with what reads its value. A key that is in no table is an error.

What the keys mean stands in the model format's page; the files named after each level put what was read together.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Never

from leverage.errors import LeverageError, Place
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Sequence
from leverage.quantity import Quantity
from leverage.tree.entries import Table, each, entries, keyed, mapping
from leverage.tree.faults import Spot
from leverage.tree.formulas import formula
from leverage.tree.ids import canonical
from leverage.tree.prices import prices
from leverage.tree.read import flag, items, number, numbers, pair, scalar, share, text, whole, words
from leverage.tree.uncertainty import Distribution, expected

FORMAT = 1  # the newest format that this version reads


class NewerFormat(LeverageError):
    """A file that was written for a later version."""

    def __init__(self, found: int, at: Place) -> None:
        super().__init__(f"format {found} is newer than this version reads; write format: {FORMAT}, or upgrade", at=at)


class NoDatabase(LeverageError):
    """Actuals that stand in a database."""

    def __init__(self, spot: Spot, at: Place) -> None:
        message = "databases are not read in this version; write the table as CSV beside the model and name it in file"
        super().__init__(spot.named(message), at=at)


class NoActuals(LeverageError):
    """Columns of no file."""

    def __init__(self, spot: Spot, at: Place) -> None:
        super().__init__(spot.named("no file is named; add file: actuals.csv, a table beside the model"), at=at)


def _format(plain: Plain, spot: Spot) -> int:
    found: int = whole(1)(plain, spot)
    if found > FORMAT:
        raise NewerFormat(found, plain.at)
    return found


def _one_id(plain: Plain, spot: Spot) -> str:
    return canonical(scalar(plain, spot, "the id of one metric").text)


def _distribution(plain: Plain, spot: Spot) -> Distribution:
    return expected(text(plain, spot), at=plain.at, metric=spot.metric)


def _limit(plain: Plain, spot: Spot) -> tuple[Quantity, ...]:
    return numbers(plain, spot) if isinstance(plain, Sequence) else (number(plain, spot),)


def _rate(plain: Plain, spot: Spot) -> Quantity:
    share(plain, spot)  # 2 could be meant as 2 % or as 200 %
    return number(plain, spot)


def _columns(plain: Plain, spot: Spot) -> dict[str, str]:
    return {key: text(item, spot.below(key)) for key, item in mapping(plain, spot).entries.items()}


def _database(plain: Plain, spot: Spot) -> Never:
    raise NoDatabase(spot, plain.at)


def _actuals(plain: Plain, spot: Spot) -> dict[str, Any]:
    """What the table's keys say; a list stands under a metric and is its past."""
    found = mapping(plain, spot)
    lists = {key: item for key, item in found.entries.items() if isinstance(item, Sequence)}
    words = {key: item for key, item in found.entries.items() if key not in lists}
    if "sql" in words:
        words.pop("url", None)  # one refusal is enough
    elif words.keys() & {"date", "columns"} and "file" not in words:
        spot.faults.add(NoActuals(spot, found.at))
    told = entries(PlainMapping(words, found.keys, found.at), ACTUALS, spot)
    for key, item in lists.items():
        with spot.faults.catching():
            told[key] = tuple(quantity.value for quantity in numbers(item, spot.below(key)))
    return told


TIME: Table = {"periods": whole(1), "unit": text, "start": text}
ACTUALS: Table = {"file": text, "date": text, "columns": _columns, "sql": _database, "url": _database}
LOG: Table = {"date": text, "by": text, "what": text, "why": text}

MODEL: Table = {
    "format": _format,
    "name": text,
    "kgi": _one_id,
    "goal": words("maximize", "minimize"),
    "time": keyed(TIME),
    "dimensions": mapping,
    "metrics": mapping,
    "correlations": items,
    "resources": mapping,
    "scenarios": mapping,
    "actuals": _actuals,
    "log": each(keyed(LOG)),
}

LEVER: Table = {
    "min": number,
    "max": number,
    "integer": flag,
    "choices": numbers,
    "off": number,
    "cost": prices,
    "over_time": words("each", "constant"),
}
THRESHOLDS: Table = {"warn": number, "alert": number}
METRIC: Table = {
    "formula": formula,
    "value": number,
    "range": pair(number),
    "spread": pair(share),
    "uncertainty": _distribution,
    "lever": keyed(LEVER),
    "target": number,
    "actual": number,
    "thresholds": keyed(THRESHOLDS),
    "better": words("higher", "lower"),
    "label": text,
    "unit": text,
    "owner": text,
    "note": text,
    "kind": words("leading", "lagging"),
    "role": words("ksf", "kpi"),
    "cadence": text,
    "horizon": text,
    "source": text,
    "shared": flag,
    "draws": words("per_period"),
    "parts": text,
    "growth": _rate,
    "seasonality": numbers,
    "repeat": words("last"),
}
RESOURCE: Table = {
    "limit": _limit,
    "use": formula,
    "unit": text,
    "spend": words("all"),
    "per": words("period", "total"),
}
SCENARIO: Table = {
    "note": text,
    "extends": text,
    "set": mapping,
    "change": mapping,
    "add": mapping,
    "resources": mapping,
}
CERTAIN: Table = {"value": number, "certain": flag}

LEVELS: Mapping[str, Table] = MappingProxyType(
    {
        "model": MODEL,
        "time": TIME,
        "actuals": ACTUALS,
        "log": LOG,
        "metric": METRIC,
        "lever": LEVER,
        "thresholds": THRESHOLDS,
        "resource": RESOURCE,
        "scenario": SCENARIO,
        "set": CERTAIN,
    }
)
