"""What a draw depends on: the words that seed it, and nothing about blocks, threads or the order of work.

The unit of work is a chunk of 65,536 samples. A stream gives the points of one chunk in order, in blocks of any size;
chunks may be taken in any order and by any number of threads, since streams share nothing that changes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

import numpy as np

from leverage.panels import Array
from leverage.tree.families import family

if TYPE_CHECKING:
    from numpy.random import Generator

CHUNK = 65_536  # samples to a unit of work, of random streams, of merging and of checkpoints
REPEATS = 8  # independent groups whose spread tells the error; divides a chunk, so a group is met evenly in each
LEAST = family.LEAST  # what a 0 of a generator stands for
MOST = 1 - 2.0**-53  # the last number below 1


class Stream(Protocol):
    """The points of one chunk, in the order of their index; each leaf goes at its own pace."""

    def fill(self, k: int, out: Array) -> None:
        """Write leaf k's next coordinates, from 0 to below 1, into a row; a 0 stands for the least point, `LEAST`."""
        ...


class Points(Protocol):
    """Points of the unit cube, each a function of its index, the seed and the leaves alone."""

    @property
    def columns(self) -> int:
        """Leaves, one coordinate each."""
        ...

    @property
    def repeats(self) -> int:
        """Independent groups: sample i belongs to group ``i % repeats``; 1 where every sample is independent."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that a reader of the figures needs."""
        ...

    def chunk(self, c: int) -> Stream:
        """A new stream of the points from ``c * CHUNK`` on; it ends with the chunk."""
        ...


def words(id: str) -> tuple[int, int]:
    """A leaf's id as two words of 32 bits: the same on every machine, which Python's own ``hash`` is not.

    >>> words("price")
    (2618929090, 2975707196)
    """
    digest = hashlib.blake2b(id.encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def generator(seed: int, *key: int) -> Generator:
    """SFC64, the fastest of NumPy's generators, on its own stream for each key (words of 32 bits)."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key)))
