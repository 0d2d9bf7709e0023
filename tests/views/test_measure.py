"""Widths, cuts and wraps in the columns that a terminal has."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.views.measure import cut, pad, width, wrap

ALPHABET = "ab-_. 売上高éüя가\u0301\u3099😀"
TEXTS = st.text(alphabet=ALPHABET, max_size=60)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("profit", 6),
        ("売上", 4),
        ("ｳﾘｱｹﾞ", 5),  # half width, as their Unicode name says
        ("Ｑ１", 4),  # full width
        ("가나", 4),
        ("e\u0301", 1),  # a letter and its accent
        ("か\u3099", 2),
        ("naïve", 5),
        ("売a上", 5),
        ("😀", 2),
    ],
)
def test_wide_characters_take_two_columns_and_marks_none(text: str, columns: int) -> None:
    assert width(text) == columns


@given(TEXTS, st.integers(1, 30))
@settings(max_examples=100, deadline=None)
def test_a_cut_text_fits_and_begins_as_it_did(text: str, room: int) -> None:
    shown = cut(text, room)
    assert width(shown) <= room
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))
    assert (shown == text) == (width(text) <= room)


def test_a_cut_text_with_the_ellipsis_of_ascii_fits_too() -> None:
    assert cut("purchase_rate", 10, "...") == "purchas..."
    assert cut("purchase_rate", 2, "...") == ".."
    assert cut("purchase_rate", 0) == ""


@given(TEXTS, st.integers(2, 30))
@settings(max_examples=100, deadline=None)
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_words_stay_whole_where_they_can() -> None:
    assert wrap("push the purchase rate", 12) == ["push the", "purchase", "rate"]
    assert wrap("売上合計を見る", 8) == ["売上合計", "を見る"]
    assert wrap("", 8) == [""]


def test_padding_is_counted_in_columns() -> None:
    assert pad("売上", 6) == "売上  "
    assert pad("売上", 6, right=True) == "  売上"
