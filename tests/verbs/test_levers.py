"""Where, when pushed, does the KGI move most? Gains, resources, ranks and chances, against what stands outside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leverage.model import load
from leverage.program.run import sweep
from leverage.quantity import show
from leverage.tree.tree import Tree
from leverage.verbs.elasticities import elasticities
from leverage.verbs.evaluate import evaluate
from leverage.verbs.levers import levers
from leverage.verbs.result import VERSION
from leverage.verbs.simulate import simulate
from tests.trees import tree
from tests.verbs.faces import agrees, line, text

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
FEW = {"samples": 512}


def plan(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "units * (price - cost) - 1.5 * ads", "unit": "USD"},
        "units": "100 * saturate(ads, 20) + 40",
        "price": {"value": 10, "lever": {"min": 8, "max": 11}, "owner": "Sales"},
        "cost": {"value": 6, "lever": {"min": 5, "max": 7, "cost": {"budget": "8 per 1"}}},
        "ads": {"value": 10, "lever": {"min": 0, "max": 80}, "owner": "Marketing"},
    }
    return tree("profit", metrics, resources={"budget": {"limit": 30, "use": "ads", "unit": "USD"}}, **keys)


# --- the faces -----------------------------------------------------------------------------------------------------


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    told = agrees(levers(plan(), **FEW))
    units = 100 * (1 - np.exp(-0.5)) + 40
    price = next(entry for entry in told["levers"] if entry["metric"] == "price")
    assert price == {
        "metric": "price",
        "rank": 3,
        "gain": pytest.approx(units, rel=1e-9),
        "gain_per_use": {},
        "probability_best": None,
        "from": 10,
        "to": pytest.approx(11),
        "affordable_gain": pytest.approx(units, rel=1e-9),
        "affordable_to": pytest.approx(11),
        "elasticity": pytest.approx(units * 10 / told["value"]),
        "movable": True,
        "assumed": False,
        "uses": {"budget": 0},
        "owner": "Sales",
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_models_agree_in_every_face(name: str) -> None:
    agrees(levers(load(SCENARIOS / f"{name}.yaml").tree, samples=256))


# --- gain, limits, use ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_gain_of_every_shipped_lever_is_that_of_brute_force(name: str) -> None:
    of = load(SCENARIOS / f"{name}.yaml").tree
    found = levers(of, samples=8)
    for each in found.levers:
        lever = of.metrics[each.metric].lever
        assert lever is not None
        grid = np.array(lever.choices) if lever.choices else np.linspace(each.reach.low, each.reach.high, 20_001)
        levels = np.unique(np.rint(grid)) if lever.integer else grid
        levels = np.append(levels, [of.levels[each.metric].value, *([] if lever.off is None else [lever.off])])
        gains = of.sign * (sweep(of, {each.metric: levels}, (of.kgi,))[of.kgi] - found.value)
        step = abs(each.reach.high - each.reach.low) / 20_000
        assert each.best.gain >= gains.max() - 1e-9 * (1 + gains.max())
        near = each.best.to + np.linspace(-step, step, 20_001) * (not lever.whole)
        beside = of.sign * (sweep(of, {each.metric: near}, (of.kgi,))[of.kgi] - found.value)
        assert each.best.gain <= max(gains.max(), beside.max()) * (1 + 1e-9) + 1e-9
        after = evaluate(of.with_(set={each.metric: each.best.to}))
        assert of.sign * (after.value - found.value) == pytest.approx(each.best.gain, rel=1e-9, abs=1e-9)
        for resource, used in each.uses.items():
            before = evaluate(of).uses[resource]
            assert after.uses[resource] - before == pytest.approx(used, rel=1e-9, abs=1e-9 * (1 + abs(before)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.3, 1.0, 1.1])
def test_an_affordable_gain_breaks_no_limit(name: str, share: float) -> None:
    of = load(SCENARIOS / f"{name}.yaml").tree
    used = evaluate(of).uses
    left = {id: used[id] + share * (of.limit(id) - used[id]) for id in of.resources}
    for each in levers(of, limit=left, samples=8).levers:
        after = evaluate(of.with_(set={each.metric: each.affordable.to}))
        assert 0 <= each.affordable.gain <= each.best.gain
        assert of.sign * (after.value - evaluate(of).value) == pytest.approx(each.affordable.gain, rel=1e-9, abs=1e-9)
        for resource, limit in left.items():
            assert after.uses[resource] <= max(limit, used[resource])


def test_gain_ignores_limits_and_affordable_gain_does_not() -> None:
    ads = levers(plan(), **FEW)["ads"]
    top = 20 * np.log(100 * 4 / 20 / 1.5)  # where a further unit of ads brings what it costs
    assert ads.best.to == pytest.approx(top, rel=1e-6)
    assert ads.affordable.to == pytest.approx(30, rel=1e-9)
    short = levers(plan(), limit={"budget": 18}, **FEW)
    assert short["ads"].affordable.to == pytest.approx(18, rel=1e-9)
    assert short["cost"].affordable.to == pytest.approx(5, rel=1e-9)  # 8 x 1 of the 8 that are left
    assert levers(plan(), limit={"budget": 14}, **FEW)["cost"].affordable.to == pytest.approx(5.5, rel=1e-9)


def test_all_else_stays_at_its_level() -> None:
    moved = plan().with_(set={"ads": 30, "price": 9})
    found = levers(moved, **FEW)
    assert found["cost"].best.gain == pytest.approx(100 * (1 - np.exp(-1.5)) + 40, rel=1e-9)
    assert found["price"].here == 9
    assert found["price"].best.gain == pytest.approx(2 * found["cost"].best.gain, rel=1e-9)


def test_a_scenarios_limit_counts() -> None:
    of = plan(scenarios={"rich": {"resources": {"budget": 25}}})
    assert levers(of.with_(scenario="rich"), **FEW)["ads"].affordable.to == pytest.approx(25, rel=1e-9)


def test_gain_per_use_is_gain_by_what_the_move_takes_more_and_left_out_where_it_takes_none() -> None:
    told = {each["metric"]: each for each in levers(plan(), **FEW).to_dict()["levers"]}
    cost, ads = told["cost"], told["ads"]
    assert cost["uses"] == {"budget": pytest.approx(8)}
    assert cost["gain_per_use"] == {"budget": pytest.approx(cost["gain"] / 8)}
    assert ads["gain_per_use"]["budget"] == pytest.approx(ads["gain"] / (ads["to"] - 10))
    assert told["price"]["gain_per_use"] == {}
    saving = tree(
        "y", {"y": "9 - x", "x": {"value": 5, "lever": {"min": 0, "max": 9}}}, resources={"b": {"limit": 9, "use": "x"}}
    )
    assert levers(saving).to_dict()["levers"][0]["gain_per_use"] == {}  # it gives back
    assert levers(saving).to_dict()["levers"][0]["uses"] == {"b": -5}


def test_a_goal_to_minimize_gains_downwards() -> None:
    of = tree(
        "y", {"y": {"formula": "(x - 3) ** 2 + 1"}, "x": {"value": 5, "lever": {"min": 0, "max": 9}}}, goal="minimize"
    )
    found = levers(of)
    assert found["x"].best.gain == pytest.approx(4, rel=1e-9)
    assert found["x"].best.to == pytest.approx(3, abs=1e-4)
    assert "y moves by -4" in text(found)


def test_integer_levers_use_their_whole_steps() -> None:
    of = tree("y", {"y": "-(x - 3.4) ** 2", "x": {"value": 0, "lever": {"min": 0, "max": 9, "integer": True}}})
    assert levers(of)["x"].best.to == 3


def test_what_reaches_the_kgi_only_through_steps_has_its_finite_gain() -> None:
    of = tree("y", {"y": "10 * floor(x / 4)", "x": {"value": 5, "lever": {"min": 0, "max": 9}}})
    found = levers(of)["x"]
    assert (found.best.gain, found.elasticity) == (10, 0)
    assert found.best.to == pytest.approx(8)


def test_a_bound_that_is_missing_is_assumed_marked_and_said() -> None:
    of = tree("y", {"y": "x + z", "x": {"value": 10, "lever": {}}, "z": {"value": 1, "lever": {"max": 2}}})
    told = agrees(levers(of))
    assert [(each["metric"], each["assumed"]) for each in told["levers"]] == [("x", True), ("z", True)]
    assert told["levers"][0]["to"] == pytest.approx(12)
    assert told["notes"] == ["assumed: no bound ends x and z, so 20% either way is taken; give 'min' and 'max'"]


def test_where_a_resource_runs_out_nothing_is_assumed() -> None:
    of = tree(
        "y",
        {"y": "x", "x": {"value": 10, "lever": {"min": 0, "cost": {"budget": "2 per 1"}}}},
        resources={"budget": {"limit": 30}},
    )
    told = levers(of).to_dict()["levers"][0]
    assert (told["to"], told["assumed"]) == (pytest.approx(25), False)


def test_a_lever_that_cannot_be_moved_says_so() -> None:
    told = levers(tree("y", {"y": "x", "x": {"value": 1, "lever": {"min": 1, "max": 1}}})).to_dict()["levers"][0]
    assert (told["movable"], told["gain"], told["from"], told["to"]) == (False, 0, 1, 1)


def test_elasticity_is_that_of_the_verb() -> None:
    shop = load(SCENARIOS / "shop.yaml").tree
    slopes = elasticities(shop)
    for each in levers(shop, samples=8).levers:
        assert each.elasticity == pytest.approx(slopes[each.metric], rel=1e-12)
    zero = tree("y", {"y": "x - 1", "x": {"value": 1, "lever": {"min": 0, "max": 2}}})
    assert levers(zero)["x"].elasticity is None


# --- ranks ---------------------------------------------------------------------------------------------------------


def test_levers_are_ranked_by_gain_and_equal_ones_by_id() -> None:
    lever = {"min": 0, "max": 2}
    metrics = {"y": "a + b + 3 * c", **{id: {"value": 1, "lever": lever} for id in ("c", "b", "a")}}
    told = levers(tree("y", metrics)).to_dict()["levers"]
    assert [(each["metric"], each["rank"]) for each in told] == [("c", 1), ("a", 2), ("b", 3)]


def test_by_a_resource_they_are_ranked_by_gain_per_use_with_what_takes_none_of_it_first() -> None:
    found = levers(plan(), by="budget", **FEW)
    per = {each.metric: each.gain_per_use.get("budget") for each in found.levers}
    assert [each.metric for each in found.levers] == ["price", "cost", "ads"]
    assert per["price"] is None
    assert per["cost"] > per["ads"]
    assert "by gain per unit of budget" in text(found)


def test_by_a_resource_what_gains_nothing_stands_last() -> None:
    lever = {"min": 0, "max": 2}
    metrics = {"y": "a - 0 * b", "a": {"value": 1, "lever": lever}, "b": {"value": 1, "lever": lever}}
    of = tree("y", metrics, resources={"budget": {"limit": 9, "use": "a"}})
    assert [each.metric for each in levers(of, by="budget").levers] == ["a", "b"]


def test_an_unknown_resource_is_told() -> None:
    with pytest.raises(ValueError, match=r"unknown resource 'budge'; did you mean 'budget'\?"):
        levers(plan(), by="budge")
    with pytest.raises(ValueError, match="unknown resource 'hours'"):
        levers(plan(), limit={"hours": 3})


# --- probability ---------------------------------------------------------------------------------------------------


def doubtful() -> Tree:
    metrics = {
        "y": "a * b + c * d - e",
        "a": {"value": 5, "range": [4, 6.5], "lever": {"min": 3, "max": 7}},
        "b": {"value": 2, "uncertainty": "normal(2, 0.6)"},
        "c": {"value": 3, "lever": {"min": 1, "max": 4.5}},
        "d": {"value": 2.5, "uncertainty": "lognormal(mean=2.5, sd=1)"},
        "e": {"value": 4, "uncertainty": "uniform(0, 8)", "lever": {"min": 0, "max": 8, "cost": {"budget": "1 per 1"}}},
    }
    return tree("y", metrics, correlations=[["b", "d", -0.4]], resources={"budget": {"limit": 9}})


@pytest.mark.parametrize("points", ["sobol", "random"])
def test_probability_best_is_the_share_of_draws_in_which_the_lever_gains_most(points: str) -> None:
    of, settings = doubtful(), {"samples": 4096, "seed": 3, "points": points}
    found = levers(of, **settings)
    ids = [each.metric for each in found.levers]
    before = simulate(of, **settings).samples()
    gains = np.array(
        [simulate(of.with_(set={each.metric: each.best.to}), **settings).samples() for each in found.levers]
    )
    won = np.bincount(np.argmax(gains - before, axis=0), minlength=len(ids)) / 4096
    assert [each.probability_best for each in found.levers] == pytest.approx(list(won), abs=1e-12)
    assert all(share > 0.02 for share in won)


def test_probabilities_sum_to_1() -> None:
    for of in (doubtful(), load(SCENARIOS / "shop.yaml").tree):
        shares = [each.probability_best for each in levers(of, samples=3000).levers]
        assert sum(share for share in shares if share is not None) == pytest.approx(1, abs=1e-12)


def test_levers_that_gain_alike_share_the_draw() -> None:
    lever = {"min": 0, "max": 3}
    metrics = {
        "y": "x * (a + b) + c",
        "x": {"value": 2, "uncertainty": "uniform(1, 3)"},
        **{id: {"value": 1, "lever": lever} for id in "abc"},
    }
    shares = {each.metric: each.probability_best for each in levers(tree("y", metrics), samples=1000).levers}
    assert shares == {"a": 0.5, "b": 0.5, "c": 0}


def test_where_nothing_is_uncertain_it_is_null_and_no_draw_is_made() -> None:
    found = levers(plan())
    assert {each.probability_best for each in found.levers} == {None}
    assert "seed" not in found.to_dict()["run"]
    assert "best in" not in text(found)


def test_a_scenario_that_ends_every_doubt_leaves_no_chance() -> None:
    lever = {"min": 0, "max": 3}
    metrics = {"y": "x * a", "x": {"value": 2, "range": [1, 4]}, "a": {"value": 1, "lever": lever}}
    sure = {"sure": {"set": {"x": {"value": 2, "certain": True}}}}
    assert levers(tree("y", metrics, scenarios=sure).with_(scenario="sure"))["a"].probability_best is None


def test_no_block_no_thread_and_no_order_of_the_file_changes_a_byte() -> None:
    of = doubtful()
    wanted = levers(of, samples=70_000).to_json()
    for block, threads in ((1000, 1), (4096, 2), (65_536, 4)):
        assert levers(of, samples=70_000, block=block, threads=threads).to_json() == wanted
    texts = {id: m.text or {"value": m.base, **_more(of, id)} for id, m in reversed(of.metrics.items())}
    other = tree("y", texts, correlations=[["d", "b", -0.4]], resources={"budget": {"limit": 9}})
    told, again = levers(of, samples=70_000).to_dict(), levers(other, samples=70_000).to_dict()
    assert told["levers"] == again["levers"]


def _more(of: Tree, id: str) -> dict[str, Any]:
    given: dict[str, dict[str, Any]] = {
        "a": {"range": [4, 6.5], "lever": {"min": 3, "max": 7}},
        "b": {"uncertainty": "normal(2, 0.6)"},
        "c": {"lever": {"min": 1, "max": 4.5}},
        "d": {"uncertainty": "lognormal(mean=2.5, sd=1)"},
        "e": {"uncertainty": "uniform(0, 8)", "lever": {"min": 0, "max": 8, "cost": {"budget": "1 per 1"}}},
    }
    return given[id]


def test_seed_samples_and_points_are_printed_and_another_seed_gives_another_share() -> None:
    found = levers(doubtful(), samples=512, seed=4, points="random")
    assert str(found.run).endswith(f"seed 4  samples 512  points random  leverage {VERSION}")
    shares = {seed: levers(doubtful(), samples=512, seed=seed)["a"].probability_best for seed in (1, 2)}
    assert shares[1] != shares[2]
    assert levers(doubtful(), samples=64, rng=np.random.default_rng(5)).run.seed == int(
        np.random.default_rng(5).integers(2**53)
    )


def test_a_draw_in_which_the_kgi_is_not_finite_is_won_by_nobody_with_it() -> None:
    metrics = {
        "y": "log(x + a) + b",
        "x": {"value": 1, "uncertainty": "normal(1, 1)"},
        "a": {"value": 0, "lever": {"min": -5, "max": 0.5}},
        "b": {"value": 0, "lever": {"min": 0, "max": 0.01}},
    }
    shares = [each.probability_best for each in levers(tree("y", metrics), samples=512).levers]
    assert sum(share for share in shares if share is not None) == pytest.approx(1)


# --- strong, but nobody's ------------------------------------------------------------------------------------------


def test_metrics_that_no_lever_reaches_and_whose_10_percent_beats_the_best_lever_are_listed_strongest_first() -> None:
    metrics = {
        "y": "m + n - 7 * up - small",
        "m": "20 * lever + market",
        "n": "5 * size",
        "lever": {"value": 1, "lever": {"min": 0.9, "max": 1.1}},
        "market": {"value": 70, "owner": "Research"},
        "size": 30,
        "up": 4,
        "small": 2,
    }
    told = agrees(levers(tree("y", metrics)))
    assert told["levers"][0]["gain"] == pytest.approx(2)
    assert told["unowned"] == [
        {"metric": "n", "gain": pytest.approx(15), "owner": None},
        {"metric": "size", "gain": pytest.approx(15), "owner": None},
        {"metric": "market", "gain": pytest.approx(7), "owner": "Research"},
        {"metric": "up", "gain": pytest.approx(2.8), "owner": None},  # 10% less of it
    ]
    assert "Strong, but nobody's" in text(levers(tree("y", metrics)))
    assert line(levers(tree("y", metrics)), "market") == "market Research +7"


def test_where_the_best_lever_beats_them_all_none_is_listed() -> None:
    of = tree("y", {"y": "x + z", "x": {"value": 1, "lever": {"min": 0, "max": 9}}, "z": 3})
    assert levers(of).to_dict()["unowned"] == []
    assert "nobody's" not in text(levers(of))


def test_a_tree_without_a_lever_says_so_and_what_would_matter() -> None:
    found = levers(tree("y", {"y": "2 * x", "x": {"value": 5, "range": [4, 6]}}))
    told = agrees(found)
    assert told["levers"] == []
    assert not found.answered
    assert "This tree has no lever" in text(found)
    assert told["unowned"] == [{"metric": "x", "gain": pytest.approx(1), "owner": None}]
    assert line(found, "x").endswith("+1")


# --- what people read ----------------------------------------------------------------------------------------------


def test_it_opens_with_what_to_push_what_it_brings_for_how_much_and_how_sure() -> None:
    found = levers(load(SCENARIOS / "shop.yaml").tree)
    first = found.levers[0]
    metric, goal = found.tree.metrics[first.metric], found.tree.metrics["profit"]
    moved = (show(level, percent=metric.percent) for level in (first.here, first.best.to))
    taken = [f"{show(used)} {found.tree.resources[id].unit} of {id}" for id, used in first.uses.items()]
    assert text(found).splitlines()[0] == (
        f"Push {metric.name} from {' to '.join(moved)}: {goal.name} moves by {show(first.best.gain, signed=True)} "
        f"USD/month ({show(first.best.gain / found.value, percent=True, signed=True, digits=3)}), for "
        f"{' and '.join(taken)}; it is the best lever in {100 * (first.probability_best or 0):.1f}% of the draws."
    )
    assert first.metric == "completion"


def test_it_says_what_costs_nothing_and_leaves_chance_out_where_there_is_none() -> None:
    of = tree(
        "y", {"y": "x", "x": {"value": 1, "lever": {"min": 0, "max": 2}}}, resources={"b": {"limit": 9, "use": "0 * x"}}
    )
    assert text(levers(of)).splitlines()[0] == "Push x from 1 to 2: y moves by +1 (+100%), at no cost to any resource."


def test_a_kgi_that_is_a_share_moves_by_points() -> None:
    of = tree("y", {"y": {"formula": "x / 8", "unit": "%"}, "x": {"value": 2, "lever": {"min": 0, "max": 4}}})
    assert "y moves by +25 points (+100%)" in text(levers(of))


def test_where_no_lever_gains_it_says_so() -> None:
    of = tree("y", {"y": "x", "x": {"value": 2, "lever": {"min": 0, "max": 2}}, "z": 1})
    assert text(levers(of)).startswith("No lever moves y in the goal's direction")


def test_a_tiny_chance_is_not_printed_to_the_last_digit() -> None:
    found = levers(plan().with_(), **FEW)
    rare = replace(found.levers[0], probability_best=0.0000763)
    assert "it is the best lever in <0.1% of the draws" in text(replace(found, levers=(rare, *found.levers[1:])))


def test_a_ranking_by_a_resource_opens_with_what_a_unit_of_it_brings_in_place_of_chance() -> None:
    assert text(levers(plan(), by="budget", **FEW)).splitlines()[0].endswith("; it takes none of budget.")
    dear = plan().with_(set={"price": 11})
    told = levers(dear, by="budget", **FEW).levers[0].gain_per_use["budget"]
    assert f"; {show(told)} for each unit of budget." in text(levers(dear, by="budget", **FEW)).splitlines()[0]


def test_it_closes_with_what_to_run_next() -> None:
    assert text(levers(plan(), **FEW)).splitlines()[-3] == "Next: leverage allocate MODEL"


def test_an_affordable_column_stands_where_a_resource_stops_the_best_move() -> None:
    assert "affordable" in text(levers(plan(), limit={"budget": 14}, **FEW))
    assert "affordable" not in text(levers(plan(), limit={"budget": 99}, **FEW))


def test_a_lever_is_found_by_its_id_and_a_slip_is_told() -> None:
    with pytest.raises(ValueError, match="unknown metric 'prices'"):
        levers(plan())["prices"]
    with pytest.raises(ValueError, match="unknown lever 'units'"):
        levers(plan())["units"]
