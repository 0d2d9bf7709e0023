"""Is every figure finite where the file puts the tree? Asked when a model is loaded, of the base and each scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from leverage.errors import LeverageError, Place
from leverage.ops.table import OPS
from leverage.program.program import METRIC, USE
from leverage.program.run import Standing, stand
from leverage.quantity import show
from leverage.tree.tree import Tree


class NotFinite(LeverageError):
    """A formula whose value is infinite or undefined where the file puts its drivers."""

    def __init__(
        self, id: str, where: str, drivers: Mapping[str, str], cause: str, *, at: Place, metric: str | None
    ) -> None:
        inputs = ", ".join(f"{driver} = {value}" for driver, value in drivers.items())
        because = f": {cause}" if cause else ""
        given = f" ({inputs})" if inputs else ""
        super().__init__(f"the formula is not finite {where}{given}{because}", at=at, metric=metric)
        self.id = id


def not_finite(tree: Tree) -> Iterator[NotFinite]:
    """The first metric or resource that is not finite in the base, and in each scenario, with its inputs."""
    states = [
        ("at the base values", tree),
        *((f"in scenario '{name}'", tree.with_(scenario=name)) for name in tree.scenarios),
    ]
    seen: set[str] = set()
    for where, state in states:
        standing = stand(state)
        for found in _first(state, standing, where):
            if found.id not in seen:
                seen.add(found.id)
                yield found


def _first(tree: Tree, standing: Standing, where: str) -> Iterator[NotFinite]:
    outputs, figures = standing.program.outputs, standing.figures
    for id in (*tree.order, *(USE + resource for resource in tree.resources)):
        if not math.isfinite(figures[outputs[id]]):
            yield _finding(tree, standing, id, where)
            return


def _finding(tree: Tree, standing: Standing, id: str, where: str) -> NotFinite:
    cause = _cause(standing, id)
    if id.startswith(USE):
        resource = tree.resources[id.removeprefix(USE)]
        return NotFinite(
            id, f"{where}, in the use of resource '{resource.id}'", {}, cause, at=resource.use_at, metric=None
        )
    metric = tree.metrics[id]
    outputs, figures = standing.program.outputs, standing.figures
    drivers = {d: show(figures[outputs[d]], percent=tree.metrics[d].percent) for d in tree.drivers[id]}
    return NotFinite(id, where, drivers, cause, at=metric.formula_at, metric=id)


def _cause(standing: Standing, owner: str) -> str:
    """The operator at which the value is lost, and what it needs."""
    figures = standing.figures
    for use in standing.program.tape:
        if use.owner != owner or use.op == METRIC:
            continue
        args = [figures[slot] for slot in use.args]
        if all(math.isfinite(arg) for arg in args) and not math.isfinite(figures[use.out]):
            op = OPS[use.op]
            shown = [show(arg) for arg in args]
            told = f" {op.symbol} ".join(shown) if op.symbol else f"{op.name}({', '.join(shown)})"
            missed = op.domain is not None and not op.domain.holds(*args)
            return f"{told} needs {op.domain.words}" if missed and op.domain is not None else f"{told} is too large"
    return ""
