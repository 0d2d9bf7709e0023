"""What does the box of a metric say? Its name, its figure, the gap to what was wanted, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from leverage.panels import Figure, Spark, Tree, TreeNode
from leverage.views.cells import ends, label, shown
from leverage.views.measure import cut, wrap

WIDEST = 30  # columns of a box


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in a box."""

    name: tuple[str, ...]
    value: str = ""
    gap: str = ""
    tone: str = ""
    small: str = ""
    series: tuple[float | None, ...] = ()


def facts(tree: Tree, node: TreeNode, hidden: int = 0) -> Facts:
    """What the box of a metric says: the first figure is its value, a later signed one its gap, a series its course.

    A column of text without heading belongs to what stands left of it ("missed"), any other goes below in small.
    """
    value, gap, tone, verdict = "", "", "", ""
    small: list[str] = []
    series: tuple[float | None, ...] = ()
    for column, cell in zip(tree.columns, node.cells, strict=True):
        if isinstance(cell, Figure) and not value:
            value, tone = " ".join(filter(None, [shown(cell), label(column.unit)])), cell.tone
        elif isinstance(cell, Spark):
            series = series or (cell.values if ends(cell)[1] else ())
            value = value or " ".join(filter(None, [" → ".join(filter(None, ends(cell))), label(column.unit)]))
        elif isinstance(cell, Figure) and (cell.signed or cell.tone):
            gap, tone = shown(cell), cell.tone or _direction(cell)
        elif isinstance(cell, str) and cell:
            if column.title:
                small.append(label(cell))
            else:
                verdict = label(cell)
    small += [label(node.mark)] * bool(node.mark) + [f"{hidden} more below"] * bool(hidden)
    return Facts(
        _lines(label(node.label)), value, " ".join(filter(None, [gap, verdict])), tone, " · ".join(small), series
    )


def _lines(name: str) -> tuple[str, ...]:
    """The name in one line, or in two of which the second is cut."""
    first, *rest = wrap(name, WIDEST)
    return (first, cut(name[len(first) :].strip(), WIDEST)) if rest else (first,)


def _direction(cell: Figure) -> str:
    return "" if not cell.value else "good" if cell.value > 0 else "bad"
