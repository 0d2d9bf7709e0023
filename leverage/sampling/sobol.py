"""Scrambled Sobol points: 8 independent scrambles, sample i being point i // 8 of scramble i % 8.

A point is the exclusive or of the direction numbers at the one bits of its index. The low bits are combined once, in a
tile; every other tile is that one XOR a word a scramble, which costs about one nanosecond a value and may be done in
any order. A leaf's dimension is its rank; leaves past the last dimension of the table take plain draws.

Sources: Joe and Kuo 2008, SIAM J. Sci. Comput. 30, 2635 (direction numbers, see joe_kuo.txt); Matousek 1998, J.
Complexity 14, 527 (linear matrix scramble with digital shift, which keeps the points a net and makes each one uniform).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.sampling.plain import Plain
from leverage.sampling.streams import CHUNK, MOST, REPEATS, Stream, generator

Bits = NDArray[np.uint64]

DIMENSIONS = 1_024
DIGITS = 52  # binary digits of a point; it stands in the middle of its cell, an odd multiple of 2**-53
ONE = np.uint64(0x3FF) << np.uint64(DIGITS)  # digits under this exponent are the float 1 + point
LOW, MIDDLE = 7, 6  # bits of a point's index within a tile, and of a tile's within a chunk
TILE = REPEATS << LOW
UNDER_ONE = np.array(MOST)
WIDE = 128  # samples that one inner loop of the XOR runs over


class Sobol:
    """The points of ``ids``, which stand in the order of their dimensions."""

    def __init__(self, ids: Sequence[str], seed: int, samples: int) -> None:
        self.columns = len(ids)
        self.repeats = REPEATS
        rest = ids[DIMENSIONS:]
        self.rest = Plain(rest, seed) if rest else None
        self.notes = (
            (f"{len(rest):,} leaves past the {DIMENSIONS:,} Sobol dimensions take plain draws",) if rest else ()
        )
        used = LOW + MIDDLE + ((samples - 1) // CHUNK).bit_length()
        self.tile, self.tiles, self.high = net(min(len(ids), DIMENSIONS), used, seed)

    def chunk(self, c: int) -> SobolStream:
        tiles = self.tiles.copy()
        for k in range(c.bit_length()):
            if c >> k & 1:
                tiles ^= self.high[:, k, None]
        return SobolStream(self.tile, tiles, self.rest.chunk(c) if self.rest else None)


@dataclass
class SobolStream:
    """The points of one chunk: its tiles' words stand ready, a leaf's points are made as they are asked for."""

    tile: Bits  # (d, TILE // WIDE, WIDE)
    tiles: Bits  # (d, tiles of a chunk, scrambles)
    rest: Stream | None
    done: list[int] = field(init=False)  # points of each leaf

    def __post_init__(self) -> None:
        self.done = [0] * len(self.tile)

    def fill(self, k: int, out: Array) -> None:
        if k >= len(self.tile):
            assert self.rest is not None, "there are more leaves than dimensions only with plain draws for the rest"
            return self.rest.fill(k - len(self.tile), out)
        first, self.done[k] = self.done[k], self.done[k] + len(out)
        start = min(-first % TILE, len(out))  # the rest of a tile that was begun
        stop = len(out) - (len(out) - start) % TILE
        self._cut(k, first, out[:start])
        self._whole(k, (first + start) // TILE, out[start:stop])
        self._cut(k, first + stop, out[stop:])
        return None

    def _cut(self, k: int, first: int, out: Array) -> None:
        """Part of a tile."""
        if len(out):
            tile = np.empty(TILE)
            self._whole(k, first // TILE, tile)
            out[:] = tile[first % TILE : first % TILE + len(out)]

    def _whole(self, k: int, first: int, out: Array) -> None:
        """Tiles from one on."""
        tiles = self.tiles[k, first : first + len(out) // TILE]
        words = np.empty((len(tiles), WIDE // REPEATS, REPEATS), dtype=np.uint64)
        words[:] = tiles[:, None]
        made = out.view(np.uint64).reshape(len(words), TILE // WIDE, WIDE)
        np.bitwise_xor(self.tile[k], words.reshape(len(words), 1, WIDE), out=made)
        np.subtract(out, UNDER_ONE, out=out)  # 1 + x - (1 - 2**-53) is exact: the middle of the cell


@lru_cache(maxsize=8)
def net(dimensions: int, used: int, seed: int) -> tuple[Bits, Bits, Bits]:
    """What a seed's points are put together from: one tile, tiles of a chunk, and columns of a chunk's own bits.

    It is kept, since a few thousand points cost no more than this does. Nobody writes into it.
    """
    columns, shift = scrambled(directions(dimensions, used), seed)
    low, middle, high = np.split(columns, (LOW, LOW + MIDDLE), axis=1)
    tile = combined(shift | ONE, low).reshape(dimensions, TILE // WIDE, WIDE)
    return tile, combined(np.zeros_like(shift), middle), high


def combined(start: Bits, columns: Bits) -> Bits:
    """``start`` ``(d, s)`` XOR every subset of ``columns`` ``(d, m, s)``, by index: ``(d, 2**m, s)``."""
    points = start[:, None]
    for k in range(columns.shape[1]):
        points = np.concatenate((points, points ^ columns[:, k, None]), axis=1)
    return points


def directions(dimensions: int, used: int) -> Bits:
    """Direction numbers, shape ``(d, used)``: what bit k of an index adds to the digits of its point.

    With a primitive polynomial of degree s: v[k] = a1 v[k-1] ^ ... ^ a(s-1) v[k-s+1] ^ v[k-s] ^ (v[k-s] >> s).
    """
    polynomials, starts = joe_kuo()[:dimensions, 0], joe_kuo()[:dimensions, 1:]
    degrees = np.array([int(polynomial).bit_length() - 1 for polynomial in polynomials], dtype=np.int64)
    rows = np.arange(dimensions)
    numbers = np.zeros((dimensions, used), dtype=np.uint64)
    for k in range(used):
        far = numbers[rows, np.maximum(k - degrees, 0)]
        number = far ^ (far >> degrees.astype(np.uint64))
        for j in range(1, min(k, starts.shape[1]) + 1):
            # coefficient a(j) is bit s - j of the polynomial; there is none from j = s on
            held = (j < degrees) & (polynomials >> np.maximum(degrees - j, 0).astype(np.uint64) & np.uint64(1) == 1)
            number ^= np.where(held, numbers[:, k - j], np.uint64(0))
        given = starts[:, min(k, starts.shape[1] - 1)] << np.uint64(DIGITS - 1 - k)
        numbers[:, k] = np.where(k < degrees, given, number)
    numbers[:1] = np.uint64(1) << np.arange(DIGITS - 1, DIGITS - 1 - used, -1, dtype=np.uint64)  # van der Corput's
    return numbers


def scrambled(numbers: Bits, seed: int) -> tuple[Bits, Bits]:
    """Direction numbers under 8 random lower triangular matrices, ``(d, used, 8)``, and 8 random shifts, ``(d, 8)``.

    The words of a dimension come from its own stream, one run of them a scramble: (seed, scramble, dimension) alone.
    """
    size = REPEATS * (DIGITS + 1)
    raw = [generator(seed, dimension).bit_generator.random_raw(size) for dimension in range(len(numbers))]
    random = np.array(raw, dtype=np.uint64).reshape(len(numbers), REPEATS, DIGITS + 1) >> np.uint64(64 - DIGITS)
    columns = np.zeros((*numbers.shape, REPEATS), dtype=np.uint64)
    for digit in range(DIGITS):
        below = np.uint64(1) << np.uint64(digit)  # a digit goes on to itself and, at random, to those below it
        column = below | (random[:, :, digit] & (below - np.uint64(1)))
        columns ^= (numbers >> np.uint64(digit) & np.uint64(1))[:, :, None] * column[:, None]
    return columns, random[:, :, DIGITS]


@cache
def joe_kuo() -> Bits:
    """The table, a row a dimension: the primitive polynomial, then the direction integers that start the recurrence."""
    table: Bits = np.load(Path(__file__).with_name("joe_kuo.npy"), allow_pickle=False).astype(np.uint64)
    return table
