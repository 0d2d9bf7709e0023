"""How sure is an index? 95 % intervals from the spread of the 8 independent repeats' own figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array

REPEATS = 8  # sample i belongs to repeat i % 8
T95 = 2.3646242515927844  # 97.5 % of Student's t with 7 degrees of freedom


@dataclass(frozen=True, eq=False)
class Index:
    """Estimates, (k,), with the standard error of each; ``repeats`` (8, k) are deviations that add up to none.

    The interval is Student's, with 7 degrees of freedom; where the error is 0, so is its length.
    """

    value: Array
    repeats: Array

    @property
    def error(self) -> Array:
        """Standard errors, (k,)."""
        return errors(self.repeats)

    @property
    def low(self) -> Array:
        """The lower ends of the 95 % intervals, (k,)."""
        return self.value - T95 * self.error

    @property
    def high(self) -> Array:
        """The upper ends of the 95 % intervals, (k,)."""
        return self.value + T95 * self.error

    def among(self, places: Sequence[int], count: int) -> Index:
        """These estimates at their places among ``count``; all others are exactly 0."""
        value, repeats = np.zeros(count), np.zeros((len(self.repeats), count))
        value[list(places)], repeats[:, list(places)] = self.value, self.repeats
        return Index(value, repeats)


def errors(repeats: Array) -> Array:
    """The standard error of the mean of 8 independent figures or of their deviations, shape ``(8, ...)``."""
    spread: Array = repeats.std(axis=0, ddof=1) / np.sqrt(len(repeats))
    return spread


def ratio(above: Array, below: Array) -> Index:
    """The ratio of two means, of repeats ``above`` (8, k) and ``below`` (8,), which is above 0.

    Errors are those of the ratio made straight where it stands (the delta method): above minus ratio times below.
    """
    whole = below.mean()
    value = above.mean(axis=0) / whole
    return Index(value, (above - value * below[:, None]) / whole)
