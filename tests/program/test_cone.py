"""What depends on what: against a plain scan of all instructions; and a sweep of the cone against a whole run."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from hypothesis import given, settings

from leverage.program.cone import downstream, reaches, upstream
from leverage.program.lower import lower
from leverage.program.program import Program, pinned
from leverage.program.run import point, prepared, response, run, slopes, stand, sweep
from leverage.program.schedule import cone
from leverage.tree.tree import Tree
from tests.trees import JOINS, random_tree, tree

CHOICES = (*JOINS, "max({}, 0.3 * {} + 0.01)", "abs({} - 0.3) + {}", "({} if {} > 0.4 else 1.3)")
LEVELS = np.linspace(-3, 3, 301)


def scanned(program: Program, slots: Iterable[int]) -> set[int]:
    """The slots downstream, by looking at every instruction."""
    reached = set(slots)
    for instruction in program.instructions:
        if not reached.isdisjoint(instruction.args):
            reached.add(instruction.out)
    return reached


@given(random_tree(joins=CHOICES))
@settings(max_examples=40, deadline=None)
def test_the_walk_finds_what_a_scan_of_all_instructions_finds(of: Tree) -> None:
    program = lower(of)
    for id, slot in program.outputs.items():
        below = downstream(program, [slot])
        assert below == scanned(program, [slot])
        assert reaches(program, id, of.kgi) == (program.outputs[of.kgi] in below)
        assert all((slot in upstream(program, [other])) == (other in below) for other in program.outputs.values())


@given(random_tree(joins=CHOICES))
@settings(max_examples=40, deadline=None)
def test_a_sweep_of_any_metric_is_a_run_of_the_whole_program_to_the_bit(of: Tree) -> None:
    inputs = stand(of).inputs
    for id, metric in of.metrics.items():
        program = lower(of) if metric.leaf else pinned(lower(of), frozenset({id}))
        whole = run(program, inputs, {id: LEVELS}, of.metrics, len(LEVELS))
        part = sweep(of, {id: LEVELS}, of.metrics)
        for other in of.metrics:
            np.testing.assert_array_equal(part[other], whole[other])
            np.testing.assert_array_equal(np.signbit(part[other]), np.signbit(whole[other]))


def test_a_moved_tree_never_gets_anothers_figures() -> None:
    of = tree("y", {"y": "m * x", "m": "x + z", "x": 2, "z": 3})
    levels = np.array([1.0, 2.0])
    for state in (of, of.with_(set={"z": 5}), of.with_(add={"m": 1}), of, of.with_(set={"z": 5}).with_(set={"z": 3})):
        alone = tree("y", {"y": "m * x", "m": "x + z", "x": 2, "z": 3})
        alone = alone.with_(
            set={m.metric: m.amount for m in state.moves if m.kind == "set"},
            add={m.metric: m.amount for m in state.moves if m.kind == "add"},
        )
        np.testing.assert_array_equal(
            sweep(state, {"x": levels}, ("y",))["y"], sweep(alone, {"x": levels}, ("y",))["y"]
        )
        np.testing.assert_array_equal(
            response(state, "x", ("y",))(levels)["y"], sweep(alone, {"x": levels}, ("y",))["y"]
        )
        assert point(state) == point(alone)
        assert slopes(state) == slopes(alone)


def test_the_cone_of_a_leaf_is_as_long_as_the_way_up_and_not_as_the_tree() -> None:
    metrics: dict[str, object] = {f"m{i}": f"m{2 * i + 1} + 0.5 * m{2 * i + 2}" for i in range(511)}
    of = tree("m0", metrics | {f"m{i}": i % 7 for i in range(511, 1023)})
    program = lower(of)
    assert len(program.instructions) == 3 * 511
    assert max(len(cone(program, (id,), ("m0",)).each) for id in of.leaves) == 2 * 9  # two kernels a level


def test_what_does_not_move_is_given_as_it_stands() -> None:
    of = tree("y", {"y": "2 * x", "other": "3 * z", "x": 2, "z": 3})
    found = sweep(of, {"x": LEVELS}, ("y", "other", "x", "z"))
    np.testing.assert_array_equal(found["other"], np.full(len(LEVELS), 9.0))
    np.testing.assert_array_equal(found["x"], LEVELS)
    np.testing.assert_array_equal(found["z"], np.full(len(LEVELS), 3.0))


def test_an_output_that_is_asked_for_twice_is_given_twice() -> None:
    of = tree("y", {"y": "2 * x", "same": "2 * x", "x": 2})
    levels = np.array([[1.0, 2.0, 3.0]])
    for n in (1, 3):
        found = prepared(stand(of), ("x",), ("y", "same", "y", "x"))(levels[:, :n])
        np.testing.assert_array_equal(found, np.array([[2.0, 4.0, 6.0]] * 3 + [[1.0, 2.0, 3.0]])[:, :n])


def test_a_tree_moved_to_minus_0_is_not_one_moved_to_0() -> None:
    of = tree("y", {"y": "1 / x", "x": 2})
    assert [point(of.with_(set={"x": x}))["y"] for x in (0.0, -0.0, 0.0)] == [np.inf, -np.inf, np.inf]
    assert [slopes(of.with_(set={"x": x}))["y"][0] for x in (0.0, -0.0)] == [1.0, 1.0]
