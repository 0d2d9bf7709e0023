"""What do people see of boxes? A table each, the draws in a plane with the boxes around them, and the trade behind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from leverage.influence.boxes import Flags, Share
from leverage.influence.rules import judging
from leverage.panels import Array, Cell, Column, Figure, Lines, Scatter, Table
from leverage.tree.metric import Metric
from leverage.verbs.describe import chance, column, said_chance
from leverage.verbs.outcomes.circumstances import Circumstances, Factor, Restriction

POINTS = 4096  # of the picture
ALL = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """Draws for a picture: levels of leaves by the id of their metric, the goal's, and which of them miss."""

    levels: Mapping[str, Array]
    goal: Array
    miss: Flags

    @classmethod
    def of(cls, among: Sequence[Factor], levels: Array, goal: Array, miss: Flags) -> Cloud:
        """The first of the draws that judge; ``levels`` (k, n), a row a factor."""
        drawn = np.flatnonzero(judging(len(miss)))[:POINTS]
        rows = {factor.metric: row[drawn] for factor, row in zip(among, levels, strict=True)}
        return cls(rows, goal[drawn], miss[drawn])


def table(place: int, box: Circumstances) -> Table:
    """A row a restriction; coverage and density with their intervals in the title."""
    told, beyond = box.rule.judged, ", outside those before it" if place else ""
    title = (
        f"Box {place + 1}{beyond}: {said_chance(told.share.coverage)} of the misses {_between(told.coverage)} in "
        f"{said_chance(told.share.mass)} of the draws; it misses there in {said_chance(told.share.density)} "
        f"{_between(told.density)}"
    )
    heads = (
        *(column("driver"), Column("from"), Column("to"), column("unit"), Column("of its draws")),
        *(Column("misses alone"), Column("p"), column("owner")),
    )
    rows = tuple(_row(each) for each in box.restrictions)
    return Table(title, heads, rows, tuple(each.factor.metric for each in box.restrictions))


def _row(each: Restriction) -> tuple[Cell, ...]:
    alone = (chance(each.alone.mass), chance(each.alone.density))
    return (each.factor.name, *each.ends, each.unit, *alone, _p(each.p_value), each.factor.lead.owner)


def _between(interval: tuple[float, float]) -> str:
    return f"({' to '.join(said_chance(end) for end in interval)})"


def _p(value: float) -> Cell:
    return "<0.001" if value < 0.001 else Figure(round(value, 3))


def scatter(title: str, name: str, goal: Metric, boxes: Sequence[Circumstances], cloud: Cloud) -> Scatter:
    """The draws over the two strongest leaves of the first box, or its only one and the goal, with all boxes there.

    Args:
        name: of the goal.
    """
    across, *others = (each.factor for each in boxes[0].restrictions[:2])
    up = others[0] if others else None
    along = [(f"box {place + 1}", _ends(box, across), _ends(box, up)) for place, box in enumerate(boxes)]
    upward = goal if up is None else up.lead
    return Scatter(
        title,
        cloud.levels[across.metric],
        cloud.goal if up is None else cloud.levels[up.metric],
        across.name,
        name if up is None else up.name,
        group=cloud.miss.astype(np.intp),
        names=("meets", "misses"),
        boxes=tuple((name, *x, *y) for name, x, y in along if (x, y) != (ALL, ALL)),
        x_unit=across.lead.unit,
        y_unit=upward.unit,
        x_percent=across.lead.percent,
        y_percent=upward.percent,
        picture="boxes",
    )


def _ends(box: Circumstances, factor: Factor | None) -> tuple[float, float]:
    """From where to where a box runs along a leaf; values that are no range, over all of them."""
    for each in box.restrictions:
        if each.factor == factor:
            if each.values is not None:
                return min(each.values), max(each.values)
            return -math.inf if each.low is None else each.low, math.inf if each.high is None else each.high
    return ALL


def trade(path: Sequence[Share], first: Share, everywhere: float) -> Lines:
    """What a first box has to weigh: the more of the misses it holds, the less often it misses there.

    Args:
        path: the boxes on the way, widest first.
        everywhere: the share of all draws that miss.
    """
    way = path[::-1]
    return Lines(
        "What a box holds, and how often it misses there",
        np.array([told.coverage for told in way]),
        np.array([[told.density for told in way]]),
        ("on the way",),
        x_title="share of all misses",
        y_title="misses there",
        marks=(("box 1", first.coverage, first.density),),
        references=(("everywhere", np.asarray(everywhere)),),
        percent=True,
        x_percent=True,
        picture="trade",
    )
