"""Scenarios on the same draws: differences with intervals that hold what they say, and the sentence that tells them."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from scipy import stats

from leverage.errors import LeverageError
from leverage.model import Model, load
from leverage.verbs.draws import chance
from leverage.verbs.simulate import Simulation
from tests.verbs.faces import agrees, line, text


def plan(**keys: Any) -> Model:
    """Profit a b - c: with ``more`` it is (a + 1) b - c, so the difference is b."""
    metrics = {
        "y": {"formula": "a * b - c", "target": 12, "unit": "USD"},
        "a": {"value": 5, "uncertainty": "normal(5, 1)"},
        "b": {"value": 3, "uncertainty": "gamma(9, 0.333)"},
        "c": {"value": 4, "uncertainty": "uniform(2, 6)"},
    }
    scenarios = {
        "more": {"add": {"a": 1}},
        "dearer": {"add": {"c": 2}},
        "same": {"change": {"c": "0%"}},
        "toss-up": {"set": {"c": {"value": 4, "certain": True}}},
    }
    return Model(**{"kgi": "y", "metrics": metrics, "scenarios": scenarios, **keys})


def entry(found: Simulation, name: str) -> dict[str, Any]:
    (told,) = (each for each in found.to_dict()["scenarios"] if each["scenario"] == name)
    return dict(told)


def test_every_face_agrees_and_the_scenarios_stand_in_the_order_asked() -> None:
    told = agrees(plan().simulate(samples=4096, beside=["dearer", "more"], quantiles=["5%", "95%"]))
    assert [each["scenario"] for each in told["scenarios"]] == ["dearer", "more"]
    assert "scenarios" not in plan().simulate(samples=64).to_dict()
    agrees(load("shop").simulate(samples=1024, beside="all"))
    agrees(load("marketing").simulate(samples=512, beside="all"))


def test_its_own_figures_are_those_of_the_scenario_simulated_alone() -> None:
    found = entry(plan().simulate(samples=4096, seed=3, beside="more"), "more")
    alone = plan().simulate(samples=4096, seed=3, scenario="more").to_dict()
    for key in ("mean", "sd", "standard_error", "quantiles", "probability_of_target"):
        assert found[key] == alone[key], key


@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
def test_the_difference_is_that_of_the_same_draws(points: str) -> None:
    runs = {"samples": 4096, "points": points, "seed": 2}
    mine, other = plan().simulate(**runs).samples(), plan().simulate(scenario="more", **runs).samples()
    found = entry(plan().simulate(beside="more", **runs), "more")["difference"]
    apart = other - mine
    assert found["mean"] == pytest.approx(apart.mean(), rel=1e-12)
    assert found["quantiles"]["0.5"] == np.median(apart)
    assert found["probability_better"] == np.mean(apart > 0)
    degrees = 4095 if points == "random" else 7
    means = [apart[r::8].mean() for r in range(8)]
    error = apart.std(ddof=1) / 64 if points == "random" else np.std(means, ddof=1) / math.sqrt(8)
    wide = stats.t.ppf(0.975, degrees) * error
    assert found["interval"] == pytest.approx([apart.mean() - wide, apart.mean() + wide], rel=1e-9)


def test_intervals_of_95_percent_hold_the_exact_difference_as_often_as_they_say() -> None:
    """``more`` brings E(b) = 2.997. Of 200 intervals at least 190 - 3 sqrt(200 x 0.95 x 0.05) = 181 hold it."""
    held = 0
    for seed in range(200):
        low, high = entry(plan().simulate(samples=256, seed=seed, beside="more"), "more")["difference"]["interval"]
        held += low <= 9 * 0.333 <= high
    assert 181 <= held <= 199


def test_the_same_draws_tell_apart_what_two_runs_do_not() -> None:
    """A cost of 2 more is 2 in every draw, though the outcome's own error is a hundred times what is left."""
    found = plan().simulate(samples=512, points="random", beside="dearer")
    apart = entry(found, "dearer")["difference"]
    assert apart["interval"] == pytest.approx([-2, -2])
    assert apart["standard_error"] < found["y"].standard_error / 100
    assert apart["probability_better"] == 0


def test_for_a_goal_that_is_to_be_small_less_is_better() -> None:
    found = entry(plan(goal="minimize").simulate(samples=512, beside="dearer"), "dearer")
    assert found["difference"]["probability_better"] == 1
    assert entry(plan(goal="minimize").simulate(samples=512, beside="more"), "more")["difference"]["mean"] > 0
    said = text(plan(goal="minimize").simulate(samples=512, beside="more"))
    assert "more is on average worse than the plan as it stands" in said


def test_scenarios_are_as_the_file_has_them_and_stand_against_what_was_tried() -> None:
    tried = plan().simulate(samples=512, add={"c": -1}, beside=["base", "dearer"])
    assert entry(tried, "base")["difference"]["mean"] == pytest.approx(-1)
    assert entry(tried, "dearer")["difference"]["mean"] == pytest.approx(-3)
    both = plan().simulate(samples=512, scenario="dearer", beside="base")
    assert entry(both, "base")["difference"]["mean"] == pytest.approx(2)
    assert "against dearer" in text(both)


