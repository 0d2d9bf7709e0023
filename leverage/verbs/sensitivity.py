"""Which uncertainty makes the spread? The part of each uncertain leaf, or group of them, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import LeverageError, UnknownName, listed
from leverage.influence.interval import REPEATS
from leverage.influence.sobol import NoFigure, NoSpread
from leverage.panels import GroupedBars, Panel, Text
from leverage.sampling.tails import ALL
from leverage.sampling.worst import TAIL
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import one
from leverage.verbs.describe import caveats, said_chance
from leverage.verbs.draws.cast import Cast, cast
from leverage.verbs.draws.chance import SAMPLES, BadSetting, Chance
from leverage.verbs.outcomes.asked import MIDDLE, aims, sampled
from leverage.verbs.outcomes.causes import FAR
from leverage.verbs.players.methods import METHODS, Judgement, Method, Question, given
from leverage.verbs.players.weighed import Weighed
from leverage.verbs.players.who import LEAF, Player, crossing, players
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

GROUPS = ("owner", "branch")  # groupings that are proposed where leaves correlate


class Tied(LeverageError):
    """Sobol' indices of players that correlations tie together, so that none of them moves alone."""

    def __init__(self, pairs: Sequence[tuple[Player, Player]], groups: Sequence[str]) -> None:
        others = f", or groups that no correlation crosses (--by {' or --by '.join(groups)})" if groups else ""
        super().__init__(
            f"method 'sobol': {_correlate(pairs)}, and an index of one alone would count the other; "
            f"take --method shapley{others}"
        )


def _correlate(pairs: Sequence[tuple[Player, Player]]) -> str:
    """Which players correlate; of several pairs who with whom."""
    word = "and" if len(pairs) == 1 else "with"
    return f"{listed([f'{a.id} {word} {b.id}' for a, b in pairs])} correlate"


