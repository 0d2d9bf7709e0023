"""What is a formula for one cell? A formula of plain operators on cells, every word over axes written out.

Sums become additions, ``prev`` the cell of the period before. The first axis of the grid is summed first, from its
first label on, so that an evaluation by whole arrays can give the same bits. What stands in several places is one
object: a running sum over 100 periods has 100 additions, and not 5,000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import is_
from types import MappingProxyType

from leverage.formula.macros import expand
from leverage.formula.nodes import Apply, Label, Name, Node, Number, children, figure
from leverage.tree.axes import axes_of, gone, is_word
from leverage.tree.grid import TIME, Axes, Grid, cell_id

At = Mapping[str, str]  # a label on each axis


class Unrolled:
    """One formula, ready to be written out for its cells. ``axes``: of the metrics that it uses."""

    def __init__(self, formula: Node, axes: Mapping[str, Axes], grid: Grid) -> None:
        self.formula = expand(formula)  # once for all cells
        self.metrics = axes
        self.grid = grid
        self.axes = axes_of(self.formula, {id: frozenset(over) for id, over in axes.items()}, grid)
        self._over = {place: grid.ordered(over) for place, over in self.axes.items()}
        self._made: dict[tuple[int, tuple[str, ...]], Node] = {}
        self._orders: dict[int, list[Node]] = {}

    def cell(self, at: At) -> Node:
        """The formula of a cell."""
        return self.part(self.formula, at)

    def part(self, node: Node, at: At) -> Node:
        """A part of the formula, for a cell: operators from the leaves up, words over axes by their rows."""
        if isinstance(node, Name):
            return self._name(node, at)
        order = self._orders.get(id(node)) or self._order(node)
        made: dict[int, Node] = {}
        for part in order:
            made[id(part)] = self._one(part, at, made)
        return made[id(node)]

    def words(self) -> Iterable[Node]:
        """What words over axes came to so far: what stands in several places is among it."""
        return self._made.values()

    def _order(self, node: Node) -> list[Node]:
        """The operators of a part from the leaves up, a word over axes being a leaf."""
        order = []
        met: set[int] = set()
        stack = [(node, False)]
        while stack:
            part, ready = stack.pop()
            if id(part) in met:
                continue
            below = () if is_word(part) else children(part)
            if below and not ready:
                stack.append((part, True))
                stack.extend((child, False) for child in below)
            else:
                met.add(id(part))
                order.append(part)
        self._orders[id(node)] = order
        return order

    def _one(self, part: Node, at: At, made: Mapping[int, Node]) -> Node:
        if isinstance(part, Name):
            return self._name(part, at)
        if not isinstance(part, Apply):
            return part
        if is_word(part):
            return self._word(part, at)
        args = tuple([made[id(arg)] for arg in part.args])
        same = all(map(is_, args, part.args))
        return part if same else Apply(part.op, args, part.span, part.smooth)

    def _name(self, name: Name, at: At) -> Node:
        over = self.metrics.get(name.id, ())
        return Name(cell_id(name.id, tuple(at[axis] for axis in over)), name.span) if over else name

    def _word(self, node: Apply, at: At) -> Node:
        return self.kept(node, at, lambda: CELLS[node.op](self, node, at))

    def kept(self, node: Apply, at: At, make: Callable[[], Node]) -> Node:
        """What a word comes to for a cell, made once."""
        key = self._key(node, at)
        if key not in self._made:
            made = make()  # which may have made it on its way
            self._made.setdefault(key, made)
        return self._made[key]

    def made(self, node: Apply, at: At) -> Node | None:
        """What a word comes to for a cell, where it was made already."""
        return self._made.get(self._key(node, at))

    def _key(self, node: Apply, at: At) -> tuple[int, tuple[str, ...]]:
        return id(node), tuple([at[axis] for axis in self._over[id(node)]])

    def period(self, at: At) -> int:
        """The number of the cell's period."""
        return self.grid.places[at[TIME]]

    def at_period(self, at: At, period: int) -> At:
        """The same cell in another period."""
        return {**at, TIME: self.grid[TIME].labels[period]}

    def over(self, node: Apply) -> Axes:
        """The axes that a reduction goes over."""
        return gone(node, self.axes[id(node.args[0])], self.grid)


Cell = Callable[[Unrolled, Apply, At], Node]


def _joined(op: str, node: Apply, parts: list[Node]) -> Node:
    found = parts[0]
    for part in parts[1:]:
        found = Apply(op, (found, part), node.span)
    return found


