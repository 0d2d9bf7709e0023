"""Cells drawn: those of one draw together, each by its own factor, moved by its own level."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from leverage.program.run import stand
from leverage.program.schedule import schedule
from leverage.sampling.room import IDLE
from leverage.tree.tree import Correlation, Tree
from leverage.verbs.draws.cast import Cast, blocked, cast
from leverage.verbs.draws.chance import Chance
from tests.trees import tree

SAMPLES = 70_000
FACTORS = (1.0, 1.5, -2.0, 1.5, 1.0)


def cells(factors: tuple[float, ...] = FACTORS, *, text: str = "beta(2, 3)", **keys: Any) -> Tree:
    """Cells ``p0``, ``p1``, ... of one draw ``p``, each with its factor; and a leaf ``z`` of its own draw."""
    names = [f"p{k}" for k in range(len(factors))]
    plain = tree("y", {"y": "p0 + z", **{id: {"uncertainty": text} for id in (*names, "z")}}, **keys)
    grown = {
        name: replace(plain.metrics[name], draw="p", factor=factor, base=plain.metrics[name].base * factor)
        for name, factor in zip(names, factors, strict=True)
    }
    return replace(plain, metrics=plain.metrics | grown)


def drawn(actors: Cast, block: int = 16_384, chunks: tuple[int, ...] = (0, 1)) -> tuple[dict[str, Any], np.ndarray]:
    """Every draw of each cell, and how many were clipped."""
    clipped = np.zeros(len(actors.ids), dtype=np.int64)
    blocks = [
        {id: row.copy() for id, row in rows.items()}
        for chunk in chunks
        for _, _, rows in actors.blocks(chunk, block, clipped)
    ]
    return {id: np.concatenate([each[id] for each in blocks]) for id in actors.ids}, clipped


@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
def test_cells_of_one_draw_are_the_draw_times_their_factors(points: str) -> None:
    found, _ = drawn(cast(cells(), Chance.of(samples=SAMPLES, points=points)))
    plain, _ = drawn(cast(tree("p", {"p": {"uncertainty": "beta(2, 3)"}}), Chance.of(samples=SAMPLES, points=points)))
    for k, factor in enumerate(FACTORS):
        assert found[f"p{k}"].tobytes() == (factor * plain["p"]).tobytes()
    assert not np.array_equal(found["z"], plain["p"])


def test_a_draw_is_made_once_and_cells_that_stand_alike_share_its_row() -> None:
    actors = cast(cells((1.0,) * 500 + (2.0,) * 500), Chance.of(samples=1_000))
    assert [id for id, _ in actors.draws.leaves] == ["p0", "z"]
    assert actors.seats.extra == 1
    _, _, rows = next(actors.blocks(0, 1_000, np.zeros(1_001, dtype=np.int64)))
    assert rows["p0"] is rows["p499"]
    assert rows["p500"] is rows["p999"]


def test_cells_of_one_draw_and_two_distributions_have_the_same_ranks() -> None:
    one = cells((1.0, 1.0))
    other = replace(
        one.metrics["p1"], uncertainty=tree("q", {"q": {"uncertainty": "gamma(2, 3)"}}).metrics["q"].uncertainty
    )
    found, _ = drawn(cast(replace(one, metrics=one.metrics | {"p1": other}), Chance.of(samples=SAMPLES)))
    assert (found["p0"].argsort() == found["p1"].argsort()).all()


def test_a_cell_that_is_moved_keeps_its_factor() -> None:
    """A share multiplies the draws of the cell, a level that is set shifts them by the difference, both to rounding."""
    still, _ = drawn(cast(cells(text="normal(5, 1)"), Chance.of(samples=SAMPLES)))
    there = cells(text="normal(5, 1)").with_(set={"p1": 10.0}, change={"p2": 0.5, "z": 0.5}, add={"p3": 1.0})
    found, clipped = drawn(cast(there, Chance.of(samples=SAMPLES)))
    assert not clipped.any()
    np.testing.assert_allclose(found["p1"], still["p1"] + (10.0 - 7.5), rtol=0, atol=1e-14)
    np.testing.assert_allclose(found["p2"], 1.5 * still["p2"], rtol=1e-15)
    np.testing.assert_allclose(found["p3"], still["p3"] + 1.0, rtol=0, atol=1e-14)
    assert all(found[id].tobytes() == still[id].tobytes() for id in ("p0", "p4"))


def test_moved_cells_are_held_to_the_limits_times_their_factor_and_counted_cell_by_cell() -> None:
    still, _ = drawn(cast(cells(), Chance.of(samples=SAMPLES)))
    actors = cast(cells().with_(add={"p2": 0.3, "p3": 0.3}), Chance.of(samples=SAMPLES))
    found, clipped = drawn(actors)
    left = [np.count_nonzero(still["p2"] + 0.3 > 0), np.count_nonzero(still["p3"] + 0.3 > 1.5)]
    assert clipped.tolist() == [0, 0, *left, 0, 0]
    assert (found["p2"].max(), found["p3"].max()) == (0.0, 1.5)
    assert found["p2"].min() >= -2.0


def test_clipped_draws_of_many_cells_are_one_sentence() -> None:
    base = cells().with_(add={"z": 0.9})
    named = {id: replace(base.metrics[id], id=f"p[{id}]") for id in ("p0", "p1", "p2")}
    renamed = {named.get(id, metric).id: named.get(id, metric) for id, metric in base.metrics.items()}
    actors = cast(replace(base, metrics=renamed), Chance.of(samples=SAMPLES))
    assert actors.notes(np.array([0, 0, 7, 1_234, 0, 9])) == (
        "up to 1,234 of 70,000 draws of p left its possible range after the change in 2 of its cells and were put at "
        "its end",
        "9 of 70,000 draws of z left its possible range after the change and were put at its end",
    )


def test_a_cell_whose_draws_are_multiplied_by_0_has_no_doubt_and_changes_no_other() -> None:
    actors = cast(cells((1.0, 0.0, 2.0)), Chance.of(samples=SAMPLES))
    assert actors.ids == ("p0", "p2", "z")
    assert (
        drawn(actors)[0]["p2"].tobytes()
        == drawn(cast(cells((1.0, 3.0, 2.0)), Chance.of(samples=SAMPLES)))[0]["p2"].tobytes()
    )


def test_correlations_tie_draws() -> None:
    """4 standard errors of Spearman's: (1 - rank**2) sqrt(1.06 / n)."""
    from scipy.stats import spearmanr

    tied = replace(cells(), correlations=(Correlation("p", "z", 0.6),))
    found, _ = drawn(cast(tied, Chance.of(samples=SAMPLES)))
    for id, rank in (("p0", 0.6), ("p1", 0.6), ("p2", -0.6)):
        assert abs(spearmanr(found[id], found["z"]).statistic - rank) < 4 * (1 - 0.36) * np.sqrt(1.06 / SAMPLES)


