"""How to draw: settings, their refusals, and leaves drawn where they stand."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from leverage.errors import LeverageError
from leverage.program.run import stand
from leverage.program.schedule import schedule
from leverage.verbs.draws.cast import Cast, cast, sent
from leverage.verbs.draws.chance import KEPT, MOST, Chance
from leverage.verbs.result import VERSION
from tests.trees import tree


def drawn(actors: Cast, block: int = 16_384) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Every draw of each leaf, and how many were clipped."""
    clipped = np.zeros(len(actors.ids), dtype=np.int64)
    blocks = [a for chunk in range(actors.draws.chunks) for _, _, a in actors.blocks(chunk, block, clipped)]
    return {id: np.concatenate([each[id] for each in blocks]) for id in actors.ids}, clipped


def of(**keys: Any) -> Any:
    metrics = {
        "y": "a + b",
        "a": {"value": 1, "uncertainty": "normal(1, 1)"},
        "b": {"value": 0.5, "uncertainty": "beta(2, 2)"},
    }
    return tree("y", metrics, scenarios={"sure": {"set": {"a": {"value": 3, "certain": True}}}}, **keys)


def test_left_out_a_setting_is_as_semantics_says() -> None:
    assert Chance.of() == Chance(samples=65_536, seed=0, points="sobol", threads=1, block=None, strict=False)


def test_a_seed_of_0_is_a_seed_and_none_draws_one() -> None:
    assert Chance.of(seed=0).seed == 0
    seeds = {Chance.of(seed=None).seed for _ in range(8)}
    assert len(seeds) == 8
    assert all(0 <= seed < 2**53 for seed in seeds)  # a figure of JSON, exactly


def test_a_generator_gives_one_integer_and_moves_on() -> None:
    generator = np.random.default_rng(3)
    seeds = [Chance.of(rng=generator).seed for _ in range(2)]
    again = np.random.default_rng(3)
    assert seeds == [int(again.integers(2**53)), int(again.integers(2**53))]


def test_numpys_whole_numbers_are_whole_numbers() -> None:
    settings = Chance.of(samples=np.int64(5), seed=np.uint32(7))
    assert settings == Chance(samples=5, seed=7)
    assert type(settings.to_run()["seed"]) is int


@pytest.mark.parametrize("samples", [1, KEPT, KEPT + 1, MOST])
def test_more_samples_may_be_asked_for_than_are_kept(samples: int) -> None:
    assert Chance.of(samples=samples).samples == samples


def test_blocks_are_in_order_and_as_long_as_asked() -> None:
    actors, clipped = cast(of(), Chance.of(samples=100_000)), np.zeros(2, dtype=np.int64)
    spans = [(a, b) for chunk in range(actors.draws.chunks) for a, b, _ in actors.blocks(chunk, 30_000, clipped)]
    assert spans == [(0, 30_000), (30_000, 60_000), (60_000, 65_536), (65_536, 95_536), (95_536, 100_000)]
    assert [actors.span(chunk) for chunk in (0, 1)] == [(0, 65_536), (65_536, 100_000)]


def test_a_leaf_whose_doubt_has_ended_is_not_drawn_and_keeps_its_place_among_the_others() -> None:
    actors, sure = (cast(each, Chance.of(samples=999)) for each in (of(), of().with_(scenario="sure")))
    assert (actors.ids, sure.ids) == (("a", "b"), ("b",))
    assert drawn(sure)[0]["b"].tobytes() == drawn(actors)[0]["b"].tobytes()


@pytest.mark.parametrize("block", [777, 16_384])
def test_clipped_draws_are_counted_whatever_the_block(block: int) -> None:
    actors = cast(of().with_(add={"b": 0.4}), Chance.of(samples=5_000))
    draws, clipped = drawn(actors, block)
    count = int(np.count_nonzero(draws["b"] == 1.0))
    assert clipped.tolist() == [0, count]
    assert actors.notes(clipped) == (
        f"{count:,} of 5,000 draws of b left its possible range after the change and were put at its end",
    )


@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
def test_a_cast_travels_and_draws_the_same_there(points: str) -> None:
    keys = {"correlations": [["a", "b", 0.5]]}
    actors = cast(of(**keys), Chance.of(samples=70_000, points=points))
    there = pickle.loads(pickle.dumps(actors))
    for id, values in drawn(actors)[0].items():
        assert drawn(there)[0][id].tobytes() == values.tobytes()


def test_a_worker_of_another_version_is_told_and_the_fault_travels_back() -> None:
    actors = replace(cast(of(), Chance.of(samples=10)), version="9.9")
    with pytest.raises(LeverageError) as told:
        drawn(actors)
    sentence = f"a worker has leverage {VERSION}, and 9.9 was asked; install 9.9 on every worker"
    assert str(told.value) == str(pickle.loads(pickle.dumps(told.value))) == sentence


def test_what_travels_of_a_program_does_not_grow_with_what_a_block_does_not_read() -> None:
    def size(idle: int) -> int:
        metrics = {f"m{i}": 2.0 * i for i in range(idle)}
        metrics |= {f"f{i}": f"m{i} + 1" for i in range(idle)}
        large = tree("y", {"y": "a * 2", "a": {"value": 1, "range": [0.5, 2]}, **metrics})
        standing = stand(large)
        ready = schedule(standing.program, varying=large.uncertain, keep=("y",))
        return len(pickle.dumps(sent(ready, ready.settle(standing.inputs))))

    assert size(1000) == size(2)
