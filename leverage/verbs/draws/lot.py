"""The uncertain leaves of a tree over axes, drawn by arrays and moved to where they stand, without the tree of cells.

A leaf's cells take their draws from rows, one a draw and distribution: the same draws by the same names as those of
`draws.cast`, to the bit. Growth and seasons are multiplied in the program; the cells of a leaf that a scenario moves
are moved here, each to its own level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.program.arrays.axes import spread
from leverage.program.arrays.levels import Levels, levels, standing, trend
from leverage.program.arrays.lower import shown
from leverage.program.arrays.program import Array
from leverage.sampling.draws import Draws
from leverage.sampling.room import IDLE
from leverage.sampling.streams import CHUNK
from leverage.tree.cells import pairs
from leverage.tree.grid import Axes, Grid, cell_id
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.tree.uncertainty import limits
from leverage.verbs.draws.cast import OtherVersion, Source, met_ends, sourced
from leverage.verbs.draws.chance import Chance
from leverage.verbs.result import VERSION
from leverage.work.job import Part
from leverage.work.stop import breathe

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Seat:
    """Where a leaf's cells find their draws: ``rows`` over ``axes``, those over which they differ."""

    rows: Places
    axes: Axes

    def draws(self, drawn: Array) -> Array:
        """The leaf's draws, ``(labels..., b)``; ``drawn``: all rows."""
        flat = self.rows.ravel()
        first = int(flat[0])
        if (np.diff(flat) == 1).all():  # the labels stand in the order of the alphabet
            return drawn[first : first + len(flat)].reshape(*self.rows.shape, -1)
        return drawn[self.rows]


@dataclass(frozen=True, eq=False)
class Moved:
    """Where the cells of a leaf stand on its draws, each array over all its axes: see `uncertainty.moved`.

    Attributes:
        times, shift: what draws are multiplied by, and what is added to them.
        apart: cells to which something is added, whose draws keep the figure's limits ``low`` and ``high``.
        still: cells without doubt, which stand at ``value``.
    """

    seat: Seat
    axes: Axes
    times: Array
    shift: Array
    apart: Flags
    low: Array
    high: Array
    still: Flags
    value: Array

    def draws(self, drawn: Array, again: int, clipped: NDArray[np.int64]) -> Array:
        """The leaf's draws where its cells stand, ``(labels..., b)``.

        Args:
            again: so many of the first ones were drawn before.
            clipped: to which is added how many of the others met an end, cell by cell.
        """
        own = spread(self.seat.draws(drawn), self.seat.axes, self.axes)
        found: Array = own * self.times[..., None]
        if self.apart.any():
            np.add(found, self.shift[..., None], out=found, where=self.apart[..., None])
            low, high, apart = self.low[..., None], self.high[..., None], self.apart[..., None]
            left = ((found < low) | (found > high)) & apart
            if left.any():
                clipped += np.count_nonzero(left[..., again:], axis=-1)
                np.clip(found, low, high, out=found, where=apart)
        if self.still.any():
            found[self.still] = self.value[self.still][:, None]
        return found


