"""Plain draws: draw i of a leaf is a function of (seed, leaf, i) alone, so another leaf leaves it as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leverage.panels import Array
from leverage.sampling.streams import generator, words

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Plain:
    """Independent points, from one generator a leaf and chunk.

    >>> import numpy as np
    >>> row = np.empty(3)
    >>> Plain(("cost", "price"), seed=0).chunk(0).fill(1, row)
    >>> row.round(3)
    array([0.822, 0.506, 0.351])
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

    def fill(self, k: int, out: Array) -> None:
        self.generators[k].random(out=out)
