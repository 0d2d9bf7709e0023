"""Where, when pushed, does the KGI move most? The leverage points, ranked, each within its bounds and under doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName, listed
from leverage.panels import Bars, Cell, Column, Figure, Panel, Table, Text
from leverage.program.run import point, slope_figures, sweep
from leverage.quantity import show
from leverage.tree.addresses import metric_of
from leverage.tree.grid import TIME
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.effects import effects
from leverage.verbs.cells.over import meant_cells, part, seen
from leverage.verbs.cells.parts import Part
from leverage.verbs.cells.sums import Parts, by_axis, cellwise
from leverage.verbs.describe import caveats, column, figure, moved_by, reached, said_chance
from leverage.verbs.describe import chance as best_in
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.draws.race import shares
from leverage.verbs.moves.points import Group, Point, Ranked, grouped, single, summed, told
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

NUDGE = 0.1  # the push that metrics without a lever are judged by


@dataclass(frozen=True, eq=False)
class Levers(Result):
    """The leverage points, best first, and under them the metrics that would beat the best and have no lever."""

    verb: ClassVar[str] = "levers"
    main: ClassVar[str] = "levers"

    tree: Tree
    value: float
    levers: tuple[Ranked, ...]
    unowned: tuple[tuple[str, float], ...]
    by: str | None
    said: tuple[str, ...] = ()

    def __getitem__(self, id: str) -> Ranked:
        """One lever, or one cell of a lever over axes."""
        self.tree.cells_of(id)
        known = {point.metric: point for ranked in self.levers for point in (*ranked.points, ranked)}
        if id not in known:
            raise UnknownName(id, known, what="lever")
        return known[id]

    @property
    def answered(self) -> bool:
        """Whether there is a lever at all."""
        return bool(self.levers)

    def figures(self) -> dict[str, Any]:
        return {
            "kgi": self.tree.kgi,
            "value": self.value,
            "levers": [
                {
                    "metric": lever.metric,
                    "rank": rank,
                    "gain": lever.gain,
                    "gain_per_use": lever.gain_per_use,
                    "probability_best": lever.probability_best,
                    "from": part(self.tree, lever.metric, lever.here_levels),
                    "to": part(self.tree, lever.metric, lever.levels),
                    "affordable_gain": lever.affordable_gain,
                    "affordable_to": part(self.tree, lever.metric, lever.affordable_levels),
                    "elasticity": lever.elasticity,
                    "movable": lever.movable,
                    "assumed": lever.assumed,
                    "uses": told(lever.uses),
                    "owner": self.tree.metrics[lever.metric].owner or None,
                    **self._cellwise(lever),
                }
                for rank, lever in enumerate(self.levers, 1)
            ],
            "unowned": [
                {"metric": id, "gain": gain, "owner": self.tree.metrics[id].owner or None} for id, gain in self.unowned
            ],
        }

    def _cellwise(self, lever: Ranked) -> dict[str, Any]:
        """Of a lever over axes: each cell moved alone, and what each cell, label and period has of the joint gain."""
        if isinstance(lever, Point):
            return {}
        cells = [
            {
                "metric": point.metric,
                "gain": point.gain,
                "share": lever.parts[point.metric],
                "gain_per_use": point.gain_per_use,
                "from": point.here,
                "to": point.best.to,
                "affordable_gain": point.affordable_gain,
                "affordable_to": point.affordable.to,
                "elasticity": point.elasticity,
                "movable": point.movable,
                "assumed": point.assumed,
                "uses": told(point.uses),
            }
            for point in lever.points
        ]
        return {"cells": cells, "by": by_axis(self.tree, lever.metric, lever.parts)}

    def rows(self) -> list[dict[str, Any]]:
        """A lever each; of a model over axes, a cell each, with its labels and its share of the lever's gain."""
        if not self.tree.grid:
            return super().rows()
        ranks = ("rank", "gain", "share", "from", "to", "affordable_gain", "affordable_to")
        return cellwise(self.tree, self.to_dict()["levers"], (*ranks, "elasticity", "movable", "assumed", "owner"))

    def notes(self) -> tuple[str, ...]:
        guessed = [lever.metric for lever in self.levers if lever.assumed]
        assumed = f"assumed: no bound ends {listed(guessed)}, so 20% either way is taken; give 'min' and 'max'"
        short = [lever.metric for lever in self.levers if isinstance(lever, Group) and lever.short]
        halted = f"moved together, the cells of {listed(short)} stop before the level that is best for each alone"
        return (*caveats(self.tree), *self.said, *((assumed,) if guessed else ()), *((halted,) if short else ()))

    def panels(self) -> tuple[Panel, ...]:
        if not self.levers:
            return (
                Text(
                    "This tree has no lever: mark the leaves that somebody can set with 'lever: {min: ..., max: ...}'."
                ),
                *self._nobodys(),
            )
        return (
            Text(self._sentence()),
            self._ranking(),
            *self._effects(),
            self._prices(),
            *self._nobodys(),
            self._bars(),
            *self._next(),
        )

    def read(self) -> tuple[Panel, ...]:
        """The ranking says in figures what the bars say."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, Bars))

    def _sentence(self) -> str:
        first = self.levers[0]
        goal = self.tree.metrics[self.tree.kgi]
        if not first.gain > 0:
            return f"No lever moves {goal.name} in the goal's direction within its bounds."
        return (
            f"Push {self._move(first)}: {goal.name} moves by "
            f"{moved_by(goal, self.tree.sign * first.gain, self.value)}{self._price(first)}{self._sure(first)}."
        )

    def _move(self, lever: Ranked) -> str:
        """What is moved, from where to where; of many cells, where most of the gain comes from."""
        metric = self.tree.metrics[lever.metric]
        moved = [id for id, to in lever.levels.items() if to != lever.here_levels[id]]
        ends = (_span([levels[id] for id in moved], metric) for levels in (lever.here_levels, lever.levels))
        push = f"{metric.name} from {' to '.join(ends)}"
        if isinstance(lever, Point):
            return push
        count, noun = len(lever.points), "periods" if metric.axes == (TIME,) else "cells"
        where = f"all {count}" if len(moved) == count else f"{len(moved)} of its {count}"
        label, share = self._most(lever, metric.axes[0])
        most = f" ({show(share / lever.gain, percent=True, digits=2)} of the gain from {label})" if share > 0 else ""
        return f"{push} in {where} {noun}{most}"

    def _most(self, lever: Group, axis: str) -> tuple[str, float]:
        """The label of an axis that has most of the gain, and how much."""
        parts, labels = by_axis(self.tree, lever.metric, lever.parts)[axis], self.tree.grid[axis].labels
        sizes = [parts[label] for label in labels] if isinstance(parts, Mapping) else parts
        return max(zip(labels, sizes, strict=True), key=lambda each: each[1])

    def _price(self, lever: Ranked) -> str:
        """What the move takes of each resource, in words."""
        taken = [
            f"{show(used)} {self.tree.resources[id].unit or ''} of {id}".replace("  ", " ")
            for id, used in summed(lever.uses).items()
            if used > 0
        ]
        if taken:
            return f", for {listed(taken)}"
        return ", at no cost to any resource" if self.tree.resources else ""

    def _sure(self, lever: Ranked) -> str:
        """How often it is the best; of a ranking by a resource, where gain is not the measure, what that one is."""
        if self.by is not None:
            per = lever.gain_per_use.get(self.by)
            return f"; it takes none of {self.by}" if per is None else f"; {show(per)} for each unit of {self.by}"
        if lever.probability_best is None:
            return ""
        return f"; it is the best lever in {said_chance(lever.probability_best)} of the draws"

    def _ranking(self) -> Panel:
        goal = self.tree.metrics[self.tree.kgi]
        first = (column("lever"), column("owner"), Column("from"), Column("to"), Column("gain", goal.unit))
        heads = (
            *first,
            *(Column("best in") for _ in range(self._doubtful)),
            *(Column("affordable gain", goal.unit) for _ in range(self._short)),
        )
        rows = tuple(self._row(rank, lever) for rank, lever in enumerate(self.levers, 1))
        order = f"gain per unit of {self.by}" if self.by else f"gain of {goal.name}"
        title = f"Leverage points of {goal.name} = {show(self.value, percent=goal.percent)}, by {order}"
        return Table(title, heads, rows, tuple(lever.metric for lever in self.levers))

    def _row(self, rank: int, lever: Ranked) -> tuple[Cell, ...]:
        metric, goal = self.tree.metrics[lever.metric], self.tree.metrics[self.tree.kgi]
        return (
            f"{rank}. {metric.name}",
            metric.owner or None,
            seen(self.tree, lever.metric, lever.here_levels),
            seen(self.tree, lever.metric, lever.levels) if lever.movable else "cannot be moved",
            figure(goal, lever.gain, signed=True),
            *(best_in(lever.probability_best) for _ in range(self._doubtful)),
            *(figure(goal, lever.affordable_gain, signed=True) for _ in range(self._short)),
        )

    def _effects(self) -> tuple[Table, ...]:
        """Which labels and periods of the strongest levers over axes the gain comes from."""
        groups = {lever.metric: lever for lever in self.levers if isinstance(lever, Group) and lever.gain > 0}

        def beside(id: str, row: Part, gains: Parts) -> tuple[Cell, ...]:
            return tuple(
                seen(self.tree, id, levels, row.meant) for levels in (groups[id].here_levels, groups[id].levels)
            )

        parts = {id: lever.parts for id, lever in groups.items()}
        heads, goal = (Column("from"), Column("to")), self.tree.metrics[self.tree.kgi]
        return effects(self.tree, goal, parts, brings="gain", heads=heads, beside=beside)

    def _prices(self) -> Panel:
        """What each move takes, beside what a small push does: too wide for the ranking, and read after it."""
        uses = [summed(lever.uses) for lever in self.levers]
        priced = [id for id in self.tree.resources if any(used[id] > 0 for used in uses)]
        heads = (
            column("lever"),
            *(Column(f"takes of {id}", self.tree.resources[id].unit) for id in priced),
            *(Column(f"gain per {id}") for id in priced),
            Column("elasticity", "% per %"),
        )
        rows: list[tuple[Cell, ...]] = []
        for rank, (lever, used) in enumerate(zip(self.levers, uses, strict=True), 1):
            per = lever.gain_per_use
            rows.append(
                (
                    f"{rank}. {self.tree.metrics[lever.metric].name}",
                    *(Figure(used[id], self.tree.resources[id].percent) for id in priced),
                    *(Figure(per.get(id)) for id in priced),
                    Figure(lever.elasticity, signed=True),
                )
            )
        title = "What each move takes, and what a push of 1% does"
        return Table(title, heads, tuple(rows), tuple(lever.metric for lever in self.levers))

    @property
    def _doubtful(self) -> bool:
        """Anything is uncertain, so that a column tells how sure the ranking is."""
        return any(lever.probability_best is not None for lever in self.levers)

    @property
    def _short(self) -> bool:
        """Some lever's best move is more than what the resources have left."""
        return any(lever.affordable_gain != lever.gain for lever in self.levers)

    def _nobodys(self) -> tuple[Panel, ...]:
        if not self.unowned:
            return ()
        goal = self.tree.metrics[self.tree.kgi]
        rows = tuple(
            (self.tree.metrics[id].name, self.tree.metrics[id].owner or None, figure(goal, gain, signed=True))
            for id, gain in self.unowned
        )
        heads = (column("metric"), column("owner"), Column("10% brings", goal.unit))
        than = "would beat the best lever" if self.levers else f"moves {goal.name} most"
        return (Table(f"Strong, but nobody's: 10% of these {than}", heads, rows, tuple(id for id, _ in self.unowned)),)

    def _bars(self) -> Panel:
        goal = self.tree.metrics[self.tree.kgi]
        gains = np.array([lever.gain for lever in self.levers])
        ids = tuple(lever.metric for lever in self.levers)
        return Bars(
            f"Gain of {goal.name}",
            ids,
            np.zeros_like(gains),
            gains,
            unit=goal.unit,
            percent=goal.percent,
            labels=tuple(self.tree.metrics[id].name for id in ids),
        )

    def _next(self) -> tuple[Panel, ...]:
        return (Text(f"leverage allocate {self.tree.file or 'MODEL'}", "next"),) if self.tree.resources else ()


