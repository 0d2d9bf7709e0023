"""Leaves that change one after another: each change runs its own cone again, on what all before it left standing.

Every slot that varies has a row of its own, so that rows hold what the last change made of them. A walk through d
leaves so costs the sum of d cones, and not d trees; the bits are those of a full run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.ops.kernels import KERNELS
from leverage.program.schedule import BySlot, Schedule, Step, compute
from leverage.program.shelf import Shelf

Array = NDArray[np.float64]
Places = NDArray[np.int32]

CONES = 4_000_000  # instructions in all the cones that wait for the next walk


@dataclass(frozen=True, eq=False)
class Chain:
    """A schedule to be walked: its varying inputs are what moves, its kept outputs what is asked for after each move.

    >>> from leverage.program.lower import lower
    >>> from leverage.program.schedule import schedule
    >>> from leverage.tree.build import build
    >>> from leverage.files.plain import from_python
    >>> tree = build(from_python({"kgi": "y", "metrics": {"y": "a + b * c", "a": 1, "b": 2, "c": 3}}))
    >>> chain = Chain(schedule(lower(tree), varying=("a", "b"), keep=("y",)))
    >>> settled = chain.ready.settle({"a": 1.0, "b": 2.0, "c": 3.0})
    >>> walk = chain.start(settled, {"a": np.array([1.0, 2.0]), "b": np.array([1.0, 1.0])}, chain.buffer(2))
    >>> walk["y"]
    array([4., 5.])
    >>> walk.move({"b": np.array([10.0, 20.0])})["y"]
    array([31., 62.])
    """

    ready: Schedule

    @property
    def count(self) -> int:
        """Rows that a walk needs."""
        return len(self.ready.each)

    def buffer(self, length: int) -> list[Array]:
        """Rows for walks over so many samples."""
        return list(np.empty((self.count, length)))

    def start(self, settled: BySlot, arrays: Mapping[str, Array], rows: Sequence[Array]) -> Walk:
        """A walk where every varying input stands at its array, (b,); ``rows`` (b,) are its own as long as it lasts."""
        return Walk(self, settled, arrays, rows)

    def cone(self, ids: Iterable[str]) -> tuple[Step, ...]:
        """What runs again where these inputs move, in order; nothing where no kept output reads them."""
        key = tuple(ids)
        found: tuple[Step, ...] = self._cones.take(key, lambda: self._cone(key), len)
        return found

    @cached_property
    def cells(self) -> Mapping[int, int]:
        """The cell of each slot: rows written, in order, then what is read, moved or kept."""
        ready = self.ready
        slots = (*[out for _, _, out in ready.each], *ready.reads, *ready.given.values(), *ready.keep.values())
        return {slot: cell for cell, slot in enumerate(dict.fromkeys(slots))}

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All instructions, on cells."""
        cell = self.cells
        return tuple((KERNELS[op], tuple([cell[arg] for arg in args]), cell[out]) for op, args, out in self.ready.each)

    @cached_property
    def _users(self) -> Mapping[int, list[int]]:
        users: dict[int, list[int]] = {}
        for at, (_, args, _) in enumerate(self.steps):
            for cell in args:
                users.setdefault(cell, []).append(at)
        return users

    @cached_property
    def _cones(self) -> Shelf:
        return Shelf(CONES)

    def _cone(self, ids: Sequence[str]) -> tuple[Step, ...]:
        if len(ids) == 1:
            return tuple([self.steps[at] for at in self._reached(ids[0])])
        met = np.zeros(self.count, dtype=bool)
        for id in ids:  # whatever moves together, each one's cone is looked for once
            met[self._reached(id)] = True
        return tuple([self.steps[at] for at in np.flatnonzero(met).tolist()])

    def _reached(self, id: str) -> Places:
        """The places of what an input reaches, in order."""
        if id not in self._alone:
            users = self._users  # an instruction's place is the cell that it writes
            stack = [self.cells[self.ready.given[id]]] if id in self.ready.given else []
            reached: set[int] = set()
            while stack:
                fresh = [at for at in users.get(stack.pop(), ()) if at not in reached]
                reached.update(fresh)
                stack.extend(fresh)
            self._alone[id] = np.array(sorted(reached), dtype=np.int32)
        return self._alone[id]

    @cached_property
    def _alone(self) -> dict[str, Places]:
        return {}

    def __reduce__(self) -> Any:
        return (Chain, (self.ready,))  # what is derived stays behind


class Walk:
    """What stands after each move, by cell."""

    def __init__(self, chain: Chain, settled: BySlot, arrays: Mapping[str, Array], rows: Sequence[Array]) -> None:
        self._chain = chain
        given = {slot: arrays[id] for id, slot in chain.ready.given.items() if id in arrays}
        firm = [slot for slot, cell in chain.cells.items() if cell >= chain.count]
        self._cells = [*rows, *[given[slot] if slot in given else np.asarray(settled[slot]) for slot in firm]]
        compute(chain.steps, self._cells)

    def move(self, arrays: Mapping[str, Array]) -> Walk:
        """Inputs take other arrays, which stay as they are until the inputs move again or the walk ends."""
        chain, cells = self._chain, self._cells
        for id, array in arrays.items():
            if id in chain.ready.given:
                cells[chain.cells[chain.ready.given[id]]] = array
        compute(chain.cone(arrays), cells)
        return self

    def __getitem__(self, id: str) -> Array:
        """A kept output: a row that the next move may write over, or a figure where nothing varies."""
        return self._cells[self._chain.cells[self._chain.ready.keep[id]]]
