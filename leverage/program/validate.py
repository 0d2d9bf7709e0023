"""Is the program well formed? Asked in tests of every lowering, and of programs that come from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leverage.errors import LeverageError
from leverage.ops.kernels import KERNELS
from leverage.ops.table import OPS
from leverage.program.program import METRIC, Program


class InvalidProgram(LeverageError):
    """A program that breaks a rule of its form."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("the program is not well formed: " + "; ".join(faults[:5]))


def validate(program: Program) -> Program:
    """The program itself.

    Raises:
        InvalidProgram: a slot is written twice or read before it is written, an operation is unknown or has another
            number of arguments, or an output or a use of the tape names a slot that nothing writes.
    """
    faults = list(_faults(program))
    if faults:
        raise InvalidProgram(faults)
    return program


def _faults(program: Program) -> Iterator[str]:
    written = [*program.inputs.values(), *program.constants]
    known = set(written)
    if len(known) != len(written):
        yield "an input or constant shares its slot"
    for instruction in program.instructions:
        if not known.issuperset(instruction.args):
            yield f"%{instruction.out} reads a slot that is not yet written"
        if instruction.out in known:
            yield f"%{instruction.out} is written twice"
        if len(instruction.args) != _arity(instruction.op):
            yield f"%{instruction.out}: {instruction.op} does not take {len(instruction.args)} arguments"
        known.add(instruction.out)
    if known and max(known) >= program.size:
        yield f"a slot past the size {program.size}"
    for name, slot in program.outputs.items():
        if slot not in known:
            yield f"the output {name} is never written"
    for use in program.tape:
        if not known.issuperset((*use.args, use.out)) or (use.op != METRIC and len(use.args) != OPS[use.op].arity):
            yield f"the tape's {use.op} of %{use.out} does not fit"


def _arity(op: str) -> int:
    if op == METRIC:
        return 1
    if op not in KERNELS:
        return -1
    kernel = KERNELS[op]
    return kernel.nin if isinstance(kernel, np.ufunc) else {"where": 3, "power": 2, "ndtr": 1}[op]
