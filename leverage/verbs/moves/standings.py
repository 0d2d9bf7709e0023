"""How do levers that are tried on the same draws stand to each other? Counts of whole numbers, draw by draw.

No order of blocks or threads changes a bit of them. What is not finite gains less than all else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

FIRST = 3  # levers at the head of the order that are looked at as a set
HELD = 0.9  # share of the draws that a lever's ranks are told for


@dataclass(frozen=True, slots=True)
class Doubt:
    """How sure a lever's place is: how often it is first, its ranks in 90 % of the draws, how often among the first 3.

    ``elasticities``: quantiles of what a push of 1 % does, in % of the KGI; None where it is never a number.
    """

    probability_best: float
    ranks: tuple[int, int]
    probability_top: float
    elasticities: Mapping[str, float | None]


def tallied(gains: Array) -> dict[str, Counts]:
    """What is counted of gains, shape ``(d, n)``, whose levers stand in the order that is printed.

    Returns:
        ``won``: see `won`. ``ranks``: (d, d), how often each lever has each rank, 1 + those that gain more. ``first``:
        how often the first 1, 2 and 3 levers are those that gain most. ``ahead``: (d - 1,), of two neighbours, twice
        for each draw in which the upper one gains more and once for a tie.
    """
    rated = np.where(np.isnan(gains), -np.inf, gains)
    places = ranked(rated)
    count = len(gains)
    upper, lower = rated[:-1], rated[1:]
    heads = range(1, min(FIRST, count - 1) + 1)
    return {
        "won": won(rated),
        "ranks": np.stack([np.bincount(row, minlength=count) for row in places]),
        "first": np.array([np.sum(rated[:k].min(axis=0) >= rated[k:].max(axis=0)) for k in heads], dtype=np.int64),
        "ahead": np.sum(2 * (upper > lower) + (upper == lower), axis=1, dtype=np.int64),
    }


def won(rated: Array) -> Counts:
    """How often each row is the largest of its column alone, tied with one other, with two, ...: shape (d, d)."""
    top = rated == rated.max(axis=0)
    ties = top.sum(axis=0)
    return np.stack([(top & (ties == t)).sum(axis=1) for t in range(1, len(rated) + 1)], axis=1)


def ranked(rated: Array) -> Counts:
    """Of each column, for each row, how many are larger.

    >>> ranked(np.array([[5.0, 1], [7, 1], [5, 0]])).tolist()
    [[1, 0], [0, 0], [1, 2]]
    """
    order = np.argsort(-rated, axis=0, kind="stable")
    falling = np.take_along_axis(rated, order, axis=0)
    own = np.arange(len(rated))[:, None] * np.ones(rated.shape, dtype=np.int64)
    own[1:][falling[1:] == falling[:-1]] = 0  # one that ties has the rank of the first of its equals
    found = np.empty_like(own)
    np.put_along_axis(found, order, np.maximum.accumulate(own, axis=0), axis=0)
    return found


def bests(counts: Counts) -> Array:
    """From `won`, the draws that each lever is best in: of a draw that t levers tie for, each has 1 / t."""
    found: Array = (counts / np.arange(1, len(counts) + 1)).sum(axis=1)
    return found


def interval(counts: Sequence[int] | Counts) -> tuple[int, int]:
    """The ranks, from 1, between which a lever stands in 90 % of the draws, leaving out 5 % on either side.

    >>> interval([4, 90, 5, 1])
    (2, 3)
    """
    below = np.cumsum(counts)
    ends = np.searchsorted(below, below[-1] * np.array([(1 - HELD) / 2, (1 + HELD) / 2]), side="left")
    return int(ends[0]) + 1, int(ends[1]) + 1
