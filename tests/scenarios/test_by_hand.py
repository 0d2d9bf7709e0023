"""The KGI of each template, computed here by hand from the figures of its file, without the package's evaluator.

A float carries 1.1e-16 of rounding. A figure of the forms goes through under 60 operations, those over time through
under 300, and a relative error of a part is amplified at most tenfold (`profit` and `retail`, differences of sums), so
1e-12 leaves a margin of three and still sees any changed figure or formula.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from pathlib import Path

import pytest

from leverage.model import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def hill(x: float, half: float, shape: float) -> float:
    return 1 / (1 + (half / x) ** shape)


def saturate(x: float, scale: float) -> float:
    return 1 - exp(-x / scale)


def scurve(x: float, mid: float, slope: float) -> float:
    at, start = (1 / (1 + exp(-slope * (level - mid))) for level in (x, 0))
    return (at - start) / (1 - start)


def shop() -> float:
    visits = 180e3 + 240e3 * hill(40e3, 60e3, 1.2) + 45e3 * saturate(3, 4)
    orders = visits * 0.084 * 0.29 * (1 + 0.35)
    return orders * (34 * 2 - 2 * 17.5 - 6.2) - 40e3 - 105e3


def sales() -> float:
    leads = 1650 * saturate(60, 45) + 1100 * saturate(8, 10) + 180
    deals = leads * 0.18
    win_rate = 0.23 * (1 - hill(deals / 18, 45, 2)) * (1 + 1.3 * 0.18)
    return deals * win_rate * 52e3 * (1 - 0.18)


def marketing() -> float:
    season = [0.93, 0.98, 1.04, 1.06, 0.91, 1.03, 1.07, 1.05, 0.94, 1.04, 1.06, 1, 0.89]
    fit = 0.074 * 0.44 * exp(-0.11 * 8) * scurve(8, 3, 0.7)
    channels = (  # own share, reach, half, shape, spend, carried over, opening, intent, accepted at best
        (0.09, 13.8e3, 11.3e3, 1.3, 8.9e3, 0.08, 9.6e3, 1.24, 0.58),
        (0.02, 8.6e3, 10.6e3, 1.1, 4.4e3, 0.41, 7.4e3, 0.52, 0.41),
        (0.04, 10.9e3, 21.5e3, 2.1, 0.0, 0.63, 3.3e3, 0.61, 0.43),
        (0.61, 9.7e3, 18.4e3, 1.4, 2.6e3, 0.84, 15.8e3, 1.0, 0.66),
        (0.09, 6.4e3, 4.3e3, 1.0, 1.8e3, 0.28, 2.5e3, 0.63, 0.44),
        (0.15, 5.2e3, 2.4e3, 0.9, 1.5e3, 0.12, 1.7e3, 1.37, 0.67),
    )
    total = 0.0
    for share, reach, half, shape, spend, carried, pressure, intent, best in channels:
        for week in season:
            pressure = spend + carried * pressure
            total += (13.2e3 * share + reach * hill(pressure, half, shape)) * week * fit * intent * best
    return total


def saas() -> float:
    months = [1.12, 1.04, 1.08, 1, 0.97, 0.91, 0.82, 0.78, 1.09, 1.14, 1.08, 0.97]
    renewals = [1.32, 0.88, 1.04, 0.93, 0.86, 1.11, 0.9, 0.82, 1.05, 0.95, 0.92, 1.22]
    spend = [46e3, 52e3, 58e3, 51e3, 47e3, 44e3, 36e3, 33e3, 57e3, 61e3, 58e3, 49e3]
    leave = [steady + avoidable * exp(-5 / 6) + 0.36 * 0.02 / 12
             for steady, avoidable in ((0.0046, 0.0105), (0.0062, 0.0156), (0.0094, 0.0263))]  # fmt: skip
    arr, pressure, before = [8.35e6, 3.62e6, 0.0], 91e3, 214.0
    for t in range(12):
        pressure = spend[t] + 0.44 * pressure
        trials = months[t] * (119 * 1.008**t + 236 * hill(pressure, 106e3, 1.2))
        new = (0.56 * trials + 0.44 * before) * 0.142 * 9120
        before = trials
        adoption = 0.374 + (0.395 - 0.374) * saturate(t + 1, 4)
        upsell = 0.0129 * scurve(adoption, 0.45, 9) + 0.02 / 12
        arr = [one * (1 - rate * renewals[t]) * (1 + upsell) for one, rate in zip(arr, leave, strict=True)]
        arr[2] += new
    return sum(arr)


def retail() -> float:
    countries = (  # price level, freight, lift of advertising, advertising
        (1.0, 280, 0.3, 21e3), (0.98, 305, 0.28, 16e3), (1.04, 385, 0.35, 24e3), (0.92, 610, 0.66, 7e3),
        (1.07, 790, 0.55, 6e3),
    )  # fmt: skip
    products = (  # price, cost, size, stock, on the way, ordered, usual demand by country, season
        (42.9, 19.8, 0.011, 3120, 9450, 9530, (1720, 1330, 2290, 945, 725),
         (1.08, 1, 0.93, 0.86, 0.8, 0.76, 0.75, 0.79, 0.95, 1.12, 1.38, 1.58)),
        (54.5, 26.4, 0.014, 2480, 6720, 6790, (1205, 905, 1840, 500, 625),
         (1.04, 0.96, 0.93, 0.9, 0.88, 0.86, 0.84, 0.89, 1.01, 1.1, 1.27, 1.32)),
        (79, 37.5, 0.018, 1390, 4380, 4710, (778, 676, 910, 552, 476),
         (0.98, 0.9, 0.97, 1.06, 1.19, 1.24, 1.18, 1.02, 0.85, 0.78, 0.87, 0.96)),
        (289, 148, 0.046, 870, 2240, 2330, (419, 493, 345, 222, 271),
         (0.92, 0.85, 0.84, 0.82, 0.83, 0.8, 0.76, 0.78, 0.92, 1.08, 1.63, 1.77)),
    )  # fmt: skip
    promoted = (0.31, 0.04, 0.03, 0.06, 0.04, 0.05, 0.34, 0.08, 0.03, 0.05, 0.56, 0.22)
    plan = (0.92, 0.91, 0.92, 0.91, 0.88, 0.87, 0.93, 1.03, 1.29, 1.41, 1, 0.93)
    profit = -12 * sum(country[3] for country in countries) - 4.83e6
    for price, cost, size, stock, on_the_way, ordered, usual, season in products:
        for t in range(12):
            lift = season[t] * (1 + 3.9 * 0.18 * promoted[t])
            wanted = [u * lift * (1 + pull * log(1 + ads / 20e3))
                      for u, (_, _, pull, ads) in zip(usual, countries, strict=True)]  # fmt: skip
            available = stock + (on_the_way if t < 2 else ordered * plan[t - 2])
            filled = min(1, available / sum(wanted))
            stock = max(0, available - sum(wanted))
            for pieces, (level, freight, _, _) in zip(wanted, countries, strict=True):
                paid = price * level * (1 - 0.18 * promoted[t])
                profit += pieces * filled * (paid - cost - size * freight)
            profit -= stock * size * 91
    return profit


def subscription_ltv() -> float:
    sources = (  # reach, half, spend, steadiness, churn when left alone
        (2900, 118e3, 104e3, 4.6, 0.164), (3850, 96e3, 79e3, 3.4, 0.273), (1240, 31e3, 17e3, 5.2, 0.092),
    )  # fmt: skip
    value = subscribers = spent = 0.0
    for reach, half, spend, steadiness, alone in sources:
        leave = steadiness * alone * (1 - 0.46 * saturate(1.2, 3.2))
        here, worth = 1.0, 0.0
        for t in range(36):
            worth += here * (23.9 * (1 - 0.047) - 3.15) / 1.008 ** (t + 1)
            here *= (steadiness - leave + t) / (steadiness + t) * (1 - 0.021)
        signups = reach * hill(spend, half, 1.2)
        value, subscribers, spent = value + signups * worth, subscribers + signups, spent + spend
    return value / (spent + 1.2 * subscribers)


def profit() -> float:
    capture = 0.1 + 0.02 * saturate(25, 40)
    demand = 24 * 81e3 * saturate(210, 150) * capture
    load = demand * 0.55 / (24 * 88 * 5 * 8)
    guests = demand * (1 - 0.55 * (1 - (1 + load**4) ** -0.25))
    ticket = 13 * 1.15
    food = (guests + 14e3) * 1.15 * 4.1 * 1.14
    hourly = 24 * 210 * (5 * 21 + 55 * 0.22)
    return guests * ticket + 14e3 * ticket * (1 - 0.27) - food - hourly - 24 * 12e3 - 25e3 - 200e3


def support() -> float:
    first_contact = 0.58 + 0.22 * saturate(60, 90)
    onboarding = 0.45 + 0.35 * saturate(30, 60)
    questions = 0.55 + 0.5 * (1 - onboarding)
    contacts = 9000 * questions * (1 - 0.35 * saturate(40, 80)) * (1 + 1.2 * (1 - first_contact))
    load = contacts * 0.28 / (20 * 130 - 60 - 40 - 30)
    wait = 0.5 + 20 * scurve(load, 1, 10)
    speed = 0.15 * (1 - hill(wait, 8, 1.5)) + 0.15 * saturate(4, wait)
    return 0.3 + speed + 0.25 * first_contact + 0.15 * onboarding


def production() -> float:
    planned = 4 * 2 * 168
    availability = 1 - 160 * 0.75 / planned - (0.03 + 0.26 * 0.85**4 * exp(-100 / 150))
    good = 1 - (0.012 + 0.08 * 0.85**5 * exp(-60 / 100))
    fill = 52e3 / (planned * 60 * availability * 0.85 * good)
    assert fill < 1, "the plant can make what is ordered"
    late = 1 - 0.98 * (1 - hill(fill, 1.15, 8))
    running = planned * (9 * 36 + availability * 320 * 0.16)
    return 52e3 * (48 - 21 / good - late * 9) - running - 160 * 65 - 480e3


BY_HAND: tuple[Callable[[], float], ...] = (
    shop, sales, marketing, saas, profit, support, production, retail, subscription_ltv,
)  # fmt: skip


@pytest.mark.parametrize("kgi", BY_HAND, ids=lambda kgi: kgi.__name__)
def test_the_kgi_of_a_template_is_what_a_hand_computes(kgi: Callable[[], float]) -> None:
    assert load(SCENARIOS / f"{kgi.__name__}.yaml").evaluate().value == pytest.approx(kgi(), rel=1e-12)
