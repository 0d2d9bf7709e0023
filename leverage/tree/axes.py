"""Over which axes does a formula run? It has those of what it uses, less those that it reduces.

Operators meet by an axis's name, never by position; a value without an axis is the same for each of its labels. Each
word over dimensions and time has a row: which axes it needs, takes away and gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TypeGuard

from leverage.errors import LeverageError, Place, nearest
from leverage.formula.nodes import Apply, Label, Name, Node, Series, Span, children, figure, postorder
from leverage.tree.grid import TIME, Axes, Grid

NONE: frozenset[str] = frozenset()
Sets = frozenset[str]
Suggests = Callable[[str, int], bool]


def always(name: str, known: int) -> bool:
    """Every name may be looked for."""
    return True


class WrongAxis(LeverageError):
    """A word over dimensions and time that the model's axes do not answer."""

    def __init__(self, message: str, *, at: Place, metric: str | None) -> None:
        super().__init__(message, at=at, metric=metric)


@dataclass(frozen=True, slots=True)
class Word:
    """A word over axes: the axes of its result from itself, those of its arguments, and the grid.

    ``time``: it needs periods. ``folds``: it goes over axes and leaves one figure of them, so what it says of a period
    may look ahead. ``back``: its first argument is that of the period before.
    """

    axes: Callable[[Apply, list[Sets], Grid], Sets]
    time: bool = False
    folds: bool = False
    back: bool = False


def reduces(node: Apply) -> bool:
    """Whether it goes over axes; ``min`` and ``max`` of several arguments compare them and do not.

    >>> from leverage.formula.parse import parse
    >>> reduces(parse("max(x)")), reduces(parse("max(x, y)"))
    (True, False)
    """
    return node.op not in ("min", "max") or len(node.args) == 1 or isinstance(node.args[1], Series)


def gone(node: Apply, of: Sets, grid: Grid) -> Axes:
    """The axes that a reduction goes over, in the grid's order; ``of``: those of its argument."""
    if len(node.args) > 1:
        assert isinstance(node.args[1], Series)
        return grid.ordered(label.text for label in node.args[1].items if isinstance(label, Label))
    return (TIME,) if node.op in ("first", "last") else grid.ordered(of)


def _reduced(node: Apply, parts: list[Sets], grid: Grid) -> Sets:
    return parts[0] - set(gone(node, parts[0], grid)) if reduces(node) else NONE.union(*parts)


def _picked(node: Apply, parts: list[Sets], grid: Grid) -> Sets:
    label = node.args[1]
    assert isinstance(label, Label)
    return parts[0] - {grid.owners[label.text].name}


def _over_time(node: Apply, parts: list[Sets], grid: Grid) -> Sets:
    return NONE.union({TIME}, *parts)


def _present(node: Apply, parts: list[Sets], grid: Grid) -> Sets:
    return NONE.union(*parts) - {TIME}


FOLDING = ("sum", "mean", "min", "max")
RUNNING = ("cumsum", "adstock", "npv")
WORDS: Mapping[str, Word] = MappingProxyType(
    {
        **dict.fromkeys(("sum", "mean", "min", "max", "first", "last"), Word(_reduced, folds=True)),
        "pick": Word(_picked, folds=True),
        "prev": Word(_over_time, time=True, back=True),
        **dict.fromkeys(("lag", "cumsum", "adstock", "period", "days"), Word(_over_time, time=True)),
        "npv": Word(_present, time=True, folds=True),
    }
)


def is_word(node: Node) -> TypeGuard[Apply]:
    """Whether the node is a word over axes, and no operator on figures."""
    return isinstance(node, Apply) and node.op in WORDS and reduces(node)


def axes_of(formula: Node, known: Mapping[str, Sets], grid: Grid) -> dict[int, Sets]:
    """The axes of every part of a formula, by ``id`` of the node; ``known``: those of the metrics that it uses."""
    found: dict[int, Sets] = {}
    for node in postorder(formula):
        if isinstance(node, Name):
            found[id(node)] = known.get(node.id, NONE)
        elif isinstance(node, Apply):
            parts = [found[id(arg)] for arg in node.args]
            found[id(node)] = WORDS[node.op].axes(node, parts, grid) if is_word(node) else NONE.union(*parts)
        else:
            found[id(node)] = NONE
    return found


def widest(formula: Node, known: Mapping[str, Sets], grid: Grid) -> int:
    """How many figures that part of a formula has which runs over the most."""
    return max(_size(axes, grid) for axes in axes_of(formula, known, grid).values())


