"""Every operator of the formula language: what it computes, how it passes a push on, and where it is defined.

A value rule takes the operator's arguments; a slope rule takes ``g``, the slope of the goal in the operator's value,
then that value, then the arguments, and gives the part of the goal's slope that reaches one argument. Both are written
in NumPy and traced once (`ops.record`). A slope of ``None`` is 0: the operator goes in steps there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from leverage.ops.kernels import ndtr

Rule = Callable[..., Any]

LOG_10 = math.log(10)
ROOT_TAU = math.sqrt(2 * math.pi)


@dataclass(frozen=True, slots=True)
class Domain:
    """Where an operator has a finite value: in words, and as a rule on its arguments."""

    words: str
    holds: Callable[..., bool]


@dataclass(frozen=True, slots=True)
class Op:
    """One operator. ``symbol`` is how formulas write it between its arguments, if they do.

    ``fold``: it takes two or more arguments, from the left. ``steps``: its value jumps, so a slope cannot tell all.
    ``tie``: where its slope depends on a choice; the first argument that attains the value gets it.
    ``shorter``: the slope in the first argument, in fewer steps, where the second is one of these constants.
    """

    name: str
    value: Rule
    slopes: tuple[Rule | None, ...]
    symbol: str = ""
    parameters: tuple[str, ...] = ()
    domain: Domain | None = None
    fold: bool = False
    steps: bool = False
    tie: Callable[..., bool] | None = None
    shorter: Mapping[float, Rule] = field(default_factory=dict)

    @property
    def arity(self) -> int:
        """How many arguments the rules take."""
        return len(self.slopes)


def _arithmetic() -> tuple[Op, ...]:
    return (
        Op("add", lambda x, y: x + y, (lambda g, out, x, y: g, lambda g, out, x, y: g), "+"),
        Op("sub", lambda x, y: x - y, (lambda g, out, x, y: g, lambda g, out, x, y: -g), "-"),
        Op("mul", lambda x, y: x * y, (lambda g, out, x, y: g * y, lambda g, out, x, y: g * x), "*"),
        Op(
            "div",
            lambda x, y: x / y,
            (lambda g, out, x, y: g / y, lambda g, out, x, y: -((g / y) * out)),
            "/",
            domain=Domain("a divisor other than 0", lambda x, y: y != 0),
        ),
        Op(
            "pow",
            lambda x, y: x**y,
            (
                # x**0 is flat everywhere, also at x = 0; elsewhere a quotient costs a fifth of another power
                lambda g, out, x, y: np.where(y == 0, 0.0, g * y * np.where(x == 0, 0.0 ** (y - 1), out / x)),
                # 0**y is 0 for every y > 0: flat, where the plain rule would give 0 * -inf
                lambda g, out, x, y: np.where(x == 0, 0.0, g * out * np.log(np.where(x == 0, 1.0, x))),
            ),
            "**",
            domain=Domain(
                "a base above 0, or a whole exponent (not below 0 at base 0)",
                lambda x, y: x > 0 or (y == math.floor(y) and (x != 0 or y >= 0)) or (x == 0 and y > 0),
            ),
            shorter={
                2.0: lambda g, out, x, y: g * (2 * x),
                3.0: lambda g, out, x, y: g * (3 * np.square(x)),
                0.5: lambda g, out, x, y: 0.5 * g / out,
                1.5: lambda g, out, x, y: g * (1.5 * np.sqrt(x)),
                -1.0: lambda g, out, x, y: -(g * np.square(out)),
            },
        ),
        Op("neg", lambda x: -x, (lambda g, out, x: -g,), "-"),
    )


def _comparisons() -> tuple[Op, ...]:
    ufuncs = {
        "less": (np.less, "<"),
        "less_equal": (np.less_equal, "<="),
        "greater": (np.greater, ">"),
        "greater_equal": (np.greater_equal, ">="),
        "equal": (np.equal, "=="),
        "not_equal": (np.not_equal, "!="),
        "and": (np.logical_and, "and"),
        "or": (np.logical_or, "or"),
    }
    two = tuple(Op(name, ufunc, (None, None), symbol, steps=True) for name, (ufunc, symbol) in ufuncs.items())
    return (*two, Op("not", np.logical_not, (None,), "not", steps=True))


def _choices() -> tuple[Op, ...]:
    return (
        Op(
            "where",
            np.where,
            (None, lambda g, out, c, a, b: np.where(c, g, 0.0), lambda g, out, c, a, b: np.where(c, 0.0, g)),
            parameters=("condition", "a", "b"),
        ),
        Op(
            "min",
            np.minimum,
            (lambda g, out, x, y: np.where(x <= y, g, 0.0), lambda g, out, x, y: np.where(x <= y, 0.0, g)),
            fold=True,
            tie=lambda x, y: x == y,
        ),
        Op(
            "max",
            np.maximum,
            (lambda g, out, x, y: np.where(x >= y, g, 0.0), lambda g, out, x, y: np.where(x >= y, 0.0, g)),
            fold=True,
            tie=lambda x, y: x == y,
        ),
        Op("abs", np.absolute, (lambda g, out, x: g * np.sign(x),), parameters=("x",), tie=lambda x: x == 0),
    )


def _steps() -> tuple[Op, ...]:
    return (
        Op("floor", np.floor, (None,), parameters=("x",), steps=True),
        Op("ceil", np.ceil, (None,), parameters=("x",), steps=True),
        Op("round", np.rint, (None,), parameters=("x",), steps=True),
        Op("sign", np.sign, (None,), parameters=("x",), steps=True),
        Op(
            "mod",
            np.remainder,
            (lambda g, out, x, y: g, lambda g, out, x, y: -g * np.floor(x / y)),
            parameters=("x", "y"),
            domain=Domain("a divisor other than 0", lambda x, y: y != 0),
            steps=True,
        ),
    )


def _smooth() -> tuple[Op, ...]:
    x = ("x",)
    return (
        Op("exp", np.exp, (lambda g, out, x: g * out,), parameters=x, domain=Domain("x below 709", lambda x: x < 709)),
        Op("log", np.log, (lambda g, out, x: g / x,), parameters=x, domain=Domain("x above 0", lambda x: x > 0)),
        Op(
            "log10",
            np.log10,
            (lambda g, out, x: g / (x * LOG_10),),
            parameters=x,
            domain=Domain("x above 0", lambda x: x > 0),
        ),
        Op(
            "log1p",
            np.log1p,
            (lambda g, out, x: g / (1 + x),),
            parameters=x,
            domain=Domain("x above -1", lambda x: x > -1),
        ),
        Op(
            "expm1",
            np.expm1,
            (lambda g, out, x: g * np.exp(x),),  # out + 1 would lose every digit far below 0
            parameters=x,
            domain=Domain("x below 709", lambda x: x < 709),
        ),
        Op(
            "sqrt",
            np.sqrt,
            (lambda g, out, x: 0.5 * g / out,),
            parameters=x,
            domain=Domain("x at or above 0", lambda x: x >= 0),
        ),
        Op("sin", np.sin, (lambda g, out, x: g * np.cos(x),), parameters=x),
        Op("cos", np.cos, (lambda g, out, x: -g * np.sin(x),), parameters=x),
        Op("tan", np.tan, (lambda g, out, x: g * (1 + np.square(out)),), parameters=x),
        Op(
            "arcsin",
            np.arcsin,
            (lambda g, out, x: g / np.sqrt((1 - x) * (1 + x)),),
            parameters=x,
            domain=Domain("x between -1 and 1", lambda x: abs(x) <= 1),
        ),
        Op(
            "arccos",
            np.arccos,
            (lambda g, out, x: -g / np.sqrt((1 - x) * (1 + x)),),
            parameters=x,
            domain=Domain("x between -1 and 1", lambda x: abs(x) <= 1),
        ),
        Op("arctan", np.arctan, (lambda g, out, x: g / (1 + np.square(x)),), parameters=x),
        Op("sinh", np.sinh, (lambda g, out, x: g * np.cosh(x),), parameters=x),
        Op("cosh", np.cosh, (lambda g, out, x: g * np.sinh(x),), parameters=x),
        # 1 / cosh**2 and not 1 - tanh**2, which cancels where the curve is flat; so too below with the logistic
        Op("tanh", np.tanh, (lambda g, out, x: g / np.square(np.cosh(x)),), parameters=x),
        Op("logistic", lambda x: 1 / (1 + np.exp(-x)), (lambda g, out, x: g * out / (1 + np.exp(x)),), parameters=x),
        Op("normal_cdf", ndtr, (lambda g, out, x: g * np.exp(-0.5 * np.square(x)) / ROOT_TAU,), parameters=x),
    )


OPS: Mapping[str, Op] = MappingProxyType(
    {op.name: op for op in (*_arithmetic(), *_comparisons(), *_choices(), *_steps(), *_smooth())}
)
FUNCTIONS: Mapping[str, Op] = MappingProxyType({name: op for name, op in OPS.items() if not op.symbol})
