"""Panels as an HTML fragment for notebooks and pages: every name escaped, styles inline, no script, light or dark.

Blue helps the goal, hatched vermillion hurts it, grey is a total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from leverage.panels import Bars, Bridge, Cell, Column, Heatmap, Histogram, Lines, Panel, Scatter, Table, Text, Tree
from leverage.quantity import show
from leverage.views.branches import write_tree
from leverage.views.cells import shown, titled, told, tone
from leverage.views.markup import CELL, FILLS, LEFT, RIGHT, TONES, clean, tag
from leverage.views.scale import Bar, Span, bars, bridge, extent, floor, span
from leverage.views.svg import write_histogram, write_lines, write_scatter

LEADS = {"plain": "", "warning": "Note: ", "next": "Next: "}


def write(panels: Sequence[Panel], *, notes: Iterable[str] = (), foot: str = "") -> str:
    """The panels, the notes and the foot as one ``div`` that stands by itself in any page.

    >>> "<script>" in write([Text("<script>")])
    False
    """
    parts = [_title(panel) + PAINTERS[type(panel)](panel) for panel in told(panels, notes)]
    return tag(
        "div",
        "".join(parts) + (_said(foot) if foot else ""),
        "font-family:system-ui,sans-serif;line-height:1.45;overflow-x:auto",
    )


def _title(panel: Panel) -> str:
    unit = "" if isinstance(panel, Table | Tree) else getattr(panel, "unit", "")
    title = titled(getattr(panel, "title", ""), unit)
    return tag("p", clean(title), "font-weight:600;margin:1em 0 .25em") if title else ""


def _table(table: Table) -> str:
    ids = table.ids or ("",) * len(table.rows)
    rows = [
        tag("tr", "".join(map(_cell, row, table.columns)), **({"data_id": id} if id else {}))
        for id, row in zip(ids, table.rows, strict=True)
    ]
    head = tag("tr", "".join(map(_heading, table.columns)))
    return _rows(rows or [tag("tr", tag("td", "(none)", CELL))], head)


def _rows(rows: Sequence[str], head: str = "") -> str:
    opening = tag("thead", head) if head else ""
    return tag("table", opening + tag("tbody", "".join(rows)), "border-collapse:collapse;margin:0 0 .5em")


def _heading(column: Column) -> str:
    unit = tag("div", clean(column.unit), "font-weight:400;opacity:.65") if column.unit else ""
    side = LEFT if column.text else RIGHT
    return tag("th", clean(column.title) + unit, f"{CELL};{side};vertical-align:bottom", scope="col")


def _cell(cell: Cell, column: Column) -> str:
    text = shown(cell, "" if column.text else "-")
    toned = tag("span", clean(text), TONES[tone(cell)]) if tone(cell) else clean(text)
    return tag("td", toned, f"{CELL};{LEFT if column.text else RIGHT}")


def _heatmap(panel: Heatmap) -> str:
    within = Span(*extent((), *map(float, panel.values.flat)), 0.0)
    across = (*(Column(shown(level)) for level in panel.column_levels),)
    head = tag("tr", "".join(map(_heading, (Column(panel.row_title), *across))))
    rows = []
    for level, values in zip(panel.row_levels, panel.values, strict=True):
        shades = [f"background:rgba(0,114,178,{0.6 * within.part(value):.2f})" for value in map(float, values)]
        figures = [clean(show(float(value), percent=panel.percent)) for value in values]
        cells = [tag("td", text, f"{CELL};{RIGHT};{shade}") for text, shade in zip(figures, shades, strict=True)]
        rows.append(tag("tr", tag("th", clean(shown(level)), f"{CELL};{RIGHT}", scope="row") + "".join(cells)))
    return tag("div", clean(f"{panel.row_title} down, {panel.column_title} across")) + _rows(rows, head)


def _text(text: Text) -> str:
    lines = [clean(line) for line in text.text.strip().split("\n")]
    if text.tone == "next":
        lines = [tag("code", line) for line in lines]
    lead = tag("b", LEADS[text.tone]) if LEADS[text.tone] else ""
    return tag("p", lead + "<br>".join(lines), "margin:.5em 0;max-width:60em")


def _bars(panel: Bars) -> str:
    rows, within = bars(panel), span(bars(panel), panel.reference)
    sides = max((len(row.ends) for row in rows), default=0)
    signed = sides == 1 and any(row.ends[0].figure < 0 for row in rows)
    written = []
    for id, row in zip(panel.ids, rows, strict=True):
        figures = [show(end.figure, percent=panel.percent, signed=signed) for end in row.ends]
        ends = [f"{f} at {end.level}" if end.level else f for f, end in zip(figures, row.ends, strict=True)]
        written.append(_bar(id, row, ends, within))
    return _rows(written) + (
        _said(f"bars start at {show(panel.reference, percent=panel.percent)}") if sides > 1 else ""
    )


def _bridge(panel: Bridge) -> str:
    rows, base, last = bridge(panel), floor(panel), len(panel.ids) + 1
    within, written = span(rows, base), []
    for index, (id, row) in enumerate(zip(("", *panel.ids, ""), rows, strict=True)):
        figure = show(row.ends[0].figure, percent=panel.percent, signed=0 < index < last)
        written.append(_bar(id, row, [figure], within))
    return _rows(written) + (_said(f"bars begin at {show(base, percent=panel.percent)}") if base else "")


def _said(text: str) -> str:
    return tag("div", clean(text), "opacity:.65;font-size:85%")


def _bar(id: str, row: Bar, ends: Sequence[str], within: Span) -> str:
    """Name, the end at the left, the bar, and the end at the right where it has one."""
    drawn = []
    for stroke in row.strokes:
        left, right = sorted(100 * within.part(level) for level in (stroke.start, stroke.end))
        where = f"position:absolute;height:100%;left:{left:.2f}%;width:{right - left:.2f}%"
        drawn.append(tag("div", "", f"{where};{FILLS[stroke.better]}"))
    axis = f"position:absolute;top:-20%;height:140%;left:{100 * within.part(within.base):.2f}%"
    drawn.append(tag("div", "", f"{axis};border-left:1px solid currentColor"))
    name = tag("th", clean(row.name), f"{CELL};{LEFT};font-weight:400", scope="row")
    bar = tag("td", tag("div", "".join(drawn), "position:relative;height:1em;width:24em"), CELL)
    left_end, *right_end = ends
    cells = [tag("td", clean(left_end), f"{CELL};{RIGHT}"), bar]
    cells += [tag("td", clean(text), f"{CELL};{LEFT};white-space:nowrap") for text in right_end]
    return tag("tr", name + "".join(cells), **({"data_id": id} if id else {}))


Painter = Callable[[Any], str]
PAINTERS: Mapping[type[Panel], Painter] = MappingProxyType(
    {
        Table: _table,
        Text: _text,
        Tree: write_tree,
        Bars: _bars,
        Bridge: _bridge,
        Lines: write_lines,
        Histogram: write_histogram,
        Heatmap: _heatmap,
        Scatter: write_scatter,
    }
)
