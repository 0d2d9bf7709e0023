"""A formula as a tree of nodes: numbers, names and applications, each with its place in the text.

Nodes are plain data. What an application means is the row of that name in `leverage.ops.table.OPS` (``add``, ``exp``,
``less``, ``where``, ...) or in `leverage.formula.macros.MACROS` (``hill``, ...), or, over dimensions and time, a word
of the language whose meaning `program.lower` gives (``prev``, ``sum``, ``pick``). Nodes are equal wherever they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import is_

Span = tuple[int, int]  # offsets of the first character and one past the last, in the formula's text


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; ``percent`` when it was written with ``%``."""

    value: float
    percent: bool = False
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A metric's id (NFKC)."""

    id: str
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or a function on arguments in the order of its row, named ones put in their place.

    ``smooth``: a curve's own continuous choice between its pieces, not one that somebody wrote: no tie and no step.
    """

    op: str
    args: tuple[Node, ...]
    span: Span = field(default=(0, 0), compare=False)
    smooth: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A list in brackets: the knots of ``interpolate``, the dimensions of ``over``."""

    items: tuple[Node, ...]
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Label:
    """A dimension's name or label: ``over=channel``, ``pick(x, `organic search`)``."""

    text: str
    span: Span = field(default=(0, 0), compare=False)


Node = Number | Name | Apply | Series | Label


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it stands, arguments not yet put in their place: ``lognormal(mean=68, sd=9)``.

    Arguments are numbers with their sign, lists of such, names, and calls.
    """

    name: str
    args: tuple[Argument, ...] = ()
    named: Mapping[str, Argument] = field(default_factory=dict, hash=False)
    span: Span = field(default=(0, 0), compare=False)


Argument = Number | Name | Series | Call


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    if isinstance(node, Apply):
        return node.args
    return node.items if isinstance(node, Series) else ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, parents first; no recursion, so depth is no danger."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def names(node: Node) -> tuple[str, ...]:
    """The ids that the formula uses, each once, in the order of the text."""
    return tuple(dict.fromkeys(part.id for part in walk(node) if isinstance(part, Name)))


def postorder(node: Node, known: Container[int] = ()) -> Iterator[Node]:
    """Every part once, parts before what they are part of; one that stands in several places comes once.

    Parts whose ``id`` is known are left out, with all that is in them.
    """
    done: set[int] = set()
    stack = [(node, False)]
    while stack:
        part, ready = stack.pop()
        if id(part) in done or id(part) in known:
            continue
        below = children(part)
        if ready or not below:
            done.add(id(part))
            yield part
        else:
            stack.append((part, True))
            stack.extend((child, False) for child in reversed(below))


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every part changed, from the leaves up; what stands in several places stays one object."""
    done: dict[int, Node] = {}
    for part in postorder(node):
        below = children(part)
        new = tuple([done[id(child)] for child in below])
        same = all(map(is_, new, below))
        done[id(part)] = change(part if same else _with_children(part, new))
    return done[id(node)]


def _with_children(node: Node, below: tuple[Node, ...]) -> Node:
    if isinstance(node, Apply):
        return Apply(node.op, below, node.span, node.smooth)
    return Series(below, node.span) if isinstance(node, Series) else node


def moved(node: Node, span: Span) -> Node:
    """The node at another place of the text; `dataclasses.replace` would take five times as long."""
    if isinstance(node, Apply):
        return Apply(node.op, node.args, span, node.smooth)
    return Number(node.value, node.percent, span) if isinstance(node, Number) else replace(node, span=span)


def figure(node: Node) -> float | None:
    """The number that stands there, with its minus; None for anything else."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Apply) and node.op == "neg" and isinstance(node.args[0], Number):
        return -node.args[0].value
    return None
