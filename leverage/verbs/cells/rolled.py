"""What came through a metric, of all that its cells carried? The bridge of the cells as a bridge of the file's metrics.

At every cell what enters leaves again. So it does at a metric, whose cells are taken together: what one of its cells
hands to another, such as a stock to itself a month later, enters and leaves it alike, and is no edge; nor is what goes
round through several (`verbs.cells.rounds`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from leverage.tree.addresses import metric_of, parted
from leverage.tree.grid import TIME, cell_id
from leverage.tree.tree import Tree
from leverage.verbs.cells.rounds import straightened

Amounts = Mapping[str, float]
Edges = Mapping[tuple[str, str], float]

UNEXPLAINED = "unexplained at "


@dataclass(frozen=True, slots=True)
class Rolled:
    """By metric: what contributed, largest first; what came through each; what each edge carried.

    ``beneath``: of each that contributed, its cells, which add up to it in their order.
    """

    contributions: Amounts
    beneath: Mapping[str, Amounts]
    parts: Amounts
    edges: Edges


def rolled(whole: Tree, contributions: Amounts, edges: Edges) -> Rolled:
    """The metrics' bridge from what each cell contributed and each edge between cells carried."""
    beneath: dict[str, dict[str, float]] = {}
    for cell, part in contributions.items():
        beneath.setdefault(metric_of(cell), {})[cell] = part
    totals = {id: sum(parts.values()) for id, parts in beneath.items()}
    joined: dict[tuple[str, str], float] = {}
    for (driver, into), part in edges.items():
        ends = metric_of(driver), metric_of(into)
        if ends[0] != ends[1]:
            joined[ends] = joined.get(ends, 0.0) + part
    if whole.grid:
        joined = straightened(joined, whole.order)
    parts = dict.fromkeys(whole.metrics, 0.0)
    for (driver, _), part in joined.items():
        parts[driver] += part
    parts[whole.kgi] = sum(totals.values())
    order = sorted(totals, key=lambda id: (-abs(totals[id]), id))
    return Rolled(
        {id: totals[id] for id in order},
        {id: beneath[id] for id in order},
        parts,
        {ends: joined[ends] for ends in sorted(joined)},
    )


def through(edges: Edges, cells: Collection[str]) -> float:
    """What came through some cells together: what they hand to others."""
    return sum(part for (driver, into), part in edges.items() if driver in cells and into not in cells)


def by_period(whole: Tree, id: str, parts: Amounts) -> tuple[float, ...]:
    """What the cells of a metric contributed period by period; () of one that does not run over time."""
    if TIME not in whole.metrics[id].axes:
        return ()
    found = _summed(parts, lambda labels: labels[-1])
    return tuple(found.get(period, 0.0) for period in whole.grid[TIME].labels)


def groups(whole: Tree, id: str, parts: Amounts) -> dict[str, float]:
    """What a metric contributed by combination of its labels, or by period where it has no other, by address."""
    timed = TIME in whole.metrics[id].axes
    alone = whole.metrics[id].axes == (TIME,)
    return _summed(parts, lambda labels: cell_id(id, labels[:-1] if timed and not alone else labels))


def _summed(parts: Amounts, key: Callable[[tuple[str, ...]], str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for cell, part in parts.items():
        name = key(parted(cell)[1])
        found[name] = found.get(name, 0.0) + part
    return found


def named(cells: Iterable[str], whole: Tree) -> list[str]:
    """Cells by address: a metric's id where all of its cells are among them."""
    held: dict[str, list[str]] = {}
    for cell in cells:
        held.setdefault(metric_of(cell), []).append(cell)
    return [name for id, some in held.items() for name in ([id] if len(some) == len(whole.cells_of(id)) else some)]
