"""A move is read as it is written, and a chain of moves is written as one entry that does the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.quantity import BadNumber, read
from leverage.tree.moves import NotOneMove, amount, net, written
from leverage.tree.read import AmbiguousShare
from leverage.tree.scenario import Kind, Move
from leverage.tree.tree import Level, NotFinite

FIGURES = st.floats(-0.9, 0.9, allow_nan=False)
MOVES = st.builds(Move, st.just("m"), st.sampled_from(("set", "change", "add")), FIGURES)


@pytest.mark.parametrize(
    ("kind", "value", "read_as"),
    [
        ("change", "-15%", -0.15),
        ("change", "-0.15", -0.15),
        ("change", -0.15, -0.15),
        ("change", "150%", 1.5),
        ("set", "30k", 30e3),
        ("set", 15, 15.0),
        ("add", "0.2%", 0.002),
    ],
)
def test_text_and_numbers_of_a_move_mean_the_same(kind: Kind, value: float | str, read_as: float) -> None:
    assert amount(kind, value, metric="m") == read_as


@pytest.mark.parametrize("value", ["15", 15, 15.0])
def test_a_change_that_could_be_meant_two_ways_is_answered_with_both_spellings(value: float | str) -> None:
    with pytest.raises(AmbiguousShare) as refused:
        amount("change", value, metric="m")
    assert str(refused.value) == "change m: 15 could be meant two ways; write 15% or 1500%"


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(BadNumber, match="set m: 'soon' is not a number"):
        amount("set", "soon", metric="m")
    with pytest.raises(NotFinite, match="set m: None is no finite number"):
        amount("set", None, metric="m")  # type: ignore[arg-type]


@given(st.lists(MOVES, min_size=1, max_size=4))
@settings(deadline=None, max_examples=200)
def test_one_move_does_what_the_chain_does(chain: list[Move]) -> None:
    start = stepped = Level(2.0, 2.0)
    for move in chain:
        stepped = stepped.moved(move)
    try:
        one = start.moved(net(chain))
    except NotOneMove:
        kinds = [move.kind for move in chain]
        assert {"change", "add"} <= set(kinds)
        return
    # a few roundings of figures of size 10 or less
    assert one.value == pytest.approx(stepped.value, abs=1e-13)


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_written_figure_reads_back_to_the_last_bit(figure: float, percent: bool) -> None:
    assert read(written(figure, percent=percent)).value == figure
