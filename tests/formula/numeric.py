"""A small evaluator of expanded formulas: values and slopes straight from the operator table, nothing masked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from leverage.formula.nodes import Apply, Name, Node, Number, children, postorder
from leverage.ops.table import OPS


def figures(node: Node, given: Mapping[str, float]) -> dict[int, np.float64]:
    """The figure of every part, by its identity; folded arguments are taken from the left."""
    found: dict[int, np.float64] = {}
    with np.errstate(all="ignore"):
        for part in postorder(node):
            if isinstance(part, Number):
                found[id(part)] = np.float64(part.value)
            elif isinstance(part, Name):
                found[id(part)] = np.float64(given[part.id])
            else:
                assert isinstance(part, Apply)
                args = [found[id(arg)] for arg in part.args]
                while OPS[part.op].fold and len(args) > 1:
                    args[:2] = [np.float64(OPS[part.op].value(*args[:2]))]
                found[id(part)] = args[0] if OPS[part.op].fold else np.float64(OPS[part.op].value(*args))
    return found


def value(node: Node, **given: float) -> float:
    """What the formula comes to."""
    return float(figures(node, given)[id(node)])


def slopes(node: Node, **given: float) -> dict[str, float]:
    """The slope in every name, backwards through the table; ``min`` and ``max`` have two arguments here."""
    found = figures(node, given)
    pulled: dict[int, np.float64] = {id(node): np.float64(1.0)}
    total: dict[str, float] = dict.fromkeys(given, 0.0)
    with np.errstate(all="ignore"):
        for part in reversed(list(postorder(node))):
            g = pulled.get(id(part), np.float64(0.0))
            if isinstance(part, Name):
                total[part.id] += float(g)
            elif isinstance(part, Apply):
                args = [found[id(arg)] for arg in part.args]
                for arg, rule in zip(part.args, OPS[part.op].slopes, strict=True):
                    share = 0.0 if rule is None or constant(arg) else rule(g, found[id(part)], *args)
                    pulled[id(arg)] = np.float64(pulled.get(id(arg), 0.0) + share)
    return total


def constant(node: Node) -> bool:
    """No name stands in it, so nobody asks for a slope there."""
    return not any(isinstance(part, Name) for part in postorder(node))


def depth(node: Node) -> int:
    """How many parts stand in one another."""
    found: dict[int, int] = {}
    for part in postorder(node):
        found[id(part)] = 1 + max((found[id(child)] for child in children(part)), default=0)
    return found[id(node)]
