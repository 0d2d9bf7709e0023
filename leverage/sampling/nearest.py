"""Which correlation matrix is nearest to one that no dependence has, and its factor.

Correlations given pair by pair may contradict each other: where a moves with b, and b with c, a cannot move against c.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Array

Flags = NDArray[np.bool_]

TOLERANCE = 1e-10  # of eigenvalues and steps; figures are given to two or three digits
MOST_STEPS = 500
INSIDE = 1e-7  # how far from the edge the pairs are held that nobody named: named ones move by less than 1e-4 for it
FARTHER = 1.6  # each step goes so much farther than to the point it finds (Boyd et al. 2011, section 3.4.3)
LOOKED_BACK = 8  # steps that the next one is drawn from
SHAKY = 1e-12  # of the size of those steps, below which they count as the same


def consistent(matrix: Array) -> bool:
    """Whether some normal scores have these correlations: no eigenvalue is below 0.

    >>> consistent(np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]))
    False
    """
    return bool(np.linalg.eigvalsh(matrix)[0] >= -TOLERANCE * len(matrix))


def nearest(matrix: Array, named: Flags | None = None) -> Array:
    """The correlation matrix nearest to a symmetric matrix, in the sum of squared differences.

    Args:
        matrix: shape ``(g, g)``; its diagonal counts as ones.
        named: the pairs whose differences count, all when left out. The others follow from them: of all matrices that
            are as near it is, but for a hair, the one of the largest determinant (`leverage.sampling.completion`).

    Source: Boyd et al. 2011, Foundations and Trends in Machine Learning 3, section 5: a point without negative
    eigenvalues and one with the diagonal and, as nearly as it may, the pairs, pull at each other until they meet. With
    Anderson's acceleration (Walker and Ni 2011, SIAM J. Numer. Anal. 49, 1715) it takes a tenth of the steps. The
    problem is Higham's (2002, IMA J. Numer. Anal. 22, 329), with weights of 0 and 1.

    >>> nearest(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])).round(4)  # Higham's example
    array([[1.    , 0.7607, 0.1573],
           [0.7607, 1.    , 0.7607],
           [0.1573, 0.7607, 1.    ]])
    """
    size = len(matrix)
    counts = np.ones((size, size), dtype=bool) if named is None else named
    counts = counts & ~np.eye(size, dtype=bool)
    inside = 0.0 if counts.sum() == size * (size - 1) else INSIDE
    point = np.where(counts, matrix, np.eye(size))
    past = Past()
    for _ in range(MOST_STEPS):
        semidefinite = _without_negative(point, inside)
        mirrored = 2 * semidefinite - point
        wished = np.where(counts, (matrix + mirrored) / 2, mirrored)
        np.fill_diagonal(wished, 1.0)
        if np.abs(wished - semidefinite).max() < TOLERANCE:
            break
        point = past.drawn(point, FARTHER * (wished - semidefinite))
    scale = np.sqrt(np.diag(semidefinite))  # ends on a matrix that has both properties, whatever was left between them
    found: Array = semidefinite / np.outer(scale, scale)
    np.fill_diagonal(found, 1.0)
    return found


class Past:
    """The last steps of a search for a point that stands still, from which the next one is drawn."""

    def __init__(self) -> None:
        self.points: list[Array] = []
        self.steps: list[Array] = []

    def drawn(self, point: Array, step: Array) -> Array:
        """Where to go from a point: the mixture of the last points whose steps, mixed, are least, and its step."""
        self.points, self.steps = (
            [*kept[-LOOKED_BACK:], new] for kept, new in ((self.points, point), (self.steps, step))
        )
        if len(self.steps) == 1:
            return point + step
        turns = np.diff([each.ravel() for each in self.steps], axis=0)
        ways = np.diff([each.ravel() for each in self.points], axis=0) + turns
        products = turns @ turns.T
        products[np.diag_indices_from(products)] += SHAKY * np.trace(products)
        parts = np.linalg.solve(products, turns @ step.ravel())
        found = point + step - (parts @ ways).reshape(point.shape)
        symmetric: Array = (found + found.T) / 2
        return symmetric


def factor(matrix: Array) -> Array:
    """The lower triangular L with ``L @ L.T`` the correlation matrix, in the order given; rows of length 1.

    A variable that follows wholly from those before it (a correlation of 1) gets no column of its own.

    >>> factor(np.array([[1.0, 0.6], [0.6, 1.0]]))
    array([[1. , 0. ],
           [0.6, 0.8]])
    """
    lower = np.zeros_like(matrix)
    for j in range(len(matrix)):
        rest = matrix[j:, j] - lower[j:, :j] @ lower[j, :j]
        if rest[0] > TOLERANCE:
            lower[j:, j] = rest / np.sqrt(rest[0])
    unit: Array = lower / np.linalg.norm(lower, axis=1, keepdims=True)
    return unit


def _without_negative(matrix: Array, inside: float) -> Array:
    """The nearest matrix without negative eigenvalues; ``inside`` is what the logarithm of the determinant weighs."""
    values, vectors = np.linalg.eigh(matrix)
    kept = (values + np.sqrt(values**2 + 4 * inside)) / 2
    product: Array = (vectors * kept) @ vectors.T
    return (product + product.T) / 2
