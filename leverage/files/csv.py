"""Tables in and out as CSV: figures at full precision, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from leverage.errors import LeverageError, Place, clip, listed
from leverage.files import read as read_bytes
from leverage.files.raw import LIMITS, Limits, decode

QUOTE = '"'
QUOTED = re.compile('[,"\r\n]')  # Python's writer leaves a lone CR bare, which its reader refuses
EMPTY = '""'  # a row of one empty cell: an empty line would be no row
RUN = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet takes for a formula


class BadTable(LeverageError):
    """A CSV file whose rows and columns do not fit together."""


def write(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV with a header, the union of their keys in the order first seen.

    Floats have every digit, None and figures that are not finite are empty, a list is its JSON, and a text that begins
    with ``= + - @``, tab or CR gets a leading ``'``.

    >>> print(write([{"metric": "visits", "swing": 0.1}, {"metric": "=1+1", "reachable": True}]), end="")
    metric,swing,reachable
    visits,0.1,
    '=1+1,,true
    """
    header = list(dict.fromkeys(key for row in rows for key in row))
    if not header:
        return ""
    lines = [[_cell(key) for key in header], *([_cell(row.get(key)) for key in header] for row in rows)]
    return "".join(f"{','.join(cells) or EMPTY}\n" for cells in lines)


def read(path: str | os.PathLike[str], *, limit: int = LIMITS.size) -> list[dict[str, str]]:
    """The rows of a CSV file, each a dictionary from the header's names to the text of its cells.

    Empty lines are left out; ``-`` is standard input.

    Raises:
        NoFile, TooLarge, InvalidModel: it cannot be read, is too large, or no UTF-8 text.
        BadTable: it has no header, a column twice, a row with more or fewer cells than the header, or too many rows.
    """
    found = table(path, limit=limit)
    return [dict(zip(found.header, row.cells, strict=True)) for row in found.rows]


@dataclass(frozen=True, slots=True)
class Row:
    """The text of one row's cells; ``at``: where it ends in its file."""

    cells: list[str]
    at: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: the names of its columns, without blanks around them, and its rows."""

    header: list[str]
    rows: list[Row]


def table(path: str | os.PathLike[str], *, limit: int = LIMITS.size, most: int = LIMITS.entries) -> Table:
    """A CSV file with the places of its rows; as `read`.

    Args:
        most: rows that are read at most.

    Raises:
        NoFile, TooLarge, InvalidModel, BadTable: as `read`, and more rows than that.
    """
    data, file = read_bytes(path, limit=limit)
    text = decode(data, file, Limits(size=limit))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next((cells for cells in reader if cells), [])]
        _check(header, file)
        rows = list(islice(_rows(reader, header, file), most + 1))
    except csv.Error as error:
        raise BadTable(f"this is no CSV ({error}); check the quotes", at=Place(file, reader.line_num)) from None
    if len(rows) > most:
        raise BadTable(f"the table has more than {most:,} rows; keep fewer of them", at=rows[-1].at)
    return Table(header, rows)


def _rows(reader: Any, header: list[str], file: str) -> Iterator[Row]:
    for cells in reader:
        if not cells:
            continue
        at = Place(file, reader.line_num)
        if len(cells) != len(header):
            message = (
                f"the row has {len(cells):,} cells and the header {len(header):,}; put quotes round a text with a comma"
            )
            raise BadTable(message, at=at)
        yield Row(cells, at)


def _check(header: list[str], file: str) -> None:
    if not header:
        raise BadTable("the table is empty; its first line names the columns", at=Place(file))
    twice = [repr(clip(name)) for name, times in Counter(header).items() if times > 1]
    if twice:
        raise BadTable(f"the header names {listed(twice)} more than once; keep one column of a name", at=Place(file, 1))


def _cell(value: Any) -> str:
    if hasattr(value, "tolist"):  # NumPy's
        value = value.tolist()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    safe = f"'{text}" if text.startswith(RUN) else text
    return f'"{safe.replace(QUOTE, QUOTE * 2)}"' if QUOTED.search(safe) else safe
