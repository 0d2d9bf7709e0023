"""What must this lever reach for the KGI to hit its target? One leaf at a time, all else at its level.

Over time and dimensions a label of a leaf at a time, all its periods moved together (`verbs.cells.handles`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName
from leverage.panels import Bars, Cell, Column, Figure, Panel, Table, Text
from leverage.program.run import point, response, sweep
from leverage.quantity import show
from leverage.tree.addresses import metric_of
from leverage.tree.ids import canonical
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.handles import Handle, every, named
from leverage.verbs.cells.over import at, meaning, seen, spoken
from leverage.verbs.describe import caveats, chance, column, figure
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.moves.levels import EXACT, Gap, bounds, closest, inside, nearest, outward, whole
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

ROUNDING = 2.0**-50  # of the target: what a sum or product may be off where it is met


@dataclass(frozen=True, slots=True)
class Sought:
    """One leaf. ``required``: the level nearest the present one at which the KGI is the target, None where none is.

    Levels that the lever's bounds allow go before nearer ones that they do not. ``best``: the allowed level that
    brings the KGI nearest to the target. ``probability``: chance that the leaf is at
    or beyond the required level under its own uncertainty, None for a certain one.

    Where several cells are moved together, the levels are those of the cell that the others follow (``handle``).
    """

    metric: str
    here: float
    required: float | None
    reachable: bool
    best: float
    best_kgi: float
    probability: float | None
    handle: Handle


@dataclass(frozen=True, eq=False)
class Seek(Result):
    """What each leaf must reach, those that can in the order of how far they must move."""

    verb: ClassVar[str] = "seek"
    main: ClassVar[str] = "levers"

    tree: Tree
    value: float
    target: float
    levers: tuple[Sought, ...]

    def __getitem__(self, id: str) -> Sought:
        known = {sought.metric: sought for sought in self.levers}
        self.tree.cells_of(id)
        if canonical(id) not in known:
            raise UnknownName(id, known, what="lever")
        return known[canonical(id)]

    @property
    def answered(self) -> bool:
        """Whether any leaf reaches the target alone."""
        return any(sought.reachable for sought in self.levers)

    def figures(self) -> dict[str, Any]:
        return {
            "kgi": self.tree.kgi,
            "value": self.value,
            "target": self.target,
            "levers": [
                {
                    "metric": sought.metric,
                    "from": self._levels(sought, sought.here),
                    "required": self._levels(sought, sought.required),
                    "reachable": sought.reachable,
                    "best": self._levels(sought, sought.best),
                    "best_kgi": sought.best_kgi,
                    "probability": sought.probability,
                }
                for sought in self.levers
            ],
        }

    def _levels(self, sought: Sought, level: float | None) -> Any:
        """A level, or of several cells each its own, nested as in the file."""
        return None if level is None else at(self.tree, sought.metric, sought.handle.at(level))

    def notes(self) -> tuple[str, ...]:
        goal = self.tree.metrics[self.tree.kgi]
        ahead = self.tree.sign * (self.value - self.target) >= 0
        beyond = "exceed" if self.tree.sign > 0 else "stay below"
        met = f"{goal.name} meets the target already: the levels are where it would no longer {beyond} it"
        none = f"no single leaf brings {goal.name} to {show(self.target, percent=goal.percent)}"
        return (*caveats(self.tree), *((met,) if ahead else ()), *(() if self.answered else (none,)))

    def panels(self) -> tuple[Panel, ...]:
        goal = self.tree.metrics[self.tree.kgi]
        heads = (
            *(column("driver"), column(""), Column("from"), Column("required"), Column("change"), column("reachable")),
            *(Column("gets to"), Column(f"{goal.name} there", goal.unit), Column("chance")),
        )
        title = (
            f"{goal.name} from {show(self.value, percent=goal.percent)} to {show(self.target, percent=goal.percent)}: "
            "what each driver must reach alone"
        )
        rows = tuple(self._row(sought) for sought in self.levers)
        ids = tuple(sought.metric for sought in self.levers)
        reached = np.array([sought.best_kgi for sought in self.levers])
        bars = Bars(
            f"How far each driver gets {goal.name}",
            ids,
            np.full(len(ids), self.value),
            reached,
            reference=self.value,
            unit=goal.unit,
            percent=goal.percent,
            better="higher" if self.tree.sign > 0 else "lower",
            labels=tuple(spoken(self.tree, id) for id in ids),
        )
        return (Table(title, heads, rows, ids), bars, Text(f"leverage levers {self.tree.file or 'MODEL'}", "next"))

    def _row(self, sought: Sought) -> tuple[Cell, ...]:
        metric, goal = sought.handle.metric, self.tree.metrics[self.tree.kgi]
        moved = None if sought.required is None or sought.here == 0 else sought.required / sought.here - 1
        return (
            spoken(self.tree, sought.metric),
            "lever" if metric.lever is not None else None,
            self._seen(sought, sought.here),
            self._seen(sought, sought.required),
            Figure(moved, True, signed=True),
            "yes" if sought.reachable else _beyond(metric, sought.required),
            self._seen(sought, sought.best),
            figure(goal, sought.best_kgi),
            chance(sought.probability),
        )

    def _seen(self, sought: Sought, level: float | None) -> Cell:
        if level is None:
            return figure(sought.handle.metric, None)
        id, meant = meaning(self.tree, sought.metric)
        return seen(self.tree, id, sought.handle.at(level), meant)


def _beyond(metric: Metric, required: float | None) -> str:
    """In a word, why a lever does not reach the target: which bound it would have to pass, or that no level has it."""
    if required is None:
        return "no"
    return "past max" if required > bounds(metric)[1] else "past min"


def seek(tree: Tree, *, target: float | None = None, lever: str | Iterable[str] = ()) -> Seek:
    """What must this lever reach for the KGI to hit its target?

    Args:
        target: the KGI to reach, in its unit; its own target when left out.
        lever: the leaves to answer for, all of them when none is named. All cells of an address are moved together,
            by one share where they differ; left out, each label of a leaf is asked alone, over all periods.

    Returns:
        For each leaf, alone, the level nearest the present one where the KGI equals the target (to 1e-9), whether the
        lever's bounds allow it, how far it gets, and how likely the leaf is to be there by itself.

    Raises:
        BadSetting: neither a target of the KGI nor one asked for, or a named metric that is no leaf.
    """
    goal = tree.metrics[tree.kgi]
    aim = goal.target if target is None else target
    if aim is None:
        raise BadSetting("target", "", f"{tree.kgi} has no target; say which with --target VALUE")
    if not np.isfinite(aim):
        raise BadSetting("target", aim, "give a number")
    asked = (lever,) if isinstance(lever, str) else tuple(lever)
    for id in asked:
        if not tree.metrics[metric_of(tree.cells_of(id)[0])].leaf:
            raise BadSetting("lever", id, "it has a formula; name one of the leaves that it is made of")
    cells = tree.cells
    value = point(cells)[tree.kgi]
    handles = [handle for id in asked for handle in named(tree, id)] if asked else every(tree)
    found = [_sought(cells, handle, value, aim) for handle in handles]
    return Seek(Run.of(tree), tree, value, aim, tuple(sorted(found, key=_order)))


def _order(sought: Sought) -> tuple[bool, bool, float, str]:
    moved = np.inf if sought.required is None else abs(sought.required - sought.here) / (abs(sought.here) or 1.0)
    return (not sought.reachable, sought.required is None, moved, sought.metric)


def _sought(tree: Tree, handle: Handle, value: float, target: float) -> Sought:
    """What one handle must reach; ``tree``: of cells."""
    metric, here, respond = handle.metric, handle.here, _response(tree, handle)

    def gap(levels: Array) -> Array:
        return respond(levels) - target

    allowed, way = whole(metric, here), abs(value - target)
    room = max(EXACT * (way if np.isfinite(way) else abs(target)), ROUNDING * abs(target))
    found = _free(metric, gap, here, room) if allowed is None else _stepped(allowed, gap, here, np.sign(target - value))
    required, reachable, best = (here, True, here) if value == target else found
    best_kgi = float(respond(np.array([best]))[0])
    return Sought(handle.address, here, required, reachable, best, best_kgi, _chance(tree, handle, required), handle)


def _response(tree: Tree, handle: Handle) -> Callable[[Array], Array]:
    """The KGI, shape (n,), as a function of the levels (n,) of a handle, all else where it stands."""
    if len(handle.cells) == 1:
        one = response(tree, handle.cells[0], (tree.kgi,))
        return lambda levels: one(levels)[tree.kgi]
    return lambda levels: sweep(tree, handle.moved(levels), (tree.kgi,))[tree.kgi]


def _free(metric: Metric, gap: Gap, here: float, room: float) -> tuple[float | None, bool, float]:
    """The required level, whether it may be, and how far the leaf gets: within its bounds first, then beyond them."""
    levels = outward(metric, here)
    allowed = inside(metric, levels)
    met = nearest(gap, allowed, here, room) if len(allowed) else None
    rest = np.array([here] if metric.lever is None or metric.lever.off is None else [here, metric.lever.off])
    misses = np.nan_to_num(np.abs(gap(rest)), nan=np.inf)
    if misses[-1] <= room and (met is None or abs(rest[-1] - here) < abs(met - here)):
        met = float(rest[-1])  # resting meets it
    if met is not None:
        return met, True, met
    ends = np.append(rest, [closest(gap, allowed, here)] if len(allowed) else [])
    misses = np.nan_to_num(np.abs(gap(ends)), nan=np.inf)
    best = min(zip(misses, np.abs(ends - here), ends, strict=True))[2]
    return nearest(gap, levels, here, room), False, float(best)


def _stepped(allowed: Array, gap: Gap, here: float, side: float) -> tuple[float | None, bool, float]:
    """The same of a lever with separate levels: the nearest that meets the target or passes it, from ``side``."""
    gaps = gap(allowed)
    met = allowed[gaps * side >= 0]
    if len(met):
        required = float(met[np.argmin(np.abs(met - here))])
        return required, True, required
    misses = np.nan_to_num(np.abs(gaps), nan=np.inf)
    return None, False, float(allowed[np.argmin(misses)])


def _chance(tree: Tree, handle: Handle, required: float | None) -> float | None:
    """Chance that all cells are at or beyond their required levels at once; None where several draws decide it."""
    metrics = [tree.metrics[cell] for cell in handle.cells]
    if required is None or len({metric.draw or metric.id for metric in metrics}) > 1:
        return None
    levels = handle.at(required)
    found = [_alone(tree, metric, levels[metric.id]) for metric in metrics]
    held = [each for each in found if each is not None]
    return min(held) if len(held) == len(found) else None  # they go up and down with one draw


def _alone(tree: Tree, metric: Metric, required: float) -> float | None:
    """Chance that one cell is at or beyond the required level, seen from where it stands."""
    level, doubt = tree.levels[metric.id], metric.uncertainty
    if doubt is None or level.certain or level.factor * metric.factor == 0:
        return None
    drawn = (level.base + (required - level.value) / level.factor) / metric.factor
    up = (required >= level.value) == (level.factor * metric.factor > 0)
    # the required level is found to rounding, and where levels are separate it counts itself
    slack = EXACT * max(abs(drawn), 1.0) if doubt.discrete else 0.0
    below, above = doubt.shares(np.array([drawn - slack if up else drawn + slack]))
    return float(above[0] if up else below[0])
