"""Functions whose spread is known, as model files, and their Sobol' indices: closed forms, or sums over a grid.

Smooth functions of a few inputs are summed over a tensor grid of Gauss points, which has all indices to many digits and
shares nothing with a sample. Sources of the functions: Ishigami and Homma 1990; Sobol' 1993 (G); Surjanovic and
Bingham, Virtual Library of Simulation Experiments (borehole, wing weight, piston, OTL circuit).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.tree.tree import Tree
from tests.trees import tree

Array = NDArray[np.float64]
PI = math.pi


@dataclass(frozen=True)
class Known:
    """A function of independent inputs: formulas, the last one is the goal; each input's family and parameters."""

    name: str
    formulas: Mapping[str, str]
    inputs: Mapping[str, tuple[str, float, float]]
    first: Array
    total: Array

    @property
    def model(self) -> dict[str, Any]:
        """The metrics of a model file."""
        leaves = {id: {"uncertainty": f"{family}({a!r}, {b!r})"} for id, (family, a, b) in self.inputs.items()}
        return {**self.formulas, **leaves}

    @property
    def tree(self) -> Tree:
        """The model, built."""
        return tree(list(self.formulas)[-1], self.model)


def ishigami(a: float = 7.0, b: float = 0.1) -> Known:
    """Three inputs, one of which acts only together with another."""
    one, two = 0.5 * (1 + b * PI**4 / 5) ** 2, a**2 / 8
    both = 8 * b**2 * PI**8 / 225
    spread = one + two + both
    inputs = {f"x{i}": ("uniform", -PI, PI) for i in (1, 2, 3)}
    formula = f"sin(x1) + {a!r} * sin(x2) ** 2 + {b!r} * x3 ** 4 * sin(x1)"
    first, total = np.array([one, two, 0]) / spread, np.array([one + both, two, both]) / spread
    return Known("ishigami", {"y": formula}, inputs, first, total)


def sobol_g(weights: tuple[float, ...] = (0, 1, 4.5, 9, *(99,) * 26)) -> Known:
    """The product of (|4 x - 2| + a) / (1 + a): the smaller a, the more an input does."""
    inputs = {f"x{i}": ("uniform", 0.0, 1.0) for i in range(len(weights))}
    parts = {f"g{i}": f"(abs(4 * x{i} - 2) + {a!r}) / {1 + a!r}" for i, a in enumerate(weights)}
    own = 1 / (3 * (1 + np.array(weights)) ** 2)
    spread = np.prod(1 + own) - 1
    formulas = {**parts, "y": " * ".join(parts)}
    return Known("sobol_g", formulas, inputs, own / spread, own * (spread + 1) / (1 + own) / spread)


def summed(name: str, formulas: Mapping[str, str], inputs: Mapping[str, tuple[str, float, float]], nodes: int) -> Known:
    """The indices of a smooth function, summed over a tensor grid of ``nodes`` Gauss points an input."""
    points, weights = zip(*(_gauss(*each, nodes) for each in inputs.values()), strict=True)
    count = len(inputs)
    grid = [p.reshape([-1 if k == i else 1 for k in range(count)]) for i, p in enumerate(points)]
    values = np.broadcast_to(_function(formulas)(**dict(zip(inputs, grid, strict=True))), (nodes,) * count)
    mean = _mean(values, weights, range(count))
    spread = _mean(values**2, weights, range(count)) - mean**2
    first, total = np.empty(count), np.empty(count)
    for i in range(count):
        others = [k for k in range(count) if k != i]
        own = _mean(values, weights, others)
        first[i] = weights[i] @ (own - mean) ** 2 / spread
        rest = _mean(values, weights, [i])
        beside = [own for k, own in enumerate(weights) if k != i]
        total[i] = 1 - (_mean(rest**2, beside, range(count - 1)) - mean**2) / spread
    return Known(name, formulas, inputs, first, total)


def _gauss(family: str, a: float, b: float, nodes: int) -> tuple[Array, Array]:
    if family == "uniform":
        x, w = np.polynomial.legendre.leggauss(nodes)
        return a + (b - a) * (x + 1) / 2, w / 2
    x, w = np.polynomial.hermite_e.hermegauss(nodes)
    levels = a + b * x
    return (np.exp(levels) if family == "lognormal" else levels), w / w.sum()


def _mean(values: Array, weights: Any, axes: Any) -> Any:
    for axis in sorted(axes, reverse=True):
        values = np.tensordot(values, weights[axis], axes=([axis], [0]))
    return values


