"""Running a program of arrays: once what no varying leaf reaches, the rest block by block in memory that is used again.

The views that a step reads and writes are made once a block's length; a block is then a list of calls. Blocks are short
where there are many cells: what is live at a time is to stay near the core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from leverage.ops.kernels import KERNELS, SHORTER
from leverage.ops.kernels import power as power_of_arrays
from leverage.program.arrays.axes import Part, seen
from leverage.program.arrays.memory import Memory, placed
from leverage.program.arrays.program import COPY, Array, Arrays, Step
from leverage.program.arrays.tiles import GIVEN, tiled
from leverage.tree.grid import Axes

CACHE = 2**20  # bytes of live figures that a core keeps near enough
SHORTEST, LONGEST = 64, 32_768  # samples at a time

Kernel = Callable[..., Any]
Call = tuple[Kernel, tuple[Array, ...], Array]


def _copy(x: Array, *, out: Array) -> None:
    np.copyto(out, x)


def _power(x: Array, y: Array, *, out: Array) -> None:
    """``x ** y`` with the bits that single exponents give (`kernels.power`), whatever the exponents' axes."""
    if y.size == 1:
        np.power(x, y.reshape(()), out=out)
    elif np.isin(y, tuple(SHORTER)).any():
        power_of_arrays(np.broadcast_to(x, out.shape), np.broadcast_to(y, out.shape), out=out)
    else:
        np.power(x, y, out=out)


STEPS: Mapping[str, Kernel] = {**KERNELS, "power": _power, COPY: _copy}


