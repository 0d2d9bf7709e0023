"""Names stand where none covers another, and as near to their places as that allows."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from leverage.views.names import apart, flags

PLACES = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=8)


@given(PLACES.map(sorted), st.lists(st.floats(1.0, 40.0), min_size=8, max_size=8))
@settings(max_examples=100, deadline=None)
def test_no_name_touches_another_on_its_line(at: list[float], wide: list[float]) -> None:
    lines: dict[int, list[tuple[float, float]]] = {}
    for post, length, (line, left) in zip(at, wide, flags(at, wide[: len(at)], 0.0, 100.0), strict=False):
        lines.setdefault(line, []).append((post - length, post) if left else (post, post + length))
    for spans in lines.values():
        assert all(a[1] <= b[0] or b[1] <= a[0] for a, b in itertools.combinations(spans, 2))
    assert sorted(lines) == list(range(len(lines)))  # no line is left empty


def test_a_name_stays_within_where_either_side_has_room() -> None:
    assert flags([1.0, 99.0], [10.0, 10.0], 0.0, 100.0) == [(0, False), (0, True)]


def test_names_that_have_room_turn_away_from_the_middle() -> None:
    assert flags([40.0, 60.0], [10.0, 10.0], 0.0, 100.0) == [(0, True), (0, False)]


@given(PLACES)
@settings(max_examples=60, deadline=None)
def test_names_are_apart_within_their_room_and_in_their_order(levels: list[float]) -> None:
    moved = apart(levels, 5.0, 0.0, 100.0)
    order = sorted(range(len(levels)), key=lambda i: levels[i])
    placed = [moved[i] for i in order]
    # sums of at most 8 figures up to 100 round by less than 1e-12
    assert all(b - a >= 5.0 - 1e-12 for a, b in itertools.pairwise(placed))
    assert min(placed) >= -1e-12
    assert max(placed) <= 100.0 + 1e-12


@pytest.mark.parametrize("levels", [[10.0, 11.0, 12.0, 40.0], [1.0, 1.0, 1.0], [97.0, 98.0, 99.5, 50.0], [3.0, 90.0]])
def test_names_are_moved_as_little_as_can_be(levels: list[float]) -> None:
    """Against a general solver, which is good to about 1e-6 of the squares here."""
    order = sorted(range(len(levels)), key=lambda i: levels[i])
    ends = [{"type": "ineq", "fun": lambda z, i=i: z[order[i + 1]] - z[order[i]] - 5} for i in range(len(levels) - 1)]
    start = [100 * (order.index(i) + 0.5) / len(levels) for i in range(len(levels))]
    best = minimize(
        lambda z: sum((a - b) ** 2 for a, b in zip(z, levels, strict=True)),
        start,
        bounds=[(0, 100)] * len(levels),
        constraints=ends,
        options={"ftol": 1e-12},
    )
    assert apart(levels, 5.0, 0.0, 100.0) == pytest.approx(best.x.tolist(), abs=1e-4)


def test_where_there_is_no_room_names_are_spread_evenly() -> None:
    assert apart([5.0, 5.0, 5.0], 50.0, 0.0, 10.0) == [0.0, 5.0, 10.0]
