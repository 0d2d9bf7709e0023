"""What an instruction does: a NumPy ufunc, or a function that behaves like one, by its name.

A kernel takes float64 arrays that broadcast, and ``out=`` by keyword. A comparison writes 1.0 or 0.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.ops.record import Slot

Array = NDArray[np.float64]
Kernel = Callable[..., Any]

UFUNCS = (
    *("add", "subtract", "multiply", "divide", "power", "negative", "square", "reciprocal"),
    *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
    *("logical_and", "logical_or", "logical_not"),
    *("absolute", "minimum", "maximum", "floor", "ceil", "rint", "sign", "remainder"),
    *("exp", "log", "log10", "log1p", "expm1", "sqrt"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"),
)


SHORTER: Mapping[float, Kernel] = MappingProxyType({2.0: np.square, 0.5: np.sqrt, -1.0: np.reciprocal})  # powers


def where(condition: Array, chosen: Array, otherwise: Array, *, out: Array | None = None) -> Array:
    """``chosen`` where the condition is not 0, else ``otherwise``; with ``out`` like a ufunc, which np.where is not."""
    selected = np.where(condition, chosen, otherwise)
    if out is None:
        return selected
    out[...] = selected
    return out


def power(x: Any, y: Any, *, out: Array | None = None) -> Any:
    """``x ** y``, the same bits whether the exponent is one figure or an array.

    NumPy takes an exponent of 2, 0.5 or -1 for a square, a root or a reciprocal, but only where it is one figure; its
    power of an array rounds otherwise.
    """
    if np.ndim(y) == 0:
        return np.power(x, y) if out is None else np.power(x, y, out=out)
    places = [(np.equal(y, exponent), shorter) for exponent, shorter in SHORTER.items()]
    found = [(at, shorter(np.broadcast_to(x, at.shape)[at])) for at, shorter in places if at.any()]
    result = np.power(x, y) if out is None else np.power(x, y, out=out)
    for at, values in found:
        result[at] = values
    return result


def ndtr(x: Any, *, out: Array | None = None) -> Any:
    """The normal distribution's cumulative probability; scipy.special is loaded when it is used."""
    if isinstance(x, Slot):
        return x.recorder.record("ndtr", (x,))
    from scipy.special import ndtr as kernel

    return kernel(x) if out is None else kernel(x, out=out)


KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {name: getattr(np, name) for name in UFUNCS} | {"where": where, "power": power, "ndtr": ndtr}
)
