"""Are Sobol' indices what they say, and do their intervals cover? Against exact indices, over many seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from leverage.influence.interval import T95, Index
from leverage.influence.sobol import Indices, NoSpread, Surrogate
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.players import hybrids
from leverage.verbs.players.hybrids import sobol
from leverage.verbs.players.who import players
from tests.oracles.spread import KNOWN, Known, ishigami
from tests.trees import tree

Array = NDArray[np.float64]


def judged(of: Tree, *, by: str = "leaf", second: bool = False, **settings: object) -> tuple[Indices, list[str]]:
    """The indices, and the ids of the players that they are of."""
    chance = Chance.of(**{"samples": 1_024, **settings})  # type: ignore[arg-type]
    drawn = cast(of.cells, chance)
    among = players(of, drawn, by)
    found, places, _ = sobol(of.cells, drawn, chance, among, of.kgi, second=second)
    return found, [among[place].id for place in places]


def of(known: Known, **settings: object) -> tuple[Index, Index]:
    """First and total in the order of the inputs."""
    found, ids = judged(known.tree, **settings)
    order = [ids.index(id) for id in known.inputs]
    first, total = (Index(each.value[order], each.repeats[:, order]) for each in (found.first, found.total))
    return first, total


def covered(known: Known, seeds: Sequence[int], samples: int) -> NDArray[np.int64]:
    """In how many of the seeds each interval holds the exact index, (2, d)."""
    counts = np.zeros((2, len(known.inputs)), dtype=np.int64)
    for seed in seeds:
        for row, index, exact in zip(counts, of(known, seed=seed, samples=samples), exacts(known), strict=True):
            row += np.abs(index.value - exact) <= T95 * index.error
    return counts


def exacts(known: Known) -> tuple[Array, Array]:
    return known.first, known.total


@pytest.mark.parametrize("name", KNOWN)
def test_intervals_hold_the_exact_indices(name: str) -> None:
    """24 seeds; 17 hits or fewer of 24 have a chance of 1.3e-4 at 95 %, so one of all 126 figures of 1.6 %."""
    counts = covered(KNOWN[name](), range(24), 1_024)
    assert counts.min() > 17
    assert counts.mean() / 24 == pytest.approx(0.95, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("samples", [1_024, 8_192])
def test_intervals_hold_the_exact_indices_in_their_share_of_200_seeds(name: str, samples: int) -> None:
    counts = covered(KNOWN[name](), range(200), samples)
    assert counts.min() >= 181
    assert counts.max() <= 199


@pytest.mark.parametrize("name", KNOWN)
def test_indices_come_near_as_samples_grow(name: str) -> None:
    """6.1 standard errors: with t of 7 degrees a chance of 5e-4 a figure, of 6 % that one of 126 is further off."""
    known = KNOWN[name]()
    for index, exact in zip(of(known, samples=8_192), exacts(known), strict=True):
        assert (np.abs(index.value - exact) <= 6.1 * index.error).all()
        assert np.abs(index.value - exact).max() < 0.02


def test_points_of_other_kinds_give_the_same_indices() -> None:
    known = ishigami()
    for points in ("random", "latin"):
        for index, exact in zip(of(known, samples=8_192, points=points), exacts(known), strict=True):
            assert (np.abs(index.value - exact) <= 5 * index.error).all()


def test_what_two_leaves_do_only_together_is_their_second_order_index() -> None:
    known = ishigami()
    found, ids = judged(known.tree, samples=8_192, second=True)
    assert ids == ["x1", "x2", "x3"]
    assert found.second is not None
    exact = np.array([0, known.total[2], 0])  # of x1 and x2, x1 and x3, x2 and x3
    assert (np.abs(found.second.value - exact) <= 5 * found.second.error).all()
    assert found.second.error.max() < 0.01


def test_second_order_adds_up_with_first_to_all_of_a_product_of_three() -> None:
    """y = (1 + a)(1 + b)(1 + c), unit variances: V = 7, each alone 1, each pair 1, all three 1."""
    leaf = {"uncertainty": "normal(0, 1)"}
    found, _ = judged(
        tree("y", {"y": "(1 + a) * (1 + b) * (1 + c)", "a": leaf, "b": leaf, "c": leaf}), samples=16_384, second=True
    )
    assert found.second is not None
    for index, exact in ((found.first, 1 / 7), (found.second, 1 / 7), (found.total, 4 / 7)):
        assert (np.abs(index.value - exact) <= 5 * index.error).all()


def test_a_wrong_surrogate_costs_precision_and_never_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    known = ishigami()

    def misled(*_: object) -> Surrogate:
        powers = np.array([[0.3, 0.5, -0.9, 0, 0, 0, 0], [0, 0.7, 0, 0, 0, 0, 0], [-0.1, 0, 0.3, 0, 0, 0, 0]])
        centred = powers.copy()
        centred[:, 0] = -powers[:, 2] / 3  # E[x^2] = 1/3 of a coordinate from -1 to 1
        norms = powers[:, 1] ** 2 / 3 + powers[:, 2] ** 2 * (1 / 5 - 1 / 9)
        return Surrogate(3.0, 2.0, centred, norms)

    monkeypatch.setattr(hybrids, "piloted", misled)
    for index, exact in zip(of(known, samples=16_384), exacts(known), strict=True):
        assert (np.abs(index.value - exact) <= 5 * index.error).all()


def test_a_group_has_the_variance_of_its_leaves_in_a_sum() -> None:
    leaves = owned()
    found, ids = judged(tree("y", {"y": " + ".join(leaves), **leaves}), by="owner")
    assert ids == ["Ann", "Bob", "nobody"]
    for index in (found.first, found.total):
        assert (np.abs(index.value - np.array([5, 9, 16]) / 30) <= 5 * index.error).all()
        assert index.error.max() < 1e-3  # the surrogate has all of it, but for the pilot's own error


def owned() -> dict[str, dict[str, str]]:
    """Normal leaves of sd 1 to 4: two are Ann's, one is Bob's, one is nobody's."""
    owners = ({"owner": "Ann"}, {"owner": "Ann"}, {"owner": "Bob"}, {})
    return {
        id: {"uncertainty": f"normal(0, {sd})", **owner}
        for id, sd, owner in zip("abcd", (1, 2, 3, 4), owners, strict=True)
    }


