"""Are Shapley effects those of the definition, also where leaves are tied, and do their intervals cover?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from leverage.influence.sobol import NoSpread
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.players.shapley import Shares, shapley
from leverage.verbs.players.who import players
from tests.oracles.shares import Tied
from tests.oracles.spread import ishigami, sobol_g
from tests.trees import tree

Array = NDArray[np.float64]

EXACT = 1e-12  # where a figure is known, errors are 0, and only rounding is left

THREE = Tied((1.0, 2.0, 3.0), ((), (0.5,), (0.2, -0.3)))
FIVE = Tied((1.0, -0.5, 0.8, 2.0, 1.5), ((), (0.6,), (0, 0), (-0.3, 0.2, 0), (0, 0, 0, 0)))
TEAMS = Tied(
    (1.0, -0.5, 0.8, 2.0, 1.5), ((), (0.6,), (0.2, 0.1), (-0.3, 0.2, 0.4), (0, 0, 0, 0.0)), ((0, 2), (1, 4), (3,))
)
APART = Tied((1.0, 1.0, 2.0, 1.5), ((), (0.7,), (0, 0), (0, 0, -0.5)), ((0, 1), (2, 3)))  # no pair crosses teams
SMALL = Tied((0.3, 0.4, 0.2, 0.3), ((), (0.6,), (-0.2, 0.3), (0.1, 0.2, 0.4)))


def shared(of: Tree, by: str = "leaf", **settings: Any) -> tuple[Shares, list[str]]:
    """The effects, and the players' ids."""
    chance = Chance.of(**{"samples": 1_024, **settings})
    drawn = cast(of.cells, chance)
    among = players(of, drawn, by)
    return shapley(of.cells, drawn, chance, among, of.kgi), [player.id for player in among]


def ishigamis() -> tuple[Tree, Array]:
    """What two leaves do only together is halved."""
    known = ishigami()
    return known.tree, (known.first + known.total) / 2


def products() -> tuple[Tree, Array]:
    """G of two inputs, 1 + t = prod(1 + 1 / (3 (1 + a)^2)): the product of the parts is halved."""
    known = sobol_g((0, 1))
    return known.tree, (known.first + known.total) / 2


def ties() -> tuple[Tree, Array]:
    return SMALL.product()


CASES: dict[str, tuple[Callable[[], tuple[Tree, Array]], str]] = {
    "ishigami": (ishigamis, "leaf"),
    "g": (products, "leaf"),
    "sum, tied": (THREE.sum, "leaf"),
    "sum, tied in part": (FIVE.sum, "leaf"),
    "product, tied": (ties, "leaf"),
    "teams that ties cross": (TEAMS.sum, "owner"),
    "teams that no tie crosses": (APART.sum, "owner"),
}


def hits(name: str, seeds: Sequence[int], **settings: Any) -> NDArray[np.int64]:
    """In how many of the seeds each interval holds the exact effect."""
    (made, by), count = CASES[name], 0
    of, exact = made()
    for seed in seeds:
        found, _ = shared(of, by, seed=seed, **settings)
        count = count + ((found.index.low - EXACT <= exact) & (exact <= found.index.high + EXACT))
    return np.asarray(count)


@pytest.mark.parametrize("name", CASES)
def test_intervals_hold_the_exact_effects(name: str) -> None:
    """24 seeds; 17 hits or fewer have a chance of 1.3e-4 at 95 %: one of all 24 figures of 0.3 %."""
    assert hits(name, range(24)).min() > 17


@pytest.mark.slow
@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
@pytest.mark.parametrize("name", CASES)
def test_intervals_cover_in_905_to_995_of_a_thousand(name: str, points: str) -> None:
    count = hits(name, range(200), samples=2_048, points=points)
    assert ((count >= 181) & (count <= 199)).all(), count


@pytest.mark.parametrize("tied", [THREE, FIVE])
def test_effects_of_correlated_normals_are_nearly_exact(tied: Tied) -> None:
    """A sum is what the surrogate knows: what is left of the error is that of 2,048 samples in its 5 factors."""
    of, exact = tied.sum()
    found, ids = shared(of)
    assert ids == tied.ids
    np.testing.assert_allclose(found.index.value, exact, atol=0.004)


@pytest.mark.parametrize("name", CASES)
def test_effects_add_up_to_one(name: str) -> None:
    made, by = CASES[name]
    found, _ = shared(made()[0], by, samples=200)
    assert found.index.value.sum() == pytest.approx(1, abs=1e-12)


