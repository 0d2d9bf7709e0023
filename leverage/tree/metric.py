"""A metric: what the file says of one figure of the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leverage.errors import NOWHERE, LeverageError, Place
from leverage.formula.nodes import Node
from leverage.tree.grid import TIME, Axes, Grid, cell_id

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from leverage.tree.uncertainty import Distribution

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Lever:
    """How far somebody can set a leaf. ``cost``: resource to the price of one unit of distance from the base level.

    ``low`` and ``high`` are the file's ``min`` and ``max`` (None: no bound); ``off`` a level allowed outside them.
    """

    low: float | None = None
    high: float | None = None
    integer: bool = False
    choices: tuple[float, ...] = ()
    off: float | None = None
    cost: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    over_time: str | None = None
    at: Place = NOWHERE

    @property
    def whole(self) -> bool:
        """The lever takes separate levels only: whole numbers, or a list of choices."""
        return self.integer or bool(self.choices)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Levels that call for a look (``warn``) and for action (``alert``), in the metric's unit."""

    warn: float | None = None
    alert: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """A metric's figures over axes, as the file shows them: a metric of single figures per combination of labels.

    ``axes``: those that the figures show; ``each``: row by row, the last axis fastest. ``factors``: what growth and
    seasonality multiply each period's figure by; () where there is neither.
    """

    axes: Axes
    each: tuple[Metric, ...]
    factors: tuple[float, ...] = ()

    def cell(self, at: Mapping[str, str], grid: Grid) -> tuple[Metric, float]:
        """The single figures that the file shows for a cell, and what growth and seasons multiply them by.

        ``at``: the cell's label on each axis.
        """
        place = 0
        for axis in self.axes:
            place = place * len(grid[axis]) + grid.places[at[axis]]
        return self.each[place], self.factors[grid.places[at[TIME]]] if self.factors else 1.0


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One figure of the tree: a leaf (``base``) or a formula metric (``formula``), and what is known of it.

    ``base`` is the file's value, for an uncertain leaf without one its median; None on a formula metric, and where
    there is one per label or period. ``percent``: its figures are written with ``%``. ``kept``: keys of the file whose
    verbs use them as they stand.

    Over axes (`tree.grid`): ``axes`` in the grid's order, and ``figures``. Of a cell: ``whole``, the id of its metric;
    ``labels``, one an axis; ``draw``, the name of the draw that it takes ("": its own id), and ``factor``, by which
    its draws are multiplied.
    """

    id: str
    at: Place = NOWHERE
    formula: Node | None = None
    text: str = ""  # the formula as written
    formula_at: Place = NOWHERE
    base: float | None = None
    percent: bool = False
    uncertainty: Distribution | None = None
    lever: Lever | None = None
    label: str = ""
    unit: str = ""
    target: float | None = None
    actual: float | None = None
    owner: str = ""
    note: str = ""
    kind: Literal["", "leading", "lagging"] = ""
    role: str = ""
    cadence: str = ""
    horizon: str = ""
    source: str = ""
    thresholds: Thresholds | None = None
    better: Literal["", "higher", "lower"] = ""
    kept: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    axes: Axes = ()
    figures: Figures | None = None
    whole: str = ""
    labels: tuple[str, ...] = ()
    draw: str = ""
    factor: float = 1.0

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Metric:
        """The metric with these fields and the defaults of all others: of twenty, most have a handful.

        A large file is mostly metrics, and this takes a fifth of the constructor's time.
        """
        metric = cls.__new__(cls)
        metric.__dict__.update(told, kept=told.get("kept", NOTHING))
        return metric

    @property
    def leaf(self) -> bool:
        """It has no formula: its figure comes from outside the tree."""
        return self.formula is None

    @property
    def shared(self) -> bool:
        """One draw serves all its labels."""
        return bool(self.kept.get("shared", "false") in ("true", "True", "TRUE"))

    @property
    def per_period(self) -> bool:
        """Each period has a draw of its own."""
        return "draws" in self.kept

    @property
    def draw_axes(self) -> Axes:
        """The axes over which a leaf has draws of its own: its labels', unless shared; its periods', if so said."""
        return tuple(axis for axis in self.axes if (self.per_period if axis == TIME else not self.shared))

    def draw_of(self, at: Mapping[str, str]) -> str:
        """The name of the draw that a cell takes; ``at``: its label on each axis."""
        return cell_id(self.id, tuple(at[axis] for axis in self.draw_axes))

    @property
    def name(self) -> str:
        """What people read: the label, or the id where there is none."""
        return self.label or self.id

    def quantile(self, p: ArrayLike) -> Any:
        """The level that a share ``p`` of a leaf's draws does not pass: a float, or an array of the shape of ``p``.

        A certain leaf stands at its value for every ``p``; moves of a scenario are not in it.

        Raises:
            NotALeaf: a formula metric's spread comes from its drivers; `simulate` answers.
        """
        if self.base is None:
            raise NotALeaf(self.id)
        shares = np.asarray(p, dtype=np.float64)
        if self.uncertainty is None:
            levels = np.full(shares.shape, self.base)
        else:  # what is multiplied by less than 0 is drawn from the other end
            levels = self.factor * self.uncertainty.quantile(shares if self.factor >= 0 else 1 - shares)
        return levels if shares.shape else float(levels)


class NotALeaf(LeverageError):
    """A question about a leaf's own doubt, asked of a formula metric."""

    def __init__(self, id: str) -> None:
        super().__init__("has a formula, so its spread comes from its drivers; ask simulate(of=...)", metric=id)
