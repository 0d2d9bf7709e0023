"""What does moving a lever cost? ``50k per 0.1%`` is a price and the distance that it buys."""

from __future__ import annotations

import re
from types import MappingProxyType

from leverage.errors import LeverageError, clip
from leverage.files.plain import Plain, Scalar
from leverage.quantity import BadNumber, read
from leverage.tree.entries import mapping
from leverage.tree.faults import Spot
from leverage.tree.ids import canonical
from leverage.tree.read import scalar

PRICE = re.compile(r"(\S+)\s+per\s+(\S+)")


class BadPrice(LeverageError):
    """A lever's cost that is no price for a distance."""

    def __init__(self, found: Scalar, spot: Spot) -> None:
        try:
            mend = f"write '{clip(found.text.strip())} per 1' if it buys a distance of 1" if read(found.text) else ""
        except BadNumber:
            mend = "write a price and the distance above 0 that it buys, like '50k per 0.1%'"
        super().__init__(spot.named(f"{clip(found.text)!r} is no price; {mend}"), at=found.at, metric=spot.metric)


def price(plain: Plain, spot: Spot) -> float:
    """The price of one unit of the metric.

    >>> price(Scalar("50k per 0.1%"), Spot())
    50000000.0
    """
    found = scalar(plain, spot, "a price like '50k per 0.1%'")
    parts = PRICE.fullmatch(found.text.strip())
    try:
        amount, distance = (read(part).value for part in parts.groups()) if parts else (0.0, 0.0)
    except BadNumber:
        distance = 0.0
    if distance <= 0:
        raise BadPrice(found, spot)
    return amount / distance


def prices(plain: Plain, spot: Spot) -> MappingProxyType[str, float]:
    """Resource to price, for each entry of a lever's ``cost``."""
    found = mapping(plain, spot)
    read: dict[str, float] = {}
    for resource, entry in found.entries.items():
        with spot.faults.catching():
            read[canonical(resource)] = price(entry, spot.below(resource))
    return MappingProxyType(read)
