"""A program made ready to run: which instructions run once, which per sample, and in which rows.

What no varying input reaches is computed once. The rest, the cone of what varies, writes rows of a block of samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from leverage.ops.kernels import KERNELS, Kernel
from leverage.program.cone import direct, downstream, upstream
from leverage.program.memory import rows
from leverage.program.program import Instruction, Program
from leverage.program.rows import rowed
from leverage.program.single import Single

Array = NDArray[np.float64]
Step = tuple[Kernel, tuple[int, ...], int]  # kernel, cells read, cell written

LENGTH = 32_768  # samples at a time where few rows are live
CACHE = 2**22  # bytes of live rows that a core keeps near enough
SHORTEST = 8_192  # samples, below which calling NumPy costs more than a row far away
MEMORY = 2**26  # bytes of live rows, from which blocks become shorter still


class BySlot(Protocol):
    """Figures or arrays by slot."""

    def __getitem__(self, slot: int, /) -> Any: ...


class Live:
    """What stands after a block, by slot: what was kept of it, else what was settled before it."""

    __slots__ = ("found", "settled")

    def __init__(self, found: Mapping[int, Array], settled: BySlot) -> None:
        self.found = found
        self.settled = settled

    def __getitem__(self, slot: int) -> Any:
        return self.found[slot] if slot in self.found else self.settled[slot]


def compute(steps: Iterable[Step], cells: Sequence[Any]) -> None:
    """Run steps on cells, in order; what is not finite stays, and is counted later."""
    with np.errstate(all="ignore"):
        for kernel, args, out in steps:
            # written out by number of arguments: a generator costs as much as a short kernel
            if len(args) == 2:
                kernel(cells[args[0]], cells[args[1]], out=cells[out])
            elif len(args) == 1:
                kernel(cells[args[0]], out=cells[out])
            else:
                kernel(*[cells[cell] for cell in args], out=cells[out])


@dataclass(frozen=True, eq=False)
class Schedule:
    """What runs once and what per sample, for some varying inputs and some outputs.

    Attributes:
        once: what no varying input reaches, in order.
        each: what runs per sample, in order.
        reads: the slots that ``each`` reads and does not write.
        given: the slot of each varying input, by id.
        keep: the slot of each output: where its values stand in what `block` returns, and in what `settle` does.
        row: the row of each slot that ``each`` writes; the kept ones come first.
        rows: how many rows there are.
    """

    program: Program
    once: tuple[Instruction, ...]
    each: tuple[Instruction, ...]
    reads: tuple[int, ...]
    given: Mapping[str, int]
    keep: Mapping[str, int]
    row: Mapping[int, int]
    rows: int
    also: Mapping[int, int] = field(default_factory=dict)

    def settle(self, inputs: Mapping[str, float]) -> list[Any]:
        """By slot, the figure of all that no varying input reaches; None elsewhere."""
        figures: list[Any] = [None] * self.program.size
        for slot, value in self.program.constants.items():
            figures[slot] = value
        for id, slot in self.program.inputs.items():
            if id in inputs:
                figures[slot] = float(inputs[id])
        return self._once.settle(figures)

    def block(self, settled: BySlot, arrays: Mapping[str, Array], rows: Sequence[Array]) -> Live:
        """By slot, what is kept over one block: arrays of the block's length, or figures where nothing varies.

        ``settled`` may hold arrays too: those of another schedule's block, of which only a cone is run again. What is
        kept stands in rows that the next block writes over: copy it out.
        """
        given = {slot: np.asarray(arrays[id]) for id, slot in self.given.items() if id in arrays}
        # a ufunc reads an array without axes in half the time of a number
        cells = [*rows, *[given[slot] if slot in given else np.asarray(settled[slot]) for slot in self.reads]]
        compute(self._steps, cells)
        found = given | {slot: rows[row] for slot, row in self._kept}
        found.update((slot, found[at]) for slot, at in self.also.items() if at in found)
        return Live(found, settled)

    @property
    def boundary(self) -> frozenset[int]:
        """The slots that the steps per sample read and do not write: what a re-run of the cone alone needs."""
        return frozenset(self.reads)

    @cached_property
    def length(self) -> int:
        """The block that suits: as long as the live rows stay near the core."""
        length = LENGTH
        while self.rows * length * 8 > (CACHE if length > SHORTEST else MEMORY) and length > 1:
            length //= 2
        return length

    def buffer(self, length: int | None = None) -> list[Array]:
        """Rows for blocks of the length."""
        return rows(self.rows, length or self.length)

    @cached_property
    def _once(self) -> Single:
        return Single(self.once, (), ())

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        cell = {slot: self.rows + place for place, slot in enumerate(self.reads)} | dict(self.row)
        return tuple((KERNELS[op], tuple([cell[arg] for arg in args]), cell[out]) for op, args, out in self.each)

    @cached_property
    def _kept(self) -> tuple[tuple[int, int], ...]:
        wanted = dict.fromkeys((*self.keep.values(), *self.also.values()))
        return tuple((slot, self.row[slot]) for slot in wanted if slot in self.row)

    def __reduce__(self) -> Any:
        # what is derived from the fields stays behind
        fields = (self.program, self.once, self.each, self.reads, self.given, self.keep, self.row, self.rows, self.also)
        return (Schedule, fields)


def schedule(
    program: Program, *, varying: Iterable[str], keep: Iterable[str], also: frozenset[int] = frozenset()
) -> Schedule:
    """The program made ready for metrics ``varying`` over samples, to give outputs ``keep`` and slots ``also``.

    A formula metric that varies takes its values in place of its formula. Kept for the next who asks the same.
    """
    key = (frozenset(varying), tuple(keep), also)
    return program.schedules.take(key, lambda: _scheduled(program, *key), _weight)


def cone(program: Program, varying: Iterable[str], keep: Iterable[str]) -> Schedule:
    """`schedule` where all else is settled already, by whoever runs it: it costs what the cone is long."""
    key = (frozenset(varying), tuple(keep), None)
    return program.schedules.take(key, lambda: _scheduled(program, *key), _weight)


def _weight(ready: Schedule) -> int:
    return len(ready.once) + len(ready.each) + len(ready.keep) + 1


def _scheduled(
    program: Program, varying: frozenset[str], keep: tuple[str, ...], also: frozenset[int] | None
) -> Schedule:
    outputs = {name: program.outputs[name] for name in keep}
    given = {id: program.outputs[id] for id in sorted(varying) if id in program.outputs}
    kept = [*outputs.values(), *sorted(also or ())]
    moving = downstream(program, given.values()) if given else set[int]()
    alias, each = _cone(program, moving, set(given.values()), kept)
    once = () if also is None else _once(program, moving, kept)
    roots = list(dict.fromkeys(alias.get(slot, slot) for slot in kept))
    order, row, count = rowed(each, roots)
    reads = tuple(dict.fromkeys(arg for instruction in order for arg in instruction.args if arg not in row))
    return Schedule(
        program,
        once,
        tuple(order),
        reads,
        given,
        {name: alias.get(slot, slot) for name, slot in outputs.items()},
        row,
        count,
        {slot: alias.get(slot, slot) for slot in sorted(also or ())},
    )


def _cone(
    program: Program, moving: set[int], given: set[int], kept: Iterable[int]
) -> tuple[dict[int, int], list[Instruction]]:
    """The instructions that move and are needed, on slots as they are read: a metric's own stands for its value."""
    inner = moving - given
    needed = upstream(program, (slot for slot in kept if slot in inner), within=inner.__contains__)
    return direct(program.instructions[at] for at in sorted(program.writers[slot] for slot in needed))


def _once(program: Program, moving: set[int], kept: Iterable[int]) -> tuple[Instruction, ...]:
    """What is needed and stands still; every instruction where nothing moves and every output is asked for."""
    if not moving and set(kept).issuperset(program.outputs.values()):
        return program.instructions
    needed = upstream(program, kept)
    places = sorted(program.writers[slot] for slot in needed if slot in program.writers and slot not in moving)
    return tuple(program.instructions[at] for at in places)
