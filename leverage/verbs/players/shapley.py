"""Which player has what share of the spread, however leaves are tied together? Shapley effects of a tree's metric.

Players are the leaves that the metric depends on. A leaf that it does not use has no effect, also where a correlation
would let it tell something of one that it does use: what is asked is what carries the spread, and not what betrays it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import factorial

import numpy as np
from numpy.typing import NDArray

from leverage.influence.interval import REPEATS, Index
from leverage.influence.shapley import ALL, orders, shares
from leverage.influence.sobol import NoSpread, Surrogate, surrogate
from leverage.influence.ties import carried, effects, factors_of, told_apart
from leverage.sampling.draws import Draws
from leverage.sampling.nearest import factor
from leverage.sampling.sides import Sides, sides
from leverage.sampling.streams import generator, words
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast, worked
from leverage.verbs.draws.chance import Chance
from leverage.verbs.players.homes import Homes, tied
from leverage.verbs.players.hybrids import PILOT, PILOTED
from leverage.verbs.players.stage import Stage, stage
from leverage.verbs.players.walks import Walks
from leverage.verbs.players.who import Player
from leverage.work.job import Sums

Array = NDArray[np.float64]

TILE, LEAST = 4_096, 512  # samples at a time, at most and at least: whole batches, so that no option changes a bit
NEAR = 2**22  # numbers of a tile that memory is well spent on
REHEARSED = words("\x1frehearsed")  # a stream of their own, which no leaf's id can have
WAYS, REHEARSALS = 64, 2_048  # orders over which a surrogate's effects are taken, a repeat: at most, and by players


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Shapley effects of all players, as shares that add up to 1, with their intervals.

    ``notes``: sentences about the draws. ``evaluations``: how often the whole tree or a part of it was run.
    ``known``: what the pilot told.
    """

    index: Index
    notes: tuple[str, ...]
    evaluations: int
    known: Surrogate


def shapley(tree: Tree, cast: Cast, chance: Chance, among: Sequence[Player], of: str) -> Shares:
    """Shapley effects of players on the spread of a metric, which may be tied together by correlations.

    Args:
        tree: of cells.
        chance: ``samples`` is the number of walks, taken up to a multiple of 8; each is a run for every player and one.
        among: the players; what is in none of them stands still.
        of: the metric.

    Returns:
        Effects in the players' order; of a player whose leaves the metric does not depend on, exactly 0.

    Raises:
        NoSpread: the metric is the same in every draw.
        NoFigure: it is finite in none of the walks.
    """
    ready = stage(tree, cast, among, of)
    if not ready.places:
        raise NoSpread
    homes = Homes.of(ready.cast, ready.cells)
    job = _walks(ready, homes, chance)
    asked = {"asked": "sensitivity", "method": "shapley", "of": of, "players": [player.id for player in among]}
    found = worked(tree, chance, job, Sums(), chunks=job.sides.chunks, **asked)
    index = shares(found, _known(job, homes)).among(ready.places, len(among))
    notes = tuple(dict.fromkeys((*cast.draws.dependence.notes, *job.sides.points.notes)))
    return Shares(index, notes, job.sides.samples * (len(ready.places) + 1), job.known)


def _walks(ready: Stage, homes: Homes, chance: Chance) -> Walks:
    draws = ready.cast.draws
    held = _sides(draws, chance, -(-chance.samples // REPEATS) * REPEATS)
    height, tile = 4 * (len(draws.leaves) + len(draws.names)), TILE
    while tile > LEAST and tile * height > NEAR:
        tile //= 2
    known = _piloted(ready, homes, chance)
    return Walks(ready, held, homes.walkers, homes.ties(ready.cast, known), homes.within, known, chance.seed, tile)


def _sides(draws: Draws, chance: Chance, samples: int, away: int = 0) -> Sides:
    """Both draws of all leaves, the pilot's on one side; of tied ones the coordinate is a normal score."""
    made = sides(draws, chance.points, seed=chance.seed + away, samples=samples, count=1 if away else 2)
    grouped = {k for group in draws.dependence.groups for k in group.rows}
    return replace(made, normal=tuple(normal or k in grouped for k, normal in enumerate(made.normal)))


def _piloted(ready: Stage, homes: Homes, chance: Chance) -> Surrogate:
    """The surrogate, from samples of a seed of their own; what is tied is told apart."""
    samples = min(PILOTED, -(-chance.samples // REPEATS) * REPEATS)
    draws, rows = ready.cast.draws, ready.chain.buffer(LEAST)
    scores, values = np.empty((len(draws.names), samples)), np.empty(samples)
    pilot = _sides(draws, chance, samples, PILOT)
    for start, stop, (side,) in pilot.blocks(0, LEAST):
        scores[:, start:stop] = side.coordinates
        values[start:stop] = ready.begin(ready.levels(side.rows), rows)[ready.of]
    found = surrogate(tied(draws.dependence.groups, scores), pilot.normal, values)
    used = np.isin(np.arange(len(draws.names)), list(homes.owner))
    found = replace(found, powers=found.powers * used[:, None], norms=found.norms * used)
    return told_apart(found, [homes.met(group) for group in (*homes.crossing, *homes.within)])


def _known(job: Walks, homes: Homes) -> Array:
    """The effects of the surrogate itself, (8, k): those of ties to others by orders of each repeat's own."""
    apart = {k for group in (*homes.crossing, *homes.within) for k in group.rows}
    found = np.zeros((REPEATS, len(job.walkers)))
    for k, player in homes.owner.items():
        found[:, player] += 0.0 if k in apart else job.known.norms[k]
    for group in homes.within:
        draws, correlation = homes.met(group)
        found[:, homes.owner[draws[0]]] += carried(factors_of(job.known, draws), correlation)
    for place, tie in enumerate(job.ties):
        players = sorted(set(tie.owners))
        count = factorial(len(players)) if len(players) <= ALL else min(WAYS, max(2, REHEARSALS // len(players)))
        known, owners = factors_of(job.known, tie.draws), [players.index(owner) for owner in tie.owners]
        for repeat in range(REPEATS):
            ways = orders(len(players), generator(job.seed, *REHEARSED, repeat, place), count)
            found[repeat, players] += effects(known, tie.correlation, owners, ways, factor)
    return found
