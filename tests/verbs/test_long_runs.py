"""The same bytes wherever and however a run is worked, kept or streamed, in one go or with a stop between."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from leverage.errors import LeverageError
from leverage.model import load
from leverage.sampling import partial
from leverage.tree.tree import Tree
from leverage.verbs.draws import chance
from leverage.verbs.draws.spread import Kept
from leverage.verbs.levers import levers
from leverage.verbs.result import Result
from leverage.verbs.simulate import Simulation, simulate
from leverage.work.checkpoint import Interrupted
from leverage.work.said import Said
from tests.trees import tree
from tests.verbs.faces import agrees, text
from tests.work.clusters import cluster
from tests.work.jobs import processes

SAMPLES = 200_000  # three chunks and a bit
POINTS = ("sobol", "random", "latin")


def plan(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "units * margin - fixed", "target": 60, "unit": "USD"},
        "units": {"formula": "a + b", "target": 12},
        "a": {"value": 5, "uncertainty": "normal(5, 1)", "lever": {"min": 4, "max": 6}},
        "b": {"value": 6, "uncertainty": "gamma(9, 0.66)", "lever": {"min": 3, "max": 9}},
        "margin": {"value": "600%", "range": ["500%", "750%"]},
        "fixed": {"value": 5, "lever": {"min": 4, "max": 6}},
    }
    return tree("profit", metrics, **keys)


def kept(of: Tree, **settings: Any) -> Simulation:
    return simulate(of, samples=SAMPLES, **settings)


def streamed(of: Tree, samples: int = SAMPLES, **settings: Any) -> Simulation:
    with patch.object(chance, "KEPT", samples // 2):
        return simulate(of, samples=samples, **settings)


def raced(of: Tree, **settings: Any) -> Result:
    return levers(of, samples=SAMPLES, **settings)


KINDS: dict[str, Callable[..., Result]] = {"kept": kept, "streamed": streamed, "levers": raced}
every = pytest.mark.parametrize("ask", KINDS.values(), ids=KINDS)


def shown(result: Result) -> bytes:
    """All that a result tells, and the samples where there are some."""
    samples = result.spread.drawn.values() if isinstance(getattr(result, "spread", None), Kept) else ()
    return b"".join([result.to_json().encode(), result.text(color=False).encode(), *map(bytes, samples)])


@pytest.fixture(scope="module")
def pool() -> Iterator[Any]:
    with processes() as found:
        yield found


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("dask")) as found:
        yield found


@every
@pytest.mark.parametrize("points", POINTS)
def test_no_block_thread_process_or_cluster_changes_a_byte(
    ask: Callable[..., Result], points: str, pool: Any, dask: str
) -> None:
    of = plan(correlations=[["a", "margin", 0.4]]).with_(change={"margin": 0.1}, add={"b": -3.0})
    wanted = shown(ask(of, points=points, seed=7))
    places: list[dict[str, Any]] = [
        {"block": 1000},
        {"block": 65_536, "threads": 2},
        {"block": 4096, "threads": 4},
        {"executor": pool},
        {"executor": dask},
    ]
    for where in places:
        assert shown(ask(of, points=points, seed=7, **where)) == wanted, where


@every
@pytest.mark.parametrize("name", ["shop", "saas"])
def test_shipped_models_give_the_same_bytes_on_processes_and_on_a_cluster(
    ask: Callable[..., Result], name: str, pool: Any, dask: str
) -> None:
    of = load(name).tree
    wanted = shown(ask(of))
    for where in ({"executor": pool}, {"executor": dask}):
        assert shown(ask(of, **where)) == wanted


# --- streamed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", POINTS)
def test_streamed_figures_are_those_of_kept_samples(points: str) -> None:
    """Moments, range and P(target) to the bit; quantiles in the bin of the kept ones, whose width in rank is known."""
    exact, found = (ask(plan(), points=points) for ask in (kept, streamed))
    one, other = exact.to_dict(), found.to_dict()
    for of_one, of_other in ((one, other), *((one["metrics"][id], other["metrics"][id]) for id in one["metrics"])):
        same = ("mean", "sd", "standard_error", "min", "max", "probability_of_target", "not_finite")
        for key in (*same, "base", "probability_below_base", "probability_below_base_error"):
            assert of_one[key] == of_other[key], key
        # of the last bin alone it is not known which samples are the worst
        assert of_other["tail_mean"] == pytest.approx(of_one["tail_mean"], rel=1e-4)
        assert of_other["tail_mean_error"] == pytest.approx(of_one["tail_mean_error"], rel=0.1)
    samples = np.sort(exact.samples())
    for p, value in zip(found["profit"].probabilities, found["profit"].quantiles, strict=True):
        edges = partial.SPENT // len(exact.quantiles)  # over WINDOW standard errors of chunk 0's rank, either way
        wide = 2 * partial.WINDOW * math.sqrt(p * (1 - p) / 65_536) / (edges - 1)
        assert abs(np.searchsorted(samples, value) / SAMPLES - p) <= wide


def test_a_mean_that_does_not_exist_is_noticed_in_streamed_samples_too() -> None:
    of = tree("y", {"y": "x * z", "x": {"uncertainty": "cauchy(1, 1)"}, "z": {"uncertainty": "normal(2, 0.1)"}})
    told = agrees(streamed(of))
    assert (told["mean"], told["sd"], told["tail_mean"]) == (None, None, None)
    assert any("x is cauchy(1, 1), which has no mean" in note for note in told["notes"])


def test_every_face_of_a_streamed_answer_agrees_and_its_note_says_how_quantiles_were_read() -> None:
    found = streamed(plan())
    told = agrees(found)
    note = (
        "above 100,000 samples none are kept: quantiles are read between fixed edges, which puts them out by a "
        "small part of their standard error"
    )
    assert note in told["notes"]
    assert "comes out between" in text(found)


def test_samples_that_were_not_kept_are_told_with_the_mend() -> None:
    found = streamed(plan())
    with pytest.raises(LeverageError) as told:
        found.samples("units")
    assert str(told.value).startswith("the samples of units were not kept: 200,000 were asked for, and above ")
    assert str(told.value).endswith("ask for at most 16,777,216, or read the summary")


def test_which_quantiles_were_asked_for_changes_no_kept_figure_and_opens_with_the_same_sentence() -> None:
    first, other = simulate(plan(), samples=5000), simulate(plan(), samples=5000, quantiles=["1%", 0.9, "90%"])
    assert text(first).splitlines()[:2] == text(other).splitlines()[:2]
    assert list(other.to_dict()["quantiles"]) == ["1%", "0.9", "90%"]
    assert other["profit"].probabilities == (0.01, 0.9, 0.9)
    assert other.to_dict()["quantiles"]["90%"] == first.to_dict()["quantiles"]["0.9"]


def test_where_no_sample_is_finite_a_streamed_answer_says_so() -> None:
    of = tree("y", {"y": "log(x - 9)", "x": {"value": 1, "uncertainty": "uniform(0, 2)"}})
    found = streamed(of, samples=100)
    assert text(found).startswith("y is finite in no sample.")
    assert agrees(found)["quantiles"]["0.5"] is None


@pytest.mark.slow
def test_twenty_times_the_samples_take_no_more_memory() -> None:
    """In a process of its own: the peak after 2 million and after 40 million streamed samples."""
    script = (
        "import resource, leverage.verbs.draws.chance as chance\nfrom leverage.model import load\n"
        "chance.KEPT = 10**6\nshop = load('shop')\n"
        "for samples in (2_000_000, 40_000_000):\n"
        "    shop.simulate(samples=samples)\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=600)
    few, many = map(int, ran.stdout.split())
    assert many < 1.05 * few
    assert many * (1 if sys.platform == "darwin" else 1024) < 1e9


# --- with a stop between -------------------------------------------------------------------------------------------


def stops(after: int) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        if done >= after:
            raise KeyboardInterrupt

    return told


@every
@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(
    ask: Callable[..., Result], threads: int, tmp_path: Path
) -> None:
    of, path = plan(), tmp_path / "run"
    wanted = shown(ask(of))
    with pytest.raises(Interrupted, match="the same command goes on from"):
        ask(of, checkpoint=path, progress=stops(100_000), threads=threads)
    with pytest.warns(Said, match=r"took over [234] of 4 chunks from"):
        assert shown(ask(of, checkpoint=path)) == wanted
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("first", "then", "differs"),
    [
        ({}, {"seed": 7}, "seed 0 there and 7 here"),
        ({}, {"points": "latin"}, "points 'sobol' there and 'latin' here"),
        ({}, {"of": "b"}, "metrics ['profit', 'units'] there and ['profit', 'units', 'b'] here"),
        ({}, {"samples": 150_000}, "samples 200000 there and 150000 here"),
    ],
)
def test_a_checkpoint_of_another_question_is_refused(
    first: dict[str, Any], then: dict[str, Any], differs: str, tmp_path: Path
) -> None:
    path = tmp_path / "run"
    with pytest.raises(Interrupted):
        simulate(plan(), **{"samples": SAMPLES, **first}, checkpoint=path, progress=stops(100_000))
    with pytest.raises(LeverageError) as told:
        simulate(plan(), **{"samples": SAMPLES, **then}, checkpoint=path)
    assert differs in str(told.value)


def test_a_checkpoint_of_another_model_change_or_verb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with pytest.raises(Interrupted):
        simulate(plan(), samples=SAMPLES, checkpoint=path, progress=stops(100_000))
    others: list[tuple[Any, Tree, str]] = [
        (simulate, plan(goal="minimize"), "model '"),
        (simulate, plan().with_(add={"a": 1.0}), "changes [] there and [['add', 'a', 1.0, False]] here"),
        (levers, plan(), "asked 'simulate' there and 'levers' here"),
    ]
    for verb, of, differs in others:
        with pytest.raises(LeverageError) as told:
            verb(of, samples=SAMPLES, checkpoint=path)
        assert differs in str(told.value)


def test_progress_counts_samples_to_the_last() -> None:
    for ask in KINDS.values():
        told: list[tuple[int, int]] = []
        ask(plan(), progress=lambda done, total, told=told: told.append((done, total)))
        assert told == [(65_536, SAMPLES), (131_072, SAMPLES), (196_608, SAMPLES), (SAMPLES, SAMPLES)]
