"""Are elementary effects those of the grid? Against enumerations of it, and in trees of thousands of leaves."""

from __future__ import annotations

from itertools import combinations, product
from math import prod
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.players.trajectories import ONE_AT_A_TIME, Screened, morris
from leverage.verbs.players.who import players
from tests.trees import tree

Array = NDArray[np.float64]

UNIFORM = {"uncertainty": "uniform(low=0, high=1)"}
GRID = (0.125, 0.375, 0.625, 0.875)


def screened(of: Tree, by: str = "leaf", **settings: Any) -> tuple[Screened, list[str]]:
    """The effects, and the players' ids."""
    chance = Chance.of(**{"samples": 64, **settings})
    drawn = cast(of.cells, chance)
    among = players(of, drawn, by)
    return morris(of.cells, drawn, chance, among, of.kgi), [player.id for player in among]


# --- Morris's own function (1991, section 4) -----------------------------------------------------------------------

BENT = (2, 4, 6)  # the third, fifth and seventh input
ORDERS = {
    1: (20.0, 10),
    2: (-15.0, 6),
    3: (-10.0, 5),
    4: (5.0, 4),
}  # factor of products of so many inputs, of the first ones


def turned(i: int, x: float) -> float:
    """The w of an input: even, or bent."""
    return 2 * (1.1 * x / (x + 0.1) - 0.5) if i in BENT else 2 * (x - 0.5)


def morris_20() -> Tree:
    """Twenty inputs, the ten first of which matter; what Morris draws at random stands at its mean, 0."""
    ids = [f"w{i:02}" for i in range(20)]
    metrics: dict[str, Any] = {"y": " + ".join(f"order{k}" for k in ORDERS) + " + 0 * (" + " + ".join(ids[10:]) + ")"}
    for order, (factor, among) in ORDERS.items():
        terms = [" * ".join(some) for some in combinations(ids[:among], order)]
        metrics[f"order{order}"] = f"{factor} * ({' + '.join(terms)})"
    for i, id in enumerate(ids):
        x = f"x{i:02}"
        metrics[id] = f"2 * (1.1 * {x} / ({x} + 0.1) - 0.5)" if i in BENT else f"2 * ({x} - 0.5)"
        metrics[x] = UNIFORM
    return tree("y", metrics)


def slope(i: int, w: Array) -> Array:
    """What the function gains by one more of input i's w, (n,), where the six first ones' w stand, (6, n)."""
    found = np.zeros(w.shape[1])
    for order, (factor, among) in ORDERS.items():
        if i < among:
            others = [j for j in range(among) if j != i]
            for some in combinations(others, order - 1):
                found += factor * prod((w[j] for j in some), start=np.ones(w.shape[1]))
    return found


def exact(i: int) -> tuple[float, float, float]:
    """Mean, mean size and standard deviation of an input's effects over the whole grid of all that it meets."""
    w = np.array(list(product(*([turned(j, x) for x in GRID] for j in range(6))))).T
    jumps = [(turned(i, high) - turned(i, low)) / 0.5 for low, high in ((0.125, 0.625), (0.375, 0.875))]
    found = np.concatenate([jump * slope(i, w) for jump in jumps])
    return float(found.mean()), float(np.abs(found).mean()), float(found.std())


def test_intervals_hold_the_exact_effects_of_morris_s_function() -> None:
    """24 seeds; 17 hits or fewer of 24 have a chance of 1.3e-4 at 95 %: one of 10 figures of 0.13 %."""
    of, truth = morris_20(), np.array([exact(i)[1] for i in range(10)] + [0.0] * 10)
    count = np.zeros(20)
    for seed in range(24):
        found, ids = screened(of, seed=seed)
        assert ids == [f"x{i:02}" for i in range(20)]
        star = found.effects.mu_star
        count += (star.low - 1e-9 <= truth) & (truth <= star.high + 1e-9)
    assert count.min() > 17