@dataclass(frozen=True, eq=False)
class Lot:
    """The leaves of a tree over axes, ready to be drawn: a value that pickles, and holds no tree.

    ``seats``: of leaves that stand where the file puts them; ``moved``: of all other uncertain ones.
    """

    drawn: Draws
    seats: Mapping[str, Seat]
    moved: Mapping[str, Moved]
    version: str = VERSION

    @property
    def ids(self) -> tuple[str, ...]:
        """The leaves that are drawn."""
        return (*self.seats, *self.moved)

    def first(self) -> dict[str, NDArray[np.int64]]:
        """No draw of a moved leaf at an end of what it can be, cell by cell."""
        return {f"clipped.{id}": np.zeros(leaf.times.shape, dtype=np.int64) for id, leaf in self.moved.items()}

    def span(self, chunk: int) -> tuple[int, int]:
        """A chunk's first sample, and the one after its last."""
        return chunk * CHUNK, min((chunk + 1) * CHUNK, self.drawn.samples)

    def blocks(self, chunk: int, block: int, clipped: Part) -> Iterator[tuple[int, int, dict[str, Array]]]:
        """Start, stop and each leaf's draws ``(labels..., b)``, block by block; adds to what met an end.

        Points are drawn for many blocks at a time: a row of a hundred costs as much as one of a thousand.

        Raises:
            OtherVersion: it was made by another version, and sent here.
        """
        if self.version != VERSION:
            raise OtherVersion(VERSION, self.version)
        begin, end = self.span(chunk)
        times = -(-(end - begin) * len(self.drawn.leaves) // IDLE) or 1
        for start, stop, rows in self.drawn.tables(chunk, max(block, -(-(end - begin) // times))):
            breathe()
            for at in range(start, stop, block):
                first = max(start, min(at, stop - block))  # a last block goes over some samples once more
                last = min(first + block, stop)
                here = rows[:, first - start : last - start]
                told = {id: seat.draws(here) for id, seat in self.seats.items()}
                again = at - first
                for id, leaf in self.moved.items():
                    told[id] = leaf.draws(here, again, clipped[f"clipped.{id}"])
                yield first, last, told

    def notes(self, tree: Tree, clipped: Part) -> tuple[str, ...]:
        """Sentences about the draws: correlations that moved, draws that met the end of what their leaf can be."""
        said = []
        for id in self.moved:
            counts = clipped[f"clipped.{id}"].ravel().tolist()
            cells = zip(tree.cells_of(id), counts, strict=True)
            met = sorted((cell, count) for cell, count in cells if count)
            if met:
                said.append(met_ends(id, met, self.drawn.samples))
        return (*self.drawn.notes, *said)


def lot(tree: Tree, chance: Chance) -> Lot:
    """The uncertain leaves of the file's tree as the settings draw them, where the tree's moves put them."""
    names: dict[Source, str] = {}
    known = {
        metric.id: _sources(metric, tree.grid, names) for _, metric in sorted(tree.metrics.items()) if _doubt(metric)
    }
    drawn = sourced(names, [pair for each in tree.correlations for pair in pairs(tree, each)], chance)
    place = {id: k for k, id in enumerate(drawn.ids)}
    stood = levels(tree)
    seats: dict[str, Seat] = {}
    moved: dict[str, Moved] = {}
    for id, sources in known.items():
        metric = tree.metrics[id]
        rows = np.array([place[names[source]] if source else 0 for source in sources], dtype=np.intp)
        seat = Seat(rows.reshape(tree.grid.shape(shown(metric))), shown(metric))
        if id in stood or not all(sources) or not trend(metric, metric.axes).all():
            moved[id] = _moved(metric, tree.grid, seat, sources, stood.get(id))
        else:
            seats[id] = seat
    return Lot(drawn, seats, moved)


def _doubt(metric: Metric) -> bool:
    each = (metric,) if metric.figures is None else metric.figures.each
    return metric.leaf and any(single.uncertainty is not None for single in each)


def _sources(metric: Metric, grid: Grid, names: dict[Source, str]) -> list[Source | None]:
    """The draw and the distribution of each cell over the axes by which they differ; new ones are named by a cell."""
    axes = shown(metric)
    over, each = ((), (metric,)) if metric.figures is None else (metric.figures.axes, metric.figures.each)
    places = spread(np.arange(len(each)).reshape(grid.shape(over)), over, axes)
    found: list[Source | None] = []
    for place, labels in zip(np.broadcast_to(places, grid.shape(axes)).ravel().tolist(), grid.cells(axes), strict=True):
        known = each[place].uncertainty
        if known is None:
            found.append(None)
            continue
        at = {axis: grid[axis].labels[0] for axis in metric.axes} | dict(zip(axes, labels, strict=True))
        source = (metric.draw_of(at), known)
        names.setdefault(source, cell_id(metric.id, tuple(at.values())))
        found.append(source)
    return found


def _moved(metric: Metric, grid: Grid, seat: Seat, sources: list[Source | None], stood: Levels | None) -> Moved:
    """Where the cells of a leaf stand, one by one."""
    shape = grid.shape(metric.axes)
    of = np.broadcast_to(spread(np.arange(len(sources)).reshape(seat.rows.shape), seat.axes, metric.axes), shape)
    factors = np.broadcast_to(trend(metric, metric.axes), shape)
    if stood is None:
        stood = Levels.of(standing(metric, grid))
    bounds = np.empty((2, *shape))
    for at, place in np.ndenumerate(of):
        source = sources[place]
        bounds[(slice(None), *at)] = limits(source[1], float(factors[at])) if source else (-np.inf, np.inf)
    certain = np.array([source is None for source in sources])[of]
    return Moved(
        seat,
        metric.axes,
        stood.factor * factors,
        stood.shift,
        (stood.factor != 1) | (stood.shift != 0),
        bounds[0],
        bounds[1],
        stood.certain | (factors == 0) | certain,
        stood.value,
    )
