"""Which lever is pushed first, what does that bring, for how much, and how sure is it? One sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leverage.errors import listed
from leverage.quantity import show
from leverage.tree.grid import TIME
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.sums import by_axis
from leverage.verbs.describe import moved_by, said_chance
from leverage.verbs.moves.points import Group, Point, Ranked, summed


def opening(tree: Tree, levers: Sequence[Ranked], value: float, by: str | None) -> str:
    """The sentence on top of a ranking; ``value``: the KGI's, ``by``: the resource that it is ranked by."""
    first = levers[0]
    goal = tree.metrics[tree.kgi]
    if not first.gain > 0:
        return f"No lever moves {goal.name} in the goal's direction within its bounds."
    return (
        f"Push {_move(tree, first)}: {goal.name} moves by "
        f"{moved_by(goal, tree.sign * first.gain, value)}{_price(tree, first)}{_sure(first, by)}."
    )


def _move(tree: Tree, lever: Ranked) -> str:
    """What is moved, from where to where; of many cells, where most of the gain comes from."""
    metric = tree.metrics[lever.metric]
    moved = [id for id, to in lever.levels.items() if to != lever.here_levels[id]]
    ends = (_span([levels[id] for id in moved], metric) for levels in (lever.here_levels, lever.levels))
    push = f"{metric.name} from {' to '.join(ends)}"
    if isinstance(lever, Point):
        return push
    count, noun = len(lever.points), "periods" if metric.axes == (TIME,) else "cells"
    where = f"all {count}" if len(moved) == count else f"{len(moved)} of its {count}"
    label, share = _most(tree, lever, metric.axes[0])
    most = f" ({show(share / lever.gain, percent=True, digits=2)} of the gain from {label})" if share > 0 else ""
    return f"{push} in {where} {noun}{most}"


def _most(tree: Tree, lever: Group, axis: str) -> tuple[str, float]:
    """The label of an axis that has most of the gain, and how much."""
    parts, labels = by_axis(tree, lever.metric, lever.parts)[axis], tree.grid[axis].labels
    sizes = [parts[label] for label in labels] if isinstance(parts, Mapping) else parts
    return max(zip(labels, sizes, strict=True), key=lambda each: each[1])


def _price(tree: Tree, lever: Ranked) -> str:
    """What the move takes of each resource, in words."""
    taken = [
        f"{show(used)} {tree.resources[id].unit or ''} of {id}".replace("  ", " ")
        for id, used in summed(lever.uses).items()
        if used > 0
    ]
    if taken:
        return f", for {listed(taken)}"
    return ", at no cost to any resource" if tree.resources else ""


def _sure(lever: Ranked, by: str | None) -> str:
    """How often it is the best; of a ranking by a resource, where gain is not the measure, what that one is."""
    if by is not None:
        per = lever.gain_per_use.get(by)
        return f"; it takes none of {by}" if per is None else f"; {show(per)} for each unit of {by}"
    if lever.probability_best is None:
        return ""
    return f"; it is the best lever in {said_chance(lever.probability_best)} of the draws"


def _span(levels: Sequence[float], metric: Metric) -> str:
    """Levels in a sentence: one, or from the least to the highest."""
    ends = dict.fromkeys(show(end, percent=metric.percent) for end in (min(levels), max(levels)))
    return " .. ".join(ends)
