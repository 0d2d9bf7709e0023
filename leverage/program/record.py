"""Writing a program: value numbering, so that nothing is computed twice, and folding of what is constant.

`Recording` is what the operators' rules write into (`ops.record.Recorder`). Two slots are one when they hold the same
operation on the same slots; a result of constants is a constant.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

import numpy as np

from leverage.ops.kernels import KERNELS
from leverage.ops.record import Slot
from leverage.ops.table import OPS
from leverage.program.program import METRIC, Instruction, Program, Use

COMMUTATIVE = frozenset({"add", "multiply"})  # bit for bit; minimum and maximum are not, at +0 and -0


class Recording:
    """A program under construction. Continue an old one by handing it in; its slots keep their numbers."""

    def __init__(self, program: Program | None = None) -> None:
        self.inputs: dict[str, int] = {}
        self.constants: dict[int, float] = {}
        self.instructions: list[Instruction] = []
        self.outputs: dict[str, int] = {}
        self.tape: list[Use] = []
        self.size = 0
        self._numbers: dict[tuple[str, tuple[int, ...]], int] = {}
        self._figures: dict[bytes, int] = {}
        self._explained: set[int] = set()
        if program is not None:
            self._continue(program)

    def _continue(self, program: Program) -> None:
        self.inputs.update(program.inputs)
        self.constants.update(program.constants)
        self.instructions.extend(program.instructions)
        self.outputs.update(program.outputs)
        self.tape.extend(program.tape)
        self.size = program.size
        self._numbers.update({(i.op, i.args): i.out for i in program.instructions if i.op != METRIC})
        self._figures.update({struct.pack("<d", figure): slot for slot, figure in program.constants.items()})
        self._explained.update(use.out for use in program.tape)

    def finish(self) -> Program:
        """The program as recorded."""
        return Program(self.inputs, self.constants, tuple(self.instructions), self.outputs, tuple(self.tape), self.size)

    def slot(self, index: int) -> Slot:
        """The slot of that number."""
        return Slot(self, index)

    def input(self, id: str) -> int:
        """A slot that is given when the program runs."""
        self.inputs[id] = index = self._next()
        return index

    def constant(self, figure: float) -> int:
        """The slot of a figure; -0.0 and 0.0 are two."""
        key = struct.pack("<d", figure)
        if key not in self._figures:
            self._figures[key] = index = self._next()
            self.constants[index] = float(figure)
        return self._figures[key]

    def metric(self, id: str, value: int) -> int:
        """A slot of the metric's own: sharing never joins two metrics, so that each can be moved alone."""
        index = self._next()
        self.instructions.append(Instruction(METRIC, (value,), index))
        self.tape.append(Use(METRIC, (value,), index, id))
        self.outputs[id] = index
        return index

    def apply(self, op: str, args: tuple[int, ...], *, owner: str = "", smooth: bool = False) -> int:
        """The slot of an operator of the language on slots: its value rule is traced, its use kept for slopes."""
        result = OPS[op].value(*(self.slot(index) for index in args))
        out: int = result.index
        if out not in self._explained and out not in self.constants and out not in args:
            self._explained.add(out)
            self.tape.append(Use(op, args, out, owner, smooth))
        return out

    def record(self, op: str, args: tuple[Slot | float, ...]) -> Slot:
        """The slot of a kernel on slots and figures (`ops.record.Recorder`)."""
        slots = tuple(arg.index if isinstance(arg, Slot) else self.constant(float(arg)) for arg in args)
        return self.slot(self._number(op, slots))

    def _number(self, op: str, args: tuple[int, ...]) -> int:
        if all(index in self.constants for index in args):
            with np.errstate(all="ignore"):
                return self.constant(float(KERNELS[op](*(np.float64(self.constants[index]) for index in args))))
        rewrite = REWRITES.get(op)
        if rewrite is not None:
            simpler = rewrite(args, {position: self.constants.get(index) for position, index in enumerate(args)})
            if isinstance(simpler, int):
                return args[simpler]
            if isinstance(simpler, float):
                return self.constant(simpler)
            if simpler is not None:
                op, args = simpler
        key = (op, tuple(sorted(args)) if op in COMMUTATIVE else args)
        if key not in self._numbers:
            self._numbers[key] = index = self._next()
            self.instructions.append(Instruction(op, key[1], index))
        return self._numbers[key]

    def _next(self) -> int:
        self.size += 1
        return self.size - 1


# A rewrite sees the slots and, at the positions that are constant, their figures. It answers the position of the
# argument that is the result, a figure, another operation, or None. Only rewrites that keep every bit, but for
# NumPy's own rounding of a power, stand here: x + 0 is not among them (-0.0 + 0 is 0.0).
Simpler = int | float | tuple[str, tuple[int, ...]] | None
Figures = Mapping[int, float | None]

POWERS: Mapping[float, Callable[[int], Simpler]] = {
    0.0: lambda x: 1.0,
    1.0: lambda x: 0,
    2.0: lambda x: ("square", (x,)),
    0.5: lambda x: ("sqrt", (x,)),
    -1.0: lambda x: ("reciprocal", (x,)),
}


def _power(args: tuple[int, ...], figures: Figures) -> Simpler:
    exponent = figures[1]
    return POWERS[exponent](args[0]) if exponent is not None and exponent in POWERS else None


def _multiply(args: tuple[int, ...], figures: Figures) -> Simpler:
    return 1 if figures[0] == 1.0 else 0 if figures[1] == 1.0 else None


def _divide(args: tuple[int, ...], figures: Figures) -> Simpler:
    return 0 if figures[1] == 1.0 else None


def _where(args: tuple[int, ...], figures: Figures) -> Simpler:
    condition = figures[0]
    return None if condition is None else 1 if condition != 0 else 2


REWRITES: Mapping[str, Callable[[tuple[int, ...], Figures], Simpler]] = {
    "power": _power,
    "multiply": _multiply,
    "divide": _divide,
    "where": _where,
}
