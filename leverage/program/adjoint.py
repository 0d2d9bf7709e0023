"""Slopes: the adjoint of a program is another program.

One sweep against the order of the tape gives the slope of one output in every metric, leaf or not, exact to rounding
(Griewank and Walther 2008, Evaluating Derivatives, chapter 3). The slope of a formula metric is that of moving it
alone: its drivers held, what it feeds moving. That is why each metric has a slot of its own.
"""

from __future__ import annotations

import math

from leverage.files.grow import uncollected
from leverage.ops.table import OPS, Rule
from leverage.program.program import METRIC, SLOPE, Program, Use
from leverage.program.record import Recording

# Their slopes are g, -g or 0: finite wherever g is, so a branch that is not taken cannot make them 0 * inf.
PLAIN = frozenset({METRIC, "add", "sub", "neg", "where", "min", "max"})
CHOOSING = frozenset({"where", "min", "max", "abs"})


def adjoint(program: Program, of: str, *, bare: bool = False) -> Program:
    """The program with further outputs ``slope:ID``: the slope of the output ``of`` in every input and metric.

    Where the value does not depend on a metric its slope is the constant 0. ``bare`` leaves out the guards of branches
    that are not taken, half of the work in a tree of choices: wherever all the slopes asked for come out finite, they
    are the guarded ones, but for the sign of a 0.
    """
    recording = Recording(program, bare=bare)
    nothing = recording.constant(0.0)
    slopes = {program.outputs[of]: recording.constant(1.0)}
    chosen: set[int] = set()  # slots whose slope may be 0 because another branch was taken
    with uncollected():
        for use in reversed(program.tape):
            if use.out in slopes:
                _pull(recording, use, slopes, chosen)
    for id, slot in program.outputs.items():
        recording.outputs[SLOPE + id] = slopes.get(slot, nothing)
    return recording.finish(program.tape)


def _pull(recording: Recording, use: Use, slopes: dict[int, int], chosen: set[int]) -> None:
    """Pass the slope of one operator's value on to its arguments."""
    g, doubtful = slopes[use.out], use.out in chosen
    for index, rule in zip(use.args, _rules(recording, use), strict=True):
        if index in recording.constants or (rule is None and use.op != METRIC):
            continue
        part = g if rule is None else recording.write(rule, (g, use.out, *use.args))
        if doubtful and use.op not in PLAIN and not recording.bare:
            # 0 * inf of a branch that is not taken is 0
            part = recording.number("where", (g, part, recording.constant(0.0)))
        slopes[index] = part if index not in slopes else recording.number("add", (slopes[index], part))
        if doubtful or use.op in CHOOSING:
            chosen.add(index)


def _rules(recording: Recording, use: Use) -> tuple[Rule | None, ...]:
    """The operator's slope rules, in their shorter form where a constant allows it."""
    if use.op == METRIC:
        return (None,)
    op = OPS[use.op]
    if op.shorter and (rule := op.shorter.get(recording.constants.get(use.args[1], math.nan))) is not None:
        return (rule, *op.slopes[1:])
    return op.slopes
