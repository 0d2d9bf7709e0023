"""What if? Scenarios side by side, with their difference to the base, down the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from leverage.errors import UnknownName
from leverage.panels import Bars, Cell, Column, Panel, Text
from leverage.program.run import point
from leverage.tree.tree import Tree
from leverage.verbs.describe import aside, cuts, figure, reached, tree_panel
from leverage.verbs.result import Result, Run


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """Every metric under every scenario; the first is the base."""

    verb: ClassVar[str] = "compare"
    main: ClassVar[str] = "scenarios"

    tree: Tree
    names: tuple[str, ...]
    metrics: tuple[Mapping[str, float], ...]  # one mapping a scenario
    said: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Mapping[str, float]:
        """The figures of one scenario."""
        if name not in self.names:
            raise UnknownName(name, self.names, what="scenario")
        return self.metrics[self.names.index(name)]

    def figures(self) -> dict[str, Any]:
        kgi = self.tree.kgi
        base = self.metrics[0][kgi]
        return {
            "kgi": kgi,
            "scenarios": [
                {"scenario": name, "value": told[kgi], "difference": told[kgi] - base, "metrics": dict(told)}
                for name, told in zip(self.names, self.metrics, strict=True)
            ],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Long: a row a scenario and metric."""
        told = self.to_dict()["scenarios"]
        base = told[0]["metrics"]
        return [
            {"scenario": s["scenario"], "metric": id, "value": value, "difference": _difference(value, base[id])}
            for s in told
            for id, value in s["metrics"].items()
        ]

    def notes(self) -> tuple[str, ...]:
        told = (
            f"{name}: {self.tree.scenarios[name].note}"
            for name in self.names
            if name in self.tree.scenarios and self.tree.scenarios[name].note
        )
        return (*told, *self.said)

    def panels(self) -> tuple[Panel, ...]:
        import numpy as np

        goal = self.tree.metrics[self.tree.kgi]
        moved = [id for id in self.metrics[0] if any(told[id] != self.metrics[0][id] for told in self.metrics)]
        route = reached([*moved, goal.id], self.tree.users)
        columns = (
            Column("base"),
            *(column for name in self.names[1:] for column in (Column(name), Column("difference"))),
        )
        beside = aside(self.tree, columns, self._cells, keep=route)
        values = np.array([told[goal.id] for told in self.metrics])
        bars = Bars(
            f"{goal.name} under each scenario",
            self.names[1:],
            np.full(len(values) - 1, values[0]),
            values[1:],
            reference=float(values[0]),
            unit=goal.unit,
            percent=goal.percent,
            better="higher" if self.tree.sign > 0 else "lower",
        )
        file = self.tree.file or "MODEL"
        last = Text(f"leverage explain {file} --from base --to {self.names[-1]}", "next")
        explainable = self.names[-1] in self.tree.scenarios
        return (
            tree_panel(self.tree, columns, self._cells, keep=route),
            *beside,
            *((bars,) if len(self.names) > 1 else ()),
            *((last,) if explainable else ()),
        )

    def _cells(self, id: str) -> tuple[Cell, ...]:
        metric, base = self.tree.metrics[id], self.metrics[0][id]
        cells: list[Cell] = [figure(metric, base)]
        for told in self.metrics[1:]:
            gap = told[id] - base
            cells += [figure(metric, told[id]), figure(metric, gap, signed=True) if gap != 0 else None]
        return tuple(cells)


def _difference(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None else value - base


def compare(tree: Tree, *, scenario: Iterable[str] = ()) -> Comparison:
    """What if? Scenarios side by side.

    Args:
        tree: where it was changed by options, the change is one more column, ``what-if``.
        scenario: the scenarios of the file to compare, all of them when none is named.

    Raises:
        UnknownName: a scenario that the model does not have.
    """
    base = tree.unmoved
    asked = (scenario,) if isinstance(scenario, str) else tuple(scenario)
    named = [name for name in (asked or tree.scenarios) if name != "base"]
    trees = [base, *(base.with_(scenario=name) for name in named)]
    names = ["base", *named]
    if tree.moves:
        trees.append(tree)
        names.append("what-if")
    told = []
    for each in trees:
        figures = point(each)
        told.append({id: figures[id] for id in tree.metrics})
    said = (f"{name}: {cut}" for name, each in zip(names, trees, strict=True) for cut in cuts(each))
    return Comparison(Run.of(base), base, tuple(names), tuple(told), tuple(said))
