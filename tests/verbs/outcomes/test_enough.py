"""As many draws as the digits need: the rule of JCGM 101 clause 7.9, and what is said of the digits that stand."""

from __future__ import annotations

import math
from typing import Any
from unittest.mock import patch

import pytest
from scipy import stats

from leverage.errors import LeverageError
from leverage.model import Model, load
from leverage.sampling.digits import MOST
from leverage.verbs.draws import chance
from tests.verbs.faces import agrees, text


def plan(**keys: Any) -> Model:
    metrics = {
        "y": {"formula": "a * b", "target": 12},
        "a": {"value": 5, "uncertainty": "normal(5, 1)"},
        "b": {"value": 3, "uncertainty": "gamma(9, 0.333)"},
    }
    return Model(**{"kgi": "y", "metrics": metrics, **keys})


def test_the_answer_is_that_of_its_number_of_samples() -> None:
    found = plan().simulate(samples=1024, digits=2)
    told = agrees(found)
    assert told["samples"] in [1024 * 2**k for k in range(12)]
    assert plan().simulate(samples=told["samples"]).to_json() == found.to_json()


@pytest.mark.parametrize("points", ["sobol", "random"])
@pytest.mark.parametrize("digits", [1, 2])
def test_every_figure_has_its_digits_and_half_as_many_draws_had_not(points: str, digits: int) -> None:
    found = plan().simulate(samples=64, digits=digits, points=points).to_dict()
    told = found["digits"]
    counts = [told["mean"], told["sd"], told["probability_of_target"], *told["quantiles"].values()]
    assert min(counts) >= digits
    reach = stats.t.ppf(0.975, found["degrees_of_freedom"])
    for figure, error in ((found["mean"], found["standard_error"]), (found["sd"], found["sd_error"])):
        unit = 10.0 ** (math.floor(math.log10(abs(figure))) + 1 - digits)
        assert reach * error <= unit / 2
    before = plan().simulate(samples=found["samples"] // 2, points=points).digits
    assert before is not None
    assert found["samples"] == 64 or before.all < digits


def test_the_digits_that_stand_are_those_of_the_truth() -> None:
    """The mean of a b is 5 x 2.997, and two digits of it are what is printed, within half a unit of the second."""
    found = plan().simulate(samples=256, digits=2).to_dict()
    assert abs(found["mean"] - 14.985) <= 0.5


def test_without_being_asked_it_says_how_many_stand_and_what_one_more_takes() -> None:
    found = plan().simulate(samples=4096)
    told = found.to_dict()
    assert found.digits is not None
    assert told["samples"] == 4096
    assert told["samples_for_digits"]["digits"] == found.digits.all + 1
    assert told["samples_for_digits"]["samples"] > 4096
    assert f"Digits that stand in every figure: {found.digits.all} (mean " in text(found)
    enough = plan().simulate(samples=told["samples_for_digits"]["samples"])
    assert enough.digits is not None
    assert enough.digits.all >= found.digits.all + 1


def test_what_is_certain_has_all_digits_and_needs_no_word() -> None:
    found = plan(metrics={"y": {"formula": "x", "target": 2}, "x": 3}).simulate(samples=64, digits=5)
    told = agrees(found)
    assert (told["samples"], told["digits"]["mean"], told["samples_for_digits"]) == (64, MOST, None)
    assert "Digits that stand" not in text(found)


def test_a_chance_is_judged_by_the_digits_after_its_point() -> None:
    found = plan().simulate(samples=4096, points="random").to_dict()
    reach = stats.t.ppf(0.975, 4095) * found["probability_error"]
    digits = found["digits"]["probability_of_target"]
    assert 0.5 * 10.0 ** -(digits + 1) < reach <= 0.5 * 10.0**-digits


def test_what_is_not_reached_is_said() -> None:
    with patch.object(chance, "KEPT", 4096):
        found = plan().simulate(samples=1024, digits=6)
        told = agrees(found)
    assert told["samples"] == 4096
    assert found.digits is not None
    start = (
        f"6 digits were asked for, and {found.digits.all} stand in every figure after 4,096 draws, the most that are"
    )
    assert any(note.startswith(start) for note in told["notes"])


def test_it_answers_over_axes() -> None:
    told = load("saas").simulate(samples=512, digits=2).to_dict()
    assert told["digits"]["mean"] >= 2


@pytest.mark.parametrize("digits", [0, 9, 1.5, True, "3"])
def test_digits_that_nothing_can_have_are_refused(digits: Any) -> None:
    with pytest.raises(LeverageError, match="give a whole number from 1 to 8"):
        plan().simulate(digits=digits)


def test_a_checkpoint_is_of_one_number_of_samples(tmp_path: Any) -> None:
    with pytest.raises(LeverageError, match="a checkpoint is of one number of samples"):
        plan().simulate(digits=2, checkpoint=tmp_path / "run")


def test_a_median_near_0_is_judged_by_the_quantiles_where_there_is_no_standard_deviation() -> None:
    """cauchy(0, 1): P50 is 0, its error a hundredth of P90; by digits of its own it would need billions of draws."""
    of = Model(kgi="y", metrics={"y": "a - b", "a": {"value": 0, "uncertainty": "cauchy(0, 1)"}, "b": 0})
    found = of.simulate(samples=4096)
    told = found.to_dict()
    assert told["sd"] is None
    half = (told["quantiles"]["0.95"] - told["quantiles"]["0.05"]) / 2
    reach = stats.t.ppf(0.975, 7) * told["quantile_errors"]["0.5"]
    assert 1 <= half < 10
    assert told["digits"]["quantiles"]["0.5"] == math.floor(-math.log10(2 * reach)) + 1 >= 2
    assert told["samples_for_digits"]["samples"] < 10**6
