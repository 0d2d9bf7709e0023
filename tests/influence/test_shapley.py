"""Orders meet every pair both ways, steps add up to the variance, and shares to 1."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from leverage.influence.shapley import added, batch, orders, shares
from leverage.influence.sobol import NoSpread
from leverage.sampling.streams import generator


@pytest.mark.parametrize("players", range(1, 13))
def test_each_order_is_followed_by_its_reverse(players: int) -> None:
    found = orders(players, generator(1), 24)
    assert found.shape == (24, players)
    assert (np.sort(found, axis=1) == np.arange(players)).all()
    np.testing.assert_array_equal(found[::2], found[1::2, ::-1])


@pytest.mark.parametrize("players", [2, 3, 4, 5])
def test_few_players_come_in_all_orders_before_any_comes_again(players: int) -> None:
    every = sorted(permutations(range(players)))
    found = orders(players, generator(3), 2 * len(every)).tolist()
    assert sorted(map(tuple, found[: len(every)])) == every
    assert sorted(map(tuple, found[len(every) :])) == every


def test_many_players_have_each_place_once_in_so_many_orders() -> None:
    found = orders(9, generator(3), 36)[::2]
    for square in (found[:9], found[9:]):
        assert (np.sort(square, axis=0) == np.arange(9)[:, None]).all()


def test_a_batch_is_a_power_of_two_and_leaves_a_repeat_sixteen_of_them() -> None:
    sizes = [batch(points) for points in range(1, 3_000)]
    assert all(size & (size - 1) == 0 and 1 <= size <= 64 for size in sizes)
    assert all(points // size >= 16 for points, size in enumerate(sizes, 1) if points >= 16)


def test_independent_steps_add_up_to_half_the_squared_way() -> None:
    walk = np.random.default_rng(5).normal(size=(7, 20))
    np.testing.assert_allclose(added(walk, True).sum(axis=0), (walk[-1] - walk[0]) ** 2 / 2, rtol=1e-12)


@pytest.mark.parametrize("apart", [True, False])
def test_the_mean_of_a_step_is_what_it_takes_from_the_part_explained(apart: bool) -> None:
    """A walk over three independent normals of variances 1, 4, 9, and steps of 1e5 samples: 5 standard errors."""
    rng, n = np.random.default_rng(7), 100_000
    before, after = rng.normal(size=(2, 3, n)) * np.array([[1.0], [2.0], [3.0]])
    walk = np.array([np.concatenate((after[:t], before[t:])).sum(axis=0) for t in range(4)])
    found = added(walk, apart)
    error = found.std(axis=1) / np.sqrt(n)
    assert (np.abs(found.mean(axis=1) - [1, 4, 9]) < 5 * error).all()


def test_shares_add_up_to_one() -> None:
    rng = np.random.default_rng(2)
    sums = {"added": rng.gamma(2.0, size=(8, 30)), "count": np.full(8, 16.0)}
    found = shares(sums, rng.random((8, 30)))
    assert found.value.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(found.repeats.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found.repeats.sum(axis=1), 0, atol=1e-12)


@pytest.mark.parametrize(("count", "why"), [(0.0, "not finite in any draw"), (4.0, "the same in every draw")])
def test_no_spread_is_refused(count: float, why: str) -> None:
    with pytest.raises(NoSpread, match=why):
        shares({"added": np.zeros((8, 2)), "count": np.full(8, count)}, np.zeros((8, 2)))
