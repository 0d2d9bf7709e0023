"""Pushed 1%, which driver moves the KGI most? The exact slope and elasticity in every metric, leaf or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName, listed
from leverage.panels import Bars, Column, Figure, Panel, Table, Text
from leverage.program.choices import stepped, ties
from leverage.program.run import point, slope_figures
from leverage.tree.tree import Tree
from leverage.verbs.describe import column, cuts, figure, reached
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Elasticities(Result):
    """Every driver's slope, strongest first. ``derivative``: KGI's unit per driver's; ``elasticity``: % per %, or None.

    ``gain`` is what +1% of the driver adds to the KGI by its slope, in the KGI's unit.
    """

    verb: ClassVar[str] = "elasticities"
    main: ClassVar[str] = "drivers"

    tree: Tree
    of: str
    value: float
    drivers: tuple[str, ...]
    level: Array
    derivative: Array
    elasticity: tuple[float | None, ...]
    gain: Array
    steps: frozenset[str]
    tied: tuple[str, ...]

    def __getitem__(self, id: str) -> float | None:
        """The elasticity of one driver."""
        if self.tree.require(id).id not in self.drivers:
            raise UnknownName(id, self.drivers, what="driver", where=f"of {self.of}")
        return self.elasticity[self.drivers.index(id)]

    def figures(self) -> dict[str, Any]:
        rows = zip(self.drivers, self.level, self.derivative, self.elasticity, self.gain, strict=True)
        return {
            "kgi": self.of,
            "value": self.value,
            "drivers": [
                {
                    "metric": id,
                    "value": level,
                    "derivative": derivative,
                    "elasticity": elasticity,
                    "gain": gain,
                    "steps": id in self.steps,
                }
                for id, level, derivative, elasticity, gain in rows
            ],
            "ties": list(self.tied),
        }

    def notes(self) -> tuple[str, ...]:
        notes = list(cuts(self.tree))
        if self.value == 0:
            notes.append(f"{self.of} is 0, so no share of it can be given: read the derivative")
        if self.tied:
            notes.append(
                f"min, max or abs is tied in {listed(self.tied)}: the first argument that attains it has the slope, "
                "and a push the other way may do nothing"
            )
        return tuple(notes)

    def panels(self) -> tuple[Panel, ...]:
        goal = self.tree.metrics[self.of]
        heads = (
            column("driver"),
            Column("value"),
            Column("elasticity", "% per %"),
            Column("+1% brings", goal.unit),
            Column("derivative"),
            column(""),
        )
        rows = tuple(self._row(place, id) for place, id in enumerate(self.drivers))
        bars = Bars(
            f"What +1% of each driver adds to {goal.name}",
            self.drivers,
            np.zeros_like(self.gain),
            self.gain,
            unit=goal.unit,
            percent=goal.percent,
            labels=tuple(self.tree.metrics[id].name for id in self.drivers),
        )
        title = f"{goal.name} = {_shown(goal, self.value)}: what a push of each driver does, all else held"
        return (
            Table(title, heads, rows, self.drivers),
            bars,
            Text(f"leverage levers {self.tree.file or 'MODEL'}", "next"),
        )

    def _row(self, place: int, id: str) -> tuple[Figure | str | None, ...]:
        metric = self.tree.metrics[id]
        return (
            metric.name,
            figure(metric, float(self.level[place])),
            Figure(self.elasticity[place], signed=True),
            figure(self.tree.metrics[self.of], float(self.gain[place]), signed=True),
            Figure(float(self.derivative[place])),
            "steps: see the finite gain" if id in self.steps else "lever" if metric.lever is not None else None,
        )


def _shown(metric: Any, value: float) -> str:
    from leverage.quantity import show

    return show(value, percent=metric.percent)


def elasticities(tree: Tree, *, of: str | None = None) -> Elasticities:
    """Pushed 1%, which driver moves the KGI most?

    Args:
        of: the metric whose drivers are asked for, the KGI when left out.

    Returns:
        Every other metric's derivative (unit of the KGI per unit of the metric), elasticity x/y dy/dx (signed; None
        where the KGI is 0, 0 at a driver that is 0) and gain of +1%, largest gain first. What the KGI does not use
        has slope 0. A formula metric's slope is that of moving it alone, its drivers held.

    Source: Griewank and Walther 2008, Evaluating Derivatives, chapter 3 (the reverse mode).
    """
    goal = tree.require(of or tree.kgi).id
    values, found = point(tree), slope_figures(tree, goal)
    drivers = [id for id in tree.metrics if id != goal]
    level = np.array([values[id] for id in drivers])
    derivative = np.array([found[id] for id in drivers])
    with np.errstate(invalid="ignore"):
        gain = np.where(level == 0, 0.0, derivative * level) / 100
    sizes = np.where(np.isfinite(gain), np.abs(gain), np.inf).tolist()  # what is not finite needs a look
    order = np.array(sorted(range(len(drivers)), key=lambda i: (-sizes[i], drivers[i])), dtype=np.intp)
    value = values[goal]
    shares = [None] * len(order) if value == 0 else (100 * gain[order] / value).tolist()
    tied = ties(tree)
    used = reached([goal], tree.drivers) if tied else frozenset()
    return Elasticities(
        Run.of(tree),
        tree,
        goal,
        value,
        tuple(drivers[i] for i in order),
        level[order],
        derivative[order],
        tuple(shares),
        gain[order],
        stepped(tree, goal),
        tuple(dict.fromkeys(use.owner for use in tied if use.owner in used)),
    )
