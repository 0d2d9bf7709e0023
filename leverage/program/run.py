"""Running a tree: at its levels, over arrays of levels, over samples; values and slopes.

A point gives the bits of a sample, so the base equals a sample of one. The block size changes memory and speed and
never a bit: every kernel works element by element. What stands still is settled once for a tree and its moves; a sweep
runs the cone of what moves on those figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.program.adjoint import adjoint
from leverage.program.lower import lower
from leverage.program.memory import borrowed
from leverage.program.program import SLOPE, Program, pinned
from leverage.program.schedule import BySlot, Schedule, cone, schedule
from leverage.program.shelf import Shelf
from leverage.program.single import Single
from leverage.tree.tree import Level, Tree

Array = NDArray[np.float64]

STOOD = 2_000_000  # figures of all the moved trees of a file that are kept, some 32 bytes each
PINNED = 4_000_000  # instructions of all the programs that are kept beside a file's own: pinned ones and adjoints


@dataclass(frozen=True, eq=False)
class Standing:
    """A tree ready to run: its program, with formula metrics that were moved turned into inputs, and all inputs.

    ``unguarded``: of a program with slopes, what gives the one without guards (`program.adjoint`).
    """

    program: Program
    inputs: Mapping[str, float]
    pins: frozenset[str]
    unguarded: Callable[[], Program] | None = field(default=None, repr=False)

    @cached_property
    def figures(self) -> Sequence[float]:
        """Every slot's figure, by slot, where the tree stands; settled once."""
        program = self.program
        return schedule(program, varying=(), keep=program.outputs).settle(self.inputs)

    @cached_property
    def bare(self) -> Standing | None:
        """The same without guards; None where there are none to leave out."""
        return None if self.unguarded is None else Standing(self.unguarded(), self.inputs, self.pins)

    def __reduce__(self) -> Any:
        return (Standing, (self.program, self.inputs, self.pins))


def stand(tree: Tree) -> Standing:
    """The tree's program and where its inputs stand after its moves: made once for the same moves.

    A formula metric that is set, changed or added to becomes an input: the result replaces it, relative to what it was
    before the move, and its drivers no longer reach the KGI through it.
    """
    shelf: Shelf = tree.kept.setdefault("standing", Shelf(STOOD))
    return shelf.take(_moves(tree), lambda: _stood(tree), _figures)


def _figures(standing: Standing) -> int:
    """What a standing weighs on its shelf: it may hold a figure for every slot."""
    return standing.program.size


def _moves(tree: Tree) -> tuple[object, ...]:
    """What tells one moved tree from another; moves to 0 and to -0 are equal, and yet two."""
    return (tree.moves, tuple([math.copysign(1.0, move.amount) for move in tree.moves]))


def _stood(tree: Tree) -> Standing:
    inputs = {id: metric.base for id, metric in tree.metrics.items() if metric.base is not None}
    levels: dict[str, Level] = {}
    pins: set[str] = set()
    for move in tree.moves:
        id = move.metric
        if id in inputs and id not in pins:
            levels[id] = levels.get(id, Level(inputs[id], inputs[id])).moved(move)
            inputs[id] = levels[id].value
        else:
            before = 0.0 if move.kind == "set" else _value(_pinned(tree, frozenset(pins)), inputs, id)
            inputs[id] = Level(before, before).moved(move).value
            pins.add(id)
    return Standing(_pinned(tree, frozenset(pins)), inputs, frozenset(pins))


def _value(program: Program, inputs: Mapping[str, float], id: str) -> float:
    ready = schedule(program, varying=(), keep=(id,))
    return float(ready.settle(inputs)[ready.keep[id]])


def _pinned(tree: Tree, pins: frozenset[str]) -> Program:
    return _kept_program(tree, pins, lambda: pinned(lower(tree), pins)) if pins else lower(tree)


