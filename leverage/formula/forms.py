"""What a dialect consists of: a form for each function, and how its numbers, names, labels and lists look."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from leverage.formula.nodes import Number, Series

ATOM = 99  # binds tighter than every operator
Written = tuple[str, int]  # text, and how tightly it binds


@dataclass(frozen=True, slots=True)
class Form:
    """How one function is written: ``#1`` stands for its first argument, ``#*`` for all of them.

    ``needs``: how tightly each argument has to bind to stand without brackets. ``truth``: its value is true or false;
    ``conditions``: the arguments that may be.
    """

    text: str
    power: int = ATOM
    needs: tuple[int, ...] = ()
    truth: bool = False
    conditions: tuple[int, ...] = ()

    @property
    def parts(self) -> list[str]:
        """The text, cut before and after the places of arguments."""
        return re.split(r"(#[0-9*])", self.text)

    def need(self, position: int) -> int:
        """How tightly that argument has to bind."""
        return self.needs[position] if self.needs else 0


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of writing formulas.

    ``figure``: what turns true or false into 1 or 0, where the dialect tells them from numbers. ``curves``: it knows
    the response curves by name; else they are written out first. ``series``: None where lists cannot
    be written. ``longest``: how much its readers take.
    """

    name: str
    forms: Mapping[str, Form]
    number: Callable[[Number], Written]
    id: Callable[[str], str]
    label: Callable[[str], str]
    series: Callable[[Series], str] | None
    brackets: tuple[str, str] = ("(", ")")
    separator: str = ", "
    figure: tuple[str, str] = ("", "")
    curves: bool = True
    longest: int = 200_000


def digits(number: Number) -> str:
    """The shortest digits that read back as the same number, without its ``%``: ``120000``, ``2.4``, ``1e-07``.

    >>> digits(Number(120_000.0)), digits(Number(0.07, percent=True)), digits(Number(1e300))
    ('120000', '7', '1e+300')
    """
    exact = Decimal(repr(number.value)).scaleb(2 if number.percent else 0)
    if not exact:
        return "-0" if math.copysign(1.0, number.value) < 0 else "0"
    exact = exact.normalize()
    return f"{exact:f}" if -7 <= exact.adjusted() < 15 else f"{exact:e}"
