"""Bars, alone or in groups, and bridges on a page: a row a bar, its name and figures beside it, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence

from leverage.panels import Bars, Bridge, GroupedBars
from leverage.quantity import show
from leverage.views.markup import CELL, FILLS, LEFT, RIGHT, SERIES, clean, rows_of, said, tag
from leverage.views.scale import Bar, Span, bars, bridge, floor, interval, series, span

LONG = 24  # length of the scale, in the size of the letters
WHISKER = "border:solid currentColor;border-width:0 1.5px;box-sizing:border-box;opacity:.8"
BETWEEN = "background:linear-gradient(currentColor,currentColor) center/100% 1.5px no-repeat"


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
        written.append(_bar(id, row, [*ends, *([interval(panel, row)] if panel.errors else [])], scale, long))
    start = said(f"bars start at {show(panel.reference, percent=panel.percent)}") if sides > 1 else ""
    return rows_of(written) + start + _whiskers(panel)


def write_grouped(panel: GroupedBars) -> str:
    """A row a bar, those of a group below each other: name, series, figure, bar and interval."""
    held = [bars(part) for part in series(panel)]
    scale = span([row for rows in held for row in rows], 0.0)
    written = []
    for place, id in enumerate(panel.ids):
        for index, rows in enumerate(held):
            row = rows[place]
            lead = [_name(row.name, rowspan=str(len(held)))] if index == 0 else []
            lead.append(tag("td", clean(panel.names[index]), f"{CELL};{LEFT}"))
            ends = [show(row.ends[0].figure, percent=panel.percent), *([interval(panel, row)] if panel.errors else [])]
            written.append(_row(id, [*lead, *_cells(row, ends, scale, LONG, _shade(index))]))
    return rows_of(written) + _whiskers(panel)


def _shade(index: int) -> str:
    """What fills the bars of a series."""
    color, hatch = SERIES[index % len(SERIES)]
    striped = f"background:repeating-linear-gradient(45deg,{color} 0 4px,{color}80 4px 6px)"
    return striped if hatch else f"background:{color}"


def _whiskers(panel: Bars | GroupedBars) -> str:
    return said(f"whiskers: {panel.errors_name}") if panel.errors else ""


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
    return _row(id, [_name(row.name), *_cells(row, ends, within, long)])


def _row(id: str, cells: Sequence[str]) -> str:
    return tag("tr", "".join(cells), **({"data_id": id} if id else {}))


def _name(name: str, **more: str) -> str:
    return tag("th", clean(name), f"{CELL};{LEFT};font-weight:400", scope="row", **more)


def _cells(row: Bar, ends: Sequence[str], within: Span, long: int, fill: str = "") -> list[str]:
    """The first of the ends, the bar, and the other ends."""
    drawn = [_piece(stroke.start, stroke.end, within, fill or FILLS[stroke.better]) for stroke in row.strokes]
    if row.whisker:
        drawn.append(_piece(*row.whisker, within, f"{WHISKER};{BETWEEN}"))
    axis = f"position:absolute;top:-20%;height:140%;left:{100 * within.part(within.base):.2f}%"
    drawn.append(tag("div", "", f"{axis};border-left:1px solid currentColor"))
    bar = tag("td", tag("div", "".join(drawn), f"position:relative;height:1em;width:{long}em"), CELL)
    left_end, *others = ends
    right = [tag("td", clean(text), f"{CELL};{LEFT};white-space:nowrap") for text in others]
    return [tag("td", clean(left_end), f"{CELL};{RIGHT}"), bar, *right]


def _piece(start: float, end: float, within: Span, style: str) -> str:
    left, right = sorted(100 * within.part(level) for level in (start, end))
    where = f"position:absolute;height:100%;left:{left:.2f}%;width:{right - left:.2f}%"
    return tag("div", "", f"{where};{style}")
