"""What a result shows, as plain data: the waist between the verbs, who make panels, and the views, who draw them.

A panel knows ids, labels, units, direction and reference, so that text, picture, page and sheet can all be drawn from
it and none of them needs to know which verb asked. Figures are full precision; a view rounds them with `quantity.show`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a table or tree, and how its metric writes it.

    ``tone``: how it stands to what was wanted. It colours only, so a sign or a word beside it ("missed") says it too.
    """

    value: float | None
    percent: bool = False
    signed: bool = False
    tone: Literal["", "good", "bad"] = ""


@dataclass(frozen=True, slots=True)
class Spark:
    """A little series in a cell, such as a metric over the periods: first figure, its course, last figure.

    ``values`` are in order, None where there is none: the course has a gap there.
    """

    values: tuple[float | None, ...]
    percent: bool = False


Cell = Figure | Spark | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: heading, the unit of its figures, and whether it holds text (aligned left)."""

    title: str
    unit: str = ""
    text: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns. ``ids`` names each row's metric ("" for none): a page ties it to its lever."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a few, for people. ``tone``: "plain", "warning" or "next" (what to run now)."""

    text: str
    tone: Literal["plain", "warning", "next"] = "plain"


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One metric of a tree panel with what stands beside it; ``drivers`` are ids, top driver first."""

    id: str
    label: str
    cells: tuple[Cell, ...]
    drivers: tuple[str, ...] = ()
    mark: str = ""  # "lever", "uncertain", ... beside the label


@dataclass(frozen=True, slots=True)
class Tree:
    """The metrics from the root down. A driver of several metrics is one node, met again where it feeds."""

    title: str
    root: str
    nodes: Mapping[str, TreeNode]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, widest first as given: from ``low`` to ``high`` (d,), either side of ``reference`` or from it.

    A bar of one value has ``low`` equal to the reference. ``low_names``/``high_names``: the driver's level at each end.
    ``labels`` are what people read in place of the ids. ``errors``: the ends (d,), (d,) of an interval on each bar, not
    a number where there is none, and ``errors_name`` what it is.
    """

    title: str
    ids: tuple[str, ...]
    low: Array
    high: Array
    reference: float = 0.0
    unit: str = ""
    percent: bool = False
    better: Literal["higher", "lower"] = "higher"
    low_names: tuple[str, ...] = ()
    high_names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    errors: tuple[Array, Array] | None = None
    errors_name: str = "95% interval"
    picture: str = ""


