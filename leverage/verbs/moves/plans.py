"""Which plans could be chosen, if more were known? The best plan at the base figures, and at others that may turn out.

Each is what `allocate` finds where the uncertain leaves stand otherwise: at joint draws, and at the P10 and P90 of
those that tilt the plan most. Limits are kept at the base figures by all of them, so that each may be chosen today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from leverage.optimize.local import search
from leverage.optimize.problem import Found, Problem
from leverage.panels import Array
from leverage.program.run import prepared, prepared_slopes, slopes, stand
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast
from leverage.verbs.moves.ends import ends
from leverage.verbs.moves.options import Choice
from leverage.verbs.moves.planning import problem
from leverage.verbs.players.who import Player

TODAY = "today"
PLAN = "plan"
JOINT = 12  # joint draws at which a plan is made
LEADING = 4  # leaves whose P10 and P90 are planned for
LOOKED = 4_096  # draws from which these are read
REPEATS = 8
ALIKE = 0.01  # of a lever's interval: plans that are nowhere further apart are one


@dataclass(frozen=True, eq=False)
class Plans:
    """The plans that compete; ``found``: the search at the base figures, whose limits may not be kept by any."""

    choices: tuple[Choice, ...]
    found: Found


def plans(tree: Tree, cast: Cast, among: Sequence[Player], joint: int, told: Callable[[int, int], None]) -> Plans:
    """The plans that compete, today's levels among them where they keep the limits.

    Args:
        tree: of the file; ``cast`` and ``among``: its uncertain leaves.
        joint: at how many joint draws a plan is made.
        told: is told how many of all plans are made.

    Raises:
        Unbounded: a lever without a bound that nothing stops.
    """
    cells, ids = tree.cells, tuple(sorted(tree.cells.levers))
    asked = problem(cells, ids, ends(cells, ids), ())
    first = search(asked, priced=False)
    if not first.feasible:
        return Plans((), first)
    kept = [(TODAY, asked.start)] if (asked.excess(asked.start[:, None]) <= 0).all() else []
    reach = asked.high - asked.low
    known, plan = _first(cast), dict(zip(ids, first.x.tolist(), strict=True))
    turns = [*_joint(known, joint), *_ends(cells, plan, reach, known, among)]
    more = (search(_otherwise(cells, ids, asked, levels), priced=False) for levels in turns)
    for done, found in enumerate(chain([first], more)):
        told(done, 1 + len(turns))
        if found.feasible and all((np.abs(found.x - x) > ALIKE * reach).any() for _, x in kept):
            kept.append((f"{PLAN}-{1 + sum(name != TODAY for name, _ in kept)}" if done else PLAN, found.x))
    told(1 + len(turns), 1 + len(turns))
    return Plans(tuple(_choice(tree, name, ids, x) for name, x in kept), first)


def _choice(tree: Tree, name: str, ids: Sequence[str], x: Array) -> Choice:
    levels = dict(zip(ids, x.tolist(), strict=True))
    here = tree.cells.levels
    return Choice(name, tree.with_(set={id: to for id, to in levels.items() if to != here[id].value}), levels)


def _first(cast: Cast) -> dict[str, Array]:
    """The first draws of every uncertain leaf."""
    if not cast.ids:
        return {}
    _, _, rows = next(cast.blocks(0, LOOKED, np.zeros(len(cast.ids), dtype=np.int64)))
    return {id: row.copy() for id, row in rows.items()}


def _joint(known: Mapping[str, Array], count: int) -> Iterator[dict[str, float]]:
    """Levels of all uncertain leaves at joint draws: points of one scramble, which fill the cube evenly."""
    if known:
        drawn = len(next(iter(known.values())))
        for place in range(min(count, drawn)):
            at = place * REPEATS if drawn >= count * REPEATS else place
            yield {id: float(row[at]) for id, row in known.items()}


def _ends(
    cells: Tree, plan: Mapping[str, float], reach: Array, known: Mapping[str, Array], among: Sequence[Player]
) -> Iterator[dict[str, float]]:
    """The P10 and the P90, each alone, of the players that tilt the plan most.

    Not of those that move the goal most: what moves it alike whatever the plan changes no plan, and a leaf may change
    the best price and yet move the goal by nothing where the price stands now.
    """
    pairs = [{id: np.quantile(known[id], (0.1, 0.9)) for id in player.cells} for player in among]
    shift = {id: level - cells.levels[id].value for id, level in plan.items()}  # a lever's doubt goes along with it
    there, tilts = cells.with_(set=plan), []
    for each in pairs:
        found = slopes(there, moved={id: pair + shift.get(id, 0.0) for id, pair in each.items()})
        tilts.append(np.abs([found[id][1] - found[id][0] for id in plan]) @ reach)
    order = sorted((place for place, tilt in enumerate(tilts) if 0 < tilt < np.inf), key=lambda place: -tilts[place])
    for place in order[:LEADING]:
        for end in (0, 1):
            yield {id: float(pair[end]) for id, pair in pairs[place].items()}


def _otherwise(cells: Tree, ids: Sequence[str], asked: Problem, levels: Mapping[str, float]) -> Problem:
    """The same question where uncertain leaves turn out at other levels; of a lever, beside where it is set."""
    moved = cells.with_(set={id: level for id, level in levels.items() if id not in ids})
    missed = np.array([levels.get(id, cells.levels[id].value) - cells.levels[id].value for id in ids])
    goal, slope, sign = prepared(stand(moved), ids, (cells.kgi,)), prepared_slopes(moved, ids), cells.sign
    return replace(
        asked,
        value=lambda x: sign * goal(x + missed[:, None])[0],
        slopes=lambda x: sign * slope(x + missed),
    )
