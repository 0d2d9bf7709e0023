"""Claim: Sobol' indices of 30 leaves with intervals, 5 times as fast as OpenTURNS, an eighth of its error; 50 x SALib.

Everybody gives first-order and total indices with 95 % intervals of the shop's 30 leaves, from 8,192 rows of A and as
many evaluations of the tree (262,144; this project's pilot adds 1 %). SALib gets this project's tree and leaves,
OpenTURNS a symbolic function, which is its fastest. Errors are judged against indices from 131,072 rows, over several
seeds. Run: python -m benchmarks.sensitivity
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import numpy as np

import leverage as lv
from benchmarks.measure import Claim, Report, interleaved, peer, publish
from benchmarks.monte_carlo import openturns_model
from benchmarks.workloads import Array, Workload, shop
from leverage.program.run import run, stand
from leverage.sampling.marginal import marginal
from leverage.sampling.table import Spare

ROWS, TRUTH, SEEDS = 8_192, 131_072, 8
Indices = Callable[[int, int], tuple[Array, Array]]  # from rows and seed to first and total, in the leaves' order


def own(workload: Workload) -> Indices:
    """The verb `sensitivity`, from a loaded model to its answer."""
    model = lv.Model(**workload.mapping())
    place = {id: k for k, id in enumerate(workload.leaves)}

    def indices(rows: int, seed: int) -> tuple[Array, Array]:
        found = model.sensitivity(samples=rows, seed=seed).weighed
        order = np.argsort([place[player.id] for player in found.players])
        measures = found.found.measures
        return measures["first"].value[order], measures["total"].value[order]

    return indices


def salib(workload: Workload) -> Indices | None:
    """SALib: its design and its analysis with 100 resamples; leaves by tables, the tree by this project's blocks."""
    sample, analyze = peer("SALib.sample.sobol", "SALib"), peer("SALib.analyze.sobol", "SALib")
    if sample is None or analyze is None:
        return None
    tree = lv.Model(**workload.mapping()).tree
    standing, ids = stand(tree), list(workload.leaves)
    marginals = [marginal(known) for id in ids if (known := tree.metrics[id].uncertainty) is not None]
    problem = {"num_vars": len(ids), "names": ids, "bounds": [[0.0, 1.0]] * len(ids)}

    def indices(rows: int, seed: int) -> tuple[Array, Array]:
        cases = np.ascontiguousarray(sample.sample(problem, rows, calc_second_order=False, seed=seed).T)
        spare = Spare.of(cases.shape[1])
        for each, row in zip(marginals, cases, strict=True):
            each.draw(row, spare)
        levels = dict(zip(ids, cases, strict=True))
        values = run(standing.program, standing.inputs, levels, (workload.kgi,), cases.shape[1])[workload.kgi]
        found = analyze.analyze(problem, values, calc_second_order=False, seed=seed)
        return found["S1"], found["ST"]

    return indices


def openturns(workload: Workload, estimator: str) -> Indices | None:
    """OpenTURNS: its experiment of random points, its estimator with asymptotic intervals."""
    ot = peer("openturns")
    if ot is None:
        return None
    joint, function = openturns_model(ot, workload)

    def indices(rows: int, seed: int) -> tuple[Array, Array]:
        ot.RandomGenerator.SetSeed(seed)
        inputs = ot.SobolIndicesExperiment(joint, rows).generate()
        made = getattr(ot, estimator)(inputs, function(inputs), rows)
        made.setUseAsymptoticDistribution(True)
        first, total = np.array(made.getFirstOrderIndices()), np.array(made.getTotalOrderIndices())
        made.getFirstOrderIndicesInterval(), made.getTotalOrderIndicesInterval()
        return first, total

    return indices


def martinez(workload: Workload) -> Indices | None:
    """OpenTURNS by the estimator that errs least."""
    return openturns(workload, "MartinezSensitivityAlgorithm")


def error(indices: Indices, truth: tuple[Array, Array], rows: int, seeds: int) -> tuple[float, float]:
    """The root mean square error of first-order and of total indices, over leaves and seeds."""
    found = [indices(rows, seed) for seed in range(1, seeds + 1)]
    first, total = (float(np.sqrt(np.mean([(each[k] - truth[k]) ** 2 for each in found]))) for k in (0, 1))
    return first, total


def measured(rows: int = ROWS, rounds: int = 3, seeds: int = SEEDS, truth_rows: int = TRUTH) -> Report:
    """Everybody's least time and error, and this project's ratios to them."""
    workload = shop()
    mine = own(workload)
    estimators = ("SaltelliSensitivityAlgorithm", "MartinezSensitivityAlgorithm", "JansenSensitivityAlgorithm")
    peers = {
        f"OpenTURNS, {name.removesuffix('SensitivityAlgorithm')}": openturns(workload, name) for name in estimators
    }
    everybody = {"leverage": mine, **peers, "SALib, 100 resamples": salib(workload)}
    runs = {name: each for name, each in everybody.items() if each is not None}
    truth = mine(truth_rows, 1_000)
    errors = {name: error(each, truth, rows, seeds if "SALib" not in name else 2) for name, each in runs.items()}
    seconds = interleaved({name: partial(each, rows, 3) for name, each in runs.items()}, rounds=rounds)
    claims = []
    for name in runs:
        if name != "leverage":
            bound = 50.0 if "SALib" in name else 5.0
            claims.append(Claim(f"times as fast as {name}", seconds[name] / seconds["leverage"], bound, True))
    for name in runs:
        if "OpenTURNS" in name:
            least = errors[name][0] / errors["leverage"][0]
            claims.append(Claim(f"of the first-order error of {name}: one part in", least, 8.0, True))
    notes = [
        f"{name}: error of first order {first:.2g}, of total {total:.2g}" for name, (first, total) in errors.items()
    ]
    return Report("sensitivity", tuple(claims), seconds, (f"{rows:,} rows, 30 leaves", *notes))


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:])))
