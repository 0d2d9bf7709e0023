"""Conditional means: exact where the terms hold them, the simplest that will do, and honest on unseen samples."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.influence.regression import Fit, better, fit, simplest
from leverage.panels import Array

N = 4_096
PARTS = [slice(repeat, None, 8) for repeat in range(8)]


def fitted(figures: Array, draws: Array) -> Fit:
    return fit([figures[:, part] for part in PARTS], draws, PARTS)


def joined(means: tuple[Array, ...]) -> Array:
    found = np.empty((len(means[0]), N))
    for part, each in zip(PARTS, means, strict=True):
        found[:, part] = each
    return found


def test_a_polynomial_of_one_or_of_two_leaves_is_found_exactly() -> None:
    x = np.random.default_rng(0).random((2, N))
    figures = np.array([x[0] ** 3 - x[0], 2 - x[0], x[0] * 0 + 4])
    np.testing.assert_allclose(joined(fitted(figures, x[:1]).unseen), figures, atol=1e-6)
    both = np.array([x[0] ** 2 * x[1], x[0] - x[1]])
    np.testing.assert_allclose(joined(fitted(both, x).unseen), both, atol=1e-6)


def test_of_noise_the_mean_alone_is_left() -> None:
    rng = np.random.default_rng(1)
    noise, x = rng.normal(size=(1, N)), rng.normal(size=(3, N))
    for draws in (x[:1], x):
        assert np.ptp(joined(fitted(noise, draws).seen)) < 1e-9
        np.testing.assert_allclose(joined(fitted(noise, draws).seen), noise.mean(), atol=1e-6)


def test_unseen_means_do_not_know_the_samples_they_are_of() -> None:
    """Another figure in one repeat's samples changes nothing of what is predicted there."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(1, N))
    figures = x + rng.normal(size=(1, N))
    other = figures.copy()
    other[:, 3::8] *= 1.01
    before, after = fitted(figures, x).unseen, fitted(other, x).unseen
    np.testing.assert_allclose(before[3], after[3], rtol=1e-9)  # sums less their part are not the sums of the rest
    assert np.abs(before[4] / after[4] - 1).max() > 1e-5


def test_seen_means_are_least_squares() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(1, N))
    figures = 3 * x + rng.normal(size=(1, N))
    line = np.polyval(np.polyfit(x[0], figures[0], 1), x[0])
    np.testing.assert_allclose(joined(fitted(figures, x).seen)[0], line, atol=1e-6)


def test_a_sum_of_many_leaves_that_turns_as_one_is_followed() -> None:
    """max(s, 0) of 30 leaves: no product of a few of them tells it, the lines on pieces of their sum do.

    Lines of all leaves leave 27 % of its variance of 0.34, 1/2 - 1/(2 pi) - 1/4; here, under noise of variance 1, 10 %.
    """
    rng = np.random.default_rng(4)
    x = rng.normal(size=(30, N))
    mean = np.maximum(x.sum(axis=0) / np.sqrt(30), 0.0)
    found = joined(fitted((mean + rng.normal(size=N))[None], x).unseen)[0]
    assert ((found - mean) ** 2).mean() < mean.var() / 10


def test_figures_are_fitted_each_by_itself() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(1, N))
    loud, quiet = 1e6 * rng.normal(size=N), np.sin(3 * x[0])
    both = joined(fitted(np.array([loud, quiet]), x).unseen)[1]
    np.testing.assert_allclose(both, joined(fitted(quiet[None], x).unseen)[0], rtol=1e-9, atol=1e-9)


def test_the_simplest_is_taken_that_the_best_does_not_beat_by_more_than_chance() -> None:
    turn = np.arange(8)[:, None] % 2
    left = np.concatenate([[5.0 + turn], [1.05 + 0.5 * turn], [1 + 0.5 * (1 - turn)]])
    flat = np.array([False])
    assert simplest(left, flat).tolist() == [1]
    assert simplest(left[[2, 2, 0]], flat).tolist() == [0]
    assert simplest(left + 10 * (np.arange(3) == 1)[:, None, None], flat).tolist() == [2]


def test_that_a_player_tells_anything_has_to_be_surer_than_what() -> None:
    """The other leaves less by 1.5 standard errors: enough for an order, too little to leave the mean."""
    gap = np.array([1.0, -1.0] * 4)[:, None] + 1.5 * np.sqrt(8 / 7) / np.sqrt(8)
    left = np.array([10 + gap, 10 + 0 * gap])
    assert simplest(left, np.array([False])).tolist() == [1]
    assert simplest(left, np.array([True])).tolist() == [0]
    assert simplest(np.array([10 + 2 * gap + 2, 10 + 0 * gap]), np.array([True])).tolist() == [1]


def test_better_counts_standard_errors_over_the_repeats() -> None:
    one, turn = np.ones((8, 1)), np.array([[0.5], [-0.5]] * 4)
    assert better(one + 0.01, one, 1.0).all()
    assert not better(one, one, 1.0).any()
    assert not better(one + turn + 0.1, one, 1.0).any()
    assert better(one + turn + 0.1, one, 0.5).all()  # 0.1 is 0.53 errors of 0.5 * sqrt(8 / 7) / sqrt(8)


@pytest.mark.parametrize("draws", [np.zeros((1, N)), np.zeros((3, N))])
def test_leaves_that_stand_still_tell_the_mean(draws: Array) -> None:
    figures = np.random.default_rng(6).normal(size=(2, N))
    np.testing.assert_allclose(
        joined(fitted(figures, draws).seen), figures.mean(axis=1, keepdims=True).repeat(N, 1), atol=1e-6
    )
