"""The draws of metrics, chunk by chunk: kept whole, or summed up as they come where there are too many to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.errors import LeverageError
from leverage.program.memory import borrowed
from leverage.program.run import stand
from leverage.program.schedule import Schedule, schedule
from leverage.sampling.partial import Partial, edges, joined, partial, summed
from leverage.sampling.rows import summaries
from leverage.sampling.streams import CHUNK
from leverage.sampling.summary import Summary
from leverage.tree.tree import Tree
from leverage.verbs.draws import chance as settings
from leverage.verbs.draws.cast import Cast, blocked, sent, worked
from leverage.verbs.draws.chance import Chance
from leverage.verbs.draws.spread import Heaped, Kept
from leverage.work.job import Part

Array = NDArray[np.float64]


class TooMany(LeverageError):
    """More figures than a memory holds: the cells of a model over axes, times their samples."""

    def __init__(self, cells: int, samples: int) -> None:
        fewer, most = settings.HELD // cells, settings.HELD
        less = f"ask for at most {fewer:,} samples, or " if samples <= settings.KEPT else ""
        name = "name" if less else f"above {settings.KEPT:,} samples, name"
        super().__init__(
            f"{cells:,} cells of {samples:,} samples each are more than the {most:,} figures that are kept at once; "
            f"{less}{name} fewer cells with --of, as in visits[ads]"
        )


@dataclass(frozen=True, slots=True)
class Aim:
    """What is asked of a metric's samples. ``sign``: +1 where more of it is better, -1 where less is.

    ``base``: its figure with all chance off, which draws may end worse than.
    """

    id: str
    target: float | None
    sign: float
    base: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """The job whose part is a chunk's samples: ``values``, a row a metric of ``keep``; ``clipped``, a count a leaf."""

    cast: Cast
    ready: Schedule
    settled: Mapping[int, Any]
    keep: tuple[str, ...]
    block: int

    def __call__(self, chunk: int) -> Part:
        begin, end = self.cast.span(chunk)
        values = np.empty((len(self.keep), end - begin))
        clipped = np.zeros(len(self.cast.ids), dtype=np.int64)
        with borrowed(self.ready.rows, min(self.block, end - begin)) as rows:
            for start, stop, arrays in self.cast.blocks(chunk, self.block, clipped):
                live = self.ready.block(self.settled, arrays, [row[: stop - start] for row in rows])
                for id, row in zip(self.keep, values, strict=True):
                    row[start - begin : stop - begin] = live[self.ready.keep[id]]
        return {"values": values, "clipped": clipped}


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """The job whose part is what a chunk's samples add up to, between the edges of each metric."""

    sampled: Sampled
    aims: tuple[Aim, ...]
    edges: tuple[Array, ...]
    repeats: int

    def __call__(self, chunk: int) -> Part:
        found = self.sampled(chunk)
        part = {"clipped": found["clipped"]}
        for place, (aim, between, values) in enumerate(zip(self.aims, self.edges, found["values"], strict=True)):
            told = partial(values, between, repeats=self.repeats, sign=aim.sign, target=aim.target, base=aim.base)
            part |= {f"{place}.{name}": array for name, array in told.arrays().items()}
        return part


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The total that puts the chunks' samples side by side."""

    cast: Cast
    values: Array  # (k, samples)

    def first(self) -> Part:
        return {"values": self.values[:, :0], "clipped": np.zeros(len(self.cast.ids), dtype=np.int64)}

    def joined(self, total: Part, chunk: int, part: Part) -> Part:
        begin, end = self.cast.span(chunk)
        if part["values"].shape == self.values.shape:  # all there is: not held twice
            return part
        self.values[:, begin:end] = part["values"]
        return {"values": self.values[:, :end], "clipped": total["clipped"] + part["clipped"]}

    def resumed(self, total: Part) -> Part:
        end = total["values"].shape[1]
        self.values[:, :end] = total["values"]
        return {"values": self.values[:, :end], "clipped": total["clipped"]}


@dataclass(frozen=True, slots=True)
class Heaps:
    """The total that adds up what the chunks' samples add up to."""

    metrics: int

    def first(self) -> Part:
        return {}

    def joined(self, total: Part, chunk: int, part: Part) -> Part:
        if not total:
            return part
        both = {"clipped": total["clipped"] + part["clipped"]}
        for place in range(self.metrics):
            both |= {
                f"{place}.{name}": a
                for name, a in joined(*(_taken(each, place) for each in (total, part))).arrays().items()
            }
        return both

    def resumed(self, total: Part) -> Part:
        return total


