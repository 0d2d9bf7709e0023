"""Which leaf makes how much of the spread? Sobol' indices of first, total and second order, on samples of a design.

The design is Saltelli's: samples A and B, and for each player A with that player's leaves taken from B (AB). The
estimators are those of Saltelli et al. 2010 (first order) and Jansen 1999 (total), centred, and relieved of what is
known before: an additive surrogate s = sum of g_j, polynomials of the leaves' coordinates fitted to a pilot sample.
What the surrogate has in an index, its norm |g_j|^2, is exact; only what it leaves is estimated. In a tree that is
nearly additive in each leaf's own curve, as most are, the error falls by the root of what is left.

With y the goal less its mean, y_A, y_B, y_AB on the design, g on A and B, and s_B that sum on B:

    V_j  = |g_j|^2 + E[(y_B - s_B + g_Bj) (y_AB - y_A) - g_Bj (g_Bj - g_Aj)]
    T_j  = |g_j|^2 + 1/2 E[(y_AB - y_A)^2 - (g_Bj - g_Aj)^2]
    V    = sum of |g_j|^2 + E[y^2 - s^2] - (E[y - s])^2

Each term added to the classical one has expectation |g_j|^2, or 0: (y_AB - y_A) is independent of the other players' B
and has mean 0. So the surrogate may be as wrong as it likes: it costs precision, never truth. The pilot has points of
its own, so it is independent of the sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.polynomial import HermiteE, Legendre, Polynomial
from numpy.polynomial._polybase import ABCPolyBase

from leverage.errors import LeverageError
from leverage.influence.interval import REPEATS, Index, errors, ratio
from leverage.panels import Array

SAME = 1e-24  # of the pilot's variance, below which the goal is the same in every sample, to rounding
DEGREES = 6  # of the surrogate's polynomials, at most


def _orthonormal(family: type[ABCPolyBase], degrees: int, norm: Callable[[int], float]) -> Array:
    """Polynomials of degree 1 to `DEGREES` as powers, row by row; those above ``degrees`` are left out, as 0."""
    rows = np.zeros((DEGREES, DEGREES + 1))
    for degree in range(1, degrees + 1):
        powers: Array = family.basis(degree).convert(kind=Polynomial).coef.astype(np.float64)
        rows[degree - 1, : degree + 1] = powers / norm(degree)
    return rows


# Of a uniform coordinate from -1 to 1, and of a normal one: higher ones of that have moments that no sample settles.
LEGENDRE = _orthonormal(Legendre, DEGREES, lambda degree: 1 / math.sqrt(2 * degree + 1))
HERMITE = _orthonormal(HermiteE, 3, lambda degree: math.sqrt(math.factorial(degree)))


class NoSpread(LeverageError):
    """A goal that is the same in every sample, so that there is nothing to share out."""

    def __init__(self) -> None:
        super().__init__("the figure is the same in every draw, so nothing makes a spread of it")


class NoFigure(NoSpread):
    """A goal that is finite in no sample."""

    def __init__(self) -> None:
        LeverageError.__init__(self, "the figure is not finite in any draw, so there is no spread of it")


@dataclass(frozen=True, eq=False)
class Surrogate:
    """What the pilot tells: the goal's ``centre`` and ``scale``, and of each draw a polynomial of its coordinate.

    ``powers``: (d, DEGREES + 1), the polynomials' factors; a row of 0 where the pilot saw nothing. ``norms``: the
    variance of each, in units of the scale, (d,). ``far``: see `far_out`; ``lost``: the share that was not finite.
    """

    centre: float
    scale: float
    powers: Array
    norms: Array
    far: float = 0.0
    lost: float = 0.0

    def scaled(self, values: Array) -> Array:
        """The goal's values less the centre, in units of the scale."""
        with np.errstate(over="ignore", invalid="ignore"):
            found: Array = (values - self.centre) / self.scale
        return found

    def parts(self, coordinates: Array, players: Sequence[Sequence[int]]) -> Array:
        """What players have of the surrogate, (k, b), on coordinates (d, b); ``players``: the draws of each."""
        found = np.zeros((len(players), coordinates.shape[1]))
        for row, draws in zip(found, players, strict=True):
            for k in draws:
                if self.norms[k]:
                    row += _polynomial(self.powers[k], coordinates[k])
        return found


def _polynomial(powers: Array, x: Array) -> Array:
    """A polynomial, by Horner's rule."""
    top = int(np.flatnonzero(powers)[-1])
    found: Array = np.multiply(x, powers[top])
    for factor in powers[top - 1 : 0 : -1]:
        found += factor
        found *= x
    found += powers[0]
    return found


def surrogate(coordinates: Array, normal: Sequence[bool], values: Array) -> Surrogate:
    """The surrogate of a pilot sample: coordinates (d, n) and the goal's values (n,), in the order of repeats.

    Projections on the polynomials, which the evenness of the points makes nearly as good as a regression; what lies
    within 3 standard errors of 0 is left out, since it would bring more noise than it takes away. Where values are not
    finite all is left out: norms are of all draws, and the terms that are estimated only of those that are finite.

    Args:
        normal: of each draw, whether its coordinate is a standard normal score; else it is uniform from -1 to 1.
    """
    finite = np.isfinite(values)
    known = values[finite]
    centre = float(known.mean()) if len(known) else 0.0
    with np.errstate(over="ignore"):
        size = float(np.abs(known).max(initial=0.0))
        scale = float((known / size).std()) * size if size else 0.0  # no square is too large for a float
    scale = scale if scale > math.sqrt(SAME) * size else size  # what rounding spreads is measured against the figure
    scale = scale if 0 < scale < np.inf else 1.0
    y = np.where(finite, (values - centre) / scale, 0.0).reshape(-1, REPEATS)
    powers, norms = np.zeros((len(coordinates), DEGREES + 1)), np.zeros(len(coordinates))
    for k, x in enumerate(coordinates.reshape(len(coordinates), -1, REPEATS)):
        basis = HERMITE if normal[k] else LEGENDRE
        each = basis @ _moments(y, x)
        mean = each.mean(axis=1)
        factors = np.where((np.abs(mean) > 3 * errors(each.T)) & finite.all(), mean, 0.0)
        powers[k], norms[k] = factors @ basis, factors @ factors
    return Surrogate(centre, scale, powers, norms, far_out(known), 1 - float(finite.mean()))


