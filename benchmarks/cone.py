"""Claim: to change one leaf at a time, its cone is run again 5 times as fast as the whole tree, which SALib needs.

Sobol' indices of d leaves ask for the KGI on two samples and on d hybrids of them, each with one leaf exchanged. A
black box computes the whole model for each; here only what the leaf reaches runs again. Both designs, both evaluations,
of a tree of about 200 metrics; the indices themselves are not part of it. Run: python -m benchmarks.cone
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

import leverage as lv
from benchmarks.measure import Claim, Report, Work, interleaved, peer, publish
from benchmarks.workloads import Array, Workload, layers
from leverage.program.run import run, stand
from leverage.program.schedule import cone, schedule
from leverage.sampling.points import points
from leverage.tree.tree import Tree

SAMPLES = 2048
METRICS = 200
Hybrids = Callable[[Array, Array], Array]  # from A and B, (d, n), to the KGI of A and of each hybrid, (d + 1, n)


def design(workload: Workload, n: int) -> tuple[Array, Array]:
    """Two independent sets of levels, A and B, each ``(d, n)``: halves of one set of Sobol points."""
    ids = [*workload.leaves, *(f"{id}_too" for id in workload.leaves)]
    stream, both = points("sobol", ids, seed=0, samples=n).chunk(0), np.empty((len(ids), n))
    for k, row in enumerate(both):
        stream.fill(k, row)
    both += 0.5
    a, b = np.split(both, 2)
    return a, b


def by_cone(workload: Workload, tree: Tree) -> Hybrids:
    """The whole tree on A, then for each leaf its cone alone, on what A left along the way."""
    standing, kgi = stand(tree), workload.kgi
    cones = {id: cone(standing.program, (id,), (kgi,)) for id in workload.leaves}
    edges = frozenset().union(*(each.boundary for each in cones.values()))
    whole = schedule(standing.program, varying=workload.leaves, keep=(kgi,), also=edges)
    settled = whole.settle(standing.inputs)

    def values(a: Array, b: Array) -> Array:
        n = a.shape[1]
        found = np.empty((len(cones) + 1, n))
        live = whole.block(settled, dict(zip(cones, a, strict=True)), whole.buffer(n))
        found[0] = live[whole.keep[kgi]]
        for k, (id, part) in enumerate(cones.items()):
            found[k + 1] = part.block(live, {id: b[k]}, part.buffer(n))[part.keep[kgi]]
        return found

    return values


def by_whole(workload: Workload, tree: Tree) -> Hybrids:
    """The same hybrids, the whole tree for each: what a black box costs with this project's evaluation inside."""
    standing = stand(tree)

    def values(a: Array, b: Array) -> Array:
        n = a.shape[1]
        found = np.empty((len(a) + 1, n))
        for k in range(-1, len(a)):
            levels = {id: b[j] if j == k else a[j] for j, id in enumerate(workload.leaves)}
            found[k + 1] = run(standing.program, standing.inputs, levels, (workload.kgi,), n)[workload.kgi]
        return found

    return values


def by_salib(workload: Workload, tree: Tree) -> Callable[[int], Array] | None:
    """SALib's design, and the whole tree on it, by this project's evaluation: one row a case, as SALib hands it out."""
    sobol = peer("SALib.sample.sobol", "SALib")
    if sobol is None:
        return None
    standing, ids = stand(tree), list(workload.leaves)
    problem = {"num_vars": len(ids), "names": ids, "bounds": [[0.5, 1.5]] * len(ids)}

    def values(n: int) -> Array:
        cases = sobol.sample(problem, n, calc_second_order=False, seed=0)
        levels = dict(zip(ids, np.ascontiguousarray(cases.T), strict=True))
        return run(standing.program, standing.inputs, levels, (workload.kgi,), len(cases))[workload.kgi]

    return values


def measured(samples: int = SAMPLES, rounds: int = 3, metrics: int = METRICS) -> Report:
    """Both ways on the same design, after they have been found to agree to the bit; then designs and all."""
    workload = layers(metrics, "arithmetic")
    tree = lv.Model(**workload.mapping()).tree
    by_cones, by_trees, salib = by_cone(workload, tree), by_whole(workload, tree), by_salib(workload, tree)
    a, b = design(workload, samples)
    if not np.array_equal(by_cones(a, b), by_trees(a, b)):
        raise SystemExit("the cone gives other figures than the whole tree")
    works: dict[str, Work] = {
        "hybrids by the cone": lambda: by_cones(a, b),
        "hybrids by the whole tree": lambda: by_trees(a, b),
        "design, and hybrids by the cone": lambda: by_cones(*design(workload, samples)),
    }
    if salib is not None:
        works["SALib's design, and hybrids by the whole tree"] = lambda: salib(samples)
    seconds = interleaved(works, rounds=rounds)
    mine, whole, both, *peers = seconds.values()
    claims = [Claim("times as fast as the whole tree", whole / mine, 5.0, at_least=True)]
    claims += [
        Claim("times as fast as SALib's design and the whole tree", theirs / both, 50.0, True) for theirs in peers
    ]
    notes = (f"{len(workload.leaves)} leaves, {len(workload.formulas)} formulas, {samples:,} samples a hybrid",)
    return Report("cone", tuple(claims), seconds, notes)


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:])))
