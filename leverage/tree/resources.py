"""From what stands under ``resources`` to each `Resource`: a limit, and the formula of what it limits."""

from __future__ import annotations

from typing import Any

from leverage.errors import LeverageError, Place, clip
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Sequence
from leverage.quantity import Quantity
from leverage.tree.entries import entries, mapping
from leverage.tree.faults import Spot
from leverage.tree.formulas import Formula
from leverage.tree.grid import NO_GRID, Grid
from leverage.tree.ids import TwiceAfterFolding, identified
from leverage.tree.keys import RESOURCE
from leverage.tree.resource import Resource


class NoLimit(LeverageError):
    """A resource that limits nothing."""

    def __init__(self, spot: Spot, at: Place) -> None:
        super().__init__(spot.named("it has no limit; add 'limit: ' and how much of it there is"), at=at)


class NoSuchPeriods(LeverageError):
    """A limit over periods that are not the model's."""

    def __init__(self, message: str, spot: Spot, at: Place) -> None:
        super().__init__(spot.named(message), at=at)


def resources(plain: PlainMapping, spot: Spot, grid: Grid | None = NO_GRID) -> dict[str, Resource]:
    """The resources by id; every fault is added. Names in their formulas are still to be looked up.

    ``grid``: the model's axes; None where the file is wrong about them.
    """
    found: dict[str, Resource] = {}
    for key, value in plain.entries.items():
        here = Spot(spot.faults, f"resource {clip(key)!r}")
        at = plain.keys[key].at
        with spot.faults.catching():
            id = identified(key, what="the id of a resource", at=at)
            if id in found:
                raise TwiceAfterFolding(key, id, found[id].at, what="resource", at=at)
            found[id] = _resource(id, at, mapping(value, here), here, grid)
    return found


def _resource(id: str, at: Place, plain: PlainMapping, spot: Spot, grid: Grid | None) -> Resource:
    if "limit" not in plain.entries:
        spot.faults.add(NoLimit(spot, at))
    said = entries(plain, RESOURCE, spot)
    series: tuple[Quantity, ...] = said.get("limit", (Quantity(0.0),))
    limit, per = series[0], said.get("per", "")
    count = len(series) if isinstance(plain.entries.get("limit"), Sequence) else 0
    fault = _periods(per, count, grid.periods) if grid is not None and "limit" in said else ""
    if fault:
        spot.faults.add(NoSuchPeriods(fault, spot, plain.entries["limit" if count else "per"].at))
    use: Formula | None = said.get("use")
    formula: dict[str, Any] = {} if use is None else {"use": use.node, "text": use.text, "use_at": use.at}
    return Resource(
        id,
        limit.value,
        unit=said.get("unit", ""),
        spend_all="spend" in said,
        per=per,
        limits=tuple(entry.value for entry in series) if len(series) > 1 else (),
        percent=limit.percent,
        at=at,
        **formula,
    )


def _periods(per: str, entries: int, periods: int) -> str:
    """What is wrong with a limit over time, "" where nothing is."""
    if per == "period" and not periods:
        return "there are no periods; leave 'per' out, or add 'time' to the model"
    if entries and per != "period":
        return "a limit for each period needs 'per: period'; add it"
    if entries and entries != periods:
        found = "1 entry" if entries == 1 else f"{entries} entries"
        return f"the limit has {found} and the model {periods} periods; write one for each"
    return ""
