"""How to draw: settings, their refusals, and leaves drawn where they stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leverage.verbs.chance import MOST, Cast, Chance, cast
from tests.trees import tree


def drawn(actors: Cast) -> dict[str, np.ndarray]:
    blocks = [arrays for chunk in range(actors.draws.chunks) for _, _, arrays in actors.blocks(chunk)]
    return {id: np.concatenate([block[id] for block in blocks]) for id in actors.ids}


def of(**keys: Any) -> Any:
    metrics = {
        "y": "a + b",
        "a": {"value": 1, "uncertainty": "normal(1, 1)"},
        "b": {"value": 0.5, "uncertainty": "beta(2, 2)"},
    }
    return tree("y", metrics, scenarios={"sure": {"set": {"a": {"value": 3, "certain": True}}}}, **keys)


def test_left_out_a_setting_is_as_semantics_says() -> None:
    assert Chance.of() == Chance(samples=65_536, seed=0, points="sobol", threads=1, block=32_768, strict=False)


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


@pytest.mark.parametrize("samples", [1, MOST])
def test_as_many_samples_as_are_kept_may_be_asked_for(samples: int) -> None:
    assert Chance.of(samples=samples).samples == samples


def test_blocks_are_in_order_and_as_long_as_asked() -> None:
    actors = cast(of(), Chance.of(samples=100_000, block=30_000))
    spans = [(start, stop) for chunk in range(actors.draws.chunks) for start, stop, _ in actors.blocks(chunk)]
    assert spans == [(0, 30_000), (30_000, 60_000), (60_000, 65_536), (65_536, 95_536), (95_536, 100_000)]


def test_a_leaf_whose_doubt_has_ended_is_not_drawn_and_keeps_its_place_among_the_others() -> None:
    actors, sure = (cast(each, Chance.of(samples=999)) for each in (of(), of().with_(scenario="sure")))
    assert (actors.ids, sure.ids) == (("a", "b"), ("b",))
    assert drawn(sure)["b"].tobytes() == drawn(actors)["b"].tobytes()


def test_clipped_draws_are_counted_once_however_often_they_are_drawn() -> None:
    actors = cast(of().with_(add={"b": 0.4}), Chance.of(samples=5_000, block=777))
    first, second = drawn(actors)["b"], drawn(actors)["b"]
    count = int(np.count_nonzero(first == 1.0))
    assert (first == second).all()
    assert actors.notes == (
        f"{count:,} of 5,000 draws of b left its possible range after the change and were put at its end",
    )


@pytest.mark.parametrize("threads", [1, 3])
def test_every_chunk_is_worked_once(threads: int) -> None:
    worked: list[int] = []
    cast(of(), Chance.of(samples=400_000, threads=threads)).each_chunk(worked.append)
    assert sorted(worked) == list(range(7))


def test_an_error_on_a_thread_is_raised() -> None:
    def fail(chunk: int) -> None:
        raise ZeroDivisionError(chunk)

    for threads in (1, 3):
        with pytest.raises(ZeroDivisionError):
            cast(of(), Chance.of(samples=400_000, threads=threads)).each_chunk(fail)
