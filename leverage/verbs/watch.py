"""Which series does the KGI make something of, period by period, and of each of them how much?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.errors import LeverageError
from leverage.program.run import point, slope_figures
from leverage.tree.grid import TIME
from leverage.tree.tree import Tree
from leverage.verbs.cells.sums import course
from leverage.verbs.draws.chance import BadSetting

Array = NDArray[np.float64]


class NoTime(LeverageError):
    """A model without periods, or whose KGI none of them reaches."""

    def __init__(self, kgi: str, *, timeless: bool) -> None:
        if timeless:
            fault, mend = "the model has no periods", "add 'time: {periods: 12}', and a list, 'growth' or 'prev'"
        else:
            fault, mend = f"nothing that {kgi} is made of runs over time", "name a metric that does with --of"
        super().__init__(f"{fault}, so a push has no course; {mend}")


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """The series that are watched. ``weight`` (c, t): what the KGI makes of one unit more of each in each period."""

    ids: tuple[str, ...]  # addresses
    cells: tuple[tuple[str, ...], ...]  # of each series of each of them, its cells period by period
    weight: Array

    @property
    def plain(self) -> bool:
        """One series, whose response is given in its own unit."""
        return len(self.cells) == 1

    @property
    def added(self) -> bool:
        """The KGI makes something of more than one period: it adds them up, discounted or not."""
        return bool(np.count_nonzero(np.any(self.weight != 0, axis=0)) > 1)

    def read(self, moved: Array) -> tuple[Array, Array | None]:
        """The response (t,) and the share by period of what reaches the KGI, from how the series (c, t) moved.

        Several series are brought together by what the KGI makes of each; where it reads a single period of them, by
        what it makes of that one.
        """
        reaching = (self.weight * moved).sum(axis=0)
        whole = reaching.sum()
        shares = np.cumsum(reaching) / whole if self.added and whole else None
        if self.plain:
            return moved[0], shares
        heaviest = np.take_along_axis(self.weight, np.argmax(np.abs(self.weight), axis=1)[:, None], axis=1)
        return reaching if self.added else (heaviest * moved).sum(axis=0), shares


def watched(tree: Tree, of: str | None) -> Watch:
    """The series asked for, or those that the KGI is made of."""
    if of is not None:
        cells = course(tree, of, "of")
        if len(cells) == 1:
            raise BadSetting("of", of, "it is one figure; name a metric that runs over time")
        return Watch((of,), (cells,), _weights(tree, (cells,)))
    ids = _front(tree)
    if not ids:
        raise NoTime(tree.kgi, timeless=False)
    periods = tree.grid.periods
    series: list[tuple[str, ...]] = []
    for id in ids:
        each = tree.cells_of(id)
        series += [each[start : start + periods] for start in range(0, len(each), periods)]
    return Watch(ids, tuple(series), _weights(tree, series))


def _front(tree: Tree) -> tuple[str, ...]:
    """Down from the KGI, the first metrics on each way that run over time."""
    found: dict[str, None] = {}
    met, stack = {tree.kgi}, [tree.kgi]
    while stack:
        id = stack.pop()
        if TIME in tree.metrics[id].axes:
            found[id] = None
            continue
        fresh = [driver for driver in tree.drivers[id] if driver not in met]
        met.update(fresh)
        stack.extend(reversed(fresh))
    return tuple(found)


def _weights(tree: Tree, series: Iterable[tuple[str, ...]]) -> Array:
    """What the KGI makes of one unit more in each period of each series, all others held: (c, t)."""
    rows = list(series)
    cells = [cell for row in rows for cell in row]
    here = point(tree.cells)
    held = tree.cells.with_(set={cell: here[cell] for cell in cells if not tree.cells.metrics[cell].leaf})
    slopes = slope_figures(held)
    return np.array([[slopes[cell] for cell in row] for row in rows])
