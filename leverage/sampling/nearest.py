"""Which correlation matrix is nearest to one that no dependence has, and its factor.

Correlations given pair by pair may contradict each other: where a moves with b, and b with c, a cannot move against c.
"""

from __future__ import annotations

import numpy as np

from leverage.panels import Array

TOLERANCE = 1e-10  # of eigenvalues and steps; figures are given to two or three digits
MOST_STEPS = 5_000


def consistent(matrix: Array) -> bool:
    """Whether some normal scores have these correlations: no eigenvalue is below 0.

    >>> consistent(np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]))
    False
    """
    return bool(np.linalg.eigvalsh(matrix)[0] >= -TOLERANCE * len(matrix))


def nearest(matrix: Array) -> Array:
    """The correlation matrix nearest to a symmetric matrix, in the sum of squared differences.

    Source: Higham 2002, IMA J. Numer. Anal. 22, 329, algorithm 3.3: alternating projections onto the matrices without
    negative eigenvalues and those with a diagonal of ones, with Dykstra's correction to the first.

    >>> nearest(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])).round(4)  # Higham's example
    array([[1.    , 0.7607, 0.1573],
           [0.7607, 1.    , 0.7607],
           [0.1573, 0.7607, 1.    ]])
    """
    ones, correction = np.asarray(matrix, dtype=np.float64), np.zeros(np.shape(matrix))
    for _ in range(MOST_STEPS):
        corrected = ones - correction
        semidefinite = _without_negative(corrected)
        correction = semidefinite - corrected
        ones = semidefinite.copy()
        np.fill_diagonal(ones, 1.0)
        if np.abs(ones - semidefinite).max() < TOLERANCE:
            break
    scale = np.sqrt(np.diag(semidefinite))  # ends on a matrix that has both properties, whatever was left between them
    found: Array = semidefinite / np.outer(scale, scale)
    np.fill_diagonal(found, 1.0)
    return found


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


def _without_negative(matrix: Array) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    kept = np.maximum(values, 0.0)
    product: Array = (vectors * kept) @ vectors.T
    return (product + product.T) / 2
