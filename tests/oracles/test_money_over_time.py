"""Present values, annuities and loans, against their closed forms and the figures that Excel's own pages print."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.oracles.series import assert_close, figures

CASH = [-10_000.0, 3_000.0, 4_200.0, 6_800.0]


def test_npv_is_the_sum_of_discounted_cash_from_the_end_of_the_first_period() -> None:
    cash = [round(900 * math.sin(1.7 * t) + 100, 2) for t in range(60)]
    said = figures({"kgi": "npv(rate, cash)", "rate": "0.8%", "cash": {"value": cash}}, periods=60)
    expected = math.fsum(x / 1.008 ** (t + 1) for t, x in enumerate(cash))
    assert_close(said["kgi"], expected, atol=1e-12 * math.fsum(map(abs, cash)))  # cash of both signs cancels


def test_npv_gives_what_excels_page_prints() -> None:
    """Microsoft's page of NPV: 1,188.44; 1,922.06; and -3,749.47, in which the first outlay is not discounted."""
    first = figures({"kgi": "npv(10%, cash)", "cash": {"value": CASH}}, periods=4)
    assert round(first["kgi"], 2) == 1188.44
    returns = [8_000, 10_000 - 800, 10_000, 12_000, 14_500]
    second = figures({"kgi": "npv(8%, cash) - 40k", "cash": {"value": returns}}, periods=5)
    assert round(second["kgi"], 2) == 1922.06
    third = figures({"kgi": "npv(8%, cash) - 40k", "cash": {"value": [*returns, -9_000]}}, periods=6)
    assert round(third["kgi"], 2) == -3749.47


@pytest.mark.parametrize("rate", [0.004, 0.1, -0.05])
def test_the_present_value_of_a_level_payment_is_the_annuity_formula(rate: float) -> None:
    said = figures(
        {
            "kgi": "npv(rate, payment)",
            "written_out": "sum(payment / (1 + rate) ** (period + 1), over=time)",
            "rate": rate,
            "payment": 1_250,
        },
        periods=48,
    )
    expected = 1_250 * (1 - (1 + rate) ** -48) / rate
    assert_close(said["kgi"], expected)
    assert_close(said["written_out"], expected)


def test_npv_at_no_rate_is_the_sum() -> None:
    said = figures({"kgi": "npv(0, cash)", "cash": {"value": CASH}}, periods=4)
    assert said["kgi"] == sum(CASH)


def test_each_label_has_its_own_present_value_and_its_own_rate() -> None:
    said = figures(
        {
            "kgi": "sum(worth)",
            "worth": "npv(rate, cash)",
            "rate": {"value": {"safe": "4%", "bold": "15%"}},
            "cash": {"value": {"safe": CASH, "bold": [2 * x for x in CASH]}},
        },
        periods=4,
        dimensions={"project": ["safe", "bold"]},
    )
    expected = [math.fsum(k * x / (1 + r) ** (t + 1) for t, x in enumerate(CASH)) for k, r in ((1, 0.04), (2, 0.15))]
    assert_close(said["worth"], expected, atol=1e-12 * 2e4)


def test_a_loan_is_paid_off_along_its_closed_form() -> None:
    """Balance after k payments: P ((1+i)^n - (1+i)^k) / ((1+i)^n - 1)."""
    n, principal, rate = 360, 400e3, 0.005
    said = figures(
        {
            "kgi": "sum(interest)",
            "payment": "principal * rate / (1 - (1 + rate) ** -360)",
            "owed": "prev(balance, principal)",
            "interest": "owed * rate",
            "repaid": "payment - interest",
            "balance": "owed - repaid",
            "so_far": "cumsum(repaid)",
            "principal": principal,
            "rate": rate,
        },
        periods=n,
    )
    k = np.arange(1, n + 1)
    grown = (1 + rate) ** n
    # what is left is a difference of figures of the principal's size: n roundings of 1.1e-16 of it, each grown by
    # interest until the end, (1+i)^n = 6 times at most
    slack = principal * n * 1.2e-16 * grown
    payment = principal * rate / (1 - 1 / grown)
    assert_close(said["payment"], payment)
    assert_close(said["balance"], principal * (grown - (1 + rate) ** k) / (grown - 1), atol=slack)
    assert_close(said["so_far"], principal - said["balance"], atol=slack)
    assert abs(said["balance"][-1]) <= slack
    assert_close(said["kgi"], n * payment - principal, rtol=1e-11)  # what is left of figures 2 times its size


def test_savings_with_level_deposits_follow_the_annuity_due() -> None:
    said = figures(
        {"kgi": "last(saved)", "saved": "(prev(saved, 0) + deposit) * (1 + rate)", "deposit": 200, "rate": "0.3%"},
        periods=120,
    )
    k = np.arange(1, 121)
    assert_close(said["saved"], 200 * 1.003 * (1.003**k - 1) / 0.003)


def test_depreciation_of_what_is_bought_each_year_is_a_moving_window() -> None:
    """Straight-line over four years: the running sum of purchases less that of four years before."""
    bought = [100.0, 40.0, 0.0, 25.0, 60.0, 10.0, 0.0, 30.0]
    said = figures(
        {
            "kgi": "sum(charge)",
            "charge": "(cumsum(bought) - lag(cumsum(bought), 4, 0)) / 4",
            "bought": {"value": bought},
        },
        periods=8,
    )
    expected = [sum(bought[max(0, t - 3) : t + 1]) / 4 for t in range(8)]
    assert_close(said["charge"], expected)
