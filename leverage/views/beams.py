"""Bars and bridges on a page: a row a bar, its name and figures beside it, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence

from leverage.panels import Bars, Bridge
from leverage.quantity import show
from leverage.views.markup import CELL, FILLS, LEFT, RIGHT, clean, rows_of, said, tag
from leverage.views.scale import Bar, Span, bars, bridge, floor, span

LONG = 24  # length of the scale, in the size of the letters


def write_bars(panel: Bars, within: Span | None = None, long: int = LONG) -> str:
    """Name, left end, bar, right end; below the bars the reference that they start from.

    ``within``: the scale, where others share it.
    """
    rows = bars(panel)
    scale = within or span(rows, panel.reference)
    sides = max((len(row.ends) for row in rows), default=0)
    signed = sides == 1 and any(row.ends[0].figure < 0 for row in rows)
    written = []
    for id, row in zip(panel.ids, rows, strict=True):
        figures = [show(end.figure, percent=panel.percent, signed=signed) for end in row.ends]
        ends = [f"{f} at {end.level}" if end.level else f for f, end in zip(figures, row.ends, strict=True)]
        written.append(_bar(id, row, ends, scale, long))
    return rows_of(written) + (
        said(f"bars start at {show(panel.reference, percent=panel.percent)}") if sides > 1 else ""
    )


def write_bridge(panel: Bridge) -> str:
    """Totals and signed steps, each with its bar where the running total puts it."""
    rows, base, last = bridge(panel), floor(panel), len(panel.ids) + 1
    within, written = span(rows, base), []
    for index, (id, row) in enumerate(zip(("", *panel.ids, ""), rows, strict=True)):
        figure = show(row.ends[0].figure, percent=panel.percent, signed=0 < index < last)
        written.append(_bar(id, row, [figure], within, LONG))
    return rows_of(written) + (said(f"bars begin at {show(base, percent=panel.percent)}") if base else "")


def _bar(id: str, row: Bar, ends: Sequence[str], within: Span, long: int) -> str:
    """Name, the end at the left, the bar, and the end at the right where it has one."""
    drawn = []
    for stroke in row.strokes:
        left, right = sorted(100 * within.part(level) for level in (stroke.start, stroke.end))
        where = f"position:absolute;height:100%;left:{left:.2f}%;width:{right - left:.2f}%"
        drawn.append(tag("div", "", f"{where};{FILLS[stroke.better]}"))
    axis = f"position:absolute;top:-20%;height:140%;left:{100 * within.part(within.base):.2f}%"
    drawn.append(tag("div", "", f"{axis};border-left:1px solid currentColor"))
    name = tag("th", clean(row.name), f"{CELL};{LEFT};font-weight:400", scope="row")
    bar = tag("td", tag("div", "".join(drawn), f"position:relative;height:1em;width:{long}em"), CELL)
    left_end, *right_end = ends
    cells = [tag("td", clean(left_end), f"{CELL};{RIGHT}"), bar]
    cells += [tag("td", clean(text), f"{CELL};{LEFT};white-space:nowrap") for text in right_end]
    return tag("tr", name + "".join(cells), **({"data_id": id} if id else {}))
