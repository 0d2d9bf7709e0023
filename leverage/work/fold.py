"""The one loop of long runs: chunks worked anywhere, joined in their order, kept in a file on the way.

>>> import numpy as np
>>> from leverage.work.job import Sums
>>> fold(lambda chunk: {"n": np.array([chunk])}, Sums(), chunks=4)["n"]
array([6])
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, closing, contextmanager

from leverage.errors import LeverageError
from leverage.work.checkpoint import Checkpoint, Interrupted, State
from leverage.work.flight import Flight
from leverage.work.job import Job, Part, Total
from leverage.work.place import Place, opened


def fold(
    job: Job,
    total: Total,
    *,
    chunks: int,
    threads: int = 1,
    executor: Executor | str | None = None,
    checkpoint: Checkpoint | None = None,
    told: Callable[[int], None] = lambda done: None,
) -> Part:
    """The parts of chunks 0 up to ``chunks``, joined in that order.

    Args:
        threads, executor: where they are worked (`place.opened`); the total is the same, to the bit.
        checkpoint: a file that is written on the way; a run that ended there before its time goes on from it.
        told: called with how many chunks are joined, after each.

    Raises:
        Lost: the executor failed.
        NoFile, Broken, AnotherRun, InUse: the checkpoint cannot be used.
        Interrupted: Ctrl-C, where a checkpoint stands.
    """
    with ExitStack() as open:
        course = Course(total, State(0, total.first()), {})
        if checkpoint is not None:
            open.enter_context(checkpoint.held())
            course = Course(total, *checkpoint.resumed(total, chunks))
            open.enter_context(_kept(checkpoint, course))
        place = open.enter_context(opened(threads, executor))
        for done in open.enter_context(closing(course.run(job, place, chunks))):
            told(done)
            if checkpoint is not None and checkpoint.due():
                checkpoint.save(course.state, course.beyond())
        if checkpoint is not None:
            checkpoint.ended(course.state)
        return course.state.total


class Course:
    """How far a run is: the state of what is joined, and the parts ``ahead`` that a file gave."""

    def __init__(self, total: Total, state: State, ahead: dict[int, Part]) -> None:
        self.total, self.state, self.ahead = total, state, ahead
        self.flight: Flight | None = None

    def run(self, job: Job, place: Place, chunks: int) -> Generator[int]:
        """Joins chunk after chunk; gives how many are joined."""
        there = frozenset(self.ahead)
        missing = (chunk for chunk in range(self.state.done, chunks) if chunk not in there)
        self.flight = Flight(job, missing, place)
        with closing(iter(self.flight)) as landing:
            for chunk in range(self.state.done, chunks):
                part = self.ahead[chunk] if chunk in self.ahead else next(landing)[1]
                # a name bound once, so that Ctrl-C between two statements finds a state that is whole
                self.state = State(chunk + 1, self.total.joined(self.state.total, chunk, part))
                self.ahead.pop(chunk, None)
                yield self.state.done

    def beyond(self) -> dict[int, Part]:
        """The parts that are there and wait for one before them."""
        there = self.ahead | (self.flight.ahead() if self.flight else {})
        return {chunk: part for chunk, part in there.items() if chunk >= self.state.done}


@contextmanager
def _kept(checkpoint: Checkpoint, course: Course) -> Iterator[None]:
    """Whatever ends the run before its time, what is done is written, and the message says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(checkpoint.last(course.state, course.beyond())) from None
    except LeverageError as fault:
        fault.message += f"; {checkpoint.last(course.state, course.beyond())}"
        raise
