"""Independent draws of every leaf side by side, A and B: what pick-and-freeze designs exchange leaf by leaf.

Both are halves of one set of points, so that A, B and every mixture of them lie as evenly as the points do (Saltelli
2002, Computer Physics Communications 145, 280; points of 2 d coordinates). The coordinates
themselves are given, too, from before leaves are tied together: those of different draws are independent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array
from leverage.sampling.draws import Draws
from leverage.sampling.marginal import standard
from leverage.sampling.points import CHUNK, Points, Stream
from leverage.sampling.points import points as cube
from leverage.sampling.room import Room, borrowed

SIDE = "\x1f"  # after the name of a draw, once for B: a coordinate's name, which no id can be


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the draws: ``rows`` of leaves (l, b), ``coordinates`` of draws (d, b), in the order of `Draws`."""

    rows: Array
    coordinates: Array


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """So many draws of some leaves side by side. ``points`` has a coordinate a draw and side: all of A's first.

    ``normal``: of each draw, whether its coordinate is given as a standard normal score; else it is from -1 to 1.
    """

    draws: Draws
    points: Points
    samples: int
    count: int
    normal: tuple[bool, ...]

    @property
    def chunks(self) -> int:
        """Units of work, of 65,536 samples each, the last one fewer."""
        return -(-self.samples // CHUNK)

    def span(self, chunk: int) -> tuple[int, int]:
        """A chunk's first sample, and the one after its last."""
        return chunk * CHUNK, min((chunk + 1) * CHUNK, self.samples)

    def blocks(self, chunk: int, block: int) -> Iterator[tuple[int, int, list[Side]]]:
        """The first sample of a block, the one after its last, and its sides; they are the reader's as in `Draws`."""
        first, end = self.span(chunk)
        leaves, names, wide = len(self.draws.leaves), len(self.draws.names), min(block, end - first)
        height = leaves + names
        with borrowed(self.count * height * wide, self.draws.dependence.widest * wide, wide) as room:
            stream = self.points.chunk(chunk)
            both = room.rows(self.count * height, wide).reshape(self.count, height, wide)
            for start in range(first, end, block):
                stop = min(start + block, end)
                sides = [Side(half[:leaves], half[leaves:]) for half in both[:, :, : stop - start]]
                for place, side in enumerate(sides):
                    tapped = Tapped(stream, place * names, side.coordinates, self.normal, room)
                    self.draws.fill(tapped, side.rows, room)
                yield start, stop, sides


@dataclass(frozen=True, slots=True, eq=False)
class Tapped:
    """A stream's coordinates from ``offset`` on, which are copied on the way."""

    stream: Stream
    offset: int
    coordinates: Array
    normal: tuple[bool, ...]
    room: Room

    def fill(self, k: int, out: Array) -> None:
        """Coordinate k, and its copy."""
        self.stream.fill(self.offset + k, out)
        own = self.coordinates[k]
        if self.normal[k]:
            own[:] = out
            standard().draw(own, self.room.spare.to(len(out)))
        else:
            np.multiply(out, 2.0, out=own)
            own -= 1.0


def sides(draws: Draws, kind: str, *, seed: int, samples: int, count: int = 2) -> Sides:
    """Draws side by side, on points of a kind; as many as ``samples``.

    The coordinate of a draw whose leaves are all bounded is uniform, of any other one a normal score: what a goal is
    made of is then a polynomial of few terms, as a rule.
    """
    ids = [id + SIDE * place for place in range(count) for id in draws.names]
    normal = [not all(np.isfinite(draws.leaves[place][1].support).all() for place in places) for places in draws.rows]
    return Sides(draws, cube(kind, ids, seed=seed, samples=samples), samples, count, tuple(normal))
