"""What is done to a chunk, and what chunks add up to: plain arrays by name, which travel and can be kept in a file.

A job is a frozen value that pickles, called with a chunk's number, so any process or machine can work any chunk. A
total takes the parts in the order of their chunks, so its bytes do not tell where they were worked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from threading import Event
from typing import Any, Protocol

from numpy.typing import NDArray

from leverage.work.stop import heeding

Part = Mapping[str, NDArray[Any]]


class Job(Protocol):
    """The work of one chunk; the same part for the same number, whoever calls."""

    def __call__(self, chunk: int, /) -> Part:
        """The chunk's figures."""
        ...


class Total(Protocol):
    """What parts add up to, as arrays. What is given back is new: a stop half way leaves the total before it whole."""

    def first(self) -> Part:
        """The total of no chunk."""
        ...

    def joined(self, total: Part, chunk: int, part: Part) -> Part:
        """The total with the next chunk."""
        ...

    def resumed(self, total: Part) -> Part:
        """A total that was read from a file, in the place where the next chunks go."""
        ...


class Sums:
    """The total of parts that are added, entry by entry: counts, in whole numbers."""

    def first(self) -> Part:
        return {}

    def joined(self, total: Part, chunk: int, part: Part) -> Part:
        return {name: total[name] + part[name] for name in part} if total else part

    def resumed(self, total: Part) -> Part:
        return total


def itself(job: Job) -> Job:
    """The job: a task that carries it to where it is worked."""
    return job


def worked(job: Job, chunks: Sequence[int], stop: Event | None = None) -> tuple[list[Part], float]:
    """A task: the parts of some chunks, and the seconds that they took. It runs wherever the executor has it run."""
    begun = time.perf_counter()
    with heeding(stop):
        parts = [job(chunk) for chunk in chunks]
    return parts, time.perf_counter() - begun
