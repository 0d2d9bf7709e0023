"""Every figure of the two studies is taken from their CSV files again, by NumPy alone.

Figures are written with ten significant digits, 5e-10 of a figure away from the data's at most. No KGI here has an
elasticity beyond 2 to a leaf, and the leaves' roundings have both signs, so KGIs are judged at 2e-9.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from leverage.model import load

Array = NDArray[np.float64]
SCENARIOS = Path(__file__).parents[2] / "scenarios"
TYPES = {"new": "New_Visitor", "returning": "Returning_Visitor", "other": "Other"}
TEN_DIGITS = 5e-10


def columns(file: str, numbers: Iterable[str]) -> dict[str, Array]:
    with (SCENARIOS / "data" / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found: dict[str, Any] = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return found | {name: found[name].astype(float) for name in numbers}


@cache
def model(name: str) -> Any:
    return load(SCENARIOS / f"{name}.yaml")


def metric(study: str, id: str) -> Any:
    return model(study).metrics[id]


def written(study: str, id: str) -> dict[str, float]:
    """The arguments of a leaf's uncertainty, as the file writes them."""
    found = re.findall(r"(\w+)=([0-9_.]+)", metric(study, id).uncertainty.text)
    return {name: float(number) for name, number in found}


def deciles(values: Array) -> dict[str, float]:
    return dict(zip(("p10", "p50", "p90"), np.quantile(values, (0.1, 0.5, 0.9)), strict=True))


def close(expected: float | Mapping[str, float]) -> Any:
    return pytest.approx(expected, rel=TEN_DIGITS, abs=0)


# The online shop of 2021

SHOP = "online_shop_2021"
DAYS = ("Ad Spend", "Page Views", "Unit Price", "Sold Units", "Revenue", "Operational Cost", "Profit")
YEARS = {"base": "dowhy_online_shop_2021_daily.csv", "actual": "dowhy_online_shop_2022q1_daily.csv"}


@cache
def days(year: str) -> dict[str, Array]:
    return columns(YEARS[year], DAYS)


def fit(target: Array, *causes: Array) -> tuple[Array, Array]:
    """Least squares with an intercept: coefficients and their standard errors."""
    design = np.column_stack([np.ones(len(target)), *causes])
    coefficients = np.linalg.lstsq(design, target, rcond=None)[0]
    residual = target - design @ coefficients
    variance = residual @ residual / (len(target) - design.shape[1])
    return coefficients, np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))


def of_year(year: str) -> tuple[dict[str, Array], Array, tuple[float, float], tuple[float, float]]:
    """The days, which have an event, the views of a dollar and the price elasticity, each with its standard error."""
    day = days(year)
    event = day["Shopping Event?"] == "True"
    views, views_error = fit(day["Page Views"], day["Ad Spend"], event * 1.0)
    rate = np.log(day["Sold Units"] / day["Page Views"])
    price, price_error = fit(rate, np.log(day["Unit Price"]), event * 1.0)
    return day, event, (views[1], views_error[1]), (-price[1], price_error[1])


def of_kind(year: str, kind: str) -> dict[str, float]:
    """Aggregates of the quiet days or of the event days of a year."""
    day, event, (slope, _), _ = of_year(year)
    chosen = {name: column[event == (kind == "event")] for name, column in day.items()}
    return {
        "ads": chosen["Ad Spend"].mean(),
        "organic": chosen["Page Views"].mean() - slope * chosen["Ad Spend"].mean(),
        "rate": chosen["Sold Units"].sum() / chosen["Page Views"].sum(),
        "price": chosen["Revenue"].sum() / chosen["Sold Units"].sum(),
    }


@pytest.mark.parametrize("year", YEARS)
def test_the_shop_identities_hold_on_every_day_of_the_data(year: str) -> None:
    day = days(year)
    np.testing.assert_allclose(day["Unit Price"] * day["Sold Units"], day["Revenue"], rtol=1e-12)
    np.testing.assert_allclose(day["Revenue"] - day["Operational Cost"], day["Profit"], rtol=1e-9)


@pytest.mark.parametrize("kind", ["quiet", "event"])
@pytest.mark.parametrize("part", ["ads", "organic", "rate", "price"])
def test_the_shop_bases_are_aggregates_of_2021(kind: str, part: str) -> None:
    assert metric(SHOP, f"{kind}_{part}").base == close(of_kind("base", kind)[part])


