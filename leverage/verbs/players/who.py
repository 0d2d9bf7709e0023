"""Who is judged? Each uncertain leaf, or groups of them: by owner, by branch of the tree, by label.

A leaf over time and dimensions is one player with all its cells, for people do not ask what week 7 of a channel adds
to the spread. Draws that several cells share cannot be told apart, so they stay together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from leverage.errors import UnknownName, listed, nearest
from leverage.tree.addresses import metric_of
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import spoken
from leverage.verbs.draws.cast import Cast

LEAF = "leaf"
NOBODY = "nobody"  # owns what has no owner
ELSEWHERE = "elsewhere"  # what the goal does not use


@dataclass(frozen=True, slots=True)
class Player:
    """A leaf or a group of them. ``cells``: ids in the tree of cells; ``draws``: places of their coordinates.

    ``id`` is that of the leaf (or an address such as ``visits[ads]``), or the group's name; ``name`` what people read.
    """

    id: str
    name: str
    cells: tuple[str, ...]
    draws: tuple[int, ...]


Key = Callable[[Metric], str]  # of a cell: its player's id


def players(tree: Tree, cast: Cast, by: str = LEAF, of: str | None = None) -> tuple[Player, ...]:
    """The players among the leaves that are drawn, in the file's order.

    Args:
        tree: of the file.
        by: leaf, cell, owner, branch, or the name of a dimension (or time): labels are players then, and leaves without
            that dimension stand alone.
        of: the metric whose branches are meant; the KGI when left out.

    Raises:
        UnknownName: there is no such grouping.
    """
    key = _key(tree, by, tree.kgi if of is None else of)
    cells = tree.cells
    homes = _homes(cells, cast)
    found: dict[str, dict[int, list[str]]] = {}
    for draw, ids in homes.items():
        keys = {key(cells.metrics[id]) for id in ids}
        found.setdefault(keys.pop() if len(keys) == 1 else metric_of(ids[0]), {})[draw] = ids
    order = {id: place for place, id in enumerate(cells.metrics)}
    made = [_player(tree, id, draws) for id, draws in found.items()]
    return tuple(sorted(made, key=lambda player: min(order[id] for id in player.cells)))


def crossing(cast: Cast, among: tuple[Player, ...]) -> tuple[tuple[Player, Player], ...]:
    """The pairs of players that correlations tie together, so that neither moves alone."""
    home = {draw: place for place, player in enumerate(among) for draw in player.draws}
    found: set[tuple[int, int]] = set()
    for group in cast.draws.dependence.groups:
        found.update(combinations(sorted({home[row] for row in group.rows if row in home}), 2))
    return tuple((among[a], among[b]) for a, b in sorted(found))


def _homes(cells: Tree, cast: Cast) -> dict[int, list[str]]:
    """The cells that take each draw, draws as they are first met."""
    found: dict[int, list[str]] = {}
    for id in cells.metrics:
        if id in cast.stands:
            found.setdefault(cast.draws.homes[cast.stands[id].source], []).append(id)
    return found


def _player(tree: Tree, id: str, draws: Mapping[int, list[str]]) -> Player:
    known = metric_of(id) in tree.metrics
    cells = tuple(cell for ids in draws.values() for cell in ids)
    return Player(id, spoken(tree, id) if known else id, cells, tuple(sorted(draws)))


def _key(tree: Tree, by: str, of: str) -> Key:
    if by in tree.grid:
        return lambda cell: _label(tree, cell, by)
    if by == "branch":
        homes = _branches(tree, metric_of(of))
        return lambda cell: homes.get(metric_of(cell.id), ELSEWHERE)
    if by not in KEYS:
        known = [*KEYS, "branch", *(axis.name for axis in tree.grid.axes)]
        raise UnknownName(by, known, what="grouping", where="" if nearest(by, known) else f"among {listed(known)}")
    return KEYS[by]


def _label(tree: Tree, cell: Metric, axis: str) -> str:
    """The cell's label of that axis; a leaf that does not run over it stands alone."""
    id = metric_of(cell.id)
    axes = tree.metrics[id].axes
    return cell.labels[axes.index(axis)] if axis in axes else id


def _branches(tree: Tree, of: str) -> dict[str, str]:
    """For each metric the highest one below the goal through which all that it does to the goal runs; at last itself.

    It is the dominator just below the goal. Below a goal of one driver that driver's are taken: else all is one branch.
    """
    import networkx as nx

    way = [of]
    while len(own := [id for id in tree.drivers[way[-1]] if id not in way]) == 1:
        way += own
    top = way[-1]
    above = nx.immediate_dominators(tree.graph.reverse(copy=False), top)
    found: dict[str, str] = {}
    for id in sorted(above, key=lambda id: _depth(above, id, top)):
        if id != top:
            found[id] = id if above[id] == top else found[above[id]]
    return found


def _depth(above: Mapping[str, str], id: str, top: str) -> int:
    depth = 0
    while id != top:
        id, depth = above[id], depth + 1
    return depth


KEYS: Mapping[str, Key] = {
    LEAF: lambda cell: metric_of(cell.id),
    "cell": lambda cell: cell.draw or cell.id,
    "owner": lambda cell: cell.owner or NOBODY,
}
