"""Text is UTF-8 without invisible characters, and a place is where an editor shows it."""

import pytest

from leverage.errors import SHOWN, InvalidModel
from leverage.files.raw import at, decode


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: \xff", "f:1:4: byte 0xff is not UTF-8 text; save the file as UTF-8"),
        ("a: 1\r\nb: é".encode() + b"\xe9", "f:2:5: byte 0xe9 is not UTF-8 text; save the file as UTF-8"),
        (b"\xef\xbb\xbfa: \xff", "f:1:4: byte 0xff is not UTF-8 text; save the file as UTF-8"),
        (b"a: \xc3", "f:1:4: byte 0xc3 is not UTF-8 text; save the file as UTF-8"),
        (b"a: \xed\xa0\x80", "f:1:4: byte 0xed is not UTF-8 text; save the file as UTF-8"),
        (b"\xff\xfea\0", "f: UTF-16 is not UTF-8 text; save the file as UTF-8"),
        (b"\xfe\xff\0a", "f: UTF-16 is not UTF-8 text; save the file as UTF-8"),
        (b"a\0", "f:1:2: the invisible character U+0000 may not stand in a file; delete it"),
        ("a: \ud800", "f:1:4: the invisible character U+D800 may not stand in a file; delete it"),
        ("a\n b\x1b", "f:2:3: the invisible character U+001B may not stand in a file; delete it"),
        ("a\u2028b", "f:1:2: the invisible character U+2028 may not stand in a file; delete it"),
        ("a\ufeff", "f:1:2: the invisible character U+FEFF may not stand in a file; delete it"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes | str, message: str) -> None:
    with pytest.raises(InvalidModel) as refused:
        decode(data, "f")
    assert str(refused.value) == message


def test_all_invisible_characters_are_found_up_to_what_is_listed() -> None:
    with pytest.raises(InvalidModel) as refused:
        decode("\x01\n" * 1000, "f")
    assert [error.at.line for error in refused.value.errors] == list(range(1, SHOWN + 1))


@pytest.mark.parametrize("text", ["", "a: é\n", "売上\t\r\n", "\U0001f600", "\xa0", "a\u200db"])
def test_text_stays_as_it_is_but_for_its_mark(text: str) -> None:
    assert decode(text.encode(), "f") == text
    assert decode(("\ufeff" + text).encode(), "f") == text
    assert decode("\ufeff" + text, "f") == text


@pytest.mark.parametrize(
    ("text", "index", "place"),
    [
        ("", 0, "1:1"),
        ("ab", 1, "1:2"),
        ("a\nb", 2, "2:1"),
        ("a\r\nb", 3, "2:1"),
        ("a\rb", 2, "2:1"),
        ("é\n\n売上", 4, "3:2"),
    ],
)
def test_a_place_is_counted_as_editors_count(text: str, index: int, place: str) -> None:
    assert str(at(text, index, "")) == place
