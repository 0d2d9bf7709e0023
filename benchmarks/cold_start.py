"""Claim: `leverage evaluate` of a 60-metric model, cold, takes under three times the wall time of `import numpy`.

Both commands start fresh processes in turn; the least wall time of each counts, and the least CPU time is printed
beside it. Run: python -m benchmarks.cold_start [ROUNDS]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Claim, Report, publish
from benchmarks.processes import LEVERAGE, cost


def model(leaves: int = 30, formulas: int = 30) -> str:
    """A model file of 60 metrics: leaves of every kind, and formulas of two to four drivers over them."""
    lines = ["kgi: y29", "metrics:"]
    for i in range(leaves):
        lines.append(f"  x{i}: {{value: {100 + i}, range: [{80 + i}, {130 + i}], unit: USD}}")
    for i in range(formulas):
        last = f"y{i - 1}" if i else "x29"
        lines.append(f"  y{i}: {last} * 0.9 + x{i} * 2% + max(x{(i * 7) % 30}, x{(i * 11) % 30}) / 50")
    return "\n".join(lines) + "\n"


def measured(rounds: int = 9) -> Report:
    """Least wall and CPU times of both commands."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sixty.yaml"
        file.write_text(model(), encoding="utf-8")
        own, peer = (*LEVERAGE, "evaluate", str(file)), (sys.executable, "-c", "import numpy")
        runs = [(cost(own), cost(peer)) for _ in range(rounds + 1)][1:]  # the first run fills the disk's cache
    wall = [min(pair[side].wall for pair in runs) for side in (0, 1)]
    cpu = [min(pair[side].cpu for pair in runs) for side in (0, 1)]
    seconds = {"leverage evaluate, wall": wall[0], "import numpy, wall": wall[1]}
    seconds |= {"leverage evaluate, CPU": cpu[0], "import numpy, CPU": cpu[1]}
    claim = Claim("times the wall time of `import numpy`", wall[0] / wall[1], 3.0, at_least=False)
    return Report("cold_start", (claim,), seconds, (f"in CPU time {cpu[0] / cpu[1]:.2f} times",))


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:])))
