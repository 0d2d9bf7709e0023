"""Do goal, targets and thresholds pull one way?"""

from __future__ import annotations

from collections.abc import Iterator

from leverage.quantity import show
from leverage.tree.findings import Finding
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree

BETTER = {"maximize": "higher", "minimize": "lower"}


def targetless(tree: Tree) -> Iterator[Finding]:
    """A KGI without a target: no gap, and no chance of reaching it."""
    kgi = tree.metrics[tree.kgi]
    if kgi.target is None:
        yield Finding("note", kgi.id, "is the KGI and has no target; add one to see the gap and its chance", kgi.at)


def disagreeing(tree: Tree) -> Iterator[Finding]:
    """Targets, thresholds and directions of which one says the opposite of another."""
    for id, metric in tree.metrics.items():
        for message in _of_thresholds(metric):
            yield Finding("note", id, message, metric.at)
        reach = _out_of_reach(metric)
        if reach:
            yield Finding("note", id, reach, metric.at)
    kgi = tree.metrics[tree.kgi]
    better = kgi.better or _thresholds_better(metric=kgi)
    if better and better != BETTER[tree.goal]:
        message = f"is better {better}, but the goal is to {tree.goal} it; correct the goal, or 'better' and thresholds"
        yield Finding("note", kgi.id, message, kgi.at)


def _thresholds_better(metric: Metric) -> str:
    """The direction that the thresholds show: an alert lies beyond its warning, on the bad side."""
    levels = metric.thresholds
    if levels is None or levels.warn is None or levels.alert is None or levels.warn == levels.alert:
        return ""
    return "higher" if levels.alert < levels.warn else "lower"


def _of_thresholds(metric: Metric) -> Iterator[str]:
    shown = _thresholds_better(metric)
    if metric.better and shown and shown != metric.better:
        yield f"is better {metric.better}, but its thresholds say {shown}; exchange warn and alert, or correct 'better'"
        return
    better, levels = metric.better or shown, metric.thresholds
    if not better or levels is None or metric.target is None:
        return
    for name, level in (("warn", levels.warn), ("alert", levels.alert)):
        if level is not None and (metric.target < level if better == "higher" else metric.target > level):
            figures = [show(figure, percent=metric.percent) for figure in (metric.target, level)]
            yield f"has its target {figures[0]} on the bad side of its {name} {figures[1]}; correct one of them"
            return


def _out_of_reach(metric: Metric) -> str:
    """A lever's own target outside its bounds."""
    lever, target = metric.lever, metric.target
    if lever is None or target is None or target == lever.off:
        return ""
    for name, bound, beyond in (("min", lever.low, -1), ("max", lever.high, 1)):
        if bound is not None and (target - bound) * beyond > 0:
            figures = [show(figure, percent=metric.percent) for figure in (target, bound)]
            return f"has a target of {figures[0]} beyond its lever's {name} of {figures[1]}; correct one of them"
    return ""
