"""Samples whose misses lie where a test put them."""

from __future__ import annotations

import numpy as np

from leverage.influence.boxes import Flags
from leverage.panels import Array


def uniform(k: int, n: int, seed: int = 0) -> Array:
    """Levels of k leaves between 0 and 1, (k, n)."""
    return np.random.default_rng(seed).random((k, n))


def with_chance(chances: Array, seed: int = 0) -> Flags:
    """Misses with the chance of each sample."""
    missed: Flags = np.random.default_rng(10**6 + seed).random(len(chances)) < chances
    return missed
