"""What is the mean of each figure, given the draws of a player? Least squares, of the order that predicts best.

Samples fall into independent repeats, of Sobol points the 8 scrambles. Every candidate is fitted 8 times, each time
without one repeat, and judged there. Of each figure the simplest candidate is taken that the best does not beat by
more than chance. Candidates are sets of terms (`influence.basis`), lines on pieces of a single coordinate
(`influence.pieces`), and of several coordinates lines on pieces of what such a set predicts: the sum of 40 small
effects turns as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.influence.basis import Basis, Coordinate, Part, Places, basis, coordinate
from leverage.influence.interval import T95, errors
from leverage.influence.pieces import pieces
from leverage.panels import Array

RIDGE = 1e-9  # of each column's square: terms that say the same share what they say
Flags = NDArray[np.bool_]
TINY = np.finfo(float).tiny


@dataclass(frozen=True, eq=False)
class Fit:
    """Conditional means of m figures, of each repeat (m, b): fitted to all samples, and to those of other repeats."""

    seen: tuple[Array, ...]
    unseen: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Candidate:
    """Means as in `Fit`, and the squares (r, m) that the unseen ones leave."""

    seen: Sequence[Array]
    unseen: Sequence[Array]
    missed: Array


def fit(figures: Sequence[Array], draws: Array, parts: Sequence[Part]) -> Fit:
    """The conditional means of figures given a player.

    Args:
        figures: of each repeat, (m, b).
        draws: (k, n), the player's coordinates.
        parts: where each repeat's samples stand among the n.
    """
    size = _sizes(figures)
    found = _fit([np.ldexp(each, -size) for each in figures], draws, parts)
    seen, unseen = (tuple(np.ldexp(each, size) for each in means) for means in (found.seen, found.unseen))
    return Fit(seen, unseen)


def _sizes(figures: Sequence[Array]) -> NDArray[np.intc]:
    """The power of two of each figure, (m, 1): without it squares of very large or small ones leave the numbers."""
    _, size = np.frexp(np.max([np.abs(each).max(axis=1) for each in figures], axis=0))
    found: NDArray[np.intc] = size[:, None]
    return found


def _fit(figures: Sequence[Array], draws: Array, parts: Sequence[Part]) -> Fit:
    coordinates = [coordinate(row) for row in draws]
    terms = basis(coordinates, _alone(figures, coordinates, parts), draws.shape[1])
    found, lines, flat = _sets(figures, terms, parts)
    if len(coordinates) == 1:
        only = coordinates[0]
        more = [_turning(figures, parts, only.rank, only.score if only.own is None else only.own)]
    else:
        more = [_along(figures, parts, found, flat)]
        more += [] if lines is None else [_along(figures, parts, lines, np.zeros_like(flat))]
    tried = [found, *more]
    taken = simplest(np.array([each.missed for each in tried]), flat)
    return Fit(
        tuple(_picked([each.seen[r] for each in tried], taken) for r in range(len(parts))),
        tuple(_picked([each.unseen[r] for each in tried], taken) for r in range(len(parts))),
    )


def simplest(left: Array, flat: Flags) -> Places:
    """Of each figure the first candidate that the best does not beat by more than a standard error.

    Args:
        left: (candidates, r, m), the squares that each leaves.
        flat: (m,), whether the first candidate is the mean alone. That a player tells anything at all has to be 95 %
            sure: else one of a hundred leaves that tell nothing is followed into its noise.
    """
    best = left.sum(axis=1).argmin(axis=0)
    least = np.take_along_axis(left, best[None, None], axis=0)[0]
    sure = [np.where(flat, T95, 1.0), *(np.ones(len(flat)) for _ in left[1:])]
    worse = np.array([better(each, least, wanted) for each, wanted in zip(left, sure, strict=True)])
    found: Places = worse.argmin(axis=0)
    return found


def better(simple: Array, other: Array, sure: float | Array) -> Flags:
    """Whether the other leaves less than the simple one, by more than so many standard errors over the repeats."""
    gain = simple - other
    verdict: Flags = gain.mean(axis=0) > sure * errors(gain)
    return verdict


def _picked(means: Sequence[Array], taken: Places) -> Array:
    return means[0] if not taken.any() else np.array([means[place][row] for row, place in enumerate(taken)])


# --- sets of terms -------------------------------------------------------------------------------------------------


def _sets(figures: Sequence[Array], terms: Basis, parts: Sequence[Part]) -> tuple[Candidate, Candidate | None, Flags]:
    """The set of terms for each figure; where they are no such set already, the lines of all coordinates; of which
    figures the mean alone is taken.
    """
    squares, crossed = _sums(figures, terms, parts)
    own = np.array([(each**2).sum(axis=1) for each in figures])
    tried = [_tried(chosen, squares, crossed, own) for chosen in terms.sets]
    left = np.array([missed for _, missed in tried])
    choices = [simplest(left, np.ones(own.shape[1], dtype=bool))]
    if terms.straight is not None and (choices[0] != terms.straight).any():
        choices.append(np.full(own.shape[1], terms.straight))
    means: list[tuple[list[Array], list[Array]]] = [([], []) for _ in choices]
    coefficients = [_spread(tried, terms.sets, taken, crossed.shape[1]) for taken in choices]
    for repeat, part in enumerate(parts):
        columns = terms.columns(part)
        for (seen, unseen), each in zip(means, coefficients, strict=True):
            seen.append(each[0].T @ columns)
            unseen.append(each[1 + repeat].T @ columns)
    found = [
        Candidate(*both, np.take_along_axis(left, taken[None, None], axis=0)[0])
        for both, taken in zip(means, choices, strict=True)
    ]
    return found[0], found[1] if len(found) > 1 else None, choices[0] == 0


def _tried(chosen: Places, squares: Array, crossed: Array, own: Array) -> tuple[Array, Array]:
    """Coefficients (1 + r, k, m) of a set of columns, of all samples first, and the squares left as in `Candidate`."""
    part, told = squares[:, chosen[:, None], chosen], crossed[:, chosen]
    all_part, all_told = part.sum(axis=0, keepdims=True), told.sum(axis=0, keepdims=True)
    found = _solved(np.concatenate([all_part, all_part - part]), np.concatenate([all_told, all_told - told]))
    each = found[1:]
    return found, own - 2 * (each * told).sum(axis=1) + (each * (part @ each)).sum(axis=1)


def _spread(tried: Sequence[tuple[Array, Array]], sets: Sequence[Places], taken: Places, size: int) -> Array:
    """Coefficients of all columns, (1 + r, K, m), those of each figure from the set that it takes."""
    repeats = np.arange(len(tried[0][0]))
    found = np.zeros((len(repeats), size, len(taken)))
    for place in dict.fromkeys(taken.tolist()):
        mine = taken == place
        found[np.ix_(repeats, sets[place], mine)] = tried[place][0][:, :, mine]
    return found


def _sums(figures: Sequence[Array], terms: Basis, parts: Sequence[Part]) -> tuple[Array, Array]:
    """Of each repeat the products of all columns, (r, K, K), and those with the figures, (r, K, m)."""
    squares, crossed = [], []
    for each, part in zip(figures, parts, strict=True):
        columns = terms.columns(part)
        squares.append(columns @ columns.T)
        crossed.append(columns @ each.T)
    return np.array(squares), np.array(crossed)


def _solved(squares: Array, crossed: Array) -> Array:
    """Coefficients (r, K, m) of r systems, columns brought to one size first."""
    size = np.sqrt(np.maximum(np.diagonal(squares, axis1=1, axis2=2), TINY))
    scaled = squares / size[:, :, None] / size[:, None, :] + RIDGE * np.eye(squares.shape[1])
    found: Array = np.linalg.solve(scaled, crossed / size[:, :, None]) / size[:, :, None]
    return found


def _alone(figures: Sequence[Array], coordinates: Sequence[Coordinate], parts: Sequence[Part]) -> Array:
    """(k,): the largest share of a figure's spread that a parabola in one coordinate explains, roughly."""
    if len(coordinates) == 1:
        return np.ones(1)
    found = np.zeros(len(coordinates))
    spread = np.maximum(sum(each.var(axis=1) for each in figures) / len(figures), TINY)
    for place, each in enumerate(coordinates):
        for score in (each.score, each.score**2):
            apart = (score - score.mean()) / max(score.std(), TINY)
            moved = sum(own @ apart[part] for own, part in zip(figures, parts, strict=True)) / len(apart)
            found[place] += float(np.max(moved**2 / spread))
    return found


