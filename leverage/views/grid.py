"""Columns of text side by side, as wide as the terminal: figures whole and aligned on the point, text shortened.

Where room is short, headings break into lines and text columns give way, down to `LEAST`; a last column of sentences
wraps, since nothing follows it. Where even that does not fit, columns go below each other in blocks, the first leading
each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from leverage.views.measure import pad, width, wrap
from leverage.views.terminal import Look

GAP = 2
LEAST = 8
LEAD = 22  # least of a first column: what the row is about
WORD = 12  # widest word that a column makes room for
SENTENCE = 32  # columns from which a text is one, and not a name
FIGURE = re.compile(r"[<>]?[+-]?[0-9]+(\.[0-9]+)?([kMB%]?)")


@dataclass(frozen=True)
class Strip:
    """One column: its cells, heading, unit, and the style of each cell (`terminal.CODES`).

    Only ``text`` is shortened, to no less than ``floor``; ``named``: as names, whose closing labels stay.
    """

    cells: Sequence[str]
    head: str = ""
    unit: str = ""
    text: bool = False
    styles: Sequence[str] = ()
    floor: int = LEAST
    named: bool = False

    @cached_property
    def natural(self) -> int:
        """Columns of the terminal that show all of it."""
        return max(self.whole, width(self.head), width(self.unit))

    @cached_property
    def whole(self) -> int:
        """Columns that its widest cell takes."""
        return max(map(width, self.cells), default=0)

    def least(self, first: bool) -> int:
        """Columns that it can do with."""
        if not self.text:
            return max(self.whole, min(WORD, _word(self.head, self.unit)))
        return min(self.natural, max(self.floor, LEAD if first else min(WORD, _word(*self.cells))))

    def cut(self, row: int, room: int, look: Look) -> str:
        """One of its cells, in so many columns."""
        return look.cut_name(self.cells[row], room) if self.named else look.cut(self.cells[row], room)


def _word(*texts: str) -> int:
    return max((width(word) for text in texts for word in text.split()), default=0)


def lay(strips: Sequence[Strip], look: Look) -> list[str]:
    """The columns as lines of equal width, headings and a rule first; blocks are set apart by an empty line."""
    if not strips:
        return []
    aligned = [strip if strip.text else replace(strip, cells=on_the_point(strip.cells)) for strip in strips]
    lines: list[str] = []
    for block in _blocks(aligned, look.width):
        lines += [*([""] if lines else []), *_block(block, look)]
    return lines


def on_the_point(cells: Sequence[str]) -> Sequence[str]:
    """Figures that share one suffix with their decimal points below each other; a column of mixed ones as it is.

    >>> on_the_point(["12.5%", "3%"])
    ['12.5%', '3%  ']
    """
    found = [FIGURE.fullmatch(cell) for cell in cells]
    if len({match[2] for match in found if match and match[0] != "0"}) > 1 or any("e" in cell for cell in cells):
        return cells
    tails = [len(match[1] or "") + len(match[2]) if match else None for match in found]
    most = max((tail for tail in tails if tail is not None), default=0)
    return [cell if tail is None else cell + " " * (most - tail) for cell, tail in zip(cells, tails, strict=True)]


def _blocks(strips: Sequence[Strip], room: int) -> Iterator[Sequence[Strip]]:
    if _spare(strips, room) >= 0:
        yield strips
        return
    group = list(strips[:1])
    for strip in strips[1:]:
        if len(group) > 1 and _spare([*group, strip], room) < 0:
            yield group
            group = list(strips[:1])
        group.append(strip)
    yield group


def _spare(strips: Sequence[Strip], room: int) -> int:
    return room - GAP * (len(strips) - 1) - sum(strip.least(index == 0) for index, strip in enumerate(strips))


def _widths(strips: Sequence[Strip], room: int) -> list[int]:
    widths = [strip.least(index == 0) for index, strip in enumerate(strips)]
    spare = _spare(strips, room)
    if spare < 0 and strips[0].text:  # one figure beside its name, and still too wide: the name gives way
        widths[0] -= min(-spare, max(widths[0] - GAP, 0))
    spare = max(spare, 0)
    # names before headings, which can break; the smallest wish first, so that few columns are cut
    for text in (True, False):
        wishes = sorted((strip.natural - widths[i], i) for i, strip in enumerate(strips) if strip.text is text)
        for rank, (wish, index) in enumerate(wishes):
            grant = min(wish, spare // (len(wishes) - rank))
            widths[index] += grant
            spare -= grant
    return widths


def _block(strips: Sequence[Strip], look: Look) -> list[str]:
    widths = _widths(strips, look.width)
    heads = [_broken(strip.head, room)[::-1] for strip, room in zip(strips, widths, strict=True)]
    units = [_broken(strip.unit, room) for strip, room in zip(strips, widths, strict=True)]
    # headings stand on one line, units hang from the next
    above = [_line(strips, widths, cells) for cells in zip_longest(*heads, fillvalue="")][::-1]
    below = [_line(strips, widths, cells) for cells in zip_longest(*units, fillvalue="")]
    rule = look.glyphs.rule * (sum(widths) + GAP * (len(widths) - 1))
    lines = [*above, *(look.paint(line, "dim") for line in (*below, *([rule] if above or below else [])))]
    for row in range(len(strips[0].cells)):
        lines += _row(strips, widths, row, look)
    return lines


def _broken(text: str, room: int) -> list[str]:
    return wrap(text, room) if text else []


def _row(strips: Sequence[Strip], widths: Sequence[int], row: int, look: Look) -> Iterator[str]:
    """A row's lines: one, or as many as a last column of sentences takes."""
    cells = [strip.cut(row, room, look) for strip, room in zip(strips, widths, strict=True)]
    styles = [strip.styles[row] if strip.styles else "" for strip in strips]
    last = strips[-1]
    wraps = last.text and last.natural > SENTENCE and len(strips) > 1
    lines = wrap(last.cells[row], widths[-1]) if wraps else cells[-1:]
    for index, line in enumerate(lines):
        before = cells[:-1] if index == 0 else [""] * (len(strips) - 1)
        padded = _cells(strips, widths, [*before, line])
        yield (" " * GAP).join(look.paint(cell, style) for cell, style in zip(padded, styles, strict=True))


def _line(strips: Sequence[Strip], widths: Sequence[int], cells: Sequence[str]) -> str:
    return (" " * GAP).join(_cells(strips, widths, cells))


def _cells(strips: Sequence[Strip], widths: Sequence[int], cells: Sequence[str]) -> list[str]:
    return [pad(cell, room, right=not strip.text) for strip, room, cell in zip(strips, widths, cells, strict=True)]
