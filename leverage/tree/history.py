"""Which leaves draw from a past? Once all metrics are read, their `history(...)` gets its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from leverage.errors import LeverageError, Place
from leverage.tree.distribution import Distribution
from leverage.tree.faults import Faults
from leverage.tree.grid import Grid
from leverage.tree.metric import Metric
from leverage.tree.recorded import Labels
from leverage.tree.records import Records, dimensions
from leverage.tree.uncertainty import Awaited, Past, read

MOST = 20_000_000  # figures that all leaves of a model draw from together
Drawn = tuple[Distribution, bool]  # and whether its figures are written with %


class TooLong(LeverageError):
    """Pasts of so many leaves that no memory holds them."""

    def __init__(self, *, at: Place, metric: str | None) -> None:
        message = f"the leaves draw from more than {MOST:,} recorded figures; keep fewer rows, or fewer histories"
        super().__init__(message, at=at, metric=metric)


def settle(metrics: dict[str, Metric], records: Records, grid: Grid, faults: Faults) -> None:
    """Gives every leaf that draws from a past its distribution, in place; every fault is added, once."""
    drawing, met = _Drawing(records), set[int]()
    for id, metric in metrics.items():
        if isinstance(metric.uncertainty, Awaited):
            try:
                metrics[id] = _settled(metric, grid, drawing.made)
            except LeverageError as fault:  # of the file, it is one for all that ask
                if hash(fault) not in met:
                    faults.add(fault)
                met.add(hash(fault))


class _Drawing:
    """The distributions made so far, each once for all cells that share it."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.left = MOST
        self.known: dict[tuple[str, str | None, Labels], Drawn] = {}

    def made(self, awaited: Awaited, labels: Labels) -> Drawn:
        """The distribution for a cell with these labels.

        Raises:
            TooLong: all together draw from too much.
            LeverageError: what `read` and `Records.past` raise.
        """
        key = awaited.text, awaited.metric, labels
        if key not in self.known:
            if self.left < 0:
                raise TooLong(at=awaited.at, metric=awaited.metric)
            pasts: dict[str, Past] = {}
            past = partial(self._past, pasts, labels)
            found = read(awaited.text, at=awaited.at, metric=awaited.metric, past=past)
            self.known[key] = found, any(past.percent for past in pasts.values())
            self.left -= sum(len(past.figures) for past in pasts.values())
        return self.known[key]

    def _past(self, met: dict[str, Past], labels: Labels, id: str) -> Past:
        met[id] = self.records.past(id, labels)
        return met[id]


def _settled(metric: Metric, grid: Grid, made: Callable[[Awaited, Labels], Drawn]) -> Metric:
    if metric.figures is None:
        return _drawn(metric, made, frozenset())
    axes = metric.figures.axes
    cells = zip(grid.cells(axes), metric.figures.each, strict=True)
    each = tuple(_drawn(single, made, dimensions(labels, axes)) for labels, single in cells)
    figures = replace(metric.figures, each=each)
    first = {key: getattr(each[0], key) for key in ("uncertainty", "percent")}
    return Metric.of({**metric.__dict__, "figures": figures, **first})


def _drawn(single: Metric, made: Callable[[Awaited, Labels], Drawn], labels: Labels) -> Metric:
    assert isinstance(single.uncertainty, Awaited)
    found, percent = made(single.uncertainty, labels)
    if single.base is not None:
        return Metric.of({**single.__dict__, "uncertainty": found})
    return Metric.of(
        {**single.__dict__, "uncertainty": found, "base": found.median, "percent": single.percent or percent}
    )
