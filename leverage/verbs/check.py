"""Is this tree sound? Findings on integrity, units, width, levers nobody can move, metrics nobody owns, drift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from leverage.panels import Column, Panel, Table, Text
from leverage.program.choices import only_steps
from leverage.program.program import USE
from leverage.program.run import point, slopes
from leverage.quantity import show
from leverage.tree.addresses import metric_of
from leverage.tree.checks import CHECKS, by_cell
from leverage.tree.findings import Finding
from leverage.tree.tree import Tree
from leverage.verbs.describe import column
from leverage.verbs.result import Result, Run

ORDER = {"error": 0, "warning": 1, "note": 2}
DRIFT = 0.1  # share of the figure by which an actual may differ before it is worth a note


@dataclass(frozen=True, eq=False)
class Check(Result):
    """What is worth a look in the file, the gravest first."""

    verb: ClassVar[str] = "check"
    main: ClassVar[str] = "findings"

    tree: Tree
    findings: tuple[Finding, ...]

    def __getitem__(self, id: str) -> tuple[Finding, ...]:
        """The findings about one metric, or about one cell of it."""
        of, cells = self.tree, set(self.tree.cells_of(id))
        return tuple(f for f in self.findings if f.metric is not None and not cells.isdisjoint(of.cells_of(f.metric)))

    @property
    def answered(self) -> bool:
        """Whether there is no finding of severity error."""
        return not any(finding.severity == "error" for finding in self.findings)

    def figures(self) -> dict[str, Any]:
        return {
            "model": self.tree.name or self.tree.file,
            "findings": [
                {
                    "severity": finding.severity,
                    "metric": finding.metric,
                    "message": finding.message,
                    "check": finding.check,
                    "at": str(finding.at) or None,
                }
                for finding in self.findings
            ],
        }

    def panels(self) -> tuple[Panel, ...]:
        name = self.tree.name or self.tree.file or "The tree"
        counts = _counts(self.tree)
        if not self.findings:
            return (Text(f"{name} is sound: {counts}, nothing to mend."), self._next())
        rows = tuple((f.severity, _line(f), f.metric, f.message) for f in self.findings)
        heads = (column("severity"), Column("line"), column("metric"), column("finding"))
        found = f"{len(self.findings)} finding{'s' if len(self.findings) > 1 else ''}"
        return (Text(f"{name}: {counts}; {found}."), Table("", heads, rows), self._next())

    def _next(self) -> Panel:
        return Text(f"leverage levers {self.tree.file or 'MODEL'}", "next")


def _counts(tree: Tree) -> str:
    cells = tree.cells
    levers, uncertain = ({metric_of(id) for id in ids} for ids in (cells.levers, cells.uncertain))
    figures = f" ({len(cells.metrics):,} figures)" if tree.grid else ""
    return f"{len(tree.metrics)} metrics{figures}, {len(levers)} levers, {len(uncertain)} uncertain"


def _line(finding: Finding) -> str | None:
    return str(finding.at.line) if finding.at.line else None


def check(tree: Tree) -> Check:
    """Is this tree sound?

    Returns:
        Findings of severity error, warning or note: those of the file's structure (`tree.checks.CHECKS`) and those
        that the figures show (`EVALUATED`), each with its metric, place and mend. What is found of many cells of a
        metric is one finding.
    """
    found = [finding for row in (*CHECKS.values(), *EVALUATED.values()) for finding in row(tree)]
    found.sort(key=lambda f: (ORDER[f.severity], f.at.line, f.metric or "", f.check))
    return Check(Run.of(tree), tree, tuple(found))


def _limits(tree: Tree) -> Iterator[Finding]:
    figures, broken = point(tree), dict[str, list[str]]()
    for id in tree.resources:
        if figures[USE + id] > tree.limit(id):
            broken.setdefault(metric_of(id), []).append(id)
    for first, *more in broken.values():
        also = f", and so in {len(more)} more periods" if more else ""
        message = (
            f"resource '{first}' is used beyond its limit today: {show(figures[USE + first])} of "
            f"{show(tree.limit(first))}{also}; raise the limit, or let allocate find a plan within it"
        )
        yield Finding("note", None, message, tree.resources[first].at, "limits")


def _steps(tree: Tree) -> Iterator[Finding]:
    for id in tree.levers:
        if only_steps(tree, id, tree.kgi):
            message = (
                f"this lever reaches {tree.kgi} only through steps (a comparison, floor, round): its elasticity is 0; "
                "read its gain in levers"
            )
            yield Finding("note", id, message, tree.metrics[id].at, "steps")


def _directions(tree: Tree) -> Iterator[Finding]:
    told = [id for id, metric in tree.metrics.items() if metric.better and id != tree.kgi]
    found = slopes(tree) if told else {}
    for id in told:
        metric, way = tree.metrics[id], tree.sign * float(found[id][0])
        if way and (way > 0) != (metric.better == "higher"):
            message = (
                f"says that {metric.better} is better, and yet more of it {'helps' if way > 0 else 'harms'} the goal; "
                "check the formulas, or drop 'better'"
            )
            yield Finding("note", id, message, metric.at, "directions")


def _drift(tree: Tree) -> Iterator[Finding]:
    figures = point(tree)
    for id, metric in tree.metrics.items():
        if metric.actual is None or metric.leaf or metric.actual == 0:
            continue
        off = (figures[id] - metric.actual) / abs(metric.actual)
        if abs(off) > DRIFT:
            value, actual = (show(figure, percent=metric.percent) for figure in (figures[id], metric.actual))
            apart = f"{show(abs(off), percent=True, digits=3)} {'above' if off > 0 else 'below'}"
            message = f"the tree says {value}, {apart} the actual of {actual}; explain says why"
            yield Finding("note", id, message, metric.at, "drift")


EVALUATED: dict[str, Callable[[Tree], Iterator[Finding]]] = {
    "limits": by_cell(_limits),
    "steps": by_cell(_steps),
    "directions": by_cell(_directions),
    "drift": by_cell(_drift),
}
