"""One formula at a time: a metric's program with its drivers as inputs, its slopes in each, and its choices.

A path through the tree (`program.path`) needs what passes along each edge, driver into metric; the program of the whole
tree, in which formulas share their parts, cannot tell one edge from another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leverage.ops.table import OPS
from leverage.program.adjoint import adjoint
from leverage.program.lower import formula_slot
from leverage.program.program import METRIC, SLOPE, Program, Use
from leverage.program.record import Recording
from leverage.program.run import run
from leverage.tree.tree import Tree

Array = NDArray[np.float64]

KINKS = frozenset({"min", "max", "abs"})


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One operator that chooses or goes in steps, with names of its arguments among the local program's outputs."""

    op: str
    args: tuple[str, ...]

    def state(self, values: tuple[Array, ...]) -> Array:
        """Which piece it is on: the same number as long as the operator is smooth."""
        if self.op == "abs":
            return np.asarray(np.sign(values[0]))
        if self.op in ("min", "max"):
            return np.asarray(values[0] <= values[1], dtype=float)
        if self.op == "where":
            return np.asarray(values[0] != 0, dtype=float)
        if self.op == "mod":
            return np.asarray(np.floor(values[0] / values[1]), dtype=float)
        return np.asarray(OPS[self.op].value(*values), dtype=float)

    @property
    def margin(self) -> tuple[float, ...]:
        """How much each argument counts in the distance to the step: both sides of a comparison, against each other."""
        return (1.0, -1.0) if len(self.args) == 2 and self.op not in ("and", "or", "mod") else (1.0,) * len(self.args)


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """The metric ``id`` as a function of its drivers."""

    id: str
    drivers: tuple[str, ...]
    program: Program
    choices: tuple[Choice, ...]
    adjoints: dict[str, Program] = field(default_factory=dict, repr=False)

    def value(self, drivers: Mapping[str, Array]) -> Array:
        """The formula's value, shape (n,), at drivers of shape (n,)."""
        return self._run(self.program, drivers, (self.id,))[self.id]

    def slopes(self, drivers: Mapping[str, Array], of: str | None = None) -> dict[str, Array]:
        """The slope in each driver of the formula, or of one argument of a choice; each of shape (n,)."""
        of = of or self.id
        if of not in self.adjoints:
            self.adjoints[of] = adjoint(self.program, of)
        found = self._run(self.adjoints[of], drivers, [SLOPE + driver for driver in self.drivers])
        return {name.removeprefix(SLOPE): values for name, values in found.items()}

    def arguments(self, drivers: Mapping[str, Array]) -> dict[str, Array]:
        """The values of all choices' arguments."""
        return self._run(self.program, drivers, [name for choice in self.choices for name in choice.args])

    def states(self, drivers: Mapping[str, Array]) -> list[Array]:
        """The piece that each choice is on."""
        if not self.choices:
            return []
        values = self.arguments(drivers)
        with np.errstate(all="ignore"):
            return [choice.state(tuple(values[name] for name in choice.args)) for choice in self.choices]

    def _run(self, program: Program, drivers: Mapping[str, Array], keep: Sequence[str]) -> dict[str, Array]:
        n = len(next(iter(drivers.values()))) if drivers else 1
        return run(program, {}, {id: drivers[id] for id in self.drivers}, keep, n)


def local(tree: Tree, id: str) -> Local:
    """The metric's formula alone, made once for all trees that share it."""
    made: dict[str, Local] = tree.kept.setdefault("local", {})
    if id not in made:
        made[id] = _local(tree, id)
    return made[id]


def _local(tree: Tree, id: str) -> Local:
    metric = tree.metrics[id]
    assert metric.formula is not None
    recording = Recording()
    slots = {}
    for driver in tree.drivers[id]:
        slots[driver] = recording.outputs[driver] = recording.input(driver)
    recording.metric(id, formula_slot(recording, metric.formula, slots, id, metric.formula_at))
    choices = []
    for use in tuple(recording.tape):
        if _chooses(use):
            names = [f"%{slot}" for slot in (use.args[:1] if use.op == "where" else use.args)]
            recording.outputs.update({name: int(name[1:]) for name in names})
            choices.append(Choice(use.op, tuple(names)))
    return Local(id, tree.drivers[id], recording.finish(), tuple(choices))


def _chooses(use: Use) -> bool:
    return use.op != METRIC and (use.op == "where" or use.op in KINKS or OPS[use.op].steps)
