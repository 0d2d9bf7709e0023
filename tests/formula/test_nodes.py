"""Nodes are plain data, compared by what they say, and walked without recursion."""

from __future__ import annotations

import pickle

import pytest

from leverage.formula.nodes import Apply, Label, Name, Node, Number, Series, figure, names, postorder, rebuild, walk
from leverage.formula.parse import parse


def test_nodes_are_equal_wherever_they_stand() -> None:
    assert parse("a+b*3%") == parse("  (a) + ((b * 3%))")
    assert hash(parse("a+b")) == hash(parse("a + b"))
    assert parse("3%") != parse("0.03")
    assert Apply("max", (Name("a"),)) != Apply("max", (Name("a"),), smooth=True)


def test_walk_gives_parents_first_and_names_in_the_order_of_the_text() -> None:
    node = parse("b + a * b - sum(c, over=[d])")
    assert next(walk(node)) is node
    assert names(node) == ("b", "a", "c")


def test_postorder_gives_parts_first_and_what_is_shared_once() -> None:
    a = Name("a")
    twice = Apply("add", (a, a))
    node = Apply("mul", (twice, Series((twice, Label("d")))))
    order = list(postorder(node))
    places = {id(part): place for place, part in enumerate(order)}
    assert places[id(a)] < places[id(twice)] < places[id(node.args[1])] < places[id(node)]
    assert len(order) == 5
    assert order[-1] is node


def test_rebuild_keeps_what_does_not_change_and_what_is_shared() -> None:
    a = Name("a")
    twice = Apply("add", (a, Number(1.0)))
    node = Apply("mul", (twice, twice))
    assert rebuild(node, lambda part: part) is node
    changed = rebuild(node, lambda part: Name("b") if part == a else part)
    assert changed == parse("(b + 1) * (b + 1)")
    assert isinstance(changed, Apply)
    assert changed.args[0] is changed.args[1]


@pytest.mark.parametrize(
    ("node", "value"),
    [(Number(3.0), 3.0), (parse("-3%"), -0.03), (parse("--3"), None), (Name("a"), None), (Series(()), None)],
)
def test_the_figure_of_a_node_is_its_number_with_its_minus(node: Node, value: float | None) -> None:
    assert figure(node) == value


def test_thousands_of_levels_are_no_danger() -> None:
    node: Node = Name("a")
    for _ in range(20_000):
        node = Apply("neg", (node,))
    assert sum(1 for _ in walk(node)) == sum(1 for _ in postorder(node)) == 20_001
    assert rebuild(node, lambda part: part) is node


def test_nodes_pickle() -> None:
    node = parse("hill(x, 30k, 2) if a < b else interpolate(x, [0, 1], [2, 3])")
    assert pickle.loads(pickle.dumps(node)) == node
