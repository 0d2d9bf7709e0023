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


def where(condition: Array, chosen: Array, otherwise: Array, *, out: Array | None = None) -> Array:
    """``chosen`` where the condition is not 0, else ``otherwise``; with ``out`` like a ufunc, which np.where is not."""
    selected = np.where(condition, chosen, otherwise)
    if out is None:
        return selected
    out[...] = selected
    return out


def ndtr(x: Any, *, out: Array | None = None) -> Any:
    """The normal distribution's cumulative probability; scipy.special is loaded when it is used."""
    if isinstance(x, Slot):
        return x.recorder.record("ndtr", (x,))
    from scipy.special import ndtr as kernel

    return kernel(x) if out is None else kernel(x, out=out)


KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {name: getattr(np, name) for name in UFUNCS} | {"where": where, "ndtr": ndtr}
)
