"""How does a verb show figures over time and dimensions? Nested as the file has them, and as cells of a table.

A verb computes on `tree.cells`, whose metrics are cells; here their figures come back to the metrics of the file.
Figures are mappings by cell id; a metric without axes is its own cell. Rows of labels beneath a metric:
`cells.parts`; all periods as one figure: `cells.overall`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from leverage.panels import Cell, Figure, Spark
from leverage.quantity import show
from leverage.tree.addresses import metric_of, parted
from leverage.tree.grid import TIME, Axes, cell_id
from leverage.tree.tree import Tree
from leverage.verbs.cells.folds import FOLDS, folds

At = Mapping[str, tuple[str, ...]]  # axis to those of its labels that are meant; all where it is left out
Figures = Mapping[str, float | None]
ALL: At = {}
MISSING = object()


# --- nested figures ------------------------------------------------------------------------------------------------


def nested(whole: Tree, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures by cell as the file nests them, by metric: a mapping per label, innermost a list per period.

    A metric without axes has its figure as it is; metrics of which no cell is among the figures are left out, and so
    are labels; a period without a figure is None.
    """
    if not whole.grid:
        return {id: figures[id] for id in whole.metrics if id in figures}
    found = ((id, part(whole, id, figures)) for id in whole.metrics)
    return {id: figure for id, figure in found if figure is not MISSING}


def at(whole: Tree, address: str, figures: Mapping[str, Any]) -> Any:
    """What an address names among the figures: one, or nested over the axes of which it names no single label.

    Raises:
        UnknownName: no metric bears the name, or no label.
        NotAnAddress: the metric has no such label.
        KeyError: there are no figures of the metric.
    """
    id, meant = meaning(whole, address)
    found = part(whole, id, figures, meant)
    if found is MISSING:
        raise KeyError(address)
    return found


def meaning(whole: Tree, address: str) -> tuple[str, At]:
    """The metric that an address names, and the labels of its axes that are meant.

    Raises:
        UnknownName: no metric bears the name, or no label.
        NotAnAddress: the metric has no such label.
    """
    whole.cells_of(address)
    id, labels = parted(address)
    owners = whole.grid.owners
    return id, {owners[label].name: owners[label].members(label) for label in labels}


def part(whole: Tree, id: str, figures: Mapping[str, Any], meant: At = ALL) -> Any:
    """A metric's figures nested, `MISSING` where there is none; an axis of which one label is meant has no level."""
    axes = whole.metrics[id].axes
    if not axes:
        return figures.get(id, MISSING)
    single = {axis for axis, labels in meant.items() if len(labels) == 1}

    def below(labels: tuple[str, ...]) -> Any:
        if len(labels) == len(axes):
            return figures.get(cell_id(id, labels), MISSING)
        axis = axes[len(labels)]
        wanted = meant.get(axis, whole.grid[axis].labels)
        parts = {label: below((*labels, label)) for label in wanted}
        if axis in single:
            return parts[wanted[0]]
        if all(inner is MISSING for inner in parts.values()):
            return MISSING
        if axis == TIME:
            return [None if inner is MISSING else inner for inner in parts.values()]
        return {label: inner for label, inner in parts.items() if inner is not MISSING}

    return below(())


def one(whole: Tree, address: str, option: str) -> str:
    """The single cell that an address names, for an option that wants one figure.

    Raises:
        BadSetting: it names many; the sentence gives one as an example.
    """
    cells = whole.cells_of(address)
    if len(cells) > 1:
        from leverage.verbs.draws.chance import BadSetting  # loads chance, which a plain answer does without

        raise BadSetting(option, address, f"it has {len(cells)} figures; name one, such as {cells[0]}")
    return cells[0]


def spoken(whole: Tree, address: str) -> str:
    """An address as people read it: ``visits[ads]`` is "Visits [ads]"."""
    id, labels = parted(address)
    name = whole.metrics[id].name
    return f"{name} [{', '.join(labels)}]" if labels else name


def counted(whole: Tree, cells: Sequence[str]) -> Iterator[str]:
    """Cells in a sentence, metric by metric: each is named that is whole or a single cell, others by an example."""
    meant = set(cells)
    for id in dict.fromkeys(map(metric_of, cells)):
        every = whole.cells_of(id)
        some, many = [cell for cell in every if cell in meant], len(every)
        if len(some) == many:
            yield id
        else:
            yield some[0] if len(some) == 1 else f"{id} in {len(some)} of its {many} figures, such as {some[0]},"