@pytest.mark.parametrize("kind", ["quiet", "event"])
@pytest.mark.parametrize("part", ["ads", "organic", "price"])
def test_the_shop_actuals_are_aggregates_of_early_2022(kind: str, part: str) -> None:
    assert metric(SHOP, f"{kind}_{part}").actual == close(of_kind("actual", kind)[part])


@pytest.mark.parametrize("kind", ["quiet", "event"])
def test_the_actual_rate_of_2022_has_the_effect_of_the_price_taken_out(kind: str) -> None:
    *_, (elasticity, _) = of_year("base")
    before, after = of_kind("base", kind), of_kind("actual", kind)
    expected = after["rate"] / (before["price"] / after["price"]) ** elasticity
    assert metric(SHOP, f"{kind}_rate").actual == close(expected)


def test_event_days_are_counted_to_a_year() -> None:
    event, later = ((days(year)["Shopping Event?"] == "True") for year in YEARS)
    assert metric(SHOP, "event_days").base == event.sum() == event.mean() * 365
    assert metric(SHOP, "event_days").actual == close(later.mean() * 365)


def test_views_of_a_dollar_and_the_price_elasticity_are_least_squares_with_their_errors() -> None:
    *_, (views, views_error), (elasticity, elasticity_error) = of_year("base")
    assert metric(SHOP, "views_per_dollar").base == close(views)
    assert written(SHOP, "views_per_dollar") == close({"mean": views, "sd": views_error})
    assert metric(SHOP, "price_elasticity").base == close(elasticity)
    assert written(SHOP, "price_elasticity") == close({"mean": elasticity, "sd": elasticity_error})
    assert metric(SHOP, "views_per_dollar").actual == close(of_year("actual")[2][0])


@pytest.mark.parametrize("year", YEARS)
def test_fixed_cost_is_what_the_days_leave_at_500_a_unit(year: str) -> None:
    day = days(year)
    rest = day["Operational Cost"] - day["Ad Spend"] - 500 * day["Sold Units"]
    assert getattr(metric(SHOP, "fixed_cost"), year) == close(rest.mean())
    coefficients, errors = fit(day["Operational Cost"] - day["Ad Spend"], day["Sold Units"])
    assert abs(coefficients[1] - 500) < 4 * errors[1], "the cost of a unit: 500 within 4 standard errors of the fit"


@pytest.mark.parametrize("kind", ["quiet", "event"])
def test_the_shop_spreads_are_deciles_of_the_days(kind: str) -> None:
    day, event, (slope, _), _ = of_year("base")
    chosen = {name: column[event == (kind == "event")] for name, column in day.items()}
    organic = chosen["Page Views"] - slope * chosen["Ad Spend"]
    rate = chosen["Sold Units"] / chosen["Page Views"]
    assert written(SHOP, f"{kind}_organic") == close(deciles(organic) | {"low": 0})
    assert written(SHOP, f"{kind}_rate") == close(deciles(rate) | {"low": 0})


@pytest.mark.parametrize("kind", ["quiet", "event"])
def test_the_shop_levers_keep_to_what_was_seen_in_2021(kind: str) -> None:
    day, event, *_ = of_year("base")
    ads = day["Ad Spend"][event == (kind == "event")]
    lever = metric(SHOP, f"{kind}_ads").lever
    assert (lever.low, lever.high) == (close(ads.min()), close(ads.max()))
    price = metric(SHOP, f"{kind}_price").lever
    assert (price.low, price.high) == (close(day["Unit Price"].min()), close(day["Unit Price"].max()))


@pytest.mark.parametrize(
    ("id", "column"),
    [
        ("profit", "Profit"),
        ("revenue", "Revenue"),
        ("sold_units", "Sold Units"),
        ("operational_cost", "Operational Cost"),
        ("ad_spend", "Ad Spend"),
    ],
)
def test_the_shop_tree_adds_up_to_the_daily_means(id: str, column: str) -> None:
    assert model(SHOP).evaluate()[id] == pytest.approx(days("base")[column].mean(), rel=2e-9)
    assert metric(SHOP, id).actual == close(days("actual")[column].mean())


def test_at_the_actuals_of_2022_the_shop_tree_gives_the_profit_of_2022() -> None:
    leaves = {id: leaf.actual for id, leaf in model(SHOP).metrics.items() if leaf.leaf and leaf.actual is not None}
    reached = model(SHOP).with_(set=leaves).evaluate()
    assert reached.value == pytest.approx(days("actual")["Profit"].mean(), rel=2e-8), "costs are thrice the profit"


