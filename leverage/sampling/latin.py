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
HALF_MIXED = np.uint32(15)
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
        return LatinStream(self.keys, self.sizes, self.plain.chunk(c), [c * CHUNK] * self.columns)


@dataclass
class LatinStream:
    """The points of one chunk: the strata of its samples, and plain draws for the places within them."""

    keys: list[Words]  # one a leaf, (ROUNDS, REPEATS, 1)
    sizes: Index  # (REPEATS, 1), strata of each repeat
    within: PlainStream
    done: list[int]  # samples of each leaf

    def fill(self, k: int, out: Array) -> None:
        first, skipped = divmod(self.done[k], REPEATS)
        self.done[k] += len(out)
        # the last row may stand past the end of a repeat; it is not asked for, and must not walk outside for ever
        index = np.minimum(np.arange(first, -(-self.done[k] // REPEATS)), self.sizes - 1)
        asked = slice(skipped, skipped + len(out))
        self.within.fill(k, out)
        out += permuted(index, self.keys[k], self.sizes).T.ravel()[asked]
        if self.sizes[0] == self.sizes[-1]:  # sizes fall by one somewhere, or are all the same
            out /= float(self.sizes[0, 0])
        else:
            out /= np.tile(self.sizes.ravel().astype(np.float64), index.shape[1])[asked]
        np.minimum(out, MOST, out=out)


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
    flat = places.reshape(-1)
    walking = np.flatnonzero(flat >= np.repeat(sizes, index.shape[1])) if (sizes < 1 << bits).any() else index[:0, 0]
    while len(walking):
        rows = walking // index.shape[1]
        walked = network(flat[walking], keys[:, rows, 0], bits)
        flat[walking] = walked
        walking = walking[walked >= sizes[rows, 0]]
    return places


def network(index: Index, keys: Words, bits: int) -> Index:
    """A permutation of the numbers of ``bits`` bits: each half in turn is XORed with a hash of the other."""
    widths = bits - bits // 2, bits // 2
    halves = [(index >> widths[1]).astype(np.uint32), (index & (1 << widths[1]) - 1).astype(np.uint32)]
    hash, low = np.empty_like(halves[0]), np.empty_like(halves[0])
    for k, key in enumerate(keys):
        np.add(halves[1 - k % 2], key, out=hash)
        np.multiply(hash, MIX, out=hash)
        np.right_shift(hash, HALF_MIXED, out=low)
        np.bitwise_xor(hash, low, out=hash)
        np.multiply(hash, REMIX, out=hash)
        np.right_shift(hash, np.uint32(32 - widths[k % 2]), out=hash)  # the upper bits are the well mixed ones
        np.bitwise_xor(halves[k % 2], hash, out=halves[k % 2])
    places = halves[0].astype(np.int64)
    places <<= widths[1]
    places |= halves[1]
    return places
