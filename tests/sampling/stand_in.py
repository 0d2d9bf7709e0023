"""Distributions of a few lines, so that draws are judged without the ones of the tree; points as one array."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Flat:
    """Even between two bounds."""

    low: float = 0.0
    high: float = 1.0
    discrete: bool = False

    def quantile(self, p):
        return self.low + (self.high - self.low) * p

    @property
    def turn(self):
        def make(row, spare):
            row *= self.high - self.low
            row += self.low

        return "points", make


@dataclass(frozen=True)
class Coin:
    """1 with the given chance, else 0."""

    chance: float
    discrete: bool = True
    turn: None = None

    def quantile(self, p):
        return (p > 1 - self.chance).astype(np.float64)


def taken(made, chunk, count, block=None):
    """The first ``count`` points of a chunk, shape (d, count), ``block`` at a time."""
    stream, found, block = made.chunk(chunk), np.empty((made.columns, count)), block or count
    for start in range(0, count, block):
        for k, row in enumerate(found):
            stream.fill(k, row[start : start + block])
    return found
