"""What periods are called and how many days they have, against Python's own calendar."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest

from tests.oracles.series import assert_close, figures


def days(unit: str, start: str, periods: int) -> tuple[list[str], list[float]]:
    """Labels and days of a model's periods."""
    time = {"periods": periods, "unit": unit, "start": start}
    said = figures({"kgi": "sum(days_of)", "days_of": "days()"}, time=time)
    return list(said.tree.grid["time"].labels), said["days_of"].tolist()


@pytest.mark.parametrize(("year", "expected"), [(2027, 28), (2028, 29), (2100, 28), (2000, 29), (1900, 28)])
def test_february_knows_leap_years(year: int, expected: int) -> None:
    labels, found = days("month", f"{year}-01", 3)
    assert labels == [f"{year}-01", f"{year}-02", f"{year}-03"]
    assert found == [31, expected, 31]


def test_months_run_over_the_years_end() -> None:
    labels, found = days("month", "2027-11", 28)
    months = [(2027 + (10 + k) // 12, (10 + k) % 12 + 1) for k in range(28)]
    assert labels == [f"{year}-{month:02}" for year, month in months]
    assert found == [calendar.monthrange(*month)[1] for month in months]


def test_quarters_add_up_to_their_years() -> None:
    labels, found = days("quarter", "2027-Q3", 10)
    assert labels[:4] == ["2027-Q3", "2027-Q4", "2028-Q1", "2028-Q2"]
    assert found[:4] == [92, 92, 91, 91]
    assert sum(found[2:6]) == 366
    assert sum(found[6:]) == 365


def test_weeks_are_those_of_the_iso_calendar_the_53rd_included() -> None:
    labels, found = days("week", "2026-W51", 6)
    monday = date.fromisocalendar(2026, 51, 1)
    weeks = [(monday + timedelta(weeks=k)).isocalendar() for k in range(6)]
    assert labels == [f"{week.year}-W{week.week:02}" for week in weeks]
    assert labels[2:4] == ["2026-W53", "2027-W01"]
    assert found == [7.0] * 6


def test_years_and_single_days_count() -> None:
    assert days("year", "2027", 3) == (["2027", "2028", "2029"], [365, 366, 365])
    assert days("day", "2028-02-28", 3) == (["2028-02-28", "2028-02-29", "2028-03-01"], [1, 1, 1])


def test_a_rate_a_day_becomes_one_a_month() -> None:
    said = figures(
        {"kgi": "sum(rent)", "rent": "45 * days()", "mean_day": "sum(rent) / sum(days())"},
        time={"periods": 12, "unit": "month", "start": "2028-01"},
    )
    assert said["kgi"] == 45 * 366
    assert said["mean_day"] == 45
    assert_close(said["rent"], [45 * calendar.monthrange(2028, month)[1] for month in range(1, 13)])


def test_without_a_start_periods_are_numbered() -> None:
    said = figures({"kgi": "sum(x)", "x": "period * 2"}, periods=4)
    assert said.tree.grid["time"].labels == ("0", "1", "2", "3")
    assert said.found["x[3]"] == 6


def test_a_cell_is_addressed_by_its_periods_label() -> None:
    time = {"periods": 3, "unit": "month", "start": "2027-03"}
    said = figures({"kgi": "sum(x)", "x": {"value": [5, 6, 7]}, "y": "pick(x, `2027-04`)"}, time=time)
    assert said.found["x[2027-05]"] == 7
    assert said["y"] == 6