def _kept_program(tree: Tree, key: Any, make: Callable[[], Program]) -> Program:
    shelf: Shelf = tree.kept.setdefault("programs", Shelf(PINNED))
    return shelf.take(key, make, lambda program: len(program.instructions) + 1)


def sloped(tree: Tree, of: str) -> Standing:
    """`stand`, with the program that also gives the slopes of the output ``of`` (a metric, or ``use:`` a resource)."""
    shelf: Shelf = tree.kept.setdefault("sloped", Shelf(STOOD))
    return shelf.take((of, *_moves(tree)), lambda: _sloped(tree, of), _figures)


def _sloped(tree: Tree, of: str) -> Standing:
    standing = stand(tree)
    stood, pins = standing.program, standing.pins
    program = _kept_program(tree, (of, pins), lambda: adjoint(stood, of))

    def unguarded() -> Program:
        return _kept_program(tree, (of, pins, "bare"), lambda: adjoint(stood, of, bare=True))

    return Standing(program, standing.inputs, pins, unguarded)


def run(
    program: Program,
    inputs: Mapping[str, float],
    arrays: Mapping[str, Array],
    keep: Iterable[str],
    n: int,
    *,
    block: int | None = None,
) -> dict[str, Array]:
    """The outputs ``keep``, shape (n,), with the inputs at single figures but for ``arrays``, each of shape (n,)."""
    ready = schedule(program, varying=arrays, keep=keep)
    return fill(ready, ready.settle(inputs), arrays, n, block=block)


def fill(
    ready: Schedule, settled: BySlot, arrays: Mapping[str, Array], n: int, *, block: int | None = None
) -> dict[str, Array]:
    """A schedule run over ``n`` samples, block by block; ``block`` None: as many at a time as suit its rows."""
    return dict(zip(ready.keep, _filled(ready, settled, arrays, n, block), strict=True))


def _filled(ready: Schedule, settled: BySlot, arrays: Mapping[str, Array], n: int, block: int | None = None) -> Array:
    """The outputs as rows, shape (k, n)."""
    results = np.empty((len(ready.keep), n))
    firm: dict[int, Array] = {}  # what is kept is written where it stays
    copied: list[tuple[Array, int]] = []
    for result, slot in zip(results, ready.keep.values(), strict=True):
        if slot in ready.row and ready.row[slot] not in firm:
            firm[ready.row[slot]] = result
        else:
            copied.append((result, slot))
    length = min(block or ready.length, n) or 1  # no sample has no block
    with borrowed(ready.rows, length) as rows:
        for start in range(0, n, length):
            stop = min(start + length, n)
            views = [firm[at][start:stop] if at in firm else row[: stop - start] for at, row in enumerate(rows)]
            live = ready.block(settled, {id: array[start:stop] for id, array in arrays.items()}, views)
            for result, slot in copied:
                result[start:stop] = live[slot]
    return results


def prepared(standing: Standing, ids: Sequence[str], keep: Sequence[str]) -> Callable[[Array], Array]:
    """The outputs ``keep`` as a function of the metrics ``ids``, ready to be asked often: shape (d, n) to (k, n)."""
    alone, names = single(standing, ids, keep), tuple(dict.fromkeys(keep))
    places = slice(None) if len(names) == len(keep) else [names.index(name) for name in keep]

    def values(levels: Array) -> Array:
        count = levels.shape[1]
        if count == 1:
            return alone(levels[:, 0])[:, None]
        return _over(standing, dict(zip(ids, levels, strict=True)), names, count)[places]

    return values


def single(standing: Standing, ids: Sequence[str], keep: Sequence[str]) -> Callable[[Array], Array]:
    """`prepared` for one point at a time: levels of shape (d,) to outputs of shape (k,)."""
    line = _line(standing, ids, keep)
    if standing.bare is None:
        return lambda levels: np.array(line(levels.tolist()))
    bare = _line(standing.bare, ids, keep)

    def values(levels: Array) -> Array:
        point = levels.tolist()
        found = np.array(bare(point))
        return (found if np.isfinite(found).all() else np.array(line(point))) + 0.0

    return values


