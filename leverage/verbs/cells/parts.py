"""Which rows of labels stand beneath a metric over dimensions? Each label's, and each group's above its members'."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

from leverage.panels import Cell, Column, Table
from leverage.tree.grid import TIME, Axes, cell_id
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import At

MOST = 12  # rows of labels beneath a metric that people take in
PAGE = 90  # rows of labels of all metrics: two screens


@dataclass(frozen=True, slots=True)
class Part:
    """A row beneath a metric: a label, or one of each of several dimensions; a group's stands for its members.

    ``address`` names its cells, ``meant`` the labels, axis by axis.
    """

    address: str
    labels: tuple[str, ...]
    meant: At


def parts(whole: Tree, id: str) -> tuple[Part, ...]:
    """The rows of labels beneath a metric: of each dimension its labels, a group's above its members'."""
    dimensions = [name for name in whole.metrics[id].axes if name != TIME]
    found = []
    for labels in product(*(_rows(whole, name) for name in dimensions)) if dimensions else ():
        meant = {name: whole.grid[name].members(label) for name, label in zip(dimensions, labels, strict=True)}
        found.append(Part(cell_id(id, labels), labels, meant))
    return tuple(found)


def _rows(whole: Tree, name: str) -> list[str]:
    """The labels of a dimension in order, each group before its members, a larger group first."""
    axis = whole.grid[name]
    place = {label: place for place, label in enumerate(axis.labels)}
    groups = [
        label for label, members in axis.groups.items() if len(members) > 1
    ]  # one of a single label is that label
    return sorted(
        [*groups, *axis.labels],
        key=lambda label: (place[axis.members(label)[0]], -len(axis.members(label)), label in place),
    )


def by_label(
    whole: Tree,
    ids: Iterable[str],
    columns: tuple[Column, ...],
    cells: Callable[[str, Part], tuple[Cell, ...] | None],
) -> tuple[Table, ...]:
    """Metrics label by label: a table for each set of dimensions that some of them have, with cells beside each row.

    A row without cells (None) is left out, and so is a column that is empty. Of a metric `MOST` rows are shown, of all
    together about `PAGE`, and a line says how many there are more.
    """
    tables: dict[Axes, list[tuple[tuple[Cell, ...], str]]] = {}
    left = 0
    for id in ids:
        if sum(map(len, tables.values())) >= PAGE:
            left += 1
            continue
        dimensions = tuple(name for name in whole.metrics[id].axes if name != TIME)
        kept = [(each, row) for each in parts(whole, id) if (row := cells(id, each)) is not None]
        rows = tables.setdefault(dimensions, [])
        for place, (each, row) in enumerate(kept[:MOST]):
            rows.append(((whole.metrics[id].name if place == 0 else None, *each.labels, *row), each.address))
        if len(kept) > MOST:
            blank = (None,) * (len(dimensions) + len(columns))
            rows.append(((f"and {len(kept) - MOST} more: --json has all", *blank), ""))
    if left:
        last = list(tables)[-1]
        blank = (None,) * (len(last) + len(columns))
        tables[last].append(((f"and {left} metrics more: --json has all", *blank), ""))
    return tuple(_table(dimensions, columns, rows) for dimensions, rows in tables.items() if rows)


def _table(dimensions: Axes, columns: tuple[Column, ...], rows: list[tuple[tuple[Cell, ...], str]]) -> Table:
    heads = (Column("metric", text=True), *(Column(name, text=True) for name in dimensions), *columns)
    cells, addresses = zip(*rows, strict=True)
    filled = [at for at in range(len(heads)) if any(row[at] is not None for row in cells)]
    kept = tuple(tuple(row[at] for at in filled) for row in cells)
    return Table(f"By {' and '.join(dimensions)}", tuple(heads[at] for at in filled), kept, addresses)
