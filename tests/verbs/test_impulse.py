"""When does a push reach the KGI, and how much of it by when? Responses against their closed forms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leverage.errors import UnknownName
from leverage.model import load
from leverage.panels import Lines, Spark, Table
from leverage.tree.grid import Axis, Grid
from leverage.tree.tree import Tree
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.evaluate import evaluate
from leverage.verbs.horizons import periods
from leverage.verbs.impulse import impulse
from leverage.verbs.watch import NoTime
from tests.trees import tree
from tests.verbs.faces import agrees, text

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MONTHS = {"periods": 12, "start": "2027-01"}
LABELS = tuple(f"2027-{month:02}" for month in range(1, 13))


def effect(decay: float = 0.6, time: Mapping[str, Any] = MONTHS, **spend: Any) -> Tree:
    """What an advertisement does fades by a factor a month, and the KGI adds the months up."""
    lever = {"value": [100] * 12, "lever": {"min": 0, "max": 200}, **spend}
    metrics = {
        "total": "sum(sales)",
        "sales": {"formula": "3 * adstock(ads, decay)", "unit": "USD"},
        "ads": lever,
        "decay": decay,
    }
    return tree("total", metrics, time=time)


def cohorts(churn: float = 0.1) -> Tree:
    """ARR that loses a share each month; the KGI is the last month's."""
    metrics = {
        "end": {"formula": "last(arr)", "unit": "USD"},
        "arr": {"formula": "prev(arr, 500) * (1 - churn) + new", "unit": "USD"},
        "new": {"value": [40] * 12, "lever": {"min": 0, "max": 90}},
        "churn": {"value": churn, "lever": {"min": 0, "max": 0.5}},
    }
    return tree("end", metrics, time=MONTHS)


# --- closed forms --------------------------------------------------------------------------------------------------


def test_adstock_responds_geometrically_and_its_shares_are_those_of_the_geometric_sum() -> None:
    found = impulse(effect())["ads"]
    course = 3 * 1.0 * 0.6 ** np.arange(12)  # 1 % of 100, times 3
    np.testing.assert_allclose(found.response, course, rtol=1e-10)
    assert found.cumulative is not None
    np.testing.assert_allclose(found.cumulative, np.cumsum(course) / course.sum(), rtol=1e-12)
    assert found.gain == pytest.approx(course.sum(), rel=1e-12)


def test_half_and_ninety_are_the_first_periods_from_which_so_much_is_there() -> None:
    """1 - 0.6 ** n: 64 % after two months, 92 % after five (of twelve that hold 99.8 %)."""
    entry = agrees(impulse(effect()))["levers"][0]
    assert (entry["half"], entry["ninety"], entry["peak"]) == ("2027-02", "2027-05", "2027-01")


def test_arr_keeps_one_less_churn_of_a_push_each_month() -> None:
    found = impulse(cohorts())
    np.testing.assert_allclose(found["new"].response, 0.4 * 0.9 ** np.arange(12), rtol=1e-10)
    assert found["new"].gain == pytest.approx(0.4 * 0.9**11, rel=1e-10)
    assert found.of == ("arr",)


def test_a_kgi_that_reads_one_period_has_no_shares_and_says_where_the_response_is_largest() -> None:
    entry = next(each for each in agrees(impulse(cohorts()))["levers"] if each["metric"] == "new")
    assert (entry["cumulative"], entry["half"], entry["ninety"]) == (None, None, None)
    assert entry["peak"] == "2027-01"


def test_a_push_in_a_later_period_does_nothing_before_it() -> None:
    found = impulse(effect(), at="2027-04")["ads"]
    assert found.at == "2027-04"
    np.testing.assert_allclose(found.response, [0, 0, 0, *(3 * 0.6 ** np.arange(9))], rtol=1e-10)


def test_what_does_not_run_over_time_is_pushed_in_all_periods() -> None:
    found = impulse(cohorts())["churn"]
    assert found.at is None
    state, low = 500.0, 500.0
    for response in found.response:
        state, low = state * 0.9 + 40, low * (1 - 0.1 * 1.01) + 40
        assert response == pytest.approx(low - state, rel=1e-9)


def test_the_size_of_a_push_is_kept_exactly_where_the_tree_bends() -> None:
    metrics = {"y": "sum(x) ** 2 + first(x)", "x": {"value": [1, 2, 3]}}
    of = tree("y", metrics, time={"periods": 3})
    assert impulse(of, push="50%", at="2")["x"].gain == pytest.approx(7.5**2 - 36)
    assert impulse(of, push=-0.5, at="2")["x"].gain == pytest.approx(4.5**2 - 36)


@pytest.mark.parametrize("name", ["saas", "marketing", "retail", "subscription_ltv"])
def test_the_gain_of_a_push_is_what_evaluating_the_changed_model_gives(name: str) -> None:
    of = load(SCENARIOS / f"{name}.yaml").tree
    found = impulse(of)
    base = evaluate(of).value
    for push in found.levers[:4]:
        metric, _, rest = push.metric.partition("[")
        labels = [label for label in rest.rstrip("]").split(",") if label] + [push.at] * (push.at is not None)
        address = f"{metric}[{','.join(labels)}]" if labels else metric
        after = evaluate(of.with_(change={address: 0.01})).value
        assert push.gain == pytest.approx(after - base, rel=1e-6, abs=1e-9 * abs(base))


