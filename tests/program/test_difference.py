"""On which inputs a difference hangs: by hand, and by moving every other input of random trees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.program.difference import swayed
from leverage.program.run import stand, sweep
from leverage.tree.tree import Tree
from tests.trees import random_tree, tree

SHOP = {
    "profit": "units * (price - cost) - rent - 2 * wages",
    "units": 10,
    "price": 9,
    "cost": 4,
    "rent": 20,
    "wages": 3,
}


@pytest.mark.parametrize(
    ("formula", "moved", "hung"),
    [
        ("a - b - c", "a", "a"),
        ("a * b - c", "a", "ab"),
        ("(a + c) * b", "a", "ab"),
        ("(a + c) / b - d", "a", "ab"),
        ("b / (a + c)", "a", "abc"),
        ("a * a - b", "a", "a"),
        ("max(a, b) + c", "a", "ab"),
        ("(a if b > 1 else c) + d", "a", "abc"),
        ("exp(a + b) + c", "a", "ab"),
        ("a + b * c", "b", "bc"),
        ("-(a - c) + b", "a", "a"),
        ("b + c", "a", ""),
    ],
)
def test_what_is_only_added_to_what_moves_falls_out(formula: str, moved: str, hung: str) -> None:
    program = stand(tree("k", {"k": formula, "a": 2, "b": 3, "c": 4, "d": 5})).program
    assert swayed(program, [moved], "k") == set(hung)


def test_through_metrics_and_several_moves() -> None:
    program = stand(tree("profit", SHOP)).program
    assert swayed(program, ["price"], "profit") == {"units", "price"}
    assert swayed(program, ["price", "rent"], "profit") == {"units", "price", "rent"}
    assert swayed(program, [], "profit") == frozenset()


def test_a_formula_metric_that_is_moved_asks_for_all_it_is_made_of() -> None:
    """Its drivers count where it stands, and no longer where it was moved."""
    program = stand(tree("k", {"k": "x * c + d", "x": "a - b", "a": 1, "b": 2, "c": 3, "d": 4})).program
    assert swayed(program, ["x"], "k") == {"a", "b", "c"}


@settings(max_examples=80, deadline=None)
@given(random_tree(), st.data())
def test_no_other_input_changes_the_difference(some: Tree, data: st.DataObject) -> None:
    """Every input at random levels but those the difference hangs on: it stays, to the rounding of two outputs."""
    leaves = some.leaves
    moved = data.draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=2, unique=True))
    hung = swayed(stand(some).program, moved, some.kgi)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    free = [id for id in leaves if id not in hung]
    levels = {id: rng.uniform(-4, 4, 20) if id in free else np.full(20, some.levels[id].value) for id in leaves}
    there = {**levels, **{id: levels[id] + 0.7 for id in moved}}
    here_, there_ = (sweep(some, each, [some.kgi])[some.kgi] for each in (levels, there))
    sizes = np.abs(here_) + np.abs(there_) + 1
    assert np.ptp(there_ - here_) <= 1e-9 * sizes.max()
