"""A program: what a tree computes, as a flat list of instructions over slots, each written once.

A program holds names and numbers only, so it pickles, prints and travels. Interpreters give it a meaning: values
(`program.run`), slopes (`program.adjoint`), text (`Program.__str__`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from leverage.program.shelf import Shelf

METRIC = "metric"  # the instruction that gives a formula metric a slot of its own: it can be moved alone, or pinned
USE = "use:"  # before a resource's id: the output that says what of it is used
SCHEDULED = 2_000_000  # instructions in all the schedules that are kept of one program
SLOPE = "slope:"  # before an output's name: the goal's slope in it


class Instruction(NamedTuple):  # made by the hundred thousand: a third of a dataclass's cost
    """``out = op(*args)``: a kernel's name (`ops.kernels`) or ``metric``, on slots."""

    op: str
    args: tuple[int, ...]
    out: int


class Use(NamedTuple):
    """One operator of the language as it was used, with the slots of its value and arguments: slopes are made of these.

    ``owner``: the metric or resource whose formula it stands in (the first, where several share it).
    ``smooth``: a curve's own choice between its pieces, no tie and no step for people.
    """

    op: str
    args: tuple[int, ...]
    out: int
    owner: str = ""
    smooth: bool = False


@dataclass(frozen=True, eq=False)
class Program:
    """Single-assignment instructions in an order in which they can run.

    Attributes:
        inputs: id of each leaf (or pinned metric) to its slot.
        constants: slot to figure.
        instructions: each writes a slot that nothing else writes.
        outputs: id of each metric, and ``use:`` + id of each resource, to its slot.
        tape: the operators behind the instructions, arguments before users.
        size: number of slots.
    """

    inputs: Mapping[str, int]
    constants: Mapping[int, float]
    instructions: tuple[Instruction, ...]
    outputs: Mapping[str, int]
    tape: tuple[Use, ...]
    size: int

    @cached_property
    def alias(self) -> Mapping[int, int]:
        """A metric's own slot to the slot of the value behind it: naming a figure costs nothing to run."""
        alias: dict[int, int] = {}
        for op, args, out in self.instructions:
            if op == METRIC:
                alias[out] = alias.get(args[0], args[0])
        return alias

    @cached_property
    def users(self) -> Mapping[int, list[int]]:
        """For each slot the places of the instructions that read it, in order; what nothing reads is left out."""
        users: dict[int, list[int]] = {}
        for at, (_, args, _) in enumerate(self.instructions):
            for slot in args:
                users.setdefault(slot, []).append(at)
        return users

    @cached_property
    def writers(self) -> Mapping[int, int]:
        """For each slot that an instruction writes, the place of that instruction."""
        return {out: at for at, (_, _, out) in enumerate(self.instructions)}

    @cached_property
    def schedules(self) -> Shelf:
        """What was made ready of this program, for who asks the same again (`program.schedule`, `program.choices`)."""
        return Shelf(SCHEDULED)

    def __reduce__(self) -> Any:
        # what is derived from the fields stays behind
        fields = (self.inputs, self.constants, self.instructions, self.outputs, self.tape, self.size)
        return (Program, fields)

    def __str__(self) -> str:
        named = {slot: name for name, slot in self.outputs.items()}

        def operand(slot: int) -> str:
            return repr(self.constants[slot]) if slot in self.constants else f"%{slot}"

        lines = [f"%{slot} = input {id}" for id, slot in self.inputs.items()]
        for instruction in self.instructions:
            line = f"%{instruction.out} = {instruction.op} {' '.join(map(operand, instruction.args))}"
            lines.append(f"{line}  # {named[instruction.out]}" if instruction.out in named else line)
        return "\n".join(lines)


def pinned(program: Program, ids: frozenset[str]) -> Program:
    """The program with formula metrics turned into inputs: their formulas no longer reach what they feed."""
    slots = {program.outputs[id] for id in ids}
    return Program(
        inputs={**program.inputs, **{id: program.outputs[id] for id in sorted(ids)}},
        constants=program.constants,
        instructions=tuple(i for i in program.instructions if i.out not in slots),
        outputs=program.outputs,
        tape=tuple(use for use in program.tape if use.out not in slots),
        size=program.size,
    )
