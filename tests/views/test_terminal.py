"""What a terminal can show is asked of the environment and of standard output, and can be said outright."""

from __future__ import annotations

import io
import sys

import pytest

from leverage.views.terminal import ASCII, BOXES, NARROWEST, Look, look


class Terminal(io.StringIO):
    """Standard output as a terminal of some encoding."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("variables", "terminal", "color"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),  # set and empty counts as unset, as no-color.org has it
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_colour_follows_the_environment_and_then_the_terminal(
    environment: pytest.MonkeyPatch, variables: dict[str, str], terminal: bool, color: bool
) -> None:
    environment.setattr(sys, "stdout", Terminal() if terminal else io.StringIO())
    for name, value in variables.items():
        environment.setenv(name, value)
    assert look().color is color


def test_what_is_asked_for_outright_wins(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("NO_COLOR", "1")
    assert look(70, color=True, ascii=True) == Look(70, True, ASCII)


def test_an_encoding_without_boxes_gets_ascii(environment: pytest.MonkeyPatch) -> None:
    environment.setattr(sys, "stdout", Terminal())
    assert look().glyphs is BOXES
    environment.setattr(Terminal, "encoding", "ascii")
    assert look().glyphs is ASCII
    environment.setattr(Terminal, "encoding", "cp1252")
    assert look().glyphs is ASCII


def test_a_stream_without_an_encoding_takes_boxes(environment: pytest.MonkeyPatch) -> None:
    environment.setattr(sys, "stdout", io.StringIO())
    assert look().glyphs is BOXES


def test_the_width_is_that_of_the_terminal(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("COLUMNS", "132")
    assert look().width == 132
    assert look(3).width == NARROWEST


def test_paint_leaves_the_spaces_around_a_text_plain() -> None:
    assert Look(color=True).paint("  -32k ", "bad") == "  \x1b[33m-32k\x1b[0m "
    assert Look(color=True).paint("   ", "bad") == "   "
    assert Look(color=True).paint("x", "") == "x"
    assert Look(color=False).paint("x", "bad") == "x"


def test_ascii_glyphs_are_ascii_and_as_wide_as_boxes() -> None:
    for name in Look().glyphs.__slots__:
        plain, box = getattr(ASCII, name), getattr(BOXES, name)
        assert plain.isascii()
        # of a little series ASCII shows the ends alone
        assert len(plain) == len(box) or name in ("ellipsis", "levels")
