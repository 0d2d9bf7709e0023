"""Along a path: what each edge of the tree carries of the KGI's change, from one state of its leaves to another.

The leaves move together on the straight line, t from 0 to 1. What an edge (driver into metric) carries is the integral
of slope of the KGI in the metric, times slope of the formula in the driver, times the driver's speed; so what enters a
metric leaves it, and what the leaves carry adds up to the KGI's change (the integrated gradients of Sundararajan, Taly
and Yan 2017, which are Aumann and Shapley's prices). Where a comparison flips, the jump is carried by the metrics that
it compares, each by its share in the speed at which the comparison was met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leverage.program.local import Choice, Local, local
from leverage.tree.tree import Tree

Array = NDArray[np.float64]
Edges = dict[tuple[str, str], float]

LOOKS = 65  # even looks along the path, between which a choice that flips is found
HALVINGS = 54  # a flip is placed to the last bit of t
ORDER = 24  # nodes of the Gauss-Legendre rule on each smooth piece
SPLITS = 14  # how often a piece is halved where the rule does not add up
CLOSE = 1e-14  # of the sizes on the path: what the rule may leave
JUMP = 1e-9  # of the metric's size: a smaller difference across a flip is a kink, not a jump
DEEPEST = 20  # jumps that set off jumps

NODES, WEIGHTS = (part / 2 for part in np.polynomial.legendre.leggauss(ORDER))


@dataclass(frozen=True, eq=False)
class Path:
    """The way from ``start`` to ``end``, values of each moving metric (leaves, and pinned formula metrics).

    ``start`` and ``end`` cover every leaf and pin. ``added``: what is added to a formula metric at both ends (what its
    formula leaves unexplained), moving evenly with the rest.
    """

    tree: Tree
    goal: str
    start: Mapping[str, float]
    end: Mapping[str, float]
    added: Mapping[str, tuple[float, float]]

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formula metrics that follow the path, drivers before users."""
        return tuple(id for id in self.tree.order if id not in self.start)

    def values(self, t: Array) -> dict[str, Array]:
        """Every metric's value at the places t (n,)."""
        found = {id: _between(self.start[id], self.end[id], t) for id in self.start}
        for id in self.formulas:
            value = local(self.tree, id).value(found) if self.tree.drivers[id] else self._fixed(id, t)
            found[id] = value + _between(*self.added[id], t) if id in self.added else value
        return found

    @cached_property
    def looks(self) -> dict[str, Array]:
        """Every metric's values at even places along the path."""
        return self.values(np.linspace(0.0, 1.0, LOOKS))

    @cached_property
    def sizes(self) -> Mapping[str, float]:
        """The largest size of each metric along the path: what a jump is large or small against."""
        return {id: _size(values) for id, values in self.looks.items()}

    def _fixed(self, id: str, t: Array) -> Array:
        return np.broadcast_to(local(self.tree, id).value({}), t.shape)


@dataclass(slots=True)
class Flow:
    """What has been carried: along each edge, by what is unexplained, and what the rule could not place."""

    edges: Edges
    unexplained: dict[str, float]
    leaves: dict[str, float]
    error: float = 0.0

    def carry(self, driver: str, into: str, amount: float) -> None:
        """Add to an edge."""
        self.edges[driver, into] = self.edges.get((driver, into), 0.0) + amount


def flow(path: Path) -> Flow:
    """What each edge carries of the goal's change along the path, in the goal's unit."""
    carried = Flow({}, dict.fromkeys(path.added, 0.0), {})
    _flow(path, carried, depth=0)
    for (driver, _), amount in carried.edges.items():
        if driver in path.start:
            carried.leaves[driver] = carried.leaves.get(driver, 0.0) + amount
    if path.goal in path.start:
        carried.leaves[path.goal] = path.end[path.goal] - path.start[path.goal]
    return carried


def _flow(path: Path, carried: Flow, depth: int) -> None:
    if path.goal in path.start:  # nothing carries: the goal itself is what moves
        return
    flips = _flips(path)
    starts, ends = [0.0, *(after for _, after in flips)], [*(before for before, _ in flips), 1.0]
    pieces = [(a, b) for a, b in zip(starts, ends, strict=True) if b > a]
    if pieces:
        _smooth(path, carried, np.array([a for a, _ in pieces]), np.array([b for _, b in pieces]))
    for before, after in flips:
        _jump(path, carried, before, after, depth)


# --- smooth pieces -------------------------------------------------------------------------------------------------


