"""A quantile function at the speed of a look-up: every draw within 1e-8 standard deviations of the exact one.

A point p is told by its odds r = p / (1 - p), whose octaves go to both tails alike, so each tail has its own digits.
The bits of the float r are the index: its exponent and first 7 digits name one of 128 cells an octave (where those
would miss, 9 digits one of 512), and in each cell a parabola in r stands for the quantile. Points with a share below
1e-6 on either side go to the exact function, which one block in thirty pays for. How a table is made, and when there is
none: `leverage.sampling.cells`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.sampling.streams import LEAST

Words = NDArray[np.uint64]
Quantile = Callable[[Array, Array], Array]  # of the shares below and above
Ends = tuple[float, float]

DIGITS = 7  # of the odds, after the leading one, that name the cell
FINE = 9  # of them, where cells of 7 digits would miss
REACH = 20  # octaves of odds either side of evens
SLOPE_BITS = 37  # of a word, for the slope; the rest is the bend

UNBOUNDED: Ends = (-np.inf, np.inf)

# arrays, and not numbers, which NumPy would look at anew in each call
ONE, BEND = np.array(1.0), np.array(SLOPE_BITS, dtype=np.uint64)


@dataclass(frozen=True, eq=False)
class Spare:
    """Room to compute in, of one length; each row of bits is seen as what it holds in turn.

    The views are made once: making them at each draw would keep the interpreter's lock from other threads as long as
    the draw's own calls do.
    """

    odds: Array
    term: Array
    slope: Array
    bits: Words = field(init=False, repr=False)  # of the odds
    cell: Words = field(init=False, repr=False)  # where the term will stand
    place: NDArray[np.int64] = field(init=False, repr=False)  # the cell, as an index
    word: Words = field(init=False, repr=False)  # where the slope stands

    def __post_init__(self) -> None:
        object.__setattr__(self, "bits", self.odds.view(np.uint64))
        object.__setattr__(self, "cell", self.term.view(np.uint64))
        object.__setattr__(self, "place", self.term.view(np.int64))
        object.__setattr__(self, "word", self.slope.view(np.uint64))

    @classmethod
    def of(cls, n: int) -> Spare:
        """Room for n points at a time."""
        return cls(np.empty(n), np.empty(n), np.empty(n))

    def to(self, n: int) -> Spare:
        """The first n places."""
        return self if n == len(self.odds) else Spare(self.odds[:n], self.term[:n], self.slope[:n])


@dataclass(frozen=True, eq=False)
class Table:
    """A quantile function, cell by cell: level + r (slope + r bend).

    Slope and bend share a word, so that a draw costs two look-ups and not three: the bend's first 27 bits are the last
    ones of the word, and the slope is the whole word, of which the bend's bits are the last and least digits.
    """

    digits: int  # of the odds, that name the cell
    level: Array  # (cells,)
    word: Words  # (cells,)
    exact: Quantile
    ends: Ends = UNBOUNDED  # that draws are held to, where rounding or the table's error might pass the last levels
    _cells: int = field(init=False, repr=False)
    _dropped: Words = field(init=False, repr=False)
    _first: Words = field(init=False, repr=False)
    _bounds: Array | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        dropped, first = 52 - self.digits, (1023 - REACH) << self.digits  # as a float's bits have the exponent
        object.__setattr__(self, "_dropped", np.array(dropped, dtype=np.uint64))
        object.__setattr__(self, "_first", np.array(first, dtype=np.uint64))
        object.__setattr__(self, "_cells", len(self.level))
        object.__setattr__(self, "_bounds", None if self.ends == UNBOUNDED else np.array(self.ends)[:, None])

    def draw(self, points: Array, spare: Spare) -> None:
        """Put the levels where the points were; a point of 0 counts as the least one."""
        odds, term, slope, cell = spare.odds, spare.term, spare.slope, spare.cell
        np.subtract(ONE, points, out=odds)
        np.divide(points, odds, out=odds)
        np.right_shift(spare.bits, self._dropped, out=cell)
        np.subtract(cell, self._first, out=cell)
        # a cell before the first one is a huge number here
        rare = np.flatnonzero(cell >= self._cells) if np.maximum.reduce(cell, initial=0) >= self._cells else None
        self.level.take(spare.place, out=points, mode="clip")
        self.word.take(spare.place, out=spare.word, mode="clip")
        np.left_shift(spare.word, BEND, out=cell)
        np.multiply(term, odds, out=term)
        np.add(term, slope, out=term)
        np.multiply(term, odds, out=term)
        np.add(points, term, out=points)
        if rare is not None:
            points[rare] = self.exact(*shares(np.maximum(odds[rare], LEAST)))
        if self._bounds is not None:
            np.maximum(points, self._bounds[0], out=points)
            np.minimum(points, self._bounds[1], out=points)


def shares(odds: Array) -> tuple[Array, Array]:
    """The shares below and above of odds, each with its own digits.

    >>> shares(np.array([0.25, 1.0]))
    (array([0.2, 0.5]), array([0.8, 0.5]))
    """
    above = 1 / (1 + odds)
    return odds * above, above


def packed(level: Array, slope: Array, bend: Array, middle: Array) -> tuple[Array, Words]:
    """Levels and words whose parabolas are as near to the given ones as 27 bits of bend and 37 of slope allow.

    What rounding takes from the bend is given back by the slope, and what that loses by the level, at the middle of
    the cell; 1e-10 of the bend and of the slope remain at its ends.
    """
    bits, tail = np.uint64(64 - SLOPE_BITS), np.uint64(SLOPE_BITS)
    kept = (bend.view(np.uint64) + np.uint64(1 << SLOPE_BITS - 1)) >> tail
    lost = bend - (kept << tail).view(np.float64)
    level, slope = level - lost * middle**2, slope + 2 * lost * middle
    word = slope.view(np.uint64) >> bits << bits | kept
    return level + (slope - word.view(np.float64)) * middle, word
