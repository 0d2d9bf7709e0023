"""Terms in which a mean is looked for: what they are, and that there are never too many for the samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from leverage.influence.basis import SHARE, TERMS, basis, coordinate
from leverage.panels import Array

ALL = slice(None)


def test_ranks_are_in_the_middle_of_their_draw_and_shared_by_equal_ones() -> None:
    found = coordinate(np.array([3.0, 1.0, 1.0, 2.0]))
    np.testing.assert_allclose(found.rank, [7 / 8, 2 / 8, 2 / 8, 5 / 8])
    assert found.level is not None
    np.testing.assert_array_equal(found.level, [2, 0, 0, 1])


def test_a_leaf_that_goes_far_is_looked_at_by_its_normal_scores() -> None:
    u = (np.arange(4_000) + 0.5) / 4_000
    near, far = coordinate(u), coordinate(np.exp(3 * ndtri(u)))
    assert near.score is near.own
    assert far.apart
    np.testing.assert_allclose(far.score, ndtri(u))


def test_a_leaf_without_spread_or_beyond_all_bounds_has_no_scale_of_its_own() -> None:
    assert coordinate(np.full(64, 2.0)).own is None
    assert coordinate(np.array([1.0, np.inf] * 32)).own is None


def test_columns_of_a_leaf_are_hermites_polynomials_divided_by_the_root_of_their_mean_square() -> None:
    z = ndtri((np.arange(2_000) + 0.5) / 2_000)
    found = coordinate(z)
    columns = basis([found], np.ones(1), 20_000).columns(ALL)
    for degree, column in enumerate(columns):
        exact = np.polynomial.hermite_e.hermeval(found.score, np.eye(9)[degree]) / math.sqrt(math.factorial(degree))
        np.testing.assert_allclose(column, exact, rtol=1e-9, atol=1e-9)
    assert len(columns) == 9


def test_a_coordinate_of_few_levels_has_a_set_with_each_of_them() -> None:
    draws = np.repeat([0.0, 1.0, 5.0, 9.0], 100)
    found = basis([coordinate(draws)], np.ones(1), len(draws))
    columns = found.columns(ALL)
    target = np.repeat([3.0, -1.0, 7.0, 2.0], 100)
    assert any(_left(columns[each], target) < 1e-12 for each in found.sets)


def test_products_of_a_pair_hold_every_polynomial_of_their_degree() -> None:
    rng = np.random.default_rng(0)
    draws = rng.random((2, 8_192))
    found = basis([coordinate(row) for row in draws], np.array([1.0, 2.0]), 8_192)
    target = 3 * draws[0] ** 2 * draws[1] - draws[1] ** 3 + draws[0]
    columns = found.columns(ALL)
    assert min(_left(columns[each], target) for each in found.sets) < 1e-9


def _left(columns: Array, target: Array) -> float:
    """The mean square that the best sum of the columns leaves."""
    weights, *_ = np.linalg.lstsq(columns.T, target, rcond=None)
    return float(np.mean((weights @ columns - target) ** 2))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(64, 20_000), st.integers(0, 99))
def test_no_set_has_more_terms_than_samples_allow(count: int, samples: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    draws = rng.normal(size=(count, 64))
    draws[: count // 3] = np.exp(draws[: count // 3] * 2)
    draws[-1] = np.round(draws[-1])
    found = basis([coordinate(row) for row in draws], rng.random(count), samples)
    columns = found.columns(ALL)
    sizes = [len(each) for each in found.sets]
    assert sizes == sorted(sizes)
    assert sizes[0] == 1
    assert max(sizes) <= max(1, min(samples // SHARE, TERMS))
    assert all(each.min() >= 0 and each.max() < len(columns) for each in found.sets)
    assert found.straight is None or 0 <= found.straight < len(found.sets)


@pytest.mark.parametrize("count", [2, 40])
def test_columns_of_some_samples_are_those_columns_of_all(count: int) -> None:
    draws = np.random.default_rng(1).normal(size=(count, 512))
    found = basis([coordinate(row) for row in draws], np.ones(count), 20_000)
    some = np.array([5, 80, 333])
    np.testing.assert_array_equal(found.columns(some), found.columns(ALL)[:, some])
