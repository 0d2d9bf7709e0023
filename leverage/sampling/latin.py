"""Latin hypercubes: 8 independent repeats, each with one sample in every stratum of every leaf.

Repeat r holds the samples i with ``i % 8 == r``; where 8 does not divide the number of samples, repeats differ by one.
Which stratum a sample falls in is a random permutation of the repeat's samples, of (seed, leaf, repeat) alone. It is
computed at the samples asked for by a Feistel network (as ciphers are built), so nothing of the samples' length is held
and chunks come in any order; numbers beyond the strata walk on through the permutation until they are inside.

Sources: McKay, Beckman and Conover 1979, Technometrics 21, 239; Black and Rogaway 2002, CT-RSA, section 4 (walking).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.sampling.plain import Plain, PlainStream
from leverage.sampling.streams import CHUNK, MOST, REPEATS, generator, words

Words = NDArray[np.uint32]
Index = NDArray[np.int64]

ROUNDS = (
    6  # with four, pairs half a range apart are told from chance (chi-squared, 400,000 keys); with six they are not
)
LEAST_BITS = 8  # fewer are told from chance with any number of rounds; walking makes up for them
MIX, REMIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)  # odd, with bits in no order


class Latin:
    """The points of ``ids``: eight Latin hypercubes of ``samples / 8`` points each, dealt out in turn."""

    notes: tuple[str, ...] = ()

    def __init__(self, ids: Sequence[str], seed: int, samples: int) -> None:
        self.columns = len(ids)
        self.repeats = REPEATS
        self.plain = Plain(ids, seed)
        drawn = [generator(seed, *words(id)).bit_generator.random_raw(ROUNDS * REPEATS) for id in ids]
        self.keys = [(np.asarray(raw) >> np.uint64(32)).astype(np.uint32).reshape(ROUNDS, REPEATS, 1) for raw in drawn]
        self.sizes = np.array([[max(1, -(-(samples - r) // REPEATS))] for r in range(REPEATS)])

    def chunk(self, c: int) -> LatinStream:
        return LatinStream(self.keys, self.sizes, self.plain.chunk(c), c * CHUNK)


@dataclass
class LatinStream:
    """The points of one chunk: the strata of its samples, and plain draws for the places within them."""

    keys: list[Words]  # one a leaf, (ROUNDS, REPEATS, 1)
    sizes: Index  # (REPEATS, 1), strata of each repeat
    within: PlainStream
    done: int

    def next(self, b: int) -> Array:
        first, skipped = divmod(self.done, REPEATS)
        self.done += b
        # the last row may stand past the end of a repeat; it is not asked for, and must not walk outside for ever
        index = np.minimum(np.arange(first, -(-self.done // REPEATS)), self.sizes - 1)
        asked = slice(skipped, skipped + b)
        sizes = np.tile(self.sizes.ravel().astype(np.float64), index.shape[1])[asked]
        points = self.within.next(b)
        for keys, row in zip(self.keys, points, strict=True):
            row += permuted(index, keys, self.sizes).T.ravel()[asked]
            row /= sizes
        return np.minimum(points, MOST, out=points)


def permuted(index: Index, keys: Words, sizes: Index) -> Index:
    """Where each index of ``[0, size)`` goes, repeat by repeat.

    Args:
        index: shape ``(r, n)``, each below its size.
        keys: shape ``(rounds, r, 1)``, random words.
        sizes: shape ``(r, 1)``.

    >>> keys = np.arange(6, dtype=np.uint32).reshape(6, 1, 1)
    >>> sorted(permuted(np.arange(5)[None], keys, np.array([[5]]))[0].tolist())
    [0, 1, 2, 3, 4]
    """
    bits = max(LEAST_BITS, (int(sizes.max()) - 1).bit_length())
    places = network(index, keys, bits)
    rows, columns = np.nonzero(places >= sizes)
    while len(rows):
        walked = network(places[rows, columns], keys[:, rows, 0], bits)
        places[rows, columns] = walked
        outside = walked >= sizes[rows, 0]
        rows, columns = rows[outside], columns[outside]
    return places


def network(index: Index, keys: Words, bits: int) -> Index:
    """A permutation of the numbers of ``bits`` bits: each half in turn is XORed with a hash of the other."""
    widths = bits - bits // 2, bits // 2
    halves = [(index >> widths[1]).astype(np.uint32), (index & (1 << widths[1]) - 1).astype(np.uint32)]
    for k, key in enumerate(keys):
        hash = (halves[1 - k % 2] + key) * MIX
        hash ^= hash >> np.uint32(15)
        hash *= REMIX
        hash >>= np.uint32(32 - widths[k % 2])  # the upper bits are the well mixed ones
        halves[k % 2] ^= hash
    return halves[0].astype(np.int64) << widths[1] | halves[1]
