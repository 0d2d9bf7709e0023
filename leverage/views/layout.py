"""Where does each metric of a tree stand in its picture? The root at the left, drivers in layers to the right of it.

A metric's layer is its longest way from the root, so every edge points right. Subtrees are pushed together as far as
their outlines allow (Reingold and Tilford 1981). An edge that passes layers holds a narrow lane of its own in each, so
that it crosses no box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leverage.panels import Tree
from leverage.views.walk import drivers

MOST = 60  # metrics of one picture; a larger tree is cut, from the root down
LANE = 0.4  # height of a passing edge, in boxes


@dataclass(frozen=True, slots=True)
class Spot:
    """Place of a box: layer from the left, and its middle's height from the top, in boxes."""

    layer: int
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of the metrics, the edges with the places that they pass, and how many drivers each metric hides."""

    spots: Mapping[str, Spot]
    edges: tuple[tuple[Spot, ...], ...]
    hidden: Mapping[str, int]

    @property
    def layers(self) -> int:
        """Boxes side by side."""
        return 1 + max(spot.layer for spot in self.spots.values())

    @property
    def rows(self) -> float:
        """Boxes below each other."""
        heights = [spot.height for spot in (*self.spots.values(), *(spot for edge in self.edges for spot in edge))]
        return 1 + max(heights) - min(heights)


def arrange(tree: Tree) -> Layout:
    """A place for each of the first `MOST` metrics from the root down, breadth first."""
    below = _kept(tree)
    layers = _layers(tree.root, below)
    children, lanes = _spanning(below, layers)
    heights, _ = _subtree(tree.root, children)
    top = min(heights.values())
    spots = {key: Spot(_layer(key, layers), height - top) for key, height in heights.items()}
    edges = [
        tuple(spots[key] for key in (id, *lanes.get((id, driver), ()), driver))
        for id, held in below.items()
        for driver in held
        if layers[driver] > layers[id]
    ]
    hidden = {id: len(drivers(tree, id)) - len(held) for id, held in below.items()}
    return Layout({id: spots[id] for id in below}, tuple(edges), {id: n for id, n in hidden.items() if n})


Key = str | tuple[str, str, int]  # a metric, or the lane of the edge between two metrics through a layer


def _layer(key: Key, layers: Mapping[str, int]) -> int:
    return layers[key] if isinstance(key, str) else key[2]


def _kept(tree: Tree) -> dict[str, list[str]]:
    """The metrics that are drawn, each with those of its drivers that are."""
    met = [tree.root]
    for id in met:
        met += [driver for driver in drivers(tree, id) if driver not in met][: max(0, MOST - len(met))]
    return {id: [driver for driver in drivers(tree, id) if driver in met] for id in met}


def _layers(root: str, below: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Longest way from the root; an edge back to a metric on the way counts for nothing."""
    layers = {root: 0}
    for id in reversed(_drivers_first(root, below)):
        for driver in below[id]:
            layers[driver] = max(layers.get(driver, 0), layers[id] + 1) if driver != root else 0
    return layers


def _drivers_first(root: str, below: Mapping[str, Sequence[str]]) -> list[str]:
    order: list[str] = []
    stack = [(root, iter(below[root]))]
    met = {root}
    while stack:
        id, left = stack[-1]
        driver = next(left, None)
        if driver is None:
            order.append(id)
            stack.pop()
        elif driver not in met:
            met.add(driver)
            stack.append((driver, iter(below[driver])))
    return order


def _spanning(
    below: Mapping[str, Sequence[str]], layers: Mapping[str, int]
) -> tuple[dict[Key, list[Key]], dict[tuple[str, str], list[Key]]]:
    """Each metric below one that it drives from the next layer, and each longer edge as a chain of lanes."""
    children: dict[Key, list[Key]] = {}
    lanes: dict[tuple[str, str], list[Key]] = {}
    placed: set[str] = set()
    for id, held in below.items():
        for driver in held:
            if layers[driver] == layers[id] + 1 and driver not in placed:
                placed.add(driver)
                children.setdefault(id, []).append(driver)
            elif layers[driver] > layers[id] + 1:
                chain: list[Key] = [(id, driver, layer) for layer in range(layers[id] + 1, layers[driver])]
                lanes[id, driver] = chain
                for above, lane in zip((id, *chain), chain, strict=False):
                    children.setdefault(above, []).append(lane)
    return children, lanes


def _subtree(key: Key, children: Mapping[Key, Sequence[Key]]) -> tuple[dict[Key, float], list[tuple[float, float]]]:
    """Heights of a metric and all below it, and their outline: upper and lower edge in each layer from its own on."""
    heights: dict[Key, float] = {}
    outline: list[tuple[float, float]] = []
    middles = []
    for child in children.get(key, ()):
        below, edges = _subtree(child, children)
        shift = max((lower - upper for (_, lower), (upper, _) in zip(outline, edges, strict=False)), default=0.0)
        moved = [(upper + shift, lower + shift) for upper, lower in edges]
        common = [(over[0], under[1]) for over, under in zip(outline, moved, strict=False)]
        outline = [*common, *outline[len(common) :], *moved[len(common) :]]
        heights.update((id, height + shift) for id, height in below.items())
        middles.append(heights[child])
    heights[key] = (middles[0] + middles[-1]) / 2 if middles else 0.0
    half = (1.0 if isinstance(key, str) else LANE) / 2
    return heights, [(heights[key] - half, heights[key] + half), *outline]
