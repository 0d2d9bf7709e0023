"""What is asked of a search: levers within bounds, a goal to raise, limits on what is used; and what it found.

A `Problem` holds functions of plain arrays, levers first, points last: ``(k, m)`` is m points of k levers. The goal is
always raised; who wants less of something hands in its negative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leverage.errors import LeverageError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Function = Callable[[Array], Array]

NEAR = 1e-9  # a limit that is to be met exactly may fall short by this share of a use; it is never exceeded
NUDGE = (
    1e-6  # of a lever's reach: where a slope is infinite at a bound (a square root at 0), it is read this far inside
)
SIDE = 1e-9  # of a lever's reach: how far off a kink its one-sided slope is read


class BadBounds(LeverageError):
    """Bounds between which no search can look."""

    def __init__(self, lever: int, low: float, high: float) -> None:
        super().__init__(
            f"lever {lever} has bounds {low:g} to {high:g}; give it two finite bounds, the lower one first"
        )


def _none(x: Array) -> Array:
    return np.zeros((0, *x.shape[1:])) if x.ndim == 2 else np.zeros((0, len(x)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """Levers within bounds, a goal to raise, and limits on what the levers use.

    Args:
        low, high: bounds of each lever, ``(k,)``, finite.
        start: today's levels, ``(k,)``; they may break a bound or a limit.
        value: the goal at m points at once, ``(k, m)`` to ``(m,)``. Points where it is not finite are never chosen.
        slopes: exact gradient of the goal at one point, ``(k,)`` to ``(k,)``.
        uses: what the points use of each resource, ``(k, m)`` to ``(r, m)``.
        use_slopes: their gradient at one point, ``(k,)`` to ``(r, k)``.
        limits: ``(r,)``; infinite where there is none.
        equal: ``(r,)``, the limit is to be met exactly; none when left out.
        whole: of each lever None, True (whole numbers only) or the levels that it may take; empty: none is whole.
        off: of each lever None or a level that it may take outside its bounds; empty: none.
        kinks: of each lever None or the level at which some use turns sharply (``price * |x - base|``); empty: none.
        flights: the levers in parts, places ``(n,)`` of each: one lever's levels period by period; empty: each its own.

    Raises:
        BadBounds: a bound is not finite, or the lower lies above the higher.
    """

    low: Array
    high: Array
    start: Array
    value: Function
    slopes: Function
    uses: Function = _none
    use_slopes: Function = _none
    limits: Array = field(default_factory=lambda: np.zeros(0))
    equal: Mask | None = None
    whole: tuple[tuple[float, ...] | bool | None, ...] = ()
    off: tuple[float | None, ...] = ()
    kinks: tuple[float | None, ...] = ()
    flights: tuple[NDArray[np.intp], ...] = ()

    def __post_init__(self) -> None:
        for lever, (low, high) in enumerate(zip(self.low, self.high, strict=True)):
            if not (np.isfinite(low) and np.isfinite(high) and low <= high):
                raise BadBounds(lever, float(low), float(high))

    @property
    def exact(self) -> Mask:
        """Which limits are to be met exactly, ``(r,)``."""
        return np.zeros(len(self.limits), dtype=bool) if self.equal is None else self.equal

    @property
    def rough(self) -> bool:
        """Some lever is whole or may rest outside its bounds, so that a plan is more than a point between bounds."""
        return any(w is not None and w is not False for w in self.whole) or any(o is not None for o in self.off)

    def goals(self, x: Array) -> Array:
        """The goal at points ``(k, m)``; minus infinity where it is not finite."""
        with np.errstate(all="ignore"):  # points at the edge of a formula's domain are looked at and turned down
            value = self.value(np.ascontiguousarray(x))
        return np.where(np.isfinite(value), value, -np.inf)

    def goal(self, x: Array) -> float:
        """The goal at one point ``(k,)``."""
        return float(self.goals(x[:, None])[0])

    def excess(self, x: Array) -> Array:
        """Use less limit at points ``(k, m)``, shape ``(r, m)``; infinite where a use is not finite."""
        with np.errstate(all="ignore"):  # as above
            used = self.uses(np.ascontiguousarray(x))
        return np.where(np.isfinite(used), used - self.limits[:, None], np.inf)

    def used(self, x: Array) -> Array:
        """What one point ``(k,)`` uses of each resource, ``(r,)``."""
        with np.errstate(all="ignore"):  # as above
            return self.uses(x[:, None])[:, 0]


@dataclass(frozen=True, eq=False)
class Found:
    """The best plan that a search met. It breaks no bound, and no limit where ``feasible``, not by the last bit."""

    x: Array  # (k,), the levers' levels; where nothing is feasible, the point that breaks least
    value: float  # the goal there; minus infinity where it is finite nowhere within the limits
    used: Array  # (r,)
    feasible: bool
    broken: Array  # (r,), by how much each limit is missed, in its own unit; 0 where it holds
    shadow_prices: Array | None  # (r,), d(best goal) / d(limit); None with whole levers, and where nothing is feasible
    residual: float | None  # share of the goal's slopes that these prices leave over (KKT); None where they are None
    starts_tried: int
    agreeing: int  # starts whose own search ended within 1e-6 of the best: few of many speak for a rugged goal
    complete: bool = False  # every combination was tried, so that none is better
