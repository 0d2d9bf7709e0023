"""How is a changed tree written as a file? Its own text, and what was tried as one more scenario."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from leverage.errors import LeverageError
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Sequence, from_python
from leverage.quantity import Quantity
from leverage.tree.addresses import metric_of
from leverage.tree.fingerprint import fingerprint
from leverage.tree.grid import TIME, Axes, cell_id
from leverage.tree.metric import Metric
from leverage.tree.moves import NotOneMove, net, written
from leverage.tree.scenario import Kind, Move
from leverage.tree.tree import Tree

TRIED = "tried"


def text(tree: Tree, standing: Mapping[str, float], *, folder: str | None = None) -> str:
    """The tree as a YAML file; moves and limits that no scenario of it holds are its scenario ``tried``.

    The base stays as it is, so that costs still count from it: loading the text and asking for ``tried`` gives every
    figure of this tree. Comments and layout stay where the file is YAML and still says what the tree was built from.

    Args:
        standing: the level of every cell that was moved; a metric without axes is its own.
        folder: where the text goes. Unless that is the model's own, the figures that histories draw from stand in the
            text itself, in the place of the file that has them.

    Raises:
        NotOneMove: an uncertain leaf was changed by a share and moved besides.
    """
    from leverage.files.edit import add_scenario
    from leverage.files.yaml import write

    whole = _source(tree) or write(tree.kept["plain"])
    figures = tree.kept.get("filed", {})
    if figures and not _at_home(tree, folder):
        whole = _standing_alone(tree, whole, figures)
    told = tried(tree, standing)
    return add_scenario(whole, _free(tree), told) if told.entries else whole


def _at_home(tree: Tree, folder: str | None) -> bool:
    """Whether the folder is that of the model's own file, beside which the file of its actuals stands."""
    home = os.path.dirname(tree.kept["plain"].entries["actuals"].at.file)
    return folder is not None and os.path.realpath(folder) == os.path.realpath(home)


def _standing_alone(tree: Tree, whole: str, figures: Mapping[str, tuple[Quantity, ...]]) -> str:
    """The text with the figures of another file in it."""
    from leverage.files.edit import replaced
    from leverage.files.yaml import write

    plain = tree.kept["plain"]
    lists = {key: item for key, item in plain.entries["actuals"].entries.items() if isinstance(item, Sequence)}
    series = {key: [written(value, percent=percent) for value, percent in told] for key, told in figures.items()}
    found = from_python(series)
    assert isinstance(found, PlainMapping)
    actuals = PlainMapping({**found.entries, **lists})
    return replaced(whole, "actuals", actuals) or write(PlainMapping({**plain.entries, "actuals": actuals}))


def _source(tree: Tree) -> str:
    """The text of the tree's file, "" where there is none or it says something else by now."""
    from leverage.files import source
    from leverage.files.yaml import read

    if not tree.file.lower().endswith((".yaml", ".yml")):
        return ""
    try:
        found, name = source(tree.file)
        return found if fingerprint(read(found, name)) == fingerprint(tree.kept["plain"]) else ""
    except LeverageError:
        return ""


def _free(tree: Tree) -> str:
    name, count = TRIED, 1
    while name in tree.scenarios:
        count += 1
        name = f"{TRIED}-{count}"
    return name


def tried(tree: Tree, standing: Mapping[str, float]) -> PlainMapping:
    """The scenario of what was tried, without keys where one scenario of the file holds it all."""
    told = [tree.told(name) for name in tree.applied]
    if len(told) < 2 and len(tree.moves) == sum(len(story.moves) for story in told):
        held = dict(told[0].limits) if told else {}
        if dict(tree.limits) == held:
            return PlainMapping()
    found = from_python(_scenario(tree, standing))
    assert isinstance(found, PlainMapping)
    return found


def _scenario(tree: Tree, standing: Mapping[str, float]) -> dict[str, Any]:
    """The keys of the scenario: of each metric that was moved, one entry, or one for each way its cells moved."""
    chains: dict[str, list[Move]] = {}
    for move in tree.moves:
        chains.setdefault(move.metric, []).append(move)
    found: dict[Kind, dict[str, dict[str, Any]]] = {}
    for id, chain in chains.items():
        metric = tree.cells.metrics[id]
        move = _one(metric, chain, standing[id], alone=len(chains) == 1)
        figure = written(move.amount, percent=metric.percent or move.kind == "change")
        of = found.setdefault(move.kind, {}).setdefault(metric_of(id), {})
        of[id] = {"value": figure, "certain": True} if move.certain else figure
    told: dict[str, Any] = {
        kind: {id: compact(tree.whole, id, cells) for id, cells in metrics.items()} for kind, metrics in found.items()
    }
    limits = _limits(tree)
    return {**told, **({"resources": limits} if limits else {})}


def _limits(tree: Tree) -> dict[str, Any]:
    """The limits that were changed; of a resource per period one, where its periods have the same."""
    found: dict[str, dict[str, str]] = {}
    for id, limit in tree.limits.items():
        resource = tree.whole.resources[metric_of(id)]
        found.setdefault(resource.id, {})[id] = written(limit, percent=resource.percent)
    told: dict[str, Any] = {}
    for id, limits in found.items():
        periods = tree.grid.periods if tree.whole.resources[id].per == "period" else 1
        told.update({id: next(iter(limits.values()))} if len(limits) == periods and _same(limits) else limits)
    return told


def _same(figures: Mapping[str, Any]) -> bool:
    return len({repr(figure) for figure in figures.values()}) == 1


def compact(whole: Tree, id: str, cells: Mapping[str, Any]) -> Any:
    """What some cells of a metric are moved to, as briefly as a scenario says it.

    Once where it is the same of all; else by label; over time a list where every period has one, else by period.
    """
    return _nested(whole, id, whole.metrics[id].axes, (), cells)


def _nested(whole: Tree, id: str, axes: Axes, labels: tuple[str, ...], cells: Mapping[str, Any]) -> Any:
    if len(labels) == len(axes):
        return cells.get(cell_id(id, labels))
    axis = whole.grid[axes[len(labels)]]
    parts = {label: _nested(whole, id, axes, (*labels, label), cells) for label in axis.labels}
    held = {label: part for label, part in parts.items() if part is not None}
    if len(held) < len(parts):
        return held or None
    if _same(held):
        return next(iter(held.values()))
    return list(held.values()) if axis.name == TIME else held


def _one(metric: Metric, chain: list[Move], level: float, *, alone: bool) -> Move:
    """The one move of a metric; a formula metric beside others is set, as a share of it would depend on their order."""
    if not metric.leaf and not alone:
        return Move(metric.id, "set", level)
    try:
        return net(chain)
    except NotOneMove:
        if metric.uncertainty is not None:
            raise
        return Move(metric.id, "set", level)
