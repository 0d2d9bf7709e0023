"""What is known of a figure that nobody knows exactly: its distribution, read from the file or made of a range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leverage.errors import NOWHERE, LeverageError, Place, UnknownName
from leverage.formula.nodes import Call
from leverage.formula.parse import parse_call
from leverage.formula.source import Source
from leverage.quantity import show
from leverage.tree.arguments import Readers, parameters
from leverage.tree.distribution import DISTRIBUTIONS, Distribution
from leverage.tree.families import quantiles
from leverage.tree.families.family import Array
from leverage.tree.families.history import Past
from leverage.tree.metalog import obvious_bounds

if TYPE_CHECKING:
    from leverage.tree.tree import Level

__all__ = ["DISTRIBUTIONS", "Awaited", "Distribution", "Past", "expected", "limits", "moved", "ranged", "read"]
TAILS = (0.1, 0.5, 0.9)  # what a range and its value say


class BadRange(LeverageError):
    """A range that does not stand round its value."""

    def __init__(
        self, low: float, value: float, high: float, *, percent: bool, at: Place = NOWHERE, metric: str | None = None
    ) -> None:
        shown = {x: show(x, percent=percent, digits=6) for x in (low, value, high)}
        pair = f"[{shown[low]}, {shown[high]}]"
        if low > high:
            fault = f"the range {pair} has its ends the wrong way round; write [{shown[high]}, {shown[low]}]"
        elif low == high:
            fault = f"both ends of the range are {shown[low]}; a figure without doubt needs no range"
        else:
            fault = f"the value {shown[value]} does not lie within its range {pair}, the P10 and P90; move one of them"
        super().__init__(fault, at=at, metric=metric)


@dataclass(frozen=True, slots=True)
class Awaited(Distribution):
    """A distribution that draws from what is recorded of a metric, before the records of the model are known."""

    at: Place
    metric: str | None


def expected(text: str, *, at: Place = NOWHERE, metric: str | None = None) -> Distribution:
    """The distribution that the text writes; an `Awaited` where a ``history(...)`` stands in it."""
    call = parse_call(text, at=at, metric=metric)
    if _recalls(call):
        return Awaited(call.name, text.strip(), (), at, metric)
    return _made(call, Source(text, at, metric), Past)


def _recalls(call: Call) -> bool:
    """Whether a ``history(...)`` stands in the call."""
    inner = (part for part in (*call.args, *call.named.values()) if isinstance(part, Call))
    return call.name == "history" or any(_recalls(part) for part in inner)


def read(
    text: str, *, at: Place = NOWHERE, metric: str | None = None, past: Callable[[str], Past] = Past
) -> Distribution:
    """The distribution that the text writes: ``lognormal(mean=68, sd=9)``.

    Args:
        past: what is recorded of the metric of an id; left out, nothing is.

    Raises:
        FormulaError: the text is no call, or its arguments are wrong; the sentence shows how it is written.
        UnknownName: no distribution has the name, or no metric.
        NoSmoothDistribution: quantiles that no distribution has.

    >>> read("normal(mean=68, sd=9)") == read("normal(68, 9)")
    True
    >>> read("uniform(60, 80)").median
    70.0
    """
    return _made(parse_call(text, at=at, metric=metric), Source(text, at, metric), past)


def _made(call: Call, source: Source, past: Callable[[str], Past]) -> Distribution:
    row = DISTRIBUTIONS.get(call.name)
    if row is None:
        place = source.place(call.span[0])
        raise UnknownName(call.name, DISTRIBUTIONS, what="distribution", at=place, metric=source.metric)
    readers: Readers = {"distribution": lambda inner: _made(inner, source, past), "metric": past}
    given = parameters(row, call, source, readers)
    return Distribution(row.name, source.text[slice(*call.span)], tuple(given.items()))


def ranged(
    low: float,
    value: float,
    high: float,
    *,
    percent: bool = False,
    at: Place = NOWHERE,
    metric: str | None = None,
    text: str = "",
) -> Distribution:
    """The distribution with these P10, P50 and P90, which respects the obvious bounds.

    All three above 0: none of its draws is below 0. All three also shares below 100 % (``percent``: written with
    ``%``): none is above 1.

    Raises:
        BadRange: the figures do not rise.
        NoSmoothDistribution: no distribution has them; the sentence says where the value would have to lie.

    >>> ranged(0.019, 0.024, 0.031, percent=True).support
    (0.0, 1.0)
    """
    if not low < value < high:
        raise BadRange(low, value, high, percent=percent, at=at, metric=metric)
    figures = (low, value, high)
    bounds = obvious_bounds(figures, percent=percent)
    given = quantiles.through(TAILS, figures, *bounds, percent=percent, ranged=True, at=at, metric=metric)
    return Distribution("quantiles", text, tuple(given.items()))


def limits(distribution: Distribution, factor: float = 1.0) -> tuple[float, float]:
    """The bounds of the figure itself, where its draws are multiplied by a factor: its ends change sides with the sign.

    A factor of 0 leaves no doubt that could have bounds.

    >>> limits(read("beta(2, 3)"), -2.0)
    (-2.0, 0.0)
    """
    low, high = distribution.limits
    if factor == 1:
        return low, high
    if factor == 0:
        return -np.inf, np.inf
    ends = low * factor + 0.0, high * factor + 0.0  # an end at -0 is one at 0
    return ends if factor > 0 else ends[::-1]


def moved(
    draws: Array, distribution: Distribution, level: Level, factor: float = 1.0, out: Array | None = None
) -> tuple[Array, int]:
    """A leaf's draws where its level stands, and how many of them had to be put at the figure's limits.

    A change by a share multiplies every draw, anything else shifts them; draws of a leaf that did not move are
    returned as they are.

    Args:
        factor: what the draws are multiplied by before they move, as the level's base is already (`Metric.factor`).
        out: where moved draws are written, which may be the draws themselves; left out, a new array.
    """
    shift = level.shift
    still = level.factor == 1 and shift == 0
    if still and factor == 1:
        return draws, 0
    there = np.empty_like(draws) if out is None else out
    if level.certain or factor == 0:
        there[...] = level.value
        return there, 0
    np.multiply(draws, level.factor * factor, out=there)
    if still:
        return there, 0
    np.add(there, shift, out=there)
    low, high = limits(distribution, factor)
    left = int(np.count_nonzero((there < low) | (there > high)))
    if left:
        np.clip(there, low, high, out=there)
    return there, left
