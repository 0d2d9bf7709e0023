"""What is knowing each player worth, when one of several options is to be chosen? All on the same draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from leverage.errors import listed
from leverage.influence.interval import REPEATS
from leverage.influence.worth import NOTHING, Stakes, Worth, evpi, evppi, stakes
from leverage.panels import Array
from leverage.program.difference import swayed
from leverage.program.run import stand
from leverage.sampling.tails import existing
from leverage.tree.tree import Tree
from leverage.verbs.draws import chance as settings
from leverage.verbs.draws.cast import Cast, cast
from leverage.verbs.draws.chance import BadSetting, Chance
from leverage.verbs.draws.samples import whole
from leverage.verbs.moves.options import Choice
from leverage.verbs.players.homes import Homes
from leverage.verbs.players.who import Player
from leverage.work.checkpoint import Lasting
from leverage.work.progress import shown

LEAST = 64  # samples: 8 in each of the 8 repeats
BATCH = 2**24  # figures of leaves that are held at once
BOUND = "draws go ever farther out as there are more of them; bound the leaf behind it: truncated(...)"

Draws = tuple[int, ...]  # places of coordinates


@dataclass(frozen=True, eq=False)
class Question:
    """What is to be judged: a tree of the file before any option, its leaves, who is judged, and the options."""

    tree: Tree
    cast: Cast
    among: tuple[Player, ...]
    choices: tuple[Choice, ...]
    chance: Chance


@dataclass(frozen=True, eq=False)
class Judged:
    """The stakes, and what knowing all, and knowing each player, is worth; no stakes where ``why`` says why.

    ``said``: sentences about the draws.
    """

    stakes: Stakes | None
    all: Worth
    each: tuple[Worth, ...]
    said: tuple[str, ...]
    why: str = ""


def judged(asked: Question) -> Judged:
    """The worth of each player.

    Raises:
        BadSetting: too few samples to tell an error, or more than are kept of so many options.
    """
    n, count = asked.chance.samples, len(asked.choices)
    if n < LEAST:
        raise BadSetting("samples", n, f"give at least {LEAST}")
    if n > settings.KEPT // count:
        raise BadSetting("samples", n, f"give at most {settings.KEPT // count:,}: those of {count} options are kept")
    gains, said = _gains(asked)
    finite = np.asarray(np.isfinite(gains).all(axis=0))
    lost, kgi = n - int(np.count_nonzero(finite)), asked.tree.kgi
    if lost:
        said += (f"{kgi} is not finite for some option in {lost:,} of {n:,} samples: they are left out",)
    if min(np.count_nonzero(finite[repeat::REPEATS]) for repeat in range(REPEATS)) < LEAST // REPEATS:
        return Judged(None, NOTHING, (), said, "nothing can be judged by so few samples")
    orders = [existing([np.sort(row[finite])]) for row in gains]
    if homeless := _named(asked, orders, 0):
        return Judged(None, NOTHING, (), said, f"the mean of {kgi} does not exist under {homeless}: {BOUND}")
    if wide := _named(asked, orders, 1):
        said += (f"the standard deviation of {kgi} is infinite under {wide}, and errors say little: {BOUND}",)
    stake = stakes(gains)
    all_ = evpi(stake)
    return Judged(stake, all_, tuple(_each(asked, stake, all_)), said)


def _named(asked: Question, orders: Sequence[int], order: int) -> str:
    """The options of which so many moments exist, in a sentence."""
    return listed([choice.name for choice, own in zip(asked.choices, orders, strict=True) if own == order], 4)


def _gains(asked: Question) -> tuple[Array, tuple[str, ...]]:
    """The goal of every option, raised, (m, n), and sentences about the draws."""
    chance = asked.chance
    files = [chance.checkpoint and Lasting(f"{chance.checkpoint}.{place}") for place in range(len(asked.choices))]
    gains, said = np.empty((len(asked.choices), chance.samples)), dict[str, None]()
    for row, choice, file in zip(gains, asked.choices, files, strict=True):
        cells = choice.tree.cells
        found = whole(cells, cast(cells, chance), replace(chance, checkpoint=file), (cells.kgi,), asked="information")
        row[:] = cells.sign * found.values[0]
        said.update(dict.fromkeys(found.notes))
    for file in files:
        if isinstance(file, Lasting):
            file.remove()
    return gains, tuple(said)


def _each(asked: Question, stake: Stakes, all_: Worth) -> Iterator[Worth]:
    """Of each player: 0 where no option's difference hangs on it, everything where all that they hang on is its."""
    homes = Homes.of(asked.cast, [player.cells for player in asked.among])
    hung = _hung(asked, homes, stake)
    tied = [group.rows for group in (*homes.crossing, *homes.within) if hung & set(group.rows)]
    telling = hung.union(*tied)
    told = [tuple(draw for draw in player.draws if draw in telling) for player in asked.among]
    ways = iter(_coordinates(asked, homes, [draws for draws in told if draws and not hung <= set(draws)]))
    # on several threads sums are taken in another order, and a figure must not depend on the machine's cores
    with threadpool_limits(limits=1, user_api="blas"), shown(asked.chance.progress, "leaves") as progress:
        for done, draws in enumerate(told):
            progress(done, len(told))
            if not draws or not stake.rivals:
                yield NOTHING
            else:
                yield all_ if hung <= set(draws) else evppi(stake, next(ways))


def _hung(asked: Question, homes: Homes, stake: Stakes) -> set[int]:
    """The draws on which some difference hangs between the options that are ever the best."""
    cells = asked.tree.cells
    some = [asked.choices[place] for place in (*stake.rivals, stake.best)]
    moved = frozenset[str]().union(*(choice.moved(asked.tree) for choice in some))
    met = swayed(stand(cells).program, moved, cells.kgi)
    return {draw for id, draw in homes.draw.items() if id in met}


def _coordinates(asked: Question, homes: Homes, wanted: Sequence[Draws]) -> Iterator[Array]:
    """The draws (k, n) of each of these sets of coordinates, each coordinate by a cell that takes it."""
    stands, leads = asked.cast.stands, dict[int, str]()
    for id, draw in sorted(homes.draw.items(), key=lambda each: not stands[each[0]].unmoved):
        leads.setdefault(draw, id)
    chance = replace(asked.chance, checkpoint=None)
    for batch in _batches(wanted, max(1, BATCH // chance.samples)):
        ids = tuple(dict.fromkeys(leads[draw] for draws in batch for draw in draws))
        rows = whole(asked.tree.cells, asked.cast, chance, ids, asked="information").values
        place = dict(zip(ids, rows, strict=True))
        for draws in batch:
            yield np.array([place[leads[draw]] for draw in draws])


def _batches(wanted: Sequence[Draws], room: int) -> Iterator[list[Draws]]:
    """So many together as there is room for their coordinates, or one that has more."""
    batch: list[Draws] = []
    for draws in wanted:
        if batch and sum(map(len, batch)) + len(draws) > room:
            yield batch
            batch = []
        batch.append(draws)
    if batch:
        yield batch
