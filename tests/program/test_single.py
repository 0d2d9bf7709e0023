"""One point at a time: floats, groups and arrays give the bits of NumPy's kernels, wherever the figures lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.ops.kernels import KERNELS
from leverage.program import groups
from leverage.program.groups import build
from leverage.program.program import METRIC, Instruction
from leverage.program.run import point, prepared, prepared_slopes, slopes, stand, sweep
from leverage.program.scalars import SCALARS
from leverage.program.single import REUSED, Single, interpret
from leverage.tree.tree import Tree
from tests.trees import JOINS, random_tree, tree

HARD = (0.0, -0.0, 1.0, -1.0, 0.1, 1e-310, -3.5, 1e308, math.inf, -math.inf, math.nan)
CHOICES = (*JOINS, "max({}, 0.3 * {} + 0.01)", "min({}, 1.7 - {})", "abs({} - 0.3) + {}", "({} if {} > 0.4 else 1.3)")
CHOICES += ("log({}) + {}", "{} / ({} - 1.5)", "sqrt({}) + {}", "({} and not {})")


def bits(values: Any) -> list[int]:
    """The bits of figures; every NaN counts as the same."""
    array = np.asarray(values, dtype=np.float64)
    whole: list[int] = np.where(np.isnan(array), np.nan, array).view(np.int64).tolist()
    return whole


def by_kernels(instructions: Sequence[Instruction], figures: dict[int, float]) -> dict[int, float]:
    """What NumPy's kernels give on arrays of one figure, one by one."""
    known = {slot: np.array([figure]) for slot, figure in figures.items()}
    with np.errstate(all="ignore"):
        for op, args, out in instructions:
            known[out] = known[args[0]] if op == METRIC else KERNELS[op](*[known[arg] for arg in args]).astype(float)
    return {slot: float(value[0]) for slot, value in known.items()}


@pytest.mark.parametrize("op", [op for op in SCALARS if op not in ("minimum", "maximum")])
def test_a_kernel_on_floats_gives_numpys_bits_on_easy_and_hard_figures(op: str) -> None:
    for args in product(HARD, repeat=3 if op == "where" else getattr(KERNELS[op], "nin", 1)):
        known = dict(enumerate(args))
        interpret([Instruction(op, tuple(known), 9)], known)
        assert bits([known[9]]) == bits(
            [by_kernels([Instruction(op, tuple(range(len(args))), 9)], dict(enumerate(args)))[9]]
        )


@pytest.mark.parametrize("op", ["minimum", "maximum"])
def test_the_smaller_and_the_larger_of_two_floats_are_numpys(op: str) -> None:
    # of 0 and -0 NumPy itself takes either, by the place in the array
    for pair in product(HARD, repeat=2):
        assert bits([SCALARS[op](*pair) + 0.0]) == bits([KERNELS[op](*map(np.float64, pair)) + 0.0])


def _instructions(draw: st.DrawFn, most: int) -> list[Instruction]:
    ops = [*SCALARS, "exp", "log", "power", "tanh", "floor", METRIC]
    found = []
    for out in range(4, 4 + draw(st.integers(1, most))):
        op = draw(st.sampled_from(ops))
        arity = 3 if op == "where" else 1 if op == METRIC else 2 if op == "power" else KERNELS[op].nin
        found.append(Instruction(op, tuple(draw(st.integers(0, out - 1)) for _ in range(arity)), out))
    return found


programs = st.composite(lambda draw: _instructions(draw, 40))()


@given(programs, st.tuples(*[st.sampled_from((0.5, 2.0, -1.0, 0.0, 3.25, 1e200))] * 4))
@settings(max_examples=150, deadline=None)
def test_what_is_built_gives_the_bits_of_what_is_interpreted(
    instructions: list[Instruction], figures: tuple[float, ...]
) -> None:
    wanted = [0, *(out for _, _, out in instructions), 3]
    line = Single(instructions, range(4), wanted)
    first = line(figures)
    truth = by_kernels(instructions, dict(enumerate(figures)))
    choosing = {"minimum", "maximum"}.intersection(op for op, _, _ in instructions)
    if not choosing:  # of 0 and -0
        assert bits(first) == bits([truth[slot] for slot in wanted])
    for _ in range(REUSED + 1):
        assert bits(line(figures)) == bits(first)
    with pytest.MonkeyPatch.context() as patch:
        for listed, arrayed in ((0.0, math.inf), (0.0, 0.0)):
            patch.setattr(groups, "LISTED", listed)
            patch.setattr(groups, "ARRAYED", arrayed)
            built = build(instructions, range(4), wanted)
            assert built is not None
            try:
                found = built(figures)
            except (ZeroDivisionError, ValueError):
                continue
            assert choosing or bits(found) == bits(first)


@given(random_tree(joins=CHOICES), st.floats(-4, 4))
@settings(max_examples=40, deadline=None)
def test_a_point_asked_again_and_again_is_a_sample_of_one_to_the_bit(of: Tree, level: float) -> None:
    leaf, levels = of.leaves[0], np.array([level, 0.25, level - 0.5, 0.0, level])
    many = sweep(of, {leaf: levels}, of.metrics)
    asked = prepared(stand(of), (leaf,), tuple(of.metrics))
    for at in range(len(levels)):
        found = asked(levels[None, at : at + 1])[:, 0]
        assert bits(found) == bits([many[id][at] for id in of.metrics])
        assert bits([point(of.with_(set={leaf: levels[at]}))[id] for id in of.metrics]) == bits(found)


@given(random_tree(joins=CHOICES), st.floats(-4, 4))
@settings(max_examples=40, deadline=None)
def test_slopes_asked_again_and_again_are_those_over_samples_to_the_bit(of: Tree, level: float) -> None:
    ids = of.leaves
    levels = np.array([[level, 0.25, 0.0, level - 0.5]] + [[of.levels[id].value] * 4 for id in ids[1:]])
    many = slopes(of, moved=dict(zip(ids, levels, strict=True)))
    asked = prepared_slopes(of, ids)
    for at in range(levels.shape[1]):
        assert bits(asked(levels[:, at])) == bits([many[id][at] for id in ids])


def test_where_python_raises_numpy_is_asked() -> None:
    of = tree("y", {"y": "max(1 / x, sqrt(z))", "x": 2, "z": 3})
    asked = prepared(stand(of), ("x", "z"), ("y",))
    for _ in range(REUSED):
        assert asked(np.array([[0.5], [9.0]])) == 3.0
    assert asked(np.array([[0.0], [9.0]])) == math.inf
    assert math.isnan(float(asked(np.array([[1.0], [-9.0]]))[0, 0]))


def test_a_deep_chain_and_a_wide_tree_are_computed_without_recursion() -> None:
    chain = tree("m6000", {"m0": 1.0} | {f"m{i}": f"m{i - 1} * 0.5 + 1" for i in range(1, 6_001)})
    assert point(chain)["m6000"] == 2.0
    assert float(slopes(chain)["m5998"][0]) == 0.25
    metrics: dict[str, Any] = {f"m{i}": f"m{2 * i + 1} + m{2 * i + 2}" for i in range(1_023)}
    wide = tree("m0", metrics | {f"m{i}": 1.0 for i in range(1_023, 2_047)})
    asked = prepared_slopes(wide, wide.leaves)
    for _ in range(REUSED + 1):
        np.testing.assert_array_equal(asked(np.ones(1_024)), np.ones(1_024))
