"""A distribution is a name and numbers, so it compares, pickles and travels; what they mean is the row of that name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from leverage.tree.families import bounded, counts, history, positive, quantiles, truncated, unbounded
from leverage.tree.families.family import Array, Atoms, Family

FILES = (unbounded, positive, bounded, counts, quantiles, truncated, history)
DISTRIBUTIONS: Mapping[str, Family] = MappingProxyType({row.name: row for file in FILES for row in file.ROWS})
HALF = np.array([0.5])


@dataclass(frozen=True, slots=True)
class Distribution:
    """How likely a leaf's figures are. Equal when name and parameters are, however they were written.

    Args:
        name: its row in `DISTRIBUTIONS`.
        text: as the file has it.
        given: the row's parameters, names and values.

    >>> Distribution("uniform", "uniform(60, 80)", (("low", 60.0), ("high", 80.0))).quantile(np.array([0.1, 0.5]))
    array([62., 70.])
    """

    name: str
    text: str = field(compare=False)
    given: tuple[tuple[str, Any], ...]

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The row's parameters by name."""
        return MappingProxyType(dict(self.given))

    def quantile(self, p: Array, above: Array | None = None) -> Array:
        """The level that a share ``p`` of the draws, within (0, 1) and of any shape, does not pass.

        Args:
            above: 1 - p, where it is known better than the float p tells it (p = 1 - 1e-20).

        A level too large for a float is infinite.
        """
        p = np.asarray(p, dtype=np.float64)
        q = 1 - p if above is None else np.asarray(above, dtype=np.float64)
        with np.errstate(over="ignore", divide="ignore"):  # as said: infinite
            return self._row.quantile(p.ravel(), q.ravel(), *self._values).reshape(p.shape)

    def shares(self, x: Array) -> tuple[Array, Array]:
        """The share of the draws at or below x, and the share above it, each with its own digits."""
        x = np.asarray(x, dtype=np.float64)
        with np.errstate(over="ignore", divide="ignore"):  # exp and log at a tail's end: a share of 0
            below, above = self._row.shares(x.ravel(), *self._values)
        return below.reshape(x.shape), above.reshape(x.shape)

    def cdf(self, x: Array) -> Array:
        """The share of the draws at or below x, of any shape."""
        return self.shares(x)[0]

    def atoms(self) -> Atoms:
        """Of a discrete distribution the levels, the share at or below each, and the share above it."""
        assert self._row.atoms is not None, f"{self.name} has no separate levels"
        return self._row.atoms(*self._values)

    @property
    def mean(self) -> float | None:
        """The mean, or None where it is infinite or undefined."""
        found = self._row.mean(*self._values)
        return found if found is not None and math.isfinite(found) else None

    @property
    def variance(self) -> float:
        """The variance, in the square of the figure's unit.

        Infinite where a tail is too heavy for one, or it is past what floats hold; NaN where no mean is defined for
        draws to spread round (cauchy, student_t with df up to 1).
        """
        with np.errstate(over="ignore"):  # as said: infinite
            return float(self._row.variance(*self._values))

    @property
    def median(self) -> float:
        """The median; the value of a leaf that gives none."""
        row = self._row
        return float(row.median(*self._values)) if row.median else float(self.quantile(HALF)[0])

    @property
    def support(self) -> tuple[float, float]:
        """Between which levels the draws lie."""
        return self._row.support(*self._values)

    @property
    def limits(self) -> tuple[float, float]:
        """The bounds of the figure itself, which draws may not leave when the level moves.

        They are the support, except where its ends only say how far the doubt reaches (uniform, triangular, pert, beta,
        arcsine, discrete, history): those move with the level, unless they are 0, or 0 and 1.
        """
        row = self._row
        return row.limits(*self._values) if row.limits else self.support

    @property
    def discrete(self) -> bool:
        """Its draws are separate levels."""
        return self._row.discrete(*self._values)

    @property
    def turn(self) -> tuple[str, Callable[[Array, Array], None]] | None:
        """The family's own way to draws, if it has one: what it starts from, and what to do with a row and a spare one.

        See `leverage.tree.families.family.Turn`.
        """
        turn, values = self._row.turn, self._values
        return None if turn is None else (turn.start, lambda row, spare: turn.make(row, spare, *values))

    @property
    def _row(self) -> Family:
        return DISTRIBUTIONS[self.name]

    @property
    def _values(self) -> tuple[Any, ...]:
        return tuple(value for _, value in self.given)
