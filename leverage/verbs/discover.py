"""In which circumstances does the plan fail? Boxes of the uncertain leaves that hold the misses, for people to read.

The boxes are PRIM's (`influence.rules`); every figure of them is of samples that had no part in finding them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from leverage.errors import UnknownName
from leverage.influence.boxes import Share
from leverage.influence.rules import Found, Rule, rules
from leverage.panels import Array, Lines, Panel, Scatter, Text
from leverage.program.cone import upstream
from leverage.program.run import stand
from leverage.quantity import show
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import one, spoken
from leverage.verbs.describe import better, caveats, said_chance
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import BadSetting, Chance
from leverage.verbs.draws.samples import whole
from leverage.verbs.evaluate import pushes
from leverage.verbs.outcomes.boxed import Cloud, scatter, table, trade
from leverage.verbs.outcomes.circumstances import Circumstances, Factor, Restriction, factors, restricted
from leverage.verbs.result import Result, Run

FEW = 50  # misses, or draws that meet the target, from which circumstances can be told apart
ENOUGH = 100  # to ask for, where there are fewer
NOTHING = Found((), 0.0, ())


@dataclass(frozen=True, eq=False)
class Discovery(Result):
    """The boxes in which a metric misses its target, that which says most first."""

    verb: ClassVar[str] = "discover"
    main: ClassVar[str] = "boxes"

    tree: Tree
    metric: str  # the cell that misses
    target: float
    better: str  # higher or lower
    misses: int
    samples: int
    boxes: tuple[Circumstances, ...]
    coverage: float  # of all boxes together
    path: tuple[tuple[Share, int], ...]
    cloud: Cloud = field(repr=False)
    said: tuple[str, ...] = ()

    def __getitem__(self, id: str) -> Restriction:
        """The first restriction of a leaf."""
        known = {each.factor.metric: each for box in reversed(self.boxes) for each in box.restrictions}
        if id not in known:
            raise UnknownName(id, known, what="restricted leaf")
        return known[id]

    @property
    def probability(self) -> float:
        """The share of all draws that miss."""
        return self.misses / self.samples

    @property
    def answered(self) -> bool:
        """Whether any circumstances were found."""
        return bool(self.boxes)

    # --- figures ---------------------------------------------------------------------------------------------------

    def figures(self) -> dict[str, Any]:
        return {
            "kgi": self.tree.kgi,
            "metric": self.metric,
            "target": self.target,
            "better": self.better,
            "probability_of_miss": self.probability,
            "coverage": self.coverage,
            "boxes": [
                {**_box(box), "restrictions": [_restriction(each) for each in box.restrictions]} for box in self.boxes
            ],
            "trajectory": [{**_share(told), "leaves": leaves} for told, leaves in self.path],
        }

    def rows(self) -> list[dict[str, Any]]:
        """A row a restriction, with its box before it."""
        rows = []
        for place, box in enumerate(self.to_dict()["boxes"]):
            told = {f"box_{name}": box[name] for name in ("coverage", "density", "mass")}
            for name in ("coverage", "density"):
                told[f"box_{name}_low"], told[f"box_{name}_high"] = box[f"{name}_interval"]
            rows += [{"box": place + 1, **told, **each} for each in box["restrictions"]]
        return rows

    def notes(self) -> tuple[str, ...]:
        moving = [each for box in self.boxes for each in box.restrictions if not each.factor.alike]
        over = tuple(
            f"the limits of {metric} are those of {lead}; the other cells of this draw go with it"
            for metric, lead in dict.fromkeys((each.factor.metric, each.factor.lead.id) for each in moving)
        )
        return (*caveats(self.tree), *self.said, *over)

    # --- what people read ------------------------------------------------------------------------------------------

    @property
    def sentence(self) -> str:
        """The rule that a planner reads; where there is none, why."""
        aimed = f"{self._name} misses {self._aim} in {said_chance(self.probability)} of draws"
        if self.misses in (0, self.samples):
            return self._all_alike()
        if not self.boxes:
            return f"{aimed}. {self._none()}"
        first, more = self.boxes[0], len(self.boxes) - 1
        bring = f"{more} further {'box brings' if more == 1 else 'boxes bring'} that to {said_chance(self.coverage)}."
        return (
            f"{aimed}; {said_chance(first.share.coverage)} of those misses come with {first.where} "
            f"(there it misses in {said_chance(first.share.density)}).{f' {bring}' if more else ''}"
        )

    def _all_alike(self) -> str:
        """Every draw misses, or none."""
        most = show(min(1.0, 3 / self.samples), percent=True, digits=2)  # (1 - 3 / n)^n is 5% and a little less
        word, other = ("misses", "meet") if self.misses else ("meets", "miss")
        if not self.cloud.levels:
            return f"{self._name} {word} {self._aim}, and nothing that it depends on is uncertain."
        none = ": no circumstances among the uncertain leaves save it" if self.misses else ""
        return (
            f"{self._name} {word} {self._aim} in all of {self.samples:,} draws{none}. "
            f"95% sure, its chance to {other} it is below {most}."
        )

    def _none(self) -> str:
        """Why no box is given."""
        fewer = min(self.misses, self.samples - self.misses)
        if fewer < FEW:
            what = "misses" if fewer == self.misses else "meets it"
            samples = 2 ** math.ceil(math.log2(ENOUGH * self.samples / fewer))
            return (
                f"It {what} in only {fewer:,} of {self.samples:,}, too few to tell circumstances apart: "
                f"--samples {samples} would bring about {round(fewer * samples / self.samples)}."
            )
        return "No box of the uncertain leaves holds the misses, and little else, better than chance would."

    @property
    def _goal(self) -> Metric:
        return self.tree.cell(self.metric)

    @property
    def _name(self) -> str:
        return spoken(self.tree, self.metric)

    @property
    def _aim(self) -> str:
        """What is missed, with its unit."""
        own = "its target of " if self.target == self._goal.target else ""
        return f"{own}{_told(self._goal, self.target)}"

    def panels(self) -> tuple[Panel, ...]:
        tables = [table(place, box) for place, box in enumerate(self.boxes)]
        following = "information" if self.boxes else "seek" if self.misses == self.samples else "levers"
        ask = Text(f"leverage {following} {self.tree.file or 'MODEL'}", "next")
        return (Text(self.sentence), *tables, *self._pictures(), ask)

    def _pictures(self) -> tuple[Panel, ...]:
        if not self.boxes:
            return ()
        title = f"Where {self._name} misses {_told(self._goal, self.target)}"
        way = trade([told for told, _ in self.path], self.boxes[0].share, self.probability)
        return (scatter(title, self._name, self._goal, self.boxes, self.cloud), way)

    def read(self) -> tuple[Panel, ...]:
        """The tables say what the pictures show."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, Scatter | Lines))


