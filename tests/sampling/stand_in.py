"""Distributions of a few lines, so that draws are judged without the ones of the tree."""

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


@dataclass(frozen=True)
class Coin:
    """1 with the given chance, else 0."""

    chance: float
    discrete: bool = True

    def quantile(self, p):
        return (p > 1 - self.chance).astype(np.float64)