def test_a_leaf_that_the_metric_does_not_use_has_no_effect_even_if_it_tells_of_one_that_it_uses() -> None:
    leaves = {id: {"uncertainty": "normal(mean=0, sd=1)"} for id in ("a", "b", "idle", "lone")}
    of = tree("y", {"y": "a + b", "z": "idle + lone", **leaves}, correlations=[["a", "idle", 0.9], ["b", "idle", 0.3]])
    found, ids = shared(of)
    at = [ids.index("idle"), ids.index("lone")]
    assert (found.index.value[at] == 0).all()
    assert (found.index.error[at] == 0).all()
    assert found.evaluations == 1_024 * 3


def test_a_correlation_of_one_makes_two_leaves_share_evenly() -> None:
    leaves = {id: {"uncertainty": "normal(mean=0, sd=1)"} for id in ("a", "b", "c")}
    found, _ = shared(tree("y", {"y": "a + b + c", **leaves}, correlations=[["a", "b", 1]]))
    np.testing.assert_allclose(found.index.value, [0.4, 0.4, 0.2], atol=0.004)  # variances 4 and 1


def test_leaves_that_stand_alike_have_effects_alike() -> None:
    leaves = {f"x{i}": {"uncertainty": "lognormal(mean=1, sd=0.4)"} for i in range(7)}
    pairs = [[f"x{i}", f"x{j}", 0.3] for i in range(7) for j in range(i)]
    found, _ = shared(tree("y", {"y": " * ".join(leaves), **leaves}, correlations=pairs))
    assert ((found.index.low < 1 / 7) & (found.index.high > 1 / 7)).sum() >= 5  # of 7 at 95 %: fewer 0.4 %


def test_groups_of_one_draw_each_are_the_leaves() -> None:
    of, _ = FIVE.sum()
    (leaves, _), (teams, _) = shared(of), shared(of, "owner")
    np.testing.assert_array_equal(leaves.index.value, teams.index.value)


def test_the_order_of_the_file_changes_no_bit() -> None:
    metrics = {id: {"uncertainty": f"normal(mean=1, sd=0.{i + 1})"} for i, id in enumerate(FIVE.ids)}
    pairs = [["x0", "x1", 0.6], ["x2", "x4", 0.3]]
    formula = {"y": "x0 * x1 + x2 * x3 - x4"}
    there, ids = shared(tree("y", formula | metrics, correlations=pairs))
    back, turned = shared(tree("y", dict(reversed(metrics.items())) | formula, correlations=pairs[::-1]))
    assert turned == ids[::-1]
    np.testing.assert_array_equal(back.index.value[::-1], there.index.value)
    np.testing.assert_array_equal(back.index.repeats[:, ::-1], there.index.repeats)


def test_threads_and_blocks_change_no_bit() -> None:
    of, _ = THREE.product()
    first, *others = (
        shared(of, samples=65_536 + 2_048, **settings)[0].index
        for settings in ({}, {"threads": 2}, {"block": 1_000}, {"block": 65_536})
    )
    for other in others:
        np.testing.assert_array_equal(other.value, first.value)
        np.testing.assert_array_equal(other.repeats, first.repeats)


def test_samples_that_are_not_finite_are_left_out_and_the_rest_adds_up() -> None:
    leaves = {id: {"uncertainty": "normal(mean=0, sd=1)"} for id in ("a", "b")}
    found, _ = shared(tree("y", {"y": "a + b + log(b + 2)", **leaves}))  # 2.3 % of b are below -2
    assert found.index.value.sum() == pytest.approx(1, abs=1e-12)
    assert np.isfinite(found.index.error).all()


def test_a_model_over_months_has_players_with_all_their_cells() -> None:
    of = tree(
        "y",
        {
            "y": "sum(price * units)",
            "price": {"uncertainty": ["normal(mean=1, sd=0.1)"] * 3},
            "units": {"uncertainty": "normal(mean=10, sd=1)"},
        },
        time={"start": "2027-01", "periods": 3},
    )
    found, ids = shared(of)
    assert sorted(ids) == ["price", "units"]
    assert found.index.value.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("formula", ["3 + 0 * a", "1 / (a - a)"])
def test_a_metric_without_spread_is_refused(formula: str) -> None:
    with pytest.raises(NoSpread):
        shared(tree("y", {"y": formula, "a": {"uncertainty": "normal(mean=0, sd=1)"}}))


def test_a_metric_that_uses_no_uncertain_leaf_is_refused() -> None:
    with pytest.raises(NoSpread):
        shared(tree("y", {"y": "b * 2", "b": 3, "a": {"uncertainty": "normal(mean=0, sd=1)"}}))
