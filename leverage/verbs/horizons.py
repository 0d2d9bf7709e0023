"""How many periods is a quarter? A metric's horizon in words, read into periods of the model's own length."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from leverage.tree.grid import TIME, Grid

DAYS: Mapping[str, float] = MappingProxyType(
    {"day": 1, "week": 7, "month": 365.25 / 12, "quarter": 365.25 / 4, "half-year": 365.25 / 2, "year": 365.25}
)
WORDS: Mapping[str, str] = MappingProxyType(
    {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year", "annual": "year"}
)
FORM = re.compile(r"(?:(\d+(?:\.\d+)?|an?|one|half an?)[ -]*)?(half[ -]?year|[a-z]+?)s?", re.IGNORECASE)
COUNTS: Mapping[str, float] = MappingProxyType({"a": 1, "an": 1, "one": 1, "half a": 0.5, "half an": 0.5})


def periods(text: str, grid: Grid) -> int | None:
    """A horizon in periods, 1 at least; None where it is no length of time, or nobody says how long a period is.

    >>> from leverage.tree.grid import Axis
    >>> months = Grid((Axis("time", ("0", "1"), unit="month"),))
    >>> [periods(text, months) for text in ("quarter", "6 months", "1 year", "two sprints")]
    [3, 6, 12, None]
    """
    found = FORM.fullmatch(" ".join(text.lower().split()))
    if found is None or TIME not in grid:
        return None
    count, word = found[1] or "1", found[2]
    times = COUNTS[count] if count in COUNTS else float(count)
    if word == "period":
        return max(1, round(times))
    name = WORDS.get(word, "half-year" if word.startswith("half") else word)
    unit = grid[TIME].unit
    if name not in DAYS or unit not in DAYS:
        return None
    return max(1, round(times * DAYS[name] / DAYS[unit]))
