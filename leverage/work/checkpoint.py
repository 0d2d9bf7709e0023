"""A run that may end before its time: what was worked is written to a file, from which the same run goes on.

The file holds the total of the first chunks, whose order of joining counts, and what was finished ahead of them. It
is written every 5 seconds or so, and never for more than a twentieth of the time; at the end it is removed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from leverage.errors import LeverageError, Place, listed
from leverage.files import NoFile
from leverage.work.archive import Broken, read, write
from leverage.work.job import Part, Total
from leverage.work.lock import locked
from leverage.work.said import say

EVERY = 5.0  # seconds between two writings
SHARE = 20  # times what the last writing took
HASTY = 0.5  # seconds that a writing may take when Ctrl-C waits for it


class AnotherRun(LeverageError):
    """A checkpoint of another run than the one that was asked for."""

    def __init__(self, path: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
        keys = [key for key in dict.fromkeys((*here, *there)) if there.get(key) != here.get(key)]
        told = listed([f"{key} {there.get(key)!r} there and {here.get(key)!r} here" for key in keys], 4)
        super().__init__(f"a checkpoint of another run: {told}; name another file, or delete it", at=Place(path))


class InUse(LeverageError):
    """A checkpoint that another run is writing."""

    def __init__(self, path: str) -> None:
        super().__init__("another run is writing this checkpoint; wait for it, or name another file", at=Place(path))


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with a sentence on how to go on."""


class Lasting(str):
    """The path of a checkpoint that stays when its run is done, whole, until `remove`: the answer is not safe yet."""

    ended = False  # a run of this path; a file of that name which no run took for its own is nobody's to remove

    def remove(self) -> None:
        """The run needs its file no more."""
        if self.ended:
            with suppress(OSError):
                os.unlink(self)


@dataclass(frozen=True, slots=True)
class State:
    """The total of the chunks before ``done``."""

    done: int
    total: Part


@dataclass(slots=True)
class Checkpoint:
    """The file of one run. ``run``: what the run is, plain values; a file that says anything else is refused."""

    path: str
    run: Mapping[str, Any]
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    chunks: int = 0
    _next: float = 0.0
    _took: float = 0.0
    _failing: bool = False

    def __post_init__(self) -> None:
        self.run = json.loads(json.dumps(self.run))  # as a file gives it back

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else's for as long.

        Raises:
            InUse: another run has it.
            NoFile: its folder is missing or takes no files.
        """
        with ExitStack() as open:
            try:
                mine = open.enter_context(locked(f"{self.path}.lock"))
            except OSError as fault:
                raise NoFile(self.path, "written", fault) from None
            if not mine:
                raise InUse(self.path)
            yield

    def resumed(self, total: Total, chunks: int) -> tuple[State, dict[int, Part]]:
        """Where the run stands: at its beginning where there is no file yet, else where the file says.

        The file is written at once, so that one that cannot be is refused before any work is done.

        Raises:
            AnotherRun, Broken, NoFile: the file is not for this run.
        """
        self.chunks = chunks
        state, ahead = State(0, total.first()), dict[int, Part]()
        if os.path.exists(self.path):
            state, ahead = self._read(total)
            say(f"took over {state.done + len(ahead):,} of {chunks:,} chunks from {self.path}")
        self._write(state, ahead)
        return state, ahead

    def _read(self, total: Total) -> tuple[State, dict[int, Part]]:
        header, arrays = read(self.path)
        done = header.pop("done", None)
        if header != self.run:
            raise AnotherRun(self.path, header, self.run)
        ahead: dict[int, dict[str, Any]] = {}
        so_far: dict[str, Any] = {}
        try:
            for name, array in arrays.items():
                where, _, own = name.partition("/")
                (so_far if where == "total" else ahead.setdefault(int(where), {}))[own] = array
            if not 0 <= done <= self.chunks or not all(done <= chunk < self.chunks for chunk in ahead):
                raise ValueError(f"{done:,} chunks of {self.chunks:,}")
            return State(done, total.resumed(so_far)), dict(ahead)
        except (ValueError, KeyError, TypeError) as fault:
            raise Broken(self.path, str(fault)) from None

    def due(self) -> bool:
        """Whether it is time to write."""
        return self.clock() >= self._next

    def save(self, state: State, ahead: Mapping[int, Part]) -> None:
        """Writes; where that fails the run goes on, says so once, and tries again later."""
        try:
            self._write(state, ahead)
            self._failing = False
        except NoFile as fault:
            if not self._failing:
                say(f"{fault}; the run goes on, and tries again")
            self._failing = True

    def _write(self, state: State, ahead: Mapping[int, Part]) -> None:
        begun = self.clock()
        arrays = {f"total/{name}": array for name, array in state.total.items()}
        for chunk, part in ahead.items():
            arrays |= {f"{chunk}/{name}": array for name, array in part.items()}
        try:
            write(self.path, {**self.run, "done": state.done}, arrays)
        finally:
            ended = self.clock()
            self._took = ended - begun
            self._next = ended + max(EVERY, SHARE * self._took)

    def last(self, state: State, ahead: Mapping[int, Part]) -> str:
        """Written once more, where that is quick, before the run is given up; what to do next, in words."""
        if self._took < HASTY:
            with suppress(NoFile):
                self._write(state, ahead)
        return f"the same command goes on from {self.path}"

    def ended(self, state: State) -> None:
        """The run is done: its file goes, or waits with all of it for the answer to be safe."""
        if isinstance(self.path, Lasting):
            self.path.ended = True
            self.save(state, {})
        else:
            with suppress(OSError):
                os.unlink(self.path)
