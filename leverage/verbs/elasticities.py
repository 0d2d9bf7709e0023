"""Pushed 1%, which driver moves the KGI most? The exact slope and elasticity in every metric, leaf or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName, listed
from leverage.panels import Bars, Cell, Column, Figure, Panel, Table, Text
from leverage.program.choices import stepped, ties
from leverage.program.run import point, slope_figures
from leverage.quantity import show
from leverage.tree.addresses import metric_of
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.effects import effects
from leverage.verbs.cells.over import meant_cells, one, part, seen
from leverage.verbs.cells.parts import Part
from leverage.verbs.cells.sums import Parts, by_axis, cellwise, total
from leverage.verbs.describe import caveats, column, figure, reached
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Elasticities(Result):
    """Every driver's slope, strongest first. ``derivative``: KGI's unit per driver's; ``elasticity``: % per %, or None.

    ``gain`` is what +1% of the driver adds to the KGI by its slope, in the KGI's unit. Over axes a driver is all its
    cells, each pushed by 1%: ``gain`` and ``elasticity`` (d,) are those of drivers, ``level``, ``derivative`` and
    ``part`` (c,) those of ``cells``, ``part`` being what a cell has of the gain.
    """

    verb: ClassVar[str] = "elasticities"
    main: ClassVar[str] = "drivers"

    tree: Tree
    of: str
    value: float
    drivers: tuple[str, ...]
    cells: tuple[str, ...]
    level: Array
    derivative: Array
    part: Array
    elasticity: tuple[float | None, ...]
    gain: Array
    steps: frozenset[str]
    tied: tuple[str, ...]

    def __getitem__(self, id: str) -> float | None:
        """The elasticity of one driver, or of the cells that an address names."""
        cells = self.tree.cells_of(id)
        if metric_of(cells[0]) not in self.drivers or not all(cell in self._gains for cell in cells):
            raise UnknownName(id, self.drivers, what="driver", where=f"of {self.of}")
        return self._share(total(self._gains[cell] for cell in cells))

    @cached_property
    def _levels(self) -> Mapping[str, float]:
        return dict(zip(self.cells, self.level.tolist(), strict=True))

    @cached_property
    def _slopes(self) -> Mapping[str, float]:
        return dict(zip(self.cells, self.derivative.tolist(), strict=True))

    @cached_property
    def _gains(self) -> Mapping[str, float]:
        return dict(zip(self.cells, self.part.tolist(), strict=True))

    def _share(self, gain: float) -> float | None:
        return None if self.value == 0 else 100 * gain / self.value

    def figures(self) -> dict[str, Any]:
        return {
            "kgi": self.of,
            "value": self.value,
            "drivers": [self._entry(place, id) for place, id in enumerate(self.drivers)],
            "ties": list(self.tied),
        }

    def _entry(self, place: int, id: str) -> dict[str, Any]:
        entry = {
            "metric": id,
            "value": part(self.tree, id, self._levels),
            "derivative": part(self.tree, id, self._slopes),
            "elasticity": self.elasticity[place],
            "gain": self.gain[place],
            "steps": id in self.steps,
        }
        return {**entry, **self._cellwise(id)} if self.tree.metrics[id].axes else entry

    def _cellwise(self, id: str) -> dict[str, Any]:
        """The same of each cell, and what each label and period has of the elasticity."""
        cells = [cell for cell in meant_cells(self.tree, id) if cell in self._gains]
        shares = {cell: self._share(self._gains[cell]) for cell in cells}
        names = ("metric", "value", "derivative", "elasticity", "gain")
        rows = ((cell, self._levels[cell], self._slopes[cell], shares[cell], self._gains[cell]) for cell in cells)
        held = {cell: share for cell, share in shares.items() if share is not None}
        return {
            "cells": [dict(zip(names, row, strict=True)) for row in rows],
            "by": by_axis(self.tree, id, held) if held else None,
        }

    def rows(self) -> list[dict[str, Any]]:
        """A driver each; of a model over axes, a cell each, with its labels."""
        if not self.tree.grid:
            return super().rows()
        keys = ("value", "derivative", "elasticity", "gain", "steps")
        return cellwise(self.tree, self.to_dict()["drivers"], keys)

    def notes(self) -> tuple[str, ...]:
        notes = list(caveats(self.tree))
        if self.value == 0:
            notes.append(f"{self.of} is 0, so no share of it can be given: read the derivative")
        if self.tied:
            owners = tuple(dict.fromkeys(metric_of(cell) for cell in self.tied))
            notes.append(
                f"min, max or abs is tied in {listed(owners)}: the first argument that attains it has the slope, "
                "and a push the other way may do nothing"
            )
        return tuple(notes)

    @property
    def _goal(self) -> Metric:
        return self.tree.cells.metrics[self.of]

    def panels(self) -> tuple[Panel, ...]:
        goal = self._goal
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
        title = (
            f"{goal.name} = {show(self.value, percent=goal.percent)}: what a push of each driver does, all else held"
        )
        return (
            Table(title, heads, rows, self.drivers),
            *self._effects(),
            bars,
            Text(f"leverage levers {self.tree.file or 'MODEL'}", "next"),
        )

    def _row(self, place: int, id: str) -> tuple[Cell, ...]:
        metric = self.tree.metrics[id]
        return (
            metric.name,
            seen(self.tree, id, self._levels),
            Figure(self.elasticity[place], signed=True),
            figure(self._goal, float(self.gain[place]), signed=True),
            None if metric.axes else Figure(self._slopes[id]),
            "steps: see the finite gain" if id in self.steps else "lever" if metric.lever is not None else None,
        )

    def _effects(self) -> tuple[Table, ...]:
        """Through which labels and in which periods the strongest metrics over axes take effect."""
        over = [
            id for id, gain in zip(self.drivers, self.gain.tolist(), strict=True) if self.tree.metrics[id].axes and gain
        ]
        parts = {
            id: {cell: self._gains[cell] for cell in meant_cells(self.tree, id) if cell in self._gains} for id in over
        }

        def beside(id: str, row: Part, gains: Parts) -> tuple[Cell, ...]:
            share = self._share(total(gains.values())) if gains else None
            return seen(self.tree, id, self._levels, row.meant), Figure(share, signed=True)

        heads = (Column("value"), Column("elasticity", "% per %"))
        return effects(self.tree, self._goal, parts, brings="+1% brings", heads=heads, beside=beside)


def elasticities(tree: Tree, *, of: str | None = None) -> Elasticities:
    """Pushed 1%, which driver moves the KGI most?

    Args:
        of: the metric whose drivers are asked for, the KGI when left out; one cell of a metric over axes.

    Returns:
        Every other metric's derivative (unit of the KGI per unit of the metric), elasticity x/y dy/dx (signed; None
        where the KGI is 0, 0 at a driver that is 0) and gain of +1%, largest gain first. What the KGI does not use
        has slope 0. A formula metric's slope is that of moving it alone, its drivers held. A metric over axes has the
        sums of its cells: what 1% more in each of them does together.

    Raises:
        BadSetting: ``of`` names many figures.

    Source: Griewank and Walther 2008, Evaluating Derivatives, chapter 3 (the reverse mode).
    """
    cells, goal = tree.cells, one(tree, of or tree.kgi, "of")
    values, found = point(cells), slope_figures(cells, goal)
    members = {id: [cell for cell in meant_cells(tree, id) if cell != goal] for id in tree.metrics}
    drivers = [id for id, own in members.items() if own]
    part = {cell: _gain(values[cell], found[cell]) for id in drivers for cell in members[id]}
    gain = {id: total(part[cell] for cell in members[id]) for id in drivers}
    sizes = {id: abs(gain[id]) if np.isfinite(gain[id]) else np.inf for id in drivers}  # not finite: needs a look
    drivers.sort(key=lambda id: (-sizes[id], id))
    order = [cell for id in drivers for cell in members[id]]
    value = values[goal]
    tied = ties(cells)
    used = reached([goal], cells.drivers) if tied else frozenset()
    return Elasticities(
        Run.of(tree),
        tree,
        goal,
        value,
        tuple(drivers),
        tuple(order),
        np.array([values[cell] for cell in order]),
        np.array([found[cell] for cell in order]),
        np.array([part[cell] for cell in order]),
        tuple(None if value == 0 else 100 * gain[id] / value for id in drivers),
        np.array([gain[id] for id in drivers]),
        frozenset(metric_of(cell) for cell in stepped(cells, goal)),
        tuple(dict.fromkeys(use.owner for use in tied if use.owner in used)),
    )


def _gain(level: float, slope: float) -> float:
    """What +1% adds by the slope; a driver that is 0 does not move, however steep."""
    return 0.0 if level == 0 else slope * level / 100