def far_out(values: Array) -> float:
    """How far out the farthest of some values lies, in half-widths of the middle 80%: a spread that exists has few."""
    if not len(values):
        return 0.0
    low, high = np.quantile(values, (0.1, 0.9))
    half, centre = (high - low) / 2, (high + low) / 2
    return float(np.abs(values - centre).max() / half) if half > 0 else 0.0


def _moments(y: Array, x: Array) -> Array:
    """The mean of y x^p for p = 0 to `DEGREES`, by repeat: from (n / 8, 8) to (DEGREES + 1, 8)."""
    found, run = [y.mean(axis=0)], y
    for _ in range(DEGREES):
        run = run * x
        found.append(run.mean(axis=0))
    return np.array(found)


@dataclass(frozen=True, eq=False)
class Ground:
    """A and B of some samples: the scaled goal, (b,), and what each player has of the surrogate, (k, b)."""

    y_a: Array
    y_b: Array
    g_a: Array
    g_b: Array

    @cached_property
    def left(self) -> Array:
        """What the surrogate leaves of A and of B, (2, b)."""
        return np.stack((self.y_a - self.g_a.sum(axis=0), self.y_b - self.g_b.sum(axis=0)))

    @property
    def spread(self) -> Array:
        """The terms of V without the norms: y^2 - s^2 = (y - s) (2 y - (y - s)), of A and B, (2, b)."""
        return self.left * (2 * np.stack((self.y_a, self.y_b)) - self.left)

    def terms(self, j: int, y_ab: Array) -> tuple[Array, Array]:
        """The terms of V_j and T_j without the norm, (b,); ``y_ab``: the goal with player j taken from B."""
        step, own = y_ab - self.y_a, self.g_b[j] - self.g_a[j]
        first = (self.left[1] + self.g_b[j]) * step - self.g_b[j] * own
        return first, 0.5 * (step - own) * (step + own)

    def steps(self, y_ab: Array, y_ba: Array) -> tuple[Array, Array]:
        """What an exchange of each player alone does beyond the surrogate, on A and on B, each (k, b).

        The mean product of the step of one player on A and of another on B is their interaction: whatever is of one of
        them alone, or of neither, has left it.
        """
        own = self.g_b - self.g_a
        return y_ab - self.y_a - own, y_ba - self.y_b + own


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices of k players. ``second``: of pairs, in the order of ``combinations``, if asked for."""

    first: Index
    total: Index
    second: Index | None
    variance: float  # of the goal, in its unit squared


def counted(terms: Array) -> tuple[Array, Array]:
    """Sums of the finite terms (..., b), b a multiple of 8, by repeat, (..., 8), and of how many they are."""
    each = terms.reshape(*terms.shape[:-1], -1, REPEATS)
    with np.errstate(over="ignore", invalid="ignore"):
        sums = each.sum(axis=-2)
    if np.isfinite(sums).all():
        return sums, np.full(sums.shape, float(each.shape[-2]))
    known = np.isfinite(each)
    return np.where(known, each, 0.0).sum(axis=-2), known.sum(axis=-2).astype(np.float64)


def interactions(on_a: Array, on_b: Array) -> tuple[Array, Array]:
    """Sums of the terms of each pair's interaction, (pairs, 8), and of how many: see `Ground.steps`.

    Pairs stand as in ``itertools.combinations``.
    """
    found = [counted(0.5 * (on_a[i] * on_b[j] + on_a[j] * on_b[i])) for i, j in combinations(range(len(on_a)), 2)]
    sums, counts = np.array(found).reshape(-1, 2, REPEATS).transpose(1, 0, 2)
    return sums, counts


def indices(sums: Mapping[str, Array], norms: Array, scale: float) -> Indices:
    """The indices that sums over all samples give; they may lie slightly outside 0 to 1, and are left as they are.

    Args:
        sums: by name, ``first``, ``total`` and ``counts`` and ``kept`` of these two (k, 8), ``square``, ``mean`` and
            ``count`` (8,), and for second order ``mixed`` and ``joint`` (pairs, 8); counts are of the finite terms that
            were summed up.
        norms: of each player's part of the surrogate, (k,).

    Raises:
        NoSpread: the goal is the same in every sample.
        NoFigure: it is finite in none.
    """
    if not sums["count"].any():
        raise NoFigure
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums["mean"] / sums["count"]
        square = sums["square"] / sums["count"]
        first, total = sums["first"] / sums["counts"] + norms[:, None], sums["total"] / sums["kept"] + norms[:, None]
    variance = norms.sum() + square - (2 * mean - mean.mean()) * mean.mean()
    if not variance.mean() > SAME:
        raise NoSpread
    second = ratio((sums["mixed"] / sums["joint"]).T, variance) if "mixed" in sums else None
    return Indices(ratio(first.T, variance), ratio(total.T, variance), second, float(variance.mean()) * scale * scale)
