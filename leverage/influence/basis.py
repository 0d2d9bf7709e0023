"""In which terms is a conditional mean looked for? Columns made of a player's draws, and sets of them, simplest first.

One coordinate: polynomials up to degree 8, its own line, and of a discrete one a level each. Several: sums of terms of
each, then products of ever higher total degree of those that explain most alone. Which set is taken is for
cross-validation to say (`influence.regression`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb, factorial, sqrt

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array

Places = NDArray[np.intp]
Part = slice | Places  # some of the samples

LEVELS = 24  # values of a coordinate, up to which each is a category
DEGREE = 8  # of polynomials, at most
HIGHEST = 12  # total degree of products, of two coordinates; of more there is room for less
WIDE = 5.0  # standard deviations; a coordinate that goes further is looked at by its normal scores
SHARE = 32  # samples that a term needs at least
TERMS = 150  # of one set: more cost seconds, and seldom change a decision

Term = tuple[tuple[int, int], ...]  # coordinate and degree of each factor; () is the constant


@dataclass(frozen=True, eq=False)
class Coordinate:
    """One coordinate of a player, n draws.

    ``own``: in its own scale, standardised; None where that has no spread to use. ``score``: what polynomials are made
    of. ``rank``: within 0 to 1. ``level``: the category of each draw, where there are few.
    """

    own: Array | None
    score: Array
    rank: Array
    level: Places | None

    @property
    def apart(self) -> bool:
        """Its own scale says more than its score."""
        return self.own is not None and self.own is not self.score

    @property
    def highest(self) -> int:
        """The degree of a polynomial that goes through all its levels: more says nothing more."""
        return HIGHEST if self.level is None else min(HIGHEST, int(self.level.max()))


@dataclass(frozen=True, eq=False)
class Basis:
    """Columns that are made repeat by repeat, and the sets of them that compete, as places among all columns."""

    coordinates: tuple[Coordinate, ...]
    terms: tuple[Term, ...]
    lines: tuple[int, ...]  # coordinates whose own scale is a column
    sets: tuple[Places, ...]  # fewest columns first
    straight: int | None = None  # which of them has a line of each of several coordinates, and nothing more

    def columns(self, of: Part) -> Array:
        """The columns of some samples, (K, b)."""
        powers = {
            (place, degree): column
            for place in {place for term in self.terms for place, _ in term}
            for degree, column in enumerate(_hermite(self.coordinates[place].score[of], self._highest(place)))
        }
        rows = [_product(term, powers, len(self.coordinates[0].score[of])) for term in self.terms]
        rows += [_own(self.coordinates[place])[of] for place in self.lines]
        first = self.coordinates[0]
        if len(self.coordinates) == 1 and first.level is not None:
            rows += list((first.level[of] == np.arange(1, first.level.max() + 1)[:, None]).astype(float))
        return np.array(rows)

    def _highest(self, place: int) -> int:
        return max(degree for term in self.terms for at, degree in term if at == place)


def coordinate(draws: Array) -> Coordinate:
    """A coordinate from its draws, (n,): normal scores of their ranks, equal draws sharing the mean rank."""
    from scipy.special import ndtri

    values, places, counts = np.unique(draws, return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts / 2
    rank = (below / len(draws))[places]
    spread = draws.std() if np.isfinite(draws).all() else np.nan
    own = (draws - draws.mean()) / spread if np.isfinite(spread) and spread > 0 else None
    near = own is not None and np.abs(own).max() <= WIDE
    score = own if own is not None and near else ndtri(rank)
    return Coordinate(own, score, rank, places if len(values) <= LEVELS else None)


def basis(coordinates: Sequence[Coordinate], explained: Array, kept: int) -> Basis:
    """The columns for a player.

    Args:
        explained: (k,), how much each coordinate explains alone: those that explain most are multiplied first.
        kept: samples there are.
    """
    most = max(1, min(kept // SHARE, TERMS))
    return _single(coordinates[0], most) if len(coordinates) == 1 else _joint(coordinates, explained, most)


def _single(only: Coordinate, most: int) -> Basis:
    degree = min(only.highest, DEGREE, most - 1)
    terms: tuple[Term, ...] = ((), *(((0, d),) for d in range(1, degree + 1)))
    line = (0,) if only.apart and most > len(terms) else ()
    polynomials = [np.arange(d + 1) for d in range(len(terms))]
    beside = np.array([len(terms)] * len(line), dtype=np.intp)
    sets = [*polynomials, *(np.concatenate([each, beside]) for each in polynomials if len(beside))]
    start = len(terms) + len(line)
    if only.level is not None and only.level.max() < most:
        sets.append(np.array([0, *range(start, start + int(only.level.max()))]))
    sets.sort(key=len)
    return Basis((only,), terms, line, tuple(sets))


def _joint(coordinates: Sequence[Coordinate], explained: Array, most: int) -> Basis:
    order = [int(place) for place in np.argsort(-explained, kind="stable")]
    wanted: list[list[Term]] = [[()], *_sums(coordinates, order, most), *_products(coordinates, order, most)]
    terms = tuple(dict.fromkeys(term for terms in wanted for term in terms))
    place = {term: at for at, term in enumerate(terms)}
    sets = [np.array([place[term] for term in terms]) for terms in wanted]
    lines = tuple([at for at in order if coordinates[at].apart][: max(0, most - len(order) - 1)])
    if len(sets) == 1:
        return Basis(tuple(coordinates), terms, (), tuple(sets))
    straight = np.concatenate([sets[1], len(terms) + np.arange(len(lines))])
    sets = sorted([*sets, straight] if lines else sets, key=len)
    return Basis(
        tuple(coordinates),
        terms,
        lines,
        tuple(sets),
        next(at for at, each in enumerate(sets) if len(each) == len(straight)),
    )


def _sums(coordinates: Sequence[Coordinate], order: Sequence[int], most: int) -> Iterator[list[Term]]:
    """Sums of polynomials of each coordinate alone, of as many of them as there is room for, by degree."""
    for degree in (1, 2, 3, 5):
        room = (most - 1) // degree
        if room:
            powers = [(at, min(degree, coordinates[at].highest)) for at in order[:room]]
            yield [(), *(((at, d),) for at, highest in powers for d in range(1, highest + 1))]


def _products(coordinates: Sequence[Coordinate], order: Sequence[int], most: int) -> Iterator[list[Term]]:
    """All polynomials of a total degree in the coordinates that explain most, beside the lines of all others."""
    for degree in range(2, HIGHEST + 1):
        count = max((q for q in range(len(order) + 1) if comb(q + degree, degree) <= most), default=0)
        if count < 2:
            return
        leading = order[:count]
        found = [_term(chosen) for d in range(1, degree + 1) for chosen in combinations_with_replacement(leading, d)]
        fitting = [term for term in found if all(d <= coordinates[at].highest for at, d in term)]
        lines: list[Term] = [((at, 1),) for at in order[count:]]
        yield [(), *fitting, *lines[: max(0, most - len(fitting) - 1)]]


def _term(chosen: tuple[int, ...]) -> Term:
    return tuple((at, chosen.count(at)) for at in dict.fromkeys(chosen))


def _product(term: Term, powers: dict[tuple[int, int], Array], n: int) -> Array:
    if not term:
        return np.ones(n)
    found = powers[term[0]]
    for factor in term[1:]:
        found = found * powers[factor]
    return found


def _own(coordinate: Coordinate) -> Array:
    assert coordinate.own is not None
    return coordinate.own


def _hermite(x: Array, degree: int) -> list[Array]:
    """Hermite's polynomials 0 to ``degree`` at x, divided by sqrt(k!): of normal scores their mean square is 1."""
    found = [np.ones_like(x), x]
    for k in range(1, degree):
        found.append(x * found[k] - k * found[k - 1])
    return [each / sqrt(factorial(k)) for k, each in enumerate(found[: degree + 1])]