def _smooth(path: Path, carried: Flow, a: Array, b: Array) -> None:
    """Integrate pieces [a, b] (p,), halving those on which the rule and the goal's own change differ."""
    ends = path.values(np.concatenate([a, b]))
    size = float(np.max(np.abs(ends[path.goal]))) or 1.0
    for split in range(SPLITS + 1):
        t = a[:, None] + (b - a)[:, None] * (NODES + 0.5)
        amounts, unexplained = _carried(path, t.ravel())
        weights = (b - a)[:, None] * WEIGHTS
        total = (_speed(path, amounts, unexplained, t.ravel()).reshape(t.shape) * weights).sum(axis=1)
        goal = path.values(np.concatenate([a, b]))[path.goal]
        miss = np.abs(total - (goal[len(a) :] - goal[: len(a)]))
        done = (miss <= CLOSE * size) | (split == SPLITS)
        for (driver, into), rate in amounts.items():
            carried.carry(driver, into, float((rate.reshape(t.shape) * weights)[done].sum()))
        for id, rate in unexplained.items():
            carried.unexplained[id] += float((rate.reshape(t.shape) * weights)[done].sum())
        carried.error += float(miss[done].sum())
        if done.all():
            return
        left, right = a[~done], b[~done]
        middle = (left + right) / 2
        a, b = np.concatenate([left, middle]), np.concatenate([middle, right])


def _speed(path: Path, amounts: Mapping[tuple[str, str], Array], unexplained: Mapping[str, Array], t: Array) -> Array:
    """The goal's own speed: what enters it."""
    entering = [rate for (_, into), rate in amounts.items() if into == path.goal]
    entering += [rate for id, rate in unexplained.items() if id == path.goal]
    return np.sum(entering, axis=0) if entering else np.zeros(t.shape)


def _carried(path: Path, t: Array) -> tuple[dict[tuple[str, str], Array], dict[str, Array]]:
    """The rate at which each edge carries the goal's change at the places t, and what is unexplained."""
    values = path.values(t)
    partial = {id: local(path.tree, id).slopes(values) for id in path.formulas if path.tree.drivers[id]}
    speeds = _speeds(path, partial, t)
    slopes = _slopes(path, partial, t)
    amounts = {
        (driver, id): _product(slopes[id], _product(slope, speeds[driver]))
        for id, parts in partial.items()
        if id in slopes
        for driver, slope in parts.items()
    }
    unexplained = {id: slopes[id] * (end - start) for id, (start, end) in path.added.items() if id in slopes}
    return amounts, unexplained


def _speeds(path: Path, partial: Mapping[str, Mapping[str, Array]], t: Array) -> dict[str, Array]:
    """How fast each metric moves along the path."""
    speeds = {id: np.full(t.shape, path.end[id] - path.start[id]) for id in path.start}
    for id in path.formulas:
        start, end = path.added.get(id, (0.0, 0.0))
        speed = np.full(t.shape, end - start)
        for driver, slope in partial.get(id, {}).items():
            speed = speed + _product(slope, speeds[driver])
        speeds[id] = speed
    return speeds


def _slopes(path: Path, partial: Mapping[str, Mapping[str, Array]], t: Array) -> dict[str, Array]:
    """The slope of the goal in each metric that it depends on."""
    slopes = {path.goal: np.ones(t.shape)}
    for id in reversed(path.formulas):
        if id not in slopes:
            continue
        for driver, slope in partial.get(id, {}).items():
            slopes[driver] = slopes.get(driver, 0.0) + _product(slopes[id], slope)
    return slopes


def _product(x: Array, y: Array) -> Array:
    """x * y, 0 where either is 0: what stands still carries nothing, however steep the slope."""
    with np.errstate(all="ignore"):
        return np.where((x == 0) | (y == 0), 0.0, x * y)


def _between(start: float, end: float, t: Array) -> Array:
    """From start at t = 0 to end at t = 1, both exactly."""
    return np.where(t == 1.0, end, start + t * (end - start))


# --- flips ---------------------------------------------------------------------------------------------------------


def _flips(path: Path) -> list[tuple[float, float]]:
    """The last place before and the first place after each flip of a choice, along the path."""
    choosing = [local(path.tree, id) for id in path.formulas]
    choosing = [each for each in choosing if each.choices]
    if not choosing:
        return []
    t = np.linspace(0.0, 1.0, LOOKS)
    states = _states(path, choosing, t)
    changed = np.any(states[:, :-1] != states[:, 1:], axis=0)
    a, b = t[:-1][changed], t[1:][changed]
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        open_ = (middle > a) & (middle < b)
        if not open_.any():
            break
        edges = np.concatenate([a, middle, b])
        left, centre, right = np.split(_states(path, choosing, edges), 3, axis=1)
        first, second = np.any(left != centre, axis=0), np.any(centre != right, axis=0)
        # an interval with two flips becomes two; one that can be halved no further stays as it is
        lower, upper = (first & open_) | ~open_, second & open_
        a, b = (
            np.concatenate([a[lower], middle[upper]]),
            np.concatenate([np.where(open_, middle, b)[lower], b[upper]]),
        )
    return sorted(zip(a.tolist(), b.tolist(), strict=True))


def _states(path: Path, choosing: list[Local], t: Array) -> Array:
    values = path.values(t)
    return np.array([np.broadcast_to(state, t.shape) for each in choosing for state in each.states(values)])


