"""What is found of many cells of one metric is said once: of the first, and of how many there are like it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from leverage.tree.addresses import metric_of
from leverage.tree.findings import Finding
from leverage.tree.tree import Tree

FIGURE = re.compile(r"[+-]?[0-9][0-9.,]*[kMB%]?")


def merged(whole: Tree, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of the cells of a tree, those that differ in their figures alone as one, about their metric.

    A metric without axes is its own cell, and what is found of it stays as it is.
    """
    alike: dict[object, list[Finding]] = {}
    for finding in findings:
        id = metric_of(finding.metric or "")
        apart = id if finding.metric != id else object()  # whatever is not about a cell stands alone
        alike.setdefault((finding.check, finding.severity, apart, FIGURE.sub("", finding.message)), []).append(finding)
    for some in alike.values():
        yield some[0] if len(some) == 1 else _one(whole, some)


def _one(whole: Tree, findings: list[Finding]) -> Finding:
    first = findings[0]
    assert first.metric is not None
    id = metric_of(first.metric)
    count, cells = len(findings), len(whole.cells_of(id))
    often = f"in all of its {cells} cells" if count == cells else f"in {count} of its {cells} cells"
    return replace(first, metric=id, message=f"{often}, such as {first.metric}: {first.message}")
