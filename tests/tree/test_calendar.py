"""Periods are called and counted as Python's own calendar has them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest

from leverage.tree.calendar import UNITS, BadStart, PastTheCalendar, periods, unit_of


def test_months_have_the_days_of_the_calendar_over_a_leap_year() -> None:
    labels, days = periods("month", "2027-11", 30)
    years = [(2027 + (10 + k) // 12, (10 + k) % 12 + 1) for k in range(30)]
    assert labels == tuple(f"{year}-{month:02}" for year, month in years)
    assert days == tuple(calendar.monthrange(year, month)[1] for year, month in years)


def test_quarters_and_years_add_up_to_their_days() -> None:
    labels, days = periods("quarter", "2028-Q2", 4)
    assert (labels, days) == (("2028-Q2", "2028-Q3", "2028-Q4", "2029-Q1"), (91, 92, 92, 90))
    assert periods("year", "2027", 3) == (("2027", "2028", "2029"), (365, 366, 365))


def test_weeks_are_those_of_iso_over_a_year_of_53() -> None:
    labels, days = periods("week", "2026-W52", 3)
    first = date.fromisocalendar(2026, 52, 1)
    expected = [(first + timedelta(7 * k)).isocalendar() for k in range(3)]
    assert labels == tuple(f"{year}-W{week:02}" for year, week, _ in expected) == ("2026-W52", "2026-W53", "2027-W01")
    assert set(days) == {7}


def test_days_go_over_the_end_of_february() -> None:
    assert periods("day", "2028-02-28", 3) == (("2028-02-28", "2028-02-29", "2028-03-01"), (1, 1, 1))


@pytest.mark.parametrize(("name", "unit"), UNITS.items())
def test_a_label_reads_back_as_its_own_start(name: str, unit: object) -> None:
    (label,), _ = periods(name, UNITS[name].like, 1)
    assert (label, unit_of(label)) == (UNITS[name].like, name)


@pytest.mark.parametrize(
    ("unit", "start"), [("month", "2027-13"), ("month", "soon"), ("day", "2027-02-29"), ("week", "2027-W54")]
)
def test_a_start_that_is_none_is_answered_with_one(unit: str, start: str) -> None:
    with pytest.raises(BadStart) as refused:
        periods(unit, start, 2)
    assert str(refused.value) == f"time.start: '{start}' is no {unit}; write one like {UNITS[unit].like}"


def test_periods_past_all_dates_are_refused() -> None:
    with pytest.raises(PastTheCalendar):
        periods("year", "9990", 20)
