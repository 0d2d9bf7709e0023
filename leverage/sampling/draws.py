"""The draws of every uncertain leaf, block by block: points of the unit cube, tied together, through the quantiles.

Nothing of the samples' length is held. Draws are a function of the leaves, the seed and the index: the order in which
chunks are taken, the size of blocks and the threads change no bit.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leverage.errors import LeverageError, listed
from leverage.panels import Array
from leverage.sampling.dependence import SEEN, Dependence, dependence, rank_correlation, reached
from leverage.sampling.points import CHUNK, Points
from leverage.sampling.points import points as cube

if TYPE_CHECKING:
    from leverage.tree.tree import Correlation
    from leverage.tree.uncertainty import Distribution

BLOCK = 16_384  # samples; a leaf's row of 128 KB stays in the core's cache


class NotWhole(LeverageError):
    """A number of samples, or a seed, that is no whole number or too small."""

    def __init__(self, what: str, found: object, least: int) -> None:
        super().__init__(f"{what} {found!r}: a whole number of at least {least} is needed")


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of the leaves, which stand in the order of their ids."""

    leaves: tuple[tuple[str, Distribution], ...]
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

    def blocks(self, chunk: int, block: int = BLOCK) -> Iterator[tuple[int, int, dict[str, Array]]]:
        """The draws of one chunk: the first sample, the one after the last, and each leaf's draws of those between.

        Args:
            chunk: 0 up to ``chunks - 1``.
            block: samples at a time; it changes memory and speed, never a bit.
        """
        stream = self.points.chunk(chunk)
        end = min((chunk + 1) * CHUNK, self.samples)
        for start in range(chunk * CHUNK, end, block):
            stop = min(start + block, end)
            coordinates = stream.next(stop - start)
            self.dependence.adjust(coordinates)
            yield (
                start,
                stop,
                {id: leaf.quantile(row) for (id, leaf), row in zip(self.leaves, coordinates, strict=True)},
            )


def draws(
    leaves: Sequence[tuple[str, Distribution]],
    correlations: Iterable[Correlation] = (),
    *,
    seed: int,
    samples: int,
    points: str = "sobol",
    strict: bool = False,
) -> Draws:
    """The draws of uncertain leaves.

    Args:
        leaves: id and distribution; any order gives the same draws.
        correlations: Spearman's, of pairs of leaves; pairs of which one is not drawn are noted and left out.
        seed: 0 or more.
        samples: 1 or more.
        points: a kind of `leverage.sampling.points.POINTS`.
        strict: refuse correlations that no dependence has, instead of taking the nearest.

    Raises:
        NotWhole: seed or samples.
        UnknownName: there is no such kind of points.
        Contradiction: the correlations contradict each other, and ``strict``.
    """
    seed, samples = _whole("seed", seed, 0), _whole("samples", samples, 1)
    ordered = tuple(sorted(leaves, key=operator.itemgetter(0)))
    ids = tuple(id for id, _ in ordered)
    coordinates = cube(points, ids, seed=seed, samples=samples)
    asked = tuple(correlations)
    tied = dependence(ids, asked, strict=strict)
    notes = (*coordinates.notes, *tied.notes, *_missed(dict(ordered), asked, tied))
    return Draws(ordered, coordinates, tied, seed, samples, notes)


def _missed(leaves: dict[str, Distribution], asked: Iterable[Correlation], tied: Dependence) -> Iterator[str]:
    """Where a leaf is discrete, the rank correlation that its ties leave of the one drawn."""
    for pair in asked:
        ids = sorted((pair.a, pair.b))
        if (score := tied.scores.get((ids[0], ids[1]))) is None:
            continue
        steps = [id for id in ids if leaves[id].discrete]
        found = reached(score, leaves[ids[0]], leaves[ids[1]]) if steps else 0.0
        if steps and abs(found - rank_correlation(score)) >= SEEN:
            why = f"{listed(steps)} {'is' if len(steps) == 1 else 'are'} discrete"
            yield f"the rank correlation of {listed((pair.a, pair.b))} reaches {found:.2f} of {pair.rank:g}: {why}"


def _whole(what: str, found: object, least: int) -> int:
    try:
        number = operator.index(found)  # type: ignore[arg-type]
    except TypeError:
        raise NotWhole(what, found, least) from None
    if number < least:
        raise NotWhole(what, found, least)
    return number
