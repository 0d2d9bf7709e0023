"""A program made ready to run: which instructions run once, which per sample, and in which rows.

What no varying input reaches is computed once. The rest writes rows of a block of samples; a row is used again as soon
as nothing reads it any more, so the live rows stay in the core's cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.ops.kernels import KERNELS, Kernel
from leverage.program.cone import downstream, upstream
from leverage.program.program import METRIC, Instruction, Program

Array = NDArray[np.float64]
Step = tuple[Kernel, tuple[int, ...], int, int]  # kernel, slots read, slot written, row written


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """``once`` and ``each``: steps of single figures and of rows. ``keep``: slot of each output; ``rows``: how many."""

    program: Program
    alias: Mapping[int, int]
    once: tuple[Step, ...]
    each: tuple[Step, ...]
    keep: Mapping[str, int]
    rows: int
    varying: frozenset[int]

    def settle(self, inputs: Mapping[str, float]) -> dict[int, Any]:
        """Slot to figure for all that no varying input reaches."""
        figures: dict[int, Any] = {slot: np.float64(value) for slot, value in self.program.constants.items()}
        figures.update((slot, np.float64(inputs[id])) for id, slot in self.program.inputs.items() if id in inputs)
        with np.errstate(all="ignore"):
            for kernel, args, out, _ in self.once:
                figures[out] = np.float64(kernel(*(figures[slot] for slot in args)))
        return figures

    def block(self, settled: Mapping[int, Any], arrays: Mapping[str, Array], rows: list[Array]) -> dict[int, Any]:
        """Slot to values over one block: arrays of the block's length, or single figures where nothing varies.

        ``settled`` may hold arrays too: those of another schedule's block, of which only a cone is run again. What is
        kept stands in rows that the next block writes over: copy it out.
        """
        live = dict(settled)
        live.update((self.program.inputs[id], array) for id, array in arrays.items())
        with np.errstate(all="ignore"):
            for kernel, args, out, row in self.each:
                # written out by number of arguments: at one point a generator costs as much as the kernel
                if len(args) == 2:
                    live[out] = kernel(live[args[0]], live[args[1]], out=rows[row])
                elif len(args) == 1:
                    live[out] = kernel(live[args[0]], out=rows[row])
                else:
                    live[out] = kernel(*[live[slot] for slot in args], out=rows[row])
        return live

    @property
    def boundary(self) -> frozenset[int]:
        """The slots that the steps per sample read and do not write: what a re-run of the cone alone needs."""
        written = {out for _, _, out, _ in self.each}
        return frozenset(slot for _, args, _, _ in self.each for slot in args) - written

    def buffer(self, length: int) -> list[Array]:
        """Rows for blocks of the length."""
        return list(np.empty((self.rows, length)))


def schedule(
    program: Program, *, varying: Iterable[str], keep: Iterable[str], also: frozenset[int] = frozenset()
) -> Schedule:
    """The program made ready for inputs ``varying`` over samples, to give outputs ``keep`` and slots ``also``."""
    alias = _aliases(program)
    outputs = {name: alias.get(program.outputs[name], program.outputs[name]) for name in keep}
    kept = also.union(outputs.values())
    needed = upstream(program, kept)
    moving = downstream(program, (program.inputs[id] for id in varying if id in program.inputs))
    wanted = [i for i in program.instructions if i.op != METRIC and i.out in needed]
    once = tuple(_step(i, alias, -1) for i in wanted if i.out not in moving)
    each, rows = _rowed([i for i in wanted if i.out in moving], alias, kept)
    return Schedule(program, alias, once, each, outputs, rows, moving)


def _aliases(program: Program) -> dict[int, int]:
    """A metric's own slot stands for the value behind it: naming a figure costs no instruction."""
    alias: dict[int, int] = {}
    for instruction in program.instructions:
        if instruction.op == METRIC:
            (value,) = instruction.args
            alias[instruction.out] = alias.get(value, value)
    return alias


def _step(instruction: Instruction, alias: Mapping[int, int], row: int) -> Step:
    return (KERNELS[instruction.op], tuple(alias.get(slot, slot) for slot in instruction.args), instruction.out, row)


def _rowed(
    instructions: list[Instruction], alias: Mapping[int, int], kept: frozenset[int]
) -> tuple[tuple[Step, ...], int]:
    """Steps with a row each; a row is free again after the last instruction that reads it."""
    last = {alias.get(slot, slot): at for at, i in enumerate(instructions) for slot in i.args}
    row_of: dict[int, int] = {}
    free: list[int] = []
    rows = 0
    steps = []
    for at, instruction in enumerate(instructions):
        read = {alias.get(slot, slot) for slot in instruction.args}
        free.extend(row_of[slot] for slot in read if slot in row_of and last[slot] == at and slot not in kept)
        if free:
            row = free.pop()
        else:
            row, rows = rows, rows + 1
        row_of[instruction.out] = row
        if instruction.out not in last and instruction.out not in kept:
            free.append(row)
        steps.append(_step(instruction, alias, row))
    return tuple(steps), rows
