"""What people see of the worth of knowing: the options, what each leaf is worth, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from leverage.errors import listed
from leverage.influence.interval import T95, errors
from leverage.influence.worth import Stakes, Worth, eviu
from leverage.panels import Bars, Cell, Column, Figure, Panel, Table, Text
from leverage.quantity import show
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import spoken
from leverage.verbs.describe import chance as shown_share
from leverage.verbs.describe import column, figure, said_chance
from leverage.verbs.moves.options import Choice, unchosen
from leverage.verbs.moves.planning import flights
from leverage.verbs.players.who import LEAF, Player

SEEN = 8  # options that a table shows
BESIDE = 4  # plans whose levels stand side by side
GROUPS = {LEAF: "{}", "cell": "{}", "branch": "{}", "owner": "what {} owns"}  # in a sentence; else all of it


@dataclass(frozen=True, eq=False)
class Driver:
    """A leaf or a group of them, and what knowing it first is worth."""

    player: Player
    owner: str
    worth: Worth


@dataclass(frozen=True, eq=False)
class Worths:
    """Options that were judged, and what knowing each driver before choosing is worth, that which is most first.

    ``points``: the KGI of each option with all chance off. ``evpi``: what knowing everything is worth.
    """

    tree: Tree
    planned: bool  # the options are plans
    by: str
    choices: tuple[Choice, ...]
    points: tuple[float, ...]
    stakes: Stakes
    evpi: Worth
    drivers: tuple[Driver, ...]

    @property
    def best(self) -> Choice:
        """The option of the best mean."""
        return self.choices[self.stakes.best]

    @property
    def ignoring(self) -> int:
        """The place of the option that is best with all chance off; of equal ones the best, none without a figure."""
        points, best = self.tree.sign * np.array(self.points), self.stakes.best
        told = np.where(np.isfinite(points), points, -np.inf)
        return best if told[best] == told.max() else int(np.argmax(told))

    @cached_property
    def eviu(self) -> Worth:
        """What choosing as if nothing were uncertain costs."""
        return eviu(self.stakes, self.ignoring)

    def mean(self, place: int) -> float:
        """An option's mean KGI."""
        return self.tree.sign * float(self.stakes.means[place])

    def share(self, driver: Driver) -> float | None:
        """Of what knowing everything is worth."""
        return driver.worth.value / self.evpi.value if self.evpi.value > 0 else None

    # --- notes -----------------------------------------------------------------------------------------------------

    def notes(self) -> Iterator[str]:
        """What a reader of the figures needs."""
        yield from self._of_options()
        yield from self._of_drivers()
        yield (
            f"options are compared by their mean {self._goal.name}: whoever fears a bad end more would pay otherwise"
        )

    def _of_options(self) -> Iterator[str]:
        if near := self._near():
            yield f"the means of {self.best.name} and {listed(near, 4)} cannot be told apart by so few samples"
        if self.planned:
            yield (
                f"only these {len(self.choices)} plans compete: planning anew for what was found out would bring "
                "more, so the figures bound what it is worth from below, as far as no plan made today beats the best "
                "of these"
            )
        elif befall := list(unchosen(self.tree, self.choices)):
            verb, them = ("moves", "it is") if len(befall) == 1 else ("move", "they are")
            yield f"{listed(befall, 4)} {verb} no lever: if {them} not yours to choose, name the --options that are"

    def _near(self) -> list[str]:
        """Options whose means lie within the error of the best one's."""
        gaps = self.stakes.gaps
        sure = np.abs(gaps.mean(axis=1)) > T95 * errors(gaps.T)
        return [self.choices[place].name for place in self.stakes.rivals if not sure[place]]

    def _of_drivers(self) -> Iterator[str]:
        if held := [driver.player.name for driver in self.drivers if driver.worth.held]:
            those = "it is" if len(held) == 1 else "they are"
            yield f"the estimate for {listed(held, 4)} came out below 0, by no more than chance; {those} put at 0"
        pair = self.drivers[:2]
        if len(pair) == 2 and pair[1].worth.value > 0:
            first, second = (driver.worth for driver in pair)
            if first.value - second.value < T95 * float(np.hypot(first.error, second.error)):
                yield f"{listed([driver.player.name for driver in pair])} cannot be ranked by so few samples"
        if not self.drivers:
            yield "nothing in this tree is uncertain: give leaves a 'range' and ask again"

    # --- panels ----------------------------------------------------------------------------------------------------

    def panels(self) -> tuple[Panel, ...]:
        """The sentence, the options, and where anything is worth knowing, what."""
        known = tuple(driver for driver in self.drivers if driver.worth.value > 0)
        worths = (self._table(known), *self._ignored(), *self._rest(), self._bars(known)) if known else ()
        return (Text(self.sentence()), self._options(), *self._levels(), *worths)

    @property
    def _goal(self) -> Metric:
        return self.tree.metrics[self.tree.kgi]

    def _amount(self, value: float) -> str:
        """A figure of the KGI in a sentence; of a share in points."""
        return f"{show(100 * value)} points" if self._goal.percent else f"{show(value)} {self._goal.unit}".rstrip()

    def sentence(self) -> str:
        """What to find out first, and what that is worth; or that nothing is worth it."""
        if not self.stakes.rivals:
            alone = np.count_nonzero(self.stakes.shares) == 1
            why = f"{self.best.name} is the best option" if alone else f"no option is better than {self.best.name}"
            return f"Nothing is worth finding out before choosing: {why} in {'every' if alone else 'any'} draw."
        before = "before the plan is made" if self.planned else "before choosing"
        sure = said_chance(float(self.stakes.shares[self.stakes.best]))
        chosen = f"the best option now is {self.best.name}, the best one in {sure} of the draws"
        first = self.drivers[0] if self.drivers else None
        if first is None or first.worth.value <= T95 * first.worth.error:
            one = "leaf" if self.by in (LEAF, "cell") else "group"
            return (
                f"No single {one} is worth finding out first: {chosen}; knowing everything {before} would be worth "
                f"{self._amount(self.evpi.value)}."
            )
        name = GROUPS.get(self.by, "all of {}").format(first.player.name)
        return (
            f"Find out {name} first: knowing it {before} is worth up to {self._amount(first.worth.value)}, "
            f"{show(self.share(first), percent=True, digits=2)} of what knowing everything is "
            f"({self._amount(self.evpi.value)}); {chosen}."
        )

    def _options(self) -> Panel:
        goal, stakes = self._goal, self.stakes
        heads = (
            *(column("option"), Column(f"mean {goal.name}", goal.unit), Column("std. error", goal.unit)),
            *(Column("best in"), Column("chance off", goal.unit)),
        )
        order = sorted(range(len(self.choices)), key=lambda place: -stakes.means[place])[:SEEN]
        rows = tuple(
            (
                self.choices[place].name,
                figure(goal, self.mean(place)),
                figure(goal, float(stakes.errors[place])),
                shown_share(float(stakes.shares[place])),
                figure(goal, self.points[place]),
            )
            for place in order
        )
        cut = f", the best {SEEN} of {len(self.choices)}" if len(rows) < len(self.choices) else ""
        return Table(f"The options{cut}", heads, rows)

    def _levels(self) -> tuple[Panel, ...]:
        """Plans side by side, in the levers in which they differ: the best, and those that are best most often."""
        if not self.planned:
            return ()
        shares, cells = self.stakes.shares, self.tree.cells
        often = sorted(range(len(self.choices)), key=lambda place: -shares[place])
        beside = list(dict.fromkeys((self.stakes.best, *(place for place in often if shares[place] > 0))))[:BESIDE]
        rows, ids = [], []
        for address, own in flights(cells, tuple(self.best.levels)).items():
            levels = [[self.choices[place].levels[id] for id in own] for place in beside]
            if any(each != levels[0] for each in levels):
                metric = cells.metrics[own[0]]
                told = (_span(each, metric.percent) for each in levels)
                rows.append((spoken(self.tree, address), metric.owner or None, *told))
                ids.append(address)
        heads = (column("lever"), column("owner"), *(Column(self.choices[place].name) for place in beside))
        return (Table("Where the plans differ", heads, tuple(rows), tuple(ids)),) if rows else ()

    def _table(self, known: tuple[Driver, ...]) -> Panel:
        goal = self._goal
        heads = (
            *(column("find out"), column("owner"), Column("worth up to", goal.unit), Column("std. error", goal.unit)),
            *(Column("share"), Column("changes the choice")),
        )
        each = tuple(
            (
                driver.player.name,
                driver.owner or None,
                figure(goal, driver.worth.value),
                figure(goal, driver.worth.error),
                shown_share(self.share(driver)),
                shown_share(driver.worth.changes),
            )
            for driver in known
        )
        all_ = ("everything", None, figure(goal, self.evpi.value), figure(goal, self.evpi.error), None, None)
        ids = (*(driver.player.id for driver in known), "")
        return Table("What it is worth to know each before choosing", heads, (*each, all_), ids)

    def _ignored(self) -> tuple[Panel, ...]:
        """What it costs to leave chance out."""
        if not self.eviu.value > 0:
            return ()
        taken, cost = self.choices[self.ignoring].name, self._amount(self.eviu.value)
        return (Text(f"Choosing as if nothing were uncertain takes {taken} and costs {cost}."),)

    def _rest(self) -> tuple[Panel, ...]:
        """Those that are worth nothing, in a line."""
        rest = [driver.player.name for driver in self.drivers if not driver.worth.value > 0]
        return (Text(f"Knowing {listed(rest, 6)} alone would change no choice."),) if rest else ()

    def _bars(self, known: tuple[Driver, ...]) -> Panel:
        worth, error = (np.array([getattr(driver.worth, name) for driver in known]) for name in ("value", "error"))
        return Bars(
            f"What it is worth to know each before choosing, in {self._goal.name}",
            tuple(driver.player.id for driver in known),
            np.zeros(len(known)),
            worth,
            unit=self._goal.unit,
            percent=self._goal.percent,
            labels=tuple(driver.player.name for driver in known),
            errors=(np.maximum(worth - T95 * error, 0.0), worth + T95 * error),
        )


def _span(levels: list[float], percent: bool) -> Cell:
    """A lever's level in a plan; over periods from the least to the highest."""
    low, high = min(levels), max(levels)
    return Figure(low, percent) if low == high else f"{show(low, percent=percent)} .. {show(high, percent=percent)}"
