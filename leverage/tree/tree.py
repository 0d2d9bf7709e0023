"""The tree: what a model file says, checked, frozen, and in an order in which it can be computed.

A scenario is a new tree (`Tree.with_`) that shares the metrics and formulas of the old one; only its moves differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from leverage.errors import NOWHERE, LeverageError, Place, UnknownName
from leverage.formula.nodes import names
from leverage.tree.addresses import Addresses, NotAnAddress, metric_of, parted
from leverage.tree.grid import NO_GRID, TIME, Grid, cell_id
from leverage.tree.metric import Metric
from leverage.tree.resource import Resource
from leverage.tree.scenario import Kind, Move, Scenario

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's rank correlation of two uncertain leaves."""

    a: str
    b: str
    rank: float
    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Level:
    """Where a leaf stands: its base, its level, and the factor by which every draw of it moves along.

    A draw ``x`` becomes ``value + factor * (x - base)``, so a leaf that is set keeps its doubt and one that is changed
    by a share keeps its relative doubt. ``certain``: the leaf has no doubt left; every draw is its level.
    """

    base: float
    value: float
    factor: float = 1.0
    certain: bool = False

    @property
    def shift(self) -> float:
        """What is added to ``factor * x``; exactly 0 where the leaf only changed by shares."""
        return self.value - self.factor * self.base

    def moved(self, move: Move) -> Level:
        """The level after one more move, applied to what stands."""
        if move.kind == "set":
            if move.certain:
                return Level(self.base, move.amount, 0.0, certain=True)
            return Level(self.base, move.amount, self.factor, self.certain)
        if move.kind == "change":
            factor = 1 + move.amount
            return Level(self.base, self.value * factor, self.factor * factor, self.certain)
        return Level(self.base, self.value + move.amount, self.factor, self.certain)


