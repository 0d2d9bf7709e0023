"""How a mapping is read: each key by its row of a table, and a key that has no row is a fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leverage.errors import LeverageError
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain
from leverage.tree.faults import Spot
from leverage.tree.read import Misplaced, Reader, items

Table = Mapping[str, Reader]


def mapping(plain: Plain, spot: Spot) -> PlainMapping:
    """A mapping, its entries still to be read."""
    if not isinstance(plain, PlainMapping):
        raise Misplaced(plain, "keys and values", spot)
    return plain


def keyed(table: Table) -> Reader:
    """A reader of a mapping whose keys are the table's; unknown ones are refused with the nearest."""

    def read(plain: Plain, spot: Spot) -> dict[str, Any]:
        return entries(mapping(plain, spot), table, spot)

    return read


def each(of: Reader) -> Reader:
    """A reader of a list, every entry by the same reader."""

    def read(plain: Plain, spot: Spot) -> tuple[Any, ...]:
        return tuple(of(item, spot) for item in items(plain, spot))

    return read


def entries(plain: PlainMapping, table: Table, spot: Spot) -> dict[str, Any]:
    """What a mapping says, each key by its row of the table. Faults are added, and their keys left out."""
    said: dict[str, Any] = {}
    for key, value in plain.entries.items():
        row = table.get(key)
        if row is None:
            where = f"in {spot.key}" if spot.key else ""
            spot.faults.unknown(key, table.keys(), what="key", where=where, at=plain.keys[key].at, metric=spot.metric)
            continue
        try:
            said[key] = row(value, Spot(spot.faults, key, spot.metric, spot))
        except LeverageError as fault:
            spot.faults.add(fault)
    return said
