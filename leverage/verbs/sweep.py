"""What if these two move together? The KGI over the levels of one or two metrics, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName
from leverage.panels import Column, Figure, Heatmap, Lines, Panel, Table
from leverage.program.run import sweep as values_over
from leverage.tree.addresses import metric_of
from leverage.tree.ids import canonical
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cases import by_cell
from leverage.verbs.cells.over import one, spoken
from leverage.verbs.describe import caveats, figure
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]
Levels = Sequence[float] | tuple[float, float, int]

MOST = 1_000_000  # cells of a table


@dataclass(frozen=True, eq=False)
class Sweep(Result):
    """``table[i, j]``: the metric ``of`` with the first axis at its level i and the second, if any, at its level j.

    ``of`` and ``axes`` are metrics or addresses of their cells; of an axis all cells stand at its level.
    """

    verb: ClassVar[str] = "sweep"
    main: ClassVar[str] = "table"

    tree: Tree
    of: str
    axes: tuple[str, ...]
    levels: tuple[Array, ...]
    table: Array  # (n,) for one axis, (n, m) for two, in the unit of `of`

    def __getitem__(self, id: str) -> Array:
        """The levels of one axis."""
        if canonical(id) not in self.axes:
            raise UnknownName(id, self.axes, what="axis")
        return self.levels[self.axes.index(canonical(id))]

    def notes(self) -> tuple[str, ...]:
        return caveats(self.tree)

    def figures(self) -> dict[str, Any]:
        axes = [{"metric": id, "values": values} for id, values in zip(self.axes, self.levels, strict=True)]
        return {"kgi": self.of, "axes": axes, "table": self.table.reshape(len(self.levels[0]), -1)}

    def rows(self) -> list[dict[str, Any]]:
        """Long: a row a cell, with the level of each axis."""
        plain = self.to_dict()["table"]
        second = self.levels[1] if len(self.axes) > 1 else (None,)
        return [
            {
                self.axes[0]: float(x),
                **({self.axes[1]: float(y)} if y is not None else {}),
                "value": plain[i][j],
            }
            for i, x in enumerate(self.levels[0])
            for j, y in enumerate(second)
        ]

    def panels(self) -> tuple[Panel, ...]:
        goal, *axes = (self._named(address) for address in (self.of, *self.axes))
        first = axes[0]
        if len(axes) == 1:
            rows = tuple(
                (figure(first, float(x)), figure(goal, float(y)))
                for x, y in zip(self.levels[0], self.table, strict=True)
            )
            heads = (Column(first.name, first.unit), Column(goal.name, goal.unit))
            curve = Lines(
                f"{goal.name} over {first.name}",
                self.levels[0],
                self.table[None, :],
                (goal.name,),
                first.name,
                goal.name,
            )
            return (Table(f"{goal.name} as {first.name} moves", heads, rows), curve)
        second = axes[1]
        return (
            Heatmap(
                goal.name,
                self.table,
                first.name,
                second.name,
                tuple(Figure(float(x), first.percent) for x in self.levels[0]),
                tuple(Figure(float(y), second.percent) for y in self.levels[1]),
                goal.unit,
                goal.percent,
            ),
        )

    def _named(self, address: str) -> Metric:
        """The metric that an address is of, under the name that the address gives it."""
        metric = self.tree.metrics[metric_of(address)]
        return replace(metric, label=spoken(self.tree, address)) if metric.axes else metric

    def read(self) -> tuple[Panel, ...]:
        """A heatmap is the table itself; of one axis the table says all that the curve does."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, Lines))


def sweep(tree: Tree, *, vary: Mapping[str, Levels] | Iterable[tuple[str, Levels]], of: str | None = None) -> Sweep:
    """What if these two move together?

    Args:
        vary: one or two metrics, leaves or formula metrics, and their levels: a sequence, or (low, high, steps). Over
            axes all cells of the metric, or of an address such as "visits[ads]", stand at the level.
        of: the metric to show, or one cell of it; the KGI when left out.

    Raises:
        UnknownName: a metric or a label that the model does not have.
        BadSetting: none or more than two metrics, two that share a cell, a level that is not finite, more than a
            million cells, or ``of`` has several figures.
    """
    pairs = list(vary.items() if isinstance(vary, Mapping) else vary)
    if not 1 <= len(pairs) <= 2 or len({id for id, _ in pairs}) != len(pairs):
        raise BadSetting(
            "vary", ", ".join(id for id, _ in pairs) or "nothing", "name one metric, or two different ones"
        )
    axes = tuple(canonical(id) for id, _ in pairs)
    cells = {address: tree.cells_of(address) for address in axes}
    sizes = [_count(id, given) for id, given in pairs]
    if prod(sizes) > MOST:
        raise BadSetting("vary", " x ".join(map(str, sizes)), f"ask for at most {MOST:,} cells")
    levels = tuple(_levels(id, given) for id, given in pairs)
    goal = one(tree, of or tree.kgi, "of")
    grid = np.meshgrid(*levels, indexing="ij")
    moved = by_cell(dict(zip(axes, (part.ravel() for part in grid), strict=True)), cells, "vary")
    found = values_over(tree.cells, moved, (goal,))
    return Sweep(Run.of(tree), tree, goal, axes, levels, found[goal].reshape(grid[0].shape))


def _steps(given: Levels) -> int | None:
    """N, where the levels are given as (low, high, N)."""
    whole = isinstance(given, tuple) and len(given) == 3 and isinstance(given[2], int | np.integer)
    return int(given[2]) if whole else None


def _count(id: str, given: Levels) -> int:
    """How many levels there are, told before any is made."""
    steps = _steps(given)
    if steps is not None and steps < 1:
        raise BadSetting(f"vary {id}", steps, "ask for at least one step")
    return np.size(given) if steps is None else steps


def _levels(id: str, given: Levels) -> Array:
    steps = _steps(given)
    values = np.asarray(given, dtype=float).ravel() if steps is None else np.linspace(given[0], given[1], steps)
    if not len(values):
        raise BadSetting(f"vary {id}", "no level", "give at least one level")
    if not np.isfinite(values).all():
        raise BadSetting(f"vary {id}", float(values[~np.isfinite(values)][0]), "give finite levels")
    return values
