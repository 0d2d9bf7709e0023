"""Where a slope does not tell all: ties, at which a push has two answers, and steps, which it does not see."""

from __future__ import annotations

from leverage.ops.table import OPS
from leverage.program.program import Program, Use
from leverage.program.run import stand
from leverage.tree.tree import Tree

TYING = frozenset(name for name, op in OPS.items() if op.tie is not None)
STEPPING = frozenset(name for name, op in OPS.items() if None in op.slopes)


def ties(tree: Tree) -> tuple[Use, ...]:
    """The ``min``, ``max`` and ``abs`` tied at the tree's levels: the first argument that attains takes the slope."""
    standing = stand(tree)
    doubtful = [use for use in standing.program.tape if use.op in TYING and not use.smooth]
    if not doubtful:
        return ()
    figures = standing.figures
    return tuple(use for use in doubtful if _tied(use, [figures[slot] for slot in use.args]))


def _tied(use: Use, args: list[float]) -> bool:
    tie = OPS[use.op].tie
    return tie is not None and bool(tie(*args))


def stepped(tree: Tree, of: str) -> frozenset[str]:
    """The metrics that reach the output through steps, at least in part: comparisons, conditions, floor, round, sign.

    Their slope leaves out what happens when a step is passed.
    """
    program = stand(tree).program
    stepping = [use for use in program.tape if use.op in STEPPING and not use.smooth]
    if not stepping:
        return frozenset()
    slots = _below(program, {program.outputs[of]}, sloped=False)
    entries = {slot for use in stepping if use.out in slots for slot in _step_args(use)}
    below = _below(program, entries, sloped=False)
    return frozenset(id for id in tree.metrics if program.outputs[id] in below)


def only_steps(tree: Tree, id: str, of: str) -> bool:
    """Whether the metric reaches the output, and only through steps."""
    program = stand(tree).program
    slot, goal = program.outputs[id], program.outputs[of]

    def below(sloped: bool) -> set[int]:
        return program.schedules.take(("below", goal, sloped), lambda: _below(program, {goal}, sloped=sloped), len)

    return slot in below(False) and slot not in below(True)


def _below(program: Program, slots: set[int], *, sloped: bool) -> set[int]:
    """The slots that these depend on by the tape; ``sloped``: by ways that carry a slope."""
    found = set(slots)
    for use in reversed(program.tape):
        if use.out in found:
            found.update(set(use.args) - _step_args(use) if sloped else use.args)
    return found


def _step_args(use: Use) -> set[int]:
    """The arguments in which an operator goes in steps."""
    if use.op not in STEPPING:
        return set()
    return {slot for slot, slope in zip(use.args, OPS[use.op].slopes, strict=True) if slope is None}
