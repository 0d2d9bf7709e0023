"""Jobs for the tests of long runs: at the top of a module, so that they pickle."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from leverage.work.job import Part
from leverage.work.stop import breathe


@dataclass(frozen=True)
class Numbers:
    """A chunk's own numbers, drawn from its number alone; ``slow`` seconds of sleep a chunk."""

    slow: float = 0.0

    def __call__(self, chunk: int) -> Part:
        if self.slow:
            time.sleep(self.slow)
        return {"x": np.random.default_rng(chunk).standard_normal(5), "n": np.array(1)}


@dataclass(frozen=True)
class Line:
    """A total in which the order of joining shows in every bit: t -> 0.9 t + x, which no other order gives."""

    def first(self) -> Part:
        return {}

    def joined(self, total: Part, chunk: int, part: Part) -> Part:
        if not total:
            return part
        return {"x": 0.9 * total["x"] + part["x"], "n": total["n"] + part["n"]}

    def resumed(self, total: Part) -> Part:
        return total


@dataclass(frozen=True)
class Fails:
    """Raises, exits or hangs at one chunk."""

    at: int
    fault: str = "error"

    def __call__(self, chunk: int) -> Part:
        if chunk == self.at:
            if self.fault == "dies":
                os._exit(9)
            while self.fault == "hangs":
                time.sleep(0.01)
                breathe()
            raise ZeroDivisionError(chunk)
        return Numbers()(chunk)


class Unruly(Executor):
    """Runs tasks late and in no order, and remembers how many stood open at most."""

    def __init__(self, seed: int, workers: int = 3) -> None:
        self._max_workers = workers
        self.random = Random(seed)
        self.open: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Late(self)
        self.open.append((future, lambda: fn(*args, **kwargs)))
        self.most = max(self.most, len(self.open))
        return future

    def one(self) -> None:
        future, work = self.open.pop(self.random.randrange(len(self.open)))
        future.set_result(work())


class Late(Future[Any]):
    """A future whose executor works only while somebody waits."""

    def __init__(self, executor: Unruly) -> None:
        super().__init__()
        self.executor = executor

    def result(self, timeout: float | None = None) -> Any:
        while not self.done():
            self.executor.one()
        return super().result(timeout)


@contextmanager
def processes(workers: int = 2) -> Iterator[Executor]:
    """A process pool that starts its workers anew, without what this process holds."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield pool
