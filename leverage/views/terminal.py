"""What can the terminal show: how many columns, colour or none, box characters or ASCII?

``NO_COLOR`` turns colour off, ``FORCE_COLOR`` on, ``TERM=dumb`` off; else it is on where standard output is a terminal.
Colour repeats what a sign or a mark says already.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from leverage.views.measure import cut, cut_name

NARROWEST = 24
PIPED = 100  # columns where standard output is no terminal and COLUMNS does not say
CODES = {
    "bold": "1",
    "dim": "2",
    "good": "36",
    "bad": "33",
}  # cyan and yellow: read on dark and on light, told apart by all


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that are drawn with: branches of a tree, a rule, an axis, bars that help or hurt, and heights.

    Heights of a little series, ``levels``, have no look-alikes in ASCII: its ends alone are written there.
    """

    branch: str = "├─ "
    last: str = "└─ "
    trunk: str = "│  "
    gap: str = "   "
    rule: str = "─"
    axis: str = "│"
    better: str = "█"
    worse: str = "▒"
    trace: str = "▏"
    mark: str = "◂"
    ellipsis: str = "…"
    levels: str = "▁▂▃▄▅▆▇█"
    whisker: str = "├─┤┼"  # left end, between, right end, and both ends in one character


BOXES = Glyphs()
ASCII = Glyphs("|- ", "`- ", "|  ", "   ", "-", "|", "#", "=", ".", "<", "...", "", "|-|+")


@dataclass(frozen=True, slots=True)
class Look:
    """How panels are written: columns to fill, whether in colour, and with which characters."""

    width: int = 80
    color: bool = False
    glyphs: Glyphs = BOXES

    def paint(self, text: str, style: str) -> str:
        """The text in a style of `CODES`; its leading and closing spaces stay plain, so that lines can be stripped."""
        core = text.strip()
        if not self.color or not core or style not in CODES:
            return text
        before, _, after = text.partition(core)
        return f"{before}\x1b[{CODES[style]}m{core}\x1b[0m{after}"

    def cut(self, text: str, room: int) -> str:
        """`measure.cut` with this look's ellipsis."""
        return cut(text, room, self.glyphs.ellipsis)

    def cut_name(self, text: str, room: int) -> str:
        """`measure.cut_name` with this look's ellipsis."""
        return cut_name(text, room, self.glyphs.ellipsis)


def look(width: int | None = None, color: bool | None = None, ascii: bool | None = None) -> Look:
    """The look that was asked for; what is None is read off the terminal."""
    columns = width if width is not None else _columns()
    glyphs = ASCII if (not carries_boxes() if ascii is None else ascii) else BOXES
    return Look(max(columns, NARROWEST), wants_color() if color is None else color, glyphs)


def _columns() -> int:
    """What COLUMNS says, else the terminal; as ``shutil`` has it, whose import a cold start would feel."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or PIPED  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):  # closed, no terminal, or none at all
        return PIPED


def wants_color() -> bool:
    """Whether the environment and standard output ask for colour."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and sys.stdout is not None and sys.stdout.isatty()


def carries_boxes() -> bool:
    """Whether standard output's encoding has the box characters; a stream that has no encoding takes any text."""
    try:
        "├└┤┼│─▒▏◂…▁▂▃▄▅▆▇█".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
