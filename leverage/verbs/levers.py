"""Where, when pushed, does the KGI move most? The leverage points, ranked, each within its bounds and under doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName, listed
from leverage.panels import Bars, Cell, Column, Figure, Panel, Table, Text
from leverage.program.program import USE
from leverage.program.run import point, slope_figures, sweep
from leverage.quantity import show
from leverage.tree.tree import Tree
from leverage.verbs.cast import cast
from leverage.verbs.chance import Chance
from leverage.verbs.describe import chance as best_in
from leverage.verbs.describe import column, cuts, figure, moved_by, said_chance
from leverage.verbs.race import shares
from leverage.verbs.reach import Best, Reach, best, movable, reach
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

NUDGE = 0.1  # the push that metrics without a lever are judged by


@dataclass(frozen=True, slots=True)
class Point:
    """One lever. ``gain`` in the KGI's unit and the goal's direction; ``uses``: what its move takes of each resource.

    ``affordable``: its best move within what the resources have left. ``probability_best``: share of the joint draws
    in which this lever, moved to ``best.to``, gains most; None when nothing is uncertain.
    """

    metric: str
    here: float
    best: Best
    affordable: Best
    reach: Reach
    movable: bool
    elasticity: float | None
    uses: Mapping[str, float]
    probability_best: float | None = None

    @property
    def gain_per_use(self) -> dict[str, float]:
        """Gain per unit of each resource that the move uses more of."""
        return {resource: self.best.gain / used for resource, used in self.uses.items() if used > 0}


@dataclass(frozen=True, eq=False)
class Levers(Result):
    """The leverage points, best first, and under them the metrics that would beat the best and have no lever."""

    verb: ClassVar[str] = "levers"
    main: ClassVar[str] = "levers"

    tree: Tree
    value: float
    levers: tuple[Point, ...]
    unowned: tuple[tuple[str, float], ...]
    by: str | None
    said: tuple[str, ...] = ()

    def __getitem__(self, id: str) -> Point:
        known = {point.metric: point for point in self.levers}
        if self.tree.require(id).id not in known:
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
                    "gain": lever.best.gain,
                    "gain_per_use": lever.gain_per_use,
                    "probability_best": lever.probability_best,
                    "from": lever.here,
                    "to": lever.best.to,
                    "affordable_gain": lever.affordable.gain,
                    "affordable_to": lever.affordable.to,
                    "elasticity": lever.elasticity,
                    "movable": lever.movable,
                    "assumed": lever.reach.assumed,
                    "uses": dict(lever.uses),
                    "owner": self.tree.metrics[lever.metric].owner or None,
                }
                for rank, lever in enumerate(self.levers, 1)
            ],
            "unowned": [
                {"metric": id, "gain": gain, "owner": self.tree.metrics[id].owner or None} for id, gain in self.unowned
            ],
        }

    def notes(self) -> tuple[str, ...]:
        guessed = [lever.metric for lever in self.levers if lever.reach.assumed]
        assumed = f"assumed: no bound ends {listed(guessed)}, so 20% either way is taken; give 'min' and 'max'"
        return (*cuts(self.tree), *self.said, *((assumed,) if guessed else ()))

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
        metric, goal = self.tree.metrics[first.metric], self.tree.metrics[self.tree.kgi]
        if not first.best.gain > 0:
            return f"No lever moves {goal.name} in the goal's direction within its bounds."
        return (
            f"Push {metric.name} from {show(first.here, percent=metric.percent)} to "
            f"{show(first.best.to, percent=metric.percent)}: {goal.name} moves by "
            f"{moved_by(goal, self.tree.sign * first.best.gain, self.value)}{self._price(first)}{self._sure(first)}."
        )

    def _price(self, lever: Point) -> str:
        """What the move takes of each resource, in words."""
        taken = [
            f"{show(used)} {self.tree.resources[id].unit or ''} of {id}".replace("  ", " ")
            for id, used in lever.uses.items()
            if used > 0
        ]
        if taken:
            return f", for {listed(taken)}"
        return ", at no cost to any resource" if self.tree.resources else ""

    def _sure(self, lever: Point) -> str:
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

    def _row(self, rank: int, lever: Point) -> tuple[Cell, ...]:
        metric, goal = self.tree.metrics[lever.metric], self.tree.metrics[self.tree.kgi]
        return (
            f"{rank}. {metric.name}",
            metric.owner or None,
            figure(metric, lever.here),
            figure(metric, lever.best.to) if lever.movable else "cannot be moved",
            figure(goal, lever.best.gain, signed=True),
            *(best_in(lever.probability_best) for _ in range(self._doubtful)),
            *(figure(goal, lever.affordable.gain, signed=True) for _ in range(self._short)),
        )

    def _prices(self) -> Panel:
        """What each move takes, beside what a small push does: too wide for the ranking, and read after it."""
        priced = [id for id in self.tree.resources if any(lever.uses[id] > 0 for lever in self.levers)]
        heads = (
            column("lever"),
            *(Column(f"takes of {id}", self.tree.resources[id].unit) for id in priced),
            *(Column(f"gain per {id}") for id in priced),
            Column("elasticity", "% per %"),
        )
        rows: list[tuple[Cell, ...]] = []
        for rank, lever in enumerate(self.levers, 1):
            per = lever.gain_per_use
            rows.append(
                (
                    f"{rank}. {self.tree.metrics[lever.metric].name}",
                    *(Figure(lever.uses[id], self.tree.resources[id].percent) for id in priced),
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
        return any(lever.affordable.gain != lever.best.gain for lever in self.levers)

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
        gains = np.array([lever.best.gain for lever in self.levers])
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
    figures = point(tree)
    pushes = slope_figures(tree)
    found = [_point(tree, id, figures, pushes[id]) for id in sorted(tree.levers)]
    chance = Chance.of(**settings)
    drawn = bool(tree.uncertain and found)
    said: tuple[str, ...] = ()
    if drawn:
        wins, said = shares(tree, cast(tree, chance), chance, {p.metric: p.best.to for p in found})
        found = [replace(p, probability_best=wins[p.metric]) for p in found]
    found.sort(key=lambda p: _key(p, by))
    return Levers(
        Run.of(tree, **(chance.to_run() if drawn else {})),
        tree,
        figures[tree.kgi],
        tuple(found),
        _unowned(tree, figures, max((p.best.gain for p in found), default=0.0)),
        by,
        said,
    )


def _key(lever: Point, by: str | None) -> tuple[float, float, str]:
    if by is None or not lever.best.gain > 0:
        return (0.0 if by is None else 1.0, -lever.best.gain, lever.metric)
    return (-lever.gain_per_use.get(by, np.inf), -lever.best.gain, lever.metric)


def _point(tree: Tree, id: str, figures: Mapping[str, float], push: float) -> Point:
    base, here = figures[tree.kgi], tree.levels[id].value
    uses = {resource: figures[USE + resource] for resource in tree.resources}
    # a resource that is overdrawn already leaves nothing, but forbids no move that takes none of it
    left = {resource: max(tree.limit(resource), used) for resource, used in uses.items()}
    reached = reach(tree, id)
    top = best(tree, id, reached, base=base)
    affordable = best(tree, id, reached, base=base, limits=left) if tree.resources else top
    elasticity = None if base == 0 else push * here / base
    taken = {resource: top.uses[resource] - used for resource, used in uses.items()}
    return Point(id, here, top, affordable, reached, movable(tree.metrics[id], reached), elasticity, taken)


def _unowned(tree: Tree, figures: Mapping[str, float], beaten: float) -> tuple[tuple[str, float], ...]:
    """Metrics that no lever reaches and whose 10 % either way would gain more than the best lever, strongest first."""
    reached = set(tree.levers)
    for id in tree.order:
        if not reached.isdisjoint(tree.drivers[id]):
            reached.add(id)
    found = []
    for id in tree.metrics:
        if id in reached or id == tree.kgi or figures[id] == 0:
            continue
        values = sweep(tree, {id: figures[id] * np.array([1 - NUDGE, 1 + NUDGE])}, (tree.kgi,))[tree.kgi]
        gain = float(np.max(tree.sign * (values - figures[tree.kgi])))
        if gain > beaten:
            found.append((id, gain))
    return tuple(sorted(found, key=lambda each: (-each[1], each[0])))
