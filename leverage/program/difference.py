"""On which inputs does it hang by how much an output moves, when others are moved? What both stands share falls out.

In ``profit = revenue - fixed_cost`` a move of the price changes the profit by as much whatever the fixed cost is: what
is only added to what moves cancels. Rules are of differences: of a sum the parts that move, of a product of one factor
that moves that factor's difference and all of the other, of a quotient likewise above the line, and of anything else
all that it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable

from leverage.program.cone import downstream, upstream
from leverage.program.program import METRIC, Program

ADDED = ("add", "subtract", "negative", METRIC)


def swayed(program: Program, moved: Iterable[str], output: str) -> frozenset[str]:
    """The inputs on which the difference hangs that moves of some metrics make to an output, those inputs among them.

    Args:
        moved: metrics, leaves or not, whose figures are moved in any way.
    """
    begun = {program.outputs[id] for id in moved}
    moving = downstream(program, begun)
    parts: set[int] = set()  # slots whose difference is asked for
    entire: set[int] = set()  # slots that are asked for themselves
    stack = [program.outputs[output]]
    while stack:
        slot = stack.pop()
        if slot in parts or slot not in moving:
            continue
        parts.add(slot)
        if slot in begun or slot not in program.writers:
            entire.add(slot)
            continue
        op, args, _ = program.instructions[program.writers[slot]]
        apart, whole = _asked(op, args, [arg in moving for arg in args])
        stack += apart
        entire.update(whole)
    met = upstream(program, entire)
    return frozenset(id for id, slot in program.inputs.items() if slot in met)


def _asked(op: str, args: tuple[int, ...], moves: list[bool]) -> tuple[list[int], list[int]]:
    """Of which arguments the difference is asked for, and which are asked for themselves."""
    if op in ADDED:
        return list(args), []
    if op == "multiply" and sum(moves) == 1:
        place = moves.index(True)
        return [args[place]], [args[1 - place]]
    if op == "divide" and not moves[1]:
        return [args[0]], [args[1]]
    return [], list(args)
