"""Claim: a Monte Carlo run of a 60-metric tree, 1e6 samples end to end, beats OpenTURNS 6 times and squigglepy 1.6.

Everybody draws 30 uncertain leaves, computes 30 formulas and sums the KGI up: mean, sd, quantiles, chance of the
target. The figures have to agree within 5 standard errors before any time counts. Run: python -m benchmarks.monte_carlo
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import leverage as lv
from benchmarks import fused
from benchmarks.measure import Claim, Report, apart, interleaved, peer, publish
from benchmarks.workloads import NUMPY, Array, Leaf, Workload, shop

SAMPLES = 1_000_000
QUANTILES = (0.05, 0.5, 0.95)
NAMES = ("mean", "p05", "p50", "p95", "probability")
Figures = dict[str, float]
Simulate = Callable[[int, int], Figures]  # from samples and seed to the KGI's figures

# bounds: how many times as fast as the peer; for the fused program, how many times its cost
AT_LEAST = {"OpenTURNS": 6.0, "squigglepy + NumPy": 1.6}
AT_MOST = {"fused C": 8.0}


def own(workload: Workload) -> Simulate:
    """`simulate` of a loaded model."""
    model = lv.Model(**workload.mapping())

    def run(n: int, seed: int) -> Figures:
        found = model.simulate(samples=n, seed=seed, points="random", quantiles=QUANTILES)[workload.kgi]
        return dict(zip(NAMES, (found.mean, *found.quantiles, found.probability), strict=True))

    return run


def naive(workload: Workload) -> Simulate:
    """What one writes in NumPy: a generator, whole arrays, one expression a metric."""
    value = workload.function(NUMPY)

    def run(n: int, seed: int) -> Figures:
        rng = np.random.default_rng(seed)
        return summed(value(*(_generated(rng, leaf, n) for leaf in workload.leaves.values())), workload)

    return run


def _generated(rng: np.random.Generator, leaf: Leaf, n: int) -> Array:
    if leaf.family == "pert":
        low, _, high = leaf.parameters
        return low + (high - low) * rng.beta(*fused.beta(leaf), n)
    draw: Callable[..., Array] = getattr(rng, leaf.family)
    return draw(*fused.drawn(leaf), n)


def summed(values: Array, workload: Workload) -> Figures:
    """The figures of samples by NumPy's own functions."""
    quantiles = np.quantile(values, QUANTILES)
    values.std()  # everybody else gives it
    return dict(zip(NAMES, (values.mean(), *quantiles, (values >= workload.target).mean()), strict=True))


def squigglepy(workload: Workload) -> Simulate | None:
    """squigglepy draws, NumPy computes: squigglepy's own arithmetic goes sample by sample and is far slower."""
    sq = peer("squigglepy")
    if sq is None:
        return None
    make = {
        "normal": lambda mean, sd: sq.norm(mean=mean, sd=sd),
        "lognormal": lambda mean, sd: sq.lognorm(lognorm_mean=mean, lognorm_sd=sd),
        "triangular": sq.triangular,
        "pert": sq.pert,
        "uniform": sq.uniform,
    }
    leaves = [make[leaf.family](*leaf.parameters) for leaf in workload.leaves.values()]
    value = workload.function(NUMPY)

    def run(n: int, seed: int) -> Figures:
        sq.set_seed(seed)
        return summed(value(*(sq.sample(leaf, n) for leaf in leaves)), workload)

    return run


def openturns_model(ot: Any, workload: Workload) -> tuple[Any, Any]:
    """The workload as OpenTURNS has it: a joint distribution, and a symbolic function, which is its fastest."""
    make = {
        "normal": ot.Normal,
        "lognormal": lambda mean, sd: ot.LogNormalMuSigma(mean, sd, 0).getDistribution(),
        "triangular": ot.Triangular,
        "uniform": ot.Uniform,
    }
    leaves = [
        ot.Beta(*fused.beta(leaf), leaf.parameters[0], leaf.parameters[2])
        if leaf.family == "pert"
        else make[leaf.family](*leaf.parameters)
        for leaf in workload.leaves.values()
    ]
    *before, (_, last) = workload.spelled("openturns").items()
    text = "; ".join([*(f"var {id} := {formula}" for id, formula in before), f"kgi := {last}"])
    return ot.JointDistribution(leaves), ot.SymbolicFunction(list(workload.leaves), ["kgi"], text)


def openturns(workload: Workload) -> Simulate | None:
    """OpenTURNS: a joint distribution through a symbolic function, a sample's own statistics."""
    ot = peer("openturns")
    if ot is None:
        return None
    joint, function = openturns_model(ot, workload)
    target = [workload.target]

    def run(n: int, seed: int) -> Figures:
        ot.RandomGenerator.SetSeed(seed)
        values = function(joint.getSample(n))
        values.computeStandardDeviation()
        quantiles = (values.computeQuantilePerComponent(p)[0] for p in QUANTILES)
        reached = 1 - values.computeEmpiricalCDF(target)
        return dict(zip(NAMES, (values.computeMean()[0], *quantiles, reached), strict=True))

    return run


def contenders(workload: Workload) -> dict[str, Simulate]:
    """Everybody who is there, this project first."""
    everybody = {
        "leverage": own(workload),
        "fused C": fused.monte_carlo(workload),
        "squigglepy + NumPy": squigglepy(workload),
        "naive NumPy": naive(workload),
        "OpenTURNS": openturns(workload),
    }
    return {name: run for name, run in everybody.items() if run is not None}


def agree(workload: Workload, runs: dict[str, Simulate], n: int) -> None:
    """Stop unless everybody's figures are the same, within 5 standard errors of the difference."""
    model = lv.Model(**workload.mapping())
    found = model.simulate(samples=n, seed=1, points="random", quantiles=QUANTILES)[workload.kgi]
    truth = dict(zip(NAMES, (found.mean, *found.quantiles, found.probability), strict=True))
    each = (found.standard_error, *found.quantile_errors, found.probability_error)
    errors = {name: math.sqrt(2) * error for name, error in zip(NAMES, each, strict=True)}
    for name, run in runs.items():
        figures = run(n, 2)
        apart(name, {key: figures[key] for key in NAMES}, truth, errors)


def measured(samples: int = SAMPLES, rounds: int = 5) -> Report:
    """Everybody's least time, and this project's ratios to it."""
    workload = shop()
    runs = contenders(workload)
    agree(workload, runs, samples)
    seconds = interleaved({name: partial(run, samples, 3) for name, run in runs.items()}, rounds=rounds)
    mine = seconds["leverage"]
    claims = [
        Claim(f"times as fast as {name}", seconds[name] / mine, bound, at_least=True)
        for name, bound in AT_LEAST.items()
        if name in seconds
    ]
    claims += [
        Claim(f"times the cost of {name}", mine / seconds[name], bound, at_least=False)
        for name, bound in AT_MOST.items()
        if name in seconds
    ]
    return Report("monte_carlo", tuple(claims), seconds, (f"{samples:,} samples",))


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:])))
