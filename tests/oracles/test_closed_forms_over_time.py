"""Growth, stocks and carry-over, period by period, against their closed forms, in plain Python and NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.oracles.series import Array, assert_close, figures


@pytest.mark.parametrize(("churn", "start", "new"), [(0.02, 12e6, 300e3), (0.15, 0.0, 1.0), (1.0, 5.0, 3.0)])
def test_recurring_revenue_with_constant_churn_is_a_geometric_sum(churn: float, start: float, new: float) -> None:
    said = figures(
        {
            "kgi": "last(arr)",
            "arr": "prev(arr, opening) * (1 - churn) + new_arr",
            "opening": start,
            "churn": churn,
            "new_arr": new,
        },
        periods=60,
    )
    kept = (1 - churn) ** np.arange(1, 61)
    expected = start * kept + new * (1 - kept) / churn
    assert_close(said["arr"], expected)
    assert_close(said["kgi"], expected[-1])


def test_a_roll_forward_adds_up_from_its_opening_to_its_close() -> None:
    said = figures(
        {
            "kgi": "sum(added) - sum(lost)",
            "opening": "prev(arr, 12M)",
            "lost": "opening * 3%",
            "arr": "opening - lost + added",
            "added": {"value": "300k", "growth": "4%"},
        },
        periods=24,
    )
    opening, lost, added = [], [], 300e3 * 1.04 ** np.arange(24)
    stock = 12e6
    for new in added:
        opening.append(stock)
        lost.append(stock * 0.03)
        stock = stock * 0.97 + new
    assert_close(said["opening"], opening)
    assert_close(said["lost"], lost)
    assert_close(said["arr"], opening - np.array(lost) + added)
    assert_close(said["kgi"], stock - 12e6, atol=12e6 * 1e-13)


@pytest.mark.parametrize("growth", [0.07, -0.02, 0.0])
def test_the_compound_annual_growth_rate_is_the_growth_that_was_put_in(growth: float) -> None:
    said = figures(
        {
            "kgi": "(last(revenue) / first(revenue)) ** (1 / last(period)) - 1",
            "revenue": {"value": 140, "growth": growth},
        },
        periods=20,
    )
    assert_close(said["revenue"], 140 * (1 + growth) ** np.arange(20))
    assert_close(said["kgi"], growth, atol=1e-14)


def test_growth_with_seasons_is_a_product_and_whole_years_of_it_a_geometric_sum() -> None:
    seasons = np.array([0.8, 1.0, 1.35, 0.85])
    said = figures(
        {"kgi": "sum(demand)", "demand": {"value": 250, "growth": "2%", "seasonality": seasons.tolist()}}, periods=20
    )
    t = np.arange(20)
    assert_close(said["demand"], 250 * 1.02**t * seasons[t % 4])
    year = 250 * (seasons * 1.02 ** np.arange(4)).sum()
    assert_close(said["kgi"], year * (1.02**20 - 1) / (1.02**4 - 1))


def test_growth_and_seasons_hold_for_each_label() -> None:
    said = figures(
        {
            "kgi": "sum(visits)",
            "visits": {"value": {"ads": 30, "social": 12}, "growth": "-5%", "seasonality": [1.2, 0.9, 0.9]},
        },
        periods=7,
        dimensions={"channel": ["ads", "social"]},
    )
    t = np.arange(7)
    shape: Array = 0.95**t * np.array([1.2, 0.9, 0.9])[t % 3]
    assert_close(said["visits"], np.outer([30, 12], shape))
    assert_close(said["kgi"], 42 * shape.sum())


def test_seasonality_alone_repeats_from_the_first_period() -> None:
    said = figures({"kgi": "sum(x)", "x": {"value": 10, "seasonality": [1, 2, 3]}}, periods=8)
    assert said["x"].tolist() == [10, 20, 30, 10, 20, 30, 10, 20]


def test_the_adstock_of_a_constant_rises_to_its_geometric_limit() -> None:
    said = figures(
        {"kgi": "last(effect)", "effect": "adstock(spend, 0.6)", "spend": {"value": [100], "repeat": "last"}},
        periods=48,
    )
    expected = 100 * (1 - 0.6 ** np.arange(1, 49)) / (1 - 0.6)
    assert_close(said["effect"], expected)
    assert said["kgi"] == pytest.approx(250, rel=0.6**48 * 1.01)  # what is short of the limit


def test_the_adstock_of_one_impulse_decays_and_adds_up_to_its_carry_over() -> None:
    said = figures(
        {
            "kgi": "sum(effect)",
            "effect": "adstock(spend, decay)",
            "spend": {"value": [0, 0, 80, 0], "repeat": "last"},
            "decay": 0.35,
        },
        periods=20,
    )
    expected = np.where(np.arange(20) < 2, 0.0, 80 * 0.35 ** np.clip(np.arange(20) - 2.0, 0, None))
    assert_close(said["effect"], expected)
    assert_close(said["kgi"], 80 * (1 - 0.35**18) / (1 - 0.35))


def test_no_decay_keeps_adstock_what_was_spent_and_full_decay_makes_it_the_running_sum() -> None:
    said = figures(
        {
            "kgi": "sum(none) + sum(all) - sum(running)",
            "none": "adstock(spend, 0)",
            "all": "adstock(spend, 1)",
            "running": "cumsum(spend)",
            "spend": {"value": [3, 1.1, 4.7, 1.3, 5.9]},
        },
        periods=5,
    )
    assert said["none"].tolist() == said["spend"].tolist()
    assert said["all"].tolist() == said["running"].tolist() == np.cumsum(said["spend"]).tolist()


def test_the_running_sum_of_periods_is_triangular_and_of_growth_geometric() -> None:
    said = figures(
        {
            "kgi": "last(numbers) + last(grown)",
            "numbers": "cumsum(period)",
            "grown": "cumsum(x)",
            "x": {"value": 5, "growth": "3%"},
        },
        periods=36,
    )
    t = np.arange(36)
    assert said["numbers"].tolist() == (t * (t + 1) / 2).tolist()
    assert_close(said["grown"], 5 * (1.03 ** (t + 1) - 1) / 0.03)
