"""Is what is uncertain said, and does the value in use agree with it?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leverage.quantity import show
from leverage.tree.findings import Finding
from leverage.tree.tree import Tree

MANY = 1_024  # dimensions of the Sobol points; leaves past it take plain draws
ENDS = np.array([0.05, 0.95])


def outside(tree: Tree) -> Iterator[Finding]:
    """Values outside P5 to P95 of their own uncertainty."""
    for id, metric in tree.metrics.items():
        if metric.uncertainty is None or metric.base is None:
            continue
        low, high = sorted(float(level) * metric.factor for level in metric.uncertainty.quantile(ENDS))
        if not low <= metric.base <= high:
            value, first, last = (show(figure, percent=metric.percent) for figure in (metric.base, low, high))
            message = (
                f"has a value of {value} outside P5 to P95 of its uncertainty ({first} to {last}); correct one of them"
            )
            yield Finding("warning", id, message, metric.at)


def doubtless(tree: Tree) -> Iterator[Finding]:
    """A tree in which nothing is uncertain."""
    if all(metric.uncertainty is None for metric in tree.metrics.values()):
        message = "nothing is uncertain; give leaves that are not known a range: [P10, P90] or a spread: [-20%, 25%]"
        yield Finding("note", None, message)


def plain_draws(tree: Tree) -> Iterator[Finding]:
    """More uncertain leaves than evenly laid points have dimensions; cells that share a draw are one."""
    drawn = {metric.draw or metric.id for metric in tree.metrics.values() if metric.uncertainty is not None}
    count = len(drawn)
    if count > MANY:
        message = f"{count:,} leaves are uncertain, and those past {MANY:,} by id take plain draws: expect wider errors"
        yield Finding("note", None, f"{message}, or drop doubts that do not matter")
