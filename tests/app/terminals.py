"""A command whose standard error is a terminal: what a person would see of it."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.app.running import environment


def seen(command: Sequence[str], folder: Path) -> tuple[int, bytes, bytes]:
    """Its status, standard output, and all that went to the terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, cwd=folder, env=environment())
    os.close(theirs)
    shown = b"".join(iter(lambda: _read(ours), b""))
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    return process.returncode, out, shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


def wiped(shown: bytes) -> bool:
    """Whether the last line was made blank, and the cursor stands at its beginning."""
    return shown.endswith(b"\r") and shown.rsplit(b"\r", 2)[-2].strip() == b""
