"""An id is a Unicode identifier in its NFKC form, and nothing that formulas read as something else."""

from __future__ import annotations

import pytest

from leverage.tree.ids import BadId, identified


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("revenue", "revenue"),
        ("売上", "売上"),
        ("ｒａｔｅ", "rate"),
        ("ﬁrst", "first"),
        ("_hidden", "_hidden"),
        ("lambda", "lambda"),
        ("None", "None"),
        ("x" * 128, "x" * 128),
    ],
)
def test_identifiers_are_ids_in_their_nfkc_form(text: str, id: str) -> None:
    assert identified(text) == id


@pytest.mark.parametrize(
    "text", ["", " a", "a b", "1a", "a-b", "a.b", "and", "or", "not", "if", "else", "pi", "period", "time"]
)
def test_words_of_formulas_and_text_that_is_no_identifier_are_refused(text: str) -> None:
    with pytest.raises(BadId):
        identified(text)


def test_the_fullwidth_spelling_of_a_reserved_word_is_the_word() -> None:
    with pytest.raises(BadId, match="it is a word of the formula language; write time_ or another word"):
        identified("ｔｉｍｅ")
