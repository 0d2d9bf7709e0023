"""What do the parts of a metric's cells add up to, label by label and period by period?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add
from typing import Any

from leverage.tree.addresses import parted
from leverage.tree.grid import TIME, cell_id
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import long
from leverage.verbs.draws.chance import BadSetting

Parts = Mapping[str, float]  # by cell id: figures that may be added up


def total(parts: Iterable[float]) -> float:
    """The sum from the left; of one figure, that figure to the bit."""
    return reduce(add, parts)


def by_axis(whole: Tree, id: str, parts: Parts) -> dict[str, Any]:
    """What each label of each axis has of a metric's sum: a mapping per label, groups too; over time a list.

    Along every axis it adds up to the sum of all, groups left aside.
    """
    return {name: _along(whole, id, name, parts) for name in whole.metrics[id].axes}


def _along(whole: Tree, id: str, name: str, parts: Parts) -> Any:
    axis, sums = whole.grid[name], dict.fromkeys(whole.grid[name].labels, 0.0)
    place = whole.metrics[id].axes.index(name)
    for labels in whole.grid.cells(whole.metrics[id].axes):
        sums[labels[place]] += parts.get(cell_id(id, labels), 0.0)
    if name == TIME:
        return list(sums.values())
    return {**sums, **{group: total(sums[label] for label in members) for group, members in axis.groups.items()}}


def course(whole: Tree, address: str, option: str) -> tuple[str, ...]:
    """The cells of an option that takes one figure, or one a period: a single cell, or a label's cells over time.

    Raises:
        BadSetting: it names more; the sentence gives one series, or one cell, as an example.
    """
    cells = whole.cells_of(address)
    series = dict.fromkeys(timeless(whole, cell) for cell in cells)
    if len(cells) > 1 and (len(series) > 1 or len(cells) < whole.grid.periods):
        example = cells[0] if len(series) == 1 else next(iter(series))
        raise BadSetting(option, address, f"it has {len(cells)} figures; name one series of them, such as {example}")
    return cells


def timeless(whole: Tree, cell: str) -> str:
    """The address of a cell's label in all periods."""
    id, labels = parted(cell)
    return cell_id(id, tuple(label for label in labels if whole.grid.owners[label].name != TIME))


def cellwise(whole: Tree, entries: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    """Entries of a list, each with its ``cells`` where it has some, as rows by cell with its labels (`over.long`)."""
    each = {cell["metric"]: {**entry, **cell} for entry in entries for cell in entry.get("cells", (entry,))}
    columns: dict[str, Mapping[str, Any]] = {key: {id: cell.get(key) for id, cell in each.items()} for key in keys}
    return long(whole, **columns)
