"""Whatever is timed side by side computes the same: own, naive NumPy and fused C. No time is tested here."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import numpy as np
import pytest

import leverage as lv
from benchmarks import (
    billion,
    cold_start,
    cone,
    evaluation,
    fused,
    monte_carlo,
    scale,
    sensitivity,
    sobol_mean,
    threads,
    workloads,
)
from benchmarks.measure import Claim, Report, apart, interleaved
from benchmarks.workloads import BENDS, layers, shop
from leverage.program.run import slopes

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc compiles the fused program")


@needs_gcc
def test_monte_carlo_own_naive_and_fused_agree_within_five_standard_errors() -> None:
    workload = shop()
    runs = {"naive": monte_carlo.naive(workload), "fused": fused.monte_carlo(workload)}
    monte_carlo.agree(workload, {name: run for name, run in runs.items() if run is not None}, 50_000)


def test_the_shop_has_the_stated_size_and_six_leaves_of_each_family() -> None:
    workload = shop()
    families = [leaf.family for leaf in workload.leaves.values()]
    assert (len(workload.leaves), len(workload.formulas)) == (30, 30)
    assert {family: families.count(family) for family in set(families)} == dict.fromkeys(families, 6)


@needs_gcc
@pytest.mark.parametrize("kind", BENDS)
def test_a_tree_in_layers_has_one_value_whoever_computes_it(kind: str) -> None:
    workload = layers(60, kind)
    x = workload.levels(3_000)
    own, naive, c = evaluation.own(workload, x), evaluation.naive(workload, x), evaluation.fused_c(workload, x)
    assert c is not None
    # own and naive call the same NumPy functions; C may contract, reorder and use its own exp: 1e-15 an operation
    np.testing.assert_allclose(own(), naive(), rtol=1e-13)
    np.testing.assert_allclose(c(), naive(), rtol=1e-12)


def test_slopes_of_a_tree_in_layers_agree_with_central_differences() -> None:
    workload = layers(30, "transcendental")
    value = workload.function(workloads.NUMPY)
    x = np.array([leaf.level for leaf in workload.leaves.values()]) + np.linspace(0, 0.3, len(workload.leaves))
    model = lv.Model(**workload.mapping())
    found = slopes(model.tree, moved={id: x[k : k + 1] for k, id in enumerate(workload.leaves)})
    step = 1e-6  # error: step ** 2 of the third derivative, and 1e-16 / step of the value
    for k, id in enumerate(workload.leaves):
        apart = step * (np.arange(len(x)) == k)
        difference = (value(*(x + apart)) - value(*(x - apart))) / (2 * step)
        assert found[id][0] == pytest.approx(difference, rel=1e-6, abs=1e-6 * abs(value(*x)))


def test_hybrids_by_the_cone_are_those_by_the_whole_tree_to_the_bit() -> None:
    workload = layers(40, "arithmetic")
    tree = lv.Model(**workload.mapping()).tree
    a, b = cone.design(workload, 64)
    np.testing.assert_array_equal(cone.by_cone(workload, tree)(a, b), cone.by_whole(workload, tree)(a, b))


def test_sobol_indices_agree_with_salibs_and_openturns() -> None:
    """Theirs err by at most 0.03 in the first order at 4,096 rows (random points), ours by less."""
    workload = shop()
    first, total = sensitivity.own(workload)(4_096, 1)
    assert first.sum() <= 1.01
    for package, peer in (("SALib", sensitivity.salib), ("openturns", sensitivity.martinez)):
        if find_spec(package) is not None:
            theirs = peer(workload)
            assert theirs is not None
            np.testing.assert_allclose(theirs(4_096, 1)[0], first, atol=0.06)
            np.testing.assert_allclose(theirs(4_096, 1)[1], total, atol=0.06)


def test_fewer_sobol_points_than_random_samples_give_the_mean_as_exactly() -> None:
    points, reached, allowed = sobol_mean.needed(lv.Model(**shop().mapping()), 20_000, seeds=4, reference=2**16)
    assert points < 20_000
    assert reached <= allowed


@pytest.mark.parametrize(
    "small",
    [
        lambda: threads.measured(1, sizes=(2_000,)),
        lambda: cold_start.measured(1),
        lambda: scale.measured(1, sizes=(50, 100)),
        lambda: billion.measured(50_000, 1),
    ],
    ids=["threads", "cold_start", "scale", "billion"],
)
def test_a_small_run_gives_a_report(small: object) -> None:
    assert callable(small)
    report: Report = small()
    assert report.claims
    assert all(taken > 0 for taken in report.seconds.values())


def test_contenders_take_turns_and_the_least_time_counts() -> None:
    now, said = [0.0], list[str]()

    def work(name: str, *seconds: float) -> None:
        said.append(name)
        now[0] += seconds[said.count(name) % len(seconds)]

    works = {"a": lambda: work("a", 3.0, 1.0), "b": lambda: work("b", 2.0)}
    assert interleaved(works, rounds=2, clock=lambda: now[0]) == {"a": 1.0, "b": 2.0}
    assert said[-4:] == ["a", "b", "a", "b"]


def test_figures_far_apart_stop_the_run() -> None:
    with pytest.raises(SystemExit, match=r"peer: mean is 7 and not 1: 6\.0 standard errors"):
        apart("peer", {"mean": 7.0}, {"mean": 1.0}, {"mean": 1.0})


@pytest.mark.parametrize(("at_least", "met"), [(True, True), (False, False)])
def test_a_claim_is_kept_on_its_own_side_of_the_bound(at_least: bool, met: bool) -> None:
    assert Claim("times as fast", 3.0, 2.0, at_least).met is met


def test_c_tables_give_the_pert_quantiles() -> None:
    """The error is largest in the cells next to the ends, where quantiles bend most: a ten-thousandth of the range."""
    from scipy.special import betaincinv

    leaf = workloads.Leaf("pert", (2.0, 5.0, 9.0))
    u = (np.arange(10_000) + 0.5) / 10_000
    table = fused.cubics(leaf, 0.0, 1.0)
    cell = (u * fused.CELLS).astype(int)
    t = u * fused.CELLS - cell
    found = np.polynomial.polynomial.polyval(t, table[cell].T, tensor=False)
    inner = (cell > 0) & (cell < fused.CELLS - 1)  # the two ends have tables of their own
    np.testing.assert_allclose(found[inner], 2 + 7 * betaincinv(*fused.beta(leaf), u)[inner], atol=7e-4)
