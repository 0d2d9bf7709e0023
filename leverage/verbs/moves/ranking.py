"""What people see of a ranking of levers: its tables, and how near its places are to each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leverage.panels import Bars, Cell, Column, Figure, Panel, Table, Text
from leverage.quantity import show
from leverage.tree.tree import Tree
from leverage.verbs.cells.effects import effects
from leverage.verbs.cells.over import seen
from leverage.verbs.cells.parts import Part
from leverage.verbs.cells.sums import Parts
from leverage.verbs.describe import chance as best_in
from leverage.verbs.describe import column, figure, said_chance
from leverage.verbs.moves.points import Group, Ranked, summed
from leverage.verbs.moves.standings import FIRST, HELD

Levers = Sequence[Ranked]


def ranking(tree: Tree, levers: Levers, value: float, by: str | None) -> Panel:
    """The levers in their order: where each stands, where it goes and what that brings."""
    goal = tree.metrics[tree.kgi]
    first = (column("lever"), column("owner"), Column("from"), Column("to"), Column("gain", goal.unit))
    heads = (
        *first,
        *(Column("best in") for _ in range(_doubtful(levers))),
        *(Column("affordable gain", goal.unit) for _ in range(_short(levers))),
    )
    rows = tuple(_row(tree, levers, rank, lever) for rank, lever in enumerate(levers, 1))
    order = f"gain per unit of {by}" if by else f"gain of {goal.name}"
    title = f"Leverage points of {goal.name} = {show(value, percent=goal.percent)}, by {order}"
    return Table(title, heads, rows, tuple(lever.metric for lever in levers))


def _row(tree: Tree, levers: Levers, rank: int, lever: Ranked) -> tuple[Cell, ...]:
    metric, goal = tree.metrics[lever.metric], tree.metrics[tree.kgi]
    return (
        f"{rank}. {metric.name}",
        metric.owner or None,
        seen(tree, lever.metric, lever.here_levels),
        seen(tree, lever.metric, lever.levels) if lever.movable else "cannot be moved",
        figure(goal, lever.gain, signed=True),
        *(best_in(lever.probability_best) for _ in range(_doubtful(levers))),
        *(figure(goal, lever.affordable_gain, signed=True) for _ in range(_short(levers))),
    )


def gained(tree: Tree, levers: Levers) -> tuple[Table, ...]:
    """Which labels and periods of the strongest levers over axes the gain comes from."""
    groups = {lever.metric: lever for lever in levers if isinstance(lever, Group) and lever.gain > 0}

    def beside(id: str, row: Part, gains: Parts) -> tuple[Cell, ...]:
        return tuple(seen(tree, id, levels, row.meant) for levels in (groups[id].here_levels, groups[id].levels))

    parts = {id: lever.parts for id, lever in groups.items()}
    heads, goal = (Column("from"), Column("to")), tree.metrics[tree.kgi]
    return effects(tree, goal, parts, brings="gain", heads=heads, beside=beside)


def prices(tree: Tree, levers: Levers) -> Panel:
    """What each move takes, beside what a small push does: too wide for the ranking, and read after it."""
    uses = [summed(lever.uses) for lever in levers]
    priced = [id for id in tree.resources if any(used[id] > 0 for used in uses)]
    heads = (
        column("lever"),
        *(Column(f"takes of {id}", tree.resources[id].unit) for id in priced),
        *(Column(f"gain per {id}") for id in priced),
        Column("elasticity", "% per %"),
    )
    rows: list[tuple[Cell, ...]] = []
    for rank, (lever, used) in enumerate(zip(levers, uses, strict=True), 1):
        per = lever.gain_per_use
        rows.append(
            (
                f"{rank}. {tree.metrics[lever.metric].name}",
                *(Figure(used[id], tree.resources[id].percent) for id in priced),
                *(Figure(per.get(id)) for id in priced),
                Figure(lever.elasticity, signed=True),
            )
        )
    title = "What each move takes, and what a push of 1% does"
    return Table(title, heads, tuple(rows), tuple(lever.metric for lever in levers))


def _doubtful(levers: Levers) -> bool:
    """Anything is uncertain, so that a column tells how sure the ranking is."""
    return any(lever.probability_best is not None for lever in levers)


def _short(levers: Levers) -> bool:
    """Some lever's best move is more than what the resources have left."""
    return any(lever.affordable_gain != lever.gain for lever in levers)


def nobodys(tree: Tree, levers: Levers, unowned: Sequence[tuple[str, float]]) -> tuple[Panel, ...]:
    """The metrics without a lever that would beat the best one."""
    if not unowned:
        return ()
    goal = tree.metrics[tree.kgi]
    rows = tuple(
        (tree.metrics[id].name, tree.metrics[id].owner or None, figure(goal, gain, signed=True)) for id, gain in unowned
    )
    heads = (column("metric"), column("owner"), Column("10% brings", goal.unit))
    than = "would beat the best lever" if levers else f"moves {goal.name} most"
    return (Table(f"Strong, but nobody's: 10% of these {than}", heads, rows, tuple(id for id, _ in unowned)),)


def bars(tree: Tree, levers: Levers) -> Panel:
    """What each lever brings, as a picture."""
    goal = tree.metrics[tree.kgi]
    gains = np.array([lever.gain for lever in levers])
    ids = tuple(lever.metric for lever in levers)
    return Bars(
        f"Gain of {goal.name}",
        ids,
        np.zeros_like(gains),
        gains,
        unit=goal.unit,
        percent=goal.percent,
        labels=tuple(tree.metrics[id].name for id in ids),
    )


def closeness(
    tree: Tree, levers: Levers, ahead: Sequence[float], first: Sequence[float], by: str | None
) -> tuple[Panel, ...]:
    """The highest two neighbours that the draws do not tell apart, and how sure it is that they belong up there.

    ``ahead``: how often each gains more than the next; ``first``: how often the first 1, 2, 3 are those that gain most.
    """
    head = len(first) if by is None else 0
    near = [k for k in range(head) if levers[k + 1].gain > 0 and 1 - HELD < ahead[k] < HELD]
    if not near:
        return ()
    k = near[0]
    upper, lower = (tree.metrics[lever.metric].name for lever in levers[k : k + 2])
    both = f"; the first {k + 2} are these levers in {said_chance(first[k + 1])}" if k + 1 < head else ""
    said = f"{upper} gains more in {said_chance(ahead[k])} of the draws{both}"
    return (Text(f"{upper} and {lower} are not told apart: {said}."),)


def doubts(tree: Tree, levers: Levers) -> tuple[Table, ...]:
    """How sure each place is, and how far a small push's effect varies; nothing where nothing is uncertain."""
    many = len(levers) > FIRST
    rows = tuple(
        (
            f"{rank}. {tree.metrics[lever.metric].name}",
            " .. ".join(dict.fromkeys(map(str, lever.doubt.ranks))),
            *(best_in(lever.doubt.probability_top) for _ in range(many)),
            *(Figure(level, signed=True) for level in lever.doubt.elasticities.values()),
        )
        for rank, lever in enumerate(levers, 1)
        if lever.doubt is not None
    )
    quantiles = (Column(f"elasticity {name}", "% per %") for name in ("P10", "P50", "P90"))
    top = (Column("among first 3") for _ in range(many))
    heads = (column("lever"), Column("rank in 90% of draws"), *top, *quantiles)
    title = "How sure each place is, and what a push of 1% does, over the draws"
    return (Table(title, heads, rows, tuple(lever.metric for lever in levers)),) if rows else ()
