"""What is left of a metric's samples once they are summed up: the samples themselves, or counts between edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leverage.errors import LeverageError
from leverage.sampling.partial import Partial, counted, ordered
from leverage.verbs.draws import chance

Array = NDArray[np.float64]

ROUNDING = 1e-12  # of a figure, below which samples are the same
LEAST = 1e-300  # below which floats have no room for bins


class NotKept(LeverageError):
    """The draws of a run that was too long to keep them."""

    def __init__(self, id: str, samples: int) -> None:
        most = f"{chance.KEPT:,}"
        super().__init__(
            f"the samples of {id} were not kept: {samples:,} were asked for, and above {most} they are summed up as "
            f"they come; ask for at most {most}, or read the summary"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Samples that are there, (n,) a metric."""

    drawn: Mapping[str, Array] = field(repr=False)

    def samples(self, id: str) -> Array:
        """The draws of a metric."""
        return self.drawn[id]

    def histogram(self, id: str, bins: int) -> tuple[Array, Array]:
        """Counts and edges of bins of one width, of the finite samples."""
        values = self.drawn[id][np.isfinite(self.drawn[id])]
        if not len(values):
            return np.zeros(1), np.array([0.0, 1.0])
        counts, ends = np.histogram(values, bins, _ends(float(values.min()), float(values.max())))
        return counts.astype(float), ends

    def levels(self, id: str, probabilities: Array) -> Array:
        """Quantiles of the finite samples; none where there is none."""
        values = self.drawn[id][np.isfinite(self.drawn[id])]
        return np.quantile(values, probabilities) if len(values) else np.zeros(0)


def _ends(low: float, high: float) -> tuple[float, float]:
    """From where to where bins go: beyond samples that differ by rounding alone, between which no bin fits."""
    size = max(abs(low), abs(high))
    wide = 0.0 if high - low > max(ROUNDING * size, LEAST) else max(0.5, size * 1e3 * ROUNDING)
    return low - wide, high + wide


@dataclass(frozen=True, slots=True, eq=False)
class Heaped:
    """Samples of which the counts between edges are there."""

    totals: Mapping[str, tuple[Partial, Array]] = field(repr=False)
    count: int

    def samples(self, id: str) -> Array:
        """None are kept.

        Raises:
            NotKept: always.
        """
        raise NotKept(id, self.count)

    def histogram(self, id: str, bins: int) -> tuple[Array, Array]:
        """Counts and edges of bins of one width, to a few of a thousand samples."""
        counts, ends = counted(*self.totals[id], bins)
        return counts.astype(float), ends

    def levels(self, id: str, probabilities: Array) -> Array:
        """Quantiles of the finite samples, read between edges; none where there is none."""
        levels = ordered(*self.totals[id]).quantiles(probabilities)
        return levels[np.isfinite(levels)]
