"""By which measure is a leaf's part in the spread judged? One row a method: what it gives, and how it is had."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from leverage.errors import listed
from leverage.influence.interval import Index
from leverage.influence.sobol import NoSpread, far_out
from leverage.tree.tree import Tree
from leverage.verbs.describe import reached
from leverage.verbs.draws.cast import Cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.draws.samples import whole
from leverage.verbs.players.who import Player

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Whose part in which metric's spread: the tree of cells, its draws, the players and the metric."""

    tree: Tree
    cast: Cast
    chance: Chance
    among: Sequence[Player]
    of: str
    second: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What a method found of k players.

    Attributes:
        measures: estimates with intervals, by name; the first one ranks.
        figures: further figures, (k,), by name.
        pairs: of second order, the places of each pair's players; ``second``: its index.
        variance: of the metric, in its unit squared; None where the method does not tell.
        notes: sentences about the draws.
        far: how far out a draw lay (`influence.sobol.far_out`); 0 where no spread is shared out.
        lost: the share of the draws in which the metric is not finite; they are left out.
    """

    measures: Mapping[str, Index]
    figures: Mapping[str, Array] = field(default_factory=dict)
    pairs: Sequence[tuple[int, int]] = ()
    second: Index | None = None
    variance: float | None = None
    notes: tuple[str, ...] = ()
    far: float = 0.0
    lost: float = 0.0


@dataclass(frozen=True, slots=True)
class Method:
    """A row: its name, how many samples when left out, and how it judges.

    ``shares``: measures are shares of the variance; else they are in the metric's unit. ``ranks``: the measure that
    ranks. ``apart``: players must not correlate.
    """

    name: str
    ranks: str
    samples: int
    judge: Callable[[Question], Judgement]
    shares: bool = True
    apart: bool = False


def _sobol(asked: Question) -> Judgement:
    from leverage.verbs.players.hybrids import sobol

    found, places, known = sobol(asked.tree, asked.cast, asked.chance, asked.among, asked.of, second=asked.second)
    count = len(asked.among)
    measures = {"total": found.total.among(places, count), "first": found.first.among(places, count)}
    pairs = list(combinations(places, 2)) if asked.second else []
    return Judgement(
        measures, pairs=pairs, second=found.second, variance=found.variance, far=known.far, lost=known.lost
    )


def _shapley(asked: Question) -> Judgement:
    from leverage.verbs.players.shapley import shapley

    found = shapley(asked.tree, asked.cast, asked.chance, asked.among, asked.of)
    return Judgement({"effect": found.index}, notes=found.notes, far=found.known.far, lost=found.known.lost)


def _morris(asked: Question) -> Judgement:
    from leverage.verbs.players.trajectories import morris

    found = morris(asked.tree, asked.cast, asked.chance, asked.among, asked.of)
    effects = found.effects
    if not effects.mu_star.value.any():
        raise NoSpread
    further = {"mu": effects.mu, "sigma": effects.sigma}
    return Judgement({"mu_star": effects.mu_star}, further, notes=found.notes, lost=found.lost)


def _given(asked: Question) -> Judgement:
    ids = [each for player in leaders(asked) for each in player]
    found = whole(asked.tree, asked.cast, asked.chance, (asked.of, *ids), asked="sensitivity")
    return judged(asked, found.values[0], found.values[1:])


def given(asked: Question, values: Array) -> Judgement:
    """First-order indices from samples of the metric that are there, (n,): leaves are drawn again, and nothing is run.

    The samples are those of the question's own draws, in their order.
    """
    ids = [each for player in leaders(asked) for each in player]
    return judged(asked, values, whole(asked.tree, asked.cast, asked.chance, ids, asked="sensitivity").values)


def leaders(asked: Question) -> list[list[str]]:
    """Of each player the leaves whose samples tell it apart: one cell a draw; none where the metric does not use it."""
    near = reached([asked.of], asked.tree.drivers)
    stands = asked.cast.stands
    return [
        list({stands[id].source: id for id in reversed(player.cells) if id in near}.values()) for player in asked.among
    ]


def judged(asked: Question, values: Array, leaves: Array) -> Judgement:
    """First-order indices from samples of the metric, (n,), and of the players' `leaders`, rows in their order."""
    from leverage.influence.given import given

    ends = np.cumsum([0, *map(len, leaders(asked))])
    rows = [leaves[first:last] for first, last in pairwise(ends)]
    places = [place for place, row in enumerate(rows) if len(row)]
    found = given(values, [rows[place] for place in places]).among(places, len(rows))
    finite = values[np.isfinite(values)]
    lost = [asked.among[place].name for place in np.flatnonzero(np.isnan(found.value)).tolist()]
    note = f"{listed(lost)}: more leaves than the samples tell apart; ask for more samples, or for --method shapley"
    told, far = (note,) if lost else (), far_out(finite)
    with np.errstate(over="ignore"):
        variance = float(finite.var(ddof=1))
    lost_draws = 1 - len(finite) / len(values)
    return Judgement({"first": found}, variance=variance, notes=told, far=far, lost=lost_draws)


METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        Method("sobol", "total", 8_192, _sobol, apart=True),
        Method("shapley", "effect", 8_192, _shapley),
        Method("morris", "mu_star", 64, _morris, shares=False),
        Method("given", "first", 65_536, _given),
    )
}
