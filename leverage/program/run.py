"""Running a tree: at its levels, over arrays of levels, over samples; values and slopes.

A point is evaluated by the same NumPy kernels as a sample, so the base equals a sample of one. The block size changes
memory and speed and never a bit: every kernel works element by element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leverage.program.adjoint import adjoint
from leverage.program.lower import lower
from leverage.program.program import SLOPE, Program, pinned
from leverage.program.schedule import Schedule, schedule
from leverage.tree.scenario import Move
from leverage.tree.tree import Level, Tree

Array = NDArray[np.float64]

BLOCK = 16_384  # samples at a time: rows of 128 KB, of which the few live ones fit the core's cache


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A tree ready to run: its program, with formula metrics that were moved turned into inputs, and all inputs."""

    program: Program
    inputs: Mapping[str, float]
    pins: frozenset[str]


def stand(tree: Tree) -> Standing:
    """The tree's program and where its inputs stand after its moves.

    A formula metric that is set, changed or added to becomes an input: the result replaces it, relative to what it was
    before the move, and its drivers no longer reach the KGI through it.
    """
    program = lower(tree)
    levels = {id: Level(metric.base, metric.base) for id, metric in tree.metrics.items() if metric.base is not None}
    pins: dict[str, float] = {}
    for move in tree.moves:
        if move.metric in levels:
            levels[move.metric] = levels[move.metric].moved(move)
        else:
            before = 0.0 if move.kind == "set" else _value(program, levels, pins, move)
            pins[move.metric] = Level(before, before).moved(move).value
    inputs = {id: level.value for id, level in levels.items()} | pins
    return Standing(_pinned(tree, frozenset(pins)), inputs, frozenset(pins))


def _value(program: Program, levels: Mapping[str, Level], pins: Mapping[str, float], move: Move) -> float:
    stood = pinned(program, frozenset(pins))
    inputs = {**{id: level.value for id, level in levels.items()}, **pins}
    return float(run(stood, inputs, {}, (move.metric,), 1)[move.metric][0])


def _pinned(tree: Tree, pins: frozenset[str]) -> Program:
    if not pins:
        return lower(tree)
    programs: dict[frozenset[str], Program] = tree.kept.setdefault("pinned", {})
    if pins not in programs:
        programs[pins] = pinned(lower(tree), pins)
    return programs[pins]


def sloped(tree: Tree, of: str) -> Standing:
    """`stand`, with the program that also gives the slopes of the output ``of`` (a metric, or ``use:`` a resource)."""
    standing = stand(tree)
    programs: dict[tuple[str, frozenset[str]], Program] = tree.kept.setdefault("adjoint", {})
    key = (of, standing.pins)
    if key not in programs:
        programs[key] = adjoint(standing.program, of)
    return Standing(programs[key], standing.inputs, standing.pins)


def run(
    program: Program,
    inputs: Mapping[str, float],
    arrays: Mapping[str, Array],
    keep: Iterable[str],
    n: int,
    *,
    block: int = BLOCK,
) -> dict[str, Array]:
    """The outputs ``keep``, shape (n,), with the inputs at single figures but for ``arrays``, each of shape (n,)."""
    ready = schedule(program, varying=arrays, keep=keep)
    return fill(ready, ready.settle(inputs), arrays, n, block=block)


def fill(
    ready: Schedule, settled: Mapping[int, float], arrays: Mapping[str, Array], n: int, *, block: int = BLOCK
) -> dict[str, Array]:
    """A schedule run over ``n`` samples, block by block."""
    results = {name: np.empty(n) for name in ready.keep}
    used = {id: array for id, array in arrays.items() if id in ready.program.inputs}
    rows = ready.buffer(min(block, n))
    for start in range(0, n, block):
        stop = min(start + block, n)
        views = rows if stop - start == len(rows[0] if rows else ()) else [row[: stop - start] for row in rows]
        live = ready.block(settled, {id: array[start:stop] for id, array in used.items()}, views)
        for name, slot in ready.keep.items():
            results[name][start:stop] = live[slot]
    return results


def prepared(standing: Standing, ids: Sequence[str], keep: Sequence[str]) -> Callable[[Array], Array]:
    """The outputs ``keep`` as a function of the inputs ``ids``, ready to be asked often: shape (d, n) to (k, n)."""
    ready = schedule(standing.program, varying=ids, keep=keep)
    settled = ready.settle(standing.inputs)

    def values(levels: Array) -> Array:
        found = fill(ready, settled, dict(zip(ids, levels, strict=True)), levels.shape[1])
        return np.array([found[name] for name in keep]).reshape(len(keep), levels.shape[1])

    return values


def point(tree: Tree) -> dict[str, float]:
    """Every metric's value, and of each resource (``use:ID``) what is used, at the tree's levels."""
    standing = stand(tree)
    ready = schedule(standing.program, varying=(), keep=standing.program.outputs)
    settled = ready.settle(standing.inputs)
    return {name: float(settled[slot]) for name, slot in ready.keep.items()}


def sweep(tree: Tree, moved: Mapping[str, Array], keep: Iterable[str]) -> dict[str, Array]:
    """Outputs, shape (n,), with some metrics at arrays of levels (n,) and all else at the tree's levels.

    A formula metric among them takes its levels in place of its formula. Only the cone of what moves runs per level.
    """
    standing = stand(tree)
    program = _pinned(tree, standing.pins | {id for id in moved if not tree.metrics[id].leaf})
    n = len(next(iter(moved.values())))
    return run(program, standing.inputs, moved, keep, n)


def response(tree: Tree, id: str, keep: Iterable[str]) -> Callable[[Array], dict[str, Array]]:
    """`sweep` of one leaf, made ready once for a search that asks many times: from its levels (n,) to outputs (n,)."""
    standing = stand(tree)
    ready = schedule(standing.program, varying=(id,), keep=keep)
    settled = ready.settle(standing.inputs)
    return lambda levels: fill(ready, settled, {id: levels}, len(levels))


def slopes(tree: Tree, of: str | None = None, *, moved: Mapping[str, Array] | None = None) -> dict[str, Array]:
    """The slope of an output (the KGI when left out) in every metric, shape (n,), n = 1 without ``moved``."""
    standing = sloped(tree, tree.kgi if of is None else of)
    names = [SLOPE + id for id in tree.metrics]
    n = len(next(iter(moved.values()))) if moved else 1
    found = run(standing.program, standing.inputs, moved or {}, names, n)
    return {name.removeprefix(SLOPE): values for name, values in found.items()}