def _span(levels: Sequence[float], metric: Metric) -> str:
    """Levels in a sentence: one, or from the least to the highest."""
    ends = dict.fromkeys(show(end, percent=metric.percent) for end in (min(levels), max(levels)))
    return " .. ".join(ends)


def levers(tree: Tree, *, by: str | None = None, limit: Mapping[str, float] | None = None, **settings: Any) -> Levers:
    """Where, when pushed, does the KGI move most?

    Args:
        by: a resource; rank by gain per unit of it, with what gains at none of it first.
        limit: other limits of resources, for ``affordable_gain``.
        settings: ``samples``, ``seed`` or ``rng``, ``points``, ``strict``, ``threads`` or ``executor``, ``block``,
            ``checkpoint``, ``progress`` (`Chance.of`).

    Returns:
        Each lever's best level within its bounds (the whole interval is searched, limits ignored) with its gain,
        the gain within what the resources have left, gain per use, local elasticity and the chance of being best;
        and the metrics without a lever whose 10 % would beat the best lever.

    Raises:
        UnknownName: a resource that the model does not have.
    """
    tree = tree.with_(limits=limit)
    if by is not None and by not in tree.resources:
        raise UnknownName(by, tree.resources, what="resource")
    cells = tree.cells
    figures = point(cells)
    pushes = slope_figures(cells)
    found = [_ranked(tree, id, figures, pushes) for id in sorted(tree.levers)]
    chance = Chance.of(**settings)
    drawn = bool(cells.uncertain and found)
    said: tuple[str, ...] = ()
    if drawn:
        wins, said = shares(cells, cast(cells, chance), chance, {p.metric: _moves(p) for p in found})
        found = [replace(p, probability_best=wins[p.metric]) for p in found]
    found.sort(key=lambda p: _key(p, by))
    return Levers(
        Run.of(tree, **(chance.to_run() if drawn else {})),
        tree,
        figures[tree.kgi],
        tuple(found),
        _unowned(tree, figures, max((p.gain for p in found), default=0.0)),
        by,
        said,
    )


