"""Moments that do not exist are told with the leaf or the divisor behind them, at any number of samples."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.model import Model, load
from leverage.sampling.tails import ALL
from leverage.verbs.simulate import simulate
from tests.verbs.faces import agrees, line, text

SEEDS = range(4)


def model(formula: str, **leaves: str) -> Model:
    return Model(kgi="y", metrics={"y": formula, **{id: {"uncertainty": text} for id, text in leaves.items()}})


def left(of: Model, samples: int) -> set[int]:
    """How many moments are left in a few seeds, with either kind of points."""
    kinds = ("sobol", "random")
    return {of.simulate(samples=samples, seed=seed, points=kinds[seed % 2])["y"].exists for seed in SEEDS}


UNDEFINED: dict[str, tuple[Model, int]] = {
    "a cauchy leaf": (model("x + 3", x="cauchy(0, 1)"), 4096),
    "student's t with 1 degree": (model("x", x="student_t(1)"), 4096),
    "cauchy among others": (model("a * b", a="cauchy(2, 1)", b="lognormal(mean=3, sd=1)"), 4096),
    "reciprocal of a normal round 0": (model("5 / x", x="normal(0.01, 1)"), 4096),
    "reciprocal of a normal that seldom passes 0": (model("1 / x", x="normal(1, 0.3)"), 65_536),
    "a difference below a line": (model("a / (b - c)", a="normal(10, 1)", b="normal(5, 1)", c="normal(3, 1)"), 4096),
    "a pareto law of index 1": (model("(1 - u) ** (-1)", u="uniform(0, 1)"), 65_536),
    "divided by what begins at 0": (model("5 / x", x="exponential(2)"), 65_536),
    "one side of it is bounded": (model("min(1 / x, 3)", x="normal(1, 0.3)"), 65_536),
}
INFINITE: dict[str, tuple[Model, int]] = {
    "student's t with 1.5 degrees": (model("x", x="student_t(1.5)"), 4096),
    "student's t with 2 degrees": (model("x * z", x="student_t(2)", z="lognormal(mean=3, sd=1)"), 16_384),
    "a pareto law of index 1.5": (model("(1 - u) ** (-1 / 1.5)", u="uniform(0, 1)"), 65_536),
    "a pareto law of index 2": (model("3 * (1 - u) ** (-1 / 2)", u="uniform(0, 1)"), 65_536),
    "divided by a gamma of shape 2": (model("5 / x", x="gamma(2, 1)"), 65_536),
    "the root of a cauchy": (model("sqrt(abs(x))", x="cauchy(0, 1)"), 16_384),
}
SOUND: dict[str, tuple[Model, int]] = {
    "student's t with 3 degrees": (model("x", x="student_t(3)"), 65_536),
    "a cauchy between bounds": (model("min(max(x, -5), 5)", x="cauchy(0, 1)"), 65_536),
    "a truncated one": (model("x", x="truncated(cauchy(0, 1), low=-20, high=20)"), 65_536),
    "a cauchy that feeds nothing": (model("z + 0 * 1", z="normal(0, 1)", x="cauchy(0, 1)"), 4096),
    "a reciprocal between bounds": (model("max(min(1 / x, 3), -3)", x="normal(1, 0.3)"), 65_536),
    "a ratio of lognormals": (model("a / b", a="lognormal(mu=0, sigma=1.4)", b="lognormal(mu=0, sigma=1.4)"), 65_536),
    "a pareto law of index 3": (model("(1 - u) ** (-1 / 3)", u="uniform(0, 1)"), 65_536),
    "divided by a lognormal": (model("5 / x", x="lognormal(mu=0, sigma=2)"), 65_536),
    "divided by what begins past 0": (model("5 / x", x="uniform(0.01, 1)"), 65_536),
    "a divisor of two levels": (model("z / d", z="lognormal(mu=0, sigma=1.5)", d="discrete([-1, 1], [1, 1])"), 65_536),
    "a divisor far from 0": (model("z / x", z="lognormal(mu=0, sigma=2)", x="normal(10, 1)"), 16_384),
}


@pytest.mark.parametrize(("of", "samples"), UNDEFINED.values(), ids=UNDEFINED)
def test_a_mean_that_does_not_exist_is_noticed_in_few_draws_where_the_tree_has_the_cause(
    of: Model, samples: int
) -> None:
    assert left(of, samples) == {0}


@pytest.mark.parametrize(("of", "samples"), INFINITE.values(), ids=INFINITE)
def test_where_the_variance_alone_is_infinite_the_mean_stays(of: Model, samples: int) -> None:
    assert left(of, samples) == {1}


@pytest.mark.parametrize(("of", "samples"), SOUND.values(), ids=SOUND)
def test_what_only_looks_like_a_cause_is_none(of: Model, samples: int) -> None:
    assert left(of, samples) == {ALL}


@pytest.mark.parametrize("points", ["sobol", "random"])
@pytest.mark.parametrize("name", ["marketing", "production", "profit", "retail", "saas", "sales", "shop", "support"])
def test_no_shipped_model_is_suspected(name: str, points: str) -> None:
    of = load(name)
    found = of.simulate(points=points, samples=65_536 if not of.tree.grid else 4096)
    assert {summary.exists for summary in found.summaries.values()} == {ALL}


def test_undefined_figures_are_null_with_one_note_that_says_why_and_what_to_do() -> None:
    found = simulate(model("1 / x", x="normal(1, 0.3)").tree, of="y")
    told: dict[str, Any] = agrees(found)
    for key in ("mean", "sd", "standard_error", "sd_error", "tail_mean", "tail_mean_error"):
        assert told[key] is None, key
    assert told["quantiles"]["0.5"] == pytest.approx(1, abs=0.01)
    (note,) = told["notes"]
    assert note.startswith(
        "the mean of y does not exist, nor does its standard deviation: in the formula of y what it is divided by, x, "
        "passes through 0 (0.04"
    )
    assert note.endswith(
        "read the quantiles, or keep the divisor away from 0, for example with truncated(normal(1, 0.3), low=...)"
    )
    assert line(found, "mean") == "mean undefined -"
    assert line(found, "mean of the worst 5%") == "mean of the worst 5% undefined -"
    assert "In the worst" not in text(found)
    assert told["digits"]["mean"] is None


def test_an_infinite_variance_leaves_the_mean_with_its_warning() -> None:
    found = simulate(model("x", x="student_t(1.5)").tree)
    told = agrees(found)
    assert told["mean"] == pytest.approx(0, abs=0.5)
    assert (told["sd"], told["standard_error"], told["tail_mean_error"]) == (None, None, None)
    assert told["tail_mean"] < -5
    assert told["notes"] == [
        "the standard deviation of y is infinite: x is student_t(1.5), which has no variance; its mean settles slowly "
        "and has no standard error: read the quantiles, or bound it: truncated(student_t(1.5), low=..., high=...)"
    ]
    assert line(found, "standard deviation") == "standard deviation undefined -"


def test_bounding_the_leaf_as_the_note_says_mends_it() -> None:
    found = model("1 / x", x="truncated(normal(1, 0.3), low=0.1)").simulate()
    assert found["y"].exists == ALL
    assert found.to_dict().get("notes") is None


def test_cells_of_a_metric_are_told_in_one_sentence() -> None:
    cells = {"formula": "a / b"}
    of = Model(
        kgi="y",
        dimensions={"channel": ["ads", "mail"]},
        metrics={
            "y": "sum(x)",
            "x": cells,
            "a": {"value": {"ads": 3, "mail": 2}, "uncertainty": "normal(3, 1)"},
            "b": {"value": {"ads": 1, "mail": 1}, "uncertainty": "normal(1, 0.5)"},
        },
    )
    found = of.simulate(samples=8192, of="x")
    assert [found[id].exists for id in ("y", "x[ads]", "x[mail]")] == [0, 0, 0]
    about = [note for note in found.notes() if "does not exist" in note]
    assert len(about) == 2
    assert about[1].startswith("the mean of x[ads] (and 1 more of its cells) does not exist")
