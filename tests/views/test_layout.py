"""Where the boxes of a tree stand: no two overlap, no edge crosses a box, every edge points right."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.panels import Tree, TreeNode
from leverage.views.layout import LANE, MOST, arrange
from tests.views.test_walk import tree


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A tree with shared drivers: each metric drives one or two earlier ones."""
    count = draw(st.integers(1, 45))
    drivers: dict[int, list[str]] = {i: [] for i in range(count)}
    for i in range(1, count):
        for into in draw(st.sets(st.integers(max(0, i - 12), i - 1), min_size=1, max_size=2)):
            drivers[into].append(str(i))
    return Tree("", "0", {str(i): TreeNode(str(i), str(i), (), tuple(held)) for i, held in drivers.items()}, ())


@given(trees())
@settings(max_examples=40, deadline=None)
def test_boxes_do_not_overlap(panel: Tree) -> None:
    held = list(arrange(panel).spots.values())
    for layer in {spot.layer for spot in held}:
        heights = sorted(spot.height for spot in held if spot.layer == layer)
        # a tenth of a millionth: heights are sums of halves and fifths, rounded
        assert all(below - above >= 1 - 1e-7 for above, below in itertools.pairwise(heights))


@given(trees())
@settings(max_examples=40, deadline=None)
def test_edges_point_right_layer_by_layer_and_cross_no_box(panel: Tree) -> None:
    layout = arrange(panel)
    for edge in layout.edges:
        assert [spot.layer for spot in edge] == list(range(edge[0].layer, edge[-1].layer + 1))
        for lane in edge[1:-1]:
            beside = [spot for spot in layout.spots.values() if spot.layer == lane.layer]
            assert all(abs(spot.height - lane.height) >= (1 + LANE) / 2 - 1e-7 for spot in beside)


@given(trees())
@settings(max_examples=40, deadline=None)
def test_every_metric_and_every_edge_is_drawn(panel: Tree) -> None:
    layout = arrange(panel)
    assert set(layout.spots) == set(panel.nodes)
    assert len(layout.edges) == sum(len(node.drivers) for node in panel.nodes.values())
    assert layout.hidden == {}


def test_a_metric_stands_midway_between_its_drivers() -> None:
    spots = arrange(tree(a=("b", "c"), b=(), c=())).spots
    assert [spots[id].height for id in "abc"] == [0.5, 0.0, 1.0]


def test_a_shared_driver_stands_right_of_all_that_it_feeds() -> None:
    spots = arrange(tree(a=("b", "d"), b=("c",), c=("d",), d=())).spots
    assert [spots[id].layer for id in "abcd"] == [0, 1, 2, 3]


def test_shallow_subtrees_share_rows_with_deep_ones() -> None:
    deep = tree(a=("b", "c"), b=("d", "e", "f"), c=(), d=(), e=(), f=())
    assert arrange(deep).rows == 3.0  # c stands beside b, in rows that the drivers of b take in the next layer


def test_a_metric_that_feeds_itself_is_drawn_once() -> None:
    layout = arrange(tree(a=("b",), b=("a",)))
    assert {id: spot.layer for id, spot in layout.spots.items()} == {"a": 0, "b": 1}
    assert len(layout.edges) == 1


def test_a_tree_too_large_for_a_picture_is_cut_from_the_root_down() -> None:
    count = 200
    nodes = {str(i): TreeNode(str(i), "", (), tuple(str(3 * i + k) for k in (1, 2, 3))) for i in range(count)}
    layout = arrange(Tree("", "0", nodes, ()))
    assert set(layout.spots) == {str(i) for i in range(MOST)}
    # every metric but the root hangs on one edge, drawn or hidden
    assert len(layout.edges) == MOST - 1
    assert sum(layout.hidden.values()) == 3 * MOST - (MOST - 1)
