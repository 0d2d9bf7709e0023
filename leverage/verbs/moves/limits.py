"""How do all limits change as levers move? Every slope of every use from one evaluation, or from none.

Most uses are sums of levers, whose slopes are the same everywhere: they are computed once. Only the part of the tree
that uses something is looked at, however large the rest is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leverage.program.adjoint import adjoint
from leverage.program.cone import upstream
from leverage.program.program import SLOPE, Program
from leverage.program.run import Standing, single
from leverage.program.schedule import cone

Array = NDArray[np.float64]


def use_slopes(standing: Standing, ids: Sequence[str], outputs: Sequence[str]) -> Callable[[Array], Array]:
    """The slopes (r, k) of the outputs in the metrics ``ids`` as a function of their levels (k,)."""
    of = tuple(dict.fromkeys(outputs))
    small = _narrow(standing.program, ids, of)
    names = [_name(output, id) for output in outputs for id in ids]
    guarded = _swept(small, ids, of, bare=False)
    sloped = Standing(guarded, standing.inputs, standing.pins, lambda: _swept(small, ids, of, bare=True))
    slopes, shape = single(sloped, ids, names), (len(outputs), len(ids))
    if cone(guarded, ids, dict.fromkeys(names)).each:
        return lambda levels: slopes(levels).reshape(shape)
    constant = slopes(np.array([standing.inputs[id] for id in ids])).reshape(shape)
    return lambda levels: constant


def _narrow(program: Program, ids: Sequence[str], outputs: Sequence[str]) -> Program:
    """The part of the program that the outputs are computed in."""
    wanted = {program.outputs[name] for name in outputs}
    for use in reversed(program.tape):
        if use.out in wanted:
            wanted.update(use.args)
    slots = upstream(program, wanted)
    return replace(
        program,
        instructions=tuple([each for each in program.instructions if each.out in slots]),
        outputs={name: program.outputs[name] for name in (*ids, *outputs)},
        tape=tuple([use for use in program.tape if use.out in wanted]),
    )


def _swept(program: Program, ids: Sequence[str], outputs: Sequence[str], *, bare: bool) -> Program:
    """The program with the slopes of all the outputs, one sweep after the other."""
    plain, slots = program.outputs, dict[str, int]()
    for output in outputs:
        program = adjoint(program, output, bare=bare)
        slots.update({_name(output, id): program.outputs[SLOPE + id] for id in ids})
        program = replace(program, outputs=plain)
    return replace(program, outputs={**plain, **slots})


def _name(output: str, id: str) -> str:
    return f"{SLOPE}{output}:{id}"
