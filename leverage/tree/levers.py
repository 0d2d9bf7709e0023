"""From what the file says under ``lever`` to a `Lever`: its bounds in order, and at least one level inside them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from leverage.errors import LeverageError
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import to_python
from leverage.quantity import Quantity
from leverage.tree.faults import Spot
from leverage.tree.metric import NOTHING, Lever
from leverage.tree.read import WrongWayRound

FIGURES = ("min", "max", "off")


class NoLevel(LeverageError):
    """A whole-number lever between whose bounds no whole number lies."""

    def __init__(self, low: float, high: float, spot: Spot, plain: PlainMapping) -> None:
        message = f"no whole number lies between {low:g} and {high:g}; widen the bounds, or leave integer out"
        super().__init__(spot.named(message), at=plain.at, metric=spot.metric)


def lever(said: Mapping[str, Any], plain: PlainMapping, spot: Spot) -> Lever:
    """The lever, from the values of its keys; ``plain`` is where they stand."""
    low, high, off = (said[key].value if key in said else None for key in FIGURES)
    if low is not None and high is not None:
        _check(low, high, said, plain, spot)
    return Lever(
        low=low,
        high=high,
        integer=said.get("integer", False),
        choices=tuple(choice.value for choice in said.get("choices", ())),
        off=off,
        cost=said.get("cost", NOTHING),
        over_time=said.get("over_time"),
        at=plain.at,
    )


def _check(low: float, high: float, said: Mapping[str, Any], plain: PlainMapping, spot: Spot) -> None:
    if low > high:
        first, second = (to_python(plain.entries[key]) for key in ("min", "max"))
        mend = f"write min: {second}, max: {first}"
        spot.faults.add(WrongWayRound(f"min {first}", f"max {second}", spot, plain.entries["min"].at, mend=mend))
    elif said.get("integer") and math.ceil(low) > math.floor(high):
        spot.faults.add(NoLevel(low, high, spot, plain))


def quantities(said: Mapping[str, Any]) -> tuple[Quantity, ...]:
    """The lever's figures as written: a lever with a ``%`` makes its metric one of per cent."""
    return (*(said[key] for key in FIGURES if key in said), *said.get("choices", ()))
