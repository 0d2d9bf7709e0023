"""Which uncertainty makes the spread? Its faces, its sentences, what it refuses, and who is judged.

Whether indices are right is for tests/verbs/draws/test_hybrids.py and its neighbours.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leverage.errors import LeverageError, UnknownName
from leverage.model import load
from leverage.panels import GroupedBars
from leverage.tree.tree import Tree
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.players.methods import METHODS
from leverage.verbs.sensitivity import Sensitivity, Tied, sensitivity
from leverage.verbs.simulate import NotReported, simulate
from leverage.work.said import Said
from tests.oracles.spread import ishigami
from tests.trees import tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.models import shipped_but

FEW = {"samples": 512}


def derived(found: Sensitivity) -> list[float]:
    """Half intervals, and shares to four decimals, as the table has them."""
    said = []
    for index in found.weighed.found.measures.values():
        said += [*index.value, *(index.high - index.value)]
    for figures in found.weighed.found.figures.values():
        said += [*figures]
    if found.weighed.found.second is not None:
        said += [
            *found.weighed.found.second.value,
            *(found.weighed.found.second.high - found.weighed.found.second.value),
        ]
    return [round(float(value), 4) if found.weighed.method.shares else float(value) for value in said]


def plan(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "visits * rate * 60 - cost", "unit": "USD"},
        "visits": {"value": 1000, "uncertainty": "normal(1000, 100)", "owner": "Marketing", "label": "Visits"},
        "rate": {"value": "3%", "uncertainty": "normal(3%, 0.5%)", "owner": "UX"},
        "cost": {"value": 800, "uncertainty": "uniform(700, 900)", "owner": "UX"},
        "idle": {"uncertainty": "normal(0, 1)"},
        "sure": 7,
    }
    return tree("profit", metrics, **keys)


# --- the faces -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_every_face_of_the_answer_gives_the_same_figures(method: str) -> None:
    found = sensitivity(plan(), method=method, samples=64)
    told = agrees(found, derived=derived(found))
    assert told["method"] == method
    assert [entry["metric"] for entry in told["indices"]][-1] == "idle"
    idle = told["indices"][-1]
    assert {value for key, value in idle.items() if isinstance(value, float) and key != "sd_if_known"} == {0.0}


@pytest.mark.parametrize("name", shipped_but("retail"))
def test_shipped_models_agree_in_every_face(name: str) -> None:
    found = sensitivity(load(name).tree, **FEW)
    agrees(found, derived=derived(found))


def test_second_order_stands_in_every_face() -> None:
    found = sensitivity(ishigami().tree, second=True, samples=2_048)
    told = agrees(found, derived=derived(found))
    assert told["second"][0]["metrics"] == ["x1", "x3"]
    assert told["second"][0]["index"] == pytest.approx(ishigami().total[2], abs=0.03)
    assert line(found, "x1 and x3").endswith("%")


def test_the_order_is_that_of_the_total_index_greatest_first() -> None:
    found = sensitivity(plan(), **FEW)
    totals = [entry["total"] for entry in found.to_dict()["indices"]]
    assert totals == sorted(totals, reverse=True)
    assert found["rate"]["total"] == totals[0]


def test_the_spread_that_is_left_once_a_leaf_is_known() -> None:
    """Var of 60 visits rate: exact by hand, rate alone makes (60 * 1000 * 0.5 %)^2 = 300^2 of it."""
    found = sensitivity(plan(), samples=8_192)
    own = {"rate": 300.0**2, "visits": (60 * 0.03 * 100) ** 2, "cost": 200**2 / 12}
    whole = sum(own.values()) + (60 * 0.005 * 100) ** 2
    assert found.weighed.sd == pytest.approx(math.sqrt(whole), rel=2e-3)
    assert found["rate"]["sd_if_known"] == pytest.approx(math.sqrt(whole - own["rate"]), rel=1e-2)


# --- sentences -----------------------------------------------------------------------------------------------------


def test_the_answer_opens_with_who_makes_most_and_how_few_make_nearly_all() -> None:
    said = text(sensitivity(plan(), samples=8_192))
    assert said.startswith("rate makes 72% of the spread of profit (sd ")
    assert "; 2 of 4 make 90% of it." in said.splitlines()[0]
    assert "Next: leverage levers MODEL" in said


def test_neighbours_that_the_sample_cannot_rank_are_named_with_how_many_samples_would_do() -> None:
    """Two leaves of sd 1 and 1.01: their indices differ by one part in a hundred."""
    near = {"a": {"uncertainty": "exponential(1)"}, "b": {"uncertainty": "exponential(1.002)"}}
    said = sensitivity(tree("y", {"y": "a * b", **near}), samples=64).notes()
    (note,) = [each for each in said if "near to rank" in each]
    assert " are too near to rank with 64 samples; " in note
    assert note.endswith(("would do", "may well be alike"))


def test_leaves_far_apart_are_ranked_without_a_word() -> None:
    assert sensitivity(plan(), samples=8_192).notes() == ()


def test_nothing_uncertain_is_an_answer_that_says_no() -> None:
    found = sensitivity(tree("y", {"y": "2 * x", "x": 3}))
    assert not found.answered
    assert text(found).startswith("y is the same in every draw: give leaves a 'range' and ask again.")
    assert found.to_dict()["indices"] == []


def test_bars_have_a_series_for_each_measure_and_intervals() -> None:
    (bars,) = (panel for panel in sensitivity(plan(), **FEW).panels() if isinstance(panel, GroupedBars))
    assert bars.ids[0] == "rate"
    assert bars.values.shape == (2, 4)
    assert bars.errors is not None
    assert (bars.errors[0] <= bars.values).all()
    assert (bars.errors[1] >= bars.values).all()


# --- who is judged, and by what ------------------------------------------------------------------------------------


def test_groups_by_owner_and_by_dimension() -> None:
    assert {entry["metric"] for entry in sensitivity(plan(), by="owner", **FEW).to_dict()["indices"]} == {
        "Marketing",
        "UX",
        "nobody",
    }
    by_channel = sensitivity(load("marketing").tree, by="channel", method="shapley", samples=64)
    assert {"search", "display"} <= {entry["metric"] for entry in by_channel.to_dict()["indices"]}


def test_another_metric_may_be_asked_about_and_one_cell_of_it() -> None:
    found = sensitivity(plan(), of="cost", **FEW)
    assert found.to_dict()["metric"] == "cost"
    assert found["cost"]["first"] == pytest.approx(1)
    with pytest.raises(BadSetting, match="name one, such as"):
        sensitivity(load("marketing").tree, of="spend")


def test_leaves_that_correlate_get_shapley_effects_and_the_answer_says_so() -> None:
    tied = plan(correlations=[["visits", "rate", -0.5]])
    found = sensitivity(tied, **FEW)
    assert found.weighed.method.name == "shapley"
    assert "visits and rate correlate, so Shapley effects are given" in found.notes()
    assert sum(entry["effect"] for entry in found.to_dict()["indices"]) == pytest.approx(1, abs=1e-12)


def test_sobol_indices_of_leaves_that_correlate_are_refused_with_what_would_do() -> None:
    tied = plan(correlations=[["rate", "cost", -0.5]])
    with pytest.raises(Tied) as refused:
        sensitivity(tied, method="sobol")
    assert str(refused.value) == (
        "method 'sobol': rate and cost correlate, and an index of one alone would count the other; "
        "take --method shapley, or groups that no correlation crosses (--by owner)"
    )
    found = sensitivity(tied, method="sobol", by="owner", **FEW)
    assert found.weighed.method.name == "sobol"


def test_methods_groupings_and_settings_that_are_not_are_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="did you mean 'shapley'"):
        sensitivity(plan(), method="shaply")
    with pytest.raises(UnknownName, match="grouping"):
        sensitivity(plan(), by="colour")
    with pytest.raises(BadSetting, match="method 'shapley': second-order indices are of method sobol"):
        sensitivity(plan(), method="shapley", second=True)


def test_a_scenario_moves_the_leaves_and_their_parts() -> None:
    surer = plan(scenarios={"known": {"set": {"rate": {"value": 0.03, "certain": True}}}})
    found = sensitivity(surer.with_(scenario="known"), **FEW)
    assert "rate" not in {entry["metric"] for entry in found.to_dict()["indices"]}


def test_the_seed_gives_the_figures_and_another_one_others_within_their_intervals() -> None:
    one, same, other = (
        sensitivity(plan(), seed=seed, samples=1_024).weighed.found.measures["total"] for seed in (0, 0, 5)
    )
    assert one.value.tobytes() == same.value.tobytes()
    assert (np.abs(one.value - other.value) <= 6 * np.hypot(one.error, other.error)).all()


def test_samples_that_are_there_tell_the_first_order_without_a_further_run() -> None:
    """The same figures as of the verb by the same draws, and no formula is computed."""
    drawn = simulate(plan(), samples=8_192, of="cost")
    there, again = drawn.sensitivity(), sensitivity(plan(), method="given", samples=8_192)
    assert there.to_dict()["indices"] == again.to_dict()["indices"]
    assert drawn.sensitivity("cost")["cost"]["first"] == pytest.approx(1, abs=1e-3)
    assert drawn.sensitivity(by="owner").to_dict()["indices"][0]["metric"] == "UX"
    with pytest.raises(NotReported):
        drawn.sensitivity("visits")
    over_time = load("saas").tree
    assert (
        simulate(over_time, samples=1_024).sensitivity().to_dict()["indices"]
        == sensitivity(over_time, method="given", samples=1_024).to_dict()["indices"]
    )


@pytest.mark.parametrize("method", ["sobol", "shapley", "morris"])
def test_a_checkpoint_of_other_players_or_of_another_metric_is_refused(method: str, tmp_path: Path) -> None:
    """It is kept when the run is stopped at its second chunk; the same question goes on from it to the same bytes."""
    file, calls = tmp_path / "kept.npz", []

    def stop(done: int, total: int) -> None:
        calls.append(done)
        if done:
            raise KeyboardInterrupt

    asked: dict[str, Any] = {"method": method, "samples": 140_000, "checkpoint": str(file)}
    with pytest.raises(KeyboardInterrupt):
        sensitivity(plan(), progress=stop, **asked)
    assert file.exists()
    for other in ({"by": "owner"}, {"of": "cost"}):
        with pytest.raises(LeverageError, match="another"):
            sensitivity(plan(), **asked, **other)
    with pytest.warns(Said, match="took over 1 of 3 chunks"):
        resumed = sensitivity(plan(), **asked)
    assert resumed.to_json() == sensitivity(plan(), method=method, samples=140_000).to_json()
    assert not file.exists()


@pytest.mark.parametrize("method", ["sobol", "shapley", "given"])
@pytest.mark.parametrize("heavy", ["cauchy(0, 1)", "student_t(2)", "student_t(1.5)"])
def test_a_variance_that_does_not_exist_is_not_shared_out(method: str, heavy: str) -> None:
    metrics = {"y": "a + b", "a": {"value": 0, "uncertainty": heavy}, "b": {"uncertainty": "normal(0, 1)"}}
    found = sensitivity(tree("y", metrics), method=method)
    assert not found.answered
    assert found.to_dict()["indices"] == []
    assert text(found).startswith("The variance of y does not exist, so there is nothing to share out.")
    assert any(heavy.split("(", maxsplit=1)[0] in note for note in found.notes())


@pytest.mark.parametrize("wide", ["lognormal(mu=0, sigma=1.5)", "student_t(5)", "exponential(2)"])
def test_a_wide_spread_that_exists_is_shared_out(wide: str) -> None:
    metrics = {"y": "a + b", "a": {"uncertainty": wide}, "b": {"uncertainty": "normal(0, 1)"}}
    found = sensitivity(tree("y", metrics))
    assert found["a"]["total"] > 0.3
    assert found["a"]["total"] + found["b"]["total"] == pytest.approx(1, abs=0.1)


METHODICALLY = pytest.mark.parametrize("method", list(METHODS))


@METHODICALLY
def test_draws_that_are_not_finite_are_left_out_and_said(method: str) -> None:
    """sqrt(a) + b / 10 with a uniform up to 1 where it has a root, b uniform from 0 to 1: variances 1/18 and 1/1200.

    So b has 1200 / 18 + 1 parts of which b is one: 1.478%, of the variance that the finite draws have.
    """
    metrics = {
        "y": "sqrt(a) + 0.1 * b",
        "a": {"uncertainty": "uniform(-0.4, 1)"},
        "b": {"uncertainty": "uniform(0, 1)"},
    }
    found = sensitivity(tree("y", metrics), method=method)
    (note,) = found.notes()
    lost = (
        "37.5%" if method == "morris" else "28.6%"
    )  # morris: where it jumps to, or from, below 0: 3 of 8, and of b 3 of 8
    assert note == f"y is not finite in {lost} of the draws: they are left out, and the figures are of the others"
    if method == "morris":
        return
    ranks = METHODS[method].ranks
    entry = found["b"]
    low, high = entry["interval" if method != "sobol" else f"{ranks}_interval"]
    assert entry[ranks] == pytest.approx(1 / (1200 / 18 + 1), abs=3e-4 + (high - low) / 2)
    if found.weighed.sd is not None:
        assert found.weighed.sd == pytest.approx(math.sqrt(1 / 18 + 1 / 1200), rel=0.005)


@METHODICALLY
def test_a_metric_that_is_finite_in_no_draw_has_nothing_to_share_out(method: str) -> None:
    found = sensitivity(tree("y", {"y": "log(a)", "a": {"value": 1, "uncertainty": "uniform(-3, -1)"}}), method=method)
    assert not found.answered
    assert text(found).startswith("y is not finite in any draw, so there is nothing to share out.")


@METHODICALLY
def test_uncertain_leaves_that_make_no_difference_are_not_asked_for_a_range(method: str) -> None:
    found = sensitivity(
        tree("y", {"y": "min(a, 0.5)", "a": {"value": 1, "uncertainty": "uniform(1, 3)"}}), method=method
    )
    assert not found.answered
    assert text(found).startswith("y is the same in every draw: no uncertain leaf makes a difference.")


@pytest.mark.parametrize("method", ["sobol", "shapley", "given"])
def test_what_rounding_leaves_is_no_spread(method: str) -> None:
    """x + 0.3 - x is 0.3 but for the last bits, which are not shared out."""
    found = sensitivity(tree("y", {"y": "x + 0.3 - x", "x": {"uncertainty": "uniform(1, 3)"}}), method=method)
    assert not found.answered


def test_leaves_alike_to_the_last_bit_are_said_to_be_alike() -> None:
    """Effects of a and b are sums of 1 and 2, so among few trajectories they come out the same, by other repeats."""
    either = {"uncertainty": "discrete([1, 2], [1, 1])"}
    of = tree("y", {"y": "a * b", "a": either, "b": either})
    found = (sensitivity(of, method="morris", points="random", samples=16, seed=seed) for seed in range(12))
    same = [each for each in found if each["a"]["mu_star"] == each["b"]["mu_star"] and each["a"]["interval"][0] < 3]
    assert any("a and b are too near to rank" in note for each in same for note in each.notes())
    assert all("they may well be alike" in note for each in same for note in each.notes())


def test_samples_too_few_for_a_leaf_rank_none() -> None:
    said = text(sensitivity(plan(), method="given", samples=16))
    assert said.startswith("The samples do not tell what each leaf makes of the spread of profit.")


@pytest.mark.parametrize("method", ["sobol", "shapley", "given"])
@pytest.mark.parametrize("unit", [1e-200, 1e-9, 1e12, 1e200])
def test_the_unit_changes_no_share(method: str, unit: float) -> None:
    """The ends are too small, or too large, for the square of a figure to be a number."""
    leaves = {"a": {"uncertainty": "uniform(1, 3)"}, "b": {"uncertainty": "uniform(0, 4)"}}
    one, other = (
        sensitivity(tree("y", {"y": f"{each!r} * (a + b)", **leaves}), method=method, samples=512)
        for each in (1.0, unit)
    )
    rank = METHODS[method].ranks
    for id in leaves:
        assert other[id][rank] == pytest.approx(one[id][rank], rel=1e-9)


def test_a_grouping_that_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="unknown grouping 'colour' among leaf, cell, owner and branch"):
        sensitivity(plan(), by="colour")


def test_groups_that_would_do_are_those_of_the_metric_that_is_asked_about() -> None:
    """Below the KGI a and b are one branch, below y two that their correlation crosses; owners are not told."""
    leaf = {"uncertainty": "normal(1, 1)"}
    metrics = {"kgi": "y + c + d", "y": "a * e + b", **dict.fromkeys("abcde", leaf)}
    of = tree("kgi", metrics, correlations=[["a", "b", 0.5], ["c", "d", 0.5]])
    with pytest.raises(Tied) as refused:
        sensitivity(of, method="sobol", of="y")
    assert str(refused.value).endswith("take --method shapley")
    assert "a with b and c with d correlate" in str(refused.value)


def test_a_share_has_its_sign_of_percent_once() -> None:
    of = tree("y", {"y": {"formula": "2 * a", "unit": "%"}, "a": {"value": "10%", "uncertainty": "uniform(8%, 12%)"}})
    assert "(sd 2.3" in text(sensitivity(of, samples=64))
    assert "% %" not in text(sensitivity(of, samples=64))


def test_a_number_of_samples_is_taken_up_to_as_many_in_each_repeat_and_said() -> None:
    for method in METHODS:
        assert sensitivity(plan(), method=method, samples=57).run.samples == 64
