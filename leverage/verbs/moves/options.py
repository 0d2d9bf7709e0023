"""What may be chosen? The base and the scenarios, each a tree of the same file, so that all meet the same draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from leverage.errors import UnknownName
from leverage.tree.addresses import metric_of
from leverage.tree.tree import Tree

BASE = "base"


@dataclass(frozen=True, eq=False)
class Choice:
    """One thing that may be chosen: the tree where it is; of a plan the levels of all levers, cell by cell."""

    name: str
    tree: Tree
    levels: Mapping[str, float] = field(default_factory=dict)

    def moved(self, base: Tree) -> frozenset[str]:
        """The cells that it moves, from where the tree stood."""
        return frozenset(move.metric for move in self.tree.moves[len(base.moves) :])


def stories(tree: Tree, named: Iterable[str] = ()) -> tuple[Choice, ...]:
    """The tree as it stands, and each scenario on top of it; ``named``: those alone.

    A scenario that stands in the tree already, or extends one that does, is none of its own accord: its changes would
    be made twice.

    Raises:
        UnknownName: there is no such scenario.
    """
    known = (BASE, *tree.scenarios)
    asked = tuple(dict.fromkeys((named,) if isinstance(named, str) else named))
    for name in asked:
        if name not in known:
            raise UnknownName(name, known, what="option")
    free = [name for name in known if not set(_line(tree, name)) & set(tree.applied)]
    return tuple(Choice(name, tree.with_(scenario=name)) for name in asked or free)


def _line(tree: Tree, name: str) -> Iterator[str]:
    """The scenario and all that it extends."""
    while name and name != BASE:
        yield name
        name = tree.scenarios[name].extends


def unchosen(tree: Tree, choices: Sequence[Choice]) -> Iterator[str]:
    """The options that move leaves and no lever among them: perhaps nobody chooses them, and they befall."""
    levers = {metric_of(id) for id in tree.cells.levers}
    for choice in choices:
        moved = {metric_of(id) for id in choice.moved(tree)}
        if moved and not moved & levers:
            yield choice.name
