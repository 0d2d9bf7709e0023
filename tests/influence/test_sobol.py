"""Are the terms what the indices are made of? Polynomials, surrogates and sums, on arrays with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.influence.interval import T95, Index, ratio
from leverage.influence.sobol import (
    DEGREES,
    HERMITE,
    LEGENDRE,
    Ground,
    NoSpread,
    counted,
    far_out,
    indices,
    interactions,
    surrogate,
)


def test_the_polynomials_are_orthonormal_under_their_own_distributions() -> None:
    """By Gauss' quadrature, which is exact for these degrees."""
    for basis, (x, w) in (
        (LEGENDRE, np.polynomial.legendre.leggauss(12)),
        (HERMITE[:3], np.polynomial.hermite_e.hermegauss(12)),
    ):
        values = basis @ x[None, :] ** np.arange(DEGREES + 1)[:, None]
        weights = w / w.sum()
        np.testing.assert_allclose(values * weights @ values.T, np.eye(len(basis)), atol=1e-12)
        np.testing.assert_allclose(values @ weights, 0, atol=1e-12)


def test_a_surrogate_finds_a_polynomial_and_leaves_noise_out() -> None:
    """y = 3 + 2 x + noise of 0.1 sd: within 5 standard errors, 0.1 / sqrt(4096) of the noise, 2 / sqrt(4096) of x^2."""
    rng = np.random.default_rng(3)
    x = np.vstack((rng.uniform(-1, 1, 4_096), rng.normal(size=4_096)))
    y = 3 + 2 * x[0] + 0.1 * rng.normal(size=4_096)
    found = surrogate(x, (False, True), y)
    assert found.norms[1] == 0
    part = found.parts(x, [(0,), (1,), (0, 1)]) * found.scale
    assert np.abs(part[0] - 2 * x[0]).max() < 5 * 2 / 64
    assert (part[1] == 0).all()
    assert (part[2] == part[0]).all()
    assert found.norms[0] * found.scale**2 == pytest.approx(4 / 3, rel=0.1)


def test_a_surrogate_of_values_that_are_not_finite_or_all_the_same_is_empty() -> None:
    x = np.random.default_rng(0).uniform(-1, 1, (1, 64))
    for values in (np.full(64, np.nan), np.full(64, 7.0), np.full(64, np.inf)):
        found = surrogate(x, (False,), values)
        assert found.norms.tolist() == [0]
        assert np.isfinite([found.centre, found.scale]).all()


def test_terms_of_an_additive_goal_that_is_known_leave_nothing_to_estimate() -> None:
    rng = np.random.default_rng(1)
    g_a, g_b = rng.normal(size=(2, 2, 64))
    ground = Ground(g_a.sum(axis=0), g_b.sum(axis=0), g_a, g_b)
    first, total = ground.terms(0, g_b[0] + g_a[1])
    np.testing.assert_allclose(first, 0, atol=1e-12)
    np.testing.assert_allclose(total, 0, atol=1e-12)
    np.testing.assert_allclose(ground.left, 0, atol=1e-12)
    np.testing.assert_allclose(ground.spread, 0, atol=1e-12)


def test_interactions_are_the_mean_products_of_steps() -> None:
    """y = a b: the step of a on A times that of b on B is (a' - a) b (b - b') a', and so on."""
    rng = np.random.default_rng(2)
    (a, b), (c, d) = rng.normal(size=(2, 2, 80_000))
    nothing = np.zeros((2, 80_000))
    ground = Ground(a * b, c * d, nothing, nothing)
    sums, counts = interactions(*ground.steps(np.array([c * b, a * d]), np.array([a * d, c * b])))
    assert counts.tolist() == [[10_000.0] * 8]
    assert (sums / counts).mean() == pytest.approx(1, abs=5 * 3 / np.sqrt(80_000))  # E[a^2 b^2] = 1; its sd is about 3


def test_terms_that_are_not_finite_are_left_out_and_not_counted() -> None:
    sums, counts = counted(np.array([*range(8), np.inf, *range(1, 8)], dtype=float))
    assert sums.tolist() == [0, 2, 4, 6, 8, 10, 12, 14]
    assert counts.tolist() == [1, 2, 2, 2, 2, 2, 2, 2]


def test_sums_become_indices_with_the_surrogates_own_part_added() -> None:
    """Norms 1 and 2 with nothing left: the variance is 3, and nothing is uncertain."""
    nothing, eight = np.zeros((2, 8)), np.full((2, 8), 4.0)
    sums = {
        "first": nothing,
        "total": nothing,
        "counts": eight,
        "kept": eight,
        "square": nothing[0],
        "mean": nothing[0],
        "count": eight[0],
    }
    found = indices(sums, np.array([1.0, 2.0]), scale=10.0)
    assert found.first.value == pytest.approx([1 / 3, 2 / 3])
    assert found.total.value == pytest.approx([1 / 3, 2 / 3])
    assert found.first.error.tolist() == [0, 0]
    assert found.variance == pytest.approx(300)
    with pytest.raises(NoSpread):
        indices(sums, np.zeros(2), scale=1.0)


def test_the_error_of_a_ratio_is_that_of_the_line_through_it() -> None:
    """Against 20,000 sets of 8 repeats: the interval's ends hold the ratio 2 in 95 % of them, to 0.3 %."""
    rng = np.random.default_rng(4)
    hits = 0
    for below, above in zip(rng.normal(10, 0.2, (20_000, 8)), rng.normal(20, 0.3, (20_000, 8)), strict=True):
        found = ratio(above[:, None], below)
        hits += int(found.low[0] <= 2 <= found.high[0])
    assert hits / 20_000 == pytest.approx(0.95, abs=0.005)


def test_an_index_among_others_leaves_them_at_exactly_0() -> None:
    found = Index(np.array([0.5, 0.2]), np.tile([[0.1, -0.1]], (8, 1)))
    wide = found.among([3, 1], 5)
    assert wide.value.tolist() == [0, 0.2, 0, 0.5, 0]
    assert wide.repeats[:, [0, 2, 4]].tolist() == [[0, 0, 0]] * 8
    assert wide.high[0] == wide.low[0] == 0
    assert pytest.approx(2.3646242515927844) == T95


def test_how_far_out_values_lie_is_told_in_half_widths_of_their_middle() -> None:
    values = np.append(np.linspace(-1, 1, 9_999), 80.0)
    assert far_out(values) == pytest.approx(100, rel=1e-3)
    assert far_out(np.array([])) == far_out(np.full(9, 3.0)) == 0
