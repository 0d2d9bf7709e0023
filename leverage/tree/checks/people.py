"""Who answers for the tree? Levers and leaves that nobody owns."""

from __future__ import annotations

from collections.abc import Iterator

from leverage.tree.addresses import metric_of
from leverage.tree.findings import Finding
from leverage.tree.tree import Tree


def unowned(tree: Tree) -> Iterator[Finding]:
    """Leaves without an owner; where no metric has one, that is one finding."""
    if not any(metric.owner for metric in tree.metrics.values()):
        yield Finding("note", None, "no metric has an owner; name under 'owner' who answers for each lever")
        return
    levers = {metric_of(id) for id in tree.cells.levers}
    for id, metric in tree.metrics.items():
        if metric.owner or not metric.leaf:
            continue
        if id in levers:
            yield Finding("warning", id, "is a lever that nobody owns; name under 'owner' who moves it", metric.at)
        else:
            yield Finding("note", id, "has no owner; name under 'owner' who answers for it", metric.at)
