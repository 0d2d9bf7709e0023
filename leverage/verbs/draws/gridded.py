"""The samples of metrics over time and dimensions, by arrays: what `draws.samples` does, without the tree of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from leverage.program.arrays.axes import spread
from leverage.program.arrays.levels import given, levels, movable
from leverage.program.arrays.lower import arrays
from leverage.program.arrays.program import Array
from leverage.program.arrays.run import Block, Ready, ready
from leverage.program.memory import borrowed
from leverage.sampling.rows import summaries
from leverage.tree.addresses import metric_of
from leverage.tree.grid import Axes
from leverage.tree.tree import Tree
from leverage.verbs.draws import chance as settings
from leverage.verbs.draws.cast import worked
from leverage.verbs.draws.chance import Chance
from leverage.verbs.draws.lot import Lot, lot
from leverage.verbs.draws.samples import Aim, Drawn, TooMany
from leverage.verbs.draws.spread import Kept
from leverage.work.job import Part

Places = NDArray[np.intp]

MANY = 2_000  # cells of a model, above which arrays are sooner done


@dataclass(frozen=True, eq=False)
class Asked:
    """The cells of one metric that are asked for: ``places`` among all, in the order of the grid; None: all of them."""

    axes: Axes
    shape: tuple[int, ...]
    places: Places | None
    rows: slice  # where they stand among all rows

    def write(self, kept: Array, axes: Axes, out: Array) -> None:
        """A block's values of the metric, over axes of which it may miss some, into its rows of a block."""
        wide = np.broadcast_to(spread(kept, axes, self.axes), (*self.shape, kept.shape[-1]))
        if self.places is None:
            out.reshape((*self.shape, out.shape[-1]), copy=False)[...] = wide
        else:
            out[...] = wide.reshape(-1, kept.shape[-1])[self.places]


@dataclass(frozen=True, eq=False)
class Gridded:
    """The job whose part is a chunk's samples: ``values``, a row a cell, and what met an end of its leaf.

    ``ids``: the cells in the order of their rows; ``keep``: by metric.
    """

    lot: Lot
    ready: Ready
    settled: Mapping[int, Array]
    ids: tuple[str, ...]
    keep: Mapping[str, Asked]
    block: int

    def __call__(self, chunk: int) -> Part:
        begin, end = self.lot.span(chunk)
        values = np.empty((len(self.ids), end - begin))
        clipped = self.lot.first()
        length = min(self.block, end - begin)
        blocks: dict[int, Block] = {}
        with borrowed(1, self.ready.memory.size(length)) as (memory,):
            for start, stop, arrays in self.lot.blocks(chunk, length, clipped):
                if stop - start not in blocks:
                    blocks[stop - start] = self.ready.bound(self.settled, stop - start, memory)
                kept = blocks[stop - start].run(arrays)
                for id, asked in self.keep.items():
                    asked.write(kept[id], self.ready.keep[id].axes, values[asked.rows, start - begin : stop - begin])
        return {"values": values, **clipped}


def gridded(tree: Tree, chance: Chance, ids: Iterable[str]) -> Gridded:
    """The job of drawing cells, by their ids, of a tree that is `by_arrays`."""
    program, drawn, stood = arrays(tree), lot(tree, chance), levels(tree)
    keep = _asked(tree, ids)
    own = {id: tree.metrics[id].axes for id in (*stood, *drawn.moved)}
    made = ready(program, varying=drawn.ids, keep=keep, moved=own)
    figures = given(tree, stood, {id: made.axes[slot] for id, slot in made.inputs.items()})
    settled = made.settle({id: figure for id, figure in figures.items() if id not in drawn.ids})
    cells = [cell for id, asked in keep.items() for cell in _cells(tree, id, asked)]
    return Gridded(drawn, made, settled, tuple(cells), keep, chance.block or made.length)


def _asked(tree: Tree, ids: Iterable[str]) -> dict[str, Asked]:
    """The cells by metric, metrics as they are first named."""
    met: dict[str, set[str]] = {}
    for cell in ids:
        met.setdefault(metric_of(cell), set()).add(cell)
    found, first = {}, 0
    for id, wanted in met.items():
        axes, shape = tree.metrics[id].axes, tree.grid.shape(tree.metrics[id].axes)
        every = len(wanted) == prod(shape)
        places = None if every else np.array([k for k, cell in enumerate(tree.cells_of(id)) if cell in wanted])
        found[id] = Asked(axes, shape, places, slice(first, first + len(wanted)))
        first += len(wanted)
    return found


def _cells(tree: Tree, id: str, asked: Asked) -> tuple[str, ...]:
    cells = tree.cells_of(id)
    return cells if asked.places is None else tuple(cells[place] for place in asked.places)


@dataclass(frozen=True, eq=False)
class Side:
    """The total that puts the chunks' samples side by side; those of a single chunk stay where they are."""

    lot: Lot
    values: Array  # (cells, samples); no memory of it is touched where there is one chunk

    def first(self) -> Part:
        return {"values": self.values[:, :0], **self.lot.first()}

    def joined(self, total: Part, chunk: int, part: Part) -> Part:
        met = {key: total[key] + count for key, count in part.items() if key != "values"}
        begin, end = self.lot.span(chunk)
        if part["values"].shape == self.values.shape:
            return {"values": part["values"], **met}
        self.values[:, begin:end] = part["values"]
        return {"values": self.values[:, :end], **met}

    def resumed(self, total: Part) -> Part:
        held = total["values"]
        self.values[:, : held.shape[1]] = held
        return {**total, "values": self.values[:, : held.shape[1]]}


def gridded_samples(
    tree: Tree, chance: Chance, aims: Sequence[Aim], quantiles: Sequence[float], tail: float | None = None
) -> Drawn:
    """`samples.drawn` by arrays: the samples of cells, summed up, of a tree that is `by_arrays`.

    Raises:
        TooMany: so many cells that their samples would not fit the memory.
    """
    if len(aims) * chance.samples > settings.HELD:
        raise TooMany(len(aims), chance.samples)
    aimed = {aim.id: aim for aim in aims}
    job = gridded(tree, chance, aimed)
    draws, total = job.lot.drawn, Side(job.lot, np.empty((len(job.ids), chance.samples)))
    asked = {"asked": "simulate", "metrics": list(job.ids), "by": "arrays"}
    found = worked(tree, chance, job, total, chunks=draws.chunks, **asked)
    values = found["values"]
    told = summaries(
        values,
        quantiles=quantiles,
        repeats=draws.repeats,
        targets=[aimed[id].target for id in job.ids],
        signs=[aimed[id].sign for id in job.ids],
        bases=[aimed[id].base for id in job.ids],
        tail=tail,
    )
    by_id = dict(zip(job.ids, told, strict=True))
    kept = Kept(dict(zip(job.ids, values, strict=True)))
    return Drawn({id: by_id[id] for id in aimed}, kept, job.lot.notes(tree, found), draws.repeats)


def by_arrays(tree: Tree, samples: int) -> bool:
    """Whether samples of the tree are computed by arrays: of many cells, of which no formula was moved, all kept."""
    if not tree.grid or not movable(tree) or samples > settings.KEPT:
        return False
    return sum(prod(tree.grid.shape(metric.axes)) for metric in tree.metrics.values()) > MANY
