"""One point at a time: the instructions over single figures, as fast as plain Python allows.

At first they are interpreted one by one. A program that is used again is built (`program.groups`). Where an operator on
floats raises and NumPy does not (a division by 0, the root of a negative), NumPy is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from leverage.ops.kernels import KERNELS
from leverage.program.groups import Built, build
from leverage.program.program import METRIC, Instruction
from leverage.program.scalars import RAISED, SCALARS

REUSED = 3  # the use from which building pays


class Single:
    """Instructions over single figures: called with the figures of ``reads``, it gives those of ``wanted``."""

    __slots__ = ("_built", "_uses", "instructions", "reads", "wanted")

    def __init__(self, instructions: Sequence[Instruction], reads: Sequence[int], wanted: Sequence[int]) -> None:
        self.instructions = instructions
        self.reads = reads
        self.wanted = wanted
        self._uses = 0
        self._built: Built | None = None

    def __call__(self, figures: Sequence[float]) -> Sequence[float]:
        """From the figures of ``reads``, in order, to those of ``wanted``."""
        self._uses += 1
        if self._uses == REUSED:
            self._built = build(self.instructions, self.reads, self.wanted)
        if self._built is not None:
            return self._built(figures)
        known = dict(zip(self.reads, figures, strict=True))
        interpret(self.instructions, known)
        return [known[slot] for slot in self.wanted]

    def settle(self, figures: list[Any]) -> list[Any]:
        """The figures by slot, what is written among them: written into the list itself at first."""
        if self._uses + 1 < REUSED:
            self._uses += 1
            interpret(self.instructions, figures)
            return figures
        if not self.wanted:
            written = {out for _, _, out in self.instructions}
            self.reads = [slot for slot in range(len(figures)) if slot not in written]
            self.wanted = range(len(figures))
        return [*self([figures[slot] for slot in self.reads])]


def interpret(instructions: Iterable[Instruction], figures: Any) -> None:
    """Write each instruction's figure, one by one."""
    with np.errstate(all="ignore"):
        for op, args, out in instructions:
            scalar = SCALARS.get(op)
            try:
                # written out by number of arguments: a general call costs as much as the arithmetic
                if scalar is not None and len(args) == 2:
                    figures[out] = scalar(figures[args[0]], figures[args[1]])
                elif scalar is not None:
                    figures[out] = scalar(*[figures[arg] for arg in args])
                elif op == METRIC:
                    figures[out] = figures[args[0]]
                else:
                    figures[out] = float(KERNELS[op](*[figures[arg] for arg in args]))
            except RAISED:
                figures[out] = float(KERNELS[op](*[np.float64(figures[arg]) for arg in args]))
