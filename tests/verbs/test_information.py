"""What is worth finding out first? Closed forms through models, the faces, and what always holds."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate
from scipy.special import ndtr

from leverage.errors import UnknownName
from leverage.model import load
from leverage.panels import Bars, Table
from leverage.tree.scenario import Move
from leverage.tree.tree import Tree
from leverage.verbs.draws.chance import KEPT, BadSetting
from leverage.verbs.information import Information, information
from leverage.verbs.simulate import simulate
from tests.trees import random_tree, tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.models import shipped_but
from tests.verbs.over_time import KEYS

FEW: dict[str, Any] = {"samples": 2_048}
SOME: dict[str, Any] = {"samples": 8_192}


def normal_loss(mean: float, sd: float) -> float:
    """E max(0, N(mean, sd)) - max(0, mean): the unit normal loss integral (Raiffa and Schlaifer 1961)."""
    away = abs(mean) / sd
    return sd * (math.exp(-away * away / 2) / math.sqrt(2 * math.pi) - away * float(ndtr(-away)))


LAUNCH: dict[str, Any] = {
    "profit": {"formula": "go * (demand + 2 * price - cost) - rent", "unit": "USD"},
    "go": {"value": 0, "lever": {"min": 0, "max": 1, "integer": True}, "owner": "CEO"},
    "demand": {"uncertainty": "normal(10, 3)", "owner": "Sales", "label": "Demand"},
    "price": {"uncertainty": "normal(4, 1)", "owner": "Sales"},
    "cost": {"uncertainty": "normal(20, 2)", "owner": "Plant"},
    "rent": {"uncertainty": "normal(5, 9)", "owner": "Plant"},
}


def launch(**keys: Any) -> Tree:
    """Launch or not: a profit that is linear in normal leaves, 2 in the mean below nothing."""
    return tree("profit", LAUNCH, scenarios={"launch": {"set": {"go": 1}}}, **keys)


LEAVES = {"demand": 3.0, "price": 2.0, "cost": 2.0}  # what each adds to the standard deviation of the difference
TOTAL = math.sqrt(17)


def faces(found: Information, *derived: float) -> dict[str, Any]:
    """All faces give the same figures; shares stand in tables as people read them, to a tenth of a percent."""
    entries = found.to_dict()["drivers"]
    shares = [round(entry[key], 3) for entry in entries for key in ("share", "changes") if entry[key] is not None]
    return agrees(found, derived=[*shares, *derived])


def near(found: dict[str, Any], exact: float, *, key: str = "evppi", error: str = "error") -> bool:
    """Within four of its standard errors."""
    return bool(abs(found[key] - exact) <= 4 * found[error])


# --- closed forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
def test_a_launch_that_is_linear_in_normal_leaves_has_its_closed_forms(points: str) -> None:
    told = faces(information(launch(), points=points, **SOME))
    each = {entry["metric"]: entry for entry in told["drivers"]}
    assert told["best"] == "base"
    assert near(told, normal_loss(-2, TOTAL), key="evpi", error="evpi_error")
    for id, sd in LEAVES.items():
        assert near(each[id], normal_loss(-2, sd)), id
        assert each[id]["share"] == each[id]["evppi"] / told["evpi"]
    assert told["drivers"][0]["metric"] == "demand"


def test_a_leaf_that_both_options_only_add_is_worth_exactly_nothing() -> None:
    rent = information(launch(), **FEW)["rent"].worth
    assert (rent.value, rent.error, rent.changes, rent.held) == (0.0, 0.0, 0.0, False)


def test_a_group_that_holds_all_that_counts_is_worth_what_everything_is() -> None:
    found = information(launch(), by="owner", **SOME)
    each = {driver.player.id: driver.worth for driver in found.worths.drivers}  # type: ignore[union-attr]
    assert abs(each["Sales"].value - normal_loss(-2, math.sqrt(13))) <= 4 * each["Sales"].error
    alone = information(tree("k", {"k": "a * x", "a": 1, "x": {"uncertainty": "normal(0, 1)"}},
                             scenarios={"not": {"set": {"a": 0}}}), **FEW)  # fmt: skip
    assert alone["x"].worth == alone.worths.evpi  # type: ignore[union-attr]


def test_a_correlated_leaf_tells_of_the_other() -> None:
    """Demand counts; a survey does not, but for its correlation: rank 0.8 is 2 sin(0.8 pi / 6) = 0.8135 of scores."""
    metrics = {
        "k": "go * (demand - 1)",
        "go": 0,
        "demand": {"uncertainty": "normal(0, 2)"},
        "survey": {"uncertainty": "lognormal(mu=1, sigma=0.4)"},
        "other": {"uncertainty": "normal(0, 1)"},
    }
    model = tree("k", metrics, correlations=[["demand", "survey", 0.8]], scenarios={"launch": {"set": {"go": 1}}})
    found = information(model, **SOME)
    score = 2 * math.sin(0.8 * math.pi / 6)
    assert near(vars_of(found, "survey"), normal_loss(-1, 2 * score))
    assert near(vars_of(found, "demand"), normal_loss(-1, 2))
    assert found["other"].worth.value == 0


def vars_of(found: Information, id: str) -> dict[str, Any]:
    return {"evppi": found[id].worth.value, "error": found[id].worth.error}


def test_less_is_better_where_the_goal_says_so() -> None:
    """The same game with the sign of every figure turned: means are costs, worths the same gains."""
    metrics = {
        "cost": "go * (spend - 3)",
        "go": 0,
        "spend": {"uncertainty": "normal(4, 2)"},
    }
    found = information(tree("cost", metrics, goal="minimize", scenarios={"buy": {"set": {"go": 1}}}), **SOME).to_dict()
    assert found["best"] == "base"
    assert near(found, normal_loss(-1, 2), key="evpi", error="evpi_error")
    buy = next(option for option in found["options"] if option["option"] == "buy")
    assert abs(buy["mean"] - 1) <= 4 * buy["error"]
    assert buy["probability_best"] == pytest.approx(float(ndtr(-0.5)), abs=0.01)


def test_a_curved_difference_agrees_with_quadrature() -> None:
    """x with P10 1 and P90 4, uniform: 0.25 x^2 against x: the curve is above from 4 on."""
    metrics = {
        "k": "x**2 / 4 if pick_curve > 0 else x - y",
        "pick_curve": 0,
        "x": {"uncertainty": "uniform(1, 6)"},
        "y": {"uncertainty": "uniform(-1, 1)"},
    }
    found = information(tree("k", metrics, scenarios={"curve": {"set": {"pick_curve": 1}}}), **SOME)
    curve, _ = integrate.quad(lambda x: max(x * x / 4, x) / 5, 1, 6, points=[4])
    straight, bent = 3.5, (6**3 - 1) / 60
    assert near(vars_of(found, "x"), curve - max(straight, bent))


def test_ignoring_uncertainty_has_its_price() -> None:
    """The median of a lognormal with s = 1 is 1, its mean e^(1/2): with chance off the sure 1.2 is chosen."""
    metrics = {"k": "1.2 if sure > 0 else x", "sure": 1, "x": {"uncertainty": "lognormal(mu=0, sigma=1)"}}
    told = information(tree("k", metrics, scenarios={"risk": {"set": {"sure": 0}}}), samples=65_536).to_dict()
    assert (told["best"], told["ignoring"]) == ("risk", "base")
    assert near(told, math.exp(0.5) - 1.2, key="eviu", error="eviu_error")


def test_who_ignores_uncertainty_takes_no_option_without_a_figure_and_of_equal_ones_the_best() -> None:
    metrics = {
        "k": "(log(x) if a > 0.5 else 0) + b * y + c * (y**2 - 1)",
        **dict.fromkeys("ac", 0),
        **{"b": 1, "x": {"uncertainty": "normal(1, 1)"}, "y": {"uncertainty": "normal(1, 2)"}},
    }
    scenarios = {name: {"set": move} for name, move in {"low": {"x": -0.2}, "log": {"a": 1}, "bend": {"c": 1}}.items()}
    found = information(tree("k", metrics, scenarios=scenarios).with_(scenario="low"), **FEW).to_dict()
    assert {each["option"]: each["value"] for each in found["options"]} == {"base": 1, "log": None, "bend": 1}
    assert (found["best"], found["ignoring"], found["eviu"]) == ("bend", "bend", 0)


def test_regression_on_one_sample_agrees_with_nested_loops() -> None:
    """Of the shop, how many visits ads could bring: 25 levels from end to end, and 2,048 draws of all else at each.

    Between the levels the difference of two options is read off straight lines. The inner means and what lies beyond
    the outermost levels, P0.01 and P99.99, are good to 1 % of the worth.
    """
    shop = load("shop").tree
    known = shop.metrics["ad_reach"].uncertainty
    assert known is not None
    low, high = known.quantile(np.array([1e-4, 1 - 1e-4])).tolist()
    levels = np.linspace(low, high, 25)
    means = [[_mean(shop.with_(scenario=name), float(x)) for x in levels] for name in ("checkout-first", "double-ads")]
    draws = known.quantile((np.arange(2**18) + 0.5) / 2**18)
    beyond = np.interp(draws, levels, np.subtract(means[1], means[0]))
    exact = np.maximum(beyond, 0).mean() - max(beyond.mean(), 0)
    found = information(shop, options=["base", "checkout-first", "double-ads"], samples=16_384)["ad_reach"].worth
    assert abs(found.value - exact) <= 4 * found.error + 0.01 * exact


def _mean(tree: Tree, level: float) -> float:
    """The mean profit where the leaf is known to be drawn at a level, which a scenario may move."""
    stand = tree.levels["ad_reach"]
    known = Move("ad_reach", "set", stand.value + stand.factor * (level - stand.base), certain=True)
    told = simulate(replace(tree, moves=(*tree.moves, known)), **FEW).to_dict()
    return float(told["mean"])


# --- options -------------------------------------------------------------------------------------------------------


def story() -> Tree:
    metrics = {
        "profit": "units * (price - cost)",
        "units": {"value": 100, "range": [70, 130]},
        "price": {"value": 10, "lever": {"min": 8, "max": 12}},
        "cost": {"value": 6, "range": [4, 8]},
    }
    scenarios = {
        "crisis": {"change": {"units": "-30%"}},
        "cut": {"extends": "crisis", "set": {"price": 9}},
        "dear": {"set": {"price": 11, "units": 80}},
        "sure": {"set": {"cost": 6}},
    }
    return tree("profit", metrics, scenarios=scenarios)


def names(found: Information) -> list[str]:
    return [choice.name for choice in found.choices]


def test_the_options_are_the_base_and_all_scenarios_or_those_that_are_named() -> None:
    assert names(information(story(), **FEW)) == ["base", "crisis", "cut", "dear", "sure"]
    assert names(information(story(), options=["dear", "base", "dear"], **FEW)) == ["dear", "base"]
    with pytest.raises(UnknownName, match=r"unknown option 'deer'; did you mean 'dear'\?"):
        information(story(), options=["deer"])


def test_a_scenario_that_stands_already_is_no_option_and_neither_is_what_extends_it() -> None:
    found = information(story().with_(scenario="crisis"), **FEW)
    assert names(found) == ["base", "dear", "sure"]
    assert found.run.scenario == ("crisis",)


def test_every_options_mean_is_that_of_simulate_on_the_same_draws() -> None:
    model = story()
    for option in information(model, **FEW).to_dict()["options"]:
        alone = simulate(model.with_(scenario=option["option"]), **FEW).to_dict()
        assert option["mean"] == pytest.approx(alone["mean"], rel=1e-12)
        assert option["error"] == pytest.approx(alone["standard_error"], rel=1e-9)


def test_one_option_alone_leaves_nothing_to_decide() -> None:
    found = information(story(), options=["dear"])
    assert not found.answered
    told = faces(found)
    assert (told["evpi"], told["best"], told["drivers"]) == (None, None, [])
    assert "nothing to decide: dear is the only option; name another of the --options beside dear" in told["notes"][0]
    assert found.proposal == {}
    bare = information(tree("k", {"k": "a", "a": 1}))
    assert bare.notes() == ("nothing to decide: base is the only option; add scenarios to the file",)


def test_options_that_move_no_lever_are_pointed_out() -> None:
    notes = information(story(), **FEW).notes()
    assert any(note.startswith("crisis and sure move no lever: if they are not yours to choose") for note in notes)
    assert not any("no lever" in note for note in information(story(), options=["base", "dear"], **FEW).notes())


def test_options_of_equal_means_are_said_to_be() -> None:
    metrics = {"k": "(1 - a) * x + a * y", "a": 0, **{id: {"uncertainty": "normal(0, 1)"} for id in "xy"}}
    found = information(tree("k", metrics, scenarios={"other": {"set": {"a": 1}}}), points="random", **FEW)
    assert any("cannot be told apart by so few samples" in note for note in found.notes())
    assert any("cannot be ranked by so few samples" in note for note in found.notes())


def test_an_option_that_ends_a_doubt_is_worth_less_to_ask_about() -> None:
    """A sure supply at 7 against one of 6 that strays: knowing the cost is worth what quadrature says."""
    metrics = {"profit": "10 - cost", "cost": {"uncertainty": "normal(6, 2)"}}
    model = tree("profit", metrics, scenarios={"contract": {"set": {"cost": {"value": 7, "certain": True}}}})
    found = information(model, **SOME)
    assert near(vars_of(found, "cost"), normal_loss(1, 2))


def test_nothing_uncertain_is_nothing_to_find_out() -> None:
    metrics = {"k": "a * 2", "a": {"value": 1, "lever": {"min": 0, "max": 2}}}
    found = information(tree("k", metrics, scenarios={"more": {"set": {"a": 2}}}), samples=64)
    assert found.to_dict()["evpi"] == 0
    assert text(found).startswith(
        "Nothing is worth finding out before choosing: more is the best option in every draw."
    )
    assert "nothing in this tree is uncertain: give leaves a 'range' and ask again" in found.notes()


def test_an_option_that_another_equals_is_not_said_to_be_the_best_in_every_draw() -> None:
    metrics = {"k": "a + b", "a": {"value": 1, "range": [0, 2]}, "b": {"value": 1, "lever": {"min": 0, "max": 2}}}
    found = information(tree("k", metrics, scenarios={"same": {"set": {"b": 1}}, "less": {"set": {"b": 0}}}), **FEW)
    assert [each["probability_best"] for each in found.to_dict()["options"]] == [0.5, 0.5, 0]
    assert text(found).startswith(
        "Nothing is worth finding out before choosing: no option is better than base in any draw."
    )


def test_samples_that_are_not_finite_are_left_out_and_said() -> None:
    metrics = {"k": "a * log(x)", "a": 0, "x": {"uncertainty": "normal(1, 0.6)"}}
    found = information(tree("k", metrics, scenarios={"one": {"set": {"a": 1}}}), **FEW)
    assert any(note.endswith("of 2,048 samples: they are left out") for note in found.notes())
    json.dumps(found.to_dict(), allow_nan=False)
    lost = information(tree("k", {**metrics, "x": {"uncertainty": "normal(-9, 0.6)", "value": 1}},
                            scenarios={"one": {"set": {"a": 1}}}), **FEW)  # fmt: skip
    assert not lost.answered
    left, why = faces(lost)["notes"]
    assert left == "k is not finite for some option in 2,048 of 2,048 samples: they are left out"
    assert why == "nothing can be judged by so few samples"


def test_a_mean_that_does_not_exist_is_said_and_not_printed() -> None:
    metrics = {"k": "a + b / x", "a": 0, "b": 1, "x": {"uncertainty": "normal(1, 1)"}}
    found = information(tree("k", metrics, scenarios={"more": {"set": {"a": 1}}, "sure": {"set": {"b": 0}}}))
    assert not found.answered
    (note,) = faces(found)["notes"]
    assert note.startswith("the mean of k does not exist under base and more: draws go ever farther out")


@pytest.mark.parametrize(
    ("settings_", "told"),
    [
        ({"samples": 63}, "samples 63: give at least 64"),
        ({"samples": KEPT}, f"samples {KEPT}: give at most {KEPT // 2:,}: those of 2 options are kept"),
        ({"decide": "nothing"}, "decide 'nothing': give scenarios or levers"),
        ({"plans": -1}, "plans -1: give a whole number from 0"),
        ({"decide": "levers", "options": "launch"}, "options 'launch': of levers the options are plans; name none"),
        (
            {"decide": "levers", "options": ("base", "launch")},
            "options 'base, launch': of levers the options are plans; name none",
        ),
    ],
)
def test_settings_that_nothing_can_be_judged_with_are_refused(settings_: dict[str, Any], told: str) -> None:
    with pytest.raises(BadSetting) as refused:
        information(launch(), **settings_)
    assert str(refused.value) == told


# --- plans ---------------------------------------------------------------------------------------------------------


def budget(**keys: Any) -> Tree:
    """Two channels share a budget; how well each responds is in doubt."""
    metrics = {
        "sales": "strong * sqrt(ads) + weak * sqrt(mail) + fixed",
        "ads": {"value": 50, "lever": {"min": 0, "max": 100}, "owner": "Marketing"},
        "mail": {"value": 50, "lever": {"min": 0, "max": 100}, "owner": "CRM"},
        "strong": {"uncertainty": "normal(4, 1.5)"},
        "weak": {"uncertainty": "normal(3, 0.2)"},
        "fixed": {"uncertainty": "normal(100, 20)"},
    }
    return tree("sales", metrics, resources={"money": {"limit": 100, "use": "ads + mail"}}, **keys)


def test_plans_compete_within_the_limits_and_the_leaf_that_splits_the_budget_comes_first() -> None:
    """With the split made for what turns out, sqrt(100 (s^2 + w^2)) is sold: the most that knowing could bring."""
    found = information(budget(), decide="levers", **SOME)
    told = faces(found, *(level for each in found.choices for level in each.levels.values()))
    assert names(found)[:2] == ["today", "plan"]
    assert len(found.choices) > 8
    for choice in found.choices:
        assert choice.levels["ads"] + choice.levels["mail"] <= 100 * (1 + 1e-12)
    assert told["drivers"][0]["metric"] == "strong"
    assert found["fixed"].worth.value == 0
    rng = np.random.default_rng(0)
    strong, weak = np.maximum(rng.normal(4, 1.5, 200_000), 0), np.maximum(rng.normal(3, 0.2, 200_000), 0)
    most = float(np.mean(10 * np.sqrt(strong**2 + weak**2))) - 10 * math.hypot(4, 3)
    assert 0.7 * most < told["evpi"] < 1.02 * most
    assert set(found.proposal) <= {"ads", "mail"}


def test_the_worth_of_a_plan_is_that_of_the_same_plans_as_scenarios() -> None:
    found = information(budget(), decide="levers", plans=2, **FEW).to_dict()
    scenarios = {f"s{place}": {"set": option["levels"]} for place, option in enumerate(found["options"])}
    options = list(scenarios)
    again = information(budget(scenarios=scenarios), options=options, **FEW).to_dict()
    assert again["evpi"] == pytest.approx(found["evpi"], rel=1e-9)
    assert [entry["evppi"] for entry in again["drivers"]] == pytest.approx(
        [entry["evppi"] for entry in found["drivers"]], rel=1e-6
    )


def test_without_a_lever_or_a_plan_within_the_limits_there_is_nothing_to_decide() -> None:
    none = information(tree("k", {"k": "a", "a": {"value": 1, "range": [0, 2]}}), decide="levers")
    assert not none.answered
    assert none.notes() == (
        "nothing to decide: mark the leaves that somebody can set with 'lever: {min: ..., max: ...}'",
    )
    short = tree(
        "k", {"k": "a", "a": {"value": 9, "lever": {"min": 5, "max": 9}}}, resources={"r": {"limit": 1, "use": "a"}}
    )
    broke = information(short, decide="levers")
    assert not broke.answered
    assert "no plan keeps within all limits; the nearest misses r by 4" in faces(broke)["notes"][0]
    sure = tree("k", {"k": "a", "a": {"value": 9, "lever": {"min": 5, "max": 9}}})
    assert information(sure, decide="levers").notes() == (
        "nothing to decide: today is the only plan that was found, whatever turns out",
    )


def test_a_lever_in_doubt_is_planned_beside_where_it_is_set() -> None:
    """Its draws move along with it, and what it costs is what it is set to: all plans keep the limit."""
    metrics = {
        "k": "10 * x - x**2 * y",
        "x": {"value": 2, "range": [1, 3], "lever": {"min": 0, "max": 6, "cost": {"money": "1 per 1"}}},
        "y": {"value": 1, "range": [0.5, 1.6]},
    }
    found = information(tree("k", metrics, resources={"money": {"limit": 3}}), decide="levers", plans=6, **FEW)
    assert all(abs(choice.levels["x"] - 2) <= 3 * (1 + 1e-12) for choice in found.choices)
    assert found.worths is not None
    assert found.worths.evpi.value > 0


# --- what always holds ---------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(random_tree(most=6), st.integers(0, 99))
def test_evpi_is_at_least_evppi_and_that_at_least_0_on_random_trees(some: Tree, seed: int) -> None:
    leaves = some.leaves
    metrics: dict[str, Any] = {id: metric.text for id, metric in some.metrics.items()}
    for place, id in enumerate(leaves):
        metrics[id] = {"value": some.levels[id].value, "uncertainty": f"normal({some.levels[id].value}, {0.3 + place})"}
    scenarios = {f"s{k}": {"add": {leaves[k % len(leaves)]: 0.5 + k}} for k in range(3)}
    found = information(tree(some.kgi, metrics, scenarios=scenarios), samples=256, seed=seed)
    if not found.answered:
        return
    told = found.to_dict()
    assert all(0 <= entry["evppi"] <= told["evpi"] * (1 + 1e-12) for entry in told["drivers"])
    assert told["eviu"] >= 0
    assert sum(option["probability_best"] for option in told["options"]) == pytest.approx(1)
    assert [entry["evppi"] for entry in told["drivers"]] == sorted((e["evppi"] for e in told["drivers"]), reverse=True)


def test_blocks_threads_and_the_order_of_the_file_change_no_bit() -> None:
    many: dict[str, Any] = {"samples": 70_000, "points": "random"}  # two chunks
    shop = load("shop").tree
    told = information(shop, **many).to_json()
    assert information(shop, block=1_000, threads=3, **many).to_json() == told
    keys: dict[str, Any] = {
        "correlations": [["demand", "cost", 0.3]],
        "scenarios": {"launch": {"set": {"go": 1}}, "half": {"set": {"go": 0.5}, "add": {"cost": 1}}},
    }
    first, again = (
        information(tree("profit", dict(order(LAUNCH.items())), **keys), **FEW).to_dict() for order in (list, _backward)
    )
    assert first["drivers"] == again["drivers"]
    assert first["options"] == again["options"]


def _backward(items: Any) -> Any:
    return reversed(list(items))


def test_a_checkpoint_is_gone_when_the_answer_stands(tmp_path: Any) -> None:
    told = information(launch(), **FEW).to_dict()
    assert information(launch(), checkpoint=tmp_path / "part", **FEW).to_dict() == told
    assert list(tmp_path.iterdir()) == []


# --- over time and dimensions --------------------------------------------------------------------------------------


def year() -> Tree:
    scenarios = {
        "dearer": {"set": {"price": 66}, "change": {"visits": "-12%"}},
        "cheaper": {"set": {"price": 57}, "change": {"visits[ads]": "40%"}},
    }
    return tree(**{**KEYS, "scenarios": scenarios})


@pytest.mark.parametrize("by", ["leaf", "cell", "channel", "branch", "owner"])
def test_a_model_over_axes_is_judged_by_leaf_label_or_owner(by: str) -> None:
    found = information(year(), by=by, **FEW)
    told = faces(found)
    assert told["by"] == by
    assert all(0 <= entry["evppi"] <= told["evpi"] for entry in told["drivers"])
    if by == "leaf":
        assert {entry["metric"] for entry in told["drivers"]} <= set(KEYS["metrics"])
    if by == "channel":
        assert {"ads", "social", "organic"} <= {entry["metric"] for entry in told["drivers"]}


def test_a_leaf_over_axes_is_worth_at_least_each_of_its_labels() -> None:
    whole = information(year(), **SOME)["visits"].worth
    cells = information(year(), by="cell", **SOME)
    for label in ("organic", "ads", "social"):
        part = cells[f"visits[{label}]"].worth
        assert whole.value >= part.value - 4 * math.hypot(whole.error, part.error)


def test_plans_over_periods_are_nested_as_the_file_is() -> None:
    keys = {**KEYS, "metrics": {**KEYS["metrics"]}}
    found = information(tree(**keys), decide="levers", plans=1, **FEW)
    if found.answered:
        faces(found)
        assert all(set(option["levels"]) <= set(KEYS["metrics"]) for option in found.to_dict()["options"])


@pytest.mark.parametrize("name", shipped_but())
def test_every_face_of_a_shipped_model_gives_the_same_figures(name: str) -> None:
    faces(information(load(name).tree, samples=1_024))


# --- what people read ----------------------------------------------------------------------------------------------


def test_the_sentence_says_what_to_find_out_and_what_that_is_worth() -> None:
    found = information(launch(), **SOME)
    worth, every = found["demand"].worth, found.worths.evpi  # type: ignore[union-attr]
    assert " ".join(text(found).split("\n\n")[0].split()) == (
        f"Find out Demand first: knowing it before choosing is worth up to {worth.value:.4g} USD, "
        f"{100 * worth.value / every.value:.2g}% of what knowing everything is ({every.value:.4g} USD); "
        f"the best option now is base, the best one in {100 * found.worths.stakes.shares[0]:.1f}% of the draws."  # type: ignore[union-attr]
    )
    assert line(found, "everything").startswith(f"everything {every.value:.4g}"[:14])
    assert "Knowing rent alone would change no choice." in text(found)
    assert text(found).rstrip().splitlines()[-3].strip() == "Next: leverage information MODEL --decide levers"


def test_a_group_is_spoken_of_as_what_somebody_owns() -> None:
    assert text(information(launch(), by="owner", **FEW)).startswith("Find out what Sales owns first:")


def test_no_single_leaf_may_be_worth_it() -> None:
    """x or -x by the sign of x y: each alone tells nothing."""
    metrics = {"k": "a * x * y - 0.1 * a", "a": 0, **{id: {"uncertainty": "normal(0, 1)"} for id in "xy"}}
    found = information(tree("k", metrics, scenarios={"do": {"set": {"a": 1}}}), **FEW)
    assert text(found).startswith("No single leaf is worth finding out first: the best option now is ")


def test_bars_have_intervals_that_begin_at_0_at_the_least() -> None:
    bars = next(panel for panel in information(launch(), **FEW).panels() if isinstance(panel, Bars))
    assert bars.errors is not None
    low, high = bars.errors
    assert (low >= 0).all()
    assert (low <= bars.high).all()
    assert (bars.high <= high).all()


def test_plans_stand_side_by_side_in_the_levers_in_which_they_differ() -> None:
    found = information(budget(), decide="levers", **FEW)
    table = next(
        panel for panel in found.panels() if isinstance(panel, Table) and panel.title == "Where the plans differ"
    )
    assert table.ids == ("ads", "mail")
    assert table.columns[2].title == found.to_dict()["best"]
    assert any(note.startswith(f"only these {len(found.choices)} plans compete") for note in found.notes())


def test_a_leaf_is_found_by_its_id_and_no_other() -> None:
    found = information(launch(), **FEW)
    assert found["demand"].owner == "Sales"
    with pytest.raises(UnknownName, match="unknown uncertain leaf 'demnd'; did you mean 'demand'"):
        found["demnd"]
