"""Which scenario is better, and how surely? Each is drawn on the same draws as what was asked, and set against it.

A draw of a leaf is one and the same in all of them, so what makes both go up or down falls out of the difference: its
interval is far narrower than those of the two outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from leverage.errors import UnknownName
from leverage.panels import Cell, Column, Figure, Table, Text
from leverage.quantity import show
from leverage.sampling.digits import reach
from leverage.sampling.summary import Summary, summarise
from leverage.sampling.tails import ALL as ALL_MOMENTS
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.fans import percent_of
from leverage.verbs.cells.reported import given
from leverage.verbs.describe import chance as said
from leverage.verbs.describe import column, figure, moved_by, said_chance
from leverage.verbs.draws import chance as settings
from leverage.verbs.draws.chance import BadSetting, Chance
from leverage.verbs.draws.samples import Drawn
from leverage.verbs.outcomes.asked import MIDDLE, aims, picked, sampled
from leverage.verbs.outcomes.causes import goes_far

ALL = "all"
ROUNDING = 2.0**-45  # of the farthest draw of either side: what a difference of theirs is out by at most


@dataclass(frozen=True, slots=True, eq=False)
class Rival:
    """A scenario's KGI, and how far it lies from that of what was asked, draw by draw.

    ``better``: the share of the draws in which it is the better one, with its error; ``mean``: that of the base.
    """

    scenario: str
    summary: Summary
    difference: Summary
    better: float
    better_error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Where the mean difference lies, 19 times in 20."""
        told = self.difference
        wide = reach(told.degrees) * told.standard_error if told.degrees else np.nan
        return told.mean - wide, told.mean + wide

    def figures(self, keys: Sequence[str]) -> dict[str, Any]:
        """Its entry of the JSON object."""
        own, apart = self.summary, self.difference
        low, high = self.interval
        return {
            "scenario": self.scenario,
            "mean": given(own.mean),
            "sd": given(own.sd),
            "standard_error": given(own.standard_error),
            "quantiles": dict(zip(keys, own.quantiles.tolist(), strict=True)),
            "probability_of_target": own.probability,
            "difference": {
                "mean": given(apart.mean),
                "standard_error": given(apart.standard_error),
                "interval": None if np.isnan(low) else [low, high],
                "quantiles": dict(zip(keys, apart.quantiles.tolist(), strict=True)),
                "probability_better": self.better,
                "probability_better_error": given(self.better_error),
            },
        }


def named(tree: Tree, asked: str | Iterable[str]) -> tuple[str, ...]:
    """The scenarios to stand beside; ``all``: every one of the file.

    Raises:
        UnknownName: the file has no such scenario.
    """
    names = (asked,) if isinstance(asked, str) else tuple(asked)
    found: dict[str, None] = {}
    for name in names:
        known = tuple(tree.scenarios)
        if name == ALL and ALL not in known:
            found.update(dict.fromkeys(known))
        elif name in (*known, "base"):
            found[name] = None
        else:
            raise UnknownName(name, (*known, "base", ALL), what="scenario")
    return tuple(found)


def rivals(
    tree: Tree, names: Sequence[str], chance: Chance, found: Drawn, *, wanted: Sequence[float], tail: float
) -> tuple[tuple[Rival, ...], tuple[str, ...]]:
    """The scenarios of the file, each as the file has it, against the tree as asked; and sentences about their draws.

    Raises:
        BadSetting: so many samples that they are not kept.
    """
    if names and chance.samples > settings.KEPT:
        raise BadSetting("samples", chance.samples, f"with --beside give at most {settings.KEPT:,}: draws are compared")
    told, notes = [], []
    chance = replace(chance, checkpoint=None)  # a file is of one run: that of what was asked
    mine = found.spread.samples(tree.kgi) if names else np.zeros(0)
    for name in names:
        other = tree.unmoved.with_(scenario=name)
        aim = aims(other, chance.samples, ())[0]
        drawn = sampled(other, chance, [aim], wanted, tail)
        with np.errstate(invalid="ignore"):  # of two that are infinite there is no difference: it is counted as lost
            apart = drawn.spread.samples(tree.kgi) - mine
        # worse than no difference, were the direction the other one: that is better
        sums = summarise(apart, quantiles=(*wanted, *MIDDLE), repeats=drawn.repeats, sign=-aim.sign, base=0.0)
        sums = picked(_existing(sums, drawn.summaries[tree.kgi], found.summaries[tree.kgi]), wanted)
        share = max(0.0, (sums.below or 0.0) - sums.not_finite / sums.samples)
        error = np.nan if sums.below_error is None else sums.below_error
        told.append(Rival(name, picked(drawn.summaries[tree.kgi], wanted), sums, share, error))
        notes += [f"{name}: {note}" for note in drawn.notes if note not in found.notes]
    return tuple(told), tuple(notes)