@pytest.mark.parametrize("name", ["saas", "marketing", "retail", "subscription_ltv"])
def test_the_templates_agree_in_every_face(name: str) -> None:
    agrees(impulse(load(SCENARIOS / f"{name}.yaml").tree))


# --- what responds -------------------------------------------------------------------------------------------------


def margin() -> Tree:
    """The KGI adds up two series, one of them by channel."""
    metrics = {
        "profit": {"formula": "0.5 * sum(sales) - sum(ads)", "unit": "USD"},
        "sales": "12 * adstock(ads, 0.5)",
        "ads": {"value": {"web": [10] * 12, "tv": [20] * 12}, "lever": {"min": 0, "max": 90}},
    }
    return tree("profit", metrics, dimensions={"channel": ["web", "tv"]}, time=MONTHS)


def test_several_series_respond_by_what_the_kgi_makes_of_them() -> None:
    found = impulse(margin())
    assert found.of == ("sales", "ads")
    course = 6 * 0.1 * 0.5 ** np.arange(12)
    course[0] -= 0.1  # what the push costs
    np.testing.assert_allclose(found["ads[web]"].response, course, rtol=1e-9)
    np.testing.assert_allclose(found["ads[tv]"].response, 2 * course, rtol=1e-9)
    for push in found.levers:
        assert push.response.sum() == pytest.approx(push.gain, rel=1e-9)


def test_of_names_the_series_to_watch() -> None:
    found = impulse(margin(), of="sales[web]")
    np.testing.assert_allclose(found["ads[web]"].response, 1.2 * 0.5 ** np.arange(12), rtol=1e-9)
    assert not found["ads[tv]"].response.any()
    assert found["ads[tv]"].cumulative is None
    assert found["ads[tv]"].gain > 0


def test_a_kgi_that_reads_one_period_of_several_series_shows_them_as_it_would_read_each_period() -> None:
    metrics = {"y": "10 * last(a) - 2 * last(b)", "a": "adstock(x, 0.5)", "b": "x", "x": {"value": [1] * 12}}
    push = impulse(tree("y", metrics, time=MONTHS))["x"]
    np.testing.assert_allclose(push.response, 0.1 * 0.5 ** np.arange(12) - 0.02 * (np.arange(12) == 0), rtol=1e-9)
    assert push.cumulative is None


def test_a_discounted_sum_has_discounted_shares() -> None:
    metrics = {"y": "npv(10%, x)", "x": "adstock(a, 0.5)", "a": {"value": [1] * 12}}
    push = impulse(tree("y", metrics, time=MONTHS))["a"]
    parts = 0.5 ** np.arange(12) / 1.1 ** np.arange(1, 13)
    np.testing.assert_allclose(push.response, 0.01 * 0.5 ** np.arange(12), rtol=1e-9)
    assert push.cumulative is not None
    np.testing.assert_allclose(push.cumulative, np.cumsum(parts) / parts.sum(), rtol=1e-9)


# --- what is pushed ------------------------------------------------------------------------------------------------


def test_levers_are_pushed_label_by_label_and_leaves_where_there_is_none() -> None:
    assert {push.metric for push in impulse(margin()).levers} == {"ads[web]", "ads[tv]"}
    of = tree("y", {"y": "sum(a * b)", "a": {"value": [1] * 12}, "b": 2}, time=MONTHS)
    assert {push.metric for push in impulse(of).levers} == {"a", "b"}


def test_a_lever_may_be_any_address_formula_metrics_among_them() -> None:
    found = impulse(margin(), lever=["ads", "ads[tv,2027-03]", "sales[web]"])
    assert found["ads"].gain == pytest.approx(sum(push.gain for push in impulse(margin()).levers))
    assert found["ads[tv,2027-03]"].at == "2027-03"
    assert found["sales[web]"].gain == pytest.approx(0.01 * 0.5 * 120)
    assert impulse(margin(), lever="ads[web]").levers[0].metric == "ads[web]"


def test_the_largest_gain_stands_first() -> None:
    gains = [abs(push.gain) for push in impulse(margin()).levers]
    assert gains == sorted(gains, reverse=True)


def test_what_is_0_cannot_be_pushed_by_a_share_and_the_note_says_so() -> None:
    found = impulse(effect(value=[0] * 12))
    assert not found["ads"].response.any()
    assert found.notes() == ("ads is 0, of which 1% is nothing: set a level first",)
    assert found.to_dict()["levers"][0]["peak"] is None
    assert text(found).startswith("No push reaches total.")


# --- horizons ------------------------------------------------------------------------------------------------------


def months() -> Grid:
    return Grid((Axis("time", LABELS, unit="month"),))


