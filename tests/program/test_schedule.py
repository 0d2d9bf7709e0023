"""A schedule: kept for who asks again, picklable after use, and run on another one's block."""

from __future__ import annotations

import pickle

import numpy as np

from leverage.program.lower import lower
from leverage.program.run import fill, run, stand
from leverage.program.schedule import cone, schedule
from tests.trees import tree

METRICS = {"y": "m * exp(x) + max(z, w)", "m": "x ** 2 + z * w", "x": 0.3, "z": 3, "w": 4}


def test_the_same_question_has_the_same_schedule() -> None:
    program = lower(tree("y", METRICS))
    first = schedule(program, varying=("x", "z"), keep=("y",))
    assert schedule(program, varying=("z", "x"), keep=("y",)) is first
    assert schedule(program, varying=("x",), keep=("y",)) is not first
    assert cone(program, ("x", "z"), ("y",)) is not first


def test_a_schedule_pickles_after_use_and_runs_the_same() -> None:
    of = tree("y", METRICS)
    ready = schedule(lower(of), varying=("x",), keep=("y", "m"))
    arrays = {"x": np.linspace(-1, 1, 100)}
    for _ in range(4):  # so that what is built stands
        truth = fill(ready, ready.settle(stand(of).inputs), arrays, 100)
    again = pickle.loads(pickle.dumps(ready))
    found = fill(again, again.settle(stand(of).inputs), arrays, 100)
    for id in ("y", "m"):
        np.testing.assert_array_equal(found[id], truth[id])
    standing = stand(of)
    assert list(pickle.loads(pickle.dumps(standing)).figures) == list(standing.figures)


def test_a_cone_runs_again_on_the_block_of_the_whole() -> None:
    of = tree("y", METRICS)
    program, n = lower(of), 50
    draws = {id: np.random.default_rng(k).normal(size=n) for k, id in enumerate(("x", "z", "w"))}
    part = cone(program, ("z",), ("y",))
    whole = schedule(program, varying=draws, keep=("y",), also=part.boundary)
    live = whole.block(whole.settle(stand(of).inputs), draws, whole.buffer(n))
    moved = part.block(live, {"z": draws["z"] + 1}, part.buffer(n))[part.keep["y"]]
    truth = run(program, stand(of).inputs, draws | {"z": draws["z"] + 1}, ("y",), n)["y"]
    np.testing.assert_array_equal(moved, truth)


def test_settling_again_and_again_gives_the_same_bits() -> None:
    of = tree("y", METRICS)
    ready = schedule(lower(of), varying=(), keep=of.metrics)
    first = list(ready.settle(stand(of).inputs))
    for x in (0.3, -1.0, 0.3, 0.3):
        found = ready.settle(stand(of).inputs | {"x": x})
        assert (list(found) == first) == (x == 0.3)
