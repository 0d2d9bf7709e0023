"""Claim: `leverage evaluate` of a 60-metric model takes under three times what `import numpy, networkx` takes.

Run: python benchmarks/cold_start.py [RUNS]. Both commands start fresh processes in turn; the least CPU time (user and
system, of the child alone) of each counts, and the least wall time is printed beside it. The last line is JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def model(leaves: int = 30, formulas: int = 30) -> str:
    """A model file of 60 metrics: leaves of every kind, and formulas of two to four drivers over them."""
    lines = ["kgi: y29", "metrics:"]
    for i in range(leaves):
        lines.append(f"  x{i}: {{value: {100 + i}, range: [{80 + i}, {130 + i}], unit: USD}}")
    for i in range(formulas):
        last = f"y{i - 1}" if i else "x29"
        lines.append(f"  y{i}: {last} * 0.9 + x{i} * 2% + max(x{(i * 7) % 30}, x{(i * 11) % 30}) / 50")
    return "\n".join(lines) + "\n"


def cost(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of one fresh process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, wall


def main(runs: int) -> None:
    """Print the ratio of least CPU times."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sixty.yaml"
        file.write_text(model())
        own = [sys.executable, "-m", "leverage.app", "evaluate", str(file)]
        peer = [sys.executable, "-c", "import numpy, networkx"]
        taken = [(cost(own), cost(peer)) for _ in range(runs + 1)][1:]  # the first run fills the disk's cache
    cpu = [min(pair[side][0] for pair in taken) for side in (0, 1)]
    wall = [min(pair[side][1] for pair in taken) for side in (0, 1)]
    print(f"leverage evaluate, 60 metrics  {cpu[0] * 1000:6.0f} ms CPU  {wall[0] * 1000:6.0f} ms wall")
    print(f"import numpy, networkx         {cpu[1] * 1000:6.0f} ms CPU  {wall[1] * 1000:6.0f} ms wall")
    print(f"ratio                          {cpu[0] / cpu[1]:6.2f}         {wall[0] / wall[1]:6.2f}  (claim: under 3)")
    print(json.dumps({"claim": "cold_start", "ratio": cpu[0] / cpu[1], "wall_ratio": wall[0] / wall[1], "under": 3}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
