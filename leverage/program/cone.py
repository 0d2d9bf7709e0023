"""What depends on what: the cone downstream of some slots, and what an output needs upstream.

Both walk from slot to slot, so a cone costs what the cone is long, however large the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from leverage.program.program import Program


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
