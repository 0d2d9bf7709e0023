"""A plan's question as plain arrays: the goal raised, each resource and guard a limit on a function of the levers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.optimize.problem import Problem
from leverage.program.program import USE
from leverage.program.run import prepared, prepared_slopes, stand
from leverage.tree.grid import TIME, cell_id
from leverage.tree.metric import Lever
from leverage.tree.tree import Tree
from leverage.verbs.moves.limits import use_slopes

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
    used, rates = prepared(standing, ids, outputs), use_slopes(standing, ids, outputs)
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
        use_slopes=lambda x: signs[:, None] * rates(x),
        limits=np.array(limits, dtype=float),
        equal=np.array(exact, dtype=bool),
        whole=tuple(lever.choices or lever.integer or None for _, lever in levers),
        off=tuple(lever.off for _, lever in levers),
        kinks=tuple(tree.metrics[id].base if lever.cost else None for id, lever in levers),
        flights=tuple(np.array([ids.index(id) for id in flight]) for flight in flights(tree, ids).values()),
    )


def flights(tree: Tree, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The levers as people see them: all periods of one together; of each its address and its cells."""
    found: dict[str, list[str]] = {}
    for id in ids:
        metric = tree.metrics[id]
        axes = tree.whole.metrics[metric.whole or id].axes
        labels = metric.labels[:-1] if axes[-1:] == (TIME,) else metric.labels
        found.setdefault(cell_id(metric.whole or id, labels), []).append(id)
    return {address: tuple(cells) for address, cells in found.items()}
