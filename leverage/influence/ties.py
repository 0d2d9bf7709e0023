"""Draws that depend on each other, on a walk: their scores at each step, and what a surrogate of them carries.

Scores are z = L e with independent e, and L the factor of their correlations in the order of the walk: those drawn anew
last come first. Then to keep the first ones is to keep their e, and to draw the rest anew, given the first, is to take
the rest of e anew (Song, Nelson and Staum 2016).

The surrogate is a sum of orthonormal Hermite polynomials of the scores. Polynomials of degree p of two scores correlate
by the p-th power of the scores' correlation, and those of other degrees do not (Mehler 1866); given others, the mean of
a polynomial is one of the same degree of the score's own mean. So what the surrogate carries is known exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from leverage.influence.shapley import Orders
from leverage.influence.sobol import HERMITE, Surrogate
from leverage.panels import Array

Factor = Callable[[Array], Array]

BASIS = HERMITE[HERMITE.any(axis=1)]  # polynomials as powers, (p, powers)
CLEAR = 1e-6  # of the largest: directions of a correlation matrix that carry less tell nothing


def states(factor: Array, before: Array, after: Array) -> list[Array]:
    """The scores of each of g draws as the walk goes on: of draw i the shape (i + 2, m).

    Row 0 is where it stands at first, row t where t of the draws from itself backwards are drawn anew: i, i - 1, ...

    Args:
        factor: lower triangular, (g, g), in the order of the walk: the last row is drawn anew first.
        before, after: independent scores, (g, m).
    """
    change = after - before
    found = []
    for i in range(len(factor)):
        rows = np.empty((i + 2, before.shape[1]))
        rows[0] = (factor[i, : i + 1, None] * before[: i + 1]).sum(axis=0)
        np.multiply(factor[i, i::-1, None], change[i::-1], out=rows[1:])
        found.append(np.add.accumulate(rows, axis=0))  # sums written out: no matrix product rounds another way
    return found


def told_apart(known: Surrogate, groups: Iterable[tuple[Sequence[int], Array]]) -> Surrogate:
    """The surrogate where some draws are tied: what two that move together both show is shared out by least squares.

    Args:
        known: its polynomials are projections on each draw's score alone.
        groups: places of draws, and the correlations of their scores.
    """
    powers, norms = known.powers.copy(), known.norms.copy()
    for draws, correlation in groups:
        factors = factors_of(known, draws)
        for p, column in enumerate(factors.T, 1):
            factors[:, p - 1] = np.linalg.lstsq(correlation**p, column, rcond=CLEAR)[0]
        powers[list(draws)], norms[list(draws)] = factors @ BASIS, (factors**2).sum(axis=1)
    return replace(known, powers=powers, norms=norms)


def factors_of(known: Surrogate, draws: Sequence[int]) -> Array:
    """Of draws whose coordinates are normal scores, the factors of each orthonormal polynomial, (g, p)."""
    factors: Array = known.powers[list(draws)] @ np.linalg.pinv(BASIS)
    return factors


def carried(factors: Array, correlation: Array) -> float:
    """The variance of a surrogate of g scores that correlate so, or whose means have these covariances.

    >>> carried(np.array([[1.0], [1.0]]), np.array([[1, 0.5], [0.5, 1]]))
    3.0
    """
    total, power = 0.0, np.ones_like(correlation)
    for column in factors.T:
        power = power * correlation
        total += float((power * column[:, None] * column).sum())
    return total


def effects(factors: Array, correlation: Array, owners: Sequence[int], ways: Orders, factor: Factor) -> Array:
    """What each player of a surrogate adds, the mean over ``ways`` in which they are drawn anew, (w, k): (k,).

    Args:
        factors, correlation: (g, p) and (g, g).
        owners: of each draw its player, 0 up to k - 1.
        factor: gives the lower triangular factor of correlations.
    """
    found, owner = np.zeros(ways.shape[1]), np.asarray(owners)
    for way in ways:
        line = np.concatenate([np.flatnonzero(owner == player) for player in way[::-1]])  # kept ones come first
        lower, told, means = factor(correlation[np.ix_(line, line)]), [0.0], np.zeros_like(correlation)
        for column in lower.T:  # one by one: all at once, hundreds of draws would not fit a memory
            means += column[:, None] * column  # covariances of the scores' means, given the first ones
            told.append(carried(factors[line], means))
        np.add.at(found, owner[line], np.diff(told))
    return found / len(ways)
