"""What a model file says is kept; what is wrong with it is said all at once, word by word as here."""

from __future__ import annotations

import contextlib
import time
from hashlib import sha256
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.errors import InvalidModel, Place
from leverage.files.plain import Mapping, Scalar, from_python
from leverage.files.yaml import read
from leverage.tree.build import Limits, build
from leverage.tree.faults import MOST
from leverage.tree.keys import LEVELS
from leverage.tree.tree import Correlation, Tree
from tests.tree.wrong import WRONG

SHOP = """\
format: 1
name: Online shop
kgi: profit
goal: maximize
time: {periods: 12, unit: month, start: 2027-01}
dimensions: {channel: [organic, ads, social]}
metrics:
  profit:
    formula: revenue - cost
    label: Operating profit
    unit: USD/month
    target: 150k
    actual: 118k
    owner: CEO
    note: Why it exists and how it is counted.
  purchase_rate:
    value: 2.4%
    range: [1.9%, 3.1%]
    unit: order/visit
    lever: {min: 2%, max: 4%, cost: {budget: 50k per 0.1%}}
    owner: UX
    kind: leading
    role: ksf
    cadence: weekly
    horizon: quarter
    source: web analytics
    thresholds: {warn: 2.2%, alert: 2.0%}
    better: higher
  order_value:
    value: 68
    uncertainty: lognormal(mean=68, sd=9)
  revenue: visits * purchase_rate * order_value
  visits: 150k + ad_clicks + seo_clicks
  ad_clicks: 120k * hill(ad_spend, half=30k, shape=1.4)
  seo_clicks: 40k * saturate(seo_spend, scale=15k)
  cost: ad_spend + seo_spend + 50 * ux_hours + 60% * revenue
  ad_spend:
    value: 20k
    lever: {min: 5k, max: 60k, off: 0}
  seo_spend: {value: 10k, lever: {min: 0, max: 40k}}
  ux_hours: {value: 160, lever: {min: 0, max: 400, integer: true}}
correlations:
  - [purchase_rate, order_value, -0.3]
resources:
  budget: {limit: 100k, use: ad_spend + seo_spend + 50 * ux_hours, unit: USD}
  hours:  {limit: 400, use: ux_hours}
scenarios:
  price-war:
    note: A rival undercuts us.
    change: {order_value: -15%}
    add:    {purchase_rate: 0.2%}
    set:    {ad_spend: 30k}
    resources: {budget: 120k}
  bold:
    extends: price-war
    set: {ad_spend: 45k}
actuals: {file: actuals.csv, date: month, columns: {visits: sessions}}
log:
  - {date: 2027-01-15, by: CEO, what: split visits by channel, why: ads and search move apart}
"""


def built(text: str) -> Tree:
    return build(read(dedent(text), "m.yaml"), file="m.yaml")


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidModel) as refused:
        built(text)
    return [str(error) for error in refused.value.errors]


@pytest.fixture(scope="module")
def shop() -> Tree:
    return built(SHOP)


def test_the_formats_own_example_is_kept_in_every_part(shop: Tree) -> None:
    assert (shop.name, shop.kgi, shop.goal, shop.file) == ("Online shop", "profit", "maximize", "m.yaml")
    assert [axis.name for axis in shop.grid.axes] == ["channel", "time"]
    assert shop.grid["channel"].labels == ("organic", "ads", "social")
    assert (shop.grid["time"].labels[0], shop.grid["time"].labels[-1], shop.grid.periods) == ("2027-01", "2027-12", 12)
    assert shop.actuals == {"file": "actuals.csv", "date": "month", "columns": {"visits": "sessions"}}
    assert shop.log[0]["why"] == "ads and search move apart"
    assert shop.correlations == (Correlation("purchase_rate", "order_value", -0.3, Place("m.yaml", 43, 5)),)
    assert shop.levers == ("purchase_rate", "ad_spend", "seo_spend", "ux_hours")
    assert shop.drivers["cost"] == ("ad_spend", "seo_spend", "ux_hours", "revenue")
    assert len(shop.hash) == 64


