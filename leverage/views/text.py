"""Panels as terminal text that a planner reads unaided: figures whole, units in headings, as wide as the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from leverage.errors import printable
from leverage.panels import (
    Bars,
    Bridge,
    Cell,
    Column,
    Curves,
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
from leverage.views.cells import label, shown, titled, told, tone
from leverage.views.grid import Strip, lay
from leverage.views.measure import wrap
from leverage.views.terminal import Look, look
from leverage.views.walk import KEPT, Visit, walk

NAME = 18  # columns that the name of a tree's deepest metric can do with
ABOVE = " (above)"
REMARK = 32  # columns that words may take where figures stand
LEADS = {"plain": "", "warning": "Note: ", "next": "Next: "}


def write(
    panels: Sequence[Panel],
    *,
    notes: Iterable[str] = (),
    foot: str = "",
    width: int | None = None,
    color: bool | None = None,
    ascii: bool | None = None,
) -> str:
    """The panels as text, one below the other, then the notes, then the foot as one dim line.

    Args:
        width: columns of the terminal; None asks the terminal, and takes 100 where there is none.
        color: None follows NO_COLOR, FORCE_COLOR, TERM and whether standard output is a terminal.
        ascii: draw with ASCII alone; None does so where standard output's encoding has no box characters.

    >>> print(write([Text("leverage levers shop.yaml", "next")], width=60))
    Next: leverage levers shop.yaml
    """
    seen = look(width, color, ascii)
    lines: list[str] = []
    before: object = None
    for panel in told(panels, notes):
        # sentences of one tone stand together; everything else is set apart
        kind = panel.tone if isinstance(panel, Text) and panel.tone != "plain" else panel
        lines += ([""] if lines and kind != before else []) + _panel(panel, seen)
        before = kind if isinstance(kind, str) else None
    if foot:
        lines += ([""] if lines else []) + [seen.paint(printable(foot.replace("\n", " ")), "dim")]
    return "\n".join(line.rstrip() for line in lines)


def _panel(panel: Panel, look: Look) -> list[str]:
    title = titled(getattr(panel, "title", ""), "" if isinstance(panel, Table | Tree) else getattr(panel, "unit", ""))
    heading = [look.paint(line, "bold") for line in wrap(title, look.width)] if title else []
    return [*heading, *PAINTERS[type(panel)](panel, look)]


def _table(table: Table, look: Look) -> list[str]:
    columns = [[row[index] for row in table.rows] for index in range(len(table.columns))]
    strips = [
        _strip(column, cells, look, "-" * (not column.text))
        for column, cells in zip(table.columns, columns, strict=True)
    ]
    return [*lay(strips, look), *([] if table.rows else ["(none)"])]


def _tree(tree: Tree, look: Look) -> list[str]:
    visits = list(walk(tree))
    branches = [_branches(visit, look) for visit in visits]
    floor = max(map(len, branches)) + NAME  # a character of a branch is one column
    names = [lines + _name(visit, floor - len(lines), look) for visit, lines in zip(visits, branches, strict=True)]
    strips = [Strip(names, text=True, floor=floor)]
    beside = ["" if visit.above else label(visit.node.mark) for visit in visits]
    if any(beside):
        strips.append(Strip(beside, text=True, styles=["dim"] * len(visits)))
    for index, column in enumerate(tree.columns):
        # a metric that is met again says nothing twice: its cells stand above
        strips.append(_strip(column, [None if visit.above else visit.node.cells[index] for visit in visits], look))
    return lay(strips, look)


def _name(visit: Visit, room: int, look: Look) -> str:
    if not visit.above:
        return label(visit.node.label)
    # cut to the room that is sure, so that the reference behind it stays to be read
    return look.cut(label(visit.node.label), room - len(ABOVE)) + ABOVE


def _branches(visit: Visit, look: Look) -> str:
    """The lines that lead to a metric; where it lies too deep for the screen, the last of them behind an ellipsis."""
    if visit.depth == 0:
        return ""
    glyphs, most = look.glyphs, min(KEPT, look.width // 8)
    trunks = [glyphs.gap if last else glyphs.trunk for last in visit.lasts[:-1]]
    if visit.depth > most:
        trunks = [glyphs.ellipsis.ljust(len(glyphs.gap)), *trunks[1 - most :]]
    return "".join(trunks) + (glyphs.last if visit.lasts[-1] else glyphs.branch)


def _strip(column: Column, cells: Sequence[Cell], look: Look, nothing: str = "") -> Strip:
    words = [shown(cell, nothing) for cell in cells]
    if any(isinstance(cell, Spark) for cell in cells):
        from leverage.views.spark import written

        words = written(cells, words, look)
    if not column.text:  # a remark among figures
        pairs = zip(cells, words, strict=True)
        words = [look.cut(word, REMARK) if isinstance(cell, str) else word for cell, word in pairs]
    tones = [tone(cell) for cell in cells]
    return Strip(words, label(column.title), label(column.unit), column.text, tones, named=True)


def _lines(panel: Lines, look: Look) -> list[str]:
    from leverage.views.tables import marks, of_lines

    return [*_table(of_lines(panel), look), *(["", *_table(marks(panel), look)] if panel.marks else [])]


def _heatmap(panel: Heatmap, look: Look) -> list[str]:
    from leverage.views.tables import of_heatmap

    axes = f"{label(panel.row_title)} down, {label(panel.column_title)} across"
    return [*wrap(axes, look.width), *_table(of_heatmap(panel), look)]


def _curves(panel: Curves, look: Look) -> list[str]:
    from leverage.views.tables import of_curves

    return _table(of_curves(panel), look)


def _scatter(panel: Scatter, look: Look) -> list[str]:
    from leverage.views.tables import boxes, of_scatter

    return [*_table(of_scatter(panel), look), *(["", *_table(boxes(panel), look)] if panel.boxes else [])]


def _multiples(panel: Multiples, look: Look) -> list[str]:
    from leverage.views.rows import of_multiples

    tables = [_panel(table, look) for table in of_multiples(panel, look)]
    return [line for index, lines in enumerate(tables) for line in ([""] if index else []) + lines]


def _stroked(write: str) -> Painter:
    """What draws bars, by its name: most answers have none, and do without the module."""

    def painted(panel: Any, look: Look) -> list[str]:
        from leverage.views import strokes

        painter: Painter = getattr(strokes, write)
        return painter(panel, look)

    return painted


def _text(text: Text, look: Look) -> list[str]:
    lead = LEADS[text.tone]
    lines = [label(line) for line in text.text.strip().split("\n")]
    if text.tone != "next":  # a command stays whole, so that it can be copied
        lines = [part for line in lines for part in wrap(line, look.width - len(lead))]
    return [look.paint(lead, "bold") + lines[0], *(" " * len(lead) + line for line in lines[1:])]


Painter = Callable[[Any, Look], list[str]]
PAINTERS: Mapping[type[Panel], Painter] = MappingProxyType(
    {
        Table: _table,
        Text: _text,
        Tree: _tree,
        Bars: _stroked("write_bars"),
        GroupedBars: _stroked("write_grouped"),
        Bridge: _stroked("write_bridge"),
        Histogram: _stroked("write_histogram"),
        Lines: _lines,
        Curves: _curves,
        Heatmap: _heatmap,
        Scatter: _scatter,
        Multiples: _multiples,
    }
)
