"""Which of thousands of leaves matter at all? Elementary effects, by trajectories that move one leaf after another.

A leaf stands on one of four levels, evenly spread in its probability: 1/8, 3/8, 5/8 and 7/8, so that leaves without
bounds have their place. Its elementary effect is what the goal gains when the leaf jumps by half of its probability,
divided by that half: the goal's unit, as if all of the leaf's range were gone through. A trajectory moves every leaf
once, each from where those before it left off, so d leaves cost d + 1 evaluations.

The mean of the effects' sizes, mu*, ranks leaves; sigma tells that a leaf's effect bends, or depends on others (Morris
1991, Technometrics 33, 161; mu*: Campolongo, Cariboni and Saltelli 2007, Environ. Model. Softw. 22, 1509). All levels
are as likely after a jump as before it, so effects have one distribution in whatever order the leaves move: all
trajectories take the same one, and run side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.influence.interval import REPEATS, Index
from leverage.panels import Array

Levels = NDArray[np.int64]

LEVELS = 4
JUMP = 0.5  # of probability
GRID = (np.arange(LEVELS) + 0.5) / LEVELS


@dataclass(frozen=True, eq=False)
class Effects:
    """Elementary effects of k players, in the goal's unit: mean, mean size with its interval, standard deviation, (k,).

    One of which no effect is finite has not a number.
    """

    mu: Array
    mu_star: Index
    sigma: Array


def jumps(points: Array, leaders: NDArray[np.intp]) -> tuple[Levels, Levels]:
    """The levels, 0 to 3, of draws before and after their jump, both (d, b).

    Args:
        points: from 0 to 1, (d, b).
        leaders: of each draw the one whose way it goes: draws of one player rise, or fall, together.
    """
    level = np.minimum((points * LEVELS).astype(np.int64), LEVELS - 1)
    half = LEVELS // 2
    upper = level[leaders] >= half
    return level % half + half * upper, level % half + half * ~upper


def effects(changes: Array) -> Effects:
    """What is told of elementary effects (k, r), r a multiple of 8, in the order of repeats."""
    known = np.isfinite(changes)
    found, each = np.where(known, changes, 0.0), (len(changes), changes.shape[1] // REPEATS, REPEATS)
    with np.errstate(divide="ignore", invalid="ignore"):
        count = known.sum(axis=1)
        mu = found.sum(axis=1) / count
        apart = np.where(known, changes - mu[:, None], 0.0)
        sigma = np.sqrt((apart**2).sum(axis=1) / np.where(count > 1, count - 1, np.nan))
        sizes = np.abs(found).reshape(each).sum(axis=1) / known.reshape(each).sum(axis=1)
    mean = np.abs(found).sum(axis=1) / np.maximum(count, 1)
    return Effects(mu, Index(np.where(count > 0, mean, np.nan), (sizes - sizes.mean(axis=1, keepdims=True)).T), sigma)
