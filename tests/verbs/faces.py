"""The faces of an answer, Python, JSON, CSV, frame and text, held against each other: one figure, five times."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections.abc import Collection, Iterator
from typing import Any
from unittest.mock import patch

import pandas as pd

from leverage.panels import Cell, Figure, Spark, Table, Tree
from leverage.quantity import show
from leverage.verbs.result import Result
from leverage.views.cells import ends, shown
from tests.verbs.shapes import BESIDE, SHAPES, misfits

PROBABILITIES = ("probability", "probability_of_target", "probability_best", "probability_top3", "probability_better")
WIDE = {"COLUMNS": "400", "NO_COLOR": "1"}
BETWEEN = r"\s+(?:-\s+)*"  # two cells; a figure that is not there is a dash


def agrees(result: Result, *, derived: Collection[float] = ()) -> dict[str, Any]:
    """The JSON object, once it has its shape and every face was found to give its figures.

    ``derived``: figures of the tables that are made of the JSON's (what is left, a share): each test says which.
    """
    told: dict[str, Any] = json.loads(result.to_json())
    assert told == result.to_dict()
    assert misfits(told, {**SHAPES[result.verb], **BESIDE}) == []
    rows = result.rows()
    header = list(dict.fromkeys(key for row in rows for key in row))
    assert _read(result.to_csv()) == [header, *([_cell(row.get(key)) for key in header] for row in rows)]
    pd.testing.assert_frame_equal(result.to_frame(), pd.DataFrame(rows))
    figures = set(numbers(told)) | set(derived)
    if not folded(result):
        assert [figure for figure in shown_figures(result) if figure.value not in figures] == []
    lines = text(result).splitlines()
    for cells in shown_rows(result):
        pattern = re.compile(BETWEEN.join(_pattern(cell) for cell in cells if _said(cell)))
        assert any(pattern.search(line) for line in lines), cells
    assert lines[-1] == str(result.run)
    return told


def folded(result: Result) -> bool:
    """Whether tables show cells of the JSON folded to one figure, as `verbs.cells.over` does and its tests say."""
    tree = getattr(result, "tree", None)
    return bool(tree is not None and tree.grid)


def text(result: Result) -> str:
    """What a terminal of 400 columns shows."""
    with patch.dict(os.environ, WIDE):
        return str(result)


def line(result: Result, name: str) -> str:
    """The first line of the text that begins with a name and goes on, its white space as single spaces."""
    lines = (" ".join(each.lstrip("├└│─ ").split()) for each in text(result).splitlines())
    return next(each for each in lines if each.startswith(f"{name} "))


def numbers(told: Any) -> Iterator[float]:
    """Every figure of a JSON value; a probability also as people read it, to a tenth of a percent."""
    if isinstance(told, dict):
        for key, item in told.items():
            yield from numbers(item)
            if key in PROBABILITIES and isinstance(item, float):
                yield round(item, 3)
    elif isinstance(told, list):
        for item in told:
            yield from numbers(item)
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield told


def shown_rows(result: Result) -> Iterator[tuple[Cell, ...]]:
    """The cells that stand beside each other in the tables and trees of the answer."""
    for panel in result.panels():
        if isinstance(panel, Table):
            yield from panel.rows
        elif isinstance(panel, Tree):
            yield from ((node.label, node.mark or None, *node.cells) for node in panel.nodes.values())


def shown_figures(result: Result) -> list[Figure]:
    """The figures of those cells that are finite."""
    cells = [cell for row in shown_rows(result) for cell in row]
    return [cell for cell in cells if isinstance(cell, Figure) and cell.value is not None and math.isfinite(cell.value)]


def _said(cell: Cell) -> str:
    if isinstance(cell, Figure):
        return show(cell.value, percent=cell.percent, signed=cell.signed)
    if isinstance(cell, Spark):
        return shown(cell)
    return " ".join(cell.split()) if cell else ""


def _pattern(cell: Cell) -> str:
    """How a cell reads in a line: a series with its course between its ends, whatever that looks like."""
    if isinstance(cell, Spark):
        return r"\s.*?".join(re.escape(end) for end in ends(cell) if end)
    return re.escape(_said(cell))


def _read(written: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written))) or [[]]


def _cell(item: Any) -> str:
    """As CSV has it: every digit, nothing for null, and a quote before what a spreadsheet would run."""
    if isinstance(item, bool) or item is None:
        return {True: "true", False: "false", None: ""}[item]
    if isinstance(item, int | float):
        return repr(item)
    words = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words
