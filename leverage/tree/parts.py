"""Do shares add up to one? ``parts: channel`` says of a leaf that its labels' figures are parts of one whole."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from leverage.errors import LeverageError, Place
from leverage.quantity import show
from leverage.tree.addresses import metric_of, parted
from leverage.tree.grid import Grid, cell_id
from leverage.tree.metric import Metric
from leverage.tree.scenario import Move
from leverage.tree.tree import Level, Tree

NEAR = 1e-9  # shares typed to the digit miss one by rounding alone


class NotParts(LeverageError):
    """Shares that add up to something else than one, or over an axis that they do not have."""

    def __init__(self, message: str, *, at: Place, metric: str) -> None:
        super().__init__(message, at=at, metric=metric)


def misparted(tree: Tree) -> Iterator[NotParts]:
    """What is wrong with shares, where the file puts them: in the base, and in each scenario that moves them."""
    shares = [metric for metric in tree.metrics.values() if "parts" in metric.kept]
    told: dict[str, dict[str, list[Move]]] = {metric.id: {} for metric in shares}  # by metric and scenario
    for name in tree.scenarios if shares else ():
        for move in tree.with_(scenario=name).moves:
            if metric_of(move.metric) in told:
                told[metric_of(move.metric)].setdefault(f" in scenario '{name}'", []).append(move)
    for metric in shares:
        axis = metric.kept["parts"]
        if axis not in metric.axes:
            mend = f"write parts: {metric.axes[0]}" if metric.axes else "give it a figure for each label"
            yield NotParts(f"its figures do not run over {axis}; {mend}", at=metric.at, metric=metric.id)
            continue
        states: list[tuple[str, list[Move] | None]] = [("", None), *told[metric.id].items()]
        for where, moves in states:
            for labels, total in unequal(metric, tree.grid, moves):
                at = moves[0].at if moves else metric.at
                beside = f" for {labels}" if labels else ""
                message = (
                    f"its parts over {axis} add up to {show(total, percent=metric.percent)}{beside}{where}; they must "
                    f"add up to {show(1.0, percent=metric.percent)}"
                )
                yield NotParts(message, at=at, metric=metric.id)
                break


def unequal(metric: Metric, grid: Grid, moves: Iterable[Move] | None) -> Iterator[tuple[str, float]]:
    """Where the shares of a leaf miss one: the labels beside the parts, and what they come to.

    After ``moves``, where they move any; None: everywhere, as the file has them.
    """
    axis = metric.kept["parts"]
    place = metric.axes.index(axis)
    mine = [move for move in moves or () if metric_of(move.metric) == metric.id]
    standing = _standing(metric, grid, mine)
    everywhere = grid.cells(tuple(name for name in metric.axes if name != axis)) if moves is None else ()
    beside = everywhere or dict.fromkeys(_without(parted(cell)[1], place) for cell in standing)
    for labels in beside:
        cells = ((*labels[:place], part, *labels[place:]) for part in grid[axis].labels)
        levels = (standing.get(cell_id(metric.id, cell)) or _level(metric, grid, cell) for cell in cells)
        total = math.fsum(level.value for level in levels)
        if not abs(total - 1) <= NEAR:
            yield ", ".join(labels), total


def uneven(tree: Tree) -> Iterator[tuple[Metric, str]]:
    """Shares that moves have left with more or less than their whole; the sentence reads on from their name."""
    whole = tree.whole
    for metric in whole.metrics.values():
        missed = list(unequal(metric, whole.grid, tree.moves)) if "parts" in metric.kept else []
        if missed:
            labels, total = missed[0]
            now, one = (show(figure, percent=metric.percent) for figure in (total, 1.0))
            found = f"its parts over {metric.kept['parts']} now add up to {now}{f' in {labels}' if labels else ''}"
            yield metric, f"{found}; move others along, to {one}"


def _without(labels: tuple[str, ...], place: int) -> tuple[str, ...]:
    return (*labels[:place], *labels[place + 1 :])


def _standing(metric: Metric, grid: Grid, moves: Iterable[Move]) -> Mapping[str, Level]:
    """Where the moved cells stand."""
    found: dict[str, Level] = {}
    for move in moves:
        level = found.get(move.metric) or _level(metric, grid, parted(move.metric)[1])
        found[move.metric] = level.moved(move)
    return found


def _level(metric: Metric, grid: Grid, labels: tuple[str, ...]) -> Level:
    """Where a cell stands in the file."""
    figures = metric.figures
    assert figures is not None
    single, factor = figures.cell(dict(zip(metric.axes, labels, strict=True)), grid)
    base = (single.base or 0.0) * factor
    return Level(base, base)
