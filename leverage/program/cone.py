"""What depends on what: the cone downstream of some slots, and what an output needs upstream."""

from __future__ import annotations

from collections.abc import Iterable

from leverage.program.program import Program


def downstream(program: Program, slots: Iterable[int]) -> frozenset[int]:
    """The slots that change when these do, themselves included."""
    reached = set(slots)
    for instruction in program.instructions:
        if not reached.isdisjoint(instruction.args):
            reached.add(instruction.out)
    return frozenset(reached)


def upstream(program: Program, slots: Iterable[int]) -> frozenset[int]:
    """The slots that these are computed from, themselves included."""
    needed = set(slots)
    for instruction in reversed(program.instructions):
        if instruction.out in needed:
            needed.update(instruction.args)
    return frozenset(needed)


def reaches(program: Program, id: str, output: str) -> bool:
    """Whether moving the metric can change the output."""
    return program.outputs[output] in downstream(program, [program.outputs[id]])
