"""Trees for tests: from Python's own data, and at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from leverage.files.plain import from_python
from leverage.tree.build import build
from leverage.tree.tree import Tree


def tree(kgi: str, metrics: dict[str, Any], **keys: Any) -> Tree:
    """A tree from a model file's own keys."""
    return build(from_python({"kgi": kgi, "metrics": metrics, **keys}))


SMOOTH = ("exp({} / 9)", "log(2 + abs({}))", "sqrt(1 + ({}) ** 2)", "log1p(abs({}))", "expm1({} / 9)", "tanh({} / 5)")
SMOOTH += ("sin({})", "cos({})", "arctan({})", "logistic({} / 3)", "normal_cdf({} / 3)", "saturate({}, 4)")
JOINS = ("({} + {})", "({} - {})", "({} * {}) / 7", "{} / (3 + abs({}))", "(0.5 + abs({})) ** (({}) / 40)")


@st.composite
def random_tree(draw: st.DrawFn, *, joins: tuple[str, ...] = JOINS, most: int = 10) -> Tree:
    """A tree of random formulas over random leaves, recent metrics feeding later ones; values stay moderate."""
    leaves = draw(st.integers(2, 5))
    metrics: dict[str, Any] = {
        f"x{i}": draw(st.floats(-4, 4, allow_nan=False).map(lambda v: round(v, 3) + 0.0005)) for i in range(leaves)
    }
    for i in range(draw(st.integers(1, most))):
        known = list(metrics)
        first, second = draw(st.sampled_from(known[-4:])), draw(st.sampled_from(known))
        part = draw(st.sampled_from(joins)).format(first, second)
        metrics[f"y{i}"] = draw(st.sampled_from(("{}", *SMOOTH))).format(part)
    return tree(list(metrics)[-1], metrics)
