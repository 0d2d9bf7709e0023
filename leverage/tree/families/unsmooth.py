"""Quantiles that no smooth distribution has: where they fold back, and what to write instead."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from leverage.errors import NOWHERE, LeverageError, Place
from leverage.quantity import read, show
from leverage.tree import metalog, metalog_fit, metalog_near

if TYPE_CHECKING:
    from decimal import Decimal

SHOWN = 9  # quantiles written out in a sentence
NARROW = 1e-4  # of the spread: a place that nobody would hit on purpose is none
TRIED = 3  # of the middle ones, for a place where the others would allow it
MOST_TRIED = 20  # of all, whether the others do without it
DIGITS = range(3, 10)  # of the spread, with which nearest figures are written: as few as are accepted

Levels = tuple[float, ...]


class NoSmoothDistribution(LeverageError):
    """Quantiles that no smooth distribution has; the sentence gives the nearest that one has.

    It is worked out when it is read: a hostile file has a thousand such faults, and few of them are shown.
    """

    def __init__(
        self,
        levels: Levels,
        figures: Levels,
        low: float,
        high: float,
        *,
        percent: bool = False,
        ranged: bool = False,
        at: Place = NOWHERE,
        metric: str | None = None,
    ) -> None:
        self._given = levels, figures, low, high
        self._percent, self._ranged = percent, ranged
        super().__init__("", at=at, metric=metric)

    @property
    def message(self) -> str:
        """The sentence, without its place."""
        return sentence(*self._given, percent=self._percent, ranged=self._ranged)

    @message.setter
    def message(self, text: str) -> None:
        pass  # it follows from the figures


@lru_cache(maxsize=256)
def sentence(levels: Levels, figures: Levels, low: float, high: float, *, percent: bool, ranged: bool) -> str:
    """What is wrong with quantiles that no smooth distribution has, and the mends.

    Args:
        percent: figures are written with ``%``.
        ranged: they are a leaf's value and its range, and not arguments of ``quantiles(...)``.
    """
    apart = math.log10(max(map(abs, figures)) / (figures[-1] - figures[0]))
    shown = [show(figure, percent=percent, digits=max(6, math.ceil(apart) + 3)) for figure in figures]
    named = [f"P{100 * level:02.0f} {figure}" for level, figure in zip(levels, shown, strict=True)]
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    kind = "smooth distribution" if len(levels) == 3 else "metalog"  # of more, others may have them
    where = metalog_near.folds(levels, metalog.open_up(np.array(figures), low, high))
    why = f": they would fold back {where}" if where else ""
    given = levels, figures, low, high
    nearest = written_nearest(*given, percent=percent, ranged=ranged)
    which = "the nearest that would not are" if where else "the nearest that one has are"
    mends = [f"{which} {_instead(levels, nearest, ranged)}"] if nearest else []
    one = _to_move(*given, percent=percent, ranged=ranged) or _to_leave_out(*given, any_=not nearest)
    mends += [one] if one else []
    return f"no {kind} has {', '.join(named[:SHOWN])}{more}{why}; {', or '.join(mends)}"


def _instead(levels: Levels, nearest: list[str], ranged: bool) -> str:
    if ranged:
        low, value, high = nearest
        return f"value: {value} with range: [{low}, {high}]"
    return ", ".join(f"{_name(level)}={text}" for level, text in zip(levels, nearest, strict=True))


def written_nearest(
    levels: Levels, figures: Levels, low: float, high: float, *, percent: bool, ranged: bool
) -> list[str]:
    """The nearest quantiles that a metalog has, with as few digits as are accepted; [] where none were found."""
    found = metalog_near.nearest(levels, figures, low, high)
    if found is None:
        return []
    for digits in DIGITS:
        texts = [_text(x, float(np.ptp(found)), digits, low, high, percent=percent) for x in found.tolist()]
        again = tuple(read(text).value for text in texts)
        if _accepted(levels, again, *(metalog.obvious_bounds(again, percent=percent) if ranged else (low, high))):
            return texts
    return []


def _accepted(levels: Levels, figures: Levels, low: float, high: float) -> bool:
    if not low < figures[0] or not figures[-1] < high or any(np.diff(figures) <= 0):
        return False
    return metalog_fit.fit(levels, metalog.open_up(np.array(figures), low, high)) is not None


def _text(x: float, spread: float, digits: int, low: float, high: float, *, percent: bool) -> str:
    """A figure to so many digits of the spread; beside a bound, of its distance to the bound."""
    from decimal import ROUND_HALF_EVEN, Decimal  # loaded where there is a fault to tell

    size = min(spread, x - low, high - x) or spread
    scale = 100 if percent else 1
    step = Decimal(1).scaleb(Decimal(size * scale).adjusted() - digits + 1)
    return _rounded(Decimal(x * scale), step, ROUND_HALF_EVEN, percent=percent)


def _rounded(scaled: Decimal, step: Decimal, rounding: str, *, percent: bool) -> str:
    near = scaled.quantize(step, rounding)
    digits = max(4, near.adjusted() - step.adjusted() + 1)
    return show(float(near) / (100 if percent else 1), percent=percent, digits=digits)


def _to_move(levels: Levels, figures: Levels, low: float, high: float, *, percent: bool, ranged: bool) -> str:
    """The figure to move, and to where: the middle one, or the nearest to it whose moving can help at all."""
    inner = sorted(range(1, len(levels) - 1), key=lambda i: abs(i - (len(levels) - 1) / 2))
    for index in inner[:TRIED]:
        ends = room(levels, figures, low, high, index)
        if ends and (len(levels) == 3 or ends[1] - ends[0] > NARROW * (figures[-1] - figures[0])):
            first, last = _inside(*ends, percent=percent)
            return f"move {'the value' if ranged else _name(levels[index])} to between {first} and {last}"
    return ""


def _to_leave_out(levels: Levels, figures: Levels, low: float, high: float, *, any_: bool) -> str:
    """The inner figure without which the others have a distribution; the median is the last to go."""
    m = metalog.open_up(np.array(figures), low, high)
    for index in sorted(range(1, len(levels) - 1)[:MOST_TRIED], key=lambda i: levels[i] == 0.5):
        if metalog_fit.fit(levels[:index] + levels[index + 1 :], np.delete(m, index)) is not None:
            return f"leave {_name(levels[index])} out"
    return "leave some of them out" if any_ else ""


def _name(level: float) -> str:
    return f"p{100 * level:02.0f}"


def room(levels: Levels, figures: Levels, low: float, high: float, index: int) -> tuple[float, float] | None:
    """Between which figures that at ``index`` may lie, the others staying, for a smooth distribution; None: nowhere."""
    between = metalog_fit.room(levels, metalog.open_up(np.array(figures), low, high), index)
    if between is None:
        return None
    ends = metalog.close_in(np.array(between), low, high)
    return float(ends[0]), float(ends[1])


def _inside(low: float, high: float, *, percent: bool) -> tuple[str, str]:
    """The ends, rounded inwards to a tenth of their distance or better: what is offered is accepted."""
    from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

    scale = 100 if percent else 1
    margin = (high - low) * 1e-4  # more than the grid of slopes leaves open
    ends = Decimal((low + margin) * scale), Decimal((high - margin) * scale)
    step = Decimal(1).scaleb(((ends[1] - ends[0]) / 10).adjusted())
    first, last = (
        _rounded(end, step, rounding, percent=percent)
        for end, rounding in zip(ends, (ROUND_CEILING, ROUND_FLOOR), strict=True)
    )
    return first, last
