"""Which figures does the file have that `actuals` names? A row a date, a column a metric, read when asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

from leverage.errors import NOWHERE, InvalidModel, LeverageError, Place, clip, listed, nearest
from leverage.files.beside import beside
from leverage.files.csv import Row, Table, table
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Scalar
from leverage.quantity import Quantity, plain, read
from leverage.tree.addresses import Addresses, parted
from leverage.tree.faults import MOST

SIZE = 16_000_000  # bytes of the file
ROWS = 100_000
DATE = re.compile(r"\d{4}(?:-(?:\d\d(?:-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)?|W\d\d|Q[1-4]))?")

Labels = frozenset[str]
Column = tuple[str, Labels, str]  # the address of what a column records, its labels, and what the column is called


class NotADate(LeverageError):
    """A date that does not sort as text, or beside others that are written in another way."""

    def __init__(self, text: str, first: str, *, at: Place) -> None:
        fault = f"is written in another way than {clip(first)!r}" if DATE.fullmatch(text) else "is no date that sorts"
        mend = "write all as 2027-01-15, as 2027-01, as 2027-W05, as 2027-Q1 or as 2027"
        super().__init__(f"{clip(text)!r} {fault}; {mend}", at=at)


class NoColumn(LeverageError):
    """A column that the file does not have."""

    def __init__(self, name: str, file: str, header: list[str], *, at: Place) -> None:
        found = nearest(name, header)
        mend = f"did you mean {found!r}?" if found else f"it has {listed([clip(column, 30) for column in header])}"
        super().__init__(f"{clip(file)} has no column {clip(name)!r}; {mend}", at=at)


class Recorded:
    """The columns of the file under ``actuals``, by metric; nothing is opened before `series` is asked.

    Args:
        told: what stands under ``actuals``.
        addresses: the look-up of the model's cells, by which columns are called.
    """

    def __init__(self, told: PlainMapping, addresses: Addresses) -> None:
        self.told = told
        self.addresses = addresses

    def series(self, id: str) -> list[tuple[Labels, str, tuple[Quantity, ...]]]:
        """What the file has of a metric: of each column the labels, the address, and the figures in order of date.

        Raises:
            NotBeside, NoFile, TooLarge, BadTable: the file cannot be read.
            NoColumn: one that ``columns`` or ``date`` names.
            NotADate: dates that do not sort.
            InvalidModel: cells that are no numbers, all of them.
        """
        if not self._file:
            return []
        if isinstance(self._opened, LeverageError):
            raise self._opened
        found, columns = self._opened
        faults = list[LeverageError]()
        series = [(of, address, _figures(found, id, name, faults)) for address, of, name in columns.get(id, ())]
        if faults:
            raise InvalidModel(faults)
        return series

    @cached_property
    def _opened(self) -> tuple[Table, Mapping[str, list[Column]]] | LeverageError:
        """The rows, and the columns of each metric, looked up once for all that ask; or why not."""
        try:
            found = self._table()
            return found, self._columns(found.header)
        except LeverageError as fault:
            return fault

    def _columns(self, header: list[str]) -> Mapping[str, list[Column]]:
        """Those that ``columns`` names, and those that are called as a metric is."""
        told = self.told.entries.get("columns")
        named = told.entries if isinstance(told, PlainMapping) else {}
        called = [(address, column) for address, column in named.items() if isinstance(column, Scalar)]
        known = set(header)
        for _, column in called:
            if column.text not in known:
                raise NoColumn(column.text, self._file, header, at=column.at)
        found: dict[str, list[Column]] = {}
        met = set()
        own = [(name, name) for name in header]
        for address, name in (*((address, column.text) for address, column in called), *own):
            with suppress(LeverageError):  # a column of something else
                of = meant(address, self.addresses)
                if of not in met:
                    met.add(of)
                    found.setdefault(of[0], []).append((address, of[1], name))
        return found

    @property
    def _file(self) -> str:
        named = self.told.entries.get("file")
        return named.text if isinstance(named, Scalar) else ""

    def _table(self) -> Table:
        """The rows of the file in the order of their dates; without ``date``, as they stand."""
        at = self.told.entries["file"].at
        found = table(beside(at.file, self._file, at=at), limit=SIZE, most=ROWS)
        date = self.told.entries.get("date")
        if not isinstance(date, Scalar):
            return found
        if date.text not in found.header:
            raise NoColumn(date.text, self._file, found.header, at=date.at)
        return Table(found.header, _in_order(found.rows, found.header.index(date.text)))


def meant(address: str, addresses: Addresses, *, at: Place = NOWHERE) -> tuple[str, Labels]:
    """The metric and the labels of which an address has figures.

    Raises:
        UnknownName, NotAnAddress: it names nothing.
    """
    id, labels = parted(address, at=at)
    over = [addresses.grid.owners[label].name for label in labels if label in addresses.grid.owners]
    axes = addresses.axes.get(id, ())
    if id not in addresses.ids or len(set(over)) < len(labels) or not set(over) <= set(axes):
        addresses.cells(address, where="under actuals", at=at)  # says what is wrong; what is right may be a million
    return id, frozenset(labels)


def _figures(found: Table, id: str, name: str, faults: list[LeverageError]) -> tuple[Quantity, ...]:
    place, figures = found.header.index(name), list[Quantity]()
    for row in found.rows:
        if len(faults) == MOST:
            break
        text = row.cells[place].strip()
        if not text:
            continue  # not recorded on that date
        try:
            figures.append(plain(text) or read(text, at=row.at, metric=id, key=f"column {clip(name)!r}"))
        except LeverageError as fault:
            faults.append(fault)
    return tuple(figures)


def _in_order(rows: list[Row], place: int) -> list[Row]:
    """The rows by date; those of one date stay as they stand."""
    first = rows[0].cells[place].strip() if rows else ""
    for row in rows:
        text = row.cells[place].strip()
        if not DATE.fullmatch(text) or _form(text) != _form(first):
            raise NotADate(text, first, at=row.at)
    return sorted(rows, key=lambda row: row.cells[place].strip())


def _form(date: str) -> str:
    return re.sub(r"\d", "0", date)
