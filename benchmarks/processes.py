"""What does a fresh process cost? CPU and wall seconds and peak memory of a command, the child's alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measure import HOME

LEVERAGE = (sys.executable, "-m", "leverage.app")
KILOBYTES = 1 if sys.platform == "darwin" else 1024  # bytes to the unit that the system counts memory in


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU (user and system) and of wall time, peak memory in bytes, and what the process printed."""

    cpu: float
    wall: float
    memory: int
    printed: bytes


def cost(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end.

    Raises:
        SystemExit: it ended with an error.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=HOME.parent, env=environment)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * KILOBYTES, printed)
