"""Which metrics does each formula use? Every name is looked up, and every fault is at the name's own column."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from leverage.errors import LeverageError, Place
from leverage.formula.nodes import Name, Node
from leverage.formula.source import Source
from leverage.formula.words import VALUES
from leverage.tree.axes import WrongAxis, wrong
from leverage.tree.faults import Faults
from leverage.tree.formulas import contents
from leverage.tree.grid import NO_GRID, Grid
from leverage.tree.metric import Metric
from leverage.tree.resource import Resource


class TooLarge(LeverageError):
    """A model past a limit."""

    def __init__(self, what: str, limit: int, at: Place) -> None:
        super().__init__(f"the model has more than {limit:,} {what}; split it, or raise the limit", at=at)


class NoSuchValue(LeverageError):
    """A name that other languages give a value: True, None, inf."""

    def __init__(self, name: str, where: str, *, at: Place, metric: str | None) -> None:
        super().__init__(f"unknown name {name!r} {where}; {VALUES[name]}", at=at, metric=metric)


class Names:
    """The look-up of one model's names; it counts the formulas' nodes as it goes and knows when they are too many.

    ``grid`` None: what the file says of its axes is wrong itself. ``strange``: metrics whose formulas say something of
    axes that the model's do not answer.
    """

    def __init__(self, ids: Collection[str], faults: Faults, nodes: int, grid: Grid | None = NO_GRID) -> None:
        self.ids = ids
        self.faults = faults
        self.grid = grid
        self.strange: set[str | None] = set()
        self.left = self.limit = nodes

    @property
    def spent(self) -> bool:
        """Whether the formulas have more nodes than the limit."""
        return self.left < 0

    def of(self, metric: Metric) -> tuple[str, ...]:
        """The ids that the metric's formula uses; () where an axis in it is not the model's, which is a finding."""
        if metric.formula is None:
            return ()
        return self._used(metric.formula, (metric.text, metric.formula_at, metric.id), "in the formula")

    def check(self, resource: Resource) -> None:
        """Looks up the names in the formula of what a resource limits."""
        if resource.use is not None:
            self._used(resource.use, (resource.text, resource.use_at, None), f"in the use of resource {resource.id!r}")

    def _used(self, node: Node, written: tuple[str, Place, str | None], where: str) -> tuple[str, ...]:
        """``written``: the arguments of the text's `Source`, which only a fault needs."""
        found = contents(node)
        if self.left >= 0 > self.left - found.nodes:
            self.faults.add(TooLarge("nodes in its formulas", self.limit, written[1]))
        self.left -= found.nodes
        used = [name.id for name in found.names]
        if not found.axes and all(id in self.ids for id in used):
            return tuple(used)
        source = Source(*written)
        for name in found.names:
            if name.id not in self.ids:
                self._unknown(name, source, where)
        if found.axes and (self.grid is None or self._strange(node, self.grid, source, where)):
            self.strange.add(source.metric)
            return ()
        return tuple(id for id in used if id in self.ids)

    def _strange(self, node: Node, grid: Grid, source: Source, where: str) -> bool:
        """Adds the first thing that the model's axes do not answer."""
        first = next(wrong(node, grid, self.faults.suggests), None)
        if first is not None:
            message = f"{where}: {first[0]}" if source.metric is None else first[0]
            self.faults.add(WrongAxis(message, at=source.place(first[1][0]), metric=source.metric))
        return first is not None

    def _unknown(self, name: Name, source: Source, where: str) -> None:
        at = source.place(name.span[0])
        if name.id in VALUES:
            self.faults.add(NoSuchValue(name.id, where, at=at, metric=source.metric))
        else:
            self.faults.unknown(name.id, self.ids, what="name", where=where, at=at, metric=source.metric)


def closing(path: tuple[str, ...], metrics: Mapping[str, Metric]) -> Place:
    """Where a loop can be cut: at the name, in the first metric's formula, of the second."""
    first, second = metrics[path[0]], path[1 % len(path)]
    assert first.formula is not None
    starts = (name.span[0] for name in contents(first.formula).names if name.id == second)
    return Source(first.text, first.formula_at).place(next(starts, 0))
