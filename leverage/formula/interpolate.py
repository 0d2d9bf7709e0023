"""A piecewise linear curve through knots, as a balanced tree of choices over straight pieces."""

from __future__ import annotations

import math
from collections.abc import Sequence

from leverage.formula.nodes import Apply, Node, Number, Series, Span, figure


def knots(args: tuple[Node, ...]) -> tuple[int, str] | None:
    """What is wrong with the knots of ``interpolate(x, xs, ys)``: which argument, and the mend."""
    xs, ys = _numbers(args[1]), _numbers(args[2])
    if len(xs) < 2:
        return 1, "write two knots or more"
    if len(ys) != len(xs):
        return 2, f"write as many heights as knots: {len(xs)} and not {len(ys)}"
    wrong = next((i for i in range(1, len(xs)) if xs[i] <= xs[i - 1]), 0)
    if wrong:
        return 1, f"write the knots in rising order: knot {wrong + 1} is not above knot {wrong}"
    if not all(math.isfinite(slope) for slope in _slopes(xs, ys)):
        return 2, "write knots that are further apart: one piece is too steep for any number"
    return None


def pieces(args: tuple[Node, ...], span: Span) -> Node:
    """``interpolate(x, xs, ys)`` written out: flat outside the knots, at a knot the piece to its right."""
    x, xs, ys = args[0], _numbers(args[1]), _numbers(args[2])
    inside = [_piece(x, *line, span) for line in zip(xs, ys, _slopes(xs, ys), strict=False)]
    return _chosen(x, xs, (Number(ys[0], span=span), *inside, Number(ys[-1], span=span)), span)


def _chosen(x: Node, xs: Sequence[float], parts: Sequence[Node], span: Span) -> Node:
    """The part that x falls in, of one more parts than there are knots."""
    if not xs:
        return parts[0]
    middle = len(xs) // 2
    left = _chosen(x, xs[:middle], parts[: middle + 1], span)
    right = _chosen(x, xs[middle + 1 :], parts[middle + 1 :], span)
    below = Apply("less", (x, Number(xs[middle], span=span)), span, smooth=True)
    return Apply("where", (below, left, right), span, smooth=True)


def _piece(x: Node, start: float, height: float, slope: float, span: Span) -> Node:
    run = Apply("sub", (x, Number(start, span=span)), span)
    rise = Apply("mul", (Number(slope, span=span), run), span)
    return Apply("add", (Number(height, span=span), rise), span)


def _slopes(xs: Sequence[float], ys: Sequence[float]) -> list[float]:
    return [(ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) for i in range(len(xs) - 1)]


def _numbers(node: Node) -> list[float]:
    """The figures of a list; what is no number has none, and is not finite."""
    items = node.items if isinstance(node, Series) else ()
    return [math.nan if (value := figure(item)) is None else value for item in items]
