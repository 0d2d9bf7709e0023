"""The chunks under way: a bounded window of them, given back in their order wherever they are worked.

Memory holds the window and never grows with the number of chunks. Where a task is dear, because it is pickled and sent,
it takes several chunks, as many as are worked in the seconds that a task is made to last (`Place.task`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future
from itertools import islice
from typing import Any

from leverage.work.job import Job, Part, worked
from leverage.work.lost import explained
from leverage.work.place import Place, lent

MOST = 32  # chunks of a task
AHEAD = 2  # tasks a worker: one that runs and one that waits

Task = Future[tuple[list[Part], float]]


class Flight:
    """An iterator over chunk and part, in the order of ``chunks``."""

    def __init__(self, job: Job, chunks: Iterable[int], place: Place) -> None:
        self.job, self.place = job, place
        self._lent: Any = None  # what stands for the job in its tasks
        self._waiting = iter(chunks)
        self._flying: deque[tuple[list[int], Task]] = deque()
        self._landed: deque[tuple[int, Part]] = deque()
        self._size = 1  # chunks of the next task

    def __iter__(self) -> Generator[tuple[int, Part]]:
        if self.place.executor is None:
            return ((chunk, self.job(chunk)) for chunk in self._waiting)
        return self._away()

    def ahead(self) -> dict[int, Part]:
        """What has landed and was not given back yet."""
        found = dict(self._landed)
        for chunks, task in self._flying:
            if task.done() and not task.cancelled() and task.exception() is None:
                found.update(zip(chunks, task.result()[0], strict=True))
        return found

    def _away(self) -> Generator[tuple[int, Part]]:
        assert self.place.executor is not None
        try:
            self._lent = lent(self.place.executor, self.job)
            while self._launch():
                chunks, task = self._flying[0]
                try:
                    parts, seconds = task.result()
                except Exception as fault:
                    raise explained(fault, chunks) from fault
                self._landed.extend(zip(chunks, parts, strict=True))
                self._flying.popleft()
                self._size = min(MOST, max(1, round(self.place.task * len(chunks) / max(seconds, 1e-6))))
                while self._landed:
                    yield self._landed.popleft()
        finally:
            self._abandon()

    def _launch(self) -> bool:
        """Fills the window; whether anything is under way."""
        assert self.place.executor is not None
        while len(self._flying) < AHEAD * self.place.workers and (chunks := list(islice(self._waiting, self._size))):
            try:
                task = self.place.executor.submit(worked, self._lent, chunks, self.place.stop)
            except Exception as fault:
                raise explained(fault, chunks) from fault
            self._flying.append((chunks, task))
        return bool(self._flying)

    def _abandon(self) -> None:
        """What waits is called off, and threads end at their next breath; what was sent and runs is left alone."""
        if self.place.stop is not None and self._flying:
            self.place.stop.set()
        for _, task in self._flying:
            task.cancel()
