"""Few rows are live at a time: known least numbers, and no row written over while it is read."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.program.lower import lower
from leverage.program.memory import borrowed
from leverage.program.program import Instruction
from leverage.program.rows import rowed
from leverage.program.run import fill, run, stand
from leverage.program.schedule import LENGTH, SHORTEST, schedule
from leverage.tree.tree import Tree
from tests.trees import JOINS, random_tree, tree


def test_a_sum_of_many_products_needs_two_rows_beside_the_one_that_is_kept() -> None:
    terms = {f"t{i}": f"a{i} * b{i}" for i in range(40)}
    leaves = {f"{letter}{i}": 1.0 + i for letter in "ab" for i in range(40)}
    of = tree("y", {"y": " + ".join(terms), **terms, **leaves})
    assert schedule(lower(of), varying=of.leaves, keep=("y",)).rows == 2 + 1


def test_a_balanced_tree_of_sums_needs_a_row_a_level_beside_the_one_that_is_kept() -> None:
    # Ershov's number of a full binary tree over leaves that need no row: one a level
    metrics: dict[str, object] = {f"m{i}": f"m{2 * i + 1} + m{2 * i + 2}" for i in range(63)}
    of = tree("m0", metrics | {f"m{i}": 1.0 for i in range(63, 127)})
    assert schedule(lower(of), varying=of.leaves, keep=("m0",)).rows == 6 + 1


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=40), st.integers(0, 5))
def test_no_row_is_written_over_before_it_is_read_for_the_last_time(pairs: list[tuple[int, int]], keep: int) -> None:
    instructions = [
        Instruction("add", (first % (at + 3), second % (at + 3)), at + 3) for at, (first, second) in enumerate(pairs)
    ]
    kept = [instructions[-1].out, *[instructions[(7 * k) % len(instructions)].out for k in range(keep)]]
    order, row, count = rowed(instructions, list(dict.fromkeys(kept)))
    stands: dict[int, int] = {}  # row to the slot that stands in it
    for _, args, out in order:
        assert all(arg < 3 or stands[row[arg]] == arg for arg in args)
        stands[row[out]] = out
    assert all(stands[row[slot]] == slot for slot in kept)
    assert sorted({row[slot] for slot in kept}) == list(range(len(set(kept))))
    assert all(each < count for each in row.values())


def test_the_block_is_shorter_where_many_rows_are_live() -> None:
    few = tree("y", {"y": "x + z", "x": 1, "z": 2})
    many = tree(
        "y", {"y": "+".join(f"a{i}" for i in range(400)), **{f"a{i}": f"x ** {i}.5" for i in range(400)}, "x": 1}
    )
    assert schedule(lower(few), varying=("x",), keep=("y",)).length == LENGTH
    assert schedule(lower(many), varying=("x",), keep=many.metrics).length == SHORTEST


@given(random_tree(joins=JOINS))
@settings(max_examples=30, deadline=None)
def test_no_block_and_no_buffer_changes_a_bit(of: Tree) -> None:
    rng = np.random.default_rng(3)
    arrays = {id: rng.normal(size=1_000) for id in of.leaves}
    whole = run(lower(of), stand(of).inputs, arrays, of.metrics, 1_000)
    ready = schedule(lower(of), varying=arrays, keep=of.metrics)
    settled = ready.settle(stand(of).inputs)
    for block in (None, 1, 7, 333, 1_000, 4_096):
        for id, values in fill(ready, settled, arrays, 1_000, block=block).items():
            np.testing.assert_array_equal(values, whole[id])
    live = ready.block(settled, arrays, ready.buffer(1_000))
    for id, slot in ready.keep.items():
        np.testing.assert_array_equal(np.broadcast_to(live[slot], 1_000), whole[id])


def test_rows_lie_apart_and_memory_is_used_again() -> None:
    with borrowed(3, 1_000) as first:
        assert [len(row) for row in first] == [1_000] * 3
        assert not any(np.shares_memory(a, b) for a, b in pairwise(first))
        with borrowed(3, 1_000) as second:
            assert not np.shares_memory(first[0], second[0])
    with borrowed(2, 500) as third:
        assert any(np.shares_memory(third[0].base, each.base) for each in (first[0], second[0]))
