"""Wherever chunks are worked, the total is joined in their order, to the bit, and only a window of them waits."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.errors import LeverageError
from leverage.work import flight
from leverage.work.fold import fold
from tests.work.jobs import Fails, Line, Numbers, Unruly, processes

CHUNKS = 40
WORK = Numbers()


def total(chunks: int = CHUNKS, job: Any = WORK, **where: Any) -> bytes:
    found = fold(job, Line(), chunks=chunks, **where)
    assert found["n"] == chunks
    return found["x"].tobytes()


@pytest.fixture(scope="module")
def pool() -> Any:
    with processes() as found:
        yield found


def test_the_order_of_joining_shows_in_the_total_that_these_tests_use() -> None:
    parts = [Numbers()(chunk) for chunk in (0, 2, 1)]
    line = Line()
    assert line.joined(line.joined(parts[0], 1, parts[1]), 2, parts[2])["x"].tobytes() != total(3)


@pytest.mark.parametrize("threads", [2, 3, 4])
def test_threads_change_no_byte(threads: int) -> None:
    assert total(threads=threads) == total()


def test_an_executor_of_threads_or_processes_changes_no_byte(pool: Any) -> None:
    with ThreadPoolExecutor(3) as threads:
        assert total(executor=threads) == total()
    assert total(executor=pool) == total()


@given(st.integers(0, 999), st.integers(1, 5), st.integers(1, 60))
@settings(max_examples=40)
def test_tasks_that_end_in_any_order_change_no_byte_and_stay_within_the_window(
    seed: int, workers: int, chunks: int
) -> None:
    unruly = Unruly(seed, workers)
    assert total(chunks, executor=unruly) == total(chunks)
    assert unruly.most <= flight.AHEAD * workers


def test_parts_are_let_go_once_they_are_joined() -> None:
    """The window holds them, and nothing else: as many live at once for 20 chunks as for 200."""
    most = []
    for chunks in (20, 200):
        unruly, seen = Unruly(1), [0]

        class Counting(Line):
            def joined(self, total: Any, chunk: int, part: Any, unruly: Any = unruly, seen: Any = seen) -> Any:
                landed = sum(future.done() for future, _ in unruly.open)
                seen[0] = max(seen[0], landed + len(unruly.open))
                return super().joined(total, chunk, part)

        fold(Numbers(), Counting(), chunks=chunks, executor=unruly)
        most.append(seen[0])
    assert most[1] <= flight.AHEAD * 3 * flight.MOST
    assert most[0] >= most[1] - flight.AHEAD * 3


@pytest.mark.parametrize("threads", [1, 3])
def test_what_the_work_raises_is_raised_here(threads: int, pool: Any) -> None:
    with pytest.raises(ZeroDivisionError, match="7"):
        total(job=Fails(7), threads=threads)
    with pytest.raises(ZeroDivisionError, match="7"):
        total(job=Fails(7), executor=pool)


def test_after_a_fault_threads_end_at_their_next_breath() -> None:
    """Chunk 1 would never end by itself."""
    before = threading.active_count()

    class Both:
        def __call__(self, chunk: int) -> Any:
            if chunk == 0:
                time.sleep(0.1)
                raise ZeroDivisionError
            return Fails(chunk, "hangs")(chunk)

    with pytest.raises(ZeroDivisionError):
        fold(Both(), Line(), chunks=4, threads=2)
    assert threading.active_count() == before


def test_a_worker_that_dies_is_told_with_the_mend() -> None:
    with processes(1) as mine, pytest.raises(LeverageError) as told:
        total(job=Fails(0, "dies"), executor=mine)
    assert str(told.value).startswith("chunk 0 of the run: a worker of the executor died (")
    assert str(told.value).endswith("; most often for want of memory: run fewer workers at a time, in a new executor")


def test_an_executor_that_is_shut_down_is_told() -> None:
    with ThreadPoolExecutor(1) as closed:
        pass
    with pytest.raises(LeverageError) as told:
        total(executor=closed)
    assert str(told.value) == "chunk 0 of the run: the executor is shut down; give one that is open"


def test_work_that_cannot_be_sent_is_the_programs_own_fault(pool: Any) -> None:
    with pytest.raises(AttributeError, match="local object"):
        total(job=lambda chunk: Numbers(chunk)(chunk), executor=pool)


def test_whoever_asks_is_told_of_every_chunk() -> None:
    told: list[int] = []
    fold(Numbers(), Line(), chunks=5, threads=2, told=told.append)
    assert told == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("slow", "chunks", "least", "most"), [(0.0, 60, 8, flight.MOST), (0.3, 4, 1, 1)])
def test_short_chunks_share_a_task_where_tasks_are_dear_and_long_ones_do_not(
    slow: float, chunks: int, least: int, most: int, pool: Any
) -> None:
    seen: list[int] = []

    class Spy:
        def submit(self, fn: Any, job: Any, chunks: Any, stop: Any) -> Any:
            seen.append(len(chunks))
            return pool.submit(fn, job, chunks, stop)

    found = flight.Flight(Numbers(slow), range(chunks), flight.Place(Spy(), 2, 0.2))  # type: ignore[arg-type]
    assert [chunk for chunk, _ in found] == list(range(chunks))
    assert least <= max(seen) <= most


def test_a_part_is_plain_arrays() -> None:
    assert all(isinstance(array, np.ndarray) for array in Numbers()(0).values())
