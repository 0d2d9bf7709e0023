"""What are the periods called, and how many days has each? From a start and a unit; without a start they are numbered.

>>> periods("month", "2027-11", 3)
(('2027-11', '2027-12', '2028-01'), (30, 31, 31))
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from leverage.errors import NOWHERE, LeverageError, Place, clip

FIRST_YEAR, LAST_YEAR = 1, 9998


class BadStart(LeverageError):
    """A start that names no period of the unit."""

    def __init__(self, text: str, unit: str, at: Place) -> None:
        super().__init__(f"time.start: {clip(text)!r} is no {unit}; write one like {UNITS[unit].like}", at=at)


class PastTheCalendar(LeverageError):
    """Periods that reach beyond the years that dates have."""

    def __init__(self, at: Place) -> None:
        super().__init__(f"time: the last period lies beyond the year {LAST_YEAR}; write fewer periods", at=at)


@dataclass(frozen=True, slots=True)
class Unit:
    """A length of period: the ``form`` of its label, how one reads as its first day, and the first day of the next."""

    form: re.Pattern[str]
    like: str
    first: Callable[[re.Match[str]], date]
    after: Callable[[date], date]
    label: Callable[[date], str]


def _months(count: int) -> Callable[[date], date]:
    def after(day: date) -> date:
        month = day.month - 1 + count
        return date(day.year + month // 12, month % 12 + 1, 1)

    return after


def _days(count: int) -> Callable[[date], date]:
    return lambda day: day + timedelta(days=count)


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "day": Unit(
            re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII),
            "2027-03-14",
            lambda m: date(int(m[1]), int(m[2]), int(m[3])),
            _days(1),
            lambda day: day.isoformat(),
        ),
        "week": Unit(
            re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII),
            "2027-W05",
            lambda m: date.fromisocalendar(int(m[1]), int(m[2]), 1),
            _days(7),
            _week,
        ),
        "month": Unit(
            re.compile(r"(\d{4})-(\d{1,2})", re.ASCII),
            "2027-03",
            lambda m: date(int(m[1]), int(m[2]), 1),
            _months(1),
            lambda day: day.isoformat()[:7],
        ),
        "quarter": Unit(
            re.compile(r"(\d{4})-?Q([1-4])", re.ASCII),
            "2027-Q1",
            lambda m: date(int(m[1]), 3 * int(m[2]) - 2, 1),
            _months(3),
            lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}",
        ),
        "year": Unit(
            re.compile(r"(\d{4})", re.ASCII),
            "2027",
            lambda m: date(int(m[1]), 1, 1),
            _months(12),
            lambda day: f"{day.year:04}",
        ),
    }
)


def unit_of(start: str) -> str:
    """The unit that a start is written in, "" where it is none.

    >>> unit_of("2027-Q3"), unit_of("2027-03-14"), unit_of("soon")
    ('quarter', 'day', '')
    """
    return next((name for name, unit in UNITS.items() if unit.form.fullmatch(start)), "")


def periods(unit: str, start: str, count: int, at: Place = NOWHERE) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The labels of so many periods from a start on, and the days of each.

    Raises:
        BadStart: the start names no such period.
        PastTheCalendar: the last of them lies beyond the years that dates have.
    """
    row = UNITS[unit]
    found = row.form.fullmatch(start)
    try:
        day = row.first(found) if found is not None else None
    except ValueError:
        day = None
    if day is None or day.year < FIRST_YEAR:
        raise BadStart(start, unit, at)
    labels, days = [], []
    for _ in range(count):
        try:
            following = row.after(day)
        except (OverflowError, ValueError):
            raise PastTheCalendar(at) from None
        labels.append(row.label(day))
        days.append((following - day).days)
        day = following
    return tuple(labels), tuple(days)
