"""How is one leaf drawn? By its family's own way, by a table of its quantile function, or by the function itself.

Which of them depends on the distribution alone, so a draw does not change with how many others there are. All work on
a row in place: points go in, draws come out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Protocol

import numpy as np

from leverage.panels import Array
from leverage.sampling.cells import table
from leverage.sampling.streams import LEAST
from leverage.sampling.table import Spare, Table

if TYPE_CHECKING:
    from leverage.tree.uncertainty import Distribution

KEPT = 1_024  # leaves whose tables wait for the next run: at most 80 MB


class Marginal(Protocol):
    """A leaf's way from points to draws."""

    def draw(self, points: Array, spare: Spare) -> None:
        """Put draws where the points were; a point of 0 counts as the least one."""
        ...


@dataclass(frozen=True, eq=False)
class Turned:
    """From points, by the family's own formula."""

    make: Callable[[Array, Array], None]

    def draw(self, points: Array, spare: Spare) -> None:
        self.make(points, spare.term)


@dataclass(frozen=True, eq=False)
class Scored:
    """From standard normal scores, by the family's own formula; correlated leaves come with their scores."""

    make: Callable[[Array, Array], None]

    def draw(self, points: Array, spare: Spare) -> None:
        standard().draw(points, spare)
        self.make(points, spare.term)


@dataclass(frozen=True, eq=False)
class Exact:
    """By the quantile function itself: of separate levels, and where no table is near enough."""

    quantile: Callable[[Array], Array]

    def draw(self, points: Array, spare: Spare) -> None:
        points[:] = self.quantile(np.maximum(points, LEAST, out=points))


@lru_cache(maxsize=KEPT)
def marginal(leaf: Distribution) -> Marginal:
    """How a leaf is drawn."""
    if leaf.turn is not None:
        start, make = leaf.turn
        return Scored(make) if start == "scores" else Turned(make)
    found = None if leaf.discrete else table(leaf.quantile)
    return found or Exact(leaf.quantile)


@cache
def standard() -> Table:
    """The table of standard normal scores."""
    made = table(_scores)
    assert made is not None, "the normal distribution has a table"
    return made


def _scores(p: Array, q: Array) -> Array:
    """Exact ones, by the standard library: drawing normal leaves loads no scipy."""
    exact = NormalDist().inv_cdf
    lower = np.array([exact(small) for small in np.minimum(p, q).tolist()])
    return np.where(p > q, -lower, lower)
