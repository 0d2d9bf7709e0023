"""Which kinds of points there are: one row each.

Everything random goes through the unit cube, so Monte Carlo, Latin hypercubes and Sobol points are one implementation:
a kind says where the points lie, the leaves' quantile functions do the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leverage.errors import UnknownName
from leverage.sampling.latin import Latin
from leverage.sampling.plain import Plain
from leverage.sampling.sobol import Sobol
from leverage.sampling.streams import CHUNK, REPEATS, Points, Stream

__all__ = ["CHUNK", "POINTS", "REPEATS", "Kind", "Points", "Stream", "points"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of points. ``make(ids, seed, samples)``: the ids stand in the order of their dimensions."""

    name: str
    text: str
    make: Callable[[Sequence[str], int, int], Points]


POINTS = {
    kind.name: kind
    for kind in (
        Kind("sobol", "scrambled Sobol points, 8 independent scrambles: the least error of a mean", Sobol),
        Kind(
            "random",
            "independent draws, each leaf's own whatever the others are",
            lambda ids, seed, _: Plain(ids, seed),
        ),
        Kind("latin", "Latin hypercubes, 8 independent repeats: each leaf's range evenly met", Latin),
    )
}


def points(name: str, ids: Sequence[str], *, seed: int, samples: int) -> Points:
    """The points of that kind for the leaves.

    Raises:
        UnknownName: there is no such kind.

    >>> points("latin", ("cost", "price"), seed=0, samples=64).columns
    2
    """
    if name not in POINTS:
        raise UnknownName(name, POINTS, what="kind of points")
    return POINTS[name].make(ids, seed, samples)