def _line(standing: Standing, ids: Sequence[str], keep: Sequence[str]) -> Callable[[list[float]], Sequence[float]]:
    """Levels to outputs at one point, all else where it stands."""
    ready, figures = cone(standing.program, ids, keep), standing.figures
    moved = [ready.given[id] for id in ids]
    wanted = [ready.keep[name] for name in keep]
    still = [slot for slot in dict.fromkeys((*ready.reads, *wanted)) if slot not in ready.row and slot not in moved]
    line = Single(ready.each, [*still, *moved], wanted)
    fixed = [figures[slot] for slot in still]
    return lambda levels: line(fixed + levels)


def prepared_slopes(tree: Tree, ids: Sequence[str], of: str | None = None) -> Callable[[Array], Array]:
    """The slopes of an output (the KGI when left out) in the metrics ``ids`` as a function of their levels.

    Made ready once, for a search that asks again and again: levels of shape (d,) to slopes of shape (d,), all else
    where the tree stands. From the third point on it is built (`program.groups`).
    """
    return single(sloped(tree, tree.kgi if of is None else of), ids, [SLOPE + id for id in ids])


def _over(standing: Standing, moved: Mapping[str, Array], keep: Iterable[str], n: int) -> Array:
    """Outputs as rows, shape (k, n), with some metrics at arrays of levels (n,) and all else where it stands."""
    keep = tuple(keep)
    if standing.bare is None:
        return _filled(cone(standing.program, moved, keep), standing.figures, moved, n)
    found = _over(standing.bare, moved, keep, n)
    if not np.isfinite(found.sum(axis=1)).all():
        found = _filled(cone(standing.program, moved, keep), standing.figures, moved, n)
    found += 0.0  # a slope of -0 is 0
    return found


def point(tree: Tree) -> dict[str, float]:
    """Every metric's value, and of each resource (``use:ID``) what is used, at the tree's levels."""
    standing = stand(tree)
    figures = standing.figures
    return {name: figures[slot] for name, slot in standing.program.outputs.items()}


def sweep(tree: Tree, moved: Mapping[str, Array], keep: Iterable[str]) -> dict[str, Array]:
    """Outputs, shape (n,), with some metrics at arrays of levels (n,) and all else at the tree's levels.

    A formula metric among them takes its levels in place of its formula. Only the cone of what moves runs per level.
    """
    names, n = tuple(dict.fromkeys(keep)), len(next(iter(moved.values())))
    return dict(zip(names, _over(stand(tree), moved, names, n), strict=True))


def response(tree: Tree, id: str, keep: Iterable[str]) -> Callable[[Array], dict[str, Array]]:
    """`sweep` of one leaf, made ready once for a search that asks many times: from its levels (n,) to outputs (n,)."""
    standing = stand(tree)
    ready = cone(standing.program, (id,), keep)
    return lambda levels: fill(ready, standing.figures, {id: levels}, len(levels))


def slopes(tree: Tree, of: str | None = None, *, moved: Mapping[str, Array] | None = None) -> dict[str, Array]:
    """The slope of an output (the KGI when left out) in every metric, shape (n,), n = 1 without ``moved``."""
    if not moved:
        return {id: np.array([slope]) for id, slope in slope_figures(tree, of).items()}
    names = [SLOPE + id for id in tree.metrics]
    found = _over(sloped(tree, tree.kgi if of is None else of), moved, names, len(next(iter(moved.values()))))
    return dict(zip(tree.metrics, found, strict=True))


def slope_figures(tree: Tree, of: str | None = None) -> dict[str, float]:
    """The slope of an output (the KGI when left out) in every metric, at the tree's levels."""
    standing = sloped(tree, tree.kgi if of is None else of)
    outputs, figures = standing.program.outputs, standing.figures
    return {id: figures[outputs[SLOPE + id]] + 0.0 for id in tree.metrics}
