"""The tree's uncertain leaves, drawn block by block and moved to where they stand; and a run through all chunks.

The draws of a leaf belong to the file; a scenario moves them (`tree.Level`). So scenarios are compared on the same
draws, and a lever that is set keeps its doubt. Cells with one draw and one distribution have one source, which is drawn
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.errors import LeverageError
from leverage.program.memory import borrowed
from leverage.program.program import Program
from leverage.program.schedule import BySlot, Schedule
from leverage.sampling.draws import Draws, draws
from leverage.sampling.room import IDLE
from leverage.sampling.streams import CHUNK
from leverage.tree.addresses import metric_of
from leverage.tree.metric import Metric
from leverage.tree.tree import Correlation, Tree
from leverage.tree.uncertainty import Distribution
from leverage.verbs.draws.chance import Chance
from leverage.verbs.draws.stands import Seats, Stand, seats
from leverage.verbs.result import VERSION
from leverage.work.checkpoint import Checkpoint
from leverage.work.fold import fold
from leverage.work.job import Job, Part, Total
from leverage.work.progress import shown
from leverage.work.stop import breathe

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Source = tuple[str, Distribution]  # a draw's name, and what is drawn from it

NOTHING = Program({}, {}, (), {}, (), 0)
NO_ROWS: AbstractContextManager[list[Array]] = nullcontext([])


class OtherVersion(LeverageError):
    """A worker whose leverage is another than that of whoever asks: its figures might be, too."""

    def __init__(self, there: str, here: str) -> None:
        self.versions = there, here
        super().__init__(f"a worker has leverage {there}, and {here} was asked; install {here} on every worker")

    def __reduce__(self) -> Any:
        return OtherVersion, self.versions


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """The tree's uncertain leaves, ready to be drawn: a value that pickles, and holds no tree.

    ``stands``: of each leaf whose doubt stands where it does so on which of the draws, in the order of ids.
    """

    draws: Draws
    stands: Mapping[str, Stand]
    version: str = VERSION

    @property
    def ids(self) -> tuple[str, ...]:
        """The leaves that are drawn: those whose doubt stands."""
        return tuple(self.stands)

    @property
    def seats(self) -> Seats:
        """In which row of a block each leaf's draws stand."""
        return seats(self.stands.values(), len(self.draws.leaves))

    def blocks(self, chunk: int, block: int, clipped: Counts) -> Iterator[tuple[int, int, dict[str, Array]]]:
        """Start, stop and each leaf's draws where it stands, block by block.

        Leaves that stand alike have one array: read it, until the next block is asked for, and write into none.

        Args:
            clipped: to which is added how many draws of each leaf had to be put at the end of what it can be.

        Raises:
            OtherVersion: it was made by another version, and sent here.
        """
        if self.version != VERSION:
            raise OtherVersion(VERSION, self.version)
        begin, end = self.span(chunk)
        ids, seated = self.ids, self.seats
        at = np.array(seated.at, dtype=np.intp)
        with borrowed(seated.extra, min(block, end - begin)) if seated.extra else NO_ROWS as extra:
            for start, stop, drawn in self.draws.blocks(chunk, block):
                breathe()
                rows, left = seated.fill(drawn.values(), [row[: stop - start] for row in extra])
                if left.any():
                    clipped += left[at]
                yield start, stop, dict(zip(ids, [rows[place] for place in seated.at], strict=True))

    def span(self, chunk: int) -> tuple[int, int]:
        """A chunk's first sample, and the one after its last."""
        return chunk * CHUNK, min((chunk + 1) * CHUNK, self.draws.samples)

    def notes(self, clipped: Counts) -> tuple[str, ...]:
        """Sentences about the draws: correlations that moved, draws that met the end of their support."""
        met: dict[str, list[tuple[str, int]]] = {}
        for id, count in zip(self.stands, clipped.tolist(), strict=True):
            if count:
                met.setdefault(metric_of(id), []).append((id, count))
        return (*self.draws.notes, *[met_ends(metric, cells, self.draws.samples) for metric, cells in met.items()])


