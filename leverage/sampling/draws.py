"""The draws of every uncertain leaf, block by block: points of the unit cube, tied together, through the quantiles.

Nothing of the samples' length is held. Draws are a function of the leaves, the seed and the index: the order in which
chunks are taken, the size of blocks and the threads change no bit. Leaves that share a draw go through their own
distributions from one coordinate of the points: they have the same ranks.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from leverage.errors import LeverageError, listed
from leverage.panels import Array
from leverage.sampling.dependence import SEEN, Dependence, dependence, rank_correlation, reached
from leverage.sampling.latin import Latin
from leverage.sampling.marginal import Marginal, Scored, marginal, standard
from leverage.sampling.points import CHUNK, Points, Stream
from leverage.sampling.points import points as cube
from leverage.sampling.reordered import reordered
from leverage.sampling.room import Room, borrowed
from leverage.sampling.streams import LEAST, MOST
from leverage.sampling.table import Spare

if TYPE_CHECKING:
    from leverage.tree.tree import Correlation
    from leverage.tree.uncertainty import Distribution

BLOCK = 16_384  # samples; a leaf's row of 128 KB stays in the core's cache
TOLD = 0.005  # a gap of a rank correlation that two decimals show
NOT_SHARED: Mapping[str, str] = MappingProxyType({})


class NotWhole(LeverageError):
    """A number of samples, or a seed, that is no whole number or too small."""

    def __init__(self, what: str, found: object, least: int) -> None:
        super().__init__(f"{what} {found!r}: a whole number of at least {least} is needed")


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of the leaves, which stand in the order of their draws, and those of one draw in the order of their ids.

    ``rows``: for each draw, which has a coordinate of the points and a name, the places of its leaves.
    ``dependence``: of draws.
    """

    leaves: tuple[tuple[str, Distribution], ...]
    rows: tuple[range, ...]
    names: tuple[str, ...]
    points: Points
    dependence: Dependence
    seed: int
    samples: int
    notes: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The leaves' ids, in order."""
        return tuple(id for id, _ in self.leaves)

    @property
    def repeats(self) -> int:
        """Independent groups: sample i belongs to group ``i % repeats``; 1 where every sample is independent."""
        return self.points.repeats

    @property
    def chunks(self) -> int:
        """Units of work, of 65,536 samples each, the last one fewer."""
        return -(-self.samples // CHUNK)

    @cached_property
    def homes(self) -> tuple[int, ...]:
        """Of each leaf, the place of its draw."""
        return tuple(draw for draw, places in enumerate(self.rows) for _ in places)

    @cached_property
    def marginals(self) -> tuple[Marginal, ...]:
        """How each leaf is drawn."""
        return tuple(marginal(leaf) for _, leaf in self.leaves)

    def __getstate__(self) -> dict[str, Any]:
        """All but what is derived: where it arrives it is made again, or known; tables weigh more than all else."""
        return {name: value for name, value in self.__dict__.items() if name not in ("marginals", "homes")}

    def blocks(self, chunk: int, block: int = BLOCK) -> Iterator[tuple[int, int, dict[str, Array]]]:
        """The draws of one chunk: the first sample, the one after the last, and each leaf's draws of those between.

        The arrays are the reader's, to change too, until the next block is asked for or the stream is let go: then
        others are written over them. Copy what is kept.

        Args:
            chunk: 0 up to ``chunks - 1``.
            block: samples at a time; it changes memory and speed, never a bit.
        """
        for start, stop, rows in self.tables(chunk, block):
            yield start, stop, dict(zip(self.ids, rows, strict=True))

    def tables(self, chunk: int, block: int = BLOCK) -> Iterator[tuple[int, int, Array]]:
        """`blocks` as one array a block, ``(leaves, b)``, for who reads thousands of leaves by their place."""
        first, end = chunk * CHUNK, min((chunk + 1) * CHUNK, self.samples)
        leaves, wide = len(self.leaves), min(block, end - first)
        with borrowed(leaves * wide, self.dependence.widest * wide, wide) as room:
            stream, tied = self._course(chunk)
            for start in range(first, end, block):
                stop = min(start + block, end)
                rows = room.rows(leaves, wide)[:, : stop - start]
                with np.errstate(over="ignore", divide="ignore"):  # a level too large for a float is infinite
                    self.fill(stream, rows, room, tied)
                yield start, stop, rows

    def _course(self, chunk: int) -> tuple[Stream, Dependence]:
        """A chunk's points, and what is to be tied of them: of Latin hypercubes, whose order says it, nothing."""
        if not isinstance(self.points, Latin):
            return self.points.chunk(chunk), self.dependence
        loose = Dependence().alone(k for k, places in enumerate(self.rows) if len(places) > 1)
        return reordered(self.points, self.dependence.groups, chunk, self.samples), loose

    def fill(self, stream: Stream, rows: Array, room: Room, tied: Dependence | None = None) -> None:
        """Put a stream's next points, through all that is said of the leaves, into rows ``(leaves, b)``.

        ``tied``: what ties these points, the draws' own dependence when left out.
        """
        b = rows.shape[1]
        spare = room.spare.to(b)
        tied = self.dependence if tied is None else tied
        for k in tied.free(len(self.rows)):
            place = self.rows[k].start
            stream.fill(k, rows[place])
            self.marginals[place].draw(rows[place], spare)
        for group in tied.groups:
            scores = room.group(len(group.rows), b)
            for score, k in zip(scores, group.rows, strict=True):
                points = rows[self.rows[k].start]
                stream.fill(k, points)
                score[:] = points
                standard().draw(score, spare)
            group.tie(scores)
            for i, k in enumerate(group.rows):
                self.of_score(group.follows(i), scores[i], k, rows[self.rows[k].start : self.rows[k].stop], spare)

    def of_score(self, follows: bool, score: Array, k: int, rows: Array, spare: Spare) -> None:
        """The draws of leaves of draw k: of its score, of the point that the score tells, or of its own point.

        The point stands in the row of the first leaf, whose turn comes last. ``rows``: of these leaves, to be written.
        """
        leaves, points = self.marginals[self.rows[k].start : self.rows[k].stop], rows[0]
        if follows and not all(isinstance(leaf, Scored) for leaf in leaves):
            from scipy.special import ndtr

            ndtr(score, out=points)
            np.minimum(points, MOST, out=points)
        for place in reversed(range(len(leaves))):
            leaf, row = leaves[place], rows[place]
            if isinstance(leaf, Scored):
                row[:] = score
                leaf.make(row, spare.term)
            else:
                if place:
                    row[:] = points
                leaf.draw(row, spare)


def draws(
    leaves: Sequence[tuple[str, Distribution]],
    correlations: Iterable[Correlation] = (),
    *,
    seed: int,
    samples: int,
    points: str = "sobol",
    strict: bool = False,
    shares: Mapping[str, str] = NOT_SHARED,
) -> Draws:
    """The draws of uncertain leaves.

    Args:
        leaves: id and distribution; any order gives the same draws.
        correlations: Spearman's, of pairs of draws; a pair is noted and left out where one is missing or has one level.
        seed: 0 or more.
        samples: 1 or more.
        points: a kind of `leverage.sampling.points.POINTS`.
        strict: refuse correlations that no dependence has, instead of taking the nearest.
        shares: leaf to the draw that it takes, alone or with others; a leaf that is not named is its own draw.

    Raises:
        NotWhole: seed or samples.
        UnknownName: there is no such kind of points.
        Contradiction: the correlations contradict each other, and ``strict``.
    """
    seed, samples = _whole("seed", seed, 0), _whole("samples", samples, 1)
    ordered = tuple(sorted(leaves, key=lambda leaf: (shares.get(leaf[0], leaf[0]), leaf[0])))
    rows = _rows([shares.get(id, id) for id, _ in ordered])
    ids, asked = tuple(rows), tuple(correlations)
    coordinates = cube(points, ids, seed=seed, samples=samples)
    sharing = {id: [leaf for _, leaf in ordered[places.start : places.stop]] for id, places in rows.items()}
    named = {id for pair in asked for id in (pair.a, pair.b) if id in sharing}
    tied = dependence(ids, asked, strict=strict, still={id for id in named if all(map(_still, sharing[id]))})
    notes = (*coordinates.notes, *tied.notes, *_missed(sharing, asked, tied))
    shared = tied.alone(k for k, places in enumerate(rows.values()) if len(places) > 1)
    return Draws(ordered, tuple(rows.values()), ids, coordinates, shared, seed, samples, notes)


def _rows(taken: Sequence[str]) -> dict[str, range]:
    """For each draw the places of the leaves that take it, which stand side by side.

    >>> _rows(["cost", "visits", "visits"])
    {'cost': range(0, 1), 'visits': range(1, 3)}
    """
    found: dict[str, range] = {}
    for place, draw in enumerate(taken):
        found[draw] = range(found[draw].start if draw in found else place, place + 1)
    return found


def _missed(
    leaves: Mapping[str, Sequence[Distribution]], asked: Iterable[Correlation], tied: Dependence
) -> Iterator[str]:
    """Where leaves are discrete, the rank correlation that their draws' ties leave of the one asked for.

    It is that of the first discrete leaf of each draw; all that are not have the ranks of the draw.
    """
    for pair in asked:
        ids = sorted((pair.a, pair.b))
        if (score := tied.scores.get((ids[0], ids[1]))) is None:
            continue
        ends = [next((leaf for leaf in leaves[id] if leaf.discrete), leaves[id][0]) for id in ids]
        steps = [id for id, leaf in zip(ids, ends, strict=True) if leaf.discrete]
        drawn = float(rank_correlation(score))  # the nearest, where no dependence has the one asked for
        found = reached(score, *ends) if steps else 0.0
        if steps and abs(found - drawn) >= TOLD:
            why = f"{listed(steps)} {'is' if len(steps) == 1 else 'are'} discrete"
            of = f"{pair.rank:g}" if abs(drawn - pair.rank) < SEEN else f"{drawn:.3f}"
            yield f"the rank correlation of {listed((pair.a, pair.b))} reaches {found:.2f} of {of}: {why}"


def _still(leaf: Distribution) -> bool:
    """Whether all its draws are one level, as of two recorded figures that are the same."""
    return leaf.discrete and bool(np.ptp(leaf.quantile(np.array([LEAST, MOST]))) == 0)


def _whole(what: str, found: object, least: int) -> int:
    try:
        number = operator.index(found)  # type: ignore[arg-type]
    except TypeError:
        raise NotWhole(what, found, least) from None
    if number < least:
        raise NotWhole(what, found, least)
    return number
