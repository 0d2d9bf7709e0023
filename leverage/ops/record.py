"""Rules of operators are plain NumPy; called on slots, they write down instructions and compute nothing.

`Slot` answers NumPy's ufuncs and ``np.where``, so one rule serves twice: on arrays (in tests) and on slots, once for
each place it is used in a program. Nothing calls a rule per block of samples.
"""

from __future__ import annotations

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
