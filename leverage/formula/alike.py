"""Formulas of one form are parsed once: ``m3 + 0.5 * m7`` and ``m8 + 0.25 * m9`` differ in names and numbers alone.

A large file has few forms. Where one is met again, the `Plan` of the formula before puts the nodes together, each at
its own place, six times as fast as the parser. A form holds all else to the letter: symbols, spaces, functions, words
of the language, and numbers in any but the plainest spelling. Only what has parsed has a plan, so the parser alone
says what is wrong with a formula.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from leverage.formula.functions import FUNCTIONS
from leverage.formula.nodes import Apply, Name, Node, Number, Span, postorder
from leverage.formula.words import RESERVED

NAME = r"[A-Za-z_][A-Za-z0-9_]*"
NUMBER = r"(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?"
WORD = re.compile(rf"(?<![\w.])({NAME}(?!\w)|{NUMBER}(?![\w.%]))", re.ASCII)
OWN = {word: word for word in (*RESERVED, *FUNCTIONS)}  # words that belong to the form
LONGEST = 10_000  # characters of a formula that is looked at
MOST = 100_000  # characters of the forms that are kept: a few dozen megabytes at most

Form = tuple[str | bool, ...]
Edge = tuple[int, int]  # where a node begins or ends: in which part of the text, and how far in it
Step = Callable[[Sequence[str], list[Node], Span], Node]  # from the parts and the nodes made so far


class Plan:
    """How the nodes of a form are made, arguments before what uses them."""

    __slots__ = ("steps",)

    def __init__(self, steps: Sequence[tuple[Step, Edge, Edge]]) -> None:
        self.steps = steps

    def node(self, parts: Sequence[str]) -> Node:
        """The formula that the parts write."""
        starts = list(accumulate(map(len, parts), initial=0))
        made: list[Node] = []
        for step, (first, before), (last, behind) in self.steps:
            made.append(step(parts, made, (starts[first] + before, starts[last] + behind)))
        return made[0]


KEPT = [0]  # characters
PLANS: dict[Form, Plan | None] = {}  # None: met once, as most forms of a small file are, or one that has no plan


def parted(text: str) -> tuple[Form, list[str]] | None:
    """The form of a text, and its parts: what stands before each word, the word, and so on to what stands behind all.

    None where the text may not be taken apart: labels, and letters that have several spellings.

    >>> parted("a + 2 * b")
    (('', ' + ', ' * ', '', False, True, False), ['', 'a', ' + ', '2', ' * ', 'b', ''])
    """
    if len(text) > LONGEST or not text.isascii() or "`" in text:
        return None
    parts = WORD.split(text)
    kinds = [OWN.get(word, word[0] < ":") for word in parts[1::2]]  # the word itself, or whether it is a number
    return (*parts[::2], *kinds), parts


def met(form: Form, parts: Sequence[str], node: Node) -> None:
    """A formula of the form has been parsed; the second of them makes the plan."""
    if form in PLANS:
        PLANS[form] = _plan(parts, node)
        return
    KEPT[0] += sum(map(len, parts))
    if KEPT[0] > MOST:
        PLANS.clear()
        KEPT[0] = 0
    PLANS[form] = None


def _plan(parts: Sequence[str], node: Node) -> Plan | None:
    """The plan that a parsed formula gives, unless one of its words is something else than a name or a number."""
    starts = list(accumulate(map(len, parts), initial=0))
    left = {index for index in range(1, len(parts), 2) if parts[index] not in OWN}
    steps: list[tuple[Step, Edge, Edge]] = []
    for part in postorder(node):
        first, last = (_edge(offset, starts) for offset in part.span)
        step = _applied(part) if isinstance(part, Apply) else _read(part, _word(parts, *first), left)
        if step is None:
            return None
        steps.append((step, first, last))
    return None if left else Plan(steps)


def _edge(offset: int, starts: Sequence[int]) -> Edge:
    part = bisect_right(starts, offset) - 1
    return part, offset - starts[part]


def _word(parts: Sequence[str], part: int, offset: int) -> int:
    """The word that a name or number with its brackets begins with; 0 where it begins in what belongs to the form."""
    if part % 2:
        return part
    return 0 if parts[part][offset:].strip("( \t\r\n") else part + 1


def _read(node: Node, word: int, left: set[int]) -> Step | None:
    """The step that makes a name or a number of its word, which is then no longer ``left``."""
    if isinstance(node, Name):
        left.discard(word)
        return lambda parts, made, span: Name(parts[word], span)
    if isinstance(node, Number) and word in left:
        left.discard(word)
        return lambda parts, made, span: Number(float(parts[word]), False, span)
    if isinstance(node, Number):  # pi, 2.4%, 1e6
        return lambda parts, made, span: Number(node.value, node.percent, span)
    return None


def _applied(node: Apply) -> Step | None:
    """The step that takes the arguments off what has been made; None for functions that look at them."""
    op, count = node.op, len(node.args)
    if op in FUNCTIONS and FUNCTIONS[op].check is not None:
        return None

    def step(parts: Sequence[str], made: list[Node], span: Span) -> Node:
        args = tuple(made[len(made) - count :])
        del made[len(made) - count :]
        return Apply(op, args, span)

    return step