def written_out(formula: Node, known: Mapping[str, Sets], grid: Grid) -> int:
    """How many parts the formula has at most when it is written out for every cell (`tree.unroll`).

    Operators are written for each cell of what they stand in, up to the next word over axes.
    """
    found = axes_of(formula, known, grid)
    total = 0
    stack = [(formula, _size(found[id(formula)], grid), 0)]
    met: set[tuple[int, int]] = set()  # a curve's parts stand in several places, and are written once
    while stack:
        node, cells, inside = stack.pop()
        if (id(node), inside) in met:
            continue
        met.add((id(node), inside))
        total += cells
        if is_word(node):
            over = {TIME} if WORDS[node.op].time else NONE
            cells, inside = _size(found[id(node)].union(over, *(found[id(arg)] for arg in node.args)), grid), id(node)
        stack.extend((part, cells, inside) for part in children(node))
    return total


def steps(formula: Node, known: Mapping[str, Sets], grid: Grid, *, looped: bool) -> int:
    """How many steps a formula takes one after the other: from label to label of a sum, from period to period.

    ``looped``: it stands on itself through ``prev``, so that each of its parts waits for the period before.
    """
    found = axes_of(formula, known, grid)
    total = 0
    for node in postorder(formula):
        total += grid.periods if looped else 1
        if is_word(node) and node.op in FOLDING:
            over = found[id(node.args[0])].intersection(gone(node, found[id(node.args[0])], grid))
            total += sum(len(grid[axis]) for axis in over)
        elif is_word(node) and node.op in RUNNING:
            total += grid.periods
    return total


def _size(axes: Sets, grid: Grid) -> int:
    return math.prod(grid.shape(tuple(axes)))


def wrong(formula: Node, grid: Grid, suggests: Suggests = always) -> Iterator[tuple[str, Span]]:
    """What the axes of the model do not answer in a formula, and where it stands in the text.

    ``suggests``: whether a name may be looked for among so many (`tree.faults`).
    """
    for node in postorder(formula):
        if not isinstance(node, Apply) or not is_word(node):
            continue
        yield from _needs(node, grid)
        if node.op == "pick":
            yield from _unknown(node.args[1], grid.owners, "label", suggests)
        elif node.op == "lag":
            count = figure(node.args[1])
            if count is None or count != int(count) or count < 1:
                yield "lag goes back a whole number of periods, 1 or more; write it as a number", node.args[1].span
        elif WORDS[node.op].folds and len(node.args) > 1 and isinstance(node.args[1], Series):
            for label in node.args[1].items:
                yield from _unknown(label, [axis.name for axis in grid.axes], "dimension", suggests)


def _needs(node: Apply, grid: Grid) -> Iterator[tuple[str, Span]]:
    late = WORDS[node.op].time or (node.op in ("first", "last") and len(node.args) == 1)
    if late and not grid.periods:
        yield f"{node.op!r} needs time; add 'time: {{periods: 12, unit: month}}' to the model", node.span
    elif node.op == "days" and not grid[TIME].days:
        yield "'days' needs a calendar; add a 'start' to the model's time, such as 2027-01", node.span
    elif not grid:
        yield f"{node.op!r} goes over dimensions, and the model has none; add 'dimensions:' or leave it out", node.span


def _unknown(label: Node, known: Collection[str], what: str, suggests: Suggests) -> Iterator[tuple[str, Span]]:
    assert isinstance(label, Label)
    if label.text not in known and known:
        near = nearest(label.text, known) if suggests(label.text, len(known)) else None
        mend = f"did you mean {near!r}?" if near else f"write one of {', '.join(islice(known, 5))}"
        yield f"unknown {what} {label.text!r}; {mend}", label.span


def goes_back(formula: Node | None) -> bool:
    """Whether a metric of the period before is in the formula."""
    return formula is not None and any(isinstance(node, Apply) and node.op == "prev" for node in postorder(formula))


def references(formula: Node, known: Mapping[str, Sets], grid: Grid) -> Iterator[tuple[str, bool, bool]]:
    """Each name of a formula: its id, whether it is that of an earlier period, and whether time is folded above it.

    ``known`` tells the axes; a name may come several times.
    """
    found = axes_of(formula, known, grid)
    stack: list[tuple[Node, bool, bool]] = [(formula, False, False)]
    while stack:
        node, before, folded = stack.pop()
        if isinstance(node, Name):
            yield node.id, before, folded
        elif isinstance(node, Apply) and is_word(node):
            word = WORDS[node.op]
            over = folded or (word.folds and _folds_time(node, found, grid))
            stack.extend((arg, before or (word.back and place == 0), over) for place, arg in enumerate(node.args))
        else:
            stack.extend((part, before, folded) for part in children(node))


def _folds_time(node: Apply, found: Mapping[int, Sets], grid: Grid) -> bool:
    if node.op == "npv":
        return True
    if node.op == "pick":
        label = node.args[1]
        return isinstance(label, Label) and grid.owners[label.text].name == TIME
    return TIME in gone(node, found[id(node.args[0])], grid)
