"""How far is it? A bar on standard error for what takes over a second, or a function that is told.

>>> with shown(lambda done, total: print(f"{done} of {total}"), "samples") as told:
...     told(3, 4)
3 of 4
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm

Progress = Callable[[int, int], None]  # done, total

AFTER = 1.0  # seconds; what is done by then needs no bar


class Bar:
    """A bar that appears after a second and leaves a clean line."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.begun = time.monotonic()
        self._bar: tqdm[Any] | None = None

    def __call__(self, done: int, total: int) -> None:
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        elif time.monotonic() - self.begun > AFTER and done < total:
            self._bar = _drawn(self.unit, done, total)

    def close(self) -> None:
        """The line is empty again."""
        if self._bar is not None:
            self._bar.close()


def _drawn(unit: str, done: int, total: int) -> tqdm[Any]:
    return line(total=total, initial=done, unit=f" {unit}", unit_scale=True)


def line(**options: Any) -> tqdm[Any]:
    """A line of tqdm's on standard error, which is clean again when it is closed."""
    from tqdm import tqdm  # here, so that what is quick does not wait for it

    tqdm.monitor_interval = 0  # its own thread wakes bars that stand still; these are told
    # a terminal that does not tell its size would have no rows, and no room for a bar
    return tqdm(leave=False, file=sys.stderr, ncols=_columns(), nrows=9, **options)


def _columns() -> int:
    """How wide the line is; a terminal that does not tell has 80 columns."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


@contextmanager
def shown(progress: bool | Progress | None, unit: str) -> Iterator[Progress]:
    """A function of done and total: the one given, a bar where ``progress`` is True, else one that is silent."""
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda done, total: None
    else:
        bar = Bar(unit)
        try:
            yield bar
        finally:
            bar.close()