def _taken(part: Part, place: int) -> Partial:
    own = f"{place}."
    return Partial.of({name.removeprefix(own): array for name, array in part.items() if name.startswith(own)})


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """All samples worked through: a summary a metric, in their order, and what is left of the samples themselves."""

    summaries: Mapping[str, Summary]
    spread: Kept | Heaped
    notes: tuple[str, ...]
    repeats: int = 1  # independent groups of the samples, sample i in group i % repeats


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """Samples kept whole: ``values``, a row an output, ``(k, n)``, and sentences about the draws."""

    values: Array
    notes: tuple[str, ...]


def whole(tree: Tree, cast: Cast, chance: Chance, ids: Sequence[str], *, asked: str) -> Whole:
    """The samples of metrics of a tree of cells, leaves among them, in the order of ``ids``.

    Args:
        asked: the verb that asks: a checkpoint of another one is refused.

    Raises:
        TooMany: so many figures that they would not fit the memory.
    """
    if len(ids) * chance.samples > settings.HELD:
        raise TooMany(len(ids), chance.samples)
    return _whole(tree, chance, _sampled(tree, cast, chance, tuple(ids)), asked)


def drawn(
    tree: Tree,
    cast: Cast,
    chance: Chance,
    aims: Sequence[Aim],
    quantiles: Sequence[float],
    *,
    tail: float | None = None,
) -> Drawn:
    """The samples of metrics, summed up: exactly up to `chance.KEPT` of them, from there on between fixed edges.

    Which of the two is said by the number of samples alone, so that no machine changes a bit. ``tail``: the share of
    the worst samples whose mean is wanted.

    Raises:
        TooMany: so many cells of a model over axes that their samples would not fit the memory.
    """
    job = _sampled(tree, cast, chance, tuple(aim.id for aim in aims))
    of = _kept if chance.samples <= settings.KEPT else _heaped
    return of(tree, chance, job, tuple(aims), tuple(quantiles), tail=tail)


def _sampled(tree: Tree, cast: Cast, chance: Chance, keep: tuple[str, ...]) -> Sampled:
    at_once = chance.samples if chance.samples <= settings.KEPT else CHUNK
    if tree.grid and len(keep) * at_once > settings.HELD:
        raise TooMany(len(keep), chance.samples)
    standing = stand(tree)
    ready = schedule(standing.program, varying=cast.ids, keep=keep)
    return Sampled(cast, *sent(ready, ready.settle(standing.inputs)), keep, blocked(cast, chance, ready))


def _kept(
    tree: Tree, chance: Chance, job: Sampled, aims: tuple[Aim, ...], quantiles: tuple[float, ...], *, tail: float | None
) -> Drawn:
    found = _whole(tree, chance, job, "simulate")
    told = summaries(
        found.values,
        quantiles=quantiles,
        repeats=job.cast.draws.repeats,
        targets=[aim.target for aim in aims],
        signs=[aim.sign for aim in aims],
        bases=[aim.base for aim in aims],
        tail=tail,
    )
    kept = Kept(dict(zip(job.keep, found.values, strict=True)))
    return Drawn(dict(zip(job.keep, told, strict=True)), kept, found.notes, job.cast.draws.repeats)


def _whole(tree: Tree, chance: Chance, job: Sampled, asked: str) -> Whole:
    total = Rows(job.cast, np.empty((len(job.keep), chance.samples)))
    found = worked(tree, chance, job, total, chunks=job.cast.draws.chunks, asked=asked, metrics=list(job.keep))
    return Whole(found["values"], job.cast.notes(found["clipped"]))


def _heaped(
    tree: Tree, chance: Chance, job: Sampled, aims: tuple[Aim, ...], quantiles: tuple[float, ...], *, tail: float | None
) -> Drawn:
    draws = job.cast.draws
    fine = quantiles if tail is None else (*quantiles, tail, 1 - tail)
    ends = tuple(edges(values, fine) for values in job(0)["values"])
    binned = Binned(job, aims, ends, draws.repeats)
    asked = {"asked": "simulate", "metrics": list(job.keep), "quantiles": list(quantiles), "tail": tail}
    found = worked(tree, chance, binned, Heaps(len(aims)), chunks=draws.chunks, **asked)
    totals = {aim.id: (_taken(found, place), ends[place]) for place, aim in enumerate(aims)}
    summaries = {
        aim.id: summed(
            *totals[aim.id],
            quantiles=quantiles,
            repeats=draws.repeats,
            sign=aim.sign,
            target=aim.target,
            base=aim.base,
            tail=tail,
        )
        for aim in aims
    }
    note = (
        f"above {settings.KEPT:,} samples none are kept: quantiles are read between fixed edges, which puts them out "
        "by a small part of their standard error"
    )
    notes = (*job.cast.notes(found["clipped"]), note)
    return Drawn(summaries, Heaped(totals, chance.samples), notes, draws.repeats)
