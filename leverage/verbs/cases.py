"""What does the tree say in each of these cases? Every metric for every row of a table, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Cell, Column, Panel, Table
from leverage.program.run import sweep
from leverage.tree.tree import Tree
from leverage.verbs.chance import BadSetting
from leverage.verbs.describe import column, figure
from leverage.verbs.result import Result, Run

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cases(Result):
    """Every metric, shape (n,), in its unit; ``names`` are the rows' names, as the table has them."""

    verb: ClassVar[str] = "evaluate"
    main: ClassVar[str] = "cases"

    tree: Tree
    names: tuple[Any, ...]
    given: tuple[str, ...]
    metrics: Mapping[str, Array]

    def __getitem__(self, id: str) -> Array:
        return self.metrics[self.tree.require(id).id]

    def figures(self) -> dict[str, Any]:
        kgi = self.tree.kgi
        rows = [{id: values[row] for id, values in self.metrics.items()} for row in range(len(self.names))]
        cases = [
            {"case": name, "value": metrics[kgi], "metrics": metrics}
            for name, metrics in zip(self.names, rows, strict=True)
        ]
        return {"kgi": kgi, "cases": cases}

    def to_frame(self) -> pd.DataFrame:
        """A row a case, named as the table names it, a column a metric."""
        import pandas as pd

        return pd.DataFrame(dict(self.metrics), index=list(self.names))

    def panels(self) -> tuple[Panel, ...]:
        shown = (*self.given, self.tree.kgi)
        metrics = [self.tree.metrics[id] for id in shown]
        heads = (column("case"), *(Column(metric.name, metric.unit) for metric in metrics))
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (str(name), *(figure(metric, float(self.metrics[metric.id][row])) for metric in metrics))
            for row, name in enumerate(self.names)
        )
        return (Table(f"{self.tree.metrics[self.tree.kgi].name} in each case", heads, rows),)


def cases(tree: Tree, table: Any) -> Cases:
    """Every metric for every row.

    Args:
        table: a pandas frame, or a mapping of metric to a sequence of levels, one a case; a formula metric takes its
            levels in place of its formula. What the table does not name stays where it is.

    Raises:
        UnknownName: a column that is no metric.
        BadSetting: no column, columns of different lengths, or a level that is not finite.
    """
    columns: Mapping[Any, Sequence[float]] = table
    levels = {tree.require(str(id)).id: np.asarray(columns[id], dtype=float).ravel() for id in columns}
    lengths = {len(values) for values in levels.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise BadSetting(
            "cases", ", ".join(levels) or "nothing", "give at least one column, all of one length, not empty"
        )
    bad = [id for id, values in levels.items() if not np.isfinite(values).all()]
    if bad:
        raise BadSetting("cases", bad[0], "give finite levels in every row")
    (count,) = lengths
    found = sweep(tree, levels, tree.metrics)
    names = tuple(np.asarray(table.index).tolist()) if hasattr(table, "index") else tuple(range(count))
    return Cases(Run.of(tree), tree, names, tuple(levels), found)
