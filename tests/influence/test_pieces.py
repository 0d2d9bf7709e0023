"""Lines on pieces: the turns they find, and the halves they do without."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.influence.pieces import HELD, pieces
from leverage.panels import Array

N = 8_192
FEW = 120  # samples, of which two halves would have fewer than a piece needs
PARTS = [slice(repeat, None, 8) for repeat in range(8)]


def drawn(n: int = N, seed: int = 0) -> tuple[Array, Array, Array]:
    """Ranks, the same in a scale of their own, and noise."""
    rng = np.random.default_rng(seed)
    rank = (rng.permutation(n) + 0.5) / n
    return rank, 10 * rank**2, rng.normal(size=n)


def parted(figures: Array) -> list[Array]:
    return [figures[:, part] for part in PARTS]


def test_a_single_piece_has_the_line_of_least_squares() -> None:
    assert FEW < 2 * HELD
    rank, t, noise = drawn(FEW)
    y = 2 * t - 3 + noise
    found = pieces(parted(y[None]), PARTS, rank, t)
    slope, height = np.polyfit(t, y, 1)
    assert found.slope[0].ravel() == pytest.approx(slope, rel=1e-9)
    assert found.height[0].ravel() == pytest.approx(height, rel=1e-9)


def test_without_a_repeat_means_that_its_samples_have_no_say() -> None:
    rank, t, noise = drawn(FEW)
    y = 2 * t - 3 + noise
    found = pieces(parted(y[None]), PARTS, rank, t)
    for repeat, part in enumerate(PARTS):
        rest = np.arange(FEW) % 8 != repeat
        told = found.means(part, 1 + repeat)[0]
        np.testing.assert_allclose(told, np.polyval(np.polyfit(t[rest], y[rest], 1), t[part]), rtol=1e-9)
        assert found.missed[repeat, 0] == pytest.approx(((y[part] - told) ** 2).sum(), rel=1e-9)


def test_a_straight_line_under_noise_is_not_cut_everywhere() -> None:
    """All 64 pieces, with two coefficients each, would stray by 128 / 8,192 of the noise's variance, 1.6 %: by less."""
    rank, t, noise = drawn()
    found = pieces(parted((2 * t + noise)[None]), PARTS, rank, t)
    strayed = np.concatenate([found.means(part, 0)[0] - 2 * t[part] for part in PARTS])
    assert (strayed**2).mean() < 0.0125


def test_a_turn_and_a_step_are_found_where_they_are() -> None:
    """Under noise of 0.1: the mean square of what is missed falls below a hundredth of that of one line."""
    rank, t, noise = drawn()
    exact = np.array([np.maximum(t - 6, 0), (rank > 0.3).astype(float)])
    found = pieces(parted(exact + noise / 10), PARTS, rank, t)
    for row, mean in enumerate(exact):
        line = np.polyval(np.polyfit(t, mean, 1), t) - mean
        missed = np.concatenate([found.means(part, 0)[row] - mean[part] for part in PARTS])
        assert (missed**2).mean() < (line**2).mean() / 100


def test_pieces_of_a_figure_do_not_depend_on_the_other_figures() -> None:
    rank, t, noise = drawn()
    both = pieces(parted(np.array([np.sin(t), noise])), PARTS, rank, t)
    alone = pieces(parted(np.sin(t)[None]), PARTS, rank, t)
    np.testing.assert_array_equal(both.height[..., :1], alone.height)


def test_a_coordinate_that_stands_still_has_no_slope() -> None:
    _, _, noise = drawn()
    found = pieces(parted(noise[None]), PARTS, np.full(N, 0.5), np.full(N, 7.0))
    assert (found.slope == 0).all()
    assert found.means(PARTS[0], 0)[0] == pytest.approx(noise.mean(), rel=1e-9)
