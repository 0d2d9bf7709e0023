"""What a check finds: how grave it is, whom it is about, and a sentence that names the mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from leverage.errors import NOWHERE, Place
from leverage.tree.tree import Tree

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``message`` reads on from the metric's name; ``metric`` is None for the whole tree."""

    severity: Severity
    metric: str | None
    message: str
    at: Place = NOWHERE
    check: str = ""


Check = Callable[[Tree], Iterator[Finding]]
