"""From what stands under ``resources`` to each `Resource`: a limit, and the formula of what it limits."""

from __future__ import annotations

from typing import Any

from leverage.errors import LeverageError, Place, clip
from leverage.files.plain import Mapping as PlainMapping
from leverage.quantity import Quantity
from leverage.tree.entries import entries, mapping
from leverage.tree.faults import Spot
from leverage.tree.formulas import Formula
from leverage.tree.ids import TwiceAfterFolding, identified
from leverage.tree.keys import RESOURCE
from leverage.tree.resource import Resource


class NoLimit(LeverageError):
    """A resource that limits nothing."""

    def __init__(self, spot: Spot, at: Place) -> None:
        super().__init__(spot.named("it has no limit; add 'limit: ' and how much of it there is"), at=at)


def resources(plain: PlainMapping, spot: Spot) -> dict[str, Resource]:
    """The resources by id; every fault is added. Names in their formulas are still to be looked up."""
    found: dict[str, Resource] = {}
    for key, value in plain.entries.items():
        here = Spot(spot.faults, f"resource {clip(key)!r}")
        at = plain.keys[key].at
        with spot.faults.catching():
            id = identified(key, what="the id of a resource", at=at)
            if id in found:
                raise TwiceAfterFolding(key, id, found[id].at, what="resource", at=at)
            found[id] = _resource(id, at, mapping(value, here), here)
    return found


def _resource(id: str, at: Place, plain: PlainMapping, spot: Spot) -> Resource:
    if "limit" not in plain.entries:
        spot.faults.add(NoLimit(spot, at))
    said = entries(plain, RESOURCE, spot)
    limit: Quantity = said.get("limit", Quantity(0.0))
    use: Formula | None = said.get("use")
    formula: dict[str, Any] = {} if use is None else {"use": use.node, "text": use.text, "use_at": use.at}
    return Resource(
        id,
        limit.value,
        unit=said.get("unit", ""),
        spend_all="spend" in said,
        per=said.get("per", ""),
        percent=limit.percent,
        at=at,
        **formula,
    )
