"""Where, when pushed, does the KGI move most? The leverage points, ranked, each within its bounds and under doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName, listed
from leverage.panels import Bars, Panel, Text
from leverage.program.run import point, slope_figures, sweep
from leverage.tree.addresses import metric_of
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import meant_cells, part
from leverage.verbs.cells.sums import by_axis, cellwise
from leverage.verbs.describe import caveats, reached
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.moves.opening import opening
from leverage.verbs.moves.points import Group, Point, Ranked, grouped, single, told
from leverage.verbs.moves.race import Raced, raced
from leverage.verbs.moves.ranking import bars, closeness, doubts, gained, nobodys, prices, ranking
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
    first: tuple[float, ...] = ()
    ahead: tuple[float, ...] = ()

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
                    "probability_top3": lever.doubt and lever.doubt.probability_top,
                    "rank_interval": lever.doubt and list(lever.doubt.ranks),
                    "elasticity_quantiles": lever.doubt and dict(lever.doubt.elasticities),
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
            "order_stability": {str(k): share for k, share in enumerate(self.first, 1)} or None,
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
                *nobodys(self.tree, self.levers, self.unowned),
            )
        return (
            Text(opening(self.tree, self.levers, self.value, self.by)),
            ranking(self.tree, self.levers, self.value, self.by),
            *closeness(self.tree, self.levers, self.ahead, self.first, self.by),
            *gained(self.tree, self.levers),
            prices(self.tree, self.levers),
            *doubts(self.tree, self.levers),
            *nobodys(self.tree, self.levers, self.unowned),
            bars(self.tree, self.levers),
            *self._next(),
        )

    def read(self) -> tuple[Panel, ...]:
        """The ranking says in figures what the bars say."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, Bars))

    def _next(self) -> tuple[Panel, ...]:
        return (Text(f"leverage allocate {self.tree.file or 'MODEL'}", "next"),) if self.tree.resources else ()


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
    sure: Raced | None = None
    if drawn:
        found.sort(key=lambda p: _key(p, None))
        to = {p.metric: _moves(p) for p in found}
        sure = raced(cells, cast(cells, chance), chance, to, {p.metric: _cells(p) for p in found})
        doubts = sure.doubts
        found = [replace(p, probability_best=doubts[p.metric].probability_best, doubt=doubts[p.metric]) for p in found]
    found.sort(key=lambda p: _key(p, by))
    return Levers(
        Run.of(tree, **(chance.to_run() if drawn else {})),
        tree,
        figures[tree.kgi],
        tuple(found),
        _unowned(tree, figures, max((p.gain for p in found), default=0.0)),
        by,
        *((sure.notes, sure.first, sure.ahead) if sure else ()),
    )


def _ranked(tree: Tree, id: str, figures: Mapping[str, float], pushes: Mapping[str, float]) -> Ranked:
    ids = [cell for cell in meant_cells(tree, id) if tree.cells.metrics[cell].lever is not None]
    points = tuple(single(tree.cells, cell, figures, pushes[cell]) for cell in ids)
    return grouped(tree.cells, id, points, figures) if tree.metrics[id].axes else points[0]


def _moves(lever: Ranked) -> Mapping[str, float]:
    """The levels that the lever is moved to; cells that stay, of many, are left out."""
    moved = {id: to for id, to in lever.levels.items() if to != lever.here_levels[id]}
    return moved or lever.levels


def _cells(lever: Ranked) -> tuple[str, ...]:
    return tuple(point.metric for point in lever.points)


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
