"""What does the tree say in each of these cases? Every metric for every row of a table, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.panels import Cell, Column, Panel, Table
from leverage.program.run import sweep
from leverage.tree.ids import canonical
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import at, meaning, nested, seen, spoken
from leverage.verbs.describe import column
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.result import Result, Run, flat

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cases(Result):
    """Every figure for every row: ``each`` by cell, shape (n,), in its unit; ``names`` are the rows' names.

    ``given``: the columns of the table, metrics or addresses of their cells.
    """

    verb: ClassVar[str] = "evaluate"
    main: ClassVar[str] = "cases"

    tree: Tree
    names: tuple[Any, ...]
    given: tuple[str, ...]
    each: Mapping[str, Array]

    @cached_property
    def metrics(self) -> Mapping[str, Any]:
        """Every metric, shape (n,); over axes nested as in the file, each figure an array of that shape."""
        return nested(self.tree, self.each)

    def __getitem__(self, id: str) -> Any:
        """A metric's figures, those of a cell ("visits[ads,2027-03]"), or nested ones of an address of several."""
        return at(self.tree, id, self.each)

    def figures(self) -> dict[str, Any]:
        kgi = self.tree.kgi
        cases = [
            {"case": name, "value": figures[kgi], "metrics": nested(self.tree, figures)}
            for name, figures in zip(self.names, self._rows, strict=True)
        ]
        return {"kgi": kgi, "cases": cases}

    @cached_property
    def _rows(self) -> list[dict[str, float]]:
        """The figures of each case, by cell."""
        rows = zip(*(values.tolist() for values in self.each.values()), strict=True)
        return [dict(zip(self.each, row, strict=True)) for row in rows]

    def rows(self) -> list[dict[str, Any]]:
        """A row a case; over axes a column a cell."""
        cases = self.to_dict()["cases"]
        if not self.tree.grid:
            return [flat(case) for case in cases]
        told = ({id: x if isfinite(x) else None for id, x in row.items()} for row in self._rows)
        return [
            {"case": case["case"], "value": case["value"], **{f"metrics.{id}": x for id, x in row.items()}}
            for case, row in zip(cases, told, strict=True)
        ]

    def to_frame(self) -> pd.DataFrame:
        """A row a case, named as the table names it, a column a metric, or a cell of it."""
        import pandas as pd

        return pd.DataFrame(dict(self.each), index=list(self.names))

    def panels(self) -> tuple[Panel, ...]:
        tree = self.tree
        meant = [(*meaning(tree, address), spoken(tree, address)) for address in (*self.given, tree.kgi)]
        heads = (column("case"), *(Column(name, tree.metrics[id].unit) for id, _, name in meant))
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (str(name), *(seen(tree, id, row, labels) for id, labels, _ in meant))
            for name, row in zip(self.names, self._rows, strict=True)
        )
        return (Table(f"{tree.metrics[tree.kgi].name} in each case", heads, rows),)


def cases(tree: Tree, table: Any) -> Cases:
    """Every metric for every row.

    Args:
        table: a pandas frame, or a mapping of metric to a sequence of levels, one a case; a formula metric takes its
            levels in place of its formula. A column may be an address, "visits[ads]": all its cells take the level.
            What the table does not name stays where it is.

    Raises:
        UnknownName: a column that is no metric, or a label that there is not.
        BadSetting: no column, columns of different lengths, two that name one cell, or a level that is not finite.
    """
    columns: Mapping[Any, Sequence[float]] = table
    levels = {canonical(str(id)): np.asarray(columns[id], dtype=float).ravel() for id in columns}
    cells = {address: tree.cells_of(address) for address in levels}
    lengths = {len(values) for values in levels.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise BadSetting(
            "cases", ", ".join(levels) or "nothing", "give at least one column, all of one length, not empty"
        )
    bad = [id for id, values in levels.items() if not np.isfinite(values).all()]
    if bad:
        raise BadSetting("cases", bad[0], "give finite levels in every row")
    (count,) = lengths
    found = sweep(tree.cells, by_cell(levels, cells, "cases"), tree.cells.metrics)
    names = tuple(np.asarray(table.index).tolist()) if hasattr(table, "index") else tuple(range(count))
    return Cases(Run.of(tree), tree, names, tuple(levels), found)


def by_cell(levels: Mapping[str, Array], cells: Mapping[str, tuple[str, ...]], option: str) -> dict[str, Array]:
    """The levels of each cell, from those of addresses.

    Raises:
        BadSetting: two addresses name one cell.
    """
    found: dict[str, Array] = {}
    for address, values in levels.items():
        for cell in cells[address]:
            if cell in found:
                raise BadSetting(option, address, f"{cell} stands in another, too; name each figure once")
            found[cell] = values
    return found
