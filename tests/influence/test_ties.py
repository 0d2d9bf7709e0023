"""Tied draws on a walk: their scores, and what a surrogate of them carries, against the plainest ways to have them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from leverage.influence.sobol import surrogate
from leverage.influence.ties import BASIS, carried, effects, factors_of, states, told_apart
from tests.oracles.shares import effects as exact
from tests.oracles.shares import left

Array = NDArray[np.float64]

CORRELATION = np.array([[1, 0.6, -0.2, 0.3], [0.6, 1, 0.1, 0.5], [-0.2, 0.1, 1, 0.4], [0.3, 0.5, 0.4, 1.0]])


def test_a_step_draws_the_last_ones_anew_given_the_first() -> None:
    rng = np.random.default_rng(1)
    lower, before, after = np.linalg.cholesky(CORRELATION), *rng.normal(size=(2, 4, 5))
    found = states(lower, before, after)
    for kept in range(5):
        truth = lower @ np.concatenate((before[:kept], after[kept:]))
        for i, rows in enumerate(found):
            np.testing.assert_allclose(rows[max(0, i + 1 - kept)], truth[i], rtol=0, atol=1e-14)


def test_a_line_carries_the_variance_of_a_sum() -> None:
    weights = np.array([[1.0], [2.0], [-1.0], [0.5]])
    assert carried(weights, CORRELATION) == pytest.approx(float(weights[:, 0] @ CORRELATION @ weights[:, 0]), rel=1e-14)


def test_bends_carry_what_a_sample_of_them_does() -> None:
    """400,000 draws: the variance of a polynomial of degree 3 to 5 of its standard errors."""
    rng = np.random.default_rng(4)
    factors, n = rng.normal(size=(4, len(BASIS))) * [1, 0.5, 0.2], 400_000
    z = np.linalg.cholesky(CORRELATION) @ rng.normal(size=(4, n))
    total = sum(
        (powers @ z_k ** np.arange(len(powers))[:, None]) for powers, z_k in zip(factors @ BASIS, z, strict=True)
    )
    squares = (total - np.mean(total)) ** 2
    assert abs(squares.mean() - carried(factors, CORRELATION)) < 5 * squares.std() / np.sqrt(n)


@pytest.mark.parametrize("owners", [(0, 1, 2, 3), (0, 1, 0, 2), (1, 1, 0, 0)])
def test_effects_over_all_orders_are_those_of_the_definition(owners: tuple[int, ...]) -> None:
    weights, players = np.array([1.0, 2.0, -1.0, 0.5]), max(owners) + 1
    ways = np.array(list(permutations(range(players))))
    found = effects(weights[:, None], CORRELATION, owners, ways, np.linalg.cholesky)
    by_leaf = left(weights, CORRELATION)
    truth = exact(players, lambda some: by_leaf(tuple(k for k, owner in enumerate(owners) if owner in some)))
    np.testing.assert_allclose(found / found.sum(), truth, atol=1e-12)
    assert found.sum() == pytest.approx(float(weights @ CORRELATION @ weights), rel=1e-12)


def test_what_two_tied_draws_both_show_is_told_apart() -> None:
    """y = z0 + 0.3 (z1^2 - 1): of 2^17 samples the factors come out to 5 standard errors, near 0.01."""
    rng, n = np.random.default_rng(8), 2**17
    z = np.linalg.cholesky(CORRELATION) @ rng.normal(size=(4, n))
    known = told_apart(surrogate(z, [True] * 4, z[0] + 0.3 * (z[1] ** 2 - 1)), [((0, 1, 2, 3), CORRELATION)])
    truth = np.zeros((4, len(BASIS)))
    truth[0, 0], truth[1, 1] = 1, 0.3 * np.sqrt(2)
    factors = factors_of(known, (0, 1, 2, 3)) * known.scale
    np.testing.assert_allclose(factors, truth, atol=0.03)
    np.testing.assert_allclose(known.norms * known.scale**2, (factors**2).sum(axis=1))
