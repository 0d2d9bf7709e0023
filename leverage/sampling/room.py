"""Memory that draws are written into, again and again: fresh memory costs as much as a tenth of the arithmetic.

A stream of blocks borrows a room and gives it back; it is nobody else's meanwhile, on whatever thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array
from leverage.sampling.table import Spare

IDLE = 2**23  # numbers (64 MB) in a room that is worth keeping
WAITING = 8  # rooms, as many as threads that draw at once on most machines


@dataclass(frozen=True, eq=False)
class Room:
    """Numbers for the rows of all leaves, for the scores of correlated ones, and for one leaf's arithmetic."""

    numbers: Array  # one axis
    scores: Array  # one axis
    spare: Spare

    def rows(self, leaves: int, b: int) -> Array:
        """A row a leaf, shape ``(d, b)``."""
        return self.numbers[: leaves * b].reshape(leaves, b)

    def group(self, leaves: int, b: int) -> Array:
        """A row of scores for each correlated leaf."""
        return self.scores[: leaves * b].reshape(leaves, b)


_waiting: list[Room] = []


@contextmanager
def borrowed(numbers: int, scores: int, b: int) -> Iterator[Room]:
    """A room of at least that many numbers and scores, where blocks of b samples are drawn."""
    room = _found(numbers, scores, b)
    try:
        yield room
    finally:
        if len(_waiting) < WAITING and len(room.numbers) + len(room.scores) <= IDLE:
            _waiting.append(room)


def _found(numbers: int, scores: int, b: int) -> Room:
    try:
        room = _waiting.pop()  # one step, so no two threads get the same
    except IndexError:
        return Room(np.empty(numbers), np.empty(scores), Spare.of(b))
    had = len(room.numbers), len(room.scores), len(room.spare.odds)
    if all(there >= asked for there, asked in zip(had, (numbers, scores, b), strict=True)):
        return room
    return Room(np.empty(max(numbers, had[0])), np.empty(max(scores, had[1])), Spare.of(max(b, had[2])))