def test_a_metric_keeps_all_that_is_said_of_it(shop: Tree) -> None:
    rate, profit = shop.metrics["purchase_rate"], shop.metrics["profit"]
    assert (rate.base, rate.percent, rate.leaf, rate.unit, rate.owner) == (0.024, True, True, "order/visit", "UX")
    assert (rate.kind, rate.role, rate.cadence, rate.horizon) == ("leading", "ksf", "weekly", "quarter")
    assert (rate.source, rate.better, rate.at) == ("web analytics", "higher", Place("m.yaml", 16, 3))
    assert rate.thresholds is not None
    assert (rate.thresholds.warn, rate.thresholds.alert) == (0.022, 0.02)
    assert rate.lever is not None
    assert (rate.lever.low, rate.lever.high, dict(rate.lever.cost)) == (0.02, 0.04, {"budget": 5e7})
    assert (profit.target, profit.actual, profit.label, profit.text) == (
        150e3,
        118e3,
        "Operating profit",
        "revenue - cost",
    )
    assert (profit.base, profit.leaf, profit.percent) == (None, False, False)


def test_a_lever_keeps_its_off_level_and_whole_steps(shop: Tree) -> None:
    ads, hours = shop.metrics["ad_spend"].lever, shop.metrics["ux_hours"].lever
    assert ads is not None
    assert hours is not None
    assert (ads.low, ads.high, ads.off, ads.whole) == (5e3, 60e3, 0.0, False)
    assert (hours.integer, hours.whole) == (True, True)


def test_a_range_says_p10_and_p90_and_the_value_p50(shop: Tree) -> None:
    found = shop.metrics["purchase_rate"].quantile([0.1, 0.5, 0.9])
    assert found == pytest.approx([0.019, 0.024, 0.031], rel=1e-12)
    assert shop.metrics["purchase_rate"].uncertainty.support == (0.0, 1.0)  # type: ignore[union-attr]


def test_a_spread_is_relative_to_the_value_whatever_its_sign() -> None:
    tree = built("{kgi: a, metrics: {a: {value: 200, spread: [-20%, 25%]}, b: {value: -200, spread: [-20%, 25%]}}}")
    assert tree.metrics["a"].quantile([0.1, 0.9]) == pytest.approx([160, 250], rel=1e-12)
    assert tree.metrics["b"].quantile([0.1, 0.9]) == pytest.approx([-250, -160], rel=1e-12)


def test_an_uncertain_leaf_without_a_value_stands_at_its_median() -> None:
    tree = built("{kgi: a, metrics: {a: {uncertainty: 'uniform(2%, 4%)'}}}")
    assert (tree.metrics["a"].base, tree.metrics["a"].percent) == (0.03, True)


def test_a_scenario_keeps_its_moves_and_inherits_the_rest(shop: Tree) -> None:
    told = shop.told("bold")
    moves = {id: (move.kind, move.amount) for id, move in told.moves.items()}
    assert moves == {"ad_spend": ("set", 45e3), "order_value": ("change", -0.15), "purchase_rate": ("add", 0.002)}
    assert dict(told.limits) == {"budget": 120e3}
    assert shop.scenarios["price-war"].note == "A rival undercuts us."


def test_a_set_may_end_the_doubt() -> None:
    tree = built(
        "{kgi: a, metrics: {a: {value: 3, range: [1, 5]}}, scenarios: {s: {set: {a: {value: 4, certain: true}}}}}"
    )
    move = tree.scenarios["s"].moves["a"]
    assert (move.amount, move.certain) == (4.0, True)


def test_drivers_stand_before_what_they_feed(shop: Tree) -> None:
    place = {id: rank for rank, id in enumerate(shop.order)}
    assert sorted(place) == sorted(shop.metrics)
    assert all(place[driver] < place[id] for id, drivers in shop.drivers.items() for driver in drivers)


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("2.4%", True),
        ("{value: 0.024, target: 3%}", True),
        ("{value: 0.024, actual: 2%}", True),
        ("{value: 0.024, unit: '%'}", True),
        ("{value: 0.024, lever: {max: 3%}}", True),
        ("{value: 0.024, lever: {choices: [1%, 3%]}}", True),
        ("{value: 0.024, thresholds: {warn: 3%}}", True),
        ("{value: 0.024, range: [1%, 0.03]}", True),
        ("{value: 24, spread: [-20%, 20%]}", False),
        ("{value: 24, lever: {cost: {b: 50k per 0.1%}}}", False),
    ],
)
def test_a_metric_with_a_percent_in_its_figures_is_one_of_per_cent(text: str, percent: bool) -> None:
    assert built(f"{{kgi: a, metrics: {{a: {text}}}}}").metrics["a"].percent is percent


