"""A plan's question as plain arrays: the goal raised, each resource and guard a limit on a function of the levers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.optimize.problem import Problem
from leverage.program.program import USE
from leverage.program.run import prepared, prepared_slopes, stand
from leverage.tree.metric import Lever
from leverage.tree.tree import Tree

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Guard:
    """A metric that a plan may not carry past a level: ``sign`` +1 not above it, -1 not below it."""

    metric: str
    level: float
    sign: float


def problem(tree: Tree, ids: Sequence[str], bounds: tuple[Array, Array], guards: Sequence[Guard]) -> Problem:
    """The search's question: levers ``ids`` within bounds (k,), the goal, what it uses, and all slopes exact."""
    standing, sign = stand(tree), tree.sign
    goal, slope = prepared(standing, ids, (tree.kgi,)), prepared_slopes(tree, ids)
    outputs = [*(USE + resource for resource in tree.resources), *(guard.metric for guard in guards)]
    signs = np.array([*(1.0 for _ in tree.resources), *(guard.sign for guard in guards)])
    used, use_slopes = prepared(standing, ids, outputs), [prepared_slopes(tree, ids, output) for output in outputs]
    limits = [*(tree.limit(id) for id in tree.resources), *(guard.sign * guard.level for guard in guards)]
    exact = [*(resource.spend_all for resource in tree.resources.values()), *(False for _ in guards)]
    levers = [(id, tree.metrics[id].lever or Lever()) for id in ids]
    return Problem(
        low=bounds[0],
        high=bounds[1],
        start=np.array([standing.inputs[id] for id in ids]),
        value=lambda x: sign * goal(x)[0],
        slopes=lambda x: sign * slope(x),
        uses=lambda x: signs[:, None] * used(x),
        use_slopes=lambda x: signs[:, None] * np.array([each(x) for each in use_slopes]).reshape(-1, len(x)),
        limits=np.array(limits, dtype=float),
        equal=np.array(exact, dtype=bool),
        whole=tuple(lever.choices or lever.integer or None for _, lever in levers),
        off=tuple(lever.off for _, lever in levers),
        kinks=tuple(tree.metrics[id].base if lever.cost else None for id, lever in levers),
    )
