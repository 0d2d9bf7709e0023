"""Excel's own grammar in a few lines: a minus before a value binds first, then %, ^, * /, + -, comparisons.

All of them join from the left. What has a row in the operator table is read as that row, other functions by name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import Any

from leverage.formula.nodes import Apply, Name, Node, Number

TOKEN = re.compile(r"(?P<number>[0-9.]+(?:E[+-]?[0-9]+)?)|(?P<name>[^\W\d][\w.]*)|(?P<sign><=|>=|<>|[-+*/^%=<>(),])")
TRUTHS = {"=": "equal", "<>": "not_equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
LEVELS = (TRUTHS, {"+": "add", "-": "sub"}, {"*": "mul", "/": "div"}, {"^": "pow"})
WORDS = {"IF": "where", "AND": "and", "OR": "or", "NOT": "not", "MIN": "min", "MAX": "max", "ABS": "abs", "EXP": "exp"}
LOGIC = frozenset({*TRUTHS.values(), "and", "or", "not"})
CONDITIONS = {"where": (0,), "and": (0, 1), "or": (0, 1), "not": (0,)}


def read(text: str) -> Node:
    """The formula that Excel would see; N() of a truth is the truth, as formulas have it as 1 or 0."""
    tokens = [(match.lastgroup, match.group()) for match in TOKEN.finditer(text)]
    assert "".join(token for _, token in tokens) == text
    reader = Reader([*tokens, (None, "")])
    node = reader.level(0)
    assert reader.tokens == [(None, "")]
    assert not reader.bare(node)
    return node


class Reader:
    """Precedence by levels. A truth has to stand in N() wherever a number is wanted."""

    def __init__(self, tokens: list[tuple[str | None, str]]) -> None:
        self.tokens = tokens
        self.numbers: list[Node] = []  # truths that N() made numbers of

    def level(self, depth: int) -> Node:
        if depth == len(LEVELS):
            return self.value()
        left = self.level(depth + 1)
        while self.tokens[0][1] in LEVELS[depth]:
            op = LEVELS[depth][self.tokens.pop(0)[1]]
            left = self.applied(op, (left, self.level(depth + 1)))
        return left

    def applied(self, op: str, args: tuple[Node, ...]) -> Node:
        for position, arg in enumerate(args):
            assert not self.bare(arg) or position in CONDITIONS.get(op, ()), op
        return Apply(op, args)

    def bare(self, node: Node) -> bool:
        return isinstance(node, Apply) and node.op in LOGIC and not any(node is number for number in self.numbers)

    def value(self) -> Node:
        kind, text = self.tokens.pop(0)
        if text == "-":
            return self.applied("neg", (self.value(),))
        if text == "(":
            inside = self.level(0)
            assert self.tokens.pop(0)[1] == ")"
            return inside
        if kind == "number":
            percent = self.tokens[0][1] == "%"
            return Number(float(self.shifted(text)) if percent else float(text), percent)
        return self.called(text) if self.tokens[0][1] == "(" else Name(text)

    def shifted(self, text: str) -> str:
        self.tokens.pop(0)
        digits, _, exponent = text.partition("E")
        return f"{digits}E{int(exponent or 0) - 2}"

    def called(self, name: str) -> Node:
        args = []
        while self.tokens.pop(0)[1] != ")":
            if self.tokens[0][1] != ")":
                args.append(self.level(0))
        if name == "N":
            assert self.bare(args[0])
            self.numbers.append(args[0])
            return args[0]
        if name == "PI":
            return Number(math.pi)
        return self.applied("mod" if name == "MOD" else WORDS.get(name, name), tuple(args))


CALLS: Mapping[str, Callable[..., Any]] = {
    **{"add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y},
    **{"pow": lambda x, y: x**y, "neg": lambda x: -x, "mod": lambda x, y: x - y * math.floor(x / y)},
    **{"less": lambda x, y: x < y, "less_equal": lambda x, y: x <= y, "greater": lambda x, y: x > y},
    **{"greater_equal": lambda x, y: x >= y, "equal": lambda x, y: x == y, "not_equal": lambda x, y: x != y},
    **{"and": lambda x, y: bool(x and y), "or": lambda x, y: bool(x or y), "not": lambda x: not x},
    **{"where": lambda c, x, y: x if c else y, "min": min, "max": max, "abs": abs, "exp": math.exp},
    **{"INT": math.floor, "SIGN": lambda x: (x > 0) - (x < 0), "LN": math.log, "LOG10": math.log10, "SQRT": math.sqrt},
    "ROUND": lambda x, places: math.copysign(math.floor(abs(x) + 0.5), x),  # halves away from 0
    **{"SIN": math.sin, "COS": math.cos, "TAN": math.tan, "ASIN": math.asin, "ACOS": math.acos, "ATAN": math.atan},
    **{"SINH": math.sinh, "COSH": math.cosh, "TANH": math.tanh, "NORM.S.DIST": lambda x, _: NormalDist().cdf(x)},
}


def figure(node: Node, given: Mapping[str, float]) -> float:
    """What Excel's functions come to."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return given.get(node.id, 1.0)  # TRUE
    assert isinstance(node, Apply)
    return float(CALLS[node.op](*(figure(arg, given) for arg in node.args)))