@pytest.mark.parametrize("key", ["shared: true", "draws: per_period", "repeat: last"])
def test_keys_whose_verbs_come_later_are_kept(key: str) -> None:
    name, value = key.split(": ")
    assert built(f"{{kgi: a, metrics: {{a: {{value: 3, {key}}}}}}}").metrics["a"].kept == {name: value}


def test_keys_of_levers_and_resources_over_time_are_kept() -> None:
    tree = built(
        "kgi: a\ntime: {periods: 2}\nmetrics: {a: sum(b), b: {value: 3, lever: {over_time: each}}}\n"
        "resources: {r: {limit: 3, use: b, per: period, spend: all}}"
    )
    assert tree.metrics["b"].lever.over_time == "each"  # type: ignore[union-attr]
    assert (tree.resources["r"].per, tree.resources["r"].spend_all) == ("period", True)


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_input_is_answered_with_its_place_and_the_mend(wrong: tuple[str, ...]) -> None:
    text, *said = wrong
    assert faults(text) == said


@pytest.mark.parametrize(
    "formula",
    [
        *("lag(b, 1, 0)", "cumsum(b)", "adstock(b, 0.5)", "npv(0.1, b)", "period", "sum(b)", "mean(b)", "first(b)"),
        *("last(b)", "pick(b, ads)", "min(b, over=channel)", "max(b, over=[time])", "1 + 2 * sum(b, over=time)"),
    ],
)
def test_a_word_over_axes_is_refused_once_where_the_model_has_none(formula: str) -> None:
    (said,) = faults(f"kgi: a\nmetrics:\n  a: {formula}\n  b: 2")
    assert "needs time; add 'time: {periods: 12, unit: month}'" in said or "and the model has none; add" in said


def test_min_and_max_of_one_number_are_formulas_of_single_figures() -> None:
    assert built("{kgi: a, metrics: {a: min(b) + max(b), b: 2}}").drivers["a"] == ("b",)


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_refuses_a_key_that_is_not_its_own(level: str) -> None:
    text = {
        "model": "{kgi: a, metrics: {a: 1}, KEY: 1}",
        "time": "{kgi: a, metrics: {a: 1}, time: {KEY: 1}}",
        "actuals": "{kgi: a, metrics: {a: 1}, actuals: {KEY: 1}}",
        "log": "{kgi: a, metrics: {a: 1}, log: [{KEY: 1}]}",
        "metric": "{kgi: a, metrics: {a: {value: 1, KEY: 1}}}",
        "lever": "{kgi: a, metrics: {a: {value: 1, lever: {KEY: 1}}}}",
        "thresholds": "{kgi: a, metrics: {a: {value: 1, thresholds: {KEY: 1}}}}",
        "resource": "{kgi: a, metrics: {a: 1}, resources: {r: {limit: 1, KEY: 1}}}",
        "scenario": "{kgi: a, metrics: {a: 1}, scenarios: {s: {KEY: 1}}}",
        "set": "{kgi: a, metrics: {a: 1}, scenarios: {s: {set: {a: {value: 1, KEY: 1}}}}}",
    }[level]
    (said,) = faults(text.replace("KEY", "zzz"))
    assert "unknown key 'zzz'" in said


def test_a_model_from_python_says_the_same_without_a_file() -> None:
    with pytest.raises(InvalidModel) as refused:
        build(from_python({"kgi": "a", "metrics": {"a": {"value": 1, "taget": 2}}}))
    assert str(refused.value) == "metric 'a': unknown key 'taget'; did you mean 'target'?"


