"""What is each leaf's fair share of the spread, where leaves may move together? Shapley effects, by walks.

A coalition of players is worth the variance that is left when all others are known, c(u) = E[Var(f | X of the others)];
a player's effect is what it adds, averaged over all orders in which players may come (Owen 2014, SIAM/ASA J. Uncertain.
Quantif. 2, 245; Song, Nelson and Staum 2016, ibid. 4, 1060). Effects add up to the whole variance however leaves depend
on each other, which first and total indices do not.

One walk draws every player anew, one after another in an order of its own, each given those that are still to come
(Goda 2021, Comput. Stat. Data Anal. 153, 107057), so k players cost k + 1 evaluations. With y_0 the goal less its mean
before and y_t after t players, those still to come explain E[y_0 y_t] of the variance, and step t adds the mean of

    (y_t - y_(t-1)) (w (y_t + y_(t-1)) / 2 - y_0)

with any weight w, for the variance does not change on the way. With w = 1 it is half the difference of the squared
distances from y_0, good as long as the walk is near its beginning; w = 0 is good at its end. So w falls evenly from 1
to 0. Of players that do not depend on each other the walk may be read from its end, too; the mean of both readings is

    (y_t - y_(t-1)) (y_k - y_0) / 2.

What is known before is not estimated: of an additive surrogate (`influence.ties`) the effects are exact, and the same
steps of it are taken away from the goal's.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leverage.influence.interval import Index, ratio
from leverage.influence.sobol import SAME, NoFigure, NoSpread
from leverage.panels import Array

if TYPE_CHECKING:
    from numpy.random import Generator

Orders = NDArray[np.int64]

ALL = 5  # players of whom every order is gone through, evenly
BATCH = 64  # points of one scramble that walk in one order: as good as 16, and a third of the time
BATCHES = 16  # orders that a repeat has at least, where there are so many points


def orders(players: int, rng: Generator, count: int) -> Orders:
    """Orders at random, (count, k), ``count`` even: each with its reverse after it, so that pairs are met both ways.

    Up to `ALL` players all orders come once before any comes again. More take Latin squares: in k orders that follow
    each other, reverses aside, each player has each place once.
    """
    half, found = count // 2, list[Orders]()
    while sum(map(len, found)) < half:
        found.append(_every(players, rng) if players <= ALL else _square(players, rng))
    chosen = np.concatenate(found)[:half]
    both: Orders = np.stack((chosen, chosen[:, ::-1]), axis=1).reshape(2 * half, players)
    return both


def _every(players: int, rng: Generator) -> Orders:
    """One of each order and its reverse."""
    way = np.array([way for way in permutations(range(players)) if way <= way[::-1]], dtype=np.int64)
    return rng.permutation(way)


def _square(players: int, rng: Generator) -> Orders:
    """A Latin square, its rows, columns and players at random."""
    rows, columns, names = (rng.permutation(players) for _ in range(3))
    found: Orders = names[np.add.outer(rows, columns) % players]
    return found


def batch(points: int) -> int:
    """How many of a repeat's points walk in one order: a power of 2, of which a multiple is a chunk's.

    >>> batch(1024), batch(128), batch(3)
    (64, 8, 1)
    """
    return min(BATCH, 1 << max(0, (points // BATCHES).bit_length() - 1))


def added(walk: Array, apart: bool) -> Array:
    """What each step of walks adds to the spread, (k, m), from goals of mean 0 before and after them, (k + 1, m).

    ``apart``: players are independent.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # walks that are not finite are left out afterwards
        steps, begin, end = np.diff(walk, axis=0), walk[0], walk[-1]
        weight = 1 - (np.arange(len(steps)) + 0.5)[:, None] / len(steps)
        middle = 0.5 * (end + begin) if apart else weight * 0.5 * (walk[1:] + walk[:-1])
        found: Array = steps * (middle - begin)
    return found


def shares(sums: Mapping[str, Array], known: Array) -> Index:
    """The effects, (k,), as shares of the whole that add up to 1, from sums over all walks.

    Args:
        sums: by name ``added`` (8, k), what players added beyond the surrogate, and ``count`` (8,) of walks.
        known: of each repeat, the effects of the surrogate, (8, k).

    Raises:
        NoSpread: the goal is the same in every sample.
        NoFigure: it is finite in none of the walks.
    """
    if not sums["count"].any():
        raise NoFigure
    with np.errstate(divide="ignore", invalid="ignore"):
        effects = known + sums["added"] / sums["count"][:, None]
    whole = effects.sum(axis=1)
    if not whole.mean() > SAME:
        raise NoSpread
    return ratio(effects, whole)