@dataclass(frozen=True, slots=True)
class GroupedBars:
    """Bars of several series from 0 to ``values`` (s, d), a group an id: the first and the total index of each leaf.

    ``names`` are of the series; ``errors`` are the ends (s, d), (s, d) of an interval on each bar, as in `Bars`.
    """

    title: str
    ids: tuple[str, ...]
    values: Array
    names: tuple[str, ...]
    errors: tuple[Array, Array] | None = None
    errors_name: str = "95% interval"
    unit: str = ""
    percent: bool = False
    labels: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Bridge:
    """A waterfall from ``start`` to ``end``: ``steps`` (d,) add up to the difference; ``labels`` as in `Bars`."""

    title: str
    start_name: str
    end_name: str
    start: float
    end: float
    ids: tuple[str, ...]
    steps: Array
    unit: str = ""
    percent: bool = False
    better: Literal["higher", "lower"] = "higher"
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """Curves ``y`` (s, n) over ``x`` (n,), one name each; with bands around a median, a fan chart.

    ``bands`` are (name, low (n,), high (n,)), ``marks`` (label, x, y). ``x_names`` (n,) stand in place of the figures
    of ``x``, such as periods. ``references`` are (name, levels), the levels one for all, shape (), or (n,): a target.
    ``unit`` and ``percent`` are of ``y``, the same with ``x_`` of ``x``; a level that is no number leaves a gap.
    """

    title: str
    x: Array
    y: Array
    names: tuple[str, ...]
    x_title: str = ""
    y_title: str = ""
    bands: tuple[tuple[str, Array, Array], ...] = ()
    marks: tuple[tuple[str, float, float], ...] = ()
    x_names: tuple[str, ...] = ()
    references: tuple[tuple[str, Array], ...] = ()
    unit: str = ""
    percent: bool = False
    x_unit: str = ""
    x_percent: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves that each run over a ground of their own, ``y`` (s, n) over ``x`` (s, n), named where they end: a spider.

    ``origin`` is the point that all go through. ``unit`` and ``percent`` are of ``y``, ``x_percent`` of ``x``.
    """

    title: str
    x: Array
    y: Array
    names: tuple[str, ...]
    x_title: str = ""
    y_title: str = ""
    origin: tuple[float, float] | None = None
    unit: str = ""
    percent: bool = False
    x_percent: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Histogram:
    """How a metric is spread: counts (b,) between ``edges`` (b + 1,); ``marks`` are named levels, such as a target."""

    title: str
    edges: Array
    counts: Array
    marks: tuple[tuple[str, float], ...] = ()
    unit: str = ""
    percent: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Heatmap:
    """``values`` (rows, columns) of a two-way table, with the level of either axis at each row and column, or its name.

    Names are of what has no levels: drivers down, periods across.
    """

    title: str
    values: Array
    row_title: str
    column_title: str
    row_levels: tuple[Figure | str, ...]
    column_levels: tuple[Figure | str, ...]
    unit: str = ""
    percent: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points ``x`` (n,), ``y`` (n,) in groups ``group`` (n,) with names, and named boxes around some of them.

    ``boxes`` are (name, x low, x high, y low, y high); an end that is infinite runs to the edge of the drawing.
    """

    title: str
    x: Array
    y: Array
    x_title: str = ""
    y_title: str = ""
    group: NDArray[np.intp] | None = None
    names: tuple[str, ...] = ()
    boxes: tuple[tuple[str, float, float, float, float], ...] = ()
    x_unit: str = ""
    y_unit: str = ""
    x_percent: bool = False
    y_percent: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Multiples:
    """Small plots side by side, one a label, which is the plot's title.

    ``share_y``: the figures of all stand on one scale, so that they compare; else each fills its own plot.
    """

    title: str
    panels: tuple[Lines | Bars | Histogram, ...]
    share_y: bool = True
    picture: str = ""

    @property
    def unit(self) -> str:
        """The unit of all plots, or "" where they differ."""
        units = {panel.unit for panel in self.panels}
        return units.pop() if len(units) == 1 else ""


Panel = Table | Text | Tree | Bars | GroupedBars | Bridge | Lines | Curves | Histogram | Heatmap | Scatter | Multiples

PICTURES: Mapping[type[Panel], str] = MappingProxyType(
    {
        Tree: "tree",
        Bars: "bars",
        GroupedBars: "bars",
        Bridge: "bridge",
        Lines: "lines",
        Curves: "curves",
        Histogram: "histogram",
        Heatmap: "heatmap",
        Scatter: "scatter",
        Multiples: "multiples",
        Table: "table",
    }
)


def pictures(panels: Iterable[Panel]) -> dict[str, Panel]:
    """The panels that can be drawn, by a short name that stays: the panel's ``picture``, else that of its kind.

    Of several under one name the later bear a number, ``histogram-2``. A table is one only where nothing else is.
    """
    drawn = [panel for panel in panels if type(panel) in PICTURES]
    found: dict[str, Panel] = {}
    times = Counter[str]()
    for panel in [panel for panel in drawn if not isinstance(panel, Table)] or drawn:
        name = getattr(panel, "picture", "") or PICTURES[type(panel)]
        times[name] += 1
        found[name if times[name] == 1 else f"{name}-{times[name]}"] = panel
    return found
