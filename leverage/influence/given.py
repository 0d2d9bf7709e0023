"""How much of the spread does each leaf explain, by samples that are there already? First-order indices, given data.

Var(E[Y | X]) / Var(Y), for one leaf after another, by least squares of Y on curves of X (Plischke 2010, Reliab. Eng.
Syst. Saf. 95, 354; Tissot and Prieur 2012, ibid. 107, 205). It costs no evaluation, and holds for leaves that depend on
each other, too: then it is what knowing the leaf tells, not what the leaf alone causes.

The square of a fitted curve is too large by the noise in it, which is how such estimates err. How large that noise is
the 8 repeats tell, whatever the points: with c the coefficients of all samples, G the curves' second moments, and d_r
what repeat r alone would move c by,

    Var(E[Y | X]) = c' G c - (the sum of d_r' G d_r) / 56.

As the noise is taken off, there may be many curves, and none has to be chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from leverage.influence.basis import Coordinate, coordinate
from leverage.influence.interval import REPEATS, Index, ratio
from leverage.influence.sobol import SAME, NoFigure, NoSpread
from leverage.panels import Array

WAVES = 16  # cosines of the rank, at most
SAMPLES = 32  # that each curve needs at least
CURVES, LEAVES = 128, 512  # of a group: curves that are worth their time, and leaves that are judged at all
JOINED = 6  # leaves of a group up to which products of two are curves, too
CLEAR = 1e-9  # of the largest: directions of the curves that carry less tell nothing


def given(values: Array, players: Sequence[Array]) -> Index:
    """First-order indices of players from samples: of each one the share of the spread that its leaves explain.

    Args:
        values: the goal, (n,), sample i of repeat i % 8; samples that are not finite are left out.
        players: of each, its leaves' samples, (g, n). A group is judged by curves of each leaf and, up to 6 leaves, by
            products of two: what more of them do only together is not seen.

    Returns:
        (k,); slightly below 0 where a leaf explains nothing. Not a number where a group has more leaves than the
        samples can tell apart, 32 of them a leaf, or more than 512.

    Raises:
        NoSpread: the goal is the same in every sample.
        NoFigure: it is finite in none.
    """
    known = np.isfinite(values)
    if not known.any():
        raise NoFigure
    size = np.abs(values[known]).max() or 1.0  # squares of what is large are too large for a float
    y = np.where(known, values, 0.0) / size
    with np.errstate(over="ignore", invalid="ignore"):
        y = np.where(known, y - y.sum() / max(1, known.sum()), 0.0)
        whole = np.array([_mean(y[r::REPEATS] ** 2, known[r::REPEATS]) for r in range(REPEATS)])
    if not (np.isfinite(whole).all() and whole.mean() > SAME):
        raise NoSpread
    return ratio(np.array([_explained(y, known, rows) for rows in players]).reshape(-1, REPEATS).T, whole)


def _mean(row: Array, known: Array) -> float:
    return float(row.sum() / max(1, known.sum()))


def _explained(y: Array, known: Array, rows: Array) -> Array:
    """Eight figures whose mean is the variance that the leaves explain, and whose spread tells its error."""
    moving = [row for row in rows if row.min() < row.max()]
    curves = _curves([coordinate(row) for row in moving], len(y) // SAMPLES) if len(moving) <= LEAVES else None
    if curves is None:
        return np.full(REPEATS, np.nan)
    if not len(curves):
        return np.zeros(REPEATS)
    curves = np.where(known, curves - curves[:, known].mean(axis=1, keepdims=True), 0.0)
    inverse = np.linalg.pinv(curves @ curves.T / known.sum(), rcond=CLEAR, hermitian=True)
    fitted = inverse @ (curves @ y / known.sum())
    means = fitted @ curves
    left = curves * (y - means)
    parts = [slice(repeat, None, REPEATS) for repeat in range(REPEATS)]
    scores = np.array([left[:, part].sum(axis=1) / max(1, known[part].sum()) for part in parts])
    squares = np.array([_mean(means[part] ** 2, known[part]) for part in parts])
    noise = np.einsum("rp,pq,rq->", scores, inverse, scores) / (REPEATS * (REPEATS - 1))
    found: Array = squares + 2 * scores @ fitted - noise
    return found


def _curves(leaves: Sequence[Coordinate], most: int) -> Array | None:
    """The curves, (p, n), as many as the samples bear; None where not even a line of each leaf is among them."""
    if not leaves:
        return np.empty((0, 0))
    if len(leaves) > most:
        return None
    first = leaves[0]
    if len(leaves) == 1 and first.level is not None and first.level.max() <= most:
        return np.array([first.level == level for level in range(1, 1 + int(first.level.max()))], dtype=float)
    lines, waves = [_line(leaf) for leaf in leaves], [_waves(leaf) for leaf in leaves]
    products = [a * b for a, b in combinations(lines, 2)] if len(leaves) <= JOINED else []
    further = [curve for depth in zip(*waves, strict=True) for curve in depth]
    return np.array((lines + products + further)[: max(len(leaves), min(most, CURVES))])


def _line(leaf: Coordinate) -> Array:
    return leaf.score if leaf.own is None else leaf.own


def _waves(leaf: Coordinate) -> list[Array]:
    """Cosines of the rank, and after the first ones the square and the cube of the score."""
    waves = [np.cos(np.pi * wave * leaf.rank) for wave in range(1, WAVES + 1)]
    return [*waves[:4], leaf.score**2, leaf.score**3, *waves[4:]]