# The online shoppers

FUNNEL = "shoppers_funnel"
COUNTS = ("sessions", "single_page_sessions", "purchases")


@cache
def months() -> dict[str, Array]:
    table = columns("uci_online_shoppers_monthly_funnel.csv", COUNTS)
    return table | {"stays": table["sessions"] - table["single_page_sessions"]}


def of_type(short: str, *, month: str = "", least: int = 0) -> dict[str, Array]:
    """The months of one type of visitor, or one month, or those with enough sessions."""
    table = months()
    chosen = (table["visitortype"] == TYPES[short]) & (table["sessions"] >= least)
    if month:
        chosen &= table["month"] == month
    return {name: column[chosen] for name, column in table.items()}


def funnel(rows: Mapping[str, Array], count: int) -> dict[str, float]:
    sessions, stays, purchases = (rows[name].sum() for name in ("sessions", "stays", "purchases"))
    return {"sessions": sessions / count, "stay": stays / sessions, "buy": purchases / stays}


def test_the_measured_year_has_12_330_sessions_in_ten_months() -> None:
    assert months()["sessions"].sum() == 12_330
    assert len(set(months()["month"])) == 10


@pytest.mark.parametrize("short", TYPES)
@pytest.mark.parametrize("part", ["sessions", "stay", "buy"])
def test_the_funnel_has_the_mean_month_as_base_and_december_as_actual(short: str, part: str) -> None:
    leaf = metric(FUNNEL, f"{short}_{part}")
    assert leaf.base == close(funnel(of_type(short), 10)[part])
    assert leaf.actual == close(funnel(of_type(short, month="Dec"), 1)[part])


def test_the_funnel_adds_up_to_the_purchases_of_the_data() -> None:
    purchases = months()["purchases"]
    assert model(FUNNEL).evaluate().value == pytest.approx(purchases.sum() / 10, rel=2e-9)
    assert metric(FUNNEL, "purchases").actual == purchases[months()["month"] == "Dec"].sum()


@pytest.mark.parametrize("short", ["new", "returning"])
def test_the_spread_of_sessions_is_the_lognormal_of_the_months(short: str) -> None:
    sessions = of_type(short)["sessions"]
    expected = {"mean": sessions.sum() / 10, "sd": sessions.std(ddof=1)}
    assert written(FUNNEL, f"{short}_sessions") == close(expected)


@pytest.mark.parametrize(
    ("short", "part", "reached", "start"),
    [("new", "buy", "purchases", "stays"), ("returning", "buy", "purchases", "stays"),
     ("returning", "stay", "stays", "sessions")],
)  # fmt: skip
def test_the_spread_of_a_rate_is_the_deciles_of_the_months_and_bounds_its_lever(
    short: str, part: str, reached: str, start: str
) -> None:
    rows = of_type(short, least=30)
    expected = deciles(rows[reached] / rows[start])
    assert written(FUNNEL, f"{short}_{part}") == close(expected | {"low": 0, "high": 1})
    lever = metric(FUNNEL, f"{short}_{part}").lever
    assert (lever.low, lever.high) == (close(expected["p10"]), close(expected["p90"]))


@pytest.mark.parametrize(
    ("short", "part", "reached", "start"),
    [("new", "stay", "stays", "sessions"), ("other", "buy", "purchases", "stays")],
)
def test_the_spread_of_a_rate_with_few_misses_is_the_beta_of_its_counts(
    short: str, part: str, reached: str, start: str
) -> None:
    rows = of_type(short)
    hits, trials = rows[reached].sum(), rows[start].sum()
    assert written(FUNNEL, f"{short}_{part}") == {"alpha": hits + 1, "beta": trials - hits + 1}


def test_the_correlation_of_sessions_is_the_rank_correlation_of_the_months() -> None:
    names = list(dict.fromkeys(months()["month"]))
    new, returning = (of_type(short) for short in ("new", "returning"))
    counts = [[rows["sessions"][rows["month"] == name].sum() for name in names] for rows in (new, returning)]
    ranks = [np.argsort(np.argsort(values)) for values in counts]
    assert all(a < b for a, b in pairwise(sorted(counts[1]))), "no ties among months"
    (correlation,) = model(FUNNEL).tree.correlations
    assert correlation.rank == pytest.approx(np.corrcoef(ranks)[0, 1], abs=0.005)
