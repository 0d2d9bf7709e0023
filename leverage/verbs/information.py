"""What is worth finding out first? What it would bring to know a leaf before choosing, rather than after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from leverage.errors import UnknownName
from leverage.influence.worth import NOTHING
from leverage.panels import Bars, Panel, Text
from leverage.program.run import point
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import nested
from leverage.verbs.describe import caveats
from leverage.verbs.draws.cast import Cast, cast
from leverage.verbs.draws.chance import BadSetting, Chance
from leverage.verbs.moves.limited import conflict
from leverage.verbs.moves.options import Choice, stories
from leverage.verbs.moves.plans import JOINT
from leverage.verbs.moves.plans import plans as competing
from leverage.verbs.players.valued import Judged, Question, judged
from leverage.verbs.players.who import LEAF, Player, players
from leverage.verbs.players.worths import Driver, Worths
from leverage.verbs.result import Result, Run
from leverage.work.progress import shown

SCENARIOS, LEVERS = "scenarios", "levers"


@dataclass(frozen=True, eq=False)
class Information(Result):
    """What knowing all leaves, and each of them, before choosing is worth; the options, and the best of them.

    ``worths``: None where there is no answer, and ``why`` says why.
    """

    verb: ClassVar[str] = "information"
    main: ClassVar[str] = "drivers"

    tree: Tree
    decide: str
    by: str
    choices: tuple[Choice, ...]
    points: tuple[float, ...]  # the KGI of each with all chance off
    worths: Worths | None
    why: str = ""
    said: tuple[str, ...] = ()

    def __getitem__(self, id: str) -> Driver:
        """One leaf or group."""
        known = {driver.player.id: driver for driver in (self.worths.drivers if self.worths else ())}
        if id not in known:
            raise UnknownName(id, known, what="uncertain leaf" if self.by == LEAF else self.by)
        return known[id]

    @property
    def answered(self) -> bool:
        """Whether there is anything to choose between, and samples to judge it by."""
        return self.worths is not None

    @property
    def proposal(self) -> Mapping[str, float]:
        """Of plans, the levels of the best one that differ from today's."""
        if self.worths is None:
            return {}
        here = self.tree.cells.levels
        return {id: level for id, level in self.worths.best.levels.items() if level != here[id].value}

    def figures(self) -> dict[str, Any]:
        told = self.worths
        return {
            "kgi": self.tree.kgi,
            "decide": self.decide,
            "by": self.by,
            "evpi": told.evpi.value if told else None,
            "evpi_error": told.evpi.error if told else None,
            "best": told.best.name if told else None,
            "options": [self._option(place) for place in range(len(self.choices))],
            "eviu": told.eviu.value if told else None,
            "eviu_error": told.eviu.error if told else None,
            "ignoring": self.choices[told.ignoring].name if told else None,
            "drivers": [
                {
                    "metric": driver.player.id,
                    "evppi": driver.worth.value,
                    "error": driver.worth.error,
                    "share": told.share(driver),
                    "changes": driver.worth.changes,
                    "owner": driver.owner or None,
                }
                for driver in told.drivers
            ]
            if told
            else [],
        }

    def _option(self, place: int) -> dict[str, Any]:
        choice, told = self.choices[place], self.worths
        return {
            "option": choice.name,
            "mean": told.mean(place) if told else None,
            "error": float(told.stakes.errors[place]) if told else None,
            "probability_best": float(told.stakes.shares[place]) if told else None,
            "value": self.points[place],
            **({"levels": nested(self.tree, choice.levels)} if choice.levels else {}),
        }

    def notes(self) -> tuple[str, ...]:
        own = self.worths.notes() if self.worths else ()
        return (*caveats(self.tree), *self.said, *((self.why,) if self.why else ()), *own)

    def panels(self) -> tuple[Panel, ...]:
        file = self.tree.file or "MODEL"
        more = self.decide == SCENARIOS and self.tree.cells.levers
        ask = f"leverage information {file} --decide levers" if more else f"leverage sensitivity {file}"
        refused = "There is nothing to decide." if len(self.choices) < 2 else "No option can be judged."
        told = self.worths.panels() if self.worths else (Text(refused),)
        return (*told, Text(ask, "next"))

    def read(self) -> tuple[Panel, ...]:
        """The table says in figures what the bars say."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, Bars))


def information(
    tree: Tree,
    *,
    options: str | Iterable[str] = (),
    decide: str = SCENARIOS,
    by: str = LEAF,
    plans: int = JOINT,
    **settings: Any,
) -> Information:
    """What is worth finding out first?

    Args:
        options: names of scenarios and ``base``: the options; left out, all of them.
        decide: scenarios, or levers: the options are then plans that `allocate` finds at figures that may turn out.
        by: who is judged: leaf, cell, owner, branch, or a dimension (`players.who`).
        plans: of levers, at how many joint draws a plan is made, beside those at the base and at leaves' ends.
        settings: ``samples``, ``seed`` or ``rng``, ``points``, ``strict``, ``threads`` or ``executor``, ``block``,
            ``checkpoint``, ``progress`` (`Chance.of`).

    Returns:
        EVPI, EVPPI of each leaf or group and EVIU, with standard errors, in the KGI's unit and the goal's direction;
        every option's mean, and in how many of the draws it is the best.

    Raises:
        UnknownName: a scenario or a grouping that the model does not have.
        BadSetting: another decision, options of plans, or a setting that nothing can be drawn with.
        Unbounded: a lever without a bound that nothing stops.
    """
    if decide not in (SCENARIOS, LEVERS):
        raise BadSetting("decide", decide, f"give {SCENARIOS} or {LEVERS}")
    if not isinstance(plans, int) or plans < 0:
        raise BadSetting("plans", plans, "give a whole number from 0")
    if decide == LEVERS and options:
        named = options if isinstance(options, str) else ", ".join(options)
        raise BadSetting("options", named, f"of {LEVERS} the options are plans; name none")
    chance = Chance.of(**settings)
    drawn = cast(tree.cells, chance)
    among = players(tree, drawn, by)
    choices, why = _scenarios(tree, options) if decide == SCENARIOS else _plans(tree, drawn, plans, chance)
    points = tuple([point(choice.tree.cells)[tree.kgi] for choice in choices])
    found = Judged(None, NOTHING, (), (), why) if why else judged(Question(tree, drawn, among, choices, chance))
    run = Run.of(tree, **chance.to_run())
    if found.stakes is None:
        return Information(run, tree, decide, by, choices, points, None, found.why, found.said)
    drivers = [Driver(player, _owner(tree, player), worth) for player, worth in zip(among, found.each, strict=True)]
    drivers.sort(key=lambda driver: (-driver.worth.value, driver.player.id))
    worths = Worths(tree, decide == LEVERS, by, choices, points, found.stakes, found.all, tuple(drivers))
    return Information(run, tree, decide, by, choices, points, worths, "", found.said)


def _scenarios(tree: Tree, named: str | Iterable[str]) -> tuple[tuple[Choice, ...], str]:
    """The options, and why there is nothing to decide between them."""
    choices = stories(tree, named)
    if len(choices) > 1:
        return choices, ""
    mend = f"name another of the --options beside {choices[0].name}" if tree.scenarios else "add scenarios to the file"
    ask = ", or ask with --decide levers" if tree.cells.levers else ""
    return choices, f"nothing to decide: {choices[0].name} is the only option; {mend}{ask}"


def _plans(tree: Tree, drawn: Cast, joint: int, chance: Chance) -> tuple[tuple[Choice, ...], str]:
    """The plans, the same whoever is judged, and why there is nothing to decide between them."""
    if not tree.cells.levers:
        return (), "nothing to decide: mark the leaves that somebody can set with 'lever: {min: ..., max: ...}'"
    with shown(chance.progress, "plans") as told:
        found = competing(tree, drawn, players(tree, drawn), joint, told)
    if not found.choices:
        return (), conflict(tree.cells, (), found.found)
    if len(found.choices) == 1:
        return (
            found.choices,
            f"nothing to decide: {found.choices[0].name} is the only plan that was found, whatever turns out",
        )
    return found.choices, ""


def _owner(tree: Tree, player: Player) -> str:
    """Who owns all of it; nobody where several do."""
    owners = {tree.cells.metrics[id].owner for id in player.cells}
    return owners.pop() if len(owners) == 1 else ""
