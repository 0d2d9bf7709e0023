"""Samples by arrays are those of the cells, to the bit: draws, growth, moves, and whatever the block."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import leverage as lv
from leverage.program.run import run, stand
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.draws.gridded import by_arrays, gridded, gridded_samples
from leverage.verbs.draws.samples import Aim, Drawn, drawn
from tests.properties.random_axes import RandomModel, random_model

AXES = {
    "time": {"periods": 4, "start": "2027-01"},
    "dimensions": {"channel": ["web", "ads", "fair"], "land": {"eu": ["fr", "de"], "asia": ["jp"]}},
}
METRICS: dict[str, Any] = {
    "visits": {"value": {"web": 80, "ads": 30, "fair": 12}, "spread": ["-20%", "25%"], "growth": "2%"},
    "price": {"value": {"de": 9, "fr": 8, "jp": 11}, "spread": ["-5%", "5%"], "shared": True},
    "rate": {"value": [0.1, 0.12, 0.11, 0.1], "uncertainty": "beta(5, 40)"},
    "season": {"value": {"eu": 4.0, "asia": 5.0}, "uncertainty": "normal(4, 1)", "seasonality": [1, 0, -0.5]},
    "noise": {"value": 1.0, "uncertainty": "normal(1, 0.1)", "growth": "0%", "draws": "per_period"},
    "cost": {"value": 3.0, "uncertainty": "uniform(0, 6)"},
    "push": {"value": {"web": 2, "ads": 3, "fair": 1}, "spread": ["-9%", "9%"], "lever": {"over_time": "each"}},
    "fixed": {"value": {"de": 5, "fr": 6, "jp": 7}},
    "orders": "visits * rate * noise",
    "stock": "prev(stock, cost) * 0.5 + orders * season",
    "margin": "where(stock > 3, price, price * 0.9) * orders - cost - fixed + push",
    "profit": "sum(margin) - npv(0.01, sum(stock, over=[channel, land]))",
}


def shop(**keys: Any) -> Tree:
    return lv.Model(kgi="profit", metrics=METRICS, **AXES, **keys).tree


def by_cells(tree: Tree, chance: Chance) -> dict[str, np.ndarray]:
    """The samples of every cell, by the program of the cells."""
    cells, n = tree.cells, chance.samples
    drawn, standing = cast(cells, chance), stand(cells)
    clipped = np.zeros(len(drawn.ids), dtype=np.int64)
    _, _, arrays = next(drawn.blocks(0, n, clipped))
    return run(standing.program, standing.inputs, arrays, cells.metrics, n)


def arrayed(tree: Tree, chance: Chance, *addresses: str) -> Drawn:
    """The samples of cells by arrays, each summed up."""
    return gridded_samples(tree, chance, [Aim(id, None, 1.0) for one in addresses for id in tree.cells_of(one)], (0.5,))


def same(tree: Tree, **settings: Any) -> None:
    """Every cell's samples by arrays are those by cells."""
    chance = Chance.of(samples=300, **settings)
    wanted, found = by_cells(tree, chance), arrayed(tree, chance, *tree.metrics)
    assert set(wanted) == set(found.summaries)
    for id, samples in wanted.items():
        assert found.spread.samples(id).tobytes() == samples.tobytes(), id


@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
def test_samples_are_those_of_the_cells(points: str) -> None:
    same(shop(), points=points)


@pytest.mark.parametrize("block", [1, 7, 64, 299, 4096])
def test_the_block_changes_no_bit(block: int) -> None:
    same(shop(), block=block)


@pytest.mark.parametrize(
    "moves",
    [
        {"change": {"visits[ads]": 0.3}, "set": {"price": 10.0}},
        {"add": {"cost": 4.0, "visits[web,2027-02]": -90.0}},
        {"set": {"noise[2027-03]": 2.0, "fixed[de]": 1.0}, "change": {"season": -0.2}},
    ],
)
def test_moved_leaves_are_moved_as_their_cells_are(moves: dict[str, dict[str, float]]) -> None:
    same(shop().with_(**moves))


