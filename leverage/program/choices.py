"""Where a slope does not tell all: ties, at which a push has two answers, and steps, which it does not see."""

from __future__ import annotations

from leverage.ops.table import OPS
from leverage.program.program import METRIC, Program, Use
from leverage.program.run import stand
from leverage.program.schedule import schedule
from leverage.tree.tree import Tree


def ties(tree: Tree) -> tuple[Use, ...]:
    """The ``min``, ``max`` and ``abs`` tied at the tree's levels: the first argument that attains takes the slope."""
    standing = stand(tree)
    tape = standing.program.tape
    doubtful = [use for use in tape if use.op in OPS and OPS[use.op].tie is not None and not use.smooth]
    if not doubtful:
        return ()
    ready = schedule(
        standing.program, varying=(), keep=(), also=frozenset(slot for use in doubtful for slot in use.args)
    )
    figures = ready.settle(standing.inputs)
    return tuple(use for use in doubtful if _tied(use, [float(figures[ready.alias.get(s, s)]) for s in use.args]))


def _tied(use: Use, args: list[float]) -> bool:
    tie = OPS[use.op].tie
    return tie is not None and bool(tie(*args))


def stepped(tree: Tree, of: str) -> frozenset[str]:
    """The metrics that reach the output through steps, at least in part: comparisons, conditions, floor, round, sign.

    Their slope leaves out what happens when a step is passed.
    """
    program = stand(tree).program
    slots = _below(program, {program.outputs[of]}, sloped=False)
    entries = {slot for use in program.tape if use.out in slots and not use.smooth for slot in _step_args(use)}
    below = _below(program, entries, sloped=False)
    return frozenset(id for id in tree.metrics if program.outputs[id] in below)


def only_steps(tree: Tree, id: str, of: str) -> bool:
    """Whether the metric reaches the output, and only through steps."""
    program = stand(tree).program
    slot, goal = program.outputs[id], {program.outputs[of]}
    return slot in _below(program, goal, sloped=False) and slot not in _below(program, goal, sloped=True)


def _below(program: Program, slots: set[int], *, sloped: bool) -> set[int]:
    """The slots that these depend on by the tape; ``sloped``: by ways that carry a slope."""
    found = set(slots)
    for use in reversed(program.tape):
        if use.out in found:
            found.update(set(use.args) - _step_args(use) if sloped else use.args)
    return found


def _step_args(use: Use) -> set[int]:
    """The arguments in which an operator goes in steps."""
    if use.op == METRIC:
        return set()
    op = OPS[use.op]
    return {slot for slot, slope in zip(use.args, op.slopes, strict=True) if slope is None}
