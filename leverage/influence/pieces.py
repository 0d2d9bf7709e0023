"""Where does a mean turn? Straight lines on pieces of one coordinate, halved again where that predicts better.

Dyadic CART (Donoho 1997, Annals of Statistics 25) with lines: pieces of equal probability are halved from the whole
down; from the finest up a piece is kept whole unless its halves predict what they were not fitted to better. Sums over
the finest pieces are all that is needed, so looking at all 511 pieces costs little more than looking at one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array

FINEST = 256  # pieces
HELD = 64  # samples that a piece needs
FLAT = 1e-9  # of its square: a spread of the coordinate on a piece, below which there is no slope to see


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over samples by repeat and piece: of 1, t, t^2, (r, B, 1); of y, t y, y^2, (r, B, m)."""

    one: Array
    t: Array
    tt: Array
    y: Array
    ty: Array
    yy: Array

    def each(self) -> tuple[Array, ...]:
        """All six."""
        return self.one, self.t, self.tt, self.y, self.ty, self.yy

    @property
    def halved(self) -> Sums:
        """The same of half as many pieces."""
        return Sums(*(each[:, ::2] + each[:, 1::2] for each in self.each()))

    @property
    def others(self) -> Sums:
        """Of each repeat those of all others."""
        return Sums(*(each.sum(axis=0) - each for each in self.each()))

    @property
    def whole(self) -> Sums:
        """Of all repeats together, r = 1."""
        return Sums(*(each.sum(axis=0, keepdims=True) for each in self.each()))

    def lines(self) -> tuple[Array, Array]:
        """Height and slope of the least-squares line on each piece, (r, B, m); no slope where t has no spread."""
        spread = self.one * self.tt - self.t**2
        steep = spread > FLAT * self.one * self.tt
        slope = np.where(steep, self.one * self.ty - self.t * self.y, 0.0) / np.where(steep, spread, 1.0)
        height: Array = (self.y - slope * self.t) / np.maximum(self.one, 1.0)
        return height, slope

    def missed(self, height: Array, slope: Array) -> Array:
        """The squares that lines leave of these samples, (r, B, m)."""
        crossed = height * self.y + slope * self.ty
        left: Array = self.yy - 2 * crossed + height**2 * self.one + 2 * height * slope * self.t + slope**2 * self.tt
        return left


@dataclass(frozen=True, eq=False)
class Pieces:
    """Lines on the finest pieces, (1 + r, B, m), of all samples first, then without each repeat.

    ``missed``: (r, m), the squares that they leave of the samples to which they were not fitted.
    """

    place: NDArray[np.intp]
    t: Array
    height: Array
    slope: Array
    missed: Array

    def means(self, of: slice | NDArray[np.intp], fitted: int) -> Array:
        """The conditional means (m, b) of some samples, by the lines of ``fitted``."""
        height, slope = (each[fitted].T[:, self.place[of]] for each in (self.height, self.slope))
        found: Array = height + slope * self.t[of]
        return found


def pieces(figures: Sequence[Array], parts: Sequence[slice | NDArray[np.intp]], rank: Array, t: Array) -> Pieces:
    """Lines of figures over pieces of one coordinate.

    Args:
        figures: of each repeat, (m, b).
        parts: where each repeat's samples stand among the n.
        rank: (n,), within 0 to 1, by which pieces are cut; ``t``: (n,), the scale in which lines are straight.
    """
    count = 1
    while count < FINEST and len(t) >= 2 * count * HELD:
        count *= 2
    place = np.minimum((rank * count).astype(np.intp), count - 1)
    sums = _summed(figures, parts, place, t, count)
    best: tuple[Array, Array, Array] | None = None
    size = 1  # finest pieces to one of this level
    while True:
        fitted = [
            np.concatenate([one, each]) for one, each in zip(sums.whole.lines(), sums.others.lines(), strict=True)
        ]
        missed = sums.missed(fitted[0][1:], fitted[1][1:])
        wide = [np.repeat(each, size, axis=1) for each in fitted]
        if best is not None:
            apart = best[2][:, ::2] + best[2][:, 1::2]
            split = apart.sum(axis=0) < missed.sum(axis=0)
            missed = np.where(split, apart, missed)
            finest = np.repeat(split, size, axis=0)
            wide = [np.where(finest, old, new) for old, new in zip(best[:2], wide, strict=True)]
        best = wide[0], wide[1], missed
        if missed.shape[1] == 1:
            return Pieces(place, t, best[0], best[1], best[2][:, 0])
        sums, size = sums.halved, 2 * size


def _summed(
    figures: Sequence[Array], parts: Sequence[slice | NDArray[np.intp]], place: NDArray[np.intp], t: Array, count: int
) -> Sums:
    found: list[list[Array]] = [[] for _ in range(6)]
    for each, part in zip(figures, parts, strict=True):
        at, of = place[part], t[part]
        one, first, second = (np.bincount(at, weights, count)[:, None] for weights in (np.ones_like(of), of, of**2))
        rows = ([row, of * row, row**2] for row in each)
        crossed = [[np.bincount(at, weights, count) for weights in row] for row in rows]
        y, ty, yy = (np.array(columns).T for columns in zip(*crossed, strict=True))
        for kept, new in zip(found, (one, first, second, y, ty, yy), strict=True):
            kept.append(new)
    return Sums(*(np.array(each) for each in found))
