"""A scenario, and the moves that it and the options of a verb make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from leverage.errors import NOWHERE, Place

Kind = Literal["set", "change", "add"]


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a metric or a cell: ``set`` to, ``change`` by the factor 1 + amount, or ``add``, in its unit.

    ``certain``: the doubt about the leaf ends with it (``{value: v, certain: true}``).
    """

    metric: str
    kind: Kind
    amount: float
    certain: bool = False
    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of moves, relative to the file, and of resource limits."""

    name: str
    note: str = ""
    extends: str = ""
    moves: Mapping[str, Move] = field(default_factory=lambda: MappingProxyType({}))
    limits: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    at: Place = NOWHERE
