"""Which functions a formula may call, and what each takes: operators, response curves, dimensions and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from leverage.formula.macros import MACROS, Fault
from leverage.formula.nodes import Node
from leverage.ops.table import FUNCTIONS as OPERATORS

Kind = Literal["value", "numbers", "label", "over"]
NO_KINDS: Mapping[str, Kind] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Function:
    """A function as formulas call it: all its parameters are needed, ``over`` is given by name or left out.

    ``many``: the last parameter may be repeated. ``kinds``: what stands for a parameter that is no plain value.
    ``check``: what can be wrong with the arguments themselves: which one, and the mend.
    """

    name: str
    parameters: tuple[str, ...]
    kinds: Mapping[str, Kind] = field(default_factory=lambda: NO_KINDS)
    many: bool = False
    over: bool = False
    check: Callable[[tuple[Node, ...]], Fault | None] | None = None

    @property
    def signature(self) -> str:
        """How it is called: ``hill(x, half, shape)``."""
        rest = ("...",) if self.many else ("over=...",) if self.over else ()
        return f"{self.name}({', '.join((*self.parameters, *rest))})"

    def kind(self, parameter: str) -> Kind:
        """What stands for the parameter."""
        return "over" if parameter == "over" else self.kinds.get(parameter, "value")


HINTS: Mapping[str, str] = {  # what they want who give a function too many arguments
    "log": "write log(x) / log(base) for another base",
    "round": "write round(100 * x) / 100 for two decimals",
    "sum": "write a + b to add metrics",
    "mean": "write (a + b) / 2 for the mean of metrics",
}


def _operators() -> tuple[Function, ...]:
    return tuple(
        Function(name, ("x",), many=True, over=True) if op.fold else Function(name, op.parameters)
        for name, op in OPERATORS.items()
    )


def _curves() -> tuple[Function, ...]:
    return tuple(
        Function(name, curve.parameters, dict.fromkeys(curve.lists, "numbers"), check=curve.check)
        for name, curve in MACROS.items()
    )


def _over_dimensions_and_time() -> tuple[Function, ...]:
    return (
        *(Function(name, ("x",), over=True) for name in ("sum", "mean", "first", "last")),
        Function("pick", ("x", "label"), {"label": "label"}),
        Function("prev", ("x", "initial")),
        Function("lag", ("x", "n", "initial")),
        Function("cumsum", ("x",)),
        Function("adstock", ("x", "decay")),
        Function("npv", ("rate", "x")),
        Function("days", ()),
    )


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {function.name: function for function in (*_operators(), *_curves(), *_over_dimensions_and_time())}
)
NAMES = tuple(FUNCTIONS)
OVER_DIMENSIONS_AND_TIME = frozenset({function.name for function in _over_dimensions_and_time()} | {"period"})
