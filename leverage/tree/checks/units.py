"""Do the units go together? What a sum adds, and what a formula gives against what its metric says."""

from __future__ import annotations

from collections.abc import Iterator

from leverage.tree.derived import derived
from leverage.tree.findings import Finding
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.tree.units import Unit, unit


def mismatched(tree: Tree) -> Iterator[Finding]:
    """Sums of different units, and formulas that give another unit than their metric's; silent where one is unknown."""
    labels = {metric.unit for metric in tree.metrics.values() if metric.unit}
    read = {label: unit(label) for label in labels}
    declared = {id: read.get(metric.unit) for id, metric in tree.metrics.items()}
    for id, metric in tree.metrics.items() if labels else ():
        if metric.formula is None:
            continue
        gives, clashes = derived(metric.formula, declared)
        for clash in dict.fromkeys((clash.left, clash.right) for clash in clashes):
            yield Finding("note", id, _of_sum(*clash), metric.at)
        says = declared[id]
        if gives is not None and says is not None and gives != says:
            yield Finding("note", id, _of_formula(gives, metric, says), metric.at)


def _of_sum(left: Unit, right: Unit) -> str:
    if left.timeless == right.timeless:
        return f"adds {left} and {right}, which differ in time alone; say over which period each counts"
    return f"adds {left} and {right}; bring them to one unit, or correct the label"


def _of_formula(gives: Unit, metric: Metric, says: Unit) -> str:
    if gives.timeless == says.timeless:
        return f"is in {metric.unit}, but its drivers give {gives}; say over which period they count"
    return f"is in {metric.unit}, but its drivers give {gives}; correct a label, or make a plain number a metric"
