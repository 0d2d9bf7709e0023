"""An order has every driver before what it feeds, whatever the graph; a loop is found whenever there is one."""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.tree.order import ordered

GRAPHS = st.integers(1, 8).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, n - 1), max_size=3, unique=True), min_size=n, max_size=n)
)


@given(GRAPHS)
@settings(deadline=None, max_examples=200)
def test_orders_and_loops_agree_with_networkx(rows: list[list[int]]) -> None:
    drivers = {f"m{i}": tuple(f"m{j}" for j in row) for i, row in enumerate(rows)}
    graph = nx.DiGraph((driver, id) for id, below in drivers.items() for driver in below)
    order, cycles = ordered(drivers)
    assert sorted(order) == sorted(drivers)
    assert bool(cycles) is not nx.is_directed_acyclic_graph(graph)
    for path in cycles:
        assert path[0] == min(path)
        assert all(after in drivers[before] for before, after in zip(path, (*path[1:], path[0]), strict=True))
    if not cycles:
        place = {id: rank for rank, id in enumerate(order)}
        assert all(place[driver] < place[id] for id, below in drivers.items() for driver in below)


def test_a_chain_of_a_hundred_thousand_is_no_recursion() -> None:
    drivers = {f"m{i}": (f"m{i + 1}",) for i in range(100_000)} | {"m100000": ()}
    order, cycles = ordered(drivers)
    assert (order[0], order[-1], len(order), cycles) == ("m100000", "m0", 100_001, [])
