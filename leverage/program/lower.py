"""From a tree to its program: every metric, from the KGI down, then what each resource uses.

The order of instructions follows the formulas and not the file, so a file's order changes no bit of any figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leverage.errors import LeverageError, Place
from leverage.files.grow import uncollected
from leverage.formula.macros import MACROS, expand
from leverage.formula.nodes import Apply, Name, Node, Number, Series, postorder
from leverage.ops.table import OPS
from leverage.program.program import USE, Program
from leverage.program.record import Recording
from leverage.tree.resource import Resource
from leverage.tree.tree import Tree


class NotComputed(LeverageError):
    """A formula over axes where single figures are computed: the tree of cells has none."""

    def __init__(self, what: str, *, at: Place, metric: str) -> None:
        super().__init__(f"{what} is over dimensions or time, and is computed cell by cell", at=at, metric=metric)


def lower(tree: Tree) -> Program:
    """The tree's program, made once for all trees that share its formulas."""
    if "program" not in tree.kept:
        with uncollected():
            tree.kept["program"] = _lowered(tree)
    program: Program = tree.kept["program"]
    return program


def _lowered(tree: Tree) -> Program:
    recording = Recording()
    slots: dict[str, int] = {}
    shared: dict[int, int] | None = {} if tree.parent is not None else None  # cells of a running sum share their parts
    for id in _from_the_top(tree):
        formula = tree.metrics[id].formula
        if formula is None:
            slots[id] = recording.outputs[id] = recording.input(id)
        else:
            value = formula_slot(recording, formula, slots, id, tree.metrics[id].formula_at, known=shared)
            slots[id] = recording.metric(id, value)
    for resource in sorted(tree.resources.values(), key=lambda r: r.id):
        recording.outputs[USE + resource.id] = _use(recording, tree, resource, slots)
    return recording.finish()


def _from_the_top(tree: Tree) -> list[str]:
    """Every metric after its drivers, depth first from the KGI, then from the others by id."""
    order: list[str] = []
    done: set[str] = set()
    opened: set[str] = set()
    for root in (tree.kgi, *sorted(tree.metrics)):
        stack = [root]
        while stack:
            id = stack[-1]
            if id in opened:
                stack.pop()
                if id not in done:
                    done.add(id)
                    order.append(id)
            else:
                opened.add(id)
                stack.extend([driver for driver in reversed(tree.drivers[id]) if driver not in opened])
    return order


def formula_slot(
    recording: Recording,
    formula: Node,
    slots: Mapping[str, int],
    owner: str,
    at: Place,
    *,
    known: dict[int, int] | None = None,
) -> int:
    """The slot of a formula's value: without recursion, since a sum may be 5,000 deep; what curves share comes once.

    ``known``: slots of parts that formulas share, by ``id`` of the node; more are added.
    """
    found = {} if known is None else known
    slot = -1
    for node in _parts(formula, found):
        if isinstance(node, Number):
            slot = recording.constant(node.value)
        elif isinstance(node, Name):
            slot = slots[node.id]
        elif isinstance(node, Apply) and node.op in OPS:
            slot = _operator(recording, node, tuple([found[id(arg)] for arg in node.args]), owner)
        else:
            what = f"'{node.op}'" if isinstance(node, Apply) else "a list"
            raise NotComputed(what, at=at, metric=owner)
        found[id(node)] = slot
    found.setdefault(id(formula), slot)  # of a curve, what it was written out to
    return found[id(formula)]


def _parts(formula: Node, known: Mapping[int, int]) -> Iterable[Node]:
    """The formula's parts that are not known, each before what it is part of.

    A formula as it is written is a tree, and is walked as one; a curve, or a cell's formula that was written out, has
    parts that stand in several places, and each comes once.
    """
    parts, stack = [], [formula]
    met: set[int] = set()
    while stack:
        part = stack.pop()
        if id(part) in known:
            continue
        if id(part) in met:
            return postorder(formula, known)
        met.add(id(part))
        parts.append(part)
        if type(part) is Apply:
            if part.op in MACROS:
                return postorder(expand(formula))
            stack.extend(part.args)
        elif type(part) is Series:
            stack.extend(part.items)
    return reversed(parts)


def _operator(recording: Recording, node: Apply, args: tuple[int, ...], owner: str) -> int:
    if len(args) == 2 or not OPS[node.op].fold:
        return recording.apply(node.op, args, owner=owner, smooth=node.smooth)
    result = args[0]
    for arg in args[1:]:
        result = recording.apply(node.op, (result, arg), owner=owner, smooth=node.smooth)
    return result


def _use(recording: Recording, tree: Tree, resource: Resource, slots: Mapping[str, int]) -> int:
    """What of the resource is used: its formula, and for each lever that it pays for price x |level - base|."""
    owner = USE + resource.id
    parts: list[int] = []
    if resource.use is not None:
        parts.append(formula_slot(recording, resource.use, slots, owner, resource.use_at))
    for id, price, base in costs(tree, resource.id):
        moved = recording.apply("sub", (slots[id], recording.constant(base)), owner=owner)
        distance = recording.apply("abs", (moved,), owner=owner, smooth=True)
        parts.append(recording.apply("mul", (recording.constant(price), distance), owner=owner))
    total = parts[0] if parts else recording.constant(0.0)
    for part in parts[1:]:
        total = recording.apply("add", (total, part), owner=owner)
    return total


def costs(tree: Tree, resource: str) -> list[tuple[str, float, float]]:
    """The levers whose moves the resource pays for: id, price of one unit of distance, and the level it counts from."""
    found = []
    for id in sorted(tree.levers):
        metric = tree.metrics[id]
        if metric.lever is not None and metric.base is not None and resource in metric.lever.cost:
            found.append((id, metric.lever.cost[resource], metric.base))
    return found