@dataclass(frozen=True, eq=False)
class Ready:
    """A program made ready for some varying leaves and some metrics; it pickles.

    Attributes:
        inputs: id to slot of what is given: leaves, and metrics that take figures in place of their own.
        once, each: the steps that run once, and those of a block, what is given of varying leaves among them.
        keep: what holds the values of each metric asked for, and its own axes.
        memory: where slots that are written in a block stand.
    """

    program: Arrays
    inputs: Mapping[str, int]
    once: tuple[Step, ...]
    each: tuple[Step, ...]
    axes: Mapping[int, Axes]
    keep: Mapping[str, Part]
    memory: Memory

    @property
    def length(self) -> int:
        """The block that suits."""
        return max(SHORTEST, min(LONGEST, CACHE // (8 * max(1, self.memory.cells)) // SHORTEST * SHORTEST))

    def settle(self, figures: Mapping[str, Array]) -> dict[int, Array]:
        """By slot, the arrays ``(labels..., 1)`` of what no varying leaf reaches.

        Args:
            figures: of each leaf that stands still, its figures ``(labels...)``, or fewer axes that broadcast.
        """
        program = self.program
        found = {slot: np.asarray(array)[..., None] for slot, array in program.constants.items()}
        for id, slot in self.inputs.items():
            if id in figures:
                found[slot] = np.broadcast_to(figures[id], program.shape(self.axes[slot]))[..., None]
        with np.errstate(all="ignore"):
            for op, args, out in self.once:
                if out.slot not in found:
                    found[out.slot] = np.empty((*program.shape(self.axes[out.slot]), 1))
                views = [seen(found[arg.slot], self.axes[arg.slot], arg, out.axes) for arg in args]
                STEPS[op](*views, out=seen(found[out.slot], self.axes[out.slot], out, out.axes))
        return found

    def bound(self, settled: Mapping[int, Array], length: int, memory: Array) -> Block:
        """The steps of a block on their arrays.

        Args:
            memory: ``memory.size(length)`` figures that are nobody else's meanwhile.
        """
        arrays = {**settled, **self.memory.arrays(memory, length)}

        def view(part: Part, over: Axes) -> Array:
            return seen(arrays[part.slot], self.axes[part.slot], part, over)

        calls: list[Call] = []
        given: list[tuple[int, Part]] = []
        for op, args, out in self.each:
            target = view(out, out.axes)
            if op == GIVEN:
                given.append((len(calls), args[0]))
                calls.append((_copy, (target,), target))
            else:
                calls.append((STEPS[op], tuple([view(arg, out.axes) for arg in args]), target))
        names = {slot: id for id, slot in self.inputs.items()}
        sources = [(at, names[part.slot], part, self.program.axes[part.slot]) for at, part in given]
        return Block(calls, sources, {id: view(part, part.axes) for id, part in self.keep.items()})


@dataclass(frozen=True, eq=False)
class Block:
    """Steps on their arrays. ``kept``: each metric's values after a run, ``(labels..., b)``, until the next."""

    calls: list[Call]
    given: list[tuple[int, str, Part, Axes]]
    kept: Mapping[str, Array]

    def run(self, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        """Run on the varying leaves' arrays, ``(labels..., b)`` over the axes of their slots."""
        for at, id, part, axes in self.given:
            kernel, _, out = self.calls[at]
            self.calls[at] = (kernel, (seen(arrays[id], axes, part, part.axes),), out)
        with np.errstate(all="ignore"):
            for kernel, args, out in self.calls:
                # written out by number of arguments: a general call costs as much as a short kernel
                if len(args) == 2:
                    kernel(args[0], args[1], out=out)
                else:
                    kernel(*args, out=out)
        return self.kept


def ready(
    program: Arrays, *, varying: Iterable[str], keep: Iterable[str], moved: Mapping[str, Axes] | None = None
) -> Ready:
    """The program made ready.

    Args:
        varying: leaves whose figures are given block by block.
        keep: the metrics asked for.
        moved: leaves whose figures are given over all their axes, growth and seasons among them, with those axes.
    """
    replaced = {id: program.outputs[id].slot for id in moved or {}}
    inputs = {**program.inputs, **replaced}
    steps = [step for step in program.steps if step.out.slot not in replaced.values()]
    kept = {id: program.outputs[id] for id in keep}
    needed = _needed(steps, {part.slot for part in kept.values()})
    given = {inputs[id] for id in varying}
    once, each = _parted(needed, given)
    entered = _entered(each, {slot: program.axes[slot] for slot in given}, kept.values())
    wanted = [part.slot for part in kept.values()]
    each, axes = tiled(entered, program.axes, program.sizes, wanted)
    memory = placed(each, axes, program.sizes, wanted)
    return Ready(program, inputs, tuple(once), tuple(each), axes, kept, memory)


def _needed(steps: list[Step], wanted: set[int]) -> list[Step]:
    """The steps that lead to wanted slots."""
    found = []
    for step in reversed(steps):
        if step.out.slot in wanted:
            found.append(step)
            wanted.update(arg.slot for arg in step.args)
    return found[::-1]


def _parted(steps: list[Step], given: set[int]) -> tuple[list[Step], list[Step]]:
    """What runs once, and what runs on every block: all that writes a slot of which some part varies."""
    varying, before = set(given), 0
    while len(varying) > before:  # round a loop a slot may vary by what is written later
        before = len(varying)
        varying.update(step.out.slot for step in steps if any(arg.slot in varying for arg in step.args))
    parted: tuple[list[Step], list[Step]] = ([], [])
    for step in steps:
        parted[step.out.slot in varying].append(step)
    return parted


def _entered(each: list[Step], given: Mapping[int, Axes], kept: Iterable[Part]) -> list[Step]:
    """The steps with those that take what is given, each just before it is first read."""
    found: list[Step] = []
    waiting = dict(given)

    def enter(slots: Iterable[int]) -> None:
        for slot in slots:
            if slot in waiting:
                part = Part(slot, waiting.pop(slot))
                found.append(Step(GIVEN, (part,), part))

    for step in each:
        enter(arg.slot for arg in step.args)
        found.append(step)
    enter([part.slot for part in kept])
    return found
