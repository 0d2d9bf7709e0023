"""Claim: a tree of 200 metrics over 1e6 samples costs little more than one fused C loop, a quarter of naive NumPy.

Random trees in layers, half of the metrics leaves that are given as arrays; once of + - * / min max alone, once with an
exp, log, root or power in every second formula. Only the KGI is kept. Run: python -m benchmarks.evaluation
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

import leverage as lv
from benchmarks import fused
from benchmarks.measure import Claim, Report, interleaved, peer, publish
from benchmarks.workloads import NUMPY, Array, Workload, layers
from leverage.program.run import run as run_program
from leverage.program.run import stand

SAMPLES = 1_000_000
METRICS = 200
EXACT = 1e-9  # relative: C contracts and reorders (-ffast-math), every other contender is at 1e-13
Evaluate = Callable[[], Array]

BOUNDS = {  # kind: peer, bound, and whether it is how many times as fast, or how many times the cost
    "arithmetic": (("fused C", 1.8, False), ("naive NumPy", 4.0, True)),
    "transcendental": (("fused C", 1.0, False), ("naive NumPy", 4.0, True), ("JAX", 3.0, True)),
}


def own(workload: Workload, x: Array) -> Evaluate:
    """The program, block by block."""
    standing = stand(lv.Model(**workload.mapping()).tree)
    arrays = dict(zip(workload.leaves, x, strict=True))
    return lambda: run_program(standing.program, standing.inputs, arrays, (workload.kgi,), x.shape[1])[workload.kgi]


def fused_c(workload: Workload, x: Array) -> Evaluate | None:
    """One C loop over the samples."""
    function = fused.evaluation(workload)
    if function is None:
        return None
    out = np.empty(x.shape[1])

    def run() -> Array:
        function(x, out)
        return out

    return run


def naive(workload: Workload, x: Array) -> Evaluate:
    """One expression a metric over whole arrays, all of them kept."""
    value = workload.function(NUMPY)
    return lambda: np.asarray(value(*x))


def numexpr(workload: Workload, x: Array) -> Evaluate | None:
    """numexpr, a metric at a time: it takes no expression of a hundred arrays."""
    ne = peer("numexpr")
    if ne is None:
        return None
    ne.set_num_threads(1)
    formulas = workload.spelled("numexpr")

    def run() -> Array:
        values: dict[str, Array] = dict(zip(workload.leaves, x, strict=True))
        for id, formula in formulas.items():
            values[id] = ne.evaluate(formula, local_dict=values, global_dict={})
        return values[workload.kgi]

    return run


def jax(workload: Workload, x: Array) -> Evaluate | None:
    """JAX, compiled; its arrays stand ready."""
    module = peer("jax")
    if module is None:
        return None
    jnp = module.numpy
    names = {"exp": jnp.exp, "log": jnp.log, "sqrt": jnp.sqrt, "max": jnp.maximum, "min": jnp.minimum}
    function = module.jit(workload.function(names))
    rows = [jnp.asarray(np.ascontiguousarray(row)) for row in x]
    return lambda: np.asarray(function(*rows))


CONTENDERS: dict[str, Callable[[Workload, Array], Evaluate | None]] = {
    "leverage": own,
    "fused C": fused_c,
    "naive NumPy": naive,
    "numexpr": numexpr,
    "JAX": jax,
}


def contenders(workload: Workload, x: Array) -> dict[str, Evaluate]:
    """Everybody who is there, after their values have been found to agree."""
    made = {name: make(workload, x) for name, make in CONTENDERS.items()}
    runs = {name: run for name, run in made.items() if run is not None}
    truth = runs["naive NumPy"]()
    for name, run in runs.items():
        apart = float(np.max(np.abs(np.asarray(run()) - truth) / np.abs(truth)))
        if not apart <= EXACT:
            raise SystemExit(f"{name} is {apart:.1e} apart from naive NumPy")
    return runs


def measured(samples: int = SAMPLES, rounds: int = 5, metrics: int = METRICS) -> Report:
    """Everybody's least time on both kinds of trees, and this project's ratios to it."""
    seconds: dict[str, float] = {}
    claims: list[Claim] = []
    for kind, bounds in BOUNDS.items():
        workload = layers(metrics, kind)
        found = interleaved(dict(contenders(workload, workload.levels(samples))), rounds=rounds)
        seconds |= {f"{name}, {kind}": taken for name, taken in found.items()}
        for name, bound, faster in bounds:
            if name in found:
                ratio = found[name] / found["leverage"]
                words = "times as fast as" if faster else "times the cost of"
                claims.append(Claim(f"{kind}: {words} {name}", ratio if faster else 1 / ratio, bound, at_least=faster))
    return Report(
        "evaluation",
        tuple(claims),
        seconds,
        (f"{len(workload.leaves)} leaves, {len(workload.formulas)} formulas, {samples:,} samples",),
    )


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:])))