def _existing(apart: Summary, *sides: Summary) -> Summary:
    """The difference without the moments that its sides lack, unless what makes them go so far out falls out of it."""
    left = min(side.exists for side in sides)
    rounding = ROUNDING * max(abs(end) for side in sides for end in (side.min, side.max))
    heavy = apart.max - apart.min > rounding and goes_far(apart, (-2, -1))
    return apart.told(left) if left < ALL_MOMENTS and heavy else apart


def sentence(tree: Tree, told: Sequence[Rival], reference: str) -> Text:
    """Which of them is better than what was asked, and how surely."""
    goal = tree.metrics[tree.kgi]
    settled = all(np.isfinite(rival.interval).all() for rival in told)  # else no mean says which is best
    best = max(told, key=lambda rival: tree.sign * rival.difference.mean if settled else rival.better)
    share = said_chance(best.better)
    many = len(told) > 1
    if best.difference.max == best.difference.min == best.difference.not_finite == 0:
        who = f"Even the best of them, {best.scenario}," if many else best.scenario
        return Text(f"{who} comes out as {reference} in every draw.")
    if not settled:
        return Text(f"On the same draws {best.scenario} is better than {reference} in {share} of all cases.")
    worst, most = sorted(tree.sign * end for end in best.interval)
    word = "better than" if worst > 0 else "worse than" if most < 0 else "not told apart from"
    even = "even " if most < 0 else ""
    who = f"{even}the best of them, {best.scenario}, is" if many else f"{best.scenario} is"
    return Text(
        f"On the same draws {who} on average {word} {reference}: {moved_by(goal, best.difference.mean, 0.0)} "
        f"(95%: {_between(goal, best)}); it is the better one in {share} of all cases."
    )


def _between(goal: Metric, rival: Rival) -> str:
    """The interval of the mean difference, with as many digits as tell its ends apart."""
    ends = rival.interval
    if np.isnan(ends[0]):
        return "undefined"
    for digits in range(4, 9):
        low, high = (show(end, percent=goal.percent, signed=True, digits=digits) for end in ends)
        if low != high:
            return f"{low} to {high}"
    return low


def table(tree: Tree, told: Sequence[Rival], keys: Sequence[str], reference: str) -> Table:
    """A row a scenario: its own figures, and the difference to what was asked."""
    goal = tree.metrics[tree.kgi]
    order = sorted(range(len(keys)), key=lambda at: told[0].summary.probabilities[at])
    ends = list(dict.fromkeys(order[at] for at in (0, -1))) if order else []
    aimed = told[0].summary.probability is not None
    heads = (
        *(column("scenario"), Column("mean")),
        *(Column(f"P{percent_of(keys[at])}") for at in ends),
        *((Column("chance of target"),) if aimed else ()),
        *(Column("difference"), Column("95% interval"), Column("better in")),
    )

    def row(rival: Rival) -> tuple[Cell, ...]:
        own, apart = rival.summary, rival.difference
        return (
            rival.scenario,
            written(figure(goal, own.mean)),
            *(figure(goal, float(own.quantiles[at])) for at in ends),
            *((said(own.probability),) if aimed else ()),
            written(figure(goal, apart.mean, signed=True)),
            _between(goal, rival),
            said(rival.better),
        )

    unit = f", {goal.unit}" if goal.unit else ""
    return Table(f"Scenarios on the same draws, against {reference}{unit}", heads, tuple(map(row, told)))


def written(cell: Figure) -> Cell:
    """A figure of a table; one that does not exist is said to be undefined."""
    return "undefined" if cell.value is not None and np.isnan(cell.value) else cell
