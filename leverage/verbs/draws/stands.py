"""Where do cells stand that take their draws from one source, and in which row of a block is each of them?

Thirty-six periods of a price may share one draw, each with its own factor and level. The source is drawn once; cells
that stand alike share a row, and only further ways to stand take rows of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.tree.tree import Level
from leverage.tree.uncertainty import Distribution, limits, moved

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a cell stands on the draws of its source: by what they are multiplied, and to which level they move.

    ``source``: the place of the draws among all that are drawn. ``factor``: see `Metric.factor`.
    """

    source: int
    distribution: Distribution = field(compare=False)  # the source's
    level: Level
    factor: float = 1.0

    @property
    def limits(self) -> tuple[float, float]:
        """The bounds of the figure itself."""
        return limits(self.distribution, self.factor)

    @property
    def still(self) -> bool:
        """Its draws are those of its source."""
        return self.factor == 1 and self.unmoved

    @property
    def unmoved(self) -> bool:
        """Its level stands where the file has it: the factor says all."""
        return self.level.factor == 1 and self.level.shift == 0

    def draw(self, draws: Array, out: Array) -> tuple[Array, int]:
        """The source's draws where they stand here, written into a row, and how many had to be put at the bounds.

        Draws that a scenario moves, and nothing else, do not overwrite their source: they get an array of their own.
        """
        own = out is draws and self.factor == 1
        return moved(draws, self.distribution, self.level, self.factor, None if own else out)


@dataclass(frozen=True, slots=True, eq=False)
class Seats:
    """In which row of a block the draws of each cell stand: rows of sources come first, then ``extra`` ones.

    Attributes:
        at: the row of each cell.
        grown: a source, the factor by which it is multiplied, and the extra row that this is written into.
        steps: what else is to be written into which row, in order.
    """

    at: tuple[int, ...]
    grown: tuple[tuple[int, Array, int], ...]
    steps: tuple[tuple[Stand, int], ...]
    extra: int

    def fill(self, drawn: Iterable[Array], extra: Iterable[Array]) -> tuple[list[Array], Counts]:
        """All rows of a block: the sources' draws, and those moved to where cells stand.

        Args:
            drawn: draws of each source, (b,), which may be written over.
            extra: the extra rows, (b,) each.

        Returns:
            The rows, and how many draws of each had to be put at the bounds.
        """
        rows = [*drawn, *extra]
        left = np.zeros(len(rows), dtype=np.int64)
        with np.errstate(over="ignore"):  # a level too large for a float is infinite
            for source, factor, row in self.grown:  # there may be thousands: one call each, and little round it
                np.multiply(factor, rows[source], out=rows[row])
            for stand, row in self.steps:
                rows[row], left[row] = stand.draw(rows[stand.source], rows[row])
        return rows, left


def seats(stands: Iterable[Stand], sources: int) -> Seats:
    """The rows of cells, of which there are as few as can be.

    A source's own row serves cells that leave its draws as they are; where there are none, the last way to stand is
    written over the source, after all others have read it.
    """
    cells = tuple(stands)
    ways = tuple(dict.fromkeys(cells))
    read = {way.source for way in ways if way.still}
    over = {way.source: way for way in ways if way.source not in read}
    apart = [way for way in ways if not way.still and over.get(way.source) is not way]
    row = {way: sources + k for k, way in enumerate(apart)}
    grown = tuple([(way.source, np.array(way.factor), row[way]) for way in apart if way.unmoved])
    moved = [(way, row[way]) for way in apart if not way.unmoved]
    last = [(way, source) for source, way in over.items()]
    return Seats(tuple([row.get(cell, cell.source) for cell in cells]), grown, (*moved, *last), len(apart))
