"""Do the pages show what the commands print? ``python docs/refresh.py`` runs every console block and writes it anew.

A page is run in a folder of its own, from its first block to its last. Which lines a block shows stays as it was: each
is replaced by the line of the new output that is most like it, and ``...`` stands wherever lines are left out. A
command with nothing below it is given all of its output, to be cut by hand. ``--check`` writes nothing and tells the
pages that differ; the tests (tests/contract/test_docs.py) hold the pages to the same blocks.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from unittest.mock import patch

DOCS = Path(__file__).parent
GAP = "..."  # a line of a block that stands for any number of lines
LOOK = {"COLUMNS": "100", "NO_COLOR": "1"}  # of the terminal that the pages show
LIKE = 0.5  # how much of a line must stay for it to be the same line; its first word counts as a half
FENCE = re.compile(r"^```(\w*)$")
FILE = re.compile(r"^<!-- file: ([\w.-]+) -->$")  # above a block: it is this file for the blocks below


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its lines, the first of them in the page, and the file that it is written to."""

    kind: str
    lines: tuple[str, ...]
    start: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block and the lines shown below it."""

    line: str
    shown: tuple[str, ...]


def pages() -> list[Path]:
    """Every page, in order."""
    return sorted(DOCS.rglob("*.md"))


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page.

    >>> [block.kind for block in blocks("```yaml\\nkgi: a\\n```\\n")]
    ['yaml']
    """
    lines, at = text.splitlines(), 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if fence is None:
            at += 1
            continue
        end = lines.index("```", at + 1)
        named = FILE.match(lines[at - 1]) if at else None
        yield Block(fence.group(1), tuple(lines[at + 1 : end]), at + 1, named.group(1) if named else "")
        at = end + 1


def commands(block: Block) -> list[Command]:
    """The commands of a console block."""
    starts = [at for at, line in enumerate(block.lines) if line.startswith("$ ")]
    ends = [*starts[1:], len(block.lines)]
    return [Command(block.lines[at][2:], block.lines[at + 1 : end]) for at, end in zip(starts, ends, strict=True)]


class Terminal:
    """Runs commands one after the other where it was opened: ``leverage``, ``cat FILE`` and ``echo $?``."""

    status = 0

    def run(self, line: str) -> list[str]:
        """What the command prints, both streams, without trailing blanks."""
        from leverage.app.cli import status

        word, *rest = shlex.split(line)
        if word == "cat":
            return _lines(Path(rest[0]).read_text(encoding="utf-8"))
        if line == "echo $?":
            return [str(self.status)]
        assert word == "leverage", f"pages run leverage, and not {word}"
        printed = io.BytesIO()
        stream = io.TextIOWrapper(printed, "utf-8", newline="\n", write_through=True)
        with redirect_stdout(stream), redirect_stderr(stream):
            self.status = status(rest)
        return _lines(printed.getvalue().decode())


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.removesuffix("\n").split("\n")] if text else []


@contextmanager
def terminal() -> Iterator[Terminal]:
    """A terminal in an empty folder, as wide as the pages."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, LOOK):
        os.chdir(folder)
        try:
            yield Terminal()
        finally:
            os.chdir(before)


def fits(shown: tuple[str, ...], printed: list[str]) -> bool:
    """Whether the output is what the page shows; a line ``...`` stands for any number of lines.

    >>> fits(("a", "...", "d"), ["a", "b", "c", "d"]), fits(("a", "..."), ["b", "a"])
    (True, False)
    """
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == GAP:
            parts.append([])
        else:
            parts[-1].append(line.rstrip())
    if len(parts) == 1:
        return parts[0] == printed
    first, *inner, last = parts
    if printed[: len(first)] != first:
        return False
    at = len(first)
    for part in inner:  # the first place that fits leaves most to those that follow
        found = next((i for i in range(at, len(printed) - len(part) + 1) if printed[i : i + len(part)] == part), None)
        if found is None:
            return False
        at = found + len(part)
    return len(printed) - len(last) >= at and printed[len(printed) - len(last) :] == last


def renewed(shown: tuple[str, ...], printed: list[str]) -> list[str]:
    """The lines of the output that are most like those shown, with ``...`` where others stand between them.

    >>> renewed(("visits  10", "..."), ["visits  12", "orders  3", "end"])
    ['visits  12', '...']
    """
    wanted = [line for line in shown if line.strip() != GAP]
    if not shown:
        return printed
    if not wanted:
        return [GAP]
    kept = _matched(wanted, printed)
    told: list[str] = []
    at = 0
    for place in [*kept, len(printed)]:
        left_out = printed[at:place]
        told.extend(left_out if not any(left_out) and place < len(printed) else [GAP] if left_out else [])
        told.extend(printed[place : place + 1])
        at = place + 1
    return told


def _matched(wanted: list[str], printed: list[str]) -> list[int]:
    """The places of the printed lines that are most like the wanted ones, in order, by dynamic programming."""
    best = [[0.0] * (len(printed) + 1) for _ in range(len(wanted) + 1)]
    like = [[_likeness(a, b) for b in printed] for a in wanted]
    for i in range(len(wanted) - 1, -1, -1):
        for j in range(len(printed) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + like[i][j])
    found, i, j = [], 0, 0
    while i < len(wanted) and j < len(printed):
        if like[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            found.append(j)
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return found


def _likeness(a: str, b: str) -> float:
    """How alike two lines are, spaces aside: 0 where they are not the same line, little for blank ones."""
    a, b = " ".join(a.split()), " ".join(b.split())
    if not a or not b:
        return 0.01 if a == b else 0.0
    if a == b:
        return 1.0
    first = 0.5 if a.split()[0] == b.split()[0] and a[0].isalpha() else 0.0
    found = min(0.99, first + SequenceMatcher(None, a, b, autojunk=False).ratio())
    return found if found >= LIKE else 0.0


def refreshed(text: str) -> str:
    """The page with its console blocks run anew."""
    lines, moved = text.splitlines(), 0
    with terminal() as screen:
        for block in blocks(text):
            if block.file:
                Path(block.file).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
            if block.kind != "console":
                continue
            told = [
                line
                for command in commands(block)
                for line in (f"$ {command.line}", *renewed(command.shown, screen.run(command.line)))
            ]
            start = block.start + moved
            lines[start : start + len(block.lines)] = told
            moved += len(told) - len(block.lines)
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write every page anew, or with ``--check`` tell which would change; the pages may be named."""
    asked = [Path(name).resolve() for name in arguments if name != "--check"] or pages()
    stale = []
    for path in asked:
        text = path.read_text(encoding="utf-8")
        fresh = refreshed(text)
        if fresh != text:
            stale.append(path.relative_to(DOCS.parent))
            if "--check" not in arguments:
                path.write_text(fresh, encoding="utf-8")
    for name in stale:
        print(f"{'differs' if '--check' in arguments else 'written'}: {name}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
