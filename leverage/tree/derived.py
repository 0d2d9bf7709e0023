"""In which unit does a formula come out? From the units of its names, operator by operator, or not known.

A plain number has no unit in a product, and takes the other side's in a sum. Units that do not go together are a note
of `check`, never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from leverage.formula.nodes import Apply, Label, Name, Node, Number, Series, children, postorder
from leverage.tree.grid import TIME
from leverage.tree.units import ONE, PLAIN_NUMBER, Known, Unit, unit

DAY = unit("day")


@dataclass(frozen=True, slots=True)
class Clash:
    """Two units that a formula adds, compares or chooses between."""

    left: Unit
    right: Unit


def derived(formula: Node, declared: Mapping[str, Known]) -> tuple[Known, list[Clash]]:
    """The unit of a formula from those of its names (None: not known), and what does not go together in it."""
    clashes: list[Clash] = []
    found: dict[int, Known] = {}
    for node in postorder(formula):
        found[id(node)] = _of(node, [found[id(part)] for part in children(node)], declared, clashes)
    result = found[id(formula)]
    return (None if result == PLAIN_NUMBER else result), clashes


def _of(node: Node, parts: list[Known], declared: Mapping[str, Known], clashes: list[Clash]) -> Known:
    if isinstance(node, Number):
        return PLAIN_NUMBER
    if isinstance(node, Name):
        return declared.get(node.id)
    if not isinstance(node, Apply):
        return None
    rule = RULES.get(node.op)
    return rule(node, parts, clashes) if rule is not None else None


Rule = Callable[[Apply, list[Known], list[Clash]], Known]


def _alike(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    """The unit that the parts share; literal numbers take it."""
    known = [part for part in parts if part is not None and part != PLAIN_NUMBER]
    for other in known[1:]:
        if other != known[0]:
            clashes.append(Clash(known[0], other))
            return None
    return known[0] if known else PLAIN_NUMBER if None not in parts else None


def _compared(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    _alike(node, parts, clashes)
    return PLAIN_NUMBER


def _chosen(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    return _alike(node, parts[1:], clashes)


def _first(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    return parts[0]


def _none(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    return PLAIN_NUMBER  # as in 120k * hill(...), where the number says how many of what


def _silent(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    return None


def _joined(sign: int) -> Rule:
    def rule(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
        left, right = parts
        if left is None or right is None:
            return None
        if left == right == PLAIN_NUMBER:
            return PLAIN_NUMBER
        left, right = (ONE if part == PLAIN_NUMBER else part for part in (left, right))
        return left.times(right, sign)

    return rule


def _summed(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    """The unit of what is summed; over time, USD/month may be meant to become USD, and so is not known."""
    over = node.args[1].items if len(node.args) > 1 and isinstance(node.args[1], Series) else ()
    timed = node.op == "cumsum" or not over or Label(TIME) in over
    return None if timed and parts[0] is not None and parts[0].timeless != parts[0] else parts[0]


def _before(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    """Of ``prev(x, initial)`` and ``lag(x, n, initial)`` the unit that x and what came before it share."""
    return _alike(node, [parts[0], parts[-1]], clashes)


def _worth(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    """Of ``npv(rate, x)`` the unit of what is summed."""
    return None if parts[1] is not None and parts[1].timeless != parts[1] else parts[1]


def _raised(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    base, exponent = parts[0], node.args[1]
    if base is None or base in (ONE, PLAIN_NUMBER):
        return base
    if not isinstance(exponent, Number) or exponent.value != int(exponent.value):
        return None
    return ONE.times(base, int(exponent.value))


def _root(node: Apply, parts: list[Known], clashes: list[Clash]) -> Known:
    return parts[0] if parts[0] is None or parts[0] == PLAIN_NUMBER else ONE.times(parts[0], Fraction(1, 2))


RULES: Mapping[str, Rule] = {  # every operator, every curve and every word over axes has a row
    **dict.fromkeys(("add", "sub", "min", "max", "mod", "clip"), _alike),
    **dict.fromkeys(("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"), _compared),
    **dict.fromkeys(("neg", "abs", "floor", "ceil", "round"), _first),
    **dict.fromkeys(("and", "or", "not", "sign", "exp", "log", "log10", "log1p", "expm1"), _none),
    **dict.fromkeys(("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"), _none),
    **dict.fromkeys(("logistic", "normal_cdf", "hill", "saturate", "diminish", "scurve"), _none),
    "where": _chosen,
    "mul": _joined(1),
    "div": _joined(-1),
    "pow": _raised,
    "sqrt": _root,
    "interpolate": _silent,
    **dict.fromkeys(("mean", "first", "last", "pick", "adstock"), _first),
    **dict.fromkeys(("sum", "cumsum"), _summed),
    **dict.fromkeys(("prev", "lag"), _before),
    "npv": _worth,
    "period": _none,
    "days": lambda node, parts, clashes: DAY,
}
