"""A leverage point: a lever, or one cell of a lever over axes; and a lever with all its cells.

Both tell the same of themselves: what moving them brings, where they stand, where they go, what that takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leverage.program.program import USE
from leverage.tree.addresses import metric_of
from leverage.tree.tree import Tree
from leverage.verbs.cells.sums import total
from leverage.verbs.moves.joint import Levels, Stop, Way
from leverage.verbs.moves.reach import Best, Reach, best, movable, reach
from leverage.verbs.moves.standings import Doubt


@dataclass(frozen=True, slots=True)
class Point:
    """One lever. Gains in the KGI's unit and the goal's direction; ``uses``: what its move takes of each resource.

    ``affordable``: its best move within what the resources have left. ``probability_best``: share of the joint draws
    in which this lever, moved to ``best.to``, gains most; ``doubt``: how sure its place is. Both are None when nothing
    is uncertain.
    """

    metric: str
    here: float
    best: Best
    affordable: Best
    reach: Reach
    movable: bool
    elasticity: float | None
    uses: Mapping[str, float]
    probability_best: float | None = None
    doubt: Doubt | None = None

    @property
    def gain(self) -> float:
        """What its best level brings."""
        return self.best.gain

    @property
    def affordable_gain(self) -> float:
        """What its best level brings within what the resources have left."""
        return self.affordable.gain

    @property
    def gain_per_use(self) -> dict[str, float]:
        """Gain per unit of each resource that the move uses more of."""
        return per_use(self.gain, self.uses)

    @property
    def here_levels(self) -> Levels:
        """Where it stands, by cell."""
        return {self.metric: self.here}

    @property
    def levels(self) -> Levels:
        """Where it goes, by cell."""
        return {self.metric: self.best.to}

    @property
    def affordable_levels(self) -> Levels:
        """Where it goes within what the resources have left, by cell."""
        return {self.metric: self.affordable.to}

    @property
    def assumed(self) -> bool:
        """Whether an end of its interval was assumed."""
        return self.reach.assumed

    @property
    def points(self) -> tuple[Point, ...]:
        """Itself."""
        return (self,)


@dataclass(frozen=True, eq=False)
class Group:
    """A lever over axes: its cells, each a `Point` of its own, moved together on the way to where each is best alone.

    ``stop``: how far they go, which is the whole way unless they get in each other's way; ``affordable``: the same
    within what the resources have left. ``parts``: what each cell has of the gain.
    """

    metric: str
    points: tuple[Point, ...]
    stop: Stop
    affordable: Stop
    parts: Mapping[str, float]
    uses: Mapping[str, float]
    probability_best: float | None = None
    doubt: Doubt | None = None

    @property
    def gain(self) -> float:
        """What all of them together bring."""
        return self.stop.gain

    @property
    def affordable_gain(self) -> float:
        """What they bring within what the resources have left."""
        return self.affordable.gain

    @property
    def gain_per_use(self) -> dict[str, float]:
        """Gain per unit of each resource that the move uses more of."""
        return per_use(self.gain, self.uses)

    @cached_property
    def here_levels(self) -> Levels:
        """Where they stand."""
        return {point.metric: point.here for point in self.points}

    @property
    def levels(self) -> Levels:
        """Where they go together."""
        return self.stop.levels

    @property
    def affordable_levels(self) -> Levels:
        """Where they go within what the resources have left."""
        return self.affordable.levels

    @property
    def elasticity(self) -> float | None:
        """That of all cells together."""
        held = [point.elasticity for point in self.points if point.elasticity is not None]
        return total(held) if held else None

    @property
    def movable(self) -> bool:
        """Whether any cell has more than one level."""
        return any(point.movable for point in self.points)

    @property
    def assumed(self) -> bool:
        """Whether an end of any cell's interval was assumed."""
        return any(point.assumed for point in self.points)

    @property
    def short(self) -> bool:
        """Whether the cells, moved together, do better to stop on the way."""
        return any(self.stop.levels[point.metric] != point.best.to for point in self.points)


Ranked = Point | Group


def per_use(gain: float, uses: Mapping[str, float]) -> dict[str, float]:
    """Gain per unit of each resource of which more is used."""
    return {resource: gain / used for resource, used in summed(uses).items() if used > 0}


def summed(uses: Mapping[str, float]) -> dict[str, float]:
    """What is used of each resource of the file: of one with a limit per period, over all of them."""
    found: dict[str, list[float]] = {}
    for resource, used in uses.items():
        found.setdefault(metric_of(resource), []).append(used)
    return {resource: total(parts) for resource, parts in found.items()}


def told(uses: Mapping[str, float]) -> dict[str, Any]:
    """The same as an answer nests it: of a resource with a limit per period, a list."""
    found: dict[str, Any] = {}
    for resource, used in uses.items():
        if "[" in resource:
            found.setdefault(metric_of(resource), []).append(used)
        else:
            found[resource] = used
    return found


def single(tree: Tree, id: str, figures: Mapping[str, float], push: float) -> Point:
    """A lever, or a cell of one, moved alone.

    Args:
        tree: of cells.
        figures: of the tree as it stands (`run.point`).
        push: the KGI's slope in it.
    """
    base, here = figures[tree.kgi], tree.levels[id].value
    left, uses = _left(tree, figures)
    reached = reach(tree, id)
    top = best(tree, id, reached, base=base)
    affordable = best(tree, id, reached, base=base, limits=left) if tree.resources else top
    elasticity = None if base == 0 else push * here / base
    taken = {resource: top.uses[resource] - used for resource, used in uses.items()}
    return Point(id, here, top, affordable, reached, movable(tree.metrics[id], reached), elasticity, taken)


def grouped(tree: Tree, id: str, points: tuple[Point, ...], figures: Mapping[str, float]) -> Group:
    """The cells of a lever over axes, moved together."""
    left, uses = _left(tree, figures)
    here = {point.metric: point.here for point in points}
    way = Way(tree, here, {point.metric: point.best.to for point in points})
    stop = way.best()
    inside = all(stop.uses[resource] <= limit for resource, limit in left.items())
    taken = {resource: stop.uses[resource] - used for resource, used in uses.items()}
    affordable = stop if inside else way.best(left)
    return Group(id, points, stop, affordable, Way(tree, here, stop.levels).parts(), taken)


def _left(tree: Tree, figures: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """What there is of each resource, and what of it is used.

    A resource that is overdrawn already leaves nothing, but forbids no move that takes none of it.
    """
    uses = {resource: figures[USE + resource] for resource in tree.resources}
    return {resource: max(tree.limit(resource), used) for resource, used in uses.items()}, uses
