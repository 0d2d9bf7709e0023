"""With what can the tree be moved, and who pays? Levers, what they cost, and the resources that limit them."""

from __future__ import annotations

from collections.abc import Iterator

from leverage.errors import nearest
from leverage.formula.nodes import names
from leverage.quantity import show
from leverage.tree.addresses import metric_of
from leverage.tree.findings import Finding
from leverage.tree.metric import Lever, Metric
from leverage.tree.tree import Tree


def leverless(tree: Tree) -> Iterator[Finding]:
    """A tree that nobody can move."""
    if not tree.levers:
        message = "no metric has a lever; give leaves that somebody can set a lever: {min: ..., max: ...}"
        yield Finding("note", None, message)


def out_of_bounds(tree: Tree) -> Iterator[Finding]:
    """Levers that stand where they may not."""
    for id in tree.levers:
        metric = tree.metrics[id]
        fault = _fault(metric)
        if fault:
            message = f"stands at {show(metric.base, percent=metric.percent)}, {fault}; correct the value or the lever"
            yield Finding("warning", id, message, metric.at)


def _fault(metric: Metric) -> str:
    """What is wrong with the base level, if anything."""
    lever, base = metric.lever, metric.base
    if lever is None or base is None or base == lever.off:
        return ""
    if lever.choices and base not in lever.choices:
        return "which is none of its choices"
    if lever.integer and base != round(base):
        return "which is no whole number"
    if lever.low is not None and base < lever.low:
        return f"below its min of {show(lever.low, percent=metric.percent)}"
    if lever.high is not None and base > lever.high:
        return f"above its max of {show(lever.high, percent=metric.percent)}"
    return ""


def immovable(tree: Tree) -> Iterator[Finding]:
    """Levers whose bounds leave them one level."""
    for id in tree.levers:
        lever = tree.metrics[id].lever
        if lever is not None and _single(lever):
            yield Finding("warning", id, "is a lever with a single level; widen its bounds", tree.metrics[id].at)


def _single(lever: Lever) -> bool:
    if lever.off is not None:
        return False
    return len(set(lever.choices)) == 1 or (lever.low is not None and lever.low == lever.high)


def unpriced(tree: Tree) -> Iterator[Finding]:
    """Costs that name no resource: nothing pays them."""
    for id in tree.levers:
        lever = tree.metrics[id].lever
        for resource in lever.cost if lever is not None else ():
            if resource not in tree.resources:
                near = nearest(resource, tree.resources)
                mend = f"did you mean {near!r}?" if near else f"add {resource!r} under resources"
                yield Finding(
                    "note", id, f"has a cost in {resource!r}, which is no resource; {mend}", tree.metrics[id].at
                )


def idle(tree: Tree) -> Iterator[Finding]:
    """Resources that nothing uses, or that no lever moves."""
    levers = (metric.lever for metric in tree.cells.metrics.values() if metric.lever is not None)
    paid = {metric_of(resource) for lever in levers for resource in lever.cost}
    movable = {metric_of(id) for id in tree.cells.levers}
    for id, resource in tree.resources.items():
        if id in paid:
            continue
        if resource.use is None:
            message = f"resource {id!r} is used by nothing; give it a use, or name it in a lever's cost"
            yield Finding("note", None, message, resource.at)
        elif not _moved(tree, names(resource.use), movable):
            message = f"resource {id!r} is moved by no lever: no plan changes what is used of it; check its use"
            yield Finding("note", None, message, resource.at)


def _moved(tree: Tree, roots: tuple[str, ...], movable: set[str]) -> bool:
    """Whether any lever stands among the metrics or below them."""
    met, stack = set(roots), list(roots)
    while stack:
        id = stack.pop()
        if id in movable:
            return True
        stack.extend(driver for driver in tree.drivers[id] if driver not in met)
        met.update(tree.drivers[id])
    return False
