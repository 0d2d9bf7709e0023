"""Writing a program of arrays: a slot for each value, and nothing computed twice."""

from __future__ import annotations

import struct
from collections.abc import Iterable

import numpy as np

from leverage.ops.kernels import SHORTER
from leverage.ops.record import template
from leverage.ops.table import OPS
from leverage.program.arrays.axes import Part
from leverage.program.arrays.program import COPY, Array, Arrays, Step
from leverage.program.program import Instruction
from leverage.program.record import COMMUTATIVE
from leverage.program.single import interpret
from leverage.tree.grid import Axes, Grid


class Writing:
    """A program of arrays under construction."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.axes: dict[int, Axes] = {}
        self.inputs: dict[str, int] = {}
        self.constants: dict[int, Array] = {}
        self.steps: list[Step] = []
        self.outputs: dict[str, Part] = {}
        self._numbers: dict[tuple[str, tuple[Part, ...]], Part] = {}
        self._figures: dict[bytes, Part] = {}
        self._homes: dict[int, Part] = {}
        self._writers: dict[int, int] = {}  # slot that one step writes whole, to that step

    def slot(self, axes: Iterable[str]) -> Part:
        """A slot over axes, to be written by parts."""
        found = Part(len(self.axes), self.grid.ordered(axes))
        self.axes[found.slot] = found.axes
        return found

    def input(self, id: str, axes: Iterable[str]) -> Part:
        """A slot that is given when the program runs."""
        found = self.slot(axes)
        self.inputs[id] = found.slot
        return found

    def figure(self, figure: float) -> Part:
        """The slot of a figure; -0.0 and 0.0 are two."""
        key = struct.pack("<d", figure)
        if key not in self._figures:
            self._figures[key] = self.row((), np.array(float(figure)))
        return self._figures[key]

    def row(self, axes: Axes, figures: Array) -> Part:
        """A slot of figures that stand in the file, one a label."""
        found = self.slot(axes)
        self.constants[found.slot] = figures
        return found

    def apply(self, op: str, args: tuple[Part, ...]) -> Part:
        """An operator of the language on parts: its rule written out, an operator that folds from the left."""
        if len(args) > 2 and OPS[op].fold:
            found = args[0]
            for arg in args[1:]:
                found = self.apply(op, (found, arg))
            return found
        traced = template(OPS[op].value, len(args))
        places = [*args]
        for kernel, wanted in traced.steps:
            read = tuple([places[arg] if type(arg) is int else self.figure(arg) for arg in wanted])
            places.append(self.number(kernel, read))
        return places[traced.result]

    def number(self, op: str, args: tuple[Part, ...]) -> Part:
        """What a kernel makes of parts: an old slot where it was written before, a figure where all are figures."""
        ordered = tuple(sorted(args)) if op in COMMUTATIVE else args
        found = self._numbers.get((op, ordered))
        if found is None:
            found = self._numbers[op, ordered] = self._new(op, ordered)
        return found

    def _new(self, op: str, args: tuple[Part, ...]) -> Part:
        figures = [self._known(arg) for arg in args]
        if None not in figures:
            known = dict(enumerate(figures))
            interpret([Instruction(op, tuple(known), -1)], known)
            return self.figure(known[-1])  # type: ignore[arg-type]  # just written
        if op == "power" and figures[1] in POWERS:
            return self._power(args[0], figures[1])
        if op == "multiply" and 1.0 in figures:
            return args[1 if figures[0] == 1 else 0]
        if op == "divide" and figures[1] == 1:
            return args[0]
        found = self.slot(axis for arg in args for axis in arg.axes)
        self._writers[found.slot] = len(self.steps)
        self.steps.append(Step(op, args, found))
        return found

    def _known(self, part: Part) -> float | None:
        found = self.constants.get(part.slot)
        return float(found) if found is not None and not found.shape else None

    def _power(self, base: Part, exponent: float | None) -> Part:
        if not exponent:
            return self.figure(1.0)
        return base if exponent == 1 else self.number(SHORTER[exponent].__name__, (base,))

    def write(self, op: str, args: tuple[Part, ...], out: Part) -> None:
        """A kernel's result, or a copy, written into a part of a slot."""
        self.steps.append(Step(op, args, out))

    def put(self, value: Part, out: Part) -> None:
        """What a part holds, also where it is wanted: its slot lives there from the start, if that can be."""
        writer = self._writers.get(value.slot)
        if writer is not None and value == Part(value.slot, out.axes) and value.slot not in self._homes:
            self._homes[value.slot] = out
        else:
            self.write(COPY, (value,), out)

    def finish(self) -> Arrays:
        """The program as written."""
        steps = tuple(
            Step(op, tuple([self._home(arg) for arg in args]), self._home(out)) for op, args, out in self.steps
        )
        outputs = {id: self._home(part) for id, part in self.outputs.items()}
        sizes = {axis.name: len(axis) for axis in self.grid.axes}
        return Arrays(sizes, self.axes, self.inputs, self.constants, steps, outputs)

    def _home(self, part: Part) -> Part:
        while part.slot in self._homes:
            part = part.inside(self._homes[part.slot])
        return part


POWERS = frozenset((*SHORTER, 0.0, 1.0))  # whose figures `program.record` writes as something shorter
