"""How a verb names and shows a metric: its figures as it writes them, its better direction, the tree it stands in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from leverage.panels import Cell, Column, Figure, Table, TreeNode
from leverage.panels import Tree as TreePanel
from leverage.quantity import show
from leverage.tree.addresses import metric_of
from leverage.tree.grid import TIME
from leverage.tree.metric import Metric
from leverage.tree.parts import uneven
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import counted


def figure(metric: Metric, value: float | None, *, signed: bool = False) -> Figure:
    """A figure of the metric, written as the metric writes its own."""
    return Figure(value, metric.percent, signed)


def moved_by(metric: Metric, change: float, before: float) -> str:
    """A change of the metric in a sentence: with its unit, and as a share of what it was before.

    A metric that is a share itself moves by points, since percent would say two things.
    """
    share = f" ({show(change / abs(before), percent=True, signed=True, digits=3)})" if before else ""
    if metric.percent:
        return f"{show(100 * change, signed=True)} points{share}"
    return f"{show(change, signed=True)}{f' {metric.unit}' if metric.unit else ''}{share}"


def chance(probability: float | None) -> Cell:
    """A probability as people read it: to a tenth of a percent, and never 0 or 1 where it is not."""
    if probability is None:
        return None
    if 0 < probability < 0.001:
        return "<0.1%"
    return ">99.9%" if 0.999 < probability < 1 else Figure(round(probability, 3), True)


def said_chance(probability: float) -> str:
    """The same in a sentence."""
    cell = chance(probability)
    return cell if isinstance(cell, str) else show(round(probability, 3), percent=True)


def column(title: str) -> Column:
    """A column of text."""
    return Column(title, text=True)


def over_time_column(tree: Tree) -> tuple[Column, ...]:
    """The column that says by which word periods come to one figure (`overall.over_time`); none without time."""
    return (column("over time"),) if TIME in tree.grid else ()


def better(metric: Metric, push: float) -> str:
    """The metric's better direction: its own word, else that of its thresholds, else of ``push``, else higher.

    ``push`` is the slope of the goal in the metric, positive where more of the metric is better for the goal.
    The answer is "" only where ``push`` is 0 and nothing else tells; "" counts as higher.
    """
    if metric.better:
        return metric.better
    levels = metric.thresholds
    if levels is not None and levels.warn is not None and levels.alert is not None and levels.warn != levels.alert:
        return "higher" if levels.warn > levels.alert else "lower"
    return "higher" if push > 0 else "lower" if push < 0 else ""


def caveats(tree: Tree) -> tuple[str, ...]:
    """What a reader must know of what was tried, a sentence each.

    A formula metric that was moved itself: its drivers then do less than the tree shows. Shares that were moved and no
    longer add up to one.
    """
    whole = tree.whole
    moved = [move.metric for move in tree.moves if not whole.metrics[metric_of(move.metric)].leaf]
    cut = [
        f"{cells} was moved itself: its drivers no longer reach {tree.kgi} through it"
        for cells in counted(whole, moved)
    ]
    return (*cut, *(f"{metric.id}: {said}" for metric, said in uneven(tree)))


def mark(tree: Tree, metric: Metric) -> str:
    """What stands beside a metric's name: whether it can be moved, and whether it is in doubt."""
    cells = tree.cells
    each = [cells.metrics[id] for id in tree.cells_of(metric.id)] if metric.axes else [metric]
    words = ["lever"] if any(cell.lever is not None for cell in each) else []
    if any(cell.uncertainty is not None and not cells.levels[cell.id].certain for cell in each):
        words.append("uncertain")
    return ", ".join(words)


def tree_panel(
    tree: Tree,
    columns: tuple[Column, ...],
    cells: Callable[[str], tuple[Cell, ...]],
    *,
    title: str = "",
    keep: Collection[str] | None = None,
) -> TreePanel:
    """The tree from the KGI down, with cells beside each metric; ``keep`` leaves out all other metrics.

    Metrics that the KGI does not use stand in no tree, but `aside`.
    """
    nodes: dict[str, TreeNode] = {}
    stack = [tree.kgi]
    while stack:
        id = stack.pop()
        if id in nodes:
            continue
        metric = tree.metrics[id]
        # a stock goes on from its own figure of the period before, which is no driver below it
        drivers = tuple(d for d in tree.drivers[id] if d != id and (keep is None or d in keep))
        label = f"{metric.name} [{metric.unit}]" if metric.unit and metric.unit != "%" else metric.name
        nodes[id] = TreeNode(id, label, cells(id), drivers, mark(tree, metric))
        stack.extend(drivers)
    return TreePanel(title or tree.name or tree.kgi, tree.kgi, nodes, columns)


def aside(
    tree: Tree,
    columns: tuple[Column, ...],
    cells: Callable[[str], tuple[Cell, ...]],
    *,
    keep: Collection[str] | None = None,
) -> tuple[Table, ...]:
    """The metrics that the KGI does not use, with the same cells; no table where there is none."""
    used = reached([tree.kgi], tree.drivers)
    ids = tuple(id for id in tree.metrics if id not in used and (keep is None or id in keep))
    rows = tuple((tree.metrics[id].name, *cells(id)) for id in ids)
    return (Table(f"Not used by {tree.kgi}", (column("metric"), *columns), rows, ids),) if ids else ()


def reached(ids: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    """The metrics and all that they lead to by ``ways``: down the tree by its ``drivers``, up by its ``users``."""
    met = set(ids)
    stack = list(met)
    while stack:
        fresh = [id for id in ways[stack.pop()] if id not in met]
        met.update(fresh)
        stack.extend(fresh)
    return met
