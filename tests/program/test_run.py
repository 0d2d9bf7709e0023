"""Values and slopes of programs against 50 digits, closed forms, and themselves run another way."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from mpmath import mpf

from leverage.program.adjoint import adjoint
from leverage.program.lower import lower
from leverage.program.program import SLOPE
from leverage.program.run import point, run, slopes, stand, sweep
from leverage.program.validate import InvalidProgram, validate
from leverage.tree.tree import Tree
from tests.oracles import mp
from tests.trees import JOINS, random_tree, tree

CHOICES = (*JOINS, "max({}, 0.3 * {} + 0.01)", "min({}, 1.7 - {})", "abs({} - 0.3) + {}")


def condition(of: Tree) -> float:
    """How much relative rounding of every metric can move the KGI, relative to it: the sum of its elasticities."""
    figures, found = point(of), slopes(of)
    return sum(abs(float(found[id][0]) * figures[id]) for id in of.metrics) / abs(figures[of.kgi])


@given(random_tree(joins=CHOICES))
@settings(max_examples=150, deadline=None)
def test_values_agree_with_50_digits_to_1e_12_times_the_condition(of: Tree) -> None:
    exact = mp.values(of)[of.kgi]
    if abs(exact) < mpf(10) ** -9:  # a KGI that cancels to nothing has no relative error
        return
    assert abs(mpf(point(of)[of.kgi]) / exact - 1) <= 1e-12 * max(1.0, condition(of))


@given(random_tree(joins=CHOICES))
@settings(max_examples=60, deadline=None)
def test_slopes_agree_with_50_digits_to_1e_9(of: Tree) -> None:
    found = {id: float(values[0]) for id, values in slopes(of).items()}
    rounding = 1e-13 * sum(abs(slope) for slope in found.values())  # of sums over routes that cancel
    for id in of.metrics:
        exact = mp.slope(of, id)
        assert abs(mpf(found[id]) - exact) <= 1e-9 * abs(exact) + rounding, id


@given(random_tree(joins=CHOICES))
@settings(max_examples=40, deadline=None)
def test_every_lowering_and_every_adjoint_is_well_formed(of: Tree) -> None:
    validate(adjoint(validate(lower(of)), of.kgi))


@given(random_tree(joins=CHOICES))
@settings(max_examples=40, deadline=None)
def test_a_point_equals_a_sample_and_no_block_changes_a_bit(of: Tree) -> None:
    leaf = of.leaves[0]
    levels = np.linspace(-4, 4, 1_000)
    whole = run(lower(of), stand(of).inputs, {leaf: levels}, of.metrics, 1_000)
    for block in (1, 7, 999):
        parts = run(lower(of), stand(of).inputs, {leaf: levels}, of.metrics, 1_000, block=block)
        for id in of.metrics:
            np.testing.assert_array_equal(parts[id], whole[id])
    alone = point(of.with_(set={leaf: float(levels[123])}))
    assert alone[of.kgi] == whole[of.kgi][123] or math.isnan(alone[of.kgi])


@given(random_tree(joins=CHOICES))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_file_changes_no_bit_of_values_or_slopes(of: Tree) -> None:
    texts = {id: metric.text or metric.base for id, metric in of.metrics.items()}
    other = tree(of.kgi, dict(reversed(texts.items())))
    assert point(other) == point(of)
    first, second = slopes(of), slopes(other)
    for id in of.metrics:
        np.testing.assert_array_equal(first[id], second[id])


def test_the_slope_of_a_formula_metric_is_that_of_moving_it_alone() -> None:
    of = tree(
        "profit",
        {"profit": "revenue - 0.6 * revenue_again", "revenue": "a * b", "revenue_again": "a * b", "a": 3, "b": 5},
    )
    found = slopes(of)
    # the two share every instruction, and yet each is a metric of its own
    assert float(found["revenue"][0]) == 1.0
    assert float(found["revenue_again"][0]) == -0.6
    assert float(found["a"][0]) == pytest.approx(5 * 0.4, rel=1e-15)


def test_a_metric_that_the_kgi_does_not_use_has_slope_0() -> None:
    found = slopes(tree("a", {"a": "2 * b", "b": 1, "c": "b * 7"}))
    assert float(found["c"][0]) == 0.0


@pytest.mark.parametrize(
    ("formula", "leaf", "slope"),
    [
        ("x ** s", "s", 0.0),  # 0 ** s is 0 for every s > 0
        ("x ** 2", "x", 0.0),
        ("abs(x)", "x", 0.0),
        ("max(x, 0)", "x", 1.0),  # the first that attains it
        ("max(0, x)", "x", 0.0),
        ("log(x) if x > 0 else 3 * x", "x", 3.0),  # the branch not taken gives no 0 * inf
        ("hill(x, 4, 1)", "x", 0.25),
        ("hill(x, 4, 2)", "x", 0.0),
        ("saturate(x, 4)", "x", 0.25),
        ("diminish(x, 4)", "x", 0.25),
        ("sqrt(x + 1) * x", "x", 1.0),
    ],
)
def test_slopes_at_zero(formula: str, leaf: str, slope: float) -> None:
    found = slopes(tree("y", {"y": formula, "x": 0, **({"s": 2} if leaf == "s" else {})}))
    assert float(found[leaf][0]) == pytest.approx(slope, abs=1e-12)


def test_hill_below_shape_1_has_a_finite_slope_at_0() -> None:
    assert math.isfinite(slopes(tree("y", {"y": "hill(x, 4, 0.5)", "x": 0}))["x"][0])


def test_a_pinned_formula_metric_cuts_its_drivers_off() -> None:
    of = tree("y", {"y": "2 * m", "m": "x + 1", "x": 3})
    moved = of.with_(change={"m": 0.5})
    assert point(moved) == {"y": 12.0, "m": 6.0, "x": 3.0}
    found = slopes(moved)
    assert (float(found["m"][0]), float(found["x"][0])) == (2.0, 0.0)


def test_a_scenarios_formula_metrics_are_relative_to_the_file() -> None:
    of = tree(
        "y",
        {"y": "2 * m", "m": "x + 1", "x": 3},
        scenarios={"s": {"change": {"x": 1e2, "m": "10%"} | {"x": "50%"}, "add": {"y": 1}}},
    )
    # y is 8 in the file and m is 4: neither sees what the other entries do
    assert point(of.with_(scenario="s")) == {"y": 9.0, "m": 4.4, "x": 4.5}


def test_a_leaf_set_to_its_value_changes_nothing_bitwise() -> None:
    of = tree("y", {"y": "exp(x) * z", "x": 0.1, "z": 3})
    assert point(of.with_(set={"x": 0.1})) == point(of)


def test_sweeping_a_formula_metric_takes_its_levels_in_place_of_its_formula() -> None:
    of = tree("y", {"y": "2 * m + x", "m": "x + 1", "x": 3})
    np.testing.assert_array_equal(sweep(of, {"m": np.array([0.0, 10.0])}, ("y",))["y"], [3.0, 23.0])


def test_a_program_pickles_and_runs_the_same() -> None:
    of = tree("y", {"y": "normal_cdf(x) * hill(z, 2, 3)", "x": 0.3, "z": 3})
    program = pickle.loads(pickle.dumps(adjoint(lower(of), "y")))
    found = run(program, stand(of).inputs, {}, (SLOPE + "x", "y"), 1)
    assert found["y"][0] == point(of)["y"]
    assert found[SLOPE + "x"][0] == slopes(of)["x"][0]


def test_shared_parts_are_computed_once() -> None:
    program = lower(tree("y", {"y": "a * b + 1 / (a * b)", "z": "b * a - 2", "a": 2, "b": 3}))
    assert [i.op for i in program.instructions].count("multiply") == 1


def test_constants_are_folded() -> None:
    program = lower(tree("y", {"y": "(2 + 3) * x * 1 + max(1, 2, 0) ** 2", "x": 2}))
    assert [i.op for i in program.instructions] == ["multiply", "add", "metric"]


def test_a_sum_of_2400_terms_lowers() -> None:
    of = tree("y", {"y": " + ".join(["x"] * 2_400), "x": 2})
    assert point(of)["y"] == 4_800.0
    assert float(slopes(of)["x"][0]) == 2_400.0


def test_a_chain_of_thousands_of_metrics_lowers() -> None:
    metrics = {"m0": 1.0} | {f"m{i}": f"m{i - 1} + 1" for i in range(1, 5_000)}
    assert point(tree("m4999", metrics))["m4999"] == 5_000.0


def test_resources_use_what_their_formula_and_the_levers_costs_say() -> None:
    of = tree(
        "y",
        {"y": "x + z", "x": {"value": 2, "lever": {"min": 0, "max": 9, "cost": {"money": "5 per 0.5"}}}, "z": 3},
        resources={"money": {"limit": 100, "use": "4 * z"}},
    )
    assert point(of)["use:money"] == 12.0
    assert point(of.with_(set={"x": 5}))["use:money"] == 42.0
    assert point(of.with_(set={"x": 1}))["use:money"] == 22.0  # either way
    assert float(slopes(of.with_(set={"x": 5}), "use:money")["x"][0]) == 10.0


def test_a_broken_program_is_told() -> None:
    program = lower(tree("y", {"y": "x + 1", "x": 2}))
    broken = type(program)(
        program.inputs, {}, program.instructions, {**program.outputs, "z": 99}, program.tape, program.size
    )
    with pytest.raises(InvalidProgram, match=r"reads a slot that is not yet written.*the output z is never written"):
        validate(broken)


def test_the_printed_form_names_metrics() -> None:
    text = str(lower(tree("y", {"y": "x * 3", "x": 2})))
    assert text == "%0 = input x\n%2 = multiply %0 3.0\n%3 = metric %2  # y"


def test_what_is_kept_of_moved_trees_is_bounded_by_the_figures_that_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """One leaf and many formulas: bounded by inputs, a scenario each of a large file filled the memory."""
    monkeypatch.setattr("leverage.program.run.STOOD", 1_000)
    metrics = {"top": "a + m0", **{f"m{k}": f"m{k + 1} * 2" for k in range(99)}, "m99": "a * 2", "a": 1}
    base = tree("top", metrics)
    size = stand(base).program.size
    for level in range(50):
        stand(base.with_(set={"a": level}))
    assert 0 < len(base.kept["standing"]) <= 1_000 // size
