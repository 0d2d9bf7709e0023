"""Plain draws: draw i of a leaf is a function of (seed, leaf, i) alone, so another leaf leaves it as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leverage.panels import Array
from leverage.sampling.streams import LEAST, generator, words

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Plain:
    """Independent points, from one generator a leaf and chunk.

    >>> Plain(("cost", "price"), seed=0).chunk(0).next(3).shape
    (2, 3)
    """

    ids: Sequence[str]
    seed: int
    repeats: int = 1
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> int:
        return len(self.ids)

    def chunk(self, c: int) -> PlainStream:
        return PlainStream(tuple(generator(self.seed, *words(id), c) for id in self.ids))


@dataclass
class PlainStream:
    """The plain draws of one chunk."""

    generators: tuple[Generator, ...]

    def next(self, b: int) -> Array:
        points = np.empty((len(self.generators), b))
        for source, row in zip(self.generators, points, strict=True):
            source.random(out=row)
            np.maximum(row, LEAST, out=row)
        return points
