"""Widths, cuts and wraps in the columns that a terminal has."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.views.measure import cut, cut_name, pad, width, wrap

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


@pytest.mark.parametrize(
    ("name", "room", "shown"),
    [
        ("Price level of a country [de]", 22, "Price level of a… [de]"),
        ("price_level[de,2027-03]", 22, "price_lev…[de,2027-03]"),
        ("price_level[de,2027-03]", 18, "price…[de,2027-03]"),  # the labels take two thirds
        ("price_level[de,2027-03]", 17, "price_level[de,2…"),  # and here more
        ("price_level[de,2027-03]", 23, "price_level[de,2027-03]"),
        ("価格の水準 [日本]", 15, "価格の… [日本]"),
        ("a [b] of something", 10, "a [b] of…"),  # none at the end
        ("nothing in its brackets []", 12, "nothing in…"),
        ("f[a][b] of many words [c]", 12, "f[a][b]… [c]"),
    ],
)
def test_a_cut_name_keeps_the_labels_of_its_cell(name: str, room: int, shown: str) -> None:
    assert cut_name(name, room) == shown


@given(
    TEXTS,
    st.sampled_from(["", "[a]", " [ab]", " [売上, 2027-03]"]),
    st.integers(1, 30),
    st.sampled_from(["…", "..."]),
)
@settings(max_examples=200, deadline=None)
def test_a_cut_name_fits_and_is_cut_only_where_it_must_be(text: str, labels: str, room: int, ellipsis: str) -> None:
    name = text + labels
    shown = cut_name(name, room, ellipsis)
    assert width(shown) <= room
    assert (shown == name) == (width(name) <= room)
    if labels and 3 * width(labels) <= 2 * room:
        assert shown.endswith(labels)


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
