"""Slopes: the adjoint of a program is another program.

One sweep against the order of the tape gives the slope of one output in every metric, leaf or not, exact to rounding
(Griewank and Walther 2008, Evaluating Derivatives, chapter 3). The slope of a formula metric is that of moving it
alone: its drivers held, what it feeds moving. That is why each metric has a slot of its own.
"""

from __future__ import annotations

from leverage.ops.record import Slot
from leverage.ops.table import OPS
from leverage.program.program import METRIC, SLOPE, Program, Use
from leverage.program.record import Recording

# Their slopes are g, -g or 0: finite wherever g is, so a branch that is not taken cannot make them 0 * inf.
PLAIN = frozenset({METRIC, "add", "sub", "neg", "where", "min", "max"})
CHOOSING = frozenset({"where", "min", "max", "abs"})


def adjoint(program: Program, of: str) -> Program:
    """The program with further outputs ``slope:ID``: the slope of the output ``of`` in every input and metric.

    Where the value does not depend on a metric its slope is the constant 0.
    """
    recording = Recording(program)
    slopes: dict[int, Slot] = {program.outputs[of]: recording.slot(recording.constant(1.0))}
    chosen: set[int] = set()  # slots whose slope may be 0 because another branch was taken
    for use in reversed(program.tape):
        if use.out in slopes:
            _pull(recording, use, slopes, chosen)
    nothing = recording.constant(0.0)
    for id, slot in program.outputs.items():
        recording.outputs[SLOPE + id] = slopes[slot].index if slot in slopes else nothing
    finished = recording.finish()
    return Program(
        finished.inputs, finished.constants, finished.instructions, finished.outputs, program.tape, finished.size
    )


def _pull(recording: Recording, use: Use, slopes: dict[int, Slot], chosen: set[int]) -> None:
    """Pass the slope of one operator's value on to its arguments."""
    g, out = slopes[use.out], recording.slot(use.out)
    args = [recording.slot(index) for index in use.args]
    rules = (lambda g, out, x: g,) if use.op == METRIC else OPS[use.op].slopes
    for index, rule in zip(use.args, rules, strict=True):
        if rule is None or index in recording.constants:
            continue
        part = rule(g, out, *args)
        if use.out in chosen and use.op not in PLAIN:
            # 0 * inf of a branch that is not taken is 0
            part = recording.record("where", (g, part, 0.0))
        slopes[index] = part if index not in slopes else slopes[index] + part
        if use.out in chosen or use.op in CHOOSING:
            chosen.add(index)
