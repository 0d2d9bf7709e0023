"""Which figures does an end of a bridge give? The file, a scenario, what is tried, targets or actuals, made comparable.

Two ends need not know the same metrics: what one leaves out is taken from the other, and what recorded figures have
beyond their formulas is kept apart, so that a bridge can end at the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leverage.errors import UnknownName, listed
from leverage.program.local import local
from leverage.program.path import Path
from leverage.program.run import stand
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import counted
from leverage.verbs.describe import caveats

OWN_WORDS = ("base", "target", "actual", "what-if")
RECORDED = ("target", "actual")  # ends that are figures of the file, and no state that the tree stands in
OPTIONS = ("--from", "--to")


@dataclass(frozen=True, slots=True)
class States:
    """Both ends, with a figure of every leaf and of every formula metric that either end moves itself.

    ``added``: what recorded formula metrics have beyond their formulas at both ends. ``missing``: leaves that one end
    knows and the other does not. ``notes``: sentences that a reader of the ends needs.
    """

    names: tuple[str, str]
    start: Mapping[str, float]
    end: Mapping[str, float]
    added: Mapping[str, tuple[float, float]]
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    def path(self, tree: Tree) -> Path:
        """The straight line from one to the other."""
        return Path(tree, tree.kgi, self.start, self.end, self.added)


def states(tree: Tree, from_: str | None, to: str | None) -> States:
    """Both ends, by their names or as the question is meant where one is left out; of a model over axes, of its cells.

    Raises:
        UnknownName: a scenario that the model does not have.
    """
    names = _defaults(tree, from_, to)
    ends = [_end(tree, name) for name in names]
    base = stand(tree.unmoved).inputs
    pins = {id for end in ends for id in end if not tree.metrics[id].leaf}
    aimed = {id for id in tree.leaves if any(id in end for end in ends)}
    missing = tuple(sorted(id for id in aimed if not all(id in end for end in ends)))
    filled = [
        {id: end.get(id, other.get(id, base[id])) for id in tree.leaves}
        for end, other in ((ends[0], ends[1]), (ends[1], ends[0]))
    ]
    start, end = ({**state, **_pinned(tree, state, told, pins)} for state, told in zip(filled, ends, strict=True))
    actual = [{id: v for id, v in _own(tree, name).items() if id not in pins} for name in names]
    empty = [not told and not own for told, own in zip(ends, actual, strict=True)]
    lost = [tuple(id for id in missing if id not in told) for told in ends]
    notes = (*_caveats(tree, names), *_lost(tree.whole, names, lost, empty))
    return States(names, start, end, _unexplained(tree, [start, end], actual), missing, notes)


def _defaults(tree: Tree, from_: str | None, to: str | None) -> tuple[str, str]:
    if tree.moves:
        return from_ or "base", to or "what-if"
    aimed = any(tree.metrics[id].target is not None for id in tree.leaves)
    return from_ or ("target" if aimed else "base"), to or "actual"


def _standing(tree: Tree, name: str) -> Tree:
    if name not in tree.scenarios and name not in OWN_WORDS:
        raise UnknownName(name, (*OWN_WORDS, *tree.scenarios), what="scenario")
    return tree if name == "what-if" else tree.unmoved.with_(scenario=name)


def _end(tree: Tree, name: str) -> dict[str, float]:
    """The figures that the end gives: of leaves, and of formula metrics that it moves itself."""
    if name in RECORDED:
        found = {id: getattr(tree.metrics[id], name) for id in tree.leaves}
        return {id: value for id, value in found.items() if value is not None}
    return dict(stand(_standing(tree, name)).inputs)


def _own(tree: Tree, name: str) -> dict[str, float]:
    """The formula metrics' own figures at an end: recorded actuals, which their formulas need not meet."""
    if name != "actual":
        return {}
    found = {id: metric.actual for id, metric in tree.metrics.items() if not metric.leaf}
    return {id: value for id, value in found.items() if value is not None}


def _caveats(tree: Tree, names: tuple[str, str]) -> tuple[str, ...]:
    standing = {name: _standing(tree, name) for name in names if name not in RECORDED}
    return tuple(f"{name}: {said}" for name, each in standing.items() for said in caveats(each))


def _lost(whole: Tree, names: tuple[str, str], lost: list[tuple[str, ...]], empty: list[bool]) -> tuple[str, ...]:
    """What the file leaves open: no figure at all at an end, or none of some leaves."""
    notes = []
    for name, option, ids, bare in zip(names, OPTIONS, lost, empty, strict=True):
        if bare:
            one = f"{'an' if name == 'actual' else 'a'} {name}"
            notes.append(f"no metric has {one}: give '{name}' to leaves, or name another end with {option}")
        elif ids:
            notes.append(f"{name} has no figure for {listed([*counted(whole, ids)])}: taken as unchanged")
    return tuple(notes)


def _pinned(tree: Tree, state: Mapping[str, float], end: Mapping[str, float], pins: set[str]) -> dict[str, float]:
    """The values of formula metrics that either end moves itself: where an end does not, what their formula gives."""
    if not pins:
        return {}
    given = {id: end[id] for id in pins if id in end}
    values = Path(tree, tree.kgi, {**state, **given}, {**state, **given}, {}).values(np.array([1.0]))
    return {id: float(values[id][0]) for id in pins}


def _unexplained(
    tree: Tree, states: list[dict[str, float]], actual: list[dict[str, float]]
) -> dict[str, tuple[float, float]]:
    """What each recorded formula metric has beyond its formula, at both ends, drivers before users."""
    recorded = {id for end in actual for id in end}
    if not recorded:
        return {}
    first, last = (_gaps(tree, state, told) for state, told in zip(states, actual, strict=True))
    return {id: (first.get(id, 0.0), last.get(id, 0.0)) for id in tree.order if id in recorded}


def _gaps(tree: Tree, state: Mapping[str, float], told: Mapping[str, float]) -> dict[str, float]:
    """By how much recorded figures miss what their formulas give, those of their drivers being as recorded."""
    found = {id: np.array([value]) for id, value in state.items()}
    gaps: dict[str, float] = {}
    for id in tree.order:
        if id not in state:
            found[id] = local(tree, id).value(found if tree.drivers[id] else {})
            if id in told:
                gaps[id] = told[id] - float(found[id][0])
                found[id] = found[id] + gaps[id]
    return gaps
