"""Writing a program: value numbering, so that nothing is computed twice, and folding of what is constant.

`Recording` is what the operators' rules are written out in. Two slots are one when they hold the same operation on the
same slots; a result of constants is a constant.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence

from leverage.ops.kernels import SHORTER
from leverage.ops.record import Slot, template
from leverage.ops.table import OPS, Rule
from leverage.program.program import METRIC, Instruction, Program, Use
from leverage.program.single import interpret

FLAGGING = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
FLAGGING |= {"logical_and", "logical_or", "logical_not"}
COMMUTATIVE = frozenset({"add", "multiply"})  # bit for bit; minimum and maximum are not, at +0 and -0


class Recording:
    """A program under construction. Continue an old one by handing it in; its slots keep their numbers.

    ``bare``: a choice between a figure and 0 may be written as a product, which is right where all is finite.
    """

    def __init__(self, program: Program | None = None, *, bare: bool = False) -> None:
        self.bare = bare
        self.inputs: dict[str, int] = {}
        self.constants: dict[int, float] = {}
        self.instructions: list[Instruction] = []
        self.outputs: dict[str, int] = {}
        self.tape: list[Use] = []
        self.size = 0
        self._numbers: dict[tuple[str, tuple[int, ...]], int] = {}
        self._figures: dict[bytes, int] = {}
        self._explained: set[int] = set()
        self.negated: dict[int, int] = {}  # slot of a negative to the slot that it negates
        self.flags: set[int] = set()  # slots that hold 0 or 1
        self.zeros: dict[int, int] = {}  # slot that says whether another is 0, to that one
        self.quotients: dict[int, int] = {}  # slot of a quotient to that of its divisor
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
        for instruction in program.instructions:
            self._note(instruction)
        self._figures.update({struct.pack("<d", figure): slot for slot, figure in program.constants.items()})
        self._explained.update(use.out for use in program.tape)

    def finish(self, tape: tuple[Use, ...] | None = None) -> Program:
        """The program as recorded, with the tape as recorded or another."""
        uses = tuple(self.tape) if tape is None else tape
        return Program(self.inputs, self.constants, tuple(self.instructions), self.outputs, uses, self.size)

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
        """The slot of an operator of the language on slots: its value rule is written out, its use kept for slopes."""
        out = self.write(OPS[op].value, args)
        if out not in self._explained and out not in self.constants and out not in args:
            self._explained.add(out)
            self.tape.append(Use(op, args, out, owner, smooth))
        return out

    def write(self, rule: Rule, args: tuple[int, ...]) -> int:
        """The slot of a rule's result on slots: what calling it on them would record, instruction for instruction."""
        traced = template(rule, len(args))
        if traced.kernel:
            return self.number(traced.kernel, args)
        places = [*args]
        for op, wanted in traced.steps:
            read = tuple([places[arg] if type(arg) is int else self.constant(arg) for arg in wanted])
            places.append(self.number(op, read))
        return places[traced.result]

    def record(self, op: str, args: tuple[Slot | float, ...]) -> Slot:
        """The slot of a kernel on slots and figures (`ops.record.Recorder`)."""
        slots = tuple(arg.index if isinstance(arg, Slot) else self.constant(float(arg)) for arg in args)
        return Slot(self, self.number(op, slots))

    def number(self, op: str, args: tuple[int, ...]) -> int:
        """The slot of a kernel on slots: a figure where all are constant, an old one where it was recorded before."""
        key = (op, args if op not in COMMUTATIVE or args[0] <= args[1] else (args[1], args[0]))
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = self._new(op, args, key[1])
        return found

    def _new(self, op: str, args: tuple[int, ...], ordered: tuple[int, ...]) -> int:
        figures = [self.constants.get(index) for index in args]
        if None not in figures:
            known: dict[int, float] = dict(enumerate(figures))  # type: ignore[arg-type]  # none of them is None
            interpret([Instruction(op, tuple(known), -1)], known)
            return self.constant(known[-1])
        simpler = REWRITES[op](self, args, figures) if op in REWRITES else None
        if isinstance(simpler, int):
            return args[simpler]
        if isinstance(simpler, float):
            return self.constant(simpler)
        if simpler is not None:
            return self.number(*simpler)
        self.instructions.append(Instruction(op, ordered, self._next()))
        self._note(self.instructions[-1])
        return self.instructions[-1].out

    def _next(self) -> int:
        self.size += 1
        return self.size - 1

    def _note(self, instruction: Instruction) -> None:
        """What rewrites need to know of an instruction."""
        op, args, out = instruction
        if op == "negative":
            self.negated[out] = args[0]
        elif op == "divide":
            self.quotients[out] = args[1]
        elif op in FLAGGING:
            self.flags.add(out)
            if op == "equal" and self.constants.get(args[1]) == 0:
                self.zeros[out] = args[0]


# A rewrite sees the recording, the slots and, where they are constant, their figures. It answers the position of the
# argument that is the result, a figure, another operation, or None. Only rewrites that keep every bit, but for
# NumPy's own rounding of a power, stand here: x + 0 is not among them (-0.0 + 0 is 0.0).
Simpler = int | float | tuple[str, tuple[int, ...]] | None
Figures = Sequence[float | None]
Rewrite = Callable[["Recording", tuple[int, ...], Figures], Simpler]


def _power(_: Recording, args: tuple[int, ...], figures: Figures) -> Simpler:
    exponent = figures[1]
    if exponent is None:
        return None
    shorter = SHORTER.get(exponent)
    if shorter is not None:
        return (shorter.__name__, args[:1])
    return 1.0 if exponent == 0 else 0 if exponent == 1 else None


def _multiply(_: Recording, args: tuple[int, ...], figures: Figures) -> Simpler:
    return 1 if figures[0] == 1.0 else 0 if figures[1] == 1.0 else None


def _divide(_: Recording, args: tuple[int, ...], figures: Figures) -> Simpler:
    return 0 if figures[1] == 1.0 else None


def _where(recording: Recording, args: tuple[int, ...], figures: Figures) -> Simpler:
    condition, chosen, otherwise = figures
    if condition is not None:
        return 1 if condition != 0 else 2
    if recording.bare and args[0] in recording.zeros and recording.zeros[args[0]] == recording.quotients.get(args[2]):
        return 2  # by 0 the quotient is not finite
    if recording.bare and args[0] in recording.flags and otherwise == 0:
        return ("multiply", (args[1], args[0]))
    if recording.bare and args[0] in recording.flags and chosen == 0:
        return ("subtract", (args[2], recording.number("multiply", (args[2], args[0]))))
    return None


# x + -y is x - y by definition: slopes are full of it, and a pass over the samples is saved.
def _add(recording: Recording, args: tuple[int, ...], figures: Figures) -> Simpler:
    x, y = args
    if y in recording.negated:
        return ("subtract", (x, recording.negated[y]))
    return ("subtract", (y, recording.negated[x])) if x in recording.negated else None


def _subtract(recording: Recording, args: tuple[int, ...], figures: Figures) -> Simpler:
    x, y = args
    return ("add", (x, recording.negated[y])) if y in recording.negated else None


REWRITES: Mapping[str, Rewrite] = {
    "power": _power,
    "multiply": _multiply,
    "divide": _divide,
    "where": _where,
    "add": _add,
    "subtract": _subtract,
}
