"""Rules of operators are plain NumPy; called on slots, they write down instructions and compute nothing.

`Slot` answers NumPy's ufuncs and ``np.where``, so one rule serves twice: on arrays (in tests) and on slots. A rule is
called on slots once in a process; its `Template` is written out wherever the operator is used, since tracing costs ten
times as much. Nothing calls a rule per block of samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


class Recorder(Protocol):
    """What receives the instructions."""

    def record(self, op: str, args: tuple[Slot | float, ...]) -> Slot:
        """The slot that holds ``op`` of ``args``."""
        ...


class Slot(NDArrayOperatorsMixin):
    """The place of one value in a program that is being written."""

    __slots__ = ("index", "recorder")

    def __init__(self, recorder: Recorder, index: int) -> None:
        self.recorder = recorder
        self.index = index

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **options: Any) -> Slot:
        if method != "__call__" or options:
            return NotImplemented  # type: ignore[no-any-return]  # NumPy's own word for it
        return self.recorder.record(ufunc.__name__, args)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Slot:
        if function is not np.where or options:
            return NotImplemented  # type: ignore[no-any-return]
        return self.recorder.record("where", args)

    def __repr__(self) -> str:
        return f"%{self.index}"


@dataclass(frozen=True, slots=True)
class Template:
    """What a rule writes down: kernels in order, and where its result stands.

    Each step is a kernel and its arguments: a whole number names a place, a float is a figure. Places 0, 1, ... are the
    rule's arguments, those after them the results of the steps in their order. ``result`` is a place.
    """

    steps: tuple[tuple[str, tuple[int | float, ...]], ...]
    result: int
    kernel: str = ""  # where the rule is one kernel on its arguments as they come


class _Dictation:
    """A recorder that takes one rule down, on slots numbered from 0."""

    def __init__(self, arity: int) -> None:
        self.arity = arity
        self.steps: list[tuple[str, tuple[int | float, ...]]] = []

    def record(self, op: str, args: tuple[Slot | float, ...]) -> Slot:
        self.steps.append((op, tuple(arg.index if isinstance(arg, Slot) else float(arg) for arg in args)))
        return Slot(self, self.arity + len(self.steps) - 1)


@cache
def template(rule: Callable[..., Any], arity: int) -> Template:
    """What the rule of so many arguments writes down.

    >>> template(lambda x: 1 / (2 + x), 1)
    Template(steps=(('add', (2.0, 0)), ('divide', (1.0, 1))), result=2, kernel='')
    """
    dictation = _Dictation(arity)
    result = rule(*(Slot(dictation, place) for place in range(arity)))
    steps = tuple(dictation.steps)
    alone = len(steps) == 1 and steps[0][1] == tuple(range(arity)) and all(type(arg) is int for arg in steps[0][1])
    return Template(steps, result.index, steps[0][0] if alone and result.index == arity else "")
