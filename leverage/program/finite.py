"""Is every figure finite where the file puts the tree? Asked when a model is loaded, of the base and each scenario.

Over time and dimensions the arrays tell, so that no tree of cells is made; one is where a scenario moves formulas.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from leverage.errors import LeverageError, Place
from leverage.ops.table import OPS
from leverage.program.program import METRIC, USE
from leverage.program.run import Standing, stand
from leverage.quantity import show
from leverage.tree.addresses import metric_of
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
        for found in _lost(state, where):
            if found.id not in seen:
                seen.add(found.id)
                yield found


def _lost(tree: Tree, where: str) -> Iterator[NotFinite]:
    if not tree.grid:
        return among_cells(tree, where)
    from leverage.program.arrays.finite import among_arrays  # which models without axes do without

    return among_arrays(tree, where)


def among_cells(tree: Tree, where: str) -> Iterator[NotFinite]:
    """The first that is not finite among the metrics of a tree without axes, and its resources."""
    standing = stand(tree)
    outputs, figures = standing.program.outputs, standing.figures
    for id in (*tree.order, *(USE + resource for resource in tree.resources)):
        if not math.isfinite(figures[outputs[id]]):
            yield finding(tree, standing, id, tree.drivers.get(id, ()), where)
            return


def finding(tree: Tree, standing: Standing, id: str, drivers: Iterable[str], where: str) -> NotFinite:
    """What is said of a metric or resource of a standing that is not finite."""
    cause = _cause(standing, id)
    if id.startswith(USE):
        resource = tree.resources[id.removeprefix(USE)]
        return NotFinite(
            id, f"{where}, in the use of resource '{resource.id}'", {}, cause, at=resource.use_at, metric=None
        )
    outputs, figures, metrics = standing.program.outputs, standing.figures, tree.whole.metrics
    shown = {driver: show(figures[outputs[driver]], percent=metrics[metric_of(driver)].percent) for driver in drivers}
    return NotFinite(id, where, shown, cause, at=metrics[metric_of(id)].formula_at, metric=id)


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