def test_leaves_within_a_group_may_correlate() -> None:
    """a and b of rank correlation 0.5 (0.5176 in the scores): V of a + b is 1 + 4 + 2 * 2 * 0.5176."""
    leaves = owned()
    found, _ = judged(
        tree("y", {"y": " + ".join(leaves), **leaves}, correlations=[["a", "b", 0.5]]), by="owner", samples=8_192
    )
    own = np.array([5 + 4 * 2 * np.sin(np.pi / 12), 9, 16])
    assert (np.abs(found.first.value - own / own.sum()) <= 5 * found.first.error + 1e-9).all()


def test_first_order_adds_up_to_at_most_all_and_total_to_at_least_all() -> None:
    for make in KNOWN.values():
        first, total = of(make(), samples=8_192)
        assert first.value.sum() <= 1 + T95 * np.linalg.norm(first.error)
        assert total.value.sum() >= 1 - T95 * np.linalg.norm(total.error)


def test_a_leaf_that_the_goal_does_not_use_is_not_evaluated() -> None:
    leaf = {"uncertainty": "normal(0, 1)"}
    _, ids = judged(tree("y", {"y": "a + 1", "a": leaf, "b": leaf, "z": "a * b"}))
    assert ids == ["a"]


def test_a_goal_that_never_moves_has_no_spread() -> None:
    leaf = {"uncertainty": "normal(0, 1)"}
    for formula in ("0 * a + 2", "min(a, -99)", "3"):
        with pytest.raises(NoSpread):
            judged(tree("y", {"y": formula, "a": leaf}))


def test_samples_that_are_not_finite_are_left_out() -> None:
    """log(a) of a half normal's worth of draws is no number: what is left is shared out all the same."""
    metrics = {
        "y": "log(a) + b",
        "a": {"value": 1, "uncertainty": "normal(1, 1)"},
        "b": {"uncertainty": "normal(0, 1)"},
    }
    found, _ = judged(tree("y", metrics))
    assert np.isfinite(found.first.value).all()
    assert found.total.value.sum() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("settings", [{"threads": 3}, {"block": 1_000}, {"block": 65_536}])
def test_how_it_is_worked_changes_no_bit(settings: dict[str, object]) -> None:
    of_all = KNOWN["piston"]().tree
    plain, _ = judged(of_all, samples=70_000, second=True)
    other, _ = judged(of_all, samples=70_000, second=True, **settings)
    for a, b in ((plain.first, other.first), (plain.total, other.total)):
        assert a.value.tobytes() == b.value.tobytes()
        assert a.repeats.tobytes() == b.repeats.tobytes()


def test_the_order_of_the_file_changes_no_bit() -> None:
    known = KNOWN["otl_circuit"]()
    turned = tree("voltage", dict(reversed(known.model.items())))
    (plain, ids), (other, turned_ids) = judged(known.tree), judged(turned)
    assert sorted(ids) == sorted(turned_ids)
    order = [turned_ids.index(id) for id in ids]
    assert plain.first.value.tobytes() == other.first.value[order].tobytes()
    assert plain.total.value.tobytes() == other.total.value[order].tobytes()
