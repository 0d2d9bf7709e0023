"""Levels of the grid, jumps that leave them evenly spread, and what is told of effects."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.influence.morris import GRID, effects, jumps


def test_the_levels_are_the_middles_of_four_even_parts() -> None:
    assert GRID.tolist() == [0.125, 0.375, 0.625, 0.875]


def test_a_jump_is_half_of_the_probability_and_leaves_all_levels_as_likely() -> None:
    points = np.linspace(0, 1, 401)[None, :-1]
    before, after = jumps(points, np.array([0]))
    assert (np.abs(GRID[after] - GRID[before]) == 0.5).all()
    for levels in (before, after):
        assert np.bincount(levels[0]).tolist() == [100] * 4


def test_draws_of_one_player_rise_or_fall_together() -> None:
    points = np.random.default_rng(3).random((4, 500))
    before, after = jumps(points, np.array([0, 0, 2, 0]))
    rises = after > before
    assert (rises[[1, 3]] == rises[0]).all()
    assert (rises[2] != rises[0]).any()
    for levels in (*before, *after):  # 125 of 500 each; 5 standard errors are 48
        assert np.abs(np.bincount(levels, minlength=4) - 125).max() < 48


def test_mean_size_and_spread_of_effects() -> None:
    changes = np.array([[1.0, -1.0] * 8, [2.0] * 16, [0.0] * 8 + [4.0] * 8])
    found = effects(changes)
    np.testing.assert_allclose(found.mu, [0, 2, 2])
    np.testing.assert_allclose(found.mu_star.value, [1, 2, 2])
    np.testing.assert_allclose(found.sigma, [np.std(row, ddof=1) for row in changes])
    assert found.mu_star.error.tolist() == [0, 0, 0]


def test_the_error_of_a_mean_size_is_that_of_independent_repeats() -> None:
    each = np.random.default_rng(4).normal(size=(1, 5, 8)) + 9
    found = effects(each.reshape(1, -1))
    assert found.mu_star.error[0] == pytest.approx(each.mean(axis=1).std(ddof=1) / np.sqrt(8), rel=1e-12)


def test_effects_that_are_not_finite_are_left_out_and_none_at_all_is_not_a_number() -> None:
    changes = np.array([[1.0, np.inf] + [1.0] * 14, [np.nan] * 16])
    found = effects(changes)
    assert (found.mu[0], found.mu_star.value[0], found.sigma[0]) == (1, 1, 0)
    assert np.isnan([found.mu[1], found.mu_star.value[1], found.sigma[1]]).all()
