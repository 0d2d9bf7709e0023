"""Slopes without guards are the guarded ones wherever they are finite, and are not trusted elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from leverage.program.adjoint import adjoint
from leverage.program.lower import lower
from leverage.program.program import SLOPE
from leverage.program.run import prepared_slopes, run, slopes, stand
from leverage.program.validate import validate
from leverage.tree.tree import Tree
from tests.trees import JOINS, random_tree, tree

CHOICES = (*JOINS, "max({}, 0.3 * {} + 0.01)", "min({}, 1.7 - {})", "abs({} - 0.3) + {}", "({} if {} > 0.4 else 1.3)")


@given(random_tree(joins=CHOICES))
@settings(max_examples=60, deadline=None)
def test_slopes_over_samples_are_the_guarded_ones_to_the_bit(of: Tree) -> None:
    rng = np.random.default_rng(1)
    arrays = {id: rng.normal(size=500) for id in of.leaves}
    guarded = validate(adjoint(lower(of), of.kgi))
    truth = run(guarded, stand(of).inputs, arrays, [SLOPE + id for id in of.metrics], 500)
    for id, found in slopes(of, moved=arrays).items():
        np.testing.assert_array_equal(found, truth[SLOPE + id])


def test_leaving_out_guards_leaves_out_work() -> None:
    program = lower(tree("y", {"y": "max(a * b, b * c) + min(a, c * d)", "a": 1, "b": 2, "c": 3, "d": 4}))
    ops = [i.op for i in adjoint(program, "y", bare=True).instructions]
    assert ops.count("where") == 0
    assert [i.op for i in adjoint(program, "y").instructions].count("where") > 4


@pytest.mark.parametrize(
    ("formula", "levels", "expected"),
    [
        ("log(x) if x > 0 else 3 * x", [-1.0, 0.0, 2.0], [3.0, 3.0, 0.5]),
        ("max(log(x), 0) + x", [0.0, 0.5, 2.0], [1.0, 1.0, 1.5]),
        ("min(exp(x), 5) + x", [1000.0, 0.0, 2.0], [1.0, 2.0, 1.0]),
        ("max(x ** 0.5, 2)", [0.0, 1.0, 25.0], [0.0, 0.0, 0.1]),
    ],
)
def test_a_branch_that_is_not_taken_passes_nothing_on(formula: str, levels: list[float], expected: list[float]) -> None:
    of = tree("y", {"y": formula, "x": 2})
    np.testing.assert_allclose(slopes(of, moved={"x": np.array(levels)})["x"], expected, rtol=1e-15)
    asked = prepared_slopes(of, ("x",))
    for _ in range(3):
        found = [float(asked(np.array([level]))[0]) for level in levels]
        np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_a_slope_is_never_minus_0() -> None:
    of = tree("y", {"y": "max(-x * z, 1)", "x": 2, "z": 3})
    found = slopes(of, moved={"x": np.array([2.0, 3.0])})
    assert not any(np.signbit(values).any() for values in found.values())
    assert not np.signbit(prepared_slopes(of, ("x", "z"))(np.array([2.0, 3.0]))).any()
    assert not any(np.signbit(values).any() for values in slopes(of).values())
