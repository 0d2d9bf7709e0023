"""Means and variances that do not exist are noticed, and those that do are left alone.

Truth: the index of a power tail is known; every other law here has moments of any order.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from leverage.sampling.ranked import quantile
from leverage.sampling.tails import ALL, LEAST, existing, existing_between

Draw = Callable[[np.random.Generator, int], np.ndarray]
N = 65_536

KEPT: dict[str, Draw] = {  # mean and variance exist
    "normal": lambda rng, n: rng.normal(100, 5, n),
    "uniform": lambda rng, n: rng.random(n),
    "two levels": lambda rng, n: rng.choice([0.0, 1.0], n),
    "constant": lambda rng, n: np.full(n, 7.0),
    "poisson": lambda rng, n: rng.poisson(3.0, n).astype(float),
    "lognormal, sigma 1": lambda rng, n: np.exp(rng.normal(0, 1, n)),
    "lognormal, sigma 2": lambda rng, n: np.exp(rng.normal(0, 2, n)),
    "gamma 0.1": lambda rng, n: rng.gamma(0.1, size=n),
    "weibull 0.3": lambda rng, n: rng.weibull(0.3, n),
    "student 3": lambda rng, n: 1000 + rng.standard_t(3, n),
    "student 4": lambda rng, n: rng.standard_t(4, n),
    "student 6": lambda rng, n: rng.standard_t(6, n),
    "product of 3 exponentials": lambda rng, n: rng.exponential(size=(3, n)).prod(axis=0),
    "product of 5 exponentials": lambda rng, n: rng.exponential(size=(5, n)).prod(axis=0),
    "pareto 3": lambda rng, n: rng.random(n) ** (-1 / 3),
    "a rare great loss": lambda rng, n: rng.normal(100, 10, n) - (rng.random(n) < 0.01) * np.exp(rng.normal(8, 1, n)),
}
NO_MEAN: dict[str, Draw] = {
    "cauchy": lambda rng, n: 50 + rng.standard_cauchy(n),
    "reciprocal of a normal": lambda rng, n: 1 / rng.normal(0, 1, n),
    "reciprocal of a shifted normal": lambda rng, n: 1 / rng.normal(1, 0.5, n),
    "cauchy times normal": lambda rng, n: rng.standard_cauchy(n) * rng.normal(0, 1, n),
    "pareto 1": lambda rng, n: rng.random(n) ** -1.0,
}
NO_VARIANCE: dict[str, Draw] = {
    "student 1.5": lambda rng, n: rng.standard_t(1.5, n),
    "student 2": lambda rng, n: -rng.standard_t(2, n),
    "pareto 1.5": lambda rng, n: -(rng.random(n) ** (-1 / 1.5)),
}


def told(draw: Draw, seed: int, n: int = N, repeats: int = 1) -> int:
    values = draw(np.random.default_rng(seed), n)
    return existing([np.sort(values[r::repeats]) for r in range(repeats)])


@pytest.mark.parametrize("repeats", [1, 8])
@pytest.mark.parametrize("draw", KEPT.values(), ids=KEPT)
def test_moments_that_exist_are_left_alone(draw: Draw, repeats: int) -> None:
    assert [told(draw, seed, repeats=repeats) for seed in range(6)] == [ALL] * 6


@pytest.mark.slow
@pytest.mark.parametrize("n", [4096, 20_000, N, 2**18, 2**20])
@pytest.mark.parametrize("draw", KEPT.values(), ids=KEPT)
def test_moments_that_exist_are_left_alone_in_200_seeds(draw: Draw, n: int) -> None:
    seeds = 200 if n <= N else 40 if n < 2**20 else 10
    assert [told(draw, seed, n, 1 + 7 * (seed % 2)) for seed in range(seeds)] == [ALL] * seeds


@pytest.mark.parametrize(("laws", "left"), [(NO_MEAN, 0), (NO_VARIANCE, 1)])
def test_moments_that_do_not_exist_are_noticed_and_never_told_the_wrong_way(laws: dict[str, Draw], left: int) -> None:
    """Of 2**18 draws nearly always: four of five seeds, at the least. A power is never told a lower index than its own:
    one whose mean exists keeps it."""
    for name, draw in laws.items():
        found = [told(draw, seed, 2**18) for seed in range(5)]
        assert found.count(left) >= 4, name
        assert set(found) <= {left, ALL}, name


@pytest.mark.parametrize(("laws", "left"), [(NO_MEAN, 0), (NO_VARIANCE, 1)])
def test_at_the_default_number_of_samples_they_are_noticed_more_often_than_not(
    laws: dict[str, Draw], left: int
) -> None:
    """Measured in 100 seeds: 65 to 91 of 100, but 42 for a Pareto law of index 1.5; 30 seeds are within 4 errors."""
    for name, draw in laws.items():
        hits = sum(told(draw, seed) == left for seed in range(30))
        expected = 0.42 if name == "pareto 1.5" else 0.65
        assert hits >= 30 * expected - 4 * np.sqrt(30 * expected * (1 - expected)), name
        assert hits >= 3, name


def test_a_few_samples_tell_nothing() -> None:
    assert told(NO_MEAN["cauchy"], 0, LEAST - 1) == ALL


def test_shift_and_scale_change_nothing_and_either_tail_counts() -> None:
    values = np.sort(np.random.default_rng(3).standard_cauchy(4 * N))
    one_sided = np.sort(np.maximum(values, 0.0) - np.random.default_rng(4).random(4 * N))
    for row in (values, 1e6 + 1e-3 * values, one_sided, -one_sided[::-1]):
        assert existing([row]) == 0


@pytest.mark.parametrize(("name", "left"), [("cauchy", 0), ("student 1.5", 1), ("lognormal, sigma 2", ALL)])
def test_known_quantiles_tell_the_same_as_the_samples(name: str, left: int) -> None:
    draw = {**KEPT, **NO_MEAN, **NO_VARIANCE}[name]
    ordered = np.sort(draw(np.random.default_rng(1), 4 * N))
    assert existing_between(lambda p: quantile(ordered, p), len(ordered)) == existing([ordered]) == left
