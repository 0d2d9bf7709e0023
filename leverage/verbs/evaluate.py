"""What does the tree say now? Every metric's value, target and gap, down the tree; after a change, what it moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, overload

from leverage.panels import Column, Figure, Panel, Table, Text
from leverage.program.program import USE
from leverage.program.run import point, slope_figures
from leverage.tree.tree import Tree
from leverage.verbs.describe import aside, better, column, cuts, figure, reached, tree_panel
from leverage.verbs.result import Result, Run

if TYPE_CHECKING:
    from leverage.verbs.cases import Cases


@dataclass(frozen=True, slots=True)
class Target:
    """A metric's target, the signed gap value - target, and whether it is met, in the metric's better direction."""

    target: float
    gap: float
    met: bool


@dataclass(frozen=True, eq=False)
class Evaluation(Result):
    """The tree's figures. ``before`` holds those of the base where something was moved, else None."""

    verb: ClassVar[str] = "evaluate"
    main: ClassVar[str] = "metrics"

    tree: Tree
    metrics: Mapping[str, float]
    uses: Mapping[str, float]
    targets: Mapping[str, Target]
    before: Mapping[str, float] | None

    @property
    def value(self) -> float:
        """The KGI, in its unit."""
        return self.metrics[self.tree.kgi]

    def __getitem__(self, id: str) -> float:
        return self.metrics[self.tree.require(id).id]

    def figures(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"kgi": self.tree.kgi, "value": self.value, "metrics": dict(self.metrics)}
        if self.targets:
            answer["targets"] = {id: {"target": t.target, "gap": t.gap, "met": t.met} for id, t in self.targets.items()}
        if self.uses:
            answer["resources"] = {id: {"limit": self.tree.limit(id), "used": used} for id, used in self.uses.items()}
        if self.before is not None:
            answer["moved"] = {
                id: {"before": self.before[id], "after": after, "difference": after - self.before[id]}
                for id, after in self.metrics.items()
                if after != self.before[id]
            }
        return answer

    def notes(self) -> tuple[str, ...]:
        over = [id for id, used in self.uses.items() if used > self.tree.limit(id)]
        return (*cuts(self.tree), *(f"{id} is used beyond its limit" for id in over))

    def panels(self) -> tuple[Panel, ...]:
        return (*self._tree(), *self._resources(), *self._next())

    def _tree(self) -> tuple[Panel, ...]:
        if self.before is None:
            columns = (Column("value"), Column("target"), Column("gap"), column(""), column("owner"))
            return (tree_panel(self.tree, columns, self._standing), *aside(self.tree, columns, self._standing))
        heads = (Column("before"), Column("after"), Column("difference"))
        moved = [id for id, after in self.metrics.items() if after != self.before[id]]
        route = reached([*moved, self.tree.kgi], self.tree.users)
        return (
            tree_panel(self.tree, heads, self._moved, keep=route),
            *aside(self.tree, heads, self._moved, keep=route),
        )

    def _standing(self, id: str) -> tuple[Figure | str | None, ...]:
        target = self.targets.get(id)
        metric = self.tree.metrics[id]
        cells = (
            figure(metric, target.target if target else None) if target else None,
            replace(figure(metric, target.gap, signed=True), tone=_tone(target)) if target else None,
            ("met" if target.met else "missed") if target else None,
        )
        return (figure(metric, self.metrics[id]), *cells, metric.owner or None)

    def _moved(self, id: str) -> tuple[Figure | str | None, ...]:
        assert self.before is not None
        metric, before, after = self.tree.metrics[id], self.before[id], self.metrics[id]
        if before == after:
            return (figure(metric, before), figure(metric, after), None)
        return (figure(metric, before), figure(metric, after), figure(metric, after - before, signed=True))

    def _resources(self) -> tuple[Panel, ...]:
        if not self.uses:
            return ()
        rows = []
        for id, used in self.uses.items():
            resource, limit = self.tree.resources[id], self.tree.limit(id)
            rows.append(
                (id, *(Figure(x, resource.percent) for x in (limit, used, limit - used)), resource.unit or None)
            )
        heads = (column("resource"), Column("limit"), Column("used"), Column("left"), column("unit"))
        return (Table("Resources", heads, tuple(rows)),)

    def _next(self) -> tuple[Panel, ...]:
        return (Text(f"leverage levers {self.tree.file or 'MODEL'}", tone="next"),) if self.tree.levers else ()


@overload
def evaluate(tree: Tree, *, cases: None = None) -> Evaluation: ...
@overload
def evaluate(tree: Tree, *, cases: Any) -> Cases: ...
def evaluate(tree: Tree, *, cases: Any = None) -> Evaluation | Cases:
    """What does the tree say now?

    Args:
        cases: in Python, a table of levels to evaluate instead, a row a case (`verbs.cases`).

    Returns:
        Every metric's value in its unit, the gap to each target, what of each resource is used, and where the tree
        was changed the figures before.
    """
    if cases is not None:
        from leverage.verbs.cases import cases as evaluate_cases  # loads chance, which a plain answer does without

        return evaluate_cases(tree, cases)
    figures = point(tree)
    base = tree.unmoved
    return Evaluation(
        Run.of(tree),
        tree,
        {id: figures[id] for id in tree.metrics},
        {id: figures[USE + id] for id in tree.resources},
        _targets(tree, figures),
        None if not tree.moves else {id: figures for id, figures in point(base).items() if id in tree.metrics},
    )


def _tone(target: Target) -> Literal["good", "bad"]:
    return "good" if target.met else "bad"


def pushes(tree: Tree, ids: Iterable[str]) -> dict[str, float]:
    """The slope of the goal in each metric, where no word of the file tells the metric's better direction."""
    silent = [id for id in ids if not better(tree.metrics[id], 0.0)]
    if not silent:
        return {}
    found = slope_figures(tree)
    return {id: tree.sign * found[id] for id in silent}


def _targets(tree: Tree, figures: Mapping[str, float]) -> dict[str, Target]:
    aimed = {id: metric.target for id, metric in tree.metrics.items() if metric.target is not None}
    push = pushes(tree, aimed)
    found = {}
    for id, target in aimed.items():
        ahead = (figures[id] - target) * (-1 if better(tree.metrics[id], push.get(id, 0.0)) == "lower" else 1)
        found[id] = Target(target, figures[id] - target, ahead >= 0)
    return found
