"""A program of arrays: what a tree over time and dimensions computes, one slot a metric and no cell by itself.

The second lowering of a tree, beside the one slot a cell of `program.lower` on `tree.cells`, whose bits it gives. It is
as long as the file and not as its cells: a sum over a dimension is a chain of additions, what goes on from period to
period a chain of periods, all else one step for all labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leverage.program.arrays.axes import Part
from leverage.tree.grid import Axes

Array = NDArray[np.float64]

COPY = "copy"  # the step that writes what another part holds


class Step(NamedTuple):
    """``out = op(*args)``: a kernel's name (`ops.kernels`) or ``copy``, label by label of what is written."""

    op: str
    args: tuple[Part, ...]
    out: Part


@dataclass(frozen=True, eq=False)
class Arrays:
    """Steps in an order in which they can run; every label of a slot is written once.

    Attributes:
        sizes: how many labels each axis of the grid has, in the grid's order.
        axes: of each slot.
        inputs: id of each leaf to its slot.
        constants: slot to its figures, an array over its axes.
        steps: each writes a slot, or a part of one.
        outputs: id of each metric to what holds its values, which may have fewer axes than the metric; ``use:`` and the
            id of a resource to what its formula comes to, without what levers cost.
    """

    sizes: Mapping[str, int]
    axes: Mapping[int, Axes]
    inputs: Mapping[str, int]
    constants: Mapping[int, Array]
    steps: tuple[Step, ...]
    outputs: Mapping[str, Part]

    def shape(self, axes: Axes) -> tuple[int, ...]:
        """How many labels each of the axes has."""
        return tuple([self.sizes[axis] for axis in axes])

    def __str__(self) -> str:
        given = [f"{_slot(self, slot)} = input {id}" for id, slot in self.inputs.items()]
        named = {part: id for id, part in self.outputs.items()}
        lines = []
        for op, args, out in self.steps:
            line = f"{_shown(self, out)} = {op} {' '.join(_shown(self, arg) for arg in args)}"
            lines.append(f"{line}  # {named[out]}" if out in named else line)
        return "\n".join((*given, *lines))


def _slot(program: Arrays, slot: int) -> str:
    axes = ",".join(program.axes[slot])
    return f"%{slot}[{axes}]" if axes else f"%{slot}"


def _shown(program: Arrays, part: Part) -> str:
    if part.slot in program.constants and not program.axes[part.slot]:
        return repr(float(program.constants[part.slot]))
    at = dict(part.at)
    shown = []
    for axis in program.axes[part.slot]:
        place = at.get(axis)
        shown.append(axis if place is None else f"{axis}={place if isinstance(place, int) else '{}:{}'.format(*place)}")
    return f"%{part.slot}[{','.join(shown)}]" if shown else f"%{part.slot}"
