"""How is a changed tree written as a file? Its own text, and what was tried as one more scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leverage.errors import LeverageError
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import from_python
from leverage.tree.fingerprint import fingerprint
from leverage.tree.metric import Metric
from leverage.tree.moves import NotOneMove, net, written
from leverage.tree.scenario import Move
from leverage.tree.tree import Tree

TRIED = "tried"


def text(tree: Tree, standing: Mapping[str, float]) -> str:
    """The tree as a YAML file; moves and limits that no scenario of it holds are its scenario ``tried``.

    The base stays as it is, so that costs still count from it: loading the text and asking for ``tried`` gives every
    figure of this tree. Comments and layout stay where the file is YAML and still says what the tree was built from.

    Args:
        standing: the level of every metric that was moved.

    Raises:
        NotOneMove: an uncertain leaf was changed by a share and moved besides.
    """
    from leverage.files.edit import add_scenario
    from leverage.files.yaml import write

    whole = _source(tree) or write(tree.kept["plain"])
    told = tried(tree, standing)
    return add_scenario(whole, _free(tree), told) if told.entries else whole


def _source(tree: Tree) -> str:
    """The text of the tree's file, "" where there is none or it says something else by now."""
    from leverage.files import source
    from leverage.files.yaml import read

    if not tree.file.lower().endswith((".yaml", ".yml")):
        return ""
    try:
        found, name = source(tree.file)
        return found if fingerprint(read(found, name)) == tree.hash else ""
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
    """The keys of the scenario: of each metric that was moved, one entry."""
    chains: dict[str, list[Move]] = {}
    for move in tree.moves:
        chains.setdefault(move.metric, []).append(move)
    told: dict[str, Any] = {}
    for id, chain in chains.items():
        metric = tree.metrics[id]
        move = _one(metric, chain, standing[id], alone=len(chains) == 1)
        figure = written(move.amount, percent=metric.percent or move.kind == "change")
        told.setdefault(move.kind, {})[id] = {"value": figure, "certain": True} if move.certain else figure
    limits = {id: written(figure, percent=tree.resources[id].percent) for id, figure in tree.limits.items()}
    return {**told, **({"resources": limits} if limits else {})}


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
