"""Response curves as formulas in the model's own language, in a form that neither overflows nor loses digits.

A row is the curve's text; ``given`` names parts of it, in order, so that each is written once. `expand` writes curves
out, so that nothing below the formula knows them. Their pieces are joined without a jump, and marked ``smooth``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from leverage.formula.interpolate import knots, pieces
from leverage.formula.nodes import Apply, Name, Node, Number, Span, figure, moved, rebuild
from leverage.ops.table import OPS

Fault = tuple[int, str]  # which argument, and what to do about it
HERE: Span = (0, 0)
CHOICES = frozenset({"where", "min", "max", "and", "less", "less_equal", "greater_equal"})  # those that curves use


@dataclass(frozen=True, slots=True)
class Macro:
    """A curve: its parameters and its text, or the builder of its nodes. ``lists``: parameters that hold numbers.

    ``smooth``: its choices are the curve's own pieces and no ties, as they would be had somebody written them.
    """

    name: str
    parameters: tuple[str, ...]
    text: str = ""
    given: tuple[tuple[str, str], ...] = ()
    build: Callable[[tuple[Node, ...], Span], Node] | None = None
    lists: frozenset[str] = frozenset()
    check: Callable[[tuple[Node, ...]], Fault | None] | None = None
    smooth: bool = True


def _above_zero(*faults: Fault) -> Callable[[tuple[Node, ...]], Fault | None]:
    """A check that arguments which are constants are above 0; the first fault whose argument is not."""

    def check(args: tuple[Node, ...]) -> Fault | None:
        figures = ((fault, figure(args[fault[0]])) for fault in faults)
        return next((fault for fault, value in figures if value is not None and value <= 0), None)

    return check


SCALE = _above_zero((1, "scale must be above 0"))
HILL = _above_zero(
    (1, "half must be above 0"),
    (2, "shape must be above 0; write 1 - hill(x, half, shape) for a falling curve"),
)


def _in_order(args: tuple[Node, ...]) -> Fault | None:
    low, high = figure(args[1]), figure(args[2])
    wrong = low is not None and high is not None and low > high
    return (1, "low is above high; exchange them") if wrong else None


MACROS: Mapping[str, Macro] = MappingProxyType(
    {
        macro.name: macro
        for macro in (
            Macro("clip", ("x", "low", "high"), "min(max(x, low), high)", check=_in_order, smooth=False),
            Macro(
                "hill",
                ("x", "half", "shape"),
                # x**s / (half**s + x**s) by the smaller of x / half and half / x, so that no power overflows
                "where(x <= half, p, 1) / (1 + p)",
                given=(
                    ("ratio", "min(max(x, 0), half) / max(half, x)"),
                    # with a shape below 1 the slope at 0 is infinite: next to 0 the chord stands for the curve
                    ("steep", "0 < shape and shape < 1"),
                    ("bent", "where(ratio < 1e-150, ratio * 1e-150 ** (shape - 1), max(ratio, 1e-150) ** shape)"),
                    ("p", "where(steep, bent, where(steep, 1, ratio) ** shape)"),
                ),
                check=HILL,
            ),
            Macro("saturate", ("x", "scale"), "-expm1(-x / scale)", check=SCALE),
            Macro("diminish", ("x", "scale"), "log1p(x / scale)", check=SCALE),
            Macro(
                "scurve",
                ("x", "mid", "slope"),
                # (L(x) - L(0)) / (1 - L(0)) = L(x) * (1 - exp(-slope * x)); below 0 with exp(slope * x) taken out
                "where(u >= 0, logistic(u - v) * -expm1(-max(u, 0)), expm1(min(u, 0)) * (exp(-v) * logistic(v - u)))",
                given=(("u", "slope * x"), ("v", "slope * mid")),
            ),
            Macro("interpolate", ("x", "xs", "ys"), build=pieces, lists=frozenset({"xs", "ys"}), check=knots),
        )
    }
)


def expand(node: Node) -> Node:
    """The formula with every curve written out, in operators alone.

    What stands twice in a curve is one object, so nested curves stay small; visit each object once (`nodes.postorder`).

    >>> from leverage.formula.parse import parse
    >>> from leverage.formula.write import write
    >>> write(expand(parse("120k * saturate(spend, scale=15k)")))
    '120_000 * -expm1(-spend / 15_000)'
    """
    return rebuild(node, _expanded)


def _expanded(node: Node) -> Node:
    if not isinstance(node, Apply) or node.op not in MACROS:
        return node
    macro = MACROS[node.op]
    if macro.build is not None:
        return macro.build(node.args, node.span)
    return _filled(_body(macro.name), dict(zip(macro.parameters, node.args, strict=True)), node.span)


@cache
def _body(name: str) -> Node:
    """The curve's own text as nodes, its helpers written out; parsed when the curve is first used."""
    from leverage.formula.parse import parse  # which knows the curves by the table above

    macro, parts = MACROS[name], dict[str, Node]()
    for part, text in macro.given:
        parts[part] = _filled(parse(text), parts, HERE)
    body = expand(_filled(parse(macro.text), parts, HERE))
    return rebuild(body, _marked) if macro.smooth else body


def _filled(body: Node, values: Mapping[str, Node], span: Span) -> Node:
    """The curve's text with nodes for names; what it brings itself stands where the call stood."""

    def change(part: Node) -> Node:
        return values.get(part.id, part) if isinstance(part, Name) else _settled(moved(part, span))

    return rebuild(body, change)


def _settled(node: Node) -> Node:
    """What a choice between constants comes to: a curve with a constant shape keeps the piece that it needs."""
    if not isinstance(node, Apply) or node.op not in CHOICES:
        return node
    if node.op == "where":
        condition = figure(node.args[0])
        return node if condition is None else node.args[1 if condition else 2]
    figures = [figure(arg) for arg in node.args]
    if any(value is None for value in figures):
        return node
    return Number(float(OPS[node.op].value(*figures)), span=node.span)


def _marked(node: Node) -> Node:
    return replace(node, smooth=True) if isinstance(node, Apply) and node.op in CHOICES else node
