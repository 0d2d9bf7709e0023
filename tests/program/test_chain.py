"""A chain: after any moves in any order it holds the bits of a full run, and each move runs its own cone alone."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leverage.program.chain import Chain
from leverage.program.lower import lower
from leverage.program.run import run, stand
from leverage.program.schedule import schedule
from leverage.tree.tree import Tree
from tests.trees import random_tree, tree

METRICS = {"y": "m * exp(x) + max(z, w)", "m": "x ** 2 + z * w", "x": 0.3, "z": 3, "w": 4, "idle": "z + 1"}


def chained(of: Tree, varying: tuple[str, ...], keep: tuple[str, ...]) -> tuple[Chain, Any]:
    chain = Chain(schedule(lower(of), varying=varying, keep=keep))
    return chain, chain.ready.settle(stand(of).inputs)


@given(random_tree(), st.randoms(use_true_random=False))
def test_moves_one_after_another_give_the_bits_of_full_runs(of: Tree, choice: Any) -> None:
    leaves = [id for id in of.metrics if id.startswith("x")]
    varying = tuple(choice.sample(leaves, choice.randint(1, len(leaves))))
    rng, n = np.random.default_rng(choice.randint(0, 10**6)), 7
    now = {id: rng.normal(size=n) for id in varying}
    chain, settled = chained(of, varying, (of.kgi,))
    walk = chain.start(settled, now, chain.buffer(n))
    for _ in range(6):
        moved = {id: rng.normal(size=n) for id in choice.sample(varying, choice.randint(1, len(varying)))}
        now = now | moved
        truth = run(lower(of), stand(of).inputs, now, (of.kgi,), n)[of.kgi]
        np.testing.assert_array_equal(np.broadcast_to(walk.move(moved)[of.kgi], n), truth)


def test_a_move_runs_the_cone_of_what_moved() -> None:
    chain, _ = chained(tree("y", METRICS), ("x", "z", "w"), ("y",))
    lengths = {id: len(chain.cone((id,))) for id in ("x", "z", "w")}
    # y = (x^2 + z w) exp(x) + max(z, w): x reaches square, exp, +, *, +; z and w reach *, +, *, max, +
    assert lengths == {"x": 5, "z": 5, "w": 5}
    assert len(chain.cone(("z", "w"))) == 5
    assert chain.count == 7


def test_what_no_output_reads_moves_nothing() -> None:
    of = tree("y", METRICS)
    chain, settled = chained(of, ("x", "w"), ("idle",))
    walk = chain.start(settled, {"x": np.ones(2), "w": np.ones(2)}, chain.buffer(2))
    assert chain.cone(("x", "w")) == ()
    assert walk.move({"x": np.zeros(2)})["idle"] == 4


def test_a_leaf_that_is_the_output_itself_is_read_where_it_moved() -> None:
    chain, settled = chained(tree("y", METRICS), ("x",), ("x", "y"))
    walk = chain.start(settled, {"x": np.zeros(2)}, chain.buffer(2))
    assert walk.move({"x": np.array([1.0, 2.0])})["x"].tolist() == [1.0, 2.0]


def test_a_chain_pickles_after_use() -> None:
    chain, settled = chained(tree("y", METRICS), ("x", "z"), ("y",))
    chain.cone(("x",))
    again = pickle.loads(pickle.dumps(chain))
    arrays = {"x": np.linspace(0, 1, 5), "z": np.linspace(1, 9, 5)}
    moved = [one.start(settled, arrays, one.buffer(5)).move({"z": np.ones(5)})["y"] for one in (chain, again)]
    np.testing.assert_array_equal(*moved)
