"""The settings of chance: how to draw, and where and how to work through the draws."""

from __future__ import annotations

import operator
import os
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from leverage.errors import LeverageError
from leverage.work.place import checked
from leverage.work.progress import Progress

SAMPLES = 65_536
SEED = 0
QUANTILES = (0.05, 0.1, 0.5, 0.9, 0.95)
KEPT = 2**24  # samples that are kept whole; more are summed up as they come
HELD = 2**27  # samples (1 GB) of all cells together, in a model over axes
MOST = 2**40  # samples: days on a hundred cores, and errors far below those of any model


class BadSetting(LeverageError):
    """A setting of a verb that nothing can be computed with."""

    def __init__(self, name: str, value: object, mend: str) -> None:
        super().__init__(f"{name} {value!r}: {mend}")


@dataclass(frozen=True, slots=True)
class Chance:
    """How to draw: number of samples, seed (None draws one), points, strict correlations; and how to work through them.

    ``threads`` or ``executor`` (`work.place`): where. ``block``: samples at a time, None as many as suit the program.
    ``checkpoint``: a file to go on from. ``progress``: True for a bar, or a function of done and total.
    """

    samples: int = SAMPLES
    seed: int = SEED
    points: str = "sobol"
    threads: int = 1
    block: int | None = None
    strict: bool = False
    executor: Executor | str | None = None
    checkpoint: str | None = None
    progress: bool | Progress | None = None

    @classmethod
    def of(
        cls,
        *,
        samples: int = SAMPLES,
        seed: int | None = SEED,
        points: str = "sobol",
        threads: int = 1,
        block: int | None = None,
        strict: bool = False,
        executor: Executor | str | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        progress: bool | Progress | None = None,
        rng: Any = None,
    ) -> Chance:
        """The settings, checked; ``rng`` gives one whole number below 2**53, which becomes the seed.

        Raises:
            BadSetting: a count below 1, more samples than anybody waits for, or threads beside an executor.
            BadExecutor: neither an executor nor the address of one.
        """
        if rng is not None:
            seed = int(np.random.default_rng(rng).integers(2**53))
        if seed is None:
            seed = int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(11))
        if _whole("seed", seed) < 0:
            raise BadSetting("seed", seed, "a seed is a whole number from 0")
        counts = {"samples": samples, "threads": threads, **({} if block is None else {"block": block})}
        for name, count in counts.items():
            if _whole(name, count) < 1:
                raise BadSetting(name, count, "give at least 1")
        if samples > MOST:
            raise BadSetting("samples", samples, f"give at most {MOST:,}")
        if executor is not None and threads > 1:
            raise BadSetting("threads", threads, "an executor has its own workers; give one of the two")
        return cls(
            int(samples),
            int(seed),
            points,
            int(threads),
            None if block is None else int(block),
            strict,
            checked(executor),
            checkpoint if checkpoint is None or isinstance(checkpoint, str) else os.fspath(checkpoint),
            progress,
        )

    def to_run(self) -> dict[str, Any]:
        """What a run prints of it."""
        return {"seed": self.seed, "samples": self.samples, "points": self.points}


def _whole(name: str, value: Any) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise BadSetting(name, value, "give a whole number") from None
