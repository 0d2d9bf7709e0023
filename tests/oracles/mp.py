"""A formula's value at 50 digits, by mpmath: what the programs are judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
from mpmath import mp, mpf

from leverage.formula.macros import expand
from leverage.formula.nodes import Apply, Name, Node, Number
from leverage.tree.tree import Tree

mp.dps = 50

MEANING: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "neg": lambda x: -x,
    "abs": abs,
    "min": min,
    "max": max,
    "less": lambda x, y: mpf(x < y),
    "less_equal": lambda x, y: mpf(x <= y),
    "greater": lambda x, y: mpf(x > y),
    "where": lambda c, a, b: a if c != 0 else b,
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "normal_cdf": mpmath.ncdf,
    "log1p": mpmath.log1p,
    "arctan": mpmath.atan,
    **{name: getattr(mpmath, name) for name in ("exp", "log", "expm1", "sqrt", "tanh", "sin", "cos")},
}


def value(node: Node, drivers: Mapping[str, Any]) -> Any:
    """The value of a formula at the drivers' values."""
    if isinstance(node, Number):
        return mpf(node.value)
    if isinstance(node, Name):
        return drivers[node.id]
    assert isinstance(node, Apply)
    return MEANING[node.op](*(value(arg, drivers) for arg in node.args))


def values(tree: Tree, moved: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Every metric at 50 digits; ``moved`` adds to a metric, leaf or not, after its formula."""
    found: dict[str, Any] = {}
    for id in tree.order:
        formula = tree.metrics[id].formula
        plain = mpf(tree.levels[id].value) if formula is None else value(expand(formula), found)
        found[id] = plain + (moved or {}).get(id, 0)
    return found


def slope(tree: Tree, id: str) -> Any:
    """The KGI's slope in one metric moved alone: a central difference with 20 digits to spare."""
    step = mpf(10) ** -15
    up, down = (values(tree, {id: side * step})[tree.kgi] for side in (1, -1))
    return (up - down) / (2 * step)