def _box(box: Circumstances) -> dict[str, Any]:
    told = box.rule.judged
    return {
        "coverage": told.share.coverage,
        "coverage_interval": list(told.coverage),
        "density": told.share.density,
        "density_interval": list(told.density),
        "mass": told.share.mass,
        "p_value": told.p_value,
    }


def _restriction(each: Restriction) -> dict[str, Any]:
    return {
        "metric": each.factor.metric,
        "low": each.low,
        "high": each.high,
        **({} if each.values is None else {"values": list(each.values)}),
        "p_value": each.p_value,
        "low_percentile": each.low_percentile,
        "high_percentile": each.high_percentile,
        **{f"{name}_alone": figure for name, figure in _share(each.alone).items()},
        **({} if each.factor.alike else {"cell": each.factor.lead.id}),
        "owner": each.factor.lead.owner or None,
    }


def _share(told: Share) -> dict[str, float]:
    return {"coverage": told.coverage, "density": told.density, "mass": told.mass}


def _told(metric: Metric, value: float) -> str:
    """A figure with its unit."""
    unit = f" {metric.unit}" if metric.unit and metric.unit != "%" else ""
    return f"{show(value, percent=metric.percent)}{unit}"


# --- the verb ------------------------------------------------------------------------------------------------------


def discover(tree: Tree, *, target: float | None = None, of: str | None = None, **settings: Any) -> Discovery:
    """In which circumstances does the plan fail?

    Args:
        target: the level to miss, in the metric's unit; its own target when left out.
        of: the metric that misses, one figure; the KGI when left out.
        settings: ``samples``, ``seed`` or ``rng``, ``points``, ``strict``, ``threads`` or ``executor``, ``block``,
            ``checkpoint``, ``progress`` (`Chance.of`).

    Returns:
        Boxes of the uncertain leaves that the metric depends on, each with the share of all misses that it holds
        (coverage), how often the metric misses there (density), 95 % intervals of both, and of each restriction its
        p-value; none where all draws miss or none does, misses are too few, or no box is better than chance. Not
        finite counts as a miss.

    Raises:
        UnknownName: a metric or a label that the model does not have.
        BadSetting: a metric without a target where none is given, or a setting that nothing can be drawn with.
        TooMany: so many leaves that their samples would not fit the memory.
    """
    chances = Chance.of(**settings)
    id = one(tree, tree.kgi if of is None else of, "of")
    goal = tree.cell(id)
    aim, way = _aimed(goal, target), _better(tree, goal)
    cells = tree.cells
    drawn = cast(cells, chances)
    program = stand(cells).program
    used = upstream(program, [program.outputs[id]])
    among = factors(tree, drawn, [cell for cell in drawn.ids if program.outputs[cell] in used])
    leads = [factor.lead.id for factor in among]
    ids = leads if id in leads else [*leads, id]
    found = whole(cells, drawn, chances, ids, asked="discover")
    levels, values = found.values[: len(leads)], found.values[ids.index(id)]
    miss = ~(values <= aim if way == "lower" else values >= aim)
    misses = int(np.count_nonzero(miss))
    told = rules(levels, miss) if among and FEW <= misses <= len(miss) - FEW else NOTHING
    sure = () if among else (f"nothing that {id} depends on is uncertain: give leaves a 'range' and ask again",)
    return Discovery(
        Run.of(tree, **chances.to_run()),
        tree,
        id,
        aim,
        way,
        misses,
        len(miss),
        _boxes(told, among, levels),
        told.coverage,
        told.path,
        Cloud.of(among, levels, values, miss),
        (*found.notes, *sure),
    )


def _aimed(goal: Metric, target: float | None) -> float:
    """What is missed: the target that is asked for, else the metric's own."""
    aim = goal.target if target is None else target
    if aim is None:
        raise BadSetting("target", "", f"{goal.id} has no target; say which with --target VALUE")
    if not math.isfinite(aim):
        raise BadSetting("target", aim, "give a number")
    return aim


def _better(tree: Tree, goal: Metric) -> str:
    """The direction in which the target is met."""
    push = tree.sign if goal.id == tree.kgi else pushes(tree.cells, [goal.id]).get(goal.id, 0.0)
    return better(goal, push) or "higher"


def _boxes(found: Found, among: Sequence[Factor], levels: Array) -> tuple[Circumstances, ...]:
    """The rules with what each restriction says in the leaf's own draws."""

    def restriction(rule: Rule, row: int) -> Restriction:
        return restricted(among[row], rule.box[row], levels[row], rule.alone[row], rule.p_values[row])

    return tuple(Circumstances(rule, tuple(restriction(rule, row) for row in rule.box)) for rule in found.rules)