MOVED = {"add": {"p1": 0.2, "p2": 0.2, "z": 0.2}, "change": {"p4": 0.5}}


@pytest.mark.parametrize("block", [1_000, 9_999, 65_536])
def test_the_size_of_blocks_changes_no_bit_of_a_cell(block: int) -> None:
    actors = cast(cells().with_(**MOVED), Chance.of(samples=SAMPLES))
    (one, left), (other, right) = drawn(actors), drawn(actors, block)
    assert left.tolist() == right.tolist()
    assert all(one[id].tobytes() == other[id].tobytes() for id in one)


def test_threads_and_processes_change_no_bit_of_a_cell() -> None:
    actors = cast(cells().with_(**MOVED), Chance.of(samples=4 * 65_536))
    there = pickle.loads(pickle.dumps(actors))
    alone = drawn(actors, chunks=(0, 1, 2, 3))[0]
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda chunk: drawn(there, 5_000, (chunk,))[0], range(4)))
    assert all(np.concatenate([part[id] for part in parts]).tobytes() == alone[id].tobytes() for id in alone)


def test_thousands_of_cells_travel_light_and_take_no_more_memory_than_is_lent() -> None:
    many = cells(tuple(1 + k / 1_000 for k in range(5_000)))
    actors, chance = cast(many, Chance.of()), Chance.of()
    ready = schedule(stand(many).program, varying=actors.ids, keep=("y",))
    block = blocked(actors, chance, ready)
    assert (block + 1) * (actors.seats.extra + len(actors.draws.leaves)) > IDLE >= block * actors.seats.extra
    assert len(pickle.dumps(actors)) < 5_000 * 120  # an id, a factor and a level each


def over_axes(**visits: Any) -> Tree:
    """The cells of a file with two channels and three months."""
    leaf = {"value": {"ads": 100, "web": 200}, "range": {"ads": [80, 125], "web": [150, 260]}, **visits}
    metrics = {"profit": "sum(visits)", "visits": leaf}
    return tree("profit", metrics, dimensions={"channel": ["ads", "web"]}, time={"periods": 3, "unit": "month"}).cells


def test_over_time_one_draw_serves_all_and_growth_multiplies_it() -> None:
    found, _ = drawn(cast(over_axes(growth="10%"), Chance.of(samples=SAMPLES)))
    for channel in ("ads", "web"):
        first = found[f"visits[{channel},0]"]
        for period in (1, 2):
            np.testing.assert_allclose(found[f"visits[{channel},{period}]"], 1.1**period * first, rtol=1e-15)


@pytest.mark.parametrize(
    ("keys", "draws"),
    [({}, 2), ({"shared": True}, 1), ({"draws": "per_period"}, 6), ({"shared": True, "draws": "per_period"}, 3)],
)
def test_labels_have_a_draw_each_and_periods_share_it_unless_the_file_says_otherwise(
    keys: dict[str, Any], draws: int
) -> None:
    """Cells of one draw have the same order; those of two are independent: 4 standard errors of Spearman's."""
    from scipy.stats import spearmanr

    actors = cast(over_axes(growth="10%", **keys), Chance.of(samples=20_000, points="random"))
    found = np.array(list(drawn(actors, chunks=(0,))[0].values()))
    orders = {tuple(row.argsort().tolist()) for row in found}
    assert (len(orders), actors.draws.points.columns) == (draws, draws)
    ranks = spearmanr(found.T).statistic
    assert ((np.abs(ranks) < 4 / np.sqrt(20_000)) | (ranks > 1 - 1e-12)).all()


def test_cells_are_tied_label_by_label_and_what_follows_is_one_sentence() -> None:
    """Three leaves over 12 labels: 12 groups of 3, never one of 36."""
    labels = [f"l{k:02}" for k in range(12)]
    leaf = {"value": dict.fromkeys(labels, 1), "uncertainty": "normal(1, 0.1)"}
    of = tree(
        "y",
        {"y": "sum(a + b + c)", **dict.fromkeys("abc", leaf)},
        dimensions={"channel": labels},
        correlations=[["a", "b", 0.9], ["b", "c", 0.9]],
    )
    found = cast(of.cells, Chance(samples=64)).draws
    assert [len(group.rows) for group in found.dependence.groups] == [3] * 12
    followed = "; ".join(f"a[{label}] and c[{label}] 0.81" for label in labels[:5])
    assert found.notes == (f"pairs that are not named follow from those that are: {followed}; and 7 more",)
