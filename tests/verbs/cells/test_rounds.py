"""What goes round through time is left out: what enters a metric still leaves it, and the loop's ends stay."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage.verbs.cells.rounds import straightened

Edges = Mapping[tuple[str, str], float]


def kept(edges: Edges, id: str) -> float:
    """What enters a metric and does not leave it."""
    return sum(part for (_, into), part in edges.items() if into == id) - sum(
        part for (driver, _), part in edges.items() if driver == id
    )


def test_edges_without_a_loop_stay_as_they_are() -> None:
    edges = {("a", "m"): 3.0, ("b", "m"): -1.0, ("m", "y"): 2.0, ("b", "y"): 4.0}
    assert straightened(edges, ["a", "b", "m", "y"]) == edges


def test_a_stock_hands_on_what_came_into_it_once() -> None:
    """A stock of which three months hand 5, 5 + 4 and 5 + 4 + 3 on; what left it (-2 of each) goes by the opening."""
    edges = {
        ("won", "stock"): 12.0,
        ("opening", "stock"): 14.0,
        ("stock", "opening"): 14.0,
        ("stock", "y"): 12.0,
    }
    found = straightened(edges, ["won", "opening", "stock", "y"])
    assert found == {("won", "stock"): 12, ("opening", "stock"): 0, ("stock", "opening"): 0, ("stock", "y"): 12}


def test_what_enters_a_loop_below_its_head_goes_up_to_it() -> None:
    """The rate of leaving, and the stock that leaves by it: the first alone comes through what left."""
    edges = {
        ("won", "stock"): 20.0,
        ("rate", "left"): -9.0,
        ("opening", "left"): -4.0,
        ("left", "stock"): -13.0,
        ("opening", "stock"): 30.0,
        ("stock", "opening"): 26.0,
        ("stock", "y"): 11.0,
    }
    found = straightened(edges, ["won", "rate", "opening", "left", "stock", "y"])
    assert found["left", "stock"] == -9
    assert found["opening", "stock"] == found["opening", "left"] == found["stock", "opening"] == 0
    assert found["stock", "y"] == 11


def test_where_the_goal_counts_what_comes_round_it_comes_round_once() -> None:
    """The goal adds up the opening stocks: all that was won reaches it through them."""
    edges = {
        ("won", "stock"): 7.0,
        ("opening", "stock"): 5.0,
        ("stock", "opening"): 12.0,
        ("opening", "y"): 7.0,
    }
    found = straightened(edges, ["won", "opening", "stock", "y"])
    assert found == {("won", "stock"): 7, ("opening", "stock"): 0, ("stock", "opening"): 7, ("opening", "y"): 7}


def test_a_loop_of_two_ends_stays_as_it_was() -> None:
    edges = {("x", "a"): 1.0, ("a", "b"): 4.0, ("b", "a"): 4.0, ("a", "c"): 2.0, ("c", "a"): 2.0, ("a", "y"): 1.0}
    assert straightened(edges, ["x", "a", "b", "c", "y"]) == edges


@st.composite
def flows(draw: st.DrawFn) -> Edges:
    """Amounts that enter and leave each of m0 .. m5 alike, with loops, from x to y."""
    inner = [f"m{i}" for i in range(draw(st.integers(2, 6)))]
    found: dict[tuple[str, str], float] = {}
    for _ in range(draw(st.integers(1, 12))):
        steps = draw(st.lists(st.sampled_from(inner), min_size=1, max_size=8))
        way = ["x", *(b for a, b in zip(["", *steps], steps, strict=False) if a != b), "y"]
        amount = draw(st.floats(-5, 5))
        for ends in pairwise(way):
            found[ends] = found.get(ends, 0.0) + amount
    return found


@given(flows())
def test_what_enters_still_leaves_and_what_enters_and_leaves_the_loop_is_untouched(edges: Edges) -> None:
    order = ["x", *sorted({id for ends in edges for id in ends} - {"x", "y"}), "y"]
    found = straightened(edges, order)
    room = 1e-12 * sum(abs(part) for part in [*edges.values(), *found.values()]) + 1e-300
    assert set(found) == set(edges)
    for id in order:
        assert kept(found, id) == pytest.approx(kept(edges, id), abs=room)
    group = {
        id: i for i, members in enumerate(nx.strongly_connected_components(nx.DiGraph(edges.keys()))) for id in members
    }
    for (driver, into), part in edges.items():
        if group[driver] != group[into]:
            assert found[driver, into] == part
