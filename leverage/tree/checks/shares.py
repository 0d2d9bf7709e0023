"""Do shares still add up to one where something was tried? What the file says itself is refused when it does not."""

from __future__ import annotations

from collections.abc import Iterator

from leverage.quantity import show
from leverage.tree.findings import Finding
from leverage.tree.parts import unequal
from leverage.tree.tree import Tree


def parted(tree: Tree) -> Iterator[Finding]:
    """Parts of a whole that moves have left with more or less than it."""
    for id, metric in tree.metrics.items():
        if "parts" not in metric.kept:
            continue
        missed = list(unequal(metric, tree.grid, tree.moves))
        if missed:
            labels, total = missed[0]
            now, whole = (show(figure, percent=metric.percent) for figure in (total, 1.0))
            where = f" in {labels}" if labels else ""
            message = f"its parts over {metric.kept['parts']} now add up to {now}{where}; move others along, to {whole}"
            yield Finding("note", id, message, metric.at)
