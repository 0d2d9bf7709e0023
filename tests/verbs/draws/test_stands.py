"""Cells on shared sources: each is moved by its own factor and level, in as few rows as can be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leverage.tree.tree import Level
from leverage.tree.uncertainty import moved, read
from leverage.verbs.draws.stands import Stand, seats

SOURCES = 3
LEAF = read("beta(2, 3)")
LEVELS = (Level(0.4, 0.4), Level(0.4, 0.5), Level(0.4, 0.6, 1.5))

some_stands = st.lists(
    st.builds(
        Stand,
        st.integers(0, SOURCES - 1),
        st.just(LEAF),
        st.sampled_from(LEVELS),
        st.sampled_from((1.0, -2.0, 0.5)),
    ),
    max_size=30,
)


@given(some_stands)
def test_each_cell_has_the_draws_of_its_source_where_it_stands(stands: list[Stand]) -> None:
    draws = LEAF.quantile(np.random.default_rng(0).uniform(size=(SOURCES, 50)))
    seated = seats(stands, SOURCES)
    rows, left = seated.fill(draws.copy(), np.empty((seated.extra, 50)))
    for stand, place in zip(stands, seated.at, strict=True):
        there, clipped = moved(draws[stand.source], LEAF, stand.level, stand.factor)
        assert rows[place].tobytes() == there.tobytes()
        assert left[place] == clipped


@given(some_stands)
def test_there_are_as_few_rows_as_ways_to_stand_and_sources(stands: list[Stand]) -> None:
    """Each way but one a source needs a row beside the source's own; a way that leaves the draws be is that one."""
    ways = set(stands)
    assert seats(stands, SOURCES).extra == len(ways) - len({way.source for way in ways})


def test_cells_of_one_draw_and_many_factors_are_written_in_order_before_the_source_is_overwritten() -> None:
    stands = [Stand(0, LEAF, Level(k, k), float(k)) for k in range(2, 1_000)]
    seated = seats(stands, 1)
    assert seated.steps[-1] == (stands[-1], 0)
    rows, _ = seated.fill(np.ones((1, 4)), np.empty((seated.extra, 4)))
    assert [rows[place][0] for place in seated.at] == list(range(2, 1_000))