@dataclass(frozen=True, kw_only=True, eq=False)
class Tree:
    """A KPI tree. ``metrics`` stand in the file's order, ``order`` in one where drivers come before what they feed.

    ``moves`` and ``limits`` are what scenarios and options changed, oldest first. ``kept`` is shared by all trees that
    `with_` makes of one file: what is compiled from the formulas is kept there, once.
    """

    kgi: str
    metrics: Mapping[str, Metric]
    order: tuple[str, ...]
    name: str = ""
    goal: Literal["maximize", "minimize"] = "maximize"
    correlations: tuple[Correlation, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=lambda: MappingProxyType({}))
    scenarios: Mapping[str, Scenario] = field(default_factory=lambda: MappingProxyType({}))
    grid: Grid = NO_GRID
    actuals: Mapping[str, Any] | None = None
    log: tuple[Mapping[str, Any], ...] = ()
    file: str = ""
    moves: tuple[Move, ...] = ()
    limits: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    applied: tuple[str, ...] = ()  # names of the scenarios in `moves`
    kept: dict[str, Any] = field(default_factory=dict, repr=False)
    parent: Tree | None = field(default=None, repr=False)  # of a tree of cells, the file's

    @property
    def whole(self) -> Tree:
        """The tree as the file has it, a metric over axes being one; of all but trees of cells, itself."""
        return self if self.parent is None else self.parent

    @cached_property
    def cells(self) -> Tree:
        """The tree with every metric once per combination of labels (`tree.cells`); itself where it has no axes."""
        if not self.grid or self.parent is not None:
            return self
        if "cells" not in self.kept:
            from leverage.tree.cells import cells

            self.kept["cells"] = cells(self)
        made: Tree = self.kept["cells"]
        return replace(made, moves=self.moves, limits=self.limits, applied=self.applied, parent=self, file=self.file)

    def cell(self, id: str) -> Metric:
        """What the file says of one cell, for which no tree of cells is made; its formula may be its metric's."""
        if id in self.metrics:
            return self.metrics[id]
        from leverage.tree.cells import single

        metric, labels = parted(id)
        return single(self, self.metrics[metric], labels)

    @property
    def aimed(self) -> tuple[str, ...]:
        """The cells that have a target, in the order of the file's metrics."""
        found = []
        for metric in self.whole.metrics.values():
            single = () if metric.figures is None else metric.figures.each
            if metric.target is not None or any(each.target is not None for each in single):
                found += [id for id in self.cells_of(metric.id) if self.whole.cell(id).target is not None]
        return tuple(found)

    @property
    def doubtful(self) -> bool:
        """Whether anything is uncertain where the moves left it."""
        known = any(metric.uncertainty is not None for metric in self.metrics.values())
        return known and (not any(move.certain for move in self.moves) or bool(self.cells.uncertain))

    @property
    def addresses(self) -> Addresses:
        """The look-up of its cells."""
        if "addresses" not in self.kept:
            axes = {id: metric.axes for id, metric in self.metrics.items() if metric.axes}
            self.kept["addresses"] = Addresses(self.grid, self.metrics, axes)
        found: Addresses = self.kept["addresses"]
        return found

    def cells_of(self, address: str) -> tuple[str, ...]:
        """The ids of the cells that an address such as ``visits[ads]`` names, in the grid's order.

        Raises:
            UnknownName: no metric bears the name, or no label.
            NotAnAddress: the metric has no such label.
        """
        return self.addresses.cells(address)

    @property
    def sign(self) -> float:
        """+1.0 where more of the KGI is better, -1.0 where less is."""
        return 1.0 if self.goal == "maximize" else -1.0

    @property
    def hash(self) -> str:
        """Of what the file says, whatever its layout (`tree.fingerprint`); "" where it was built from none."""
        if "hash" not in self.kept:
            from leverage.tree.fingerprint import fingerprint

            self.kept["hash"] = fingerprint(self.kept["plain"]) if "plain" in self.kept else ""
        found: str = self.kept["hash"]
        return found

    @cached_property
    def drivers(self) -> Mapping[str, tuple[str, ...]]:
        """For each metric the metrics that its formula uses."""
        kept = self.kept.get("drivers")
        if kept is None:
            kept = self.kept["drivers"] = {
                id: () if metric.formula is None else names(metric.formula) for id, metric in self.metrics.items()
            }
        return MappingProxyType(kept)

    @cached_property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """For each metric the metrics that it feeds."""
        kept = self.kept.get("users")
        if kept is None:
            lists: dict[str, list[str]] = {id: [] for id in self.metrics}
            for id, drivers in self.drivers.items():
                for driver in drivers:
                    lists[driver].append(id)
            kept = self.kept["users"] = {id: tuple(users) for id, users in lists.items()}
        return MappingProxyType(kept)

    @property
    def leaves(self) -> tuple[str, ...]:
        """Metrics without a formula, in the file's order."""
        return tuple(id for id, metric in self.metrics.items() if metric.leaf)

    @property
    def levers(self) -> tuple[str, ...]:
        """Leaves that somebody can set, in the file's order."""
        return tuple(id for id, metric in self.metrics.items() if metric.lever is not None)

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """Where each leaf stands after the moves."""
        standing = {
            id: Level(metric.base, metric.base) for id, metric in self.metrics.items() if metric.base is not None
        }
        for move in self.moves:
            if move.metric in standing:
                standing[move.metric] = standing[move.metric].moved(move)
        return MappingProxyType(standing)

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Uncertain leaves whose doubt stands, in the order of ids: their ranks are their dimensions."""
        found = (id for id, metric in self.metrics.items() if metric.uncertainty is not None)
        return tuple(sorted(id for id in found if not self.levels[id].certain))

    @property
    def unmoved(self) -> Tree:
        """The file as it stands, without scenarios and options."""
        return replace(self, moves=(), limits=MappingProxyType({}), applied=())

    def limit(self, resource: str) -> float:
        """What of the resource there is, after scenarios and options."""
        return self.limits.get(resource, self.resources[resource].limit)

    @property
    def graph(self) -> nx.DiGraph[str]:
        """The tree as a networkx DiGraph: an edge from each driver to what it feeds, metrics as node data."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph(name=self.name, kgi=self.kgi)
        graph.add_nodes_from((id, {"metric": metric, "label": metric.name}) for id, metric in self.metrics.items())
        graph.add_edges_from((driver, id) for id, drivers in self.drivers.items() for driver in drivers)
        return graph

    def with_(
        self,
        *,
        scenario: str | Iterable[str] = (),
        set: Mapping[str, float] | None = None,
        change: Mapping[str, float] | None = None,
        add: Mapping[str, float] | None = None,
        limits: Mapping[str, float] | None = None,
    ) -> Tree:
        """A new tree with the changes, each on what stands: scenarios from the left, then set, change, add.

        Args:
            scenario: names of scenarios of the file; "base" names the file as it stands.
            set, change, add: metric to level; to share (-0.15 is -15 %); to amount in the metric's unit.
            limits: resource to another limit.

        Raises:
            UnknownName: a scenario, metric or resource that the model does not have.
        """
        moves, replaced, applied = list(self.moves), dict(self.limits), list(self.applied)
        for name in (scenario,) if isinstance(scenario, str) else scenario:
            if name == "base":
                continue
            story = self.told(name)
            moves.extend(self._from_the_top(story.moves.values()))
            for resource, limit in story.limits.items():
                replaced.update(dict.fromkeys(self._limited(resource), limit))
            applied.append(name)
        kinds: tuple[tuple[Kind, Mapping[str, float] | None], ...] = (("set", set), ("change", change), ("add", add))
        for kind, amounts in kinds:
            for id, amount in (amounts or {}).items():
                figure = _finite(id, kind, amount)
                moves.extend(self._from_the_top([Move(cell, kind, figure) for cell in self.cells_of(id)]))
        for resource, limit in (limits or {}).items():
            replaced.update(dict.fromkeys(self._limited(resource), _finite(resource, "limit", limit)))
        return replace(self, moves=tuple(moves), limits=MappingProxyType(replaced), applied=tuple(applied))

    def _from_the_top(self, moves: Iterable[Move]) -> list[Move]:
        """Moves, formula metrics first, users before drivers: each is relative to what stood before."""
        all_ = list(moves)
        if len(all_) < 2:
            return all_
        whole = self.whole
        leaf = {move.metric: whole.metrics[metric_of(move.metric)].leaf for move in all_}
        order = self.order if all(leaf.values()) or not self.grid else self.cells.order
        rank = {id: place for place, id in enumerate(order)}
        return sorted(all_, key=lambda move: (leaf[move.metric], -rank.get(move.metric, 0)))

    def _limited(self, resource: str) -> tuple[str, ...]:
        """The limits that a resource has: its own, or one of each period.

        Raises:
            UnknownName: there is no such resource.
        """
        known, (id, labels) = self.whole.resources, parted(resource)
        if id not in known:
            raise UnknownName(resource, known, what="resource")
        periods = self.grid[TIME].labels if known[id].per == "period" else ()
        if labels and not (len(labels) == 1 and labels[0] in periods):
            raise NotAnAddress(resource, f"{id} has one limit for each period" if periods else f"{id} has one limit")
        return (resource,) if labels or not periods else tuple(cell_id(id, (period,)) for period in periods)

    def told(self, name: str) -> Scenario:
        """The scenario with what it inherits: its own entry for a metric replaces the inherited one whole.

        Raises:
            UnknownName: the model has no scenario of that name.
        """
        if name not in self.scenarios:
            raise UnknownName(name, ("base", *self.scenarios), what="scenario")
        line = [self.scenarios[name]]
        while line[-1].extends:
            line.append(self.scenarios[line[-1].extends])
        moves: dict[str, Move] = {}
        limits: dict[str, float] = {}
        for scenario in reversed(line):
            anew = {metric_of(id) for id in scenario.moves}
            moves = {id: move for id, move in moves.items() if metric_of(id) not in anew}
            moves.update(scenario.moves)
            limits.update(scenario.limits)
        return replace(line[0], extends="", moves=MappingProxyType(moves), limits=MappingProxyType(limits))

    def require(self, id: str, *, where: str = "") -> Metric:
        """The metric of that id.

        Raises:
            UnknownName: there is none; the sentence offers the nearest.
        """
        if id not in self.metrics:
            raise UnknownName(id, self.metrics, what="metric", where=where)
        return self.metrics[id]


class NotFinite(LeverageError):
    """An amount handed in that is no finite number."""

    def __init__(self, id: str, what: str, amount: object) -> None:
        super().__init__(f"{what} {id}: {amount!r} is no finite number")


def _finite(id: str, what: str, amount: object) -> float:
    import math

    try:
        value = float(amount)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise NotFinite(id, what, amount) from None
    if not math.isfinite(value):
        raise NotFinite(id, what, amount)
    return value
