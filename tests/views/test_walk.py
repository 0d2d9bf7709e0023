"""The order in which a tree is read, and where a shared driver stands."""

from __future__ import annotations

from leverage.panels import Tree, TreeNode
from leverage.views.walk import KEPT, walk


def tree(**drivers: tuple[str, ...]) -> Tree:
    """A tree panel without figures; the first metric is the root."""
    return Tree("", next(iter(drivers)), {id: TreeNode(id, id, (), held) for id, held in drivers.items()}, ())


def told(panel: Tree) -> list[str]:
    return ["  " * visit.depth + visit.node.id + (" above" if visit.above else "") for visit in walk(panel)]


def test_a_metric_comes_before_its_drivers_in_their_order() -> None:
    assert told(tree(a=("b", "c"), b=("d",), c=(), d=())) == ["a", "  b", "    d", "  c"]


def test_a_shared_driver_is_walked_once_and_met_again() -> None:
    panel = tree(a=("b", "c"), b=("d",), c=("d",), d=("e",), e=())
    assert told(panel) == ["a", "  b", "    d", "      e", "  c", "    d above"]


def test_a_driver_that_is_not_shown_or_named_twice_is_passed_over() -> None:
    assert told(tree(a=("b", "b", "missing"), b=())) == ["a", "  b"]


def test_a_metric_that_feeds_itself_ends_the_walk() -> None:
    assert told(tree(a=("b",), b=("a", "b"))) == ["a", "  b", "    a above", "    b above"]


def test_last_drivers_are_known_along_the_way() -> None:
    lasts = {visit.node.id: visit.lasts for visit in walk(tree(a=("b", "c"), b=("d",), c=(), d=()))}
    assert lasts == {"a": (), "b": (False,), "d": (False, True), "c": (True,)}


def test_a_chain_of_any_depth_is_walked_in_little_memory() -> None:
    count = 20_000
    chain = tree(**{f"m{i}": (f"m{i + 1}",) for i in range(count)}, **{f"m{count}": ()})
    visits = list(walk(chain))
    assert [visits[0].depth, visits[-1].depth] == [0, count]
    assert max(len(visit.lasts) for visit in visits) == KEPT