@dataclass(frozen=True, eq=False)
class Sensitivity(Result):
    """The players, the greatest part first; ``result["visits"]`` is one of them."""

    verb: ClassVar[str] = "sensitivity"
    main: ClassVar[str] = "indices"

    tree: Tree
    weighed: Weighed
    said: tuple[str, ...] = ()
    unsettled: bool = False  # there is no variance to share out

    def __getitem__(self, id: str) -> dict[str, Any]:
        """A player's entry of the JSON object."""
        ids = [player.id for player in self.weighed.players]
        if id not in ids:
            raise UnknownName(id, ids, what="uncertain leaf" if self.weighed.by == LEAF else "group")
        return self.weighed.entry(ids.index(id))

    @property
    def answered(self) -> bool:
        """Whether anything makes a spread."""
        return bool(self.weighed.order)

    def figures(self) -> dict[str, Any]:
        weighed = self.weighed
        return {
            "kgi": self.tree.kgi,
            "metric": weighed.of,
            "method": weighed.method.name,
            "by": weighed.by,
            "sd": weighed.sd,
            "indices": [weighed.entry(place) for place in weighed.order],
            **({"second": weighed.together()} if weighed.found.second is not None else {}),
        }

    def notes(self) -> tuple[str, ...]:
        return (*caveats(self.tree), *self.said, *self.weighed.alike(self.run.samples or 0))

    def panels(self) -> tuple[Panel, ...]:
        weighed = self.weighed
        if self.unsettled:
            return (Text(f"The variance of {weighed.name} does not exist, so there is nothing to share out."),)
        if not self.answered:
            return (Text(self._silence()),)
        return (Text(weighed.sentence()), weighed.table(), *weighed.pairs(), weighed.bars(), *self._next())

    def read(self) -> tuple[Panel, ...]:
        """The table says in figures what the bars say."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, GroupedBars))

    def _silence(self) -> str:
        """Why nothing is shared out."""
        if self.weighed.found.lost == 1:
            return f"{self.weighed.name} is not finite in any draw, so there is nothing to share out."
        mend = "no uncertain leaf makes a difference" if self.weighed.players else "give leaves a 'range' and ask again"
        return f"{self.weighed.name} is the same in every draw: {mend}."

    def _next(self) -> tuple[Panel, ...]:
        word = "information" if self.tree.scenarios else "levers"
        return (Text(f"leverage {word} {self.tree.file or 'MODEL'}", "next"),)


def sensitivity(
    tree: Tree,
    *,
    method: str | None = None,
    of: str | None = None,
    by: str = LEAF,
    second: bool = False,
    samples: int | None = None,
    **settings: Any,
) -> Sensitivity:
    """Which uncertainty makes the spread?

    Args:
        method: ``sobol`` (first and total indices), ``shapley`` (effects that add up to 1, right under correlations),
            ``morris`` (screening by elementary effects), ``given`` (first order from plain samples). Left out: sobol,
            and shapley where leaves correlate.
        of: the metric whose spread it is, or one cell of it; the KGI when left out.
        by: ``leaf``, ``cell``, ``owner``, ``branch``, or a dimension: who is judged.
        second: second-order indices, too (sobol).
        samples: rows of the design, trajectories of morris, taken up to a multiple of 8; the method's own number when
            left out.
        settings: ``seed`` or ``rng``, ``points``, ``strict``, ``threads`` or ``executor``, ``checkpoint``, ``progress``
            (`Chance.of`).

    Returns:
        Each player's part with its 95 % interval, from the spread of 8 independent repeats (Student's t, 7 degrees). A
        leaf that the metric does not depend on has exactly 0.

    Raises:
        UnknownName: no such method, metric or grouping.
        Tied: Sobol' indices of players that correlate.
        BadSetting: second order with another method, or a setting that nothing can be drawn with.
    """
    if method is not None and method not in METHODS:
        raise UnknownName(method, METHODS, what="method")
    goal = tree.kgi if of is None else one(tree, of, "of")
    cells = tree.cells
    chance = Chance.of(**settings) if samples is None else Chance.of(samples=samples, **settings)
    drawn = cast(cells, chance)
    among = players(tree, drawn, by, goal)
    row, why = _method(tree, drawn, among, method, goal)
    if second and row.name != "sobol":
        raise BadSetting("method", row.name, "second-order indices are of method sobol")
    wanted = row.samples if samples is None else samples
    chance = replace(chance, samples=-(-wanted // REPEATS) * REPEATS)  # as many in each repeat
    return _weighed(tree, row, Question(cells, cast(cells, chance), chance, among, goal, second), by, said=why)


def of_samples(tree: Tree, chance: Chance, values: Array, *, of: str, by: str = LEAF) -> Sensitivity:
    """First-order indices from samples of a metric, (n,), that were drawn by these settings: nothing is run again."""
    cells = tree.cells
    drawn = cast(cells, chance)
    among = players(tree, drawn, by, of)
    row = replace(METHODS["given"], judge=lambda asked: given(asked, values))
    return _weighed(tree, row, Question(cells, drawn, chance, among, of), by)


def _weighed(tree: Tree, method: Method, asked: Question, by: str, said: tuple[str, ...] = ()) -> Sensitivity:
    """What a method finds; nothing where nothing is uncertain, or makes no difference."""
    try:
        found = method.judge(asked) if asked.among else Judgement({})
    except NoSpread as why:
        found = Judgement({}, lost=float(isinstance(why, NoFigure)))
    found, lost = _settled(tree, asked, found)
    weighed = Weighed(tree, asked.of, method, by, tuple(asked.among), found)
    notes = tuple(dict.fromkeys((*said, *asked.cast.draws.notes, *found.notes, *_left_out(asked.of, found.lost))))
    return Sensitivity(Run.of(tree, **asked.chance.to_run()), tree, weighed, (*notes, *lost), bool(lost))


def _left_out(of: str, lost: float) -> tuple[str, ...]:
    """That some draws have no figure, so that the spread is that of the others."""
    told = (
        f"{of} is not finite in {said_chance(lost)} of the draws: they are left out, and the figures are of the others"
    )
    return (told,) if 0 < lost < 1 else ()


def _settled(tree: Tree, asked: Question, found: Judgement) -> tuple[Judgement, tuple[str, ...]]:
    """What was found, unless there is no variance to share out: then nothing, and why.

    Asked of more draws, and of the tree, where a draw lay so far out that it may be so.
    """
    if found.far <= FAR:
        return found, ()
    chance = replace(asked.chance, samples=SAMPLES, checkpoint=None)
    told = sampled(tree, chance, aims(tree, SAMPLES, (asked.of,)), MIDDLE, TAIL)
    if told.summaries[asked.of].exists == ALL:
        return found, ()
    opening = (f"the standard deviation of {asked.of} ", f"the mean of {asked.of} ")
    return Judgement({}), tuple(note for note in told.notes if note.startswith(opening))


def _method(
    tree: Tree, drawn: Cast, among: tuple[Player, ...], asked: str | None, goal: str
) -> tuple[Method, tuple[str, ...]]:
    """The method, and why it is not Sobol's where it was left out."""
    crossed = crossing(drawn, among)
    if asked is None:
        why = (f"{_correlate(crossed)}, so Shapley effects are given",)
        return METHODS["shapley" if crossed else "sobol"], why if crossed else ()
    row = METHODS[asked]
    if crossed and row.apart:
        grouped = {by: players(tree, drawn, by, goal) for by in GROUPS}
        raise Tied(crossed, [by for by, each in grouped.items() if len(each) > 1 and not crossing(drawn, each)])
    return row, ()
