"""The KGI of each template, computed here by hand from the figures of its file, without the package's evaluator.

A float carries 1.1e-16 of rounding; the forms have under 60 operations and amplify a relative error of a part at most
tenfold (`profit`, a difference of sums), so 1e-12 leaves a margin of ten and still sees any changed figure or formula.
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
    organic = (1.3e6 + 240e3 * log(1 + 6 / 10)) * 0.029
    ads = 52e3 * hill(38e3, 45e3, 1.3) + 26e3 * saturate(20, 30)
    sessions = organic + ads + 9e3 * log(1 + 16 / 12) + 14e3
    leads = sessions * 0.075 * 0.44 * exp(-0.11 * 8)
    return leads * 0.62 * scurve(8, 3, 0.7)


def saas() -> float:
    contracts = (1500 + 2800 * hill(600e3, 700e3, 1.2)) * 0.14
    churn_rate = 0.07 + 0.16 * exp(-5 / 6) + 0.35 * 0.02
    kept = 12e6 * (1 - churn_rate)
    return kept + contracts * 9000 + kept * (0.16 * scurve(0.38, 0.45, 9) + 0.02)


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


BY_HAND: tuple[Callable[[], float], ...] = (shop, sales, marketing, saas, profit, support, production)


@pytest.mark.parametrize("kgi", BY_HAND, ids=lambda kgi: kgi.__name__)
def test_the_kgi_of_a_template_is_what_a_hand_computes(kgi: Callable[[], float]) -> None:
    assert load(SCENARIOS / f"{kgi.__name__}.yaml").evaluate().value == pytest.approx(kgi(), rel=1e-12)
