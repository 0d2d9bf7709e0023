"""A clock on a terminal for what takes over a second; nothing of it anywhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.app.models import cafe
from tests.app.running import COMMAND, environment
from tests.app.terminals import seen, wiped

# the command, with a reading of the model that takes two seconds
SLOW = """
import time
from leverage.app import answer, waiting
from leverage.app.cli import main
loaded = answer._loaded
answer._loaded = lambda path: (time.sleep(2), loaded(path))[1]
main(["evaluate", "cafe.yaml", "--json"])
"""


def test_a_clock_names_what_is_waited_for_and_leaves_a_clean_line(tmp_path: Path) -> None:
    cafe(tmp_path)
    status, out, shown = seen([sys.executable, "-c", SLOW], tmp_path)
    assert (status, out[:1]) == (0, b"{")
    assert b"reading cafe.yaml 00:01" in shown
    assert wiped(shown)


def test_what_is_quick_shows_nothing(tmp_path: Path) -> None:
    cafe(tmp_path)
    assert seen([*COMMAND, "evaluate", "cafe.yaml"], tmp_path)[2] == b""


def test_without_a_terminal_nothing_is_shown(tmp_path: Path) -> None:
    cafe(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", SLOW], capture_output=True, cwd=tmp_path, env=environment(), check=False, timeout=60
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
