"""How wide is the outcome? Closed forms within 4 printed errors, and the same bytes whatever the machine does."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from leverage.model import Model, load
from leverage.tree.tree import Tree
from leverage.verbs.draws import gridded
from leverage.verbs.evaluate import evaluate
from leverage.verbs.result import VERSION
from leverage.verbs.simulate import Simulation, simulate
from tests.trees import random_tree, tree
from tests.verbs.faces import agrees, line, text

SHOP = Path(__file__).parents[2] / "scenarios" / "shop.yaml"
ERRORS = 4  # standard errors that a figure may be off
every = pytest.mark.parametrize("points", ["sobol", "random", "latin"])
thrice = pytest.mark.parametrize("seed", [0, 1, 2])


def uncertain(**leaves: str) -> dict[str, dict[str, str]]:
    return {id: {"uncertainty": text} for id, text in leaves.items()}


def plan(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "units * margin - fixed", "target": 60, "unit": "USD"},
        "units": {"formula": "a + b", "target": 12},
        "a": {"value": 5, "uncertainty": "normal(5, 1)"},
        "b": {"value": 6, "uncertainty": "gamma(9, 0.66)", "lever": {"min": 3, "max": 9}},
        "margin": {"value": "600%", "range": ["500%", "750%"]},
        "fixed": 5,
    }
    return tree("profit", metrics, **keys)


@cache
def shop() -> Tree:
    found: Tree = load(SHOP).tree
    return found


# --- the faces -----------------------------------------------------------------------------------------------------


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    told = agrees(simulate(plan(), samples=4096, seed=5))
    assert (told["samples"], told["seed"], told["not_finite"]) == (4096, 5, 0)
    assert list(told["quantiles"]) == ["0.05", "0.1", "0.5", "0.9", "0.95"]
    assert list(told["metrics"]) == ["units"]
    assert told["degrees_of_freedom"] == 7
    agrees(simulate(plan(), samples=512, points="random", of=["a", "fixed"], quantiles=["1%", 0.25]))


def test_the_shop_agrees_in_every_face() -> None:
    agrees(simulate(shop()))
    agrees(simulate(shop().with_(scenario="price-war"), samples=1000))


def test_summaries_and_samples_are_those_of_the_json() -> None:
    found = simulate(plan(), samples=4096)
    told = found.to_dict()
    assert found["units"].mean == told["metrics"]["units"]["mean"]
    assert told["mean"] == pytest.approx(float(np.mean(found.samples())), rel=1e-14)
    assert told["sd"] == pytest.approx(float(np.std(found.samples(), ddof=1)), rel=1e-12)
    assert (told["min"], told["max"]) == (found.samples().min(), found.samples().max())
    assert found.samples("units").shape == (4096,)


# --- closed forms --------------------------------------------------------------------------------------------------


def holds(found: Simulation, truth: Any, target: float) -> None:
    """Mean, quantiles and P(target) within the printed errors; sd, which has none, within that of plain draws."""
    told = found.to_dict()
    assert abs(told["mean"] - truth.mean()) <= ERRORS * told["standard_error"]
    for key, value in told["quantiles"].items():
        assert abs(value - truth.ppf(float(key))) <= ERRORS * told["quantile_errors"][key], key
    assert abs(told["probability_of_target"] - truth.sf(target)) <= ERRORS * told["probability_error"]
    kurtosis = 3 + float(truth.stats("k"))
    apart = math.sqrt((kurtosis - 1) / 4 / told["samples"])  # of the sd, as a share of it
    assert told["sd"] == pytest.approx(truth.std(), rel=ERRORS * apart)


@every
@thrice
def test_a_sum_of_normals_is_normal(points: str, seed: int) -> None:
    leaves = uncertain(a="normal(3, 1)", b="normal(5, 2)", c="normal(-1, 0.5)")
    of = tree("y", {"y": {"formula": "a + b - 2 * c", "target": 12}, **leaves})
    holds(simulate(of, seed=seed, points=points), stats.norm(10, math.sqrt(1 + 4 + 1)), 12)


@every
@thrice
def test_a_product_of_lognormals_is_lognormal(points: str, seed: int) -> None:
    leaves = uncertain(
        a="lognormal(mu=1, sigma=0.3)", b="lognormal(mu=-2, sigma=0.2)", c="lognormal(mu=0.5, sigma=0.1)"
    )
    of = tree("y", {"y": {"formula": "a * b / c", "target": 0.25}, **leaves})
    truth = stats.lognorm(math.sqrt(0.09 + 0.04 + 0.01), scale=math.exp(1 - 2 - 0.5))
    holds(simulate(of, seed=seed, points=points), truth, 0.25)


@every
@thrice
def test_correlated_normals_sum_with_their_covariance(points: str, seed: int) -> None:
    leaves = uncertain(a="normal(0, 1)", b="normal(0, 2)")
    of = tree("y", {"y": {"formula": "a + b", "target": 1}, **leaves}, correlations=[["a", "b", 0.6]])
    pearson = 2 * math.sin(math.pi / 6 * 0.6)
    holds(simulate(of, seed=seed, points=points), stats.norm(0, math.sqrt(1 + 4 + 4 * pearson)), 1)


@pytest.mark.parametrize("points", ["sobol", "random"])
def test_printed_errors_cover_the_truth_as_often_as_they_say(points: str) -> None:
    of = tree("y", {"y": {"formula": "a + b", "target": 1}, **uncertain(a="normal(0, 1)", b="normal(0, 1)")})
    truth = stats.norm(0, math.sqrt(2))
    hits = np.zeros(3)
    for seed in range(100):
        told = simulate(of, seed=seed, samples=256, points=points, quantiles=[0.5]).to_dict()
        wide = stats.t.ppf(0.975, told["degrees_of_freedom"])
        misses = (
            (told["mean"] - 0, told["standard_error"]),
            (told["quantiles"]["0.5"] - 0, told["quantile_errors"]["0.5"]),
            (told["probability_of_target"] - truth.sf(1), told["probability_error"]),
        )
        hits += [abs(miss) <= wide * error for miss, error in misses]
    # of 100 intervals of 95 % each, four standard errors (2.2) of the count
    assert (hits >= 95 - ERRORS * math.sqrt(100 * 0.95 * 0.05)).all(), hits


def test_even_points_have_the_smaller_error_and_7_degrees_of_freedom() -> None:
    errors = {points: simulate(plan(), points=points, samples=4096) for points in ("sobol", "random", "latin")}
    assert [errors[points]["profit"].degrees for points in errors] == [7, 4095, 7]
    assert errors["sobol"]["profit"].standard_error < errors["random"]["profit"].standard_error / 5


# --- when it goes badly --------------------------------------------------------------------------------------------


@every
@thrice
def test_the_mean_of_the_worst_and_the_chance_of_less_than_the_plan_are_those_of_a_normal(
    points: str, seed: int
) -> None:
    """Of N(10, sqrt 6): 10 - sqrt(6) phi(z) / p, and P(y < 10) = 1/2; for a goal to be small, the other side.

    As seldom out as four errors of a normal: with 7 degrees of freedom that is more of them.
    """
    leaves = uncertain(a="normal(3, 1)", b="normal(5, 2)", c="normal(-1, 0.5)")
    for goal, side in (("maximize", -1), ("minimize", 1)):
        of = tree("y", {"y": "a + b - 2 * c", **leaves}, goal=goal)
        told = simulate(of, seed=seed, points=points, tail=0.1).to_dict()
        wanted = 10 + side * math.sqrt(6) * stats.norm.pdf(stats.norm.ppf(0.1)) / 0.1
        assert (told["tail"], told["base"]) == (0.1, 10)
        reach = stats.t.ppf(stats.norm.cdf(ERRORS), told["degrees_of_freedom"])
        assert abs(told["tail_mean"] - wanted) <= reach * told["tail_mean_error"]
        assert abs(told["probability_below_base"] - 0.5) <= reach * told["probability_below_base_error"]


def test_each_reported_metric_has_its_own_bad_side() -> None:
    metrics = {"y": "100 - x", "x": {"value": 5, "uncertainty": "normal(5, 1)"}}
    found = simulate(tree("y", metrics), samples=8192, of="x")
    told = found.to_dict()
    assert told["tail_mean"] == pytest.approx(100 - told["metrics"]["x"]["tail_mean"])
    assert told["metrics"]["x"]["tail_mean"] > 6
    assert told["metrics"]["x"]["base"] == 5


def test_over_many_cells_computed_by_arrays_the_figures_are_those_of_cells() -> None:
    """The same model by arrays and, from one cell more than it has on, by its tree of cells."""
    labels = [f"c{k}" for k in range(30)]
    keys = {
        "kgi": "y",
        "dimensions": {"shop": labels},
        "metrics": {
            "y": {"formula": "sum(x)", "target": 100},
            "x": {"formula": "a * b", "better": "lower"},
            "a": {"value": dict.fromkeys(labels, 3), "uncertainty": "normal(3, 1)"},
            "b": {"value": 1, "uncertainty": "lognormal(mu=0, sigma=0.5)"},
        },
    }
    of = Model(**keys)
    wanted = of.simulate(samples=1000, of="x", beside="base").to_dict()
    with patch.object(gridded, "MANY", 1):
        found = Model(**keys).simulate(samples=1000, of="x", beside="base").to_dict()
    assert found == wanted
    assert wanted["metrics"]["x[c3]"]["tail_mean"] > wanted["metrics"]["x[c3]"]["mean"]
    assert wanted["metrics"]["x[c3]"]["base"] == 3


def test_a_sentence_and_the_table_say_how_bad_it_is() -> None:
    found = simulate(plan(), samples=4096, tail="10%")
    told = found.to_dict()
    shown = " ".join(text(found).split())
    share = f"{100 * told['probability_below_base']:.3g}%"
    plain = f"{told['base']:.4g}"
    assert (
        f"In the worst 10% of cases it comes to {told['tail_mean']:.4g} on average; in {share} of all cases it ends "
        f"below {plain}, its figure without chance." in shown
    )
    assert line(found, "mean of the worst 10%").startswith(f"mean of the worst 10% {told['tail_mean']:.4g} ")
    assert line(found, f"chance of less than {plain}, the plan")
    assert "it ends above" in text(simulate(plan(goal="minimize"), samples=64))


@pytest.mark.parametrize("tail", [0, -0.1, 1.5, "0%"])
def test_a_tail_of_nothing_is_refused(tail: Any) -> None:
    with pytest.raises(ValueError, match=r"such as 0\.05 or 5%"):
        simulate(plan(), tail=tail)


def test_the_cumulative_curve_rises_to_one_through_the_quantiles() -> None:
    found = simulate(plan(), samples=4096)
    curve = next(panel for panel in found.panels() if getattr(panel, "picture", "") == "cumulative")
    assert (np.diff(curve.x) >= 0).all()
    assert (curve.y[0][0], curve.y[0][-1]) == (0, 1)
    assert (curve.x[0], curve.x[-1]) == (found["profit"].min, found["profit"].max)
    for name, level, p in curve.marks:
        assert name == f"P{100 * p:g}"
        assert np.interp(level, curve.x, curve.y[0]) == pytest.approx(p, abs=0.01)
    histogram = next(panel for panel in found.panels() if type(panel).__name__ == "Histogram")
    assert [name for name, _ in histogram.marks] == ["value", "P5", "P10", "P50", "P90", "P95", "target"]


def test_what_makes_the_spread_is_told_from_the_same_draws() -> None:
    """Of a + 2 b, both of variance 1: 1/5 and 4/5."""
    of = tree("y", {"y": "a + 2 * b", **uncertain(a="normal(0, 1)", b="normal(0, 1)")})
    found = simulate(of, samples=8192, seed=4).sensitivity()
    assert (found.run.samples, found.run.seed) == (8192, 4)
    assert found["a"]["first"] == pytest.approx(0.2, abs=0.03)
    assert found["b"]["first"] == pytest.approx(0.8, abs=0.03)


# --- the same figures for everyone ---------------------------------------------------------------------------------


@every
def test_no_block_and_no_thread_changes_a_byte(points: str) -> None:
    of, runs = plan(correlations=[["a", "margin", 0.4]]), {"samples": 140_000, "points": points, "seed": 7}
    wanted = simulate(of, **runs)
    for block, threads in ((1000, 1), (4096, 2), (16_384, 4), (65_536, 1)):
        found = simulate(of, block=block, threads=threads, **runs)
        assert found.to_json() == wanted.to_json()
        assert found.samples().tobytes() == wanted.samples().tobytes()


def test_no_block_and_no_thread_changes_a_byte_of_the_shop() -> None:
    wanted = simulate(shop(), samples=70_000).to_json()
    assert simulate(shop(), samples=70_000, block=1000, threads=2).to_json() == wanted


@every
def test_the_order_of_the_file_changes_no_byte(points: str) -> None:
    metrics = {
        "y": {"formula": "exp(a / 3) * b - c", "target": 9},
        **uncertain(a="normal(3, 1)", b="gamma(4, 1)", c="uniform(0, 2)"),
    }
    pairs = [["a", "b", 0.3], ["c", "b", -0.5]]
    runs = [
        simulate(tree("y", metrics, correlations=pairs), samples=20_000, points=points),
        simulate(tree("y", dict(reversed(metrics.items())), correlations=pairs), samples=20_000, points=points),
    ]
    assert runs[0].samples().tobytes() == runs[1].samples().tobytes()
    assert runs[0].to_dict() == runs[1].to_dict()


def test_with_plain_draws_an_added_leaf_leaves_the_others_alone() -> None:
    leaves = uncertain(b="normal(3, 1)", d="gamma(4, 1)")
    small = tree("y", {"y": "b * d", **leaves})
    large = tree("y", {"y": "b * d + a + c", **leaves, **uncertain(a="normal(0, 1)", c="uniform(0, 1)")})
    runs = [simulate(of, samples=70_000, points="random", of=["b", "d"]) for of in (small, large)]
    for id in ("b", "d"):
        assert runs[0].samples(id).tobytes() == runs[1].samples(id).tobytes()


@every
def test_a_scenario_changes_no_other_leafs_draws(points: str) -> None:
    scenarios = {"sure": {"set": {"a": {"value": 7, "certain": True}}}, "dear": {"change": {"margin": "-10%"}}}
    of, runs = plan(scenarios=scenarios), {"samples": 5000, "points": points, "of": ["a", "b", "margin"]}
    base = simulate(of, **runs)
    sure, dear = (simulate(of.with_(scenario=name), **runs) for name in scenarios)
    for id in ("b", "margin"):
        assert sure.samples(id).tobytes() == base.samples(id).tobytes()
    for id in ("a", "b"):
        assert dear.samples(id).tobytes() == base.samples(id).tobytes()
    assert (sure.samples("a") == 7).all()


def test_the_seed_is_0_and_printed_with_all_that_repeats_the_run() -> None:
    found = simulate(plan())
    assert found.to_dict()["run"] == {
        "model": plan().hash,
        "seed": 0,
        "samples": 65_536,
        "points": "sobol",
        "version": VERSION,
    }
    foot = f"model {plan().hash[:8]}  seed 0  samples 65536  points sobol  leverage {VERSION}"
    assert text(found).splitlines()[-1] == foot
    assert simulate(plan(), seed=0, samples=65_536, points="sobol").to_json() == found.to_json()


def test_another_seed_gives_other_draws_and_none_draws_a_seed_that_repeats_them() -> None:
    runs = [simulate(plan(), samples=64, seed=seed) for seed in (1, 2, None, None)]
    means = {run.to_dict()["mean"] for run in runs}
    assert len(means) == 4
    drawn = runs[2]
    assert simulate(plan(), samples=64, seed=drawn.to_dict()["seed"]).to_json() == drawn.to_json()


def test_a_generator_is_used_for_one_integer_which_is_printed_as_the_seed() -> None:
    found = simulate(plan(), samples=64, rng=np.random.default_rng(9))
    seed = int(np.random.default_rng(9).integers(2**53))
    assert found.to_dict()["seed"] == seed
    assert simulate(plan(), samples=64, seed=seed).to_json() == found.to_json()
    assert simulate(plan(), samples=64, rng=9).to_json() == found.to_json()  # SPEC 7: a seed may stand for one


@given(random_tree())
@settings(max_examples=25, deadline=None)
def test_the_base_equals_a_sample(of: Tree) -> None:
    np.testing.assert_array_equal(simulate(of, samples=3).samples(), [evaluate(of).value] * 3)


def test_the_draws_of_a_formula_metric_are_its_formula_of_its_drivers_draws() -> None:
    found = simulate(plan(), samples=2000, of=["a", "b", "margin"])
    a, b, margin = (found.samples(id) for id in ("a", "b", "margin"))
    np.testing.assert_array_equal(found.samples(), (a + b) * margin - 5)


# --- moves ---------------------------------------------------------------------------------------------------------


def test_set_and_add_shift_every_draw_and_change_multiplies_it() -> None:
    of = plan()

    def draws(**moves: Any) -> np.ndarray:
        return simulate(of.with_(**moves), samples=2000, of="a").samples("a")

    base = draws()
    np.testing.assert_allclose(draws(set={"a": 7}), base + 2, rtol=1e-13)
    np.testing.assert_allclose(draws(add={"a": 0.5}), base + 0.5, rtol=1e-13)
    np.testing.assert_allclose(draws(change={"a": -0.15}), base * 0.85, rtol=1e-13)
    np.testing.assert_allclose(draws(set={"a": 7}, change={"a": 0.1}, add={"a": 1}), (base + 2) * 1.1 + 1, rtol=1e-13)


def test_a_lever_that_is_set_keeps_its_doubt() -> None:
    found = simulate(plan().with_(set={"b": 9}), samples=2000, of="b")
    assert found["b"].sd == pytest.approx(simulate(plan(), samples=2000, of="b")["b"].sd, rel=0.01)


def test_draws_that_leave_what_the_figure_can_be_are_put_at_its_end_and_counted() -> None:
    of = tree("y", {"y": "x", "x": {"value": 0.6, "uncertainty": "beta(3, 2)"}}).with_(add={"x": 0.2})
    found = simulate(of, samples=20_000)
    at_the_end = int(np.count_nonzero(found.samples() == 1))
    assert at_the_end / 20_000 == pytest.approx(stats.beta(3, 2).sf(0.8), abs=0.005)
    note = f"{at_the_end:,} of 20,000 draws of x left its possible range after the change and were put at its end"
    assert note in found.to_dict()["notes"]
    for block, threads in ((999, 1), (4096, 4)):
        assert simulate(of, samples=20_000, block=block, threads=threads).to_json() == found.to_json()


def test_a_formula_metric_that_was_moved_is_certain_and_cuts_its_drivers_off() -> None:
    found = simulate(plan().with_(set={"units": 10.0}), samples=2000)
    assert found["units"].sd == 0
    assert "units was moved itself: its drivers no longer reach profit through it" in found.to_dict()["notes"]
    np.testing.assert_allclose(
        found["profit"].mean, 10 * simulate(plan(), samples=2000, of="margin")["margin"].mean - 5
    )


# --- targets -------------------------------------------------------------------------------------------------------


def test_probability_of_target_is_the_share_at_or_beyond_it_in_the_goals_direction() -> None:
    draws = simulate(plan(), samples=4096).samples()
    assert simulate(plan(), samples=4096).to_dict()["probability_of_target"] == np.mean(draws >= 60)
    turned = simulate(plan(goal="minimize"), samples=4096).to_dict()
    assert turned["probability_of_target"] == np.mean(draws <= 60)
    assert turned["metrics"]["units"]["probability_of_target"] == np.mean(
        simulate(plan(), samples=4096).samples("units") <= 12
    )


def test_at_the_target_itself_it_is_met() -> None:
    of = tree("y", {"y": {"formula": "x", "target": 3}, "x": {"value": 3, "uncertainty": "poisson(3)"}})
    found = simulate(of, samples=65_536)
    assert found.to_dict()["probability_of_target"] == pytest.approx(stats.poisson.sf(2, 3), abs=1e-3)


def test_a_metric_whose_better_direction_is_down_meets_its_target_below_it() -> None:
    metrics = {"y": "100 - x", "x": {"value": 5, "uncertainty": "normal(5, 1)", "target": 5.5}}
    found = simulate(tree("y", metrics), samples=8192)
    told = found.to_dict()["metrics"]["x"]
    assert told["probability_of_target"] == pytest.approx(stats.norm.cdf(0.5), abs=1e-3)


def test_without_a_target_the_probability_is_null() -> None:
    told = agrees(simulate(tree("y", {"y": "x", "x": {"value": 5, "range": [4, 6]}}), samples=64))
    assert told["probability_of_target"] is None
    assert told["probability_error"] is None


def test_reported_are_the_kgi_metrics_with_a_target_and_those_named() -> None:
    assert list(simulate(plan(), samples=8).to_dict()["metrics"]) == ["units"]
    assert list(simulate(plan(), samples=8, of="a").to_dict()["metrics"]) == ["units", "a"]
    assert list(simulate(plan(), samples=8, of=["profit", "b", "units"]).to_dict()["metrics"]) == ["units", "b"]
    with pytest.raises(ValueError, match="unknown metric 'c'"):
        simulate(plan(), samples=8, of="c")


# --- quantiles -----------------------------------------------------------------------------------------------------


def test_quantiles_are_numpys_own_and_keyed_as_typed() -> None:
    found = simulate(plan(), samples=999, quantiles=["5%", 0.5, "0.975", 1 / 3, 0, 1])
    told = found.to_dict()["quantiles"]
    assert list(told) == ["5%", "0.5", "0.975", "0.3333333333333333", "0", "1"]
    wanted = np.quantile(found.samples(), [0.05, 0.5, 0.975, 1 / 3, 0, 1])
    assert list(told.values()) == list(wanted)
    assert "P33.3333" in text(found)


@pytest.mark.parametrize("quantile", [-0.1, 1.5, "150%", math.nan])
def test_a_quantile_beyond_0_to_1_is_refused(quantile: Any) -> None:
    with pytest.raises(ValueError, match=r"give probabilities between 0 and 1, such as 0\.05 or 5%"):
        simulate(plan(), quantiles=[quantile])


# --- what is not finite --------------------------------------------------------------------------------------------


def test_samples_that_are_not_finite_are_counted_named_left_out_and_miss_the_target() -> None:
    of = tree("y", {"y": {"formula": "log(x)", "target": -1}, "x": {"value": 1, "uncertainty": "normal(1, 1)"}})
    found = simulate(of, samples=10_000, points="random")
    told = agrees(found)
    draws = found.samples()
    kept = draws[np.isfinite(draws)]
    assert told["not_finite"] == 10_000 - len(kept)
    assert told["not_finite"] / 10_000 == pytest.approx(stats.norm.cdf(-1), abs=ERRORS * 0.00366)
    assert told["mean"] == pytest.approx(float(kept.mean()), rel=1e-12)
    assert told["max"] == kept.max()
    assert told["probability_of_target"] == np.count_nonzero(kept >= -1) / 10_000
    note = (
        f"y is not finite in {told['not_finite']:,} of 10,000 samples: they are left out of the moments and counted as "
        "missing the target, and as worse than the plan"
    )
    assert note in told["notes"]
    assert "y is not finite in" in text(found)
    assert "in 8 of 10 cases of those in which it is finite, and meets its target" in text(found).replace("\n", " ")


def test_where_no_sample_is_finite_every_figure_is_null_and_said_so() -> None:
    found = simulate(tree("y", {"y": "log(x - 9)", "x": {"value": 1, "uncertainty": "uniform(0, 2)"}}), samples=64)
    told = agrees(found)
    assert (told["not_finite"], told["mean"], told["sd"], told["min"], told["quantiles"]["0.5"]) == (64, *[None] * 4)
    assert "mean is not finite" in told["notes"]
    assert text(found).startswith("y is finite in no sample.")


def test_one_sample_has_no_spread_and_no_error() -> None:
    told = agrees(simulate(plan(), samples=1))
    assert (told["sd"], told["standard_error"]) == (None, None)
    assert told["mean"] == told["min"] == told["max"]


def test_a_value_that_is_infinite_is_as_lost_as_one_that_is_undefined() -> None:
    of = tree("y", {"y": "1 / (x > 0)", "x": {"value": 1, "uncertainty": "normal(0, 1)"}})
    assert simulate(of, samples=4096)["y"].not_finite == pytest.approx(2048, abs=20)


# --- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"samples": 0}, "samples 0: give at least 1"),
        ({"threads": 0}, "threads 0: give at least 1"),
        ({"block": 0}, "block 0: give at least 1"),
        ({"seed": -1}, "seed -1: a seed is a whole number from 0"),
        ({"samples": 2**40 + 1}, "samples 1099511627777: give at most 1,099,511,627,776"),
        ({"threads": 2, "executor": "dask://h:1"}, "threads 2: an executor has its own workers; give one of the two"),
        ({"points": "sobel"}, "unknown kind of points 'sobel'; did you mean 'sobol'?"),
    ],
)
def test_a_setting_that_nothing_can_be_drawn_with_is_refused(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        simulate(plan(), **setting)
    assert str(refused.value) == message


@pytest.mark.parametrize("setting", [{"samples": 1.5}, {"seed": "0"}, {"threads": "2"}])
def test_a_setting_of_the_wrong_kind_is_refused_too(setting: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="whole number"):
        simulate(plan(), **setting)


def test_correlations_that_no_dependence_has_are_moved_and_said_or_refused() -> None:
    leaves = uncertain(a="normal(0, 1)", b="normal(0, 1)", c="normal(0, 1)")
    pairs = [["a", "b", 0.9], ["b", "c", 0.9], ["a", "c", -0.9]]
    of = tree("y", {"y": "a + b + c", **leaves}, correlations=pairs)
    assert any("correlation" in note for note in simulate(of, samples=64).to_dict()["notes"])
    with pytest.raises(ValueError, match="correlation"):
        simulate(of, samples=64, strict=True)


# --- what people read ----------------------------------------------------------------------------------------------


def test_it_opens_with_how_wide_the_outcome_is_and_how_likely_the_target() -> None:
    found = simulate(plan(), samples=4096)
    low, high = np.quantile(found.samples(), [0.1, 0.9])
    share = found.to_dict()["probability_of_target"]
    assert text(found).splitlines()[0] == (
        f"profit comes out between {low:.4g} and {high:.4g} in 8 of 10 cases, and meets its target of 60 in "
        f"{100 * share:.3g}% of all cases."
    )


def test_the_table_names_the_figures_with_their_errors() -> None:
    found = simulate(plan(), samples=4096)
    told = found.to_dict()
    assert line(found, "mean") == f"mean {told['mean']:.4g} {told['standard_error']:.4g}"
    assert line(found, "P5") == f"P5 {told['quantiles']['0.05']:.4g} {told['quantile_errors']['0.05']:.4g}"
    assert line(found, "chance of at least 60").startswith("chance of at least 60 ")
    assert line(simulate(plan(goal="minimize"), samples=64), "chance of at most 60")


def test_where_nothing_is_uncertain_it_says_so() -> None:
    found = simulate(tree("y", {"y": {"formula": "x", "target": 2}, "x": 3}), samples=64)
    told = agrees(found)
    assert (told["mean"], told["sd"], told["probability_of_target"]) == (3, 0, 1)
    assert text(found).splitlines()[0] == "y is 3 in every sample: nothing in this tree is uncertain."
    assert "nothing in this tree is uncertain: give leaves a 'range' and ask again" in told["notes"]


def test_a_middle_of_one_level_is_told_as_that_level() -> None:
    """Of a seldom event 8 of 10 draws stand at one level: "between 0 and 0" says less."""
    of = tree("y", {"y": "3 * x", "x": {"value": 0, "uncertainty": "bernoulli(0.05)"}})
    assert text(simulate(of, samples=1024)).startswith("y comes out at 0 in 8 of 10 cases.")


def test_it_says_what_to_run_next() -> None:
    assert "Next: leverage levers MODEL" in text(simulate(plan(), samples=64))


def test_a_metric_is_found_by_its_id_and_one_that_is_not_reported_is_told() -> None:
    found = simulate(plan(), samples=8)
    for ask in (found.__getitem__, found.samples):
        with pytest.raises(ValueError, match="unknown metric 'x'"):
            ask("x")
        with pytest.raises(ValueError, match="unknown metric 'a' in this answer; name it with of='a'"):
            ask("a")