def test_the_sentence_says_which_is_better_and_how_surely() -> None:
    told = text(plan().simulate(samples=4096, beside=["dearer", "more"]))
    assert "On the same draws the best of them, more, is on average better than the plan as it stands: +2.99" in told
    assert "it is the better one in 100% of all cases." in told
    assert "same comes out as the plan as it stands in every draw." in text(plan().simulate(samples=64, beside="same"))
    unsure = text(plan().simulate(samples=256, points="random", beside="toss-up"))
    assert "toss-up is on average not told apart from the plan as it stands" in unsure
    assert line(plan().simulate(samples=512, beside="dearer"), "dearer").split()[-1] == "0%"


def test_no_block_and_no_thread_changes_a_byte() -> None:
    wanted = plan().simulate(samples=70_000, beside="all").to_json()
    assert plan().simulate(samples=70_000, beside="all", block=1000, threads=2).to_json() == wanted


def test_all_are_those_of_the_file_and_an_unknown_one_is_told_the_nearest() -> None:
    found = plan().simulate(samples=8, beside="all").to_dict()
    assert [each["scenario"] for each in found["scenarios"]] == ["more", "dearer", "same", "toss-up"]
    with pytest.raises(LeverageError) as told:
        plan().simulate(samples=8, beside="deerer")
    assert str(told.value) == "unknown scenario 'deerer'; did you mean 'dearer'?"


def test_draws_that_are_not_finite_are_no_better() -> None:
    of = plan(
        metrics={"y": "log(x)", "x": {"value": 2, "uncertainty": "uniform(1, 3)"}},
        scenarios={"low": {"add": {"x": -1.5}}},
    )
    found = entry(of.simulate(samples=1024, beside="low"), "low")
    assert found["difference"]["probability_better"] == 0


def test_more_samples_than_are_kept_are_refused() -> None:
    with patch.object(chance, "KEPT", 1000), pytest.raises(LeverageError, match=r"with --beside give at most 1,000"):
        plan().simulate(samples=2000, beside="more")


def ratio(of: str = "a / b", **scenarios: Any) -> Model:
    """A divisor of which 2 in 100 draws are below 0: the mean does not exist."""
    metrics = {
        "y": {"formula": of, "unit": "USD"},
        "a": {"value": 2, "range": [1, 3]},
        "b": {"value": 1, "uncertainty": "normal(1, 0.5)"},
        "c": 0,
    }
    return Model(kgi="y", metrics=metrics, scenarios=scenarios)


def test_a_difference_has_no_mean_where_neither_side_has_one_and_the_cases_say_which_is_better() -> None:
    """Fewer draws than the tails are read from: a tenth of a / b is a / b still, so its mean exists no more."""
    found = ratio(up={"change": {"a": "10%"}}, safe={"add": {"b": 9}}).simulate(samples=2048, beside=["safe", "up"])
    for name in ("up", "safe"):
        told = entry(found, name)["difference"]
        assert (told["mean"], told["standard_error"], told["interval"]) == (None, None, None)
        assert told["quantiles"]["0.5"] != 0
    agrees(found)
    share = entry(found, "up")["difference"]["probability_better"]
    assert share > 0.9
    assert f"On the same draws up is better than the plan as it stands in {share:.1%} of all cases." in text(found)


def test_what_falls_out_of_a_difference_leaves_it_its_mean() -> None:
    """y = a / b + c: 0.1 more of c are 0.1 in every draw, to the rounding of a y of 100k, though y has no mean."""
    for samples in (2048, 16_384):
        of = ratio("a / b + c", more={"add": {"c": 0.1}})
        found = entry(of.simulate(samples=samples, beside="more"), "more")
        assert found["mean"] is None
        assert found["difference"]["mean"] == pytest.approx(0.1)


def test_where_one_has_no_mean_difference_no_other_is_called_the_best_by_its_own() -> None:
    """Seen at 65,536 draws: the scenario that changes nothing was told, the one that is better in 97 % was not."""
    found = ratio(same={"change": {"a": "0%"}}, up={"change": {"a": "10%"}}).simulate(samples=2048, beside="all")
    assert "On the same draws up is better than the plan as it stands in" in text(found)


def test_scenarios_that_are_worse_stand_behind_the_one_that_changes_nothing() -> None:
    told = text(plan().simulate(samples=64, beside=["same", "dearer"]))
    assert "Even the best of them, same, comes out as the plan as it stands in every draw." in told


def test_draws_that_are_infinite_on_both_sides_are_no_difference_and_warn_of_nothing() -> None:
    metrics = {"y": "exp(a) * b", "a": {"value": 700, "uncertainty": "normal(700, 20)"}, "b": 1}
    of = Model(kgi="y", metrics=metrics, scenarios={"up": {"change": {"b": "10%"}}})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = of.simulate(samples=1024, beside="up")
        other = of.simulate(samples=1024, scenario="up").samples()
    share = entry(found, "up")["difference"]["probability_better"]
    assert share == np.mean(np.isfinite(found.samples()) & np.isfinite(other))
    assert "up is better than the plan as it stands in" in text(found)


def test_a_checkpoint_keeps_what_was_asked_and_changes_nothing_of_what_stands_beside_it(tmp_path: Path) -> None:
    """The file of the run itself was taken for that of each scenario, and refused."""
    runs: dict[str, Any] = {"samples": 70_000, "beside": "all"}
    wanted, file = plan().simulate(**runs).to_json(), str(tmp_path / "kept")
    assert plan().simulate(**runs, checkpoint=file).to_json() == wanted
    assert plan().simulate(**runs, checkpoint=file).to_json() == wanted
