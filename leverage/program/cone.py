"""What depends on what: the cone downstream of some slots, and what an output needs upstream.

Both walk from slot to slot, so a cone costs what the cone is long, however large the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from leverage.program.program import METRIC, Instruction, Program


def downstream(program: Program, slots: Iterable[int]) -> set[int]:
    """The slots that change when these do, themselves included."""
    users, instructions = program.users, program.instructions
    return _reached(slots, lambda slot: [instructions[at].out for at in users.get(slot, ())])


def upstream(program: Program, slots: Iterable[int], *, within: Callable[[int], bool] | None = None) -> set[int]:
    """The slots that these are computed from, themselves included; ``within``: only through slots it holds."""
    writers, instructions = program.writers, program.instructions

    def read(slot: int) -> Iterable[int]:
        args = instructions[writers[slot]].args if slot in writers else ()
        return args if within is None else filter(within, args)

    return _reached(slots, read)


def _reached(slots: Iterable[int], step: Callable[[int], Iterable[int]]) -> set[int]:
    reached = set(slots)
    stack = list(reached)
    while stack:
        for slot in step(stack.pop()):
            if slot not in reached:
                reached.add(slot)
                stack.append(slot)
    return reached


def reaches(program: Program, id: str, output: str) -> bool:
    """Whether moving the metric can change the output."""
    return program.outputs[output] in downstream(program, [program.outputs[id]])


def direct(instructions: Iterable[Instruction]) -> tuple[dict[int, int], list[Instruction]]:
    """The instructions that compute something, on slots that are computed; and which slot stands for which.

    A metric's own slot stands for the value behind it.
    """
    alias: dict[int, int] = {}
    plain = []
    for op, args, out in instructions:
        read = tuple([alias.get(arg, arg) for arg in args])
        if op == METRIC:
            alias[out] = read[0]
        else:
            plain.append(Instruction(op, read, out))
    return alias, plain