def long(whole: Tree, **columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Figures by cell as rows of a table: the metric, its label on each axis of the model, and the columns' figures.

    Rows stand in the order of the first column's metrics; what has no axes leaves the labels empty.
    """
    rows = []
    names = {axis.name: f"{axis.name}_" if axis.name in ("metric", *columns) else axis.name for axis in whole.grid.axes}
    for cell in next(iter(columns.values())):
        id, labels = parted(cell)
        at_ = dict(zip(whole.metrics[id].axes, labels, strict=True))
        told = {name: figures[cell] for name, figures in columns.items()}
        rows.append({"metric": id, **{word: at_.get(name) for name, word in names.items()}, **told})
    return rows


# --- one cell of a table -------------------------------------------------------------------------------------------


def seen(whole: Tree, id: str, figures: Figures, meant: At = ALL, *, signed: bool = False) -> Cell:
    """What stands in a table for a metric, or for the part of it that is meant.

    Its figure; over time a little series; dimensions as the model itself folds them (`cells.folds`), and where it does
    not, the range from the lowest to the highest. Figures that are all the same are one. None: there are no figures.
    """
    levels = [figures[cell] for cell in meant_cells(whole, id, meant) if cell in figures]
    if not levels:
        return None
    folded, percent = course(whole, id, figures, meant), whole.metrics[id].percent
    if folded is None:
        return ranged(levels, percent=percent, signed=signed)
    return series(folded, percent=percent, signed=signed)


def series(levels: Sequence[float | None], *, percent: bool = False, signed: bool = False) -> Figure | Spark:
    """Figures period by period as a cell; those that are all the same are one."""
    return Figure(levels[0], percent, signed) if len(set(levels)) == 1 else Spark(tuple(levels), percent)


def meant_cells(whole: Tree, id: str, meant: At = ALL) -> tuple[str, ...]:
    """A metric's cells that are meant, in the grid's order."""
    axes = whole.metrics[id].axes
    return tuple([cell_id(id, each) for each in product(*(meant.get(name, whole.grid[name].labels) for name in axes))])


def ranged(levels: Sequence[float | None], *, percent: bool, signed: bool) -> Cell:
    """From the lowest of the figures to the highest; one figure where they are all the same."""
    held = sorted({level for level in levels if level is not None})
    if len(held) < 2:
        return Figure(held[0] if held else None, percent, signed)
    low, high = (show(end, percent=percent, signed=signed) for end in (held[0], held[-1]))
    return f"{low} to {high}"


def unfolded(whole: Tree, id: str, meant: At) -> Axes:
    """The dimensions of a metric, of those that are meant with several labels, that the model folds by no word."""
    words = folds(whole).get(id, {})
    dimensions = (name for name in whole.metrics[id].axes if name != TIME and name not in words)
    return tuple(name for name in dimensions if len(meant.get(name, whole.grid[name].labels)) > 1)


def fold(word: str, levels: Sequence[float | None]) -> float | None:
    """Figures brought to one by a word of the language; None where one of them is missing."""
    held = [level for level in levels if level is not None]
    if len(held) < len(levels):
        return None
    return FOLDS[word](held) if len(held) > 1 else held[0]


def course(whole: Tree, id: str, figures: Figures, meant: At) -> list[float | None] | None:
    """One figure a period, or one alone, dimensions folded; None where the model folds one of them by no word."""
    if unfolded(whole, id, meant):
        return None
    axes = whole.metrics[id].axes
    words = folds(whole).get(id, {}) if axes else {}

    def folded(over: Axes, labels: dict[str, str]) -> float | None:
        if not over:
            return figures.get(cell_id(id, tuple(labels[name] for name in axes)))
        *inner, axis = over  # the first axis of the grid is folded first, as formulas do
        parts = [folded(tuple(inner), {**labels, axis: label}) for label in meant.get(axis, whole.grid[axis].labels)]
        return fold(words.get(axis, "sum"), parts)

    dimensions = tuple(name for name in axes if name != TIME)
    periods = meant.get(TIME, whole.grid[TIME].labels) if TIME in axes else None
    return [folded(dimensions, {} if period is None else {TIME: period}) for period in periods or (None,)]
