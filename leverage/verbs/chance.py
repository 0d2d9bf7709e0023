"""Where chance plays a part: the settings, and the tree's leaves drawn block by block, moved to where they stand.

The draws of a leaf belong to the file; a scenario moves them (`tree.Level`). So scenarios are compared on the same
draws, and a lever that is set keeps its doubt.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.errors import LeverageError
from leverage.program.run import BLOCK
from leverage.sampling.draws import Draws, draws
from leverage.tree.tree import Tree
from leverage.tree.uncertainty import moved

Array = NDArray[np.float64]

SAMPLES = 65_536
SEED = 0
QUANTILES = (0.05, 0.1, 0.5, 0.9, 0.95)
MOST = 2**24  # samples that are kept whole; more wait for the streaming summary


class BadSetting(LeverageError):
    """A setting of a verb that nothing can be computed with."""

    def __init__(self, name: str, value: object, mend: str) -> None:
        super().__init__(f"{name} {value!r}: {mend}")


@dataclass(frozen=True, slots=True)
class Chance:
    """How to draw: number of samples, seed (None draws one), points, threads, samples a block, strict correlations."""

    samples: int = SAMPLES
    seed: int = SEED
    points: str = "sobol"
    threads: int = 1
    block: int = BLOCK
    strict: bool = False

    @classmethod
    def of(
        cls,
        *,
        samples: int = SAMPLES,
        seed: int | None = SEED,
        points: str = "sobol",
        threads: int = 1,
        block: int = BLOCK,
        strict: bool = False,
        rng: Any = None,
    ) -> Chance:
        """The settings, checked; ``rng`` gives one whole number below 2**53, which becomes the seed.

        Raises:
            BadSetting: a count below 1, or more samples than this version keeps.
        """
        if rng is not None:
            seed = int(np.random.default_rng(rng).integers(2**53))
        if seed is None:
            seed = int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(11))
        if _whole("seed", seed) < 0:
            raise BadSetting("seed", seed, "a seed is a whole number from 0")
        counts = {"samples": samples, "threads": threads, "block": block}
        for name, count in counts.items():
            if _whole(name, count) < 1:
                raise BadSetting(name, count, "give at least 1")
        if samples > MOST:
            raise BadSetting("samples", samples, f"this version keeps every sample; give at most {MOST:,}")
        return cls(int(samples), int(seed), points, int(threads), int(block), strict)

    def to_run(self) -> dict[str, Any]:
        """What a run prints of it."""
        return {"seed": self.seed, "samples": self.samples, "points": self.points}


def _whole(name: str, value: Any) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise BadSetting(name, value, "give a whole number") from None


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """The tree's uncertain leaves, ready to be drawn. ``notes``: what the correlations had to give."""

    tree: Tree
    chance: Chance
    draws: Draws
    clipped: dict[tuple[str, int], int]

    @property
    def ids(self) -> tuple[str, ...]:
        """The leaves that are drawn: those whose doubt stands."""
        return self.tree.uncertain

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about the draws: correlations that moved, draws that met the end of their support."""
        counts: dict[str, int] = {}
        for (id, _), count in self.clipped.items():
            counts[id] = counts.get(id, 0) + count
        met = (
            f"{count:,} of {self.chance.samples:,} draws of {id} left its possible range after the change and were "
            "put at its end"
            for id, count in sorted(counts.items())
            if count
        )
        return (*self.draws.notes, *met)

    def blocks(self, chunk: int) -> Iterator[tuple[int, int, dict[str, Array]]]:
        """Start, stop and each leaf's draws where it stands, block by block."""
        for start, stop, drawn in self.draws.blocks(chunk, self.chance.block):
            standing = {}
            for id, values in drawn.items():
                distribution = self.tree.metrics[id].uncertainty
                if distribution is None or self.tree.levels[id].certain:
                    continue  # its doubt has ended: the program has its level
                standing[id], clipped = moved(values, distribution, self.tree.levels[id])
                if clipped:
                    self.clipped[id, start] = clipped
            yield start, stop, standing

    def each_chunk(self, work: Callable[[int], None]) -> None:
        """Call ``work`` with each chunk's number, on the threads that the settings name."""
        chunks = range(self.draws.chunks)
        if self.chance.threads == 1:
            for chunk in chunks:
                work(chunk)
        else:
            with ThreadPoolExecutor(self.chance.threads) as pool:
                list(pool.map(work, chunks))


def cast(tree: Tree, chance: Chance) -> Cast:
    """The tree's uncertain leaves as the settings draw them.

    Leaves whose doubt has ended keep their place among the draws, so that a scenario changes no other leaf's draws.
    """
    leaves = [(id, m.uncertainty) for id, m in sorted(tree.metrics.items()) if m.uncertainty is not None]
    drawn = draws(
        leaves,
        tree.correlations,
        seed=chance.seed,
        samples=chance.samples,
        points=chance.points,
        strict=chance.strict,
    )
    return Cast(tree, chance, drawn, {})
