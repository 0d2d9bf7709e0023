"""Do shares still add up to one where something was tried? What the file says itself is refused when it does not."""

from __future__ import annotations

from collections.abc import Iterator

from leverage.tree.findings import Finding
from leverage.tree.parts import uneven
from leverage.tree.tree import Tree


def parted(tree: Tree) -> Iterator[Finding]:
    """Parts of a whole that moves have left with more or less than it."""
    for metric, message in uneven(tree):
        yield Finding("note", metric.id, message, metric.at)
