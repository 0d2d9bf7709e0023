"""How does the model itself bring a metric's labels to one figure? Visits are summed, where a formula sums them up.

A metric that no formula folds has no total: of a conversion rate per channel nobody wants the sum. What a sum is made
of is summed, too: in ``sum(revenue - cost, over=channel)`` both are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from types import MappingProxyType

from leverage.formula.nodes import Apply, Name, Node, Series, children
from leverage.tree.axes import WORDS, axes_of, gone, is_word
from leverage.tree.grid import TIME, Grid
from leverage.tree.tree import Tree

Words = Mapping[str, str]  # axis to the word that folds it
Parts = list[tuple[Node, Words]]

NONE: Words = MappingProxyType({})
FOLDS: Mapping[str, Callable[[Sequence[float]], float]] = MappingProxyType(
    {
        "sum": lambda figures: reduce(add, figures),
        "mean": lambda figures: reduce(add, figures) / len(figures),
        "min": min,
        "max": max,
        "first": lambda figures: figures[0],
        "last": lambda figures: figures[-1],
    }
)
LINEAR = ("sum", "mean")  # the same of a sum as of its terms


def folds(whole: Tree) -> Mapping[str, Words]:
    """For each metric of the file's tree that a formula or a resource folds: by which word, axis for axis."""
    if "folds" not in whole.kept:
        whole.kept["folds"] = _folds(whole)
    found: Mapping[str, Words] = whole.kept["folds"]
    return found


def _folds(whole: Tree) -> Mapping[str, Words]:
    known = {id: frozenset(metric.axes) for id, metric in whole.metrics.items()}
    found: dict[str, dict[str, str]] = {}
    summed = dict.fromkeys((axis.name for axis in whole.grid.axes), "sum")
    used = [(resource.use, summed) for resource in whole.resources.values() if resource.use is not None]
    # what a metric feeds comes before it, so that what is known of the whole reaches its parts
    formulas = [(id, whole.metrics[id].formula) for id in reversed(whole.order)]
    for formula, words in (*((f, found.setdefault(id, {})) for id, f in formulas if f is not None), *used):
        for id, told in _named(formula, words, axes_of(formula, known, whole.grid), whole.grid):
            for axis, word in told.items():
                if axis in known[id]:
                    found.setdefault(id, {}).setdefault(axis, word)
    return found


def _named(formula: Node, words: Words, axes: Mapping[int, frozenset[str]], grid: Grid) -> Iterator[tuple[str, Words]]:
    """Each name of a formula, with the words that fold it; ``words``: those that fold the formula's own metric."""
    stack: Parts = [(formula, {axis: word for axis, word in words.items() if word in LINEAR})]
    met: set[tuple[int, frozenset[tuple[str, str]]]] = set()
    while stack:
        node, above = stack.pop()
        key = (id(node), frozenset(above.items()))
        if key in met:
            continue
        met.add(key)
        if isinstance(node, Name):
            yield node.id, above
        elif isinstance(node, Apply) and is_word(node):
            stack.extend(_of_word(node, above, axes, grid))
        elif isinstance(node, Apply):
            stack.extend(_of_operator(node, above, axes))


def _of_word(node: Apply, above: Words, axes: Mapping[int, frozenset[str]], grid: Grid) -> Parts:
    if node.op in FOLDS:
        over = gone(node, axes[id(node.args[0])], grid)
        return [(node.args[0], {**_linear(above), **dict.fromkeys(over, node.op)})]
    value = 1 if node.op == "npv" else 0
    shifts = WORDS[node.op].time  # what it takes from other periods is no part of this period's sum
    kept = {axis: word for axis, word in _linear(above).items() if axis != TIME or not shifts}
    return [(part, kept if place == value else NONE) for place, part in enumerate(node.args)]


def _of_operator(node: Apply, above: Words, axes: Mapping[int, frozenset[str]]) -> Parts:
    linear = _linear(above)
    if node.op in ("add", "sub", "neg"):
        return [(part, linear) for part in node.args]
    if node.op in ("mul", "div"):
        left, right = node.args
        beside = {0: axes[id(right)], 1: axes[id(left)]}
        kept = [{axis: word for axis, word in linear.items() if axis not in beside[place]} for place in (0, 1)]
        return [(left, kept[0]), (right, kept[1] if node.op == "mul" else NONE)]
    return [(part, NONE) for part in children(node) if not isinstance(part, Series)]


def _linear(words: Words) -> Words:
    return {axis: word for axis, word in words.items() if word in LINEAR}
