"""Rows for blocks of samples, from memory that is used again.

Fresh memory costs more than what is computed in it: each of its pages is cleared by the system at first touch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LINE = 8  # figures in a line of the cache
SPARES, LARGEST = 4, 2**23  # how much is kept for the next who asks: so many pieces, of so many figures at most

_spare: list[Array] = []


def rows(count: int, length: int, memory: Array | None = None) -> list[Array]:
    """So many rows, each a few lines of the cache beside a round length, so that they do not crowd its sets."""
    stride = _stride(length)
    flat = np.empty(count * stride) if memory is None else memory
    return [flat[at * stride : at * stride + length] for at in range(count)]


@contextmanager
def borrowed(count: int, length: int) -> Iterator[list[Array]]:
    """`rows` that nobody may look at afterwards: their memory goes to the next who borrows."""
    size = count * _stride(length)
    try:
        memory = _spare.pop()  # one step, so that no two threads get the same
    except IndexError:
        memory = np.empty(size)
    if len(memory) < size:
        memory = np.empty(size)
    try:
        yield rows(count, length, memory)
    finally:
        if len(memory) <= LARGEST and len(_spare) < SPARES:
            _spare.append(memory)


def _stride(length: int) -> int:
    lines = -(-length // LINE)
    return LINE * (lines + 1 - lines % 2)
