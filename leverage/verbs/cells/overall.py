"""What does a metric come to over all its periods? The sum, the last, ... as the model itself has it, or their mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from leverage.panels import Cell, Figure
from leverage.tree.grid import TIME, Axes
from leverage.tree.tree import Tree
from leverage.verbs.cells.folds import folds
from leverage.verbs.cells.over import ALL, At, Figures, course, fold, meant_cells, ranged, unfolded


def overall(whole: Tree, id: str, figures: Figures, meant: At = ALL, *, signed: bool = False) -> Cell:
    """What stands in a table for a metric as `over.seen` has it, all periods as one figure (`over_time`)."""
    if not any(cell in figures for cell in meant_cells(whole, id, meant)):
        return None
    percent, open_ = whole.metrics[id].percent, unfolded(whole, id, meant)
    each = ({**meant, **dict(zip(open_, labels, strict=True))} for labels in _apart(whole, open_, meant))
    levels = [_overall(whole, id, figures, part) for part in each]
    return ranged(levels, percent=percent, signed=signed)


def over_time(whole: Tree, id: str) -> str | None:
    """By which word a metric's periods come to one figure: that of the model, else their mean; None without time."""
    return folds(whole).get(id, {}).get(TIME, "mean") if TIME in whole.metrics[id].axes else None


def difference(whole: Tree, id: str, before: Figures, after: Figures, meant: At = ALL) -> Cell:
    """How far two of `overall` are apart; a range where they are, too, of each label. None: no figure moved."""
    cells = meant_cells(whole, id, meant)
    if all(before[cell] == after[cell] for cell in cells):
        return None
    first, last = (overall(whole, id, figures, meant) for figures in (before, after))
    if isinstance(first, Figure) and isinstance(last, Figure):
        apart = None if first.value is None or last.value is None else last.value - first.value
        return Figure(apart, first.percent, signed=True)
    gaps = {cell: _apart_by(before[cell], after[cell]) for cell in cells}
    return overall(whole, id, gaps, meant, signed=True)


def _apart_by(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _overall(whole: Tree, id: str, figures: Figures, meant: At) -> float | None:
    periods, word = course(whole, id, figures, meant), over_time(whole, id)
    assert periods is not None
    return periods[0] if word is None else fold(word, periods)


def _apart(whole: Tree, axes: Axes, meant: At) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Every combination of labels of some axes, each label alone."""
    return product(*([(label,) for label in meant.get(name, whole.grid[name].labels)] for name in axes))
