"""Writing a program: rules written out from their templates, and rewrites that keep every bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from leverage.ops.record import Slot
from leverage.program import adjoint as adjoint_file
from leverage.program import lower as lower_file
from leverage.program.adjoint import adjoint
from leverage.program.lower import lower
from leverage.program.program import Program
from leverage.program.record import Recording
from leverage.program.run import point, slopes
from leverage.tree.tree import Tree
from tests.trees import JOINS, random_tree, tree

CHOICES = (*JOINS, "max({}, 0.3 * {} + 0.01)", "min({}, 1.7 - {})", "abs({} - 0.3) + {}", "({} if {} > 0.4 else 1.3)")
CHOICES += ("hill(abs({}), 4, 0.5) - {}", "({} ** 2 - mod({}, 3)) ** 0.5")


class Traced(Recording):
    """A recording that calls every rule on slots, at every place where it is used."""

    def write(self, rule: Any, args: tuple[int, ...]) -> int:
        result: Slot = rule(*(Slot(self, index) for index in args))
        return result.index


def traced(of: Tree, *, bare: bool) -> tuple[Program, Program]:
    """The tree's program and its adjoint, every rule traced where it is used."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lower_file, "Recording", Traced)
        patch.setattr(adjoint_file, "Recording", Traced)
        program = lower_file._lowered(of)
        return program, adjoint(program, of.kgi, bare=bare)


@given(random_tree(joins=CHOICES))
@settings(max_examples=60, deadline=None)
def test_a_rule_written_out_is_the_rule_traced_instruction_for_instruction(of: Tree) -> None:
    program = lower(of)
    for bare in (False, True):
        for ours, theirs in zip((program, adjoint(program, of.kgi, bare=bare)), traced(of, bare=bare), strict=True):
            assert ours.instructions == theirs.instructions
            assert ours.tape == theirs.tape
            assert list(ours.constants.items()) == list(theirs.constants.items())
            assert ours.outputs == theirs.outputs
            assert ours.size == theirs.size


def test_adding_a_negative_subtracts() -> None:
    for formula, op in (("a + -b", "subtract"), ("-b + a", "subtract"), ("a - -b", "add")):
        program = lower(tree("y", {"y": formula, "a": 2, "b": 3}))
        assert program.instructions[-2].op == op


@pytest.mark.parametrize(("a", "b"), [(0.0, 0.0), (-0.0, 0.0), (0.0, -0.0), (-0.0, -0.0), (1.5, -2.25), (1e308, 1e308)])
def test_adding_a_negative_keeps_the_sign_of_a_zero(a: float, b: float) -> None:
    found = point(tree("y", {"y": "x + -z", "x": a, "z": b}))["y"]
    assert (found, np.signbit(found)) == (a + -b, np.signbit(a + -b))


def test_a_power_that_is_a_product_needs_no_power_for_its_slope() -> None:
    for exponent, spared in ((2, "power"), (3, "divide"), (0.5, "power"), (1.5, "divide"), (-1, "power")):
        of = tree("y", {"y": f"x ** {exponent}", "x": 1.7})
        program = adjoint(lower(of), "y")
        assert spared not in [i.op for i in program.instructions]
        assert float(slopes(of)["x"][0]) == pytest.approx(exponent * 1.7 ** (exponent - 1), rel=1e-15)