def _folded(op: str) -> Cell:
    """A reduction by an operator: the innermost axis is the first of the grid."""

    def fold(formula: Unrolled, node: Apply, at: At, over: Axes) -> Node:
        if not over:
            return formula.part(node.args[0], at)
        *inner, axis = over
        parts = [fold(formula, node, {**at, axis: label}, tuple(inner)) for label in formula.grid[axis].labels]
        return _joined(op, node, parts)

    def cell(formula: Unrolled, node: Apply, at: At) -> Node:
        has = formula.axes[id(node.args[0])]
        over = formula.over(node)
        found = fold(formula, node, at, tuple(axis for axis in over if axis in has))
        missed = 1
        for axis in over:
            missed *= len(formula.grid[axis]) if axis not in has and op == "add" else 1
        return _times(missed, found, node)

    return cell


def _times(count: int, part: Node, node: Apply) -> Node:
    """A figure that is the same for each of so many labels, summed over them."""
    return Apply("mul", (Number(float(count)), part), node.span) if count > 1 else part


def _mean(formula: Unrolled, node: Apply, at: At) -> Node:
    count = 1
    for axis in formula.over(node):
        count *= len(formula.grid[axis])
    total = _sum(formula, node, at)
    return Apply("div", (total, Number(float(count))), node.span) if count > 1 else total


def _end(place: int) -> Cell:
    def cell(formula: Unrolled, node: Apply, at: At) -> Node:
        ends = {axis: formula.grid[axis].labels[place] for axis in formula.over(node)}
        return formula.part(node.args[0], {**at, **ends})

    return cell


def _pick(formula: Unrolled, node: Apply, at: At) -> Node:
    label = node.args[1]
    assert isinstance(label, Label)
    axis = formula.grid.owners[label.text]
    members = axis.members(label.text)
    if axis.name not in formula.axes[id(node.args[0])]:
        return _times(len(members), formula.part(node.args[0], at), node)
    return _joined("add", node, [formula.part(node.args[0], {**at, axis.name: member}) for member in members])


def _prev(formula: Unrolled, node: Apply, at: At) -> Node:
    return _back(formula, at, node.args[0], 1, node.args[1])


def _lag(formula: Unrolled, node: Apply, at: At) -> Node:
    return _back(formula, at, node.args[0], int(figure(node.args[1]) or 0), node.args[2])


def _back(formula: Unrolled, at: At, value: Node, periods: int, initial: Node) -> Node:
    period = formula.period(at)
    if period < periods:
        return formula.part(initial, at)
    return formula.part(value, formula.at_period(at, period - periods))


def _running(step: Callable[[Unrolled, Apply, At, Node], Node]) -> Cell:
    """A word that goes on from what it was in the period before, from the first period on."""

    def cell(formula: Unrolled, node: Apply, at: At) -> Node:
        until = formula.period(at)
        made = (formula.made(node, formula.at_period(at, period)) for period in range(until, -1, -1))
        known = next(((until - back, part) for back, part in enumerate(made) if part is not None), None)
        start, found = known or (0, formula.part(node.args[0], formula.at_period(at, 0)))
        for period in range(start + 1, until + 1):
            here = formula.at_period(at, period)
            found = formula.kept(node, here, partial(step, formula, node, here, found))
        return found

    return cell


def _added(formula: Unrolled, node: Apply, at: At, before: Node) -> Node:
    return Apply("add", (before, formula.part(node.args[0], at)), node.span)


def _carried(formula: Unrolled, node: Apply, at: At, before: Node) -> Node:
    left = Apply("mul", (formula.part(node.args[1], at), before), node.span)
    return Apply("add", (formula.part(node.args[0], at), left), node.span)


def _npv(formula: Unrolled, node: Apply, at: At) -> Node:
    rate, value = node.args
    one = Number(1.0)
    terms: list[Node] = []
    for period in range(formula.grid.periods):
        here = formula.at_period(at, period)
        grown = Apply("add", (one, formula.part(rate, here)), node.span)
        worth = Apply("pow", (grown, Number(float(period + 1))), node.span)
        terms.append(Apply("div", (formula.part(value, here), worth), node.span))
    return _joined("add", node, terms)


def _period(formula: Unrolled, node: Apply, at: At) -> Node:
    return Number(float(formula.period(at)), span=node.span)


def _days(formula: Unrolled, node: Apply, at: At) -> Node:
    return Number(float(formula.grid[TIME].days[formula.period(at)]), span=node.span)


_sum = _folded("add")

CELLS: Mapping[str, Cell] = MappingProxyType(
    {
        "sum": _sum,
        "mean": _mean,
        "min": _folded("min"),
        "max": _folded("max"),
        "first": _end(0),
        "last": _end(-1),
        "pick": _pick,
        "prev": _prev,
        "lag": _lag,
        "cumsum": _running(_added),
        "adstock": _running(_carried),
        "npv": _npv,
        "period": _period,
        "days": _days,
    }
)
