"""Random formulas: every node that `parse` can make, each as it makes it."""

from __future__ import annotations

from hypothesis import strategies as st

from leverage.formula.functions import FUNCTIONS, Function
from leverage.formula.macros import MACROS
from leverage.formula.nodes import Apply, Label, Name, Node, Number, Series
from leverage.ops.table import OPS

SIZES = st.one_of(st.integers(0, 10**7).map(float), st.floats(0, 1e9), st.floats(0, allow_infinity=False))
NUMBERS = st.builds(Number, SIZES, percent=st.booleans())
NAMES = st.sampled_from(["a", "b", "visits", "max", "売上", "lambda", "_x", "inf", "k"]).map(Name)
LABELS = st.sampled_from(["ads", "organic search", "a`b", "pi", "é", "2027", "ｱ"]).map(Label)
OVER = st.lists(st.sampled_from(["channel", "time", "Land und Leute"]).map(Label), min_size=1, max_size=3)
SYMBOLS = [op for op in OPS.values() if op.symbol]


def formulas(words: frozenset[str] = frozenset(FUNCTIONS), *, over: bool = True) -> st.SearchStrategy[Node]:
    """Formulas of a few dozen nodes, with these functions; ``over``: with dimensions and the period, too."""
    leaves = st.one_of(NUMBERS, NAMES, st.just(Apply("period", ()))) if over else st.one_of(NUMBERS, NAMES)
    return st.recursive(leaves, lambda below: _applied(below, words, over), max_leaves=20)


def _applied(below: st.SearchStrategy[Node], words: frozenset[str], over: bool) -> st.SearchStrategy[Node]:
    symbols = st.sampled_from(SYMBOLS).flatmap(lambda op: _apply(op.name, [below] * op.arity))
    functions = st.sampled_from(sorted(words)).flatmap(lambda word: _called(FUNCTIONS[word], below, over))
    return st.one_of(symbols, symbols, functions)


def _apply(op: str, args: list[st.SearchStrategy[Node]]) -> st.SearchStrategy[Node]:
    return st.tuples(*args).map(lambda args: Apply(op, args))


def _called(function: Function, below: st.SearchStrategy[Node], over: bool) -> st.SearchStrategy[Node]:
    if function.name == "interpolate":
        return st.tuples(below, _knots()).map(lambda parts: Apply("interpolate", (parts[0], *parts[1])))
    # constants of a curve have to make sense, so metrics stand for them here
    rest = NAMES if function.name in MACROS else below
    kinds = [LABELS if function.kind(p) == "label" else rest if i else below for i, p in enumerate(function.parameters)]
    plain = _apply(function.name, kinds)
    options = [plain]
    if function.many:
        options.append(st.lists(below, min_size=2, max_size=4).map(lambda args: Apply(function.name, tuple(args))))
    if function.over and over:
        options.append(st.tuples(below, OVER).map(lambda both: Apply(function.name, (both[0], Series(tuple(both[1]))))))
    return st.one_of(*options)


def _knots() -> st.SearchStrategy[tuple[Series, Series]]:
    figures = st.integers(-(10**6), 10**6)
    xs = st.lists(figures, min_size=2, max_size=6, unique=True).map(sorted)
    lists = xs.flatmap(lambda xs: st.tuples(st.just(xs), st.lists(figures, min_size=len(xs), max_size=len(xs))))
    return lists.map(lambda both: (_series(both[0]), _series(both[1])))


def _series(figures: list[int]) -> Series:
    return Series(tuple(Number(float(figure)) for figure in figures))