@given(st.permutations(["revenue: visits * rate * price", "visits: 120k", "rate: {value: 2%, unit: '%'}", "price: 68"]))
@settings(deadline=None, max_examples=24)
def test_the_order_of_metrics_changes_neither_hash_nor_what_is_said(lines: list[str]) -> None:
    tree = built("kgi: revenue\nmetrics:\n" + "".join(f"  {line}\n" for line in lines))
    canonical = (
        '{"kgi":"revenue","metrics":{"price":"68","rate":{"unit":"%","value":"2%"},'
        '"revenue":"visits * rate * price","visits":"120k"}}'
    )
    assert tree.hash == sha256(canonical.encode()).hexdigest()
    assert list(tree.metrics) == [line.partition(":")[0] for line in lines]
    assert tree.drivers["revenue"] == ("visits", "rate", "price")
    assert tree.order[-1] == "revenue"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("# a remark\nkgi: a\nmetrics:\n    b: 2   # two\n    a: {target: 3, formula: b + 1}\n", True),
        ("metrics: {a: {formula: b + 1, target: 3}, b: 2}\nkgi: a\n", True),
        ('{"kgi": "a", "metrics": {"a": {"formula": "b + 1", "target": "3"}, "b": "2"}}', True),
        ("kgi: a\nmetrics: {a: {formula: b + 1, target: 4}, b: 2}\n", False),
        ("kgi: a\nmetrics: {a: {formula: 1 + b, target: 3}, b: 2}\n", False),
    ],
)
def test_the_hash_sees_what_is_said_and_not_how_it_is_laid_out(other: str, same: bool) -> None:
    tree = built("kgi: a\nmetrics: {a: {formula: b + 1, target: 3}, b: 2}\n")
    assert (built(other).hash == tree.hash) is same


def test_the_order_of_a_list_changes_the_hash() -> None:
    one, other = (f"{{kgi: a, metrics: {{a: 1}}, log: [{{by: {x}}}, {{by: {y}}}]}}" for x, y in ("pq", "qp"))
    assert built(one).hash != built(other).hash


def test_a_model_past_a_limit_is_refused_in_one_sentence() -> None:
    data = read("kgi: a\nmetrics: {a: b + c, b: 1, c: 2}", "m.yaml")
    with pytest.raises(InvalidModel) as many:
        build(data, limits=Limits(metrics=2))
    assert str(many.value) == "m.yaml:2:10: the model has more than 2 metrics; split it, or raise the limit"
    with pytest.raises(InvalidModel) as large:
        build(data, limits=Limits(nodes=2))
    assert (
        str(large.value) == "m.yaml:2:14: the model has more than 2 nodes in its formulas; split it, or raise the limit"
    )


def wide(n: int, formula: str) -> Mapping:
    """A tree of n metrics, each after the first with the formula, in which ``#`` is the metric before."""
    texts = {f"m{i}": formula.replace("#", f"m{i - 1}") if i else "1" for i in range(n)}
    metrics = Mapping({id: Scalar(text) for id, text in texts.items()}, {id: Scalar(id) for id in texts})
    return Mapping(
        {"kgi": Scalar(f"m{n - 1}"), "metrics": metrics}, {"kgi": Scalar("kgi"), "metrics": Scalar("metrics")}
    )


def seconds(n: int, formula: str) -> float:
    data = wide(n, formula)
    start = time.process_time()
    with contextlib.suppress(InvalidModel):
        build(data)
    return time.process_time() - start


def test_time_grows_with_the_metrics_and_not_with_their_square() -> None:
    few, many = (min(seconds(n, "# + 1") for _ in range(3)) for n in (500, 4_000))
    # eight times the metrics cost eight times the time; a square would cost 64 times, so the bound lies between
    assert many < 24 * few


def test_a_file_of_nothing_but_faults_is_answered_while_one_without_them_is_read_a_few_times() -> None:
    sound, faulty = (seconds(5_000, formula) for formula in ("# + 1", "#x + 1"))
    # a suggestion a fault would cost 5,000 looks through 5,000 names, about 1,000 times the reading; measured are 5
    assert faulty < 40 * sound
    with pytest.raises(InvalidModel) as refused:
        build(wide(5_000, "#x + 1"))
    assert len(refused.value.errors) == MOST
    assert str(refused.value).endswith("... and 900 more at least")


def test_a_cycle_through_a_long_chain_is_found_and_written_short() -> None:
    data = wide(5_000, "# + 1")
    data.entries["metrics"].entries["m0"] = Scalar("m4999")  # type: ignore[union-attr]
    with pytest.raises(InvalidModel) as refused:
        build(data)
    (error,) = refused.value.errors
    assert error.message == (
        "cycle m0 -> m4999 -> m4998 -> m4997 -> m4996 -> m4995 -> (4,989 more) -> m5 -> m4 -> m3 -> m2 -> m1 -> m0; "
        "a metric may depend on itself only through prev(x, initial)"
    )
