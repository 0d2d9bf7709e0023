"""Where, when pushed, does the KGI move most? Gains, resources, ranks and chances, against what stands outside."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from leverage.errors import UnknownName
from leverage.model import load
from leverage.program.program import USE
from leverage.program.run import point, sweep
from leverage.quantity import show
from leverage.tree.tree import Tree
from leverage.verbs.elasticities import elasticities
from leverage.verbs.levers import Levers, levers
from leverage.verbs.moves.points import Point
from leverage.verbs.result import VERSION
from leverage.verbs.simulate import simulate
from tests.trees import tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.models import shipped_but

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
        "probability_top3": None,
        "rank_interval": None,
        "elasticity_quantiles": None,
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


@pytest.mark.parametrize("name", shipped_but("retail"))
def test_the_shipped_models_agree_in_every_face(name: str) -> None:
    agrees(levers(load(SCENARIOS / f"{name}.yaml").tree, samples=256))


# --- gain, limits, use ---------------------------------------------------------------------------------------------


SOME = 6  # cells of a template that are looked at: all of a small one


def some(found: Levers) -> list[Point]:
    """The levers' points, of many cells every so many."""
    points = [point for lever in found.levers for point in lever.points]
    return points[:: max(1, len(points) // SOME)]


@pytest.mark.parametrize("name", shipped_but("retail"))
def test_the_gain_of_every_shipped_lever_is_that_of_brute_force(name: str) -> None:
    cells = load(SCENARIOS / f"{name}.yaml").tree.cells
    here = point(cells)
    for each in some(levers(cells.whole, samples=8)):
        lever = cells.metrics[each.metric].lever
        assert lever is not None
        grid = np.array(lever.choices) if lever.choices else np.linspace(each.reach.low, each.reach.high, 20_001)
        levels = np.unique(np.rint(grid)) if lever.integer else grid
        levels = np.append(levels, [cells.levels[each.metric].value, *([] if lever.off is None else [lever.off])])
        gains = cells.sign * (sweep(cells, {each.metric: levels}, (cells.kgi,))[cells.kgi] - here[cells.kgi])
        step = abs(each.reach.high - each.reach.low) / 20_000
        assert each.best.gain >= gains.max() - 1e-9 * (1 + gains.max())
        near = each.best.to + np.linspace(-step, step, 20_001) * (not lever.whole)
        beside = cells.sign * (sweep(cells, {each.metric: near}, (cells.kgi,))[cells.kgi] - here[cells.kgi])
        assert each.best.gain <= max(gains.max(), beside.max()) * (1 + 1e-9) + 1e-9
        after = point(cells.with_(set={each.metric: each.best.to}))
        assert cells.sign * (after[cells.kgi] - here[cells.kgi]) == pytest.approx(each.best.gain, rel=1e-9, abs=1e-9)
        for resource, used in each.uses.items():
            before = here[USE + resource]
            assert after[USE + resource] - before == pytest.approx(used, rel=1e-9, abs=1e-9 * (1 + abs(before)))


@pytest.mark.parametrize(
    ("name", "share"),
    [
        pytest.param(name, share, marks=[pytest.mark.slow] if name == "retail" and share >= 1 else [])
        for name in NAMES
        for share in (0.3, 1.0, 1.1)
    ],
)
def test_an_affordable_gain_breaks_no_limit(name: str, share: float) -> None:
    of = load(SCENARIOS / f"{name}.yaml").tree
    here = point(of.cells)
    used = {id: here[USE + id] for id in of.cells.resources}
    left = {id: used[id] + share * (of.cells.limit(id) - used[id]) for id in used}
    found = levers(of, limit=left, samples=8)
    for each in (*some(found), *found.levers):
        levels = each.affordable_levels
        after = point(of.cells.with_(set=levels))
        assert 0 <= each.affordable.gain <= each.gain
        gain = of.sign * (after[of.kgi] - here[of.kgi])
        assert gain == pytest.approx(each.affordable.gain, rel=1e-9, abs=1e-9 * (1 + abs(here[of.kgi])))
        for resource, limit in left.items():
            assert after[USE + resource] <= max(limit, used[resource])


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


def pushed(formula: str, *, seed: int = 0, samples: int = 65_536, **metrics: Any) -> Levers:
    """Levers from 1 to 2 where the file says no more; ``u`` and ``v`` are uncertain where it names them."""
    levered = {id: {"value": 1, "lever": {"min": 1, "max": 2}} for id in "abc" if id in formula}
    return levers(tree("y", {"y": formula, **levered, **metrics}), samples=samples, seed=seed)


def test_elasticities_of_a_product_of_powers_are_its_exponents_at_every_draw() -> None:
    """Cobb and Douglas."""
    doubt = {"u": {"value": 2, "uncertainty": "lognormal(2, 1)"}}
    found = pushed("u * a ** 0.3 * b ** 1.7 / c", samples=2_000, **doubt)
    for id, power in (("a", 0.3), ("b", 1.7), ("c", -1)):
        assert found[id].doubt.elasticities == pytest.approx(dict.fromkeys(("0.1", "0.5", "0.9"), power), rel=1e-12)


def test_the_elasticity_of_a_sum_of_products_has_the_distribution_of_its_share() -> None:
    """Of ``u a + b`` at 1 and 1 it is u / (u + 1) in a, which rises with u: its quantiles are those of u. Sobol points
    put a quantile of a uniform draw within some 1e-4."""
    told = pushed("u * a + b", u={"value": 2, "uncertainty": "uniform(1, 3)"}).to_dict()["levers"]
    quantiles = {each["metric"]: each["elasticity_quantiles"] for each in told}
    for p in (0.1, 0.5, 0.9):
        u = 1 + 2 * p
        assert quantiles["a"][str(p)] == pytest.approx(u / (1 + u), abs=2e-4)
        assert quantiles["b"][str(round(1 - p, 1))] == pytest.approx(1 / (1 + u), abs=2e-4)


def test_an_uncertain_lever_is_pushed_from_where_each_draw_stands() -> None:
    """``a + 1``: a / (a + 1), with a uniform from 1 to 3 where its level is 2."""
    metrics = {"y": "a + 1", "a": {"value": 2, "uncertainty": "uniform(1, 3)", "lever": {"min": 1, "max": 4}}}
    quantiles = levers(tree("y", metrics))["a"].doubt.elasticities
    assert list(quantiles.values()) == pytest.approx([1.2 / 2.2, 2 / 3, 2.8 / 3.8], abs=2e-4)


def test_draws_without_an_elasticity_are_left_out_and_none_is_null() -> None:
    never = pushed("u * a", samples=256, u={"value": 1, "uncertainty": "uniform(0, 1)"}, zero=0)
    assert never["a"].doubt.elasticities["0.5"] == 1
    flat = {"u": {"value": 0, "uncertainty": "bernoulli(0.5)"}}
    assert pushed("u * a", samples=256, **flat)["a"].doubt.elasticities["0.5"] == 1  # of the draws in which y is not 0
    none = pushed("0 * u * a", samples=256, u={"value": 1, "uncertainty": "uniform(0, 1)"})
    assert none.to_dict()["levers"][0]["elasticity_quantiles"] == {"0.1": None, "0.5": None, "0.9": None}


def independent(*means: float, seed: int = 0) -> Levers:
    """Gains that are independent normals of sd 1."""
    draws = {id: {"value": mean, "uncertainty": f"normal({mean}, 1)"} for id, mean in zip("uvw", means, strict=False)}
    return pushed(" + ".join(f"{u} * {a}" for u, a in zip(draws, "abc", strict=False)), seed=seed, **draws)


def test_chances_and_ranks_of_independent_normal_gains_agree_with_their_closed_forms() -> None:
    """Of two, N(1, 1) and N(0.5, 1), the first gains more with chance Phi(0.5 / sqrt 2). 4 errors of plain draws."""
    found, n = independent(1, 0.5), 65_536
    chance = norm.cdf(0.5 / np.sqrt(2))
    error = 4 * np.sqrt(chance * (1 - chance) / n)
    assert found["a"].probability_best == pytest.approx(chance, abs=error)
    assert found.ahead == pytest.approx([chance], abs=error)
    assert found.to_dict()["order_stability"] == {"1": pytest.approx(chance, abs=error)}
    assert [found[id].doubt.ranks for id in "ab"] == [(1, 2), (1, 2)]
    assert [found[id].doubt.probability_top for id in "ab"] == [1, 1]


def test_three_alike_stand_in_each_order_as_often() -> None:
    """Gains of N(1, 1) each: best in 1/3, the first two are the best two in 1/3, each order has 1/6."""
    found = independent(1, 1, 1)
    assert [each.probability_best for each in found.levers] == pytest.approx([1 / 3] * 3, abs=0.01)
    assert list(found.first) == pytest.approx([1 / 3, 1 / 3], abs=0.01)
    assert {each.doubt.ranks for each in found.levers} == {(1, 3)}


def test_levers_far_apart_have_one_rank_each_and_no_sentence() -> None:
    found = independent(30, 20, 10)
    assert [each.doubt.ranks for each in found.levers] == [(1, 1), (2, 2), (3, 3)]
    assert found.first == (1, 1)
    assert "not told apart" not in text(found)
    assert line(found, "1. a").split() == ["1.", "a", "1", "2", "+30", "100%"]


def test_neighbours_that_the_draws_do_not_tell_apart_are_said() -> None:
    found = independent(1.2, 1, -9)
    told = [show(round(share, 3), percent=True) for share in (found.ahead[0], found.first[1])]
    assert (
        f"a and b are not told apart: a gains more in {told[0]} of the draws; the first 2 are these levers in"
        in " ".join(text(found).split())
    )


def test_of_levers_that_gain_alike_none_is_above_the_other() -> None:
    doubt = {"u": {"value": 2, "uncertainty": "uniform(1, 3)"}}
    found = pushed("u * (a + b) + c / 9", samples=512, **doubt)
    assert [found[id].doubt.ranks for id in "abc"] == [(1, 1), (1, 1), (3, 3)]
    assert found.ahead == (0.5, 1.0)
    assert found.first == (1.0, 1.0)


def test_the_ranks_of_every_draw_are_those_of_simulated_gains() -> None:
    of, settings = doubtful(), {"samples": 2048, "seed": 3}
    found = levers(of, **settings)
    before = simulate(of, **settings).samples()
    moved = [simulate(of.with_(set={each.metric: each.best.to}), **settings).samples() for each in found.levers]
    ranks = rankdata(-(np.array(moved) - before), method="min", axis=0)
    for each, own in zip(found.levers, ranks, strict=True):
        assert each.doubt.ranks == tuple(np.quantile(own, (0.05, 0.95), method="inverted_cdf"))
        assert each.doubt.probability_top == np.mean(own <= 3)
    assert found.first[0] == np.mean(ranks[0] == 1)


def test_the_elasticities_over_draws_are_those_of_differences() -> None:
    """Central differences of simulated KGIs, 1e-6 either way, as exact as 1e-8 of the KGI over that."""
    of, settings = doubtful(), {"samples": 512, "seed": 3}
    found = levers(of, **settings)
    value = simulate(of, **settings).samples()
    for id, level in (("a", 5), ("c", 3), ("e", 4)):
        up, down = (simulate(of.with_(set={id: level + h}), **settings).samples() for h in (1e-4, -1e-4))
        own = simulate(of, of=[id], **settings).samples(id)
        wanted = np.quantile((up - down) / 2e-4 * own / value, [0.1, 0.5, 0.9])
        assert list(found[id].doubt.elasticities.values()) == pytest.approx(wanted, rel=1e-6)


def test_the_executor_and_checkpoints_change_no_bit(tmp_path: Path) -> None:
    of, settings = doubtful(), {"samples": 140_000}
    wanted = levers(of, **settings).to_json()
    with ThreadPoolExecutor(2) as pool:
        assert levers(of, executor=pool, **settings).to_json() == wanted
    assert levers(of, checkpoint=tmp_path / "run", **settings).to_json() == wanted


def test_of_more_draws_than_are_kept_the_first_ones_elasticities_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leverage.verbs.moves.pushes.KEPT", 3 * 65_536)
    found = levers(doubtful(), samples=70_000)
    assert "elasticities are those of the first 65,536 of 70,000 draws" in found.notes()
    whole = levers(doubtful(), samples=65_536)
    assert [each.doubt.elasticities for each in found.levers] == [each.doubt.elasticities for each in whole.levers]


def test_a_draw_in_which_the_kgi_is_not_finite_is_won_by_nobody_with_it() -> None:
    metrics = {
        "y": "log(x + a) + b",
        "x": {"value": 1, "uncertainty": "normal(1, 1)"},
        "a": {"value": 0, "lever": {"min": -5, "max": 0.5}},
        "b": {"value": 0, "lever": {"min": 0, "max": 0.01}},
    }
    shares = [each.probability_best for each in levers(tree("y", metrics), samples=512).levers]
    assert sum(share for share in shares if share is not None) == pytest.approx(1)


def test_draws_that_are_infinite_before_and_after_the_move_warn_of_nothing() -> None:
    metrics = {
        "y": "exp(a) * b",
        "a": {"value": 700, "uncertainty": "normal(700, 20)"},
        "b": {"value": 1, "lever": {"min": 0, "max": 3}},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = levers(tree("y", metrics), samples=1024)
    assert found["b"].probability_best == 1


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


# --- over axes -----------------------------------------------------------------------------------------------------

AXES: dict[str, Any] = {
    "time": {"periods": 3, "start": "2027-01"},
    "dimensions": {"channel": {"own": ["mail"], "paid": ["ads", "tv"]}},
}
FIRST = ["2027-01", "2027-02", "2027-03"]


def campaign(spend: Any = None, **keys: Any) -> Tree:
    """Spend by channel and month, each with an effect of its own: ``e * sqrt(s) - s`` is best at ``e ** 2 / 4``."""
    metrics = {
        "profit": {"formula": "sum(effect * sqrt(spend) - spend) - fixed", "unit": "USD"},
        "effect": {"value": {"mail": 20, "ads": [20, 30, 40], "tv": 10}},
        "spend": {
            "value": {"mail": 64, "ads": 36, "tv": 16},
            "lever": {"min": 0, "max": 900, "over_time": "each"},
            **(spend or {}),
        },
        "fixed": {"value": 50, "lever": {"min": 40, "max": 60}},
    }
    return tree("profit", metrics, **{**AXES, **keys})


def gain(effect: float, here: float, to: float) -> float:
    return float(effect * np.sqrt(to) - to - (effect * np.sqrt(here) - here))


def test_every_face_agrees_over_axes() -> None:
    told = agrees(levers(campaign(resources={"budget": {"limit": 700, "use": "spend", "unit": "USD"}}), **FEW))
    assert [each["metric"] for each in told["levers"]] == ["spend", "fixed"]


def test_each_cell_of_a_lever_has_its_own_best_and_separate_ones_add_up() -> None:
    found = levers(campaign(), **FEW)
    spend = found["spend"]
    best = {"mail": [100.0] * 3, "ads": [100.0, 225.0, 400.0], "tv": [25.0] * 3}
    here, effect = {"mail": 64, "ads": 36, "tv": 16}, {"mail": [20] * 3, "ads": [20, 30, 40], "tv": [10] * 3}
    told = found.to_dict()["levers"][0]
    for label, levels in best.items():
        assert told["to"][label] == pytest.approx(levels, rel=1e-6)
        for period, e, level in zip(FIRST, effect[label], levels, strict=True):
            cell = f"spend[{label},{period}]"
            assert found[cell].gain == pytest.approx(gain(e, here[label], level), rel=1e-9)
            assert spend.parts[cell] == pytest.approx(found[cell].gain, rel=1e-9)  # each knows only itself
    assert spend.gain == pytest.approx(sum(each.gain for each in spend.points), rel=1e-12)


def bundle(formula: str, **keys: Any) -> Tree:
    """A price per period whose cells reach the KGI together."""
    price = {"value": [2, 3, 4], "lever": {"min": 1, "max": 6, **keys}}
    return tree("y", {"y": formula, "price": price}, **AXES)


@pytest.mark.parametrize(
    "formula",
    [
        "first(price) * last(price) * sum(price)",
        "sum(price) ** 2 + max(price)",
        "sqrt(sum(price) - 9) + sum(price)",  # infinitely steep at the start
        "min(sum(price), 14) + max(price)",  # a kink on the way
        "sum(price) + (100 if sum(price) > 15 else 0) * first(price)",  # a jump
    ],
)
def test_the_shares_of_the_cells_add_up_to_the_joint_gain_which_evaluating_gives(formula: str) -> None:
    of = bundle(formula)
    found = levers(of)
    price = found["price"]
    after = point(of.cells.with_(set=dict(price.levels)))["y"]
    assert price.gain == pytest.approx(after - found.value, rel=1e-14)
    assert price.gain > 0
    assert sum(price.parts.values()) == pytest.approx(price.gain, rel=1e-12)
    told = found.to_dict()["levers"][0]
    assert sum(told["by"]["time"]) == pytest.approx(price.gain, rel=1e-12)
    assert [each["share"] for each in told["cells"]] == told["by"]["time"]


def test_the_shares_of_a_product_are_those_of_aumann_and_shapley() -> None:
    """On the straight line from (2, 4) to (6, 6), a * b pays a with the integral of b da: 4 * (4 + 6) / 2 = 20."""
    price = levers(bundle("first(price) * last(price)"))["price"]
    assert list(price.parts.values()) == pytest.approx([20, 0, 8], abs=1e-12)


def test_shares_roll_up_by_label_group_and_period() -> None:
    entry = levers(campaign(), **FEW).to_dict()["levers"][0]
    parts = {each["metric"]: each["share"] for each in entry["cells"]}
    by = entry["by"]
    for label in ("mail", "ads", "tv"):
        assert by["channel"][label] == pytest.approx(sum(v for id, v in parts.items() if f"[{label}," in id), rel=1e-12)
    assert by["channel"]["paid"] == pytest.approx(by["channel"]["ads"] + by["channel"]["tv"], rel=1e-12)
    assert sum(by["time"]) == pytest.approx(entry["gain"], rel=1e-12)


def test_cells_that_take_from_each_other_stop_on_the_way_and_say_so() -> None:
    """-(sum - 12)^2: from (2, 3, 4) each goes on alone, two of them to a sum of 12; together they would reach 17."""
    found = levers(bundle("-(sum(price) - 12) ** 2"))
    price = found["price"]
    assert price.gain == pytest.approx(9, rel=1e-9)
    assert sum(price.levels.values()) == pytest.approx(12, rel=1e-6)
    assert [each.gain for each in price.points] == pytest.approx([9, 9, 8], rel=1e-9)
    assert found.notes() == ("moved together, the cells of price stop before the level that is best for each alone",)


def test_whole_levers_stop_at_levels_that_they_may_have() -> None:
    price = levers(bundle("-(sum(price) - 12.2) ** 2", integer=True))["price"]
    assert all(level == int(level) for level in price.levels.values())
    assert price.gain == pytest.approx(3.2**2 - 0.2**2)


def test_the_joint_move_is_afforded_along_the_straight_way_within_the_limits() -> None:
    of = campaign(resources={"budget": {"limit": 700, "use": "spend"}})
    spend = levers(of, **FEW)["spend"]
    here, there = sum(spend.here_levels.values()), sum(spend.levels.values())
    assert spend.uses["budget"] == pytest.approx(there - here, rel=1e-9)
    share = (700 - here) / (there - here)
    for id, level in spend.affordable_levels.items():
        assert level == pytest.approx(
            spend.here_levels[id] + share * (spend.levels[id] - spend.here_levels[id]), rel=1e-9
        )
    assert point(of.cells.with_(set=dict(spend.affordable_levels)))["use:budget"] <= 700
    assert 0 < spend.affordable_gain < spend.gain
    assert spend.gain_per_use["budget"] == pytest.approx(spend.gain / (there - here), rel=1e-9)


def test_a_limit_per_period_is_told_per_period_and_paid_for_in_all() -> None:
    of = campaign(resources={"budget": {"limit": 300, "use": "spend", "per": "period"}})
    entry = levers(of, by="budget", **FEW).to_dict()["levers"]
    spend = next(each for each in entry if each["metric"] == "spend")
    assert spend["uses"]["budget"] == pytest.approx([225 - 116, 350 - 116, 525 - 116], rel=1e-6)
    assert spend["gain_per_use"]["budget"] == pytest.approx(spend["gain"] / sum(spend["uses"]["budget"]))
    assert entry[0]["metric"] == "fixed"  # it takes none


def test_a_lever_over_axes_races_as_one() -> None:
    """Against a lever that always gains 450, spend gains more in the draws in which the effect is worth it."""
    doubt = {
        "effect": {"value": {"mail": 20, "ads": [20, 30, 40], "tv": 10}, "spread": ["-30%", "30%"], "shared": True}
    }
    metrics = {"profit": "sum(effect * sqrt(spend) - spend) - fixed", **doubt}
    spend = {"value": {"mail": 64, "ads": 36, "tv": 16}, "lever": {"min": 0, "max": 900, "over_time": "each"}}
    fixed = {"value": 50, "lever": {"min": -400, "max": 60}}
    of = tree("profit", {**metrics, "spend": spend, "fixed": fixed}, **AXES)
    found = levers(of, samples=4096)
    to = dict(found["spend"].levels)
    gains = simulate(of.with_(set=to), samples=4096).samples() - simulate(of, samples=4096).samples()
    assert found["spend"].probability_best == pytest.approx(np.mean(gains > 450), abs=1e-12)
    assert found["spend"].probability_best + found["fixed"].probability_best == pytest.approx(1)
    assert 0 < found["spend"].probability_best < 1


def test_the_elasticity_of_a_lever_over_axes_is_the_sum_over_its_cells_at_every_draw() -> None:
    """Of ``k * sum(price)`` less a fixed cost of 20, all prices by 1%: k * 9 / (k * 9 - 20), with one draw of k."""
    price = {"value": [2, 3, 4], "lever": {"min": 1, "max": 6, "over_time": "each"}}
    k = {"value": 4, "uncertainty": "uniform(3, 5)"}
    found = levers(tree("y", {"y": "k * sum(price) - 20", "price": price, "k": k}, **AXES))
    wanted = [9 * k / (9 * k - 20) for k in (4.8, 4, 3.2)]
    assert list(found["price"].doubt.elasticities.values()) == pytest.approx(wanted, abs=1e-3)
    assert found["price"].elasticity == pytest.approx(36 / 16)
    agrees(found)


def test_what_no_lever_reaches_is_listed_as_a_whole() -> None:
    told = levers(campaign(), **FEW).to_dict()["unowned"]
    assert told == []  # a tenth of the effect brings less than the lever
    entry = levers(campaign({"lever": {"min": 30, "max": 40}}), **FEW).to_dict()["unowned"]
    assert [each["metric"] for each in entry] == ["effect"]
    assert entry[0]["gain"] == pytest.approx(0.1 * (3 * 20 * 8 + 90 * 6 + 3 * 10 * 4))


def test_text_over_axes_opens_with_the_lever_its_cells_and_where_the_gain_comes_from() -> None:
    said = text(levers(campaign(), **FEW))
    found = levers(campaign(), **FEW)["spend"]
    ads = sum(part for id, part in found.parts.items() if "[ads" in id) / found.gain
    most = f"{show(ads, percent=True, digits=2)} of the gain from ads"
    assert said.startswith(f"Push spend from 16 .. 64 to 25 .. 400 in all 9 cells ({most}): ")
    assert "By channel" in said
    assert "\nspend   mail" in said


def test_a_cell_is_asked_by_its_address_and_a_part_of_a_lever_is_none() -> None:
    found = levers(campaign(), **FEW)
    assert found["spend[tv,2027-02]"].best.to == pytest.approx(25, rel=1e-6)
    with pytest.raises(UnknownName, match="unknown lever 'effect'"):
        found["effect"]
