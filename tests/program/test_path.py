"""What edges carry along a path: it adds up at every level, and agrees with what can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.program.path import Flow, Path, flow
from leverage.tree.tree import Tree
from tests.trees import JOINS, random_tree, tree

STEPS = (*JOINS, "max({}, 0.3 * {} + 0.01)", "({} if {} > 0.4 else 1.3)", "floor({}) + {}", "{} * ({} < 1)")


def path(of: Tree, start: dict[str, float], end: dict[str, float]) -> Path:
    base = {id: of.levels[id].value for id in of.leaves}
    return Path(of, of.kgi, base | start, base | end, {})


def closes(way: Path, carried: Flow) -> None:
    """What enters a metric leaves it, the leaves add up to the change, both to 1e-12 of the sizes on the way."""
    values = way.values(np.linspace(0, 1, 101))
    size = float(np.max(np.abs(values[way.goal])))
    carried_sizes = sum(abs(amount) for amount in carried.edges.values())
    room = 1e-12 * max(size, carried_sizes)
    change = values[way.goal][-1] - values[way.goal][0]
    assert sum(carried.leaves.values()) == pytest.approx(change, abs=room)
    for id in way.formulas:
        entering = sum(amount for (_, into), amount in carried.edges.items() if into == id)
        leaving = change if id == way.goal else sum(a for (driver, _), a in carried.edges.items() if driver == id)
        assert entering == pytest.approx(leaving, abs=room), id


@given(random_tree(joins=JOINS), st.floats(-3, 3))
@settings(max_examples=60, deadline=None)
def test_smooth_trees_add_up_at_every_level(of: Tree, to: float) -> None:
    way = path(of, {}, {id: to + i for i, id in enumerate(of.leaves)})
    closes(way, flow(way))


@given(random_tree(joins=STEPS), st.floats(-3, 3))
@settings(max_examples=60, deadline=None)
def test_trees_with_steps_and_kinks_add_up_at_every_level(of: Tree, to: float) -> None:
    way = path(of, {}, {id: to + i for i, id in enumerate(of.leaves)})
    closes(way, flow(way))


def test_a_product_of_two_is_split_evenly_over_the_cross_term() -> None:
    way = path(tree("y", {"y": "a * b", "a": 2, "b": 5}), {}, {"a": 3, "b": 9})
    assert flow(way).leaves == pytest.approx({"a": 7.0, "b": 10.0}, rel=1e-14)  # mean of the other factor x change


def test_a_ratio_has_its_closed_form() -> None:
    way = path(tree("y", {"y": "a / b", "a": 2, "b": 5}), {}, {"a": 3, "b": 9})
    # integral of 1 / b dt x 1, and of -a / b**2 dt x 4
    top = math.log(9 / 5) / 4
    assert flow(way).leaves == pytest.approx({"a": top, "b": 3 / 9 - 2 / 5 - top}, rel=1e-13)


def test_a_sum_gives_each_driver_its_own_change() -> None:
    way = path(tree("y", {"y": "a + b - c", "a": 2, "b": 5, "c": 1}), {}, {"a": 3, "b": 4, "c": 6})
    assert flow(way).leaves == pytest.approx({"a": 1.0, "b": -1.0, "c": -5.0}, rel=1e-14)


def test_a_jump_is_credited_to_what_its_comparison_compares() -> None:
    of = tree("y", {"y": "bonus + other", "bonus": "10k if deals > 100 else 0", "deals": "leads * rate", "leads": 400,
                    "rate": 0.2, "other": 7})  # fmt: skip
    carried = flow(path(of, {}, {"leads": 500, "rate": 0.3}))
    # deals pass 100 where (400 + 100 t)(0.2 + 0.1 t) = 100, at the speeds 100 (0.2 + 0.1 t) and 0.1 (400 + 100 t)
    t = (-60 + math.sqrt(60**2 + 4 * 10 * 20)) / 20
    leads, rate = 100 * (0.2 + 0.1 * t), 0.1 * (400 + 100 * t)
    assert carried.edges["deals", "bonus"] == pytest.approx(10_000, rel=1e-12)
    assert carried.leaves["leads"] == pytest.approx(10_000 * leads / (leads + rate), rel=1e-9)
    assert carried.leaves["rate"] == pytest.approx(10_000 * rate / (leads + rate), rel=1e-9)
    assert carried.leaves["other"] == 0


def test_a_comparison_with_nothing_is_credited_to_what_met_it() -> None:
    of = tree("y", {"y": "5 if 3 * a + b > 0 else 2", "a": -1, "b": -1})
    assert flow(path(of, {}, {"a": 1, "b": 2})).leaves == pytest.approx({"a": 3 * 6 / 9, "b": 3 * 3 / 9}, rel=1e-9)


def test_a_jump_that_sets_off_a_jump_is_carried_through() -> None:
    of = tree("y", {"y": "first + 5 * (first > 2)", "first": "3 * (x > 1)", "x": 0})
    carried = flow(path(of, {}, {"x": 2}))
    assert carried.leaves == pytest.approx({"x": 8.0}, rel=1e-12)
    assert carried.edges["first", "y"] == pytest.approx(8.0, rel=1e-12)


def test_a_kink_is_no_jump() -> None:
    carried = flow(path(tree("y", {"y": "max(a, b)", "a": 0, "b": 1}), {}, {"a": 3, "b": 1}))
    assert carried.leaves == pytest.approx({"a": 2.0, "b": 0.0}, abs=1e-13)


def test_what_is_unexplained_moves_evenly_and_is_its_own_contribution() -> None:
    of = tree("y", {"y": "2 * m", "m": "a + b", "a": 1, "b": 2})
    way = Path(of, "y", {"a": 1, "b": 2}, {"a": 4, "b": 2}, {"m": (0.0, -1.0)})
    carried = flow(way)
    assert carried.leaves["a"] == pytest.approx(6.0, rel=1e-14)
    assert carried.unexplained["m"] == pytest.approx(-2.0, rel=1e-14)
    assert carried.error < 1e-12