def met_ends(metric: str, cells: list[tuple[str, int]], samples: int) -> str:
    """That draws of a metric, or of cells of it, met the end of their support; ``cells``: of each how many."""
    if len(cells) == 1:
        ((id, count),) = cells
        said, where = f"{count:,} of {samples:,} draws of {id}", ""
    else:
        most = max(count for _, count in cells)
        said, where = f"up to {most:,} of {samples:,} draws of {metric}", f" in {len(cells):,} of its cells"
    return f"{said} left its possible range after the change{where} and were put at its end"


def sourced(sources: Mapping[Source, str], correlations: Iterable[Correlation], chance: Chance) -> Draws:
    """Each source drawn once, as the settings say; ``sources``: of each, the id of one of the leaves that it serves."""
    return draws(
        [(id, distribution) for (_, distribution), id in sources.items()],
        correlations,
        seed=chance.seed,
        samples=chance.samples,
        points=chance.points,
        strict=chance.strict,
        shares={id: draw for (draw, _), id in sources.items()},
    )


def cast(tree: Tree, chance: Chance) -> Cast:
    """The tree's uncertain leaves as the settings draw them; of a model over axes, those of the tree of its cells.

    Leaves whose doubt has ended keep their place among the draws, so that a scenario changes no other leaf's draws. A
    cell whose draws are multiplied by 0 has no doubt.
    """
    leaves = [(m, m.uncertainty) for _, m in sorted(tree.metrics.items()) if m.uncertainty is not None]
    sources: dict[Source, str] = {}
    for m, known in leaves:
        sources.setdefault((m.draw or m.id, known), m.id)
    drawn = sourced(sources, tree.correlations, chance)
    place = {id: k for k, id in enumerate(drawn.ids)}

    def stand(metric: Metric, known: Distribution) -> Stand:
        source = place[sources[metric.draw or metric.id, known]]
        return Stand(source, drawn.leaves[source][1], tree.levels[metric.id], metric.factor)

    doubtful = ((m, known) for m, known in leaves if m.factor and not tree.levels[m.id].certain)
    return Cast(drawn, {m.id: stand(m, known) for m, known in doubtful})


def worked(tree: Tree, chance: Chance, job: Job, total: Total, *, chunks: int, **asked: Any) -> Part:
    """All chunks of a job, joined, where and as the settings want it; ``asked``: what else the figures depend on."""

    def told(done: int) -> None:
        progress(min(done * CHUNK, chance.samples), chance.samples)

    file = None if chance.checkpoint is None else Checkpoint(chance.checkpoint, _run(tree, chance, asked))
    with shown(chance.progress, "samples") as progress:
        return fold(
            job, total, chunks=chunks, threads=chance.threads, executor=chance.executor, checkpoint=file, told=told
        )


def _run(tree: Tree, chance: Chance, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a checkpoint must be of: whatever the figures depend on, and nothing that they do not."""
    return {
        **asked,
        "model": tree.hash,
        "changes": [[move.kind, move.metric, move.amount, move.certain] for move in tree.moves],
        **chance.to_run(),
        "strict": chance.strict,
        "version": VERSION,
        "numpy": np.__version__,
    }


def blocked(cast: Cast, chance: Chance, ready: Schedule) -> int:
    """Samples at a time: what suits the schedule, twice that on threads, and no more draws than are worth their memory.

    Each call of NumPy lets another thread have the interpreter, and may wait to get it back; half as many calls brought
    a third more on two threads.
    """
    if chance.block is not None:
        return chance.block
    length = ready.length if chance.threads == 1 else 2 * ready.length
    return max(1, min(length, IDLE // max(1, len(cast.draws.leaves) + cast.seats.extra)))


def sent(ready: Schedule, settled: BySlot) -> tuple[Schedule, dict[int, Any]]:
    """A schedule and settled figures as a block reads them, without the program behind them: so much travels."""
    read = {*ready.reads, *ready.keep.values(), *ready.also, *ready.also.values()}
    return replace(ready, program=NOTHING, once=()), {slot: settled[slot] for slot in sorted(read)}
