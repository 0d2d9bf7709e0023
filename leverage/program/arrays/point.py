"""What does every metric come to where the tree stands? Over its axes at once, and without the tree of cells."""

from __future__ import annotations

import numpy as np

from leverage.program.arrays.axes import seen
from leverage.program.arrays.levels import given, levels
from leverage.program.arrays.lower import arrays
from leverage.program.arrays.program import Array
from leverage.program.arrays.run import ready
from leverage.program.program import USE
from leverage.tree.grid import TIME, Axes
from leverage.tree.tree import Tree


def figures(tree: Tree) -> dict[str, Array]:
    """Every metric's values over its axes ``(labels...)``, and what each resource's formula comes to (``use:ID``).

    To the bit those of the cells (`program.run.point`). The tree's moves must be of leaves (`arrays.levels.movable`).
    """
    program, moved = arrays(tree), levels(tree)
    over = {id: tree.metrics[id].axes for id in moved}
    wanted = ready(program, varying=(), keep=program.outputs, moved=over)
    found = wanted.settle(given(tree, moved, {id: wanted.axes[slot] for id, slot in wanted.inputs.items()}))
    told = {}
    for id, part in wanted.keep.items():
        axes = _axes(tree, id)
        view = seen(found[part.slot], wanted.axes[part.slot], part, axes)[..., 0]
        told[id] = np.broadcast_to(view, tree.grid.shape(axes))
    return told


def _axes(tree: Tree, id: str) -> Axes:
    if not id.startswith(USE):
        return tree.metrics[id].axes
    return (TIME,) if tree.resources[id.removeprefix(USE)].per == "period" else ()
