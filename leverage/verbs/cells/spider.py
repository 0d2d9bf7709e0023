"""How does the goal follow each driver, step by step through the driver's own range? The curves of a spider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leverage.panels import Array
from leverage.program.run import sweep
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree

STEPS = 5  # from where a driver stands to either end of its range


@dataclass(frozen=True, slots=True)
class Path:
    """A driver's way: ``change`` (n,), by what share of where it stands it has moved, and ``goal`` (n,) there."""

    driver: str
    change: Array
    goal: Array


def spider(cells: Tree, goal: str, ranges: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]]) -> list[Path]:
    """The goal at `STEPS` levels either side of where each driver stands, all else at its value.

    ``ranges``: by driver the low and the high end of each of its cells, which go together. A driver that stands at 0
    is left out, since no share of 0 moves it.
    """
    paths = []
    for driver, (low, high) in ranges.items():
        levels = {id: _steps(cells.metrics[id], cells.levels[id].value, low[id], high[id]) for id in low}
        change = _change(cells, levels)
        if np.isfinite(change).all():
            paths.append(Path(driver, change, sweep(cells, levels, [goal])[goal]))
    return paths


def _steps(metric: Metric, value: float, low: float, high: float) -> Array:
    """The levels from low to high, where the leaf stands among them if it lies between; of choices these alone."""
    if metric.lever is not None and metric.lever.choices and {low, high} <= set(metric.lever.choices):
        choices = sorted(metric.lever.choices)
        return np.array([choices[i] for i in np.linspace(0, len(choices) - 1, 2 * STEPS + 1).round().astype(int)])
    if not min(low, high) <= value <= max(low, high):
        return np.linspace(low, high, 2 * STEPS + 1)
    return np.concatenate([np.linspace(low, value, STEPS + 1), np.linspace(value, high, STEPS + 1)[1:]])


def _change(cells: Tree, levels: Mapping[str, Array]) -> Array:
    """By what share of where they stand the cells move together, (n,); not finite where all stand at 0."""
    stands = np.array([cells.levels[id].value for id in levels])
    moved: Array = np.sign(stands) @ (np.array([*levels.values()]) - stands[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):  # all at 0: said by what comes out
        share: Array = moved / np.abs(stands).sum()
    return share
