"""Panels as an HTML fragment for notebooks and pages: every name escaped, styles inline, no script, light or dark.

Blue helps the goal, hatched vermillion hurts it, grey is a total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from leverage.panels import (
    Bars,
    Bridge,
    Cell,
    Column,
    Curves,
    Figure,
    GroupedBars,
    Heatmap,
    Histogram,
    Lines,
    Multiples,
    Panel,
    Scatter,
    Spark,
    Table,
    Text,
    Tree,
)
from leverage.quantity import show
from leverage.views.beams import write_bars, write_bridge, write_grouped
from leverage.views.branches import write_tree
from leverage.views.cells import shown, titled, told, tone
from leverage.views.clouds import write_scatter
from leverage.views.drawings import write_histogram, write_lines
from leverage.views.markup import CELL, LEFT, RIGHT, TONES, clean, rows_of, said, tag
from leverage.views.panes import write_multiples
from leverage.views.scale import Span, extent
from leverage.views.spiders import write_curves
from leverage.views.svg import write_spark

LEADS = {"plain": "", "warning": "Note: ", "next": "Next: "}


def write(panels: Sequence[Panel], *, notes: Iterable[str] = (), foot: str = "") -> str:
    """The panels, the notes and the foot as one ``div`` that stands by itself in any page.

    >>> "<script>" in write([Text("<script>")])
    False
    """
    parts = [_title(panel) + PAINTERS[type(panel)](panel) for panel in told(panels, notes)]
    return tag(
        "div",
        "".join(parts) + (said(foot) if foot else ""),
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
    return rows_of(rows or [tag("tr", tag("td", "(none)", CELL))], head)


def _heading(column: Column) -> str:
    unit = tag("div", clean(column.unit), "font-weight:400;opacity:.65") if column.unit else ""
    side = LEFT if column.text else RIGHT
    return tag("th", clean(column.title) + unit, f"{CELL};{side};vertical-align:bottom", scope="col")


def _cell(cell: Cell, column: Column) -> str:
    if isinstance(cell, Spark):
        return tag("td", write_spark(cell), f"{CELL};{RIGHT}")
    text = shown(cell, "" if column.text else "-")
    toned = tag("span", clean(text), TONES[tone(cell)]) if tone(cell) else clean(text)
    return tag("td", toned, f"{CELL};{LEFT if column.text else RIGHT}")


def _heatmap(panel: Heatmap) -> str:
    within = Span(*extent((), *map(float, panel.values.flat)), 0.0)
    across = [Column(shown(level)) for level in panel.column_levels]
    down = Column(panel.row_title, text=any(isinstance(level, str) for level in panel.row_levels))
    head = tag("tr", "".join(map(_heading, (down, *across))))
    rows = []
    for level, values in zip(panel.row_levels, panel.values, strict=True):
        shades = [f"background:rgba(0,114,178,{0.6 * within.part(value):.2f})" for value in map(float, values)]
        figures = [clean(show(float(value), percent=panel.percent)) for value in values]
        cells = [tag("td", text, f"{CELL};{RIGHT};{shade}") for text, shade in zip(figures, shades, strict=True)]
        side = RIGHT if isinstance(level, Figure) else LEFT
        rows.append(tag("tr", tag("th", clean(shown(level)), f"{CELL};{side}", scope="row") + "".join(cells)))
    return tag("div", clean(f"{panel.row_title} down, {panel.column_title} across")) + rows_of(rows, head)


def _text(text: Text) -> str:
    lines = [clean(line) for line in text.text.strip().split("\n")]
    if text.tone == "next":
        lines = [tag("code", line) for line in lines]
    lead = tag("b", LEADS[text.tone]) if LEADS[text.tone] else ""
    return tag("p", lead + "<br>".join(lines), "margin:.5em 0;max-width:60em")


Painter = Callable[[Any], str]
PAINTERS: Mapping[type[Panel], Painter] = MappingProxyType(
    {
        Table: _table,
        Text: _text,
        Tree: write_tree,
        Bars: write_bars,
        GroupedBars: write_grouped,
        Bridge: write_bridge,
        Lines: write_lines,
        Curves: write_curves,
        Histogram: write_histogram,
        Heatmap: _heatmap,
        Scatter: write_scatter,
        Multiples: write_multiples,
    }
)
