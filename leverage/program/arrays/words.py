"""What is a formula on whole arrays? Its operators label by label, each word over dimensions and time by its row.

What `tree.unroll` writes out cell by cell is written here once for all labels, in the same order of the same
operations. Metrics that stand on one another through ``prev`` are written period by period: ``period`` is then the one
that is wanted, and what stands outside the loop is still written for all periods at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import prod
from types import MappingProxyType

import numpy as np

from leverage.formula.macros import expand
from leverage.formula.nodes import Apply, Label, Name, Node, Number, children, figure, postorder
from leverage.program.arrays.axes import Part
from leverage.program.arrays.program import COPY
from leverage.program.arrays.write import Writing
from leverage.tree.axes import Sets, axes_of, gone, is_word
from leverage.tree.grid import TIME, Axes

NOBODY: Mapping[str, Part] = MappingProxyType({})


class Formula:
    """One formula on its way into a program.

    Args:
        axes: of each metric.
        parts: what holds the values of metrics that are written already.
        loop: of metrics that stand on this one through ``prev``, itself among them, the slots that they are written to.
    """

    def __init__(
        self,
        writing: Writing,
        formula: Node,
        axes: Mapping[str, Sets],
        parts: Mapping[str, Part],
        loop: Mapping[str, Part] = NOBODY,
    ) -> None:
        self.writing = writing
        self.grid = writing.grid
        self.formula = expand(formula)
        self.axes = axes_of(self.formula, axes, self.grid)
        self.parts = parts
        self.loop = loop
        self.looped = self._looped()
        self._made: dict[tuple[int, int | None], Part] = {}

    def _looped(self) -> frozenset[int]:
        found: set[int] = set()
        for node in postorder(self.formula) if self.loop else ():
            if (isinstance(node, Name) and node.id in self.loop) or any(id(part) in found for part in children(node)):
                found.add(id(node))
        return frozenset(found)

    def value(self, node: Node, period: int | None = None) -> Part:
        """A part of the formula, over all periods or in one: operators from the leaves up, without recursion."""
        stack = [(node, False)]
        while stack:
            part, ready = stack.pop()
            if (id(part), period) in self._made:
                continue
            still = period is not None and id(part) not in self.looped
            below = () if still or is_word(part) else children(part)
            if below and not ready:
                stack.append((part, True))
                stack.extend((child, False) for child in reversed(below))
            else:
                self._made[id(part), period] = self._one(part, period)
        return self._made[id(node), period]

    def _one(self, node: Node, period: int | None) -> Part:
        if period is not None and id(node) not in self.looped:
            return self.value(node).label(TIME, period)
        if isinstance(node, Number):
            return self.writing.figure(node.value)
        if isinstance(node, Name):
            return self.parts[node.id] if period is None else self.loop[node.id].label(TIME, period)
        assert isinstance(node, Apply), "labels and lists belong to the words that they stand in"
        if is_word(node):
            return WORDS[node.op](self, node, period)
        return self.writing.apply(node.op, tuple([self._made[id(arg), period] for arg in node.args]))

    def over(self, node: Apply) -> Axes:
        """The axes that a reduction goes over."""
        return gone(node, self.axes[id(node.args[0])], self.grid)

    def folded(self, op: str, value: Part, axes: Iterable[str]) -> Part:
        """A value folded from the left over axes, the first of the grid first."""
        for axis in axes:
            parts = [value.label(axis, place) for place in range(len(self.grid[axis]))]
            value = self.joined(op, parts)
        return value

    def joined(self, op: str, parts: list[Part]) -> Part:
        """Parts folded from the left."""
        found = parts[0]
        for part in parts[1:]:
            found = self.writing.apply(op, (found, part))
        return found


Word = Callable[[Formula, Apply, int | None], Part]


def _folded(op: str) -> Word:
    def word(formula: Formula, node: Apply, period: int | None) -> Part:
        has, over = formula.axes[id(node.args[0])], formula.over(node)
        value = formula.value(node.args[0], period)
        found = formula.folded(op, value, [axis for axis in over if axis in has])
        missed = prod(len(formula.grid[axis]) for axis in over if axis not in has and op == "add")
        return _times(formula, missed, found)

    return word


def _times(formula: Formula, count: int, part: Part) -> Part:
    """A figure that is the same for each of so many labels, summed over them."""
    return formula.writing.apply("mul", (formula.writing.figure(float(count)), part)) if count > 1 else part


_sum = _folded("add")


def _mean(formula: Formula, node: Apply, period: int | None) -> Part:
    count = prod(formula.grid.shape(formula.over(node)))
    total = _sum(formula, node, period)
    return formula.writing.apply("div", (total, formula.writing.figure(float(count)))) if count > 1 else total


def _end(last: bool) -> Word:
    def word(formula: Formula, node: Apply, period: int | None) -> Part:
        found = formula.value(node.args[0], period)
        for axis in formula.over(node):
            found = found.label(axis, len(formula.grid[axis]) - 1 if last else 0)
        return found

    return word


def _pick(formula: Formula, node: Apply, period: int | None) -> Part:
    value, label = formula.value(node.args[0], period), node.args[1]
    assert isinstance(label, Label)
    axis = formula.grid.owners[label.text]
    members = axis.members(label.text)
    if axis.name not in formula.axes[id(node.args[0])]:
        return _times(formula, len(members), value)
    places = [axis.labels.index(member) for member in members]
    return formula.joined("add", [value.label(axis.name, place) for place in places])


def _prev(formula: Formula, node: Apply, period: int | None) -> Part:
    return _back(formula, node, period, 1)


def _lag(formula: Formula, node: Apply, period: int | None) -> Part:
    return _back(formula, node, period, int(figure(node.args[1]) or 0))


def _back(formula: Formula, node: Apply, period: int | None, periods: int) -> Part:
    value, initial = node.args[0], node.args[-1]
    if period is not None:
        return formula.value(initial, period) if period < periods else formula.value(value, period - periods)
    now, before, count = formula.value(value), formula.value(initial), formula.grid.periods
    out = formula.writing.slot((*now.axes, *before.axes, TIME))
    first = min(periods, count)
    formula.writing.write(COPY, (before.labels(TIME, 0, first),), out.labels(TIME, 0, first))
    if periods < count:
        formula.writing.write(COPY, (now.labels(TIME, 0, count - periods),), out.labels(TIME, periods, count))
    return out


def _running(step: Callable[[Formula, Apply, Part, int, bool], tuple[Part, Part]]) -> Word:
    """A word that goes on from what it was in the period before, by the addition of two parts."""

    def word(formula: Formula, node: Apply, period: int | None) -> Part:
        value = node.args[0]
        if period == 0:
            return formula.value(value, 0)
        if period is not None:
            return formula.writing.number("add", step(formula, node, formula.value(node, period - 1), period, True))
        parts = [formula.value(arg) for arg in node.args]
        out = formula.writing.slot((TIME, *[axis for part in parts for axis in part.axes]))
        formula.writing.write(COPY, (parts[0].label(TIME, 0),), out.label(TIME, 0))
        for here in range(1, formula.grid.periods):
            terms = step(formula, node, out.label(TIME, here - 1), here, False)
            formula.writing.write("add", terms, out.label(TIME, here))
        return out

    return word


def _at(formula: Formula, node: Node, period: int, looped: bool) -> Part:
    return formula.value(node, period) if looped else formula.value(node).label(TIME, period)


def _added(formula: Formula, node: Apply, before: Part, period: int, looped: bool) -> tuple[Part, Part]:
    return before, _at(formula, node.args[0], period, looped)


def _carried(formula: Formula, node: Apply, before: Part, period: int, looped: bool) -> tuple[Part, Part]:
    decay = _at(formula, node.args[1], period, looped)
    return _at(formula, node.args[0], period, looped), formula.writing.number("multiply", (decay, before))


def _npv(formula: Formula, node: Apply, period: int | None) -> Part:
    rate, value = (formula.value(arg) for arg in node.args)
    grown = formula.writing.apply("add", (formula.writing.figure(1.0), rate))
    terms = []
    for here in range(formula.grid.periods):
        exponent = formula.writing.figure(float(here + 1))
        worth = formula.writing.apply("pow", (grown.label(TIME, here), exponent))
        terms.append(formula.writing.apply("div", (value.label(TIME, here), worth)))
    return formula.joined("add", terms)


def _period(formula: Formula, node: Apply, period: int | None) -> Part:
    return formula.writing.row((TIME,), np.arange(float(formula.grid.periods)))


def _days(formula: Formula, node: Apply, period: int | None) -> Part:
    return formula.writing.row((TIME,), np.array(formula.grid[TIME].days, dtype=np.float64))


WORDS: Mapping[str, Word] = MappingProxyType(
    {
        "sum": _sum,
        "mean": _mean,
        "min": _folded("min"),
        "max": _folded("max"),
        "first": _end(last=False),
        "last": _end(last=True),
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
