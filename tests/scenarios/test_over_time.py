"""What holds in the models over time and dimensions, whatever their figures: balances, shares, roll-ups, closed forms.

Each truth is checked at the base, in every scenario, and at levels of the levers drawn at random. A figure stands on
under 300 operations of 1.1e-16 of rounding each, so 1e-12 of the largest figure of a balance leaves a margin of thirty.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import exp, lgamma
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from leverage.errors import LeverageError
from leverage.model import Model, load
from leverage.program.run import point

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLOSE = 1e-12
Figures = dict[str, np.ndarray]


@cache
def model(name: str) -> Model:
    return load(SCENARIOS / f"{name}.yaml")


def figures(of: Model) -> Figures:
    """Every metric's figures as an array over its axes, in the grid's order."""
    tree = of.tree
    found = point(tree.cells)
    return {
        id: np.array([found[cell] for cell in tree.cells_of(id)]).reshape(tree.grid.shape(metric.axes))
        for id, metric in tree.metrics.items()
    }


def cases(name: str) -> Iterator[Figures]:
    """The model as it stands, in each scenario, and with its levers anywhere within their bounds."""
    told = model(name)
    yield figures(told)
    for scenario in told.tree.scenarios:
        yield figures(told.with_(scenario=scenario))
    for seed in range(5):
        yield figures(told.with_(set=anywhere(told, seed)))


def anywhere(of: Model, seed: int) -> dict[str, float]:
    rng, cells = np.random.default_rng(seed), of.tree.cells
    levels = {}
    for id in cells.levers:
        lever = cells.metrics[id].lever
        assert lever is not None
        low, high = lever.low, lever.high
        assert low is not None
        assert high is not None
        level = rng.uniform(low, high)
        levels[id] = float(round(level)) if lever.integer else level
    return levels


# --- saas: the roll-forward of ARR ---------------------------------------------------------------------------------


def test_saas_closes_each_month_at_opening_plus_new_less_churned_plus_upsell() -> None:
    for f in cases("saas"):
        opening = np.concatenate([[f["opening_arr"].sum()], f["running_arr"][:-1]])
        moved = f["new_arr"] - f["churned_arr"].sum(0) + f["upsell_arr"].sum(0)
        assert_allclose(f["running_arr"], opening + moved, rtol=CLOSE)
        assert f["arr"] == f["running_arr"][-1]


def test_saas_starts_each_cohorts_month_where_the_last_ended() -> None:
    for f in cases("saas"):
        assert np.array_equal(f["starting_arr"][:, 0], f["opening_arr"])
        assert np.array_equal(f["starting_arr"][:, 1:], f["cohort_arr"][:, :-1])


def test_saas_gives_all_new_contracts_to_the_cohort_of_the_year() -> None:
    for f in cases("saas"):
        joined = f["cohort_arr"] - (f["starting_arr"] - f["churned_arr"] + f["upsell_arr"])
        told = np.array([0 * f["new_arr"], 0 * f["new_arr"], f["new_arr"]])
        assert_allclose(joined, told, rtol=0, atol=CLOSE * f["cohort_arr"].max())


def test_saas_compounds_the_contracts_of_former_years() -> None:
    """Of those who signed before, 1 - churn stay and 1 + upsell is what they pay, month after month."""
    for f in cases("saas"):
        kept = (1 - f["churn_rate"]) * (1 + f["upsell_rate"] + f["uplift"] / 12)
        assert_allclose(f["cohort_arr"][:2, -1], (f["opening_arr"] * kept.prod(1))[:2], rtol=CLOSE)


def test_a_push_of_marketing_in_one_month_moves_no_month_before_and_every_month_after() -> None:
    told = model("saas")
    base, pushed = figures(told), figures(told.with_(change={"marketing_spend[2027-05]": "50%"}))
    gain = pushed["running_arr"] - base["running_arr"]
    assert not gain[:4].any()
    assert (gain[4:] > 0).all()
    assert gain.argmax() > 4  # trials decide a month later, and what people remember works on


def test_saas_moves_faster_by_trials_that_sign_than_by_modules_that_are_used() -> None:
    """The first month shows 1/12 of what conversion brings in a year, and far less of what adoption does."""
    told = model("saas")
    base = figures(told)["running_arr"]
    early = {}
    for id, level in {"trial_conversion": 0.16, "adoption_aim": 0.5}.items():
        gain = figures(told.with_(set={id: level}))["running_arr"] - base
        early[id] = gain[1] / gain[-1]
    assert early["trial_conversion"] > 1.5 * early["adoption_aim"]


# --- marketing: channels -------------------------------------------------------------------------------------------


def test_the_shares_of_visits_sum_to_one_in_every_scenario() -> None:
    for f in cases("marketing"):
        assert f["visit_share"].sum() == pytest.approx(1, abs=1e-9)
        assert_allclose(f["own_sessions"].sum(0), f["known_sessions"] * f["season"], rtol=CLOSE)


def test_a_scenario_that_moves_a_share_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "apart.yaml"
    text = (SCENARIOS / "marketing.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("organic: 48%", "organic: 58%"), encoding="utf-8")
    with pytest.raises(LeverageError, match="'visit_share': its parts over channel add up to 110% in scenario"):
        load(path)


def test_the_spend_that_works_is_a_geometric_sum() -> None:
    """At s a week with c carried over from p: s (1 - c^(t+1)) / (1 - c) + p c^(t+1)."""
    for f in cases("marketing"):
        left = f["carried_over"][:, None] ** np.arange(1, 14)
        worked = f["spend"][:, None] * (1 - left) / (1 - f["carried_over"][:, None])
        assert_allclose(f["pressure"], worked + f["opening_pressure"][:, None] * left, rtol=CLOSE)


def test_qualified_leads_are_those_of_all_channels_and_weeks() -> None:
    for f in cases("marketing"):
        assert f["qualified_leads"] == pytest.approx(f["accepted_leads"].sum(), rel=CLOSE)


# --- retail: stock and regions -------------------------------------------------------------------------------------


def test_stock_is_what_was_there_and_came_less_what_was_sold() -> None:
    for f in cases("retail"):
        before = np.concatenate([f["opening_stock"][:, None], f["stock"][:, :-1]], axis=1)
        came = np.concatenate([np.repeat(f["in_transit"][:, None], 2, axis=1), f["ordered"][:, :-2]], axis=1)
        sold = f["sold"].sum(1)
        assert_allclose(f["stock"], before + came - sold, rtol=0, atol=CLOSE * f["available"].max())
        assert (f["stock"] >= 0).all()
        assert (sold <= f["wanted"] * (1 + CLOSE)).all()


def test_nothing_is_left_of_a_product_that_ran_out_and_all_want_is_met_of_one_that_did_not() -> None:
    for f in cases("retail"):
        out = f["filled"] < 1
        assert not f["stock"][out].any()
        assert_allclose(f["sold"].sum(1)[~out], f["wanted"][~out], rtol=CLOSE)


@pytest.mark.parametrize("group", ["emea", "apac"])
def test_a_region_is_the_sum_of_its_countries(group: str, tmp_path: Path) -> None:
    rolled = (
        "\nmetrics:\n  region: sum(pick(revenue, {0}), over=time)\n  pieces: sum(pick(pick(sold, {0}), espresso))\n"
    )
    path = tmp_path / "region.yaml"
    text = (SCENARIOS / "retail.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("\nmetrics:\n", rolled.format(group), 1), encoding="utf-8")
    f, countries = figures(load(path)), {"emea": slice(0, 3), "apac": slice(3, 5)}[group]
    assert f["region"] == pytest.approx(f["revenue"][countries].sum(), rel=CLOSE)
    assert f["pieces"] == pytest.approx(f["sold"][3, countries].sum(), rel=CLOSE)


def test_profit_is_revenue_less_every_cost() -> None:
    for f in cases("retail"):
        costs = f["goods_cost"].sum() + f["freight_cost"].sum() + f["storage_cost"].sum()
        costs += 12 * f["advertising"].sum() + f["overhead"]
        assert f["profit"] == pytest.approx(f["revenue"].sum() - costs, abs=CLOSE * f["revenue"].sum())


# --- subscription_ltv: retention and what a subscriber is worth ------------------------------------------------------


def log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def test_survival_is_beta_geometric_times_geometric() -> None:
    """S(t) = B(leave, stay + t) / B(leave, stay) * (1 - failed)^t (Fader and Hardie 2007).

    lgamma is off by a few 1e-16 of its value, under 150 here, so the quotient of betas by some 1e-13.
    """
    for f in cases("subscription_ltv"):
        for leave, stay, survival in zip(f["leave"], f["stay"], f["survival"], strict=True):
            told = [exp(log_beta(leave, stay + t) - log_beta(leave, stay)) * (1 - f["failed_cards"]) ** t
                    for t in range(36)]  # fmt: skip
            assert_allclose(survival, told, rtol=1e-11)


def alike() -> Figures:
    """All subscribers leave alike: the curve is geometric. Of a steadiness of 1e9 it differs by t/1e9."""
    return figures(model("subscription_ltv").with_(set={"steadiness": 1e9}))


def test_where_all_leave_alike_the_worth_is_the_geometric_series() -> None:
    f = alike()
    kept = (1 - f["first_churn"]) * (1 - f["failed_cards"]) / (1 + f["discount_rate"])
    told = f["margin"] / (1 + f["discount_rate"]) * (1 - kept**36) / (1 - kept)
    assert_allclose(f["worth"], told, rtol=36**2 / 2 / 1e9)


def test_subscribers_who_differ_are_worth_more_than_those_who_leave_alike() -> None:
    """The same first month, and the loyal ones stay: why a constant churn undervalues a subscriber."""
    assert (figures(model("subscription_ltv"))["worth"] > 1.1 * alike()["worth"]).all()


def test_the_lifetime_value_is_the_mean_of_the_sources_by_their_subscribers() -> None:
    for f in cases("subscription_ltv"):
        assert f["ltv"] == pytest.approx(np.average(f["worth"], weights=f["signups"]), rel=CLOSE)
        assert f["ltv_to_cac"] == pytest.approx((f["worth"] * f["signups"]).sum() / (f["spend"].sum() + f["care_cost"]))