# --- lines on pieces -----------------------------------------------------------------------------------------------


def _turning(figures: Sequence[Array], parts: Sequence[Part], rank: Array, t: Array) -> Candidate:
    """Lines on pieces of one coordinate."""
    found = pieces(figures, parts, rank, t)
    ways = [(found.means(part, 0), found.means(part, 1 + r)) for r, part in enumerate(parts)]
    return Candidate([seen for seen, _ in ways], [unseen for _, unseen in ways], found.missed)


def _along(figures: Sequence[Array], parts: Sequence[Part], index: Candidate, flat: Flags) -> Candidate:
    """Lines on pieces of what other fits predict: of each sample's own prediction by a fit that has not seen it.

    Where that is the mean alone (``flat``) it stays: 8 means of other repeats would tell which repeat a sample is of.
    """
    seen, unseen = [], []
    for row, same in enumerate(flat.tolist()):
        one = slice(row, row + 1)
        if same:
            kept = Candidate([m[one] for m in index.seen], [m[one] for m in index.unseen], index.missed[:, one])
            seen.append(kept)
            unseen.append(kept)
            continue
        own = [each[one] for each in figures]
        seen.append(_turning(own, parts, *_ranked([each[row] for each in index.seen], parts)))
        unseen.append(_turning(own, parts, *_ranked([each[row] for each in index.unseen], parts)))
    return Candidate(
        [np.concatenate(rows) for rows in zip(*(each.seen for each in seen), strict=True)],
        [np.concatenate(rows) for rows in zip(*(each.unseen for each in unseen), strict=True)],
        np.concatenate([each.missed for each in unseen], axis=1),
    )


def _ranked(index: Sequence[Array], parts: Sequence[Part]) -> tuple[Array, Array]:
    """The rank within 0 to 1 of each sample's index, and the index; what no part names has none."""
    size = 1 + max(
        part.start + (len(each) - 1) * part.step if isinstance(part, slice) else int(part[-1])
        for each, part in zip(index, parts, strict=True)
    )
    t, rank = np.zeros(size), np.zeros(size)
    for each, part in zip(index, parts, strict=True):
        t[part] = each
    order = np.argsort(t, kind="stable")
    rank[order] = (np.arange(size) + 0.5) / size
    return rank, t
