"""What goes round through time, told apart from what gets on: a month's stock feeds the sales that leave the next.

A bridge by cell has no loops; by metric it may, and what passes a metric once a month would count once a month. Here
each metric of a loop hands on what came into the loop through it and through those below it, no more: what enters a
metric still leaves it, and nothing that enters or leaves the loop itself is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leverage.tree.order import joined

Edges = Mapping[tuple[str, str], float]
Carried = dict[tuple[str, str], float]


def straightened(edges: Edges, order: Sequence[str]) -> Carried:
    """The edges between metrics without what goes round.

    Args:
        order: metrics, each after what it uses of the same period; an edge against it goes through time.
    """
    drivers: dict[str, list[str]] = {id: [] for id in order}
    for driver, into in edges:
        drivers[into].append(driver)
    found = dict(edges)
    rank = {id: place for place, id in enumerate(order)}
    for group in joined(drivers):
        if len(group) > 1:
            found.update(_opened(edges, sorted(group, key=rank.__getitem__)))
    return found


def _opened(edges: Edges, group: list[str]) -> Carried:
    """The edges within a loop, its metrics in order; as they were where two of them end ways through it."""
    place = {id: at for at, id in enumerate(group)}
    within = {ends: abs(part) for ends, part in edges.items() if ends[0] in place and ends[1] in place}
    up: dict[str, dict[str, float]] = {id: {} for id in group}
    back: dict[str, dict[str, float]] = {id: {} for id in group}
    for (driver, into), size in within.items():
        if place[driver] < place[into]:
            up[driver][into] = size
        else:
            back[into][driver] = size
    if any(not up[id] for id in group[:-1]):
        return {ends: edges[ends] for ends in within}
    has, out = _beyond(edges, place)
    found: Carried = dict.fromkeys(within, 0.0)
    for id in group[:-1]:
        upward = has[id] - out[id]
        if back[id]:
            upward = has[id] * _share(sum(up[id].values()), abs(out[id]))
            for driver, part in _parted(out[id] + upward - has[id], back[id]).items():
                found[driver, id] += part
                out[driver] += part
        for into, part in _parted(upward, up[id]).items():
            found[id, into] += part
            has[into] += part
    return found


def _beyond(edges: Edges, group: Mapping[str, int]) -> tuple[dict[str, float], dict[str, float]]:
    """What enters each metric of a loop from without it, and what leaves each to others."""
    has, out = dict.fromkeys(group, 0.0), dict.fromkeys(group, 0.0)
    for (driver, into), part in edges.items():
        if driver in group:
            has[driver] += part  # what leaves a metric has entered it
            if into in group:
                has[into] -= part
            else:
                out[driver] += part
    return has, out


def _share(inside: float, beyond: float) -> float:
    """The share that stays in the loop."""
    return inside / (inside + beyond) if inside + beyond else 1.0


def _parted(amount: float, sizes: Mapping[str, float]) -> dict[str, float]:
    """The amount, over edges by what they carried; evenly where they carried nothing."""
    total = sum(sizes.values())
    return {id: amount * size / total if total else amount / len(sizes) for id, size in sizes.items()}
