"""Where an entry goes in the text of a mapping: the same characters around it, in the layout that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leverage.files import json as json_file
from leverage.files import layout
from leverage.files.plain import Mapping, Plain, Scalar
from leverage.files.raw import LINE_END
from leverage.files.spans import Span

COMMENT = re.compile(r"(?:\r\n|\r|\n)([ ]*)#[^\r\n]*")  # a line that is nothing else


@dataclass(frozen=True)
class Page:
    """A text that is edited; ``json``: what is written into it must be JSON, too."""

    text: str
    json: bool = False

    def put(self, holder: Span, key: str, value: Mapping, end: int | None = None) -> Iterator[str]:
        """The text with the entry in the mapping: at the likeliest place first, then at others.

        Args:
            end: where an entry behind all others goes, if not directly behind them: the end of the document.
        """
        if key in holder.entries:
            yield from self._replaced(holder, holder.entries[key][1], value)
        elif holder.flow:
            inside = [span.end for pair in holder.entries.values() for span in pair]
            lead = ", " if inside else ""
            yield self._spliced(max(inside, default=holder.start + 1), f"{lead}{self._key(key)}: {self._line(value)}")
        else:
            lines = layout.entry(key, value, " " * holder.column, open_up=end is not None)
            yield self._inserted(self._behind(holder) if end is None else end, lines)
            yield self._inserted(holder.start - holder.column, lines)

    def _replaced(self, holder: Span, old: Span, value: Mapping) -> Iterator[str]:
        in_lines = not holder.flow and not old.flow and value.entries
        if in_lines and old.kind == "mapping":
            first, *rest = layout.block(value, " " * old.column)
            yield self._spliced(old.start, self._newline.join([first[old.column :], *rest]), old.end)
        elif in_lines and old.start == old.end:
            yield self._inserted(self._line_end(old.end), layout.block(value, " " * (holder.column + 2)))
        gap = "" if self.text[old.start - 1].isspace() else " "
        yield self._spliced(old.start, gap + self._line(value), old.end)

    def _spliced(self, start: int, new: str, end: int | None = None) -> str:
        return self.text[:start] + new + self.text[start if end is None else end :]

    def _inserted(self, index: int, lines: Iterable[str]) -> str:
        """Lines of their own, at the start of a line or at the end of one."""
        at_start = index == 0 or self.text[index - 1] in "\r\n"
        return self._spliced(
            index, "".join(f"{line}{self._newline}" if at_start else f"{self._newline}{line}" for line in lines)
        )

    def _behind(self, holder: Span) -> int:
        """The end of the mapping's last line, and of the comments below it that are indented like its entries."""
        if self.text[holder.end - 1] in "\r\n":
            return holder.end
        index = self._line_end(holder.end)
        while (found := COMMENT.match(self.text, index)) and len(found.group(1)) >= holder.column:
            index = found.end()
        return index

    def _line_end(self, index: int) -> int:
        found = LINE_END.search(self.text, index)
        return found.start() if found else len(self.text)

    @property
    def _newline(self) -> str:
        found = LINE_END.search(self.text)
        return found.group() if found else "\n"

    def _key(self, key: str) -> str:
        return json_file.write(Scalar(key, quoted=True)) if self.json else layout.key_text(key, in_flow=True)

    def _line(self, value: Plain) -> str:
        return json_file.write(value) if self.json else layout.flow(value)
