"""Which rule does a planner read? The simplest box on PRIM's way that holds many misses and little else, and is sure.

Each sample does one thing. Repeats 0 to 2 find boxes, repeat 3 chooses among them and drops what it does not confirm,
and repeats 4 to 7 judge: what is printed was measured on samples that had no part in the finding. A box of pure noise
therefore passes the judging with the chance `SURE`, whatever was tried before; and since further boxes are only asked
for once the first has passed, so does any box at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leverage.influence.boxes import (
    Box,
    Flags,
    Judged,
    Share,
    inside,
    judged,
    p_values,
    rounded,
    score,
    share,
    union,
    without,
)
from leverage.influence.interval import REPEATS
from leverage.influence.prim import LEAST, Ground, peel
from leverage.influence.settle import settled
from leverage.panels import Array

FIND, CHOOSE = 3, 4  # repeats below the first find, those from there to the second choose, the others judge
DENSE = 0.8  # what a planner calls "there it misses", or halfway from the share everywhere to 1, whichever is more
HELD = 0.25  # of the misses, that such a box has to hold
SIMPLER = 0.9  # of its score, that a box must keep without a leaf for the leaf to go
SURE = 0.05  # the p-value from which a box or a restriction is taken for chance
FURTHER = 0.5  # of the first box's way from the share of misses everywhere to certainty, that a further one must go
MOST = 4  # boxes


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A box, what it holds, and of each restricted leaf the p-value; leaves by what they add to the density."""

    box: Box
    judged: Judged
    p_values: dict[int, float]
    alone: dict[int, Share]  # what each restriction holds by itself


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The rules, best first, each of the misses that those before it leave; and the way of the first.

    ``path``: share and number of restricted leaves of each box on the way, judged as the rules are.
    """

    rules: tuple[Rule, ...]
    coverage: float  # of all misses, by all rules together
    path: tuple[tuple[Share, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some of the samples: leaves' levels (k, n), and which of them miss."""

    x: Array
    miss: Flags

    def outside(self, box: Box) -> _Part:
        """Those that the box does not hold."""
        left = ~inside(box, self.x)
        return _Part(self.x[:, left], self.miss[left])


def rules(x: Array, miss: Flags) -> Found:
    """The boxes in which the samples miss.

    Args:
        x: levels of the leaves, (k, n); of leaves that serve alike, the earlier is restricted.
        miss: which samples miss, (n,); sample i belongs to repeat ``i % 8``.
    """
    repeat = np.arange(len(miss)) % REPEATS
    finds, chooses, judges = repeat < FIND, (repeat >= FIND) & (repeat < CHOOSE), judging(len(miss))
    find = Ground.of(x[:, finds], miss[finds])
    choose, judge = (_Part(x[:, part], miss[part]) for part in (chooses, judges))
    way = peel(find, range(len(x)))
    path = tuple((share(inside(box, judge.x), judge.miss), len(box)) for box in way)
    found = tuple(_covering(find, choose, judge, repeat[judges] - CHOOSE, way))
    held = union((inside(rule.box, judge.x) for rule in found), len(judge.miss))
    return Found(found, share(held, judge.miss).coverage, path)


def judging(n: int) -> Flags:
    """Which of n samples judge."""
    return np.arange(n) % REPEATS >= CHOOSE


def _covering(
    find: Ground, choose: _Part, judge: _Part, repeat: NDArray[np.intp], way: Sequence[Box]
) -> Iterator[Rule]:
    """Rule after rule, each on the samples that those before it leave; ``way``: of the first."""
    left, least = np.ones(len(judge.miss), dtype=bool), 0.0
    base, misses = float(choose.miss.mean()), int(np.count_nonzero(choose.miss))
    for _ in range(MOST):
        box = _sure(_simple(find, choose, way), find, choose)
        chosen = share(inside(box, choose.x), choose.miss, all_misses=misses)
        held = inside(box, judge.x) & left
        if not box or chosen.density < least or chosen.coverage < LEAST or not np.any(held & judge.miss):
            return
        told = judged(held, judge.miss, left, repeat, REPEATS - CHOOSE)
        if told.p_value > SURE:
            return
        yield _rule(box, judge, left, told)
        left, least = left & ~held, least or base + FURTHER * (chosen.density - base)
        find, choose = find.outside(box), choose.outside(box)
        if not (find.miss.any() and choose.miss.any()):
            return
        way = peel(find, range(len(find.x)))


def _rule(box: Box, judge: _Part, left: Flags, told: Judged) -> Rule:
    chances = p_values(box, judge.x, judge.miss, left)
    rest = {row: share(inside(without(box, row), judge.x) & left, judge.miss).density for row in box}
    order = sorted(box, key=lambda row: (rest[row], row))
    alone = {row: share(inside({row: box[row]}, judge.x), judge.miss) for row in order}
    return Rule({row: box[row] for row in order}, told, {row: chances[row] for row in order}, alone)


# --- the choice ----------------------------------------------------------------------------------------------------


def _simple(find: Ground, choose: _Part, way: Sequence[Box]) -> _Rated:
    """The best box on the way, less every leaf that is not worth a restriction, one after another.

    The leaf whose limits bring least is left out, and the others peeled anew.
    """
    taken = _best(way, choose)
    while len(taken.box) > 1:
        rest = [without(taken.box, row) for row in taken.box]
        idle = max(rest, key=lambda box: _score(choose, box))
        fewer = _best(peel(find, sorted(idle)), choose)
        if fewer.score < SIMPLER * taken.score:
            break
        taken = fewer
    return taken


class _Rated(NamedTuple):
    """A box on the way: dense ones that hold enough go before others, then the score tells, then fewer leaves."""

    dense: bool
    score: float
    fewness: int
    box: Box


def _best(way: Sequence[Box], choose: _Part) -> _Rated:
    """The best box on the way; of equal ones the widest."""
    base = float(choose.miss.mean())
    rated = []
    for box in way:
        told = share(inside(box, choose.x), choose.miss)
        dense = told.density >= _wanted(base) and told.coverage >= HELD
        rated.append(_Rated(dense, score(told, base), -len(box), box))
    return max(rated, key=lambda each: each[:3])


def _score(part: _Part, box: Box) -> float:
    return score(share(inside(box, part.x), part.miss), float(part.miss.mean()))


def _wanted(base: float) -> float:
    """The density of a dense box."""
    return max(DENSE, (1 + base) / 2)


def _sure(rated: _Rated, find: Ground, choose: _Part) -> Box:
    """The box with limits as people read them, less what the samples that choose do not confirm.

    Of d restrictions each has to be as sure as `SURE` / d (Bonferroni), so that all of them are as sure as `SURE`.
    """
    dense = _wanted(float(find.miss.mean())) if rated.dense else 0.0
    box = rounded(settled(find.x, find.miss, rated.box, dense), find.x)
    while box:
        chances = p_values(box, choose.x, choose.miss, np.ones(len(choose.miss), dtype=bool))
        worst = max(box, key=lambda row: (chances[row], row))
        if chances[worst] <= SURE / len(box):
            break
        box = without(box, worst)
    return box
