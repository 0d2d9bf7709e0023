"""The command line as tests run it: in this process where words matter, in its own where time and memory do."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leverage.app.cli import status

COMMAND = (sys.executable, "-m", "leverage.app")
# A child's peak memory counts that of the process it was forked from, so a small one stands between, and measures.
MEASURED = """
import json, os, resource, sys, time
begun = time.monotonic()
child = os.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
_, ended, usage = os.wait4(child, 0)
unit = 1 if sys.platform == "darwin" else 1024
with open(sys.argv[1], "w") as out:
    json.dump({"status": os.waitstatus_to_exitcode(ended), "cpu": usage.ru_utime + usage.ru_stime,
               "wall": time.monotonic() - begun, "peak": usage.ru_maxrss * unit / 1e6}, out)
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it wrote; in a process of its own also CPU seconds and peak megabytes."""

    status: int
    out: str
    err: str
    cpu: float = 0.0
    wall: float = 0.0
    peak: float = 0.0

    @property
    def json(self) -> Any:
        """Standard output, which holds one JSON object and nothing else."""
        return json.loads(self.out)


def here(*words: object, folder: Path | None = None, stdin: bytes = b"") -> Ran:
    """The command in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with chdir(folder or Path.cwd()), redirect_stdout(out), redirect_stderr(err), _standard_input(stdin):
        ended = status([str(word) for word in words])
    return Ran(ended, *(stream.buffer.getvalue().decode() for stream in (out, err)))  # type: ignore[attr-defined]


@contextmanager
def _standard_input(data: bytes) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before


def apart(*words: object, folder: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
    """The command in a process of its own, measured."""
    told = folder / ".measured"
    ran = subprocess.run(
        [sys.executable, "-S", "-E", "-c", MEASURED, str(told), *COMMAND, *map(str, words)],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=environment(env),
        timeout=60,
        check=False,
    )
    figures = json.loads(told.read_text())
    told.unlink()
    return Ran(out=ran.stdout.decode(), err=ran.stderr.decode(), **figures)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without what decides how text looks, and with what the test wants."""
    plain = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")}
    return {**plain, **(more or {})}