def test_a_leaf_that_is_certain_in_a_scenario_has_no_doubt_left_there() -> None:
    scenarios = {"sure": {"set": {"price": {"eu": {"value": 10, "certain": True}}}}}
    same(shop(scenarios=scenarios).with_(scenario="sure"))


@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
def test_correlated_leaves_are_tied_cell_by_cell(points: str) -> None:
    metrics = {**METRICS, "reach": {"value": {"web": 8, "ads": 3, "fair": 2}, "spread": ["-20%", "25%"]}}
    tree = lv.Model(kgi="profit", metrics=metrics, correlations=[["visits", "reach", 0.6]], **AXES).tree
    same(tree, points=points)


@given(random_model(most=6), st.sampled_from(("sobol", "random")))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_models_have_the_samples_of_their_cells(made: RandomModel, points: str) -> None:
    for id in made.leaves:
        told = made.metrics[id]
        told = told if isinstance(told, dict) else {"value": told}
        made.metrics[id] = {**told, "uncertainty": "normal(0.5, 1)"}
    same(lv.Model(**made.keys).tree, points=points)


def test_draws_put_at_an_end_are_counted_as_those_of_the_cells() -> None:
    """A cost from 0 up that is shifted down: what falls below 0 is put there, and said."""
    tree, chance = shop().with_(add={"cost": -3.0, "visits[ads]": -28.0}), Chance.of(samples=300, block=64)
    found = arrayed(tree, chance, "profit").notes
    wanted = drawn(tree.cells, cast(tree.cells, chance), chance, [Aim("profit", None, 1.0)], (0.5,)).notes
    assert sorted(found) == sorted(wanted)
    assert any("cost" in note for note in found)


def test_the_job_travels() -> None:
    tree, chance = shop().with_(change={"visits[ads]": 0.3}), Chance.of(samples=100)
    job = gridded(tree, chance, ["profit", *tree.cells_of("margin")])
    sent = pickle.loads(pickle.dumps(job))
    assert sent(0)["values"].tobytes() == job(0)["values"].tobytes()


def test_chunks_side_by_side_are_those_of_one_run_on_threads() -> None:
    """70,000 samples are two chunks."""
    tree = shop()
    one = arrayed(tree, Chance.of(samples=70_000), "profit", "price")
    two = arrayed(tree, Chance.of(samples=70_000, threads=2, block=5_000), "profit", "price")
    assert one.spread.samples("profit").shape == (70_000,)
    for id in one.summaries:
        assert one.spread.samples(id).tobytes() == two.spread.samples(id).tobytes()


def test_only_the_cells_that_are_asked_for_are_kept_and_summed_up_as_ever() -> None:
    tree, chance = shop(), Chance.of(samples=1_000)
    aims = [Aim("profit", 5.0, 1.0, 4.0), *(Aim(id, 9.0, -1.0, 8.0) for id in tree.cells_of("price[asia]"))]
    aims += [Aim(id, None, 1.0) for id in tree.cells_of("margin[web,2027-02]")]
    found = gridded_samples(tree, chance, aims, (0.1, 0.5), 0.05)
    wanted = drawn(tree.cells, cast(tree.cells, chance), chance, aims, (0.1, 0.5), tail=0.05)
    assert list(found.summaries) == list(wanted.summaries)
    for id, summary in wanted.summaries.items():
        told = found.summaries[id]
        assert told.quantiles.tobytes() == summary.quantiles.tobytes()
        for name in ("mean", "sd", "sd_error", "probability", "below", "below_error", "tail_mean", "tail_error"):
            assert getattr(told, name) == getattr(summary, name), name


def test_arrays_are_for_many_cells_of_which_no_formula_is_moved() -> None:
    small = shop()
    assert not by_arrays(small, 9)
    labels = [f"x{place}" for place in range(600)]
    wide = {"dimensions": {"item": labels}, "time": {"periods": 4}}
    metrics = {"a": {"value": dict.fromkeys(labels, 1.0)}, "b": "a * period", "all": "sum(b)"}
    large = lv.Model(kgi="all", metrics=metrics, **wide).tree
    assert by_arrays(large, 9)
    assert by_arrays(large.with_(change={"a": 0.1}), 9)
    assert not by_arrays(large.with_(set={"b[x3,2]": 0.1}), 9)
