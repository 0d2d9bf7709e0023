"""A resource: a limit on what a plan may use."""

from __future__ import annotations

from dataclasses import dataclass

from leverage.errors import NOWHERE, Place
from leverage.formula.nodes import Node


@dataclass(frozen=True, slots=True)
class Resource:
    """``use`` (a formula, None where only levers' costs name the resource) plus those costs may not pass ``limit``.

    ``spend_all``: the limit is to be met exactly. ``per``: "period" where it holds in each period, and not in all of
    them together; ``limits`` are then those of each, () where ``limit`` stands for all.
    """

    id: str
    limit: float
    use: Node | None = None
    text: str = ""
    unit: str = ""
    spend_all: bool = False
    per: str = ""
    percent: bool = False
    at: Place = NOWHERE
    use_at: Place = NOWHERE
    limits: tuple[float, ...] = ()
