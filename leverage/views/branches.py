"""A tree on a page: each metric folds away what it is made of, with its figures in columns at the right."""

from __future__ import annotations

from collections.abc import Sequence

from leverage.panels import Cell, Column, Spark, Tree
from leverage.views.cells import ends, shown, tone
from leverage.views.markup import LINE, TONES, clean, tag
from leverage.views.measure import width
from leverage.views.svg import LITTLE, write_spark
from leverage.views.walk import Visit, walk

OPEN = 3  # levels that a large tree shows unfolded
SERIES = LITTLE[0] // 7 + 9  # columns that the line of a little series and its last figure take
SMALL = 60  # metrics up to which a tree is shown unfolded whole
ROW = f"position:relative;{LINE};white-space:nowrap"


def write_tree(tree: Tree) -> str:
    """Nested ``details``, the root first; a driver that was met above is named and not repeated."""
    visits = list(walk(tree))
    rooms = [_room(tree, index, visits) for index in range(len(tree.columns))]
    parts = [_heading(tree.columns, rooms)]
    folds: list[int] = []  # depths of the details that are open in the text so far
    for visit, after in zip(visits, [*visits[1:], None], strict=True):
        while folds and folds[-1] >= visit.depth:
            folds.pop()
            parts.append("</details>")
        cells: Sequence[Cell] = (None,) * len(rooms) if visit.above else visit.node.cells
        row = _name(visit) + _columns([_cell(cell) for cell in cells], tree.columns, rooms)
        if after is None or after.depth <= visit.depth:
            parts.append(tag("div", row, f"{ROW};margin-left:{1.2 if visit.depth else 0}em;padding-left:1em"))
            continue
        shut = "" if visit.depth < OPEN or len(visits) <= SMALL else " shut"
        folds.append(visit.depth)
        indent = f' style="margin-left:{1.2 if visit.depth else 0}em"'
        parts.append(f"<details{indent}{'' if shut else ' open'}>" + tag("summary", row, f"{ROW};cursor:pointer"))
    wide = sum(rooms) + 40
    return tag("div", "".join(parts) + "</details>" * len(folds), f"min-width:{wide}ch;max-width:{wide + 30}ch")


def _room(tree: Tree, index: int, visits: Sequence[Visit]) -> int:
    column = tree.columns[index]
    cells = [visit.node.cells[index] for visit in visits]
    texts = (column.title, column.unit, *map(shown, cells))
    series = [width(ends(cell)[0]) + SERIES for cell in cells if isinstance(cell, Spark)]
    return max(min(max(map(width, texts)), 24), *series, 0) + 2


def _heading(columns: Sequence[Column], rooms: Sequence[int]) -> str:
    heads = [clean(column.title) + (f" ({clean(column.unit)})" if column.unit else "") for column in columns]
    return tag("div", "&nbsp;" + _columns(heads, columns, rooms), f"{ROW};opacity:.65")


def _name(visit: Visit) -> str:
    name = clean(visit.node.label)
    if visit.above:
        return f"{name} " + tag("span", "(above)", "opacity:.65")
    mark = tag("span", clean(visit.node.mark), "opacity:.65;font-size:85%") if visit.node.mark else ""
    return tag("span", name, data_id=visit.node.id) + (f" {mark}" if mark else "")


def _cell(cell: Cell) -> str:
    if isinstance(cell, Spark):
        return write_spark(cell)
    return tag("span", clean(shown(cell)), TONES[tone(cell)]) if tone(cell) else clean(shown(cell))


def _columns(cells: Sequence[str], columns: Sequence[Column], rooms: Sequence[int]) -> str:
    """Cells at the right edge, each as wide as its column, so that they stand below each other at any depth."""
    boxes = [
        tag(
            "span",
            cell,
            f"display:inline-block;width:{room}ch;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom;"
            f"text-align:{'left;padding-left:1ch' if column.text else 'right;font-variant-numeric:tabular-nums'}",
        )
        for cell, column, room in zip(cells, columns, rooms, strict=True)
    ]
    return tag("span", "".join(boxes), "position:absolute;right:0")
