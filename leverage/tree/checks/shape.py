"""Has the tree a shape that people can steer by? What the KGI does not use, what is too wide, deep, counted twice."""

from __future__ import annotations

from collections.abc import Iterator

from leverage.errors import listed
from leverage.formula.nodes import Apply, Name, Node, names
from leverage.tree.addresses import metric_of
from leverage.tree.findings import Finding
from leverage.tree.tree import Tree

WIDTH = 7  # drivers of one metric that are taken in at a glance
DEPTH = 10  # levels from the KGI down
LOOKED_AT = 200_000  # terms followed in search of what is counted twice; sums of sums could cost their square


def driverless(tree: Tree) -> Iterator[Finding]:
    """A KGI that nothing drives."""
    kgi = tree.metrics[tree.kgi]
    if kgi.leaf:
        yield Finding("warning", kgi.id, "is the KGI and a leaf: nothing drives it; give it a formula", kgi.at)


def unused(tree: Tree) -> Iterator[Finding]:
    """Metrics from which no way leads to the KGI."""
    used = _below(tree, tree.kgi)
    levers = {metric_of(id) for id in tree.cells.levers}
    limited = {id for resource in tree.resources for id in _limited(tree, resource)}
    for id, metric in tree.metrics.items():
        if id in used:
            continue
        what = "a lever that the KGI does not use" if id in levers else "not used by the KGI"
        if id in limited:
            yield Finding("note", id, f"is {what}, but a resource does; it costs and brings nothing", metric.at)
        else:
            yield Finding("note", id, f"is {what}; use it in a formula, or delete it", metric.at)


def _limited(tree: Tree, resource: str) -> set[str]:
    use = tree.resources[resource].use
    return {below for id in names(use) for below in _below(tree, id)} if use is not None else set()


def _below(tree: Tree, root: str) -> set[str]:
    """The metric and all that it depends on."""
    met, stack = {root}, [root]
    while stack:
        for driver in tree.drivers[stack.pop()]:
            if driver not in met:
                met.add(driver)
                stack.append(driver)
    return met


def wide(tree: Tree) -> Iterator[Finding]:
    """Metrics with more drivers than one sees at a glance."""
    for id, drivers in tree.drivers.items():
        if len(drivers) > WIDTH:
            message = f"has {len(drivers)} drivers, more than {WIDTH}; group some under a metric of their own"
            yield Finding("note", id, message, tree.metrics[id].at)


def deep(tree: Tree) -> Iterator[Finding]:
    """A way from the KGI down with more levels than one can follow."""
    deepest: dict[str, str] = {}  # of each metric, the driver on its longest way down
    levels: dict[str, int] = {}
    for id in tree.order:
        drivers = [driver for driver in tree.drivers[id] if driver in levels]  # a stock's own past is not below it
        if drivers:
            deepest[id] = max(drivers, key=levels.__getitem__)
        levels[id] = 1 + max((levels[driver] for driver in drivers), default=0)
    if levels[tree.kgi] <= DEPTH:
        return
    path = [tree.kgi]
    while path[-1] in deepest:
        path.append(deepest[path[-1]])
    way = " -> ".join((*path[:3], "...", *path[-2:]))
    message = f"stands on {levels[tree.kgi]} levels, more than {DEPTH}: {way}; join steps that nobody watches"
    yield Finding("note", tree.kgi, message, tree.metrics[tree.kgi].at)


def counted_twice(tree: Tree) -> Iterator[Finding]:
    """Sums that count a driver more than once: as itself, or as a part of several of their terms."""
    terms = {id: _terms(metric.formula) for id, metric in tree.metrics.items() if metric.formula is not None}
    left = LOOKED_AT
    for id, parts in terms.items():
        met: dict[str, tuple[int, int]] = {}  # by id: the term through which it is counted first, and its sign
        doubled: list[str] = []
        for term, part in enumerate(parts if len(parts) > 1 else ()):
            stack = [part]
            while stack and left > 0:
                left -= 1
                driver, sign = stack.pop()
                if driver in met:
                    if met[driver][0] != term and met[driver][1] == sign:
                        doubled.append(driver)
                    continue
                met[driver] = (term, sign)
                stack.extend((inner, sign * turned) for inner, turned in terms.get(driver, ()))
        if doubled:
            message = f"counts {listed(sorted(set(doubled)))} more than once; leave it out of one of the terms"
            yield Finding("warning", id, message, tree.metrics[id].at)


def _terms(formula: Node) -> list[tuple[str, int]]:
    """The names that a formula adds (1) or subtracts (-1) as they are."""
    terms: list[tuple[str, int]] = []
    stack = [(formula, 1)]
    while stack:
        node, sign = stack.pop()
        if isinstance(node, Name):
            terms.append((node.id, sign))
        elif isinstance(node, Apply) and node.op in ("add", "sub", "neg"):
            signs = (sign, sign if node.op == "add" else -sign) if len(node.args) > 1 else (-sign,)
            stack.extend(reversed(list(zip(node.args, signs, strict=True))))
    return terms