def _ranked(tree: Tree, id: str, figures: Mapping[str, float], pushes: Mapping[str, float]) -> Ranked:
    ids = [cell for cell in meant_cells(tree, id) if tree.cells.metrics[cell].lever is not None]
    points = tuple(single(tree.cells, cell, figures, pushes[cell]) for cell in ids)
    return grouped(tree.cells, id, points, figures) if tree.metrics[id].axes else points[0]


def _moves(lever: Ranked) -> Mapping[str, float]:
    """The levels that the lever is moved to; cells that stay, of many, are left out."""
    moved = {id: to for id, to in lever.levels.items() if to != lever.here_levels[id]}
    return moved or lever.levels


def _key(lever: Ranked, by: str | None) -> tuple[float, float, str]:
    if by is None or not lever.gain > 0:
        return (0.0 if by is None else 1.0, -lever.gain, lever.metric)
    return (-lever.gain_per_use.get(by, np.inf), -lever.gain, lever.metric)


def _unowned(tree: Tree, figures: Mapping[str, float], beaten: float) -> tuple[tuple[str, float], ...]:
    """Metrics that no lever reaches and whose 10 % either way would gain more than the best lever, strongest first.

    A metric over axes moves as a whole: each of its cells by 10 %.
    """
    owned = {metric_of(id) for id in reached(tree.cells.levers, tree.cells.users)}
    found = []
    for id in tree.metrics:
        here = {cell: figures[cell] for cell in meant_cells(tree, id)}
        if id in owned or id == tree.kgi or not any(here.values()):
            continue
        moved = {cell: value * np.array([1 - NUDGE, 1 + NUDGE]) for cell, value in here.items()}
        values = sweep(tree.cells, moved, (tree.kgi,))[tree.kgi]
        gain = float(np.max(tree.sign * (values - figures[tree.kgi])))
        if gain > beaten:
            found.append((id, gain))
    return tuple(sorted(found, key=lambda each: (-each[1], each[0])))