@pytest.mark.parametrize(
    ("said", "count"),
    [
        *(("quarter", 3), ("month", 1), ("year", 12), ("6 months", 6), ("half-year", 6), ("half a year", 6)),
        *(("2 quarters", 6), ("a quarter", 3), ("week", 1), ("26 weeks", 6), ("yearly", 12), ("4 periods", 4)),
        *(("Quarterly", 3), ("1.5 years", 18), ("soon", None), ("two sprints", None)),
    ],
)
def test_a_horizon_in_words_is_read_into_months(said: str, count: int | None) -> None:
    assert periods(said, months()) == count


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ("week", 13),
        ("month", 3),
        ("quarter", 1),
        ("day", 91),
        ("year", 1),
        ("half-year", 1),
        ("sprint", None),
        ("", None),
    ],
)
def test_a_quarter_has_as_many_periods_as_the_models_unit_says(unit: str, count: int | None) -> None:
    assert periods("quarter", Grid((Axis("time", ("0", "1"), unit=unit),))) == count


def test_a_horizon_in_words_needs_a_unit_and_no_start() -> None:
    entry = impulse(effect(horizon="quarter", time={"periods": 12, "unit": "month"})).to_dict()["levers"][0]
    assert (entry["horizon"]["periods"], entry["horizon"]["by"]) == (3, "2")
    unread = impulse(effect(horizon="quarter", time={"periods": 12}))
    assert unread.to_dict()["levers"][0]["horizon"] is None


def test_how_much_arrives_within_the_horizon_is_told() -> None:
    entry = impulse(effect(horizon="quarter", kind="leading")).to_dict()["levers"][0]
    share = (1 - 0.6**3) / (1 - 0.6**12)
    assert entry["horizon"] == {"said": "quarter", "periods": 3, "by": "2027-03", "share": pytest.approx(share)}
    assert "quarter: 78.6%" in text(impulse(effect(horizon="quarter")))


def test_a_horizon_counts_from_the_push_and_may_reach_beyond_the_model() -> None:
    late = impulse(effect(horizon="quarter"), at="2027-11").to_dict()["levers"][0]
    assert late["horizon"] == {"said": "quarter", "periods": 3, "by": None, "share": 1}
    assert impulse(effect(horizon="quarter"), at="2027-10").to_dict()["levers"][0]["horizon"]["by"] == "2027-12"


def test_a_horizon_that_is_no_length_of_time_has_a_note() -> None:
    found = impulse(effect(horizon="soon"))
    assert found.to_dict()["levers"][0]["horizon"] is None
    assert found.notes() == ("the horizon of ads is no length of time that these periods measure, such as '6 months'",)


# --- panels and refusals -------------------------------------------------------------------------------------------


def test_the_text_opens_with_what_the_first_push_brings_and_by_when() -> None:
    said = text(impulse(effect()))
    assert said.startswith(
        "1% more of ads in 2027-01 moves total by +7.484 (+0.095%); half of it is there by 2027-02, 90% by 2027-05."
    )


def test_a_table_has_little_series_and_the_picture_the_shares_by_period() -> None:
    panels = impulse(effect()).panels()
    table = next(panel for panel in panels if isinstance(panel, Table))
    assert any(isinstance(cell, Spark) for cell in table.rows[0])
    lines = next(panel for panel in panels if isinstance(panel, Lines))
    assert lines.x_names == LABELS
    assert lines.y.shape == (1, 12)
    assert lines.y[0, -1] == pytest.approx(1)


def test_a_model_without_time_is_refused_with_the_mend() -> None:
    with pytest.raises(NoTime) as refused:
        impulse(tree("y", {"y": "2 * x", "x": 1}))
    assert str(refused.value) == (
        "the model has no periods, so a push has no course; add 'time: {periods: 12}', and a list, 'growth' or 'prev'"
    )


def test_a_kgi_that_time_does_not_reach_is_refused_with_the_mend() -> None:
    of = tree("y", {"y": "2 * x", "x": 1, "z": {"value": [1] * 12}}, time=MONTHS)
    with pytest.raises(
        NoTime, match="nothing that y is made of runs over time, so a push has no course; name a metric"
    ):
        impulse(of)
    assert impulse(of, of="z").of == ("z",)


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(BadSetting, match="at '2031': name one of the periods, 2027-01 to 2027-12"):
        impulse(effect(), at="2031")
    with pytest.raises(BadSetting, match="give a share that moves something"):
        impulse(effect(), push=0)
    with pytest.raises(BadSetting, match="of 'decay': it is one figure; name a metric that runs over time"):
        impulse(effect(), of="decay")
    with pytest.raises(
        BadSetting, match=r"of 'sales': it has 24 figures; name one series of them, such as sales\[web\]"
    ):
        impulse(margin(), of="sales")
    with pytest.raises(UnknownName, match="unknown metric 'adz'; did you mean 'ads'"):
        impulse(effect(), lever="adz")
    with pytest.raises(UnknownName, match="unknown lever"):
        impulse(effect())["decay"]