def _jump(path: Path, carried: Flow, before: float, after: float, depth: int) -> None:
    """Carry what jumps between two neighbouring places: each metric that jumps of itself, then all that follows it.

    What follows may flip at the same place of itself as well, so after each metric the rest are looked at again.
    """
    values = path.values(np.array([before, after]))
    fixed = {id: float(values[id][0]) for id in path.start}
    added = {id: (end, end) for id, end in ((id, _added(path, id, before)) for id in path.added)}
    while depth <= DEEPEST:
        held = replace(path, start=fixed, end=fixed, added=added).values(np.array([0.0]))
        left = {id: np.array([held[id][0], values[id][1]]) for id in path.formulas if id not in fixed}
        jumping = [id for id, pair in left.items() if _jumps(pair, path.sizes[id])]
        id = next((id for id in jumping if not any(driver in jumping for driver in path.tree.drivers[id])), None)
        if id is None:
            return
        step = replace(path, start=fixed | {id: float(left[id][0])}, end=fixed | {id: float(left[id][1])}, added=added)
        _step(path, carried, step, id, at=(before, after), depth=depth)
        fixed = dict(step.end)


def _step(path: Path, carried: Flow, step: Path, id: str, *, at: tuple[float, float], depth: int) -> None:
    """Carry the jump of one metric: upwards what follows it, downwards what its flipped comparisons compare."""
    beyond = Flow({}, dict.fromkeys(path.added, 0.0), {})
    _flow(step, beyond, depth + 1)
    for (driver, into), amount in beyond.edges.items():
        carried.carry(driver, into, amount)
    carried.error += beyond.error
    own = step.end[id] - step.start[id]
    through = sum(part for (driver, _), part in beyond.edges.items() if driver == id)
    _credit(path, carried, id, own if id == path.goal else through, at)


def _jumps(pair: Array, size: float) -> bool:
    """Whether two neighbouring values differ by more than a smooth or kinked step of the last bit of t could."""
    return bool(abs(pair[1] - pair[0]) > JUMP * size)


def _size(values: Array) -> float:
    return float(np.max(np.abs(values)))


def _added(path: Path, id: str, t: float) -> float:
    start, end = path.added[id]
    return start + t * (end - start)


def _credit(path: Path, carried: Flow, id: str, amount: float, at: tuple[float, float]) -> None:
    """Carry a jump of the metric on to what its flipped comparisons compare, and from there down to the leaves."""
    t = np.array(at)
    values = path.values(t)
    partial = {each: local(path.tree, each).slopes(values) for each in path.formulas if path.tree.drivers[each]}
    speeds = {each: speed[0] for each, speed in _speeds(path, partial, t).items()}
    shares = _shares(path, local(path.tree, id), values, speeds)
    pending = {driver: amount * share for driver, share in shares.items()}
    for driver, part in pending.items():
        carried.carry(driver, id, part)
    for each in reversed(path.formulas):
        part = pending.pop(each, 0.0)
        if part == 0 or each not in partial:
            continue
        rates = {
            driver: float(_product(slope[:1], np.array([speeds[driver]]))[0]) for driver, slope in partial[each].items()
        }
        start, end = path.added.get(each, (0.0, 0.0))
        total = sum(rates.values()) + end - start
        if each in path.added and total:
            carried.unexplained[each] += part * (end - start) / total
        for driver, rate in _even(rates, total).items():
            carried.carry(driver, each, part * rate)
            pending[driver] = pending.get(driver, 0.0) + part * rate


def _shares(path: Path, each: Local, values: Mapping[str, Array], speeds: Mapping[str, float]) -> dict[str, float]:
    """The share of each driver in the speed at which the flipped choices were met; the choices count alike."""
    arguments = each.arguments(values)
    sizes = {name: _size(found) for name, found in each.arguments(path.looks).items()}
    states = each.states(values)
    flipped = [
        choice
        for choice, state in zip(each.choices, states, strict=True)
        if state[0] != state[1] and not any(_jumps(arguments[name], sizes[name]) for name in choice.args)
    ]
    shares = dict.fromkeys(each.drivers, 0.0)
    for choice in flipped:
        for driver, share in _met(each, choice, values, speeds).items():
            shares[driver] += share / len(flipped)
    return shares if flipped else _even(dict.fromkeys(each.drivers, 0.0), 0.0)


def _met(each: Local, choice: Choice, values: Mapping[str, Array], speeds: Mapping[str, float]) -> dict[str, float]:
    rates = dict.fromkeys(each.drivers, 0.0)
    for name, counts in zip(choice.args, choice.margin, strict=True):
        for driver, slope in each.slopes(values, name).items():
            rates[driver] += counts * float(_product(slope[:1], np.array([speeds[driver]]))[0])
    return _even(rates, sum(rates.values()))


def _even(rates: dict[str, float], total: float) -> dict[str, float]:
    """Shares of the total; even ones where nothing tells them apart."""
    if total == 0 or not np.isfinite(total):
        return dict.fromkeys(rates, 1 / len(rates) if rates else 0.0)
    return {driver: rate / total for driver, rate in rates.items()}
