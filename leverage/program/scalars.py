"""Kernels on plain floats: those that give NumPy's own bits there.

What rounds once by IEEE 754 (+ - * / and the square root), compares or chooses gives the same bits in Python, in a
tenth of the time that a ufunc takes on numbers. Every other kernel stays NumPy's: a point equals a sample of one.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType

Scalar = Callable[..., float]

SCALARS: Mapping[str, Scalar] = MappingProxyType(
    {
        "add": operator.add,
        "subtract": operator.sub,
        "multiply": operator.mul,
        "divide": operator.truediv,
        "negative": operator.neg,
        "absolute": operator.abs,
        "sqrt": math.sqrt,
        "square": lambda x: x * x,
        "reciprocal": lambda x: 1.0 / x,
        "less": lambda x, y: 1.0 if x < y else 0.0,
        "less_equal": lambda x, y: 1.0 if x <= y else 0.0,
        "greater": lambda x, y: 1.0 if x > y else 0.0,
        "greater_equal": lambda x, y: 1.0 if x >= y else 0.0,
        "equal": lambda x, y: 1.0 if x == y else 0.0,
        "not_equal": lambda x, y: 1.0 if x != y else 0.0,
        "logical_and": lambda x, y: 1.0 if x and y else 0.0,
        "logical_or": lambda x, y: 1.0 if x or y else 0.0,
        "logical_not": lambda x: 0.0 if x else 1.0,
        "where": lambda condition, x, y: x if condition else y,
        # NaN, which alone differs from itself, goes through, as NumPy has it
        "minimum": lambda x, y: x if x <= y or x != x else y,  # noqa: PLR0124
        "maximum": lambda x, y: x if x >= y or x != x else y,  # noqa: PLR0124
    }
)
RAISED = (ZeroDivisionError, ValueError)  # by SCALARS, where NumPy gives inf or nan