def test_means_and_spreads_are_those_of_the_grid() -> None:
    """4,096 trajectories: a mean within 5 of sigma / 64, a spread within 10 % (5 / sqrt(2 n), tripled for tails)."""
    found, _ = screened(morris_20(), samples=4_096)
    for i in range(10):
        mean, _, spread = exact(i)
        assert abs(found.effects.mu[i] - mean) <= 5 * spread / 64 + 1e-9
        assert found.effects.sigma[i] == pytest.approx(spread, rel=0.1, abs=1e-9)
    assert (found.effects.mu_star.value[10:] == 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
def test_intervals_cover_in_905_to_995_of_a_thousand(points: str) -> None:
    """Of the inputs whose effects vary; those of the others are the same in every trajectory that meets both jumps."""
    of, truth, count = morris_20(), np.array([exact(i)[1] for i in range(6)]), np.zeros(6)
    for seed in range(200):
        star = screened(of, seed=seed, samples=128, points=points)[0].effects.mu_star
        count += (star.low[:6] <= truth) & (truth <= star.high[:6])
    assert ((count >= 181) & (count <= 199)).all(), count


# --- what a tree brings along --------------------------------------------------------------------------------------


def test_a_leaf_without_bounds_jumps_from_quantile_to_quantile() -> None:
    """From 1/8 to 5/8 and from 3/8 to 7/8 of a normal leaf: both go 1.46897 standard deviations, by symmetry."""
    of = tree("y", {"y": "3 * a - b", "a": {"uncertainty": "normal(mean=5, sd=2)"}, "b": {"uncertainty": "poisson(3)"}})
    found, ids = screened(of)
    place = ids.index("a")
    jump = (0.31863936396437514 + 1.1503493803760079) / 0.5
    assert found.effects.mu[place] == pytest.approx(3 * 2 * jump, rel=1e-9)
    assert found.effects.sigma[place] == pytest.approx(0, abs=1e-9)
    # a Poisson of mean 3 has 1, 2, 3 and 5 at the four probabilities: jumps of 2 and 3
    assert found.effects.mu[ids.index("b")] == pytest.approx(-5, rel=1e-9)


def test_a_leaf_that_the_metric_does_not_use_has_no_effect() -> None:
    of = tree("y", {"y": "a * 2", "z": "b", "a": UNIFORM, "b": UNIFORM})
    found, ids = screened(of)
    place = ids.index("b")
    told = found.effects
    assert (told.mu[place], told.mu_star.value[place], told.mu_star.error[place], told.sigma[place]) == (0, 0, 0, 0)
    assert found.evaluations == 64 * 2


def test_a_metric_that_uses_no_uncertain_leaf_has_no_effects() -> None:
    found, ids = screened(tree("y", {"y": "b * 2", "b": 3, "a": UNIFORM}))
    assert ids == ["a"]
    assert (found.effects.mu.tolist(), found.effects.mu_star.error.tolist(), found.evaluations) == ([0], [0], 0)


def test_a_group_moves_all_its_leaves_the_same_way() -> None:
    of = tree("y", {"y": "a + b - 2 * c", **{id: {**UNIFORM, "owner": id.replace("b", "a")} for id in "abc"}})
    found, ids = screened(of, by="owner")
    np.testing.assert_allclose(found.effects.mu[[ids.index("a"), ids.index("c")]], [2, -2], rtol=1e-12)


def test_correlations_are_not_followed_and_a_note_says_so() -> None:
    metrics = {"y": "a * b", "a": UNIFORM, "b": UNIFORM}
    free, _ = screened(tree("y", metrics))
    tied, _ = screened(tree("y", metrics, correlations=[["a", "b", 0.9]]))
    assert free.notes == ()
    assert tied.notes == (ONE_AT_A_TIME,)
    np.testing.assert_array_equal(tied.effects.mu, free.effects.mu)


def test_the_order_of_the_file_threads_and_blocks_change_no_bit() -> None:
    metrics = {"y": "a * b + exp(c) * a", **dict.fromkeys("abc", UNIFORM)}
    there, _ = screened(tree("y", metrics))
    back, _ = screened(tree("y", dict(reversed(metrics.items()))))
    np.testing.assert_array_equal(back.effects.mu_star.value[::-1], there.effects.mu_star.value)
    for settings in ({"threads": 2}, {"block": 1_000}):
        again, _ = screened(tree("y", metrics), **settings)
        np.testing.assert_array_equal(again.effects.mu_star.repeats, there.effects.mu_star.repeats)


def test_a_tree_of_thousands_of_leaves_is_screened() -> None:
    """A sum of sums of uniform leaves, each with its own factor: every effect is that factor."""
    leaves = {f"x{i}": UNIFORM for i in range(3_000)}
    names = [f"{1 + i % 7} * x{i}" for i in range(3_000)]
    metrics: dict[str, Any] = {}
    while len(names) > 1:
        parts = [names[k : k + 10] for k in range(0, len(names), 10)]
        names = [f"s{len(metrics) + k}" for k in range(len(parts))]
        metrics |= {name: " + ".join(part) for name, part in zip(names, parts, strict=True)}
    found, ids = screened(tree(names[0], metrics | leaves), samples=8)
    factors = np.array([1 + int(id[1:]) % 7 for id in ids])
    # sums of up to 1e4 round to 2e-12; an effect is a difference of two of them, over 1/2
    np.testing.assert_allclose(found.effects.mu, factors, atol=1e-9)
    assert found.evaluations == 8 * 3_001
    assert any("1,024 Sobol dimensions" in note for note in found.notes)
