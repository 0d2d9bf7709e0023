"""Claim: the slopes of the KGI in 100 leaves cost three evaluations at one point, and four over 1e4 points.

A tree of 200 metrics of mixed operations, made ready once and asked again and again, as a search or a page that moves
a lever asks it. Peers give the gradient of the same function. Run: python -m benchmarks.elasticities
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

import leverage as lv
from benchmarks.measure import Claim, Report, Work, interleaved, peer, publish
from benchmarks.workloads import Array, Workload, layers
from leverage.program.program import SLOPE
from leverage.program.run import prepared, prepared_slopes, single, sloped, stand

POINTS = 10_000
METRICS = 200
EXACT = 1e-9  # relative to the largest slope; sums in another order stay far below
Slopes = Callable[[Array], Array]  # levels (d, n) to slopes (d, n)


def own_values(workload: Workload) -> tuple[Slopes, Slopes]:
    """One evaluation of the KGI, at one point and over many, made ready: what the slopes are counted in."""
    standing, ids = stand(lv.Model(**workload.mapping()).tree), tuple(workload.leaves)
    one = single(standing, ids, (workload.kgi,))
    return lambda levels: one(levels[:, 0]), prepared(standing, ids, (workload.kgi,))


def own(workload: Workload) -> Slopes:
    """Slopes by the adjoint program, made ready: at one point a built one, over many in blocks."""
    tree, ids = lv.Model(**workload.mapping()).tree, tuple(workload.leaves)
    one = prepared_slopes(tree, ids)
    many = prepared(sloped(tree, workload.kgi), ids, [SLOPE + id for id in ids])
    return lambda levels: one(levels[:, 0])[:, None] if levels.shape[1] == 1 else many(levels)


def casadi(workload: Workload) -> Slopes | None:
    """CasADi's SX graph and its gradient, called at one point after the other."""
    ca = peer("casadi")
    if ca is None:
        return None
    names = {"exp": ca.exp, "log": ca.log, "sqrt": ca.sqrt, "max": ca.fmax, "min": ca.fmin}
    x = ca.SX.sym("x", len(workload.leaves))
    value = workload.function(names)(*ca.vertsplit(x))
    function = ca.Function("slopes", [x], [ca.gradient(value, x)])
    return lambda levels: np.concatenate([function(levels[:, k]).full() for k in range(levels.shape[1])], axis=1)


def autograd(workload: Workload) -> Slopes | None:
    """autograd's elementwise gradient with respect to all leaves at once."""
    ag = peer("autograd")
    if ag is None:
        return None
    anp = peer("autograd.numpy")
    names = {"exp": anp.exp, "log": anp.log, "sqrt": anp.sqrt, "max": anp.maximum, "min": anp.minimum}
    value = workload.function(names)
    gradient = ag.elementwise_grad(lambda levels: value(*levels))
    return lambda levels: np.asarray(gradient(tuple(levels)))


def jax(workload: Workload) -> Slopes | None:
    """JAX: the gradient, mapped over points, compiled."""
    module = peer("jax")
    if module is None:
        return None
    jnp = module.numpy
    names = {"exp": jnp.exp, "log": jnp.log, "sqrt": jnp.sqrt, "max": jnp.maximum, "min": jnp.minimum}
    value = workload.function(names)
    gradient = module.jit(module.vmap(module.grad(lambda levels: value(*levels)), in_axes=1, out_axes=1))
    return lambda levels: np.asarray(gradient(levels))


PEERS = {"CasADi": casadi, "autograd": autograd, "JAX": jax}


def contenders(workload: Workload, x: Array) -> dict[str, Slopes]:
    """Everybody who is there, after their slopes have been found to agree."""
    made = {"leverage": own(workload)} | {name: make(workload) for name, make in PEERS.items()}
    runs = {name: run for name, run in made.items() if run is not None}
    truth = runs["leverage"](x)
    for name, run in runs.items():
        apart = float(np.max(np.abs(run(x) - truth)) / np.max(np.abs(truth)))
        if not apart <= EXACT:
            raise SystemExit(f"{name}'s slopes are {apart:.1e} apart")
    return runs


def measured(points: int = POINTS, rounds: int = 7, metrics: int = METRICS) -> Report:
    """Slopes at one point and over many, in evaluations and beside the peers."""
    workload = layers(metrics, "transcendental")
    many = np.ascontiguousarray(workload.levels(points))
    one = np.ascontiguousarray(many[:, :1])
    value_at_one, value_at_many = own_values(workload)
    works: dict[str, Work] = {
        ONE_VALUE: lambda: value_at_one(one),
        MANY_VALUES: lambda: value_at_many(many),
    }
    for name, run in contenders(workload, many[:, :5]).items():
        works[f"{name}, {ONE}"] = partial(run, one)
        if name != "CasADi":  # it goes point by point
            works[f"{name}, {MANY}"] = partial(run, many)
    seconds = interleaved(works, rounds=rounds)
    notes = (f"{len(workload.leaves)} leaves, {len(workload.formulas)} formulas; many points: {points:,}",)
    return Report("elasticities", tuple(_claims(seconds)), seconds, notes)


def _claims(seconds: dict[str, float]) -> Iterator[Claim]:
    for text, mine, theirs, bound, faster in ROWS:
        if theirs in seconds:
            ratio = seconds[theirs] / seconds[f"leverage, {mine}"]
            yield Claim(text, ratio if faster else 1 / ratio, bound, at_least=faster)


ONE, MANY = "slopes at one point", "slopes at many points"
ONE_VALUE, MANY_VALUES = "leverage, value at one point", "leverage, values at many points"
ROWS = (  # claim; this project's work, that beside it, bound, and whether it is how many times as fast
    ("one point: times one evaluation", ONE, ONE_VALUE, 3.0, False),
    ("one point: times as fast as CasADi", ONE, f"CasADi, {ONE}", 4.0, True),
    ("many points: times one evaluation", MANY, MANY_VALUES, 4.0, False),
    ("many points: times as fast as autograd", MANY, f"autograd, {MANY}", 3.5, True),
    ("many points: times as fast as JAX", MANY, f"JAX, {MANY}", 10.0, True),
)


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:])))