NUMPY = {"log": np.log, "sqrt": np.sqrt, "cos": np.cos, "pi": PI}


def _function(formulas: Mapping[str, str]) -> Callable[..., Array]:
    """The formulas as NumPy has them: text of this file's own making."""

    def value(**inputs: Array) -> Array:
        known: dict[str, Any] = {**NUMPY, **inputs}
        for id, formula in formulas.items():
            known[id] = eval(formula, {"__builtins__": {}}, known)
        found: Array = known[list(formulas)[-1]]
        return found

    return value


@cache
def borehole() -> Known:
    """Water through a borehole, m3/year; nearly all of it hangs on the hole's radius."""
    inputs = {
        "rw": ("normal", 0.10, 0.0161812),
        "tu": ("uniform", 63070.0, 115600.0),
        "hu": ("uniform", 990.0, 1110.0),
        "tl": ("uniform", 63.1, 116.0),
        "hl": ("uniform", 700.0, 820.0),
        "l": ("uniform", 1120.0, 1680.0),
        "kw": ("uniform", 9855.0, 12045.0),
    }
    formulas = {
        "ratio": "log(1000 / rw)",
        "flow": "2 * pi * tu * (hu - hl) / (ratio * (1 + 2 * l * tu / (ratio * rw ** 2 * kw) + tu / tl))",
    }
    return summed("borehole", formulas, inputs, 6)


@cache
def wing_weight() -> Known:
    """The weight of a light aircraft's wing, lb."""
    uniform = {
        "sw": (150.0, 200.0),
        "wfw": (220.0, 300.0),
        "a": (6.0, 10.0),
        "sweep": (-PI / 18, PI / 18),
        "q": (16.0, 45.0),
        "taper": (0.5, 1.0),
        "tc": (0.08, 0.18),
        "nz": (2.5, 6.0),
        "wdg": (1700.0, 2500.0),
        "wp": (0.025, 0.08),
    }
    formulas = {
        "shape": "sw ** 0.758 * wfw ** 0.0035 * (a / cos(sweep) ** 2) ** 0.6 * q ** 0.006 * taper ** 0.04",
        "load": "(100 * tc / cos(sweep)) ** -0.3 * (nz * wdg) ** 0.49",
        "weight": "0.036 * shape * load + sw * wp",
    }
    return summed("wing_weight", formulas, {id: ("uniform", *ends) for id, ends in uniform.items()}, 4)


@cache
def piston() -> Known:
    """The time of a piston's cycle, s."""
    uniform = {
        "m": (30.0, 60.0),
        "s": (0.005, 0.020),
        "v0": (0.002, 0.010),
        "k": (1000.0, 5000.0),
        "p0": (90000.0, 110000.0),
        "ta": (290.0, 296.0),
        "t0": (340.0, 360.0),
    }
    formulas = {
        "force": "p0 * s + 19.62 * m - k * v0 / s",
        "volume": "s / (2 * k) * (sqrt(force ** 2 + 4 * k * p0 * v0 / t0 * ta) - force)",
        "cycle": "2 * pi * sqrt(m / (k + s ** 2 * p0 * v0 / t0 * ta / volume ** 2))",
    }
    return summed("piston", formulas, {id: ("uniform", *ends) for id, ends in uniform.items()}, 7)


@cache
def otl_circuit() -> Known:
    """The mid-point voltage of a push-pull circuit without a transformer, V."""
    uniform = {
        "rb1": (50.0, 150.0),
        "rb2": (25.0, 70.0),
        "rf": (0.5, 3.0),
        "rc1": (1.2, 2.5),
        "rc2": (0.25, 1.2),
        "beta": (50.0, 300.0),
    }
    formulas = {
        "vb1": "12 * rb2 / (rb1 + rb2)",
        "gain": "beta * (rc2 + 9)",
        "whole": "gain + rf",
        "voltage": "(vb1 + 0.74) * gain / whole + 11.35 * rf / whole + 0.74 * rf * gain / (whole * rc1)",
    }
    return summed("otl_circuit", formulas, {id: ("uniform", *ends) for id, ends in uniform.items()}, 8)


KNOWN: Mapping[str, Callable[[], Known]] = {
    "ishigami": ishigami,
    "sobol_g": sobol_g,
    "borehole": borehole,
    "wing_weight": wing_weight,
    "piston": piston,
    "otl_circuit": otl_circuit,
}
