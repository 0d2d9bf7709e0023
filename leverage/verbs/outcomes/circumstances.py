"""Where does a leaf lie in a box, as people read it: "Carts paid below 28.9%", with what that says by itself?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from leverage.influence.boxes import Limit, Share
from leverage.influence.rules import Rule
from leverage.panels import Array, Cell, Figure
from leverage.quantity import show
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import spoken
from leverage.verbs.draws.cast import Cast
from leverage.verbs.players.who import players


@dataclass(frozen=True, slots=True)
class Factor:
    """What a box may restrict: a leaf, or the cells that take one draw, told by the first that the goal uses.

    ``metric``: the leaf or the draw, such as ``visits[ads]``; ``lead`` the cell whose levels are meant; ``name`` what
    people read; ``alike``: whether all its cells have these levels.
    """

    metric: str
    lead: Metric
    name: str
    alike: bool


@dataclass(frozen=True, slots=True)
class Restriction:
    """Where a factor lies in a box. ``low`` and ``high`` are the ends, both included, None where it has none.

    ``values``: of a leaf of separate levels those that it has there, where they are no range. ``stepped``: it has
    separate levels. ``low_percentile`` and ``high_percentile``: shares of the leaf's own draws below the low end, and
    up to the high one. ``alone``: what this restriction holds by itself. ``p_value``: how likely the box would miss
    as often as it does, if the restriction brought nothing.
    """

    factor: Factor
    low: float | None
    high: float | None
    values: tuple[float, ...] | None
    stepped: bool
    low_percentile: float | None
    high_percentile: float | None
    alone: Share
    p_value: float

    @property
    def unit(self) -> str:
        """Of its ends; percent say themselves."""
        return "" if self.factor.lead.percent else self.factor.lead.unit

    @property
    def where(self) -> str:
        """In a sentence: "below 28.9%", "between 30 and 33 USD/item", "at 0 or 2"."""
        return f"{self._span} {self.unit}".rstrip()

    @property
    def ends(self) -> tuple[Cell, Cell]:
        """In a table: from, to; values that are no range stand in the first."""
        percent = self.factor.lead.percent
        if self.values is not None:
            return self._listed, None
        return Figure(self.low, percent), Figure(self.high, percent)

    @property
    def _span(self) -> str:
        percent = self.factor.lead.percent
        if self.values is not None:
            return f"at {self._listed}"
        low, high = (show(end, percent=percent) for end in (self.low, self.high))
        if self.low is None:
            return f"{'at most' if self.stepped else 'below'} {high}"
        if self.high is None:
            return f"{'at least' if self.stepped else 'above'} {low}"
        return f"at {low}" if self.low == self.high else f"between {low} and {high}"

    @property
    def _listed(self) -> str:
        return " or ".join(show(value, percent=self.factor.lead.percent) for value in self.values or ())


def restricted(factor: Factor, limit: Limit, levels: Array, alone: Share, p_value: float) -> Restriction:
    """A limit of the factor, as its own draws ``levels`` (n,) show it."""
    known = factor.lead.uncertainty
    stepped = limit.values is not None or (known is not None and known.discrete)
    low, high = _ends(limit, levels, stepped=stepped)
    return Restriction(
        factor,
        low,
        high,
        limit.values,
        stepped,
        None if low is None else float(np.mean(levels < low)),
        None if high is None else float(np.mean(levels <= high)),
        alone,
        p_value,
    )


def _ends(limit: Limit, levels: Array, *, stepped: bool) -> tuple[float | None, float | None]:
    """Low and high end, both the same where a single one of separate levels is held."""
    held = np.unique(levels[limit.holds(levels)]) if stepped and limit.values is None else levels[:0]
    if len(held) == 1:
        return float(held[0]), float(held[0])
    return None if np.isinf(limit.low) else limit.low, None if np.isinf(limit.high) else limit.high


@dataclass(frozen=True, slots=True)
class Circumstances:
    """A box in which the goal misses, and the restrictions that make it, that which adds most first."""

    rule: Rule
    restrictions: tuple[Restriction, ...]

    @property
    def share(self) -> Share:
        """What it holds of the samples that judge."""
        return self.rule.judged.share

    @property
    def where(self) -> str:
        """In a sentence."""
        phrases = [f"{each.factor.name} {each.where}" for each in self.restrictions]
        return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def factors(tree: Tree, cast: Cast, used: Iterable[str]) -> tuple[Factor, ...]:
    """What can be restricted, in the order of ids: whatever of the draws the goal uses. ``used``: cells."""
    wanted = set(used)
    found = []
    for player in players(tree, cast, by="cell"):
        lead = next((cell for cell in player.cells if cell in wanted), None)
        if lead is not None:
            alike = len({cast.stands[cell] for cell in player.cells}) == 1
            name = player.name if alike else spoken(tree, lead)
            found.append(Factor(player.id, tree.cell(lead), name, alike))
    return tuple(sorted(found, key=lambda factor: factor.metric))
