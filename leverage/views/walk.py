"""In which order does a reader meet a tree's metrics? From the root down, a driver below what it feeds.

A driver of several metrics is drawn where it is met first; where it is met again stands a reference to what is above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leverage.panels import Tree, TreeNode

KEPT = 40  # levels that a visit remembers: the way down a chain of 100,000 metrics would fill the memory


@dataclass(frozen=True, slots=True)
class Visit:
    """A metric as it is met: how deep, and whether it was met before.

    ``lasts``: of each metric on the way to it, the root left out, and of itself: whether it is a last driver.
    """

    node: TreeNode
    depth: int
    lasts: tuple[bool, ...]
    above: bool


def walk(tree: Tree) -> Iterator[Visit]:
    """Every metric that the root uses, and every use of it; drivers that are not among the nodes are passed over."""
    met: set[str] = set()
    stack: list[tuple[str, int, tuple[bool, ...]]] = [(tree.root, 0, ())]
    while stack:
        id, depth, lasts = stack.pop()
        yield Visit(tree.nodes[id], depth, lasts, id in met)
        if id not in met:
            met.add(id)
            below = reversed(drivers(tree, id))
            stack += [(driver, depth + 1, (*lasts, first == 0)[-KEPT:]) for first, driver in enumerate(below)]


def drivers(tree: Tree, id: str) -> list[str]:
    """The drivers of a metric that the panel shows, each once."""
    return [driver for driver in dict.fromkeys(tree.nodes[id].drivers) if driver in tree.nodes]
