"""Claim: 1e9 samples of a 60-metric tree stay under 1 GB, and killed runs, resumed, end on the same bytes.

`leverage simulate` with a checkpoint: once unbroken; then the same command again and again, killed at random moments
(SIGKILL, which no program can catch), until it ends. What both print has to be equal, byte for byte.
Run: python -m benchmarks.billion [SAMPLES] [KILLS]
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import HOME, Claim, Report, publish
from benchmarks.processes import LEVERAGE, cost
from benchmarks.workloads import shop

SAMPLES = 1_000_000_000
GIGABYTE = 1_000_000_000
THREADS = 2


def command(model: Path, samples: int, checkpoint: Path) -> list[str]:
    """The command whose cost is claimed; the same one resumes."""
    options = ["--samples", str(samples), "--points", "random", "--threads", str(THREADS)]
    return [*LEVERAGE, "simulate", str(model), *options, "--checkpoint", str(checkpoint), "--json"]


def killed(asked: list[str], after: float) -> bool:
    """Was the command still running after so many seconds, and killed then?"""
    process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HOME.parent)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def measured(samples: int = SAMPLES, kills: int = 5, seed: int = 0) -> Report:
    """One unbroken run, and one killed so many times, beside each other."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "shop.json"
        model.write_text(json.dumps(shop().mapping()), encoding="utf-8")
        whole = cost(command(model, samples, Path(folder) / "whole"))
        broken = command(model, samples, Path(folder) / "broken")
        # so that some kills fall into the start of the process, and all of them before the end
        times = [chance.uniform(0, 1.5 * whole.wall / max(kills, 1)) for _ in range(kills)]
        met = sum(killed(broken, after) for after in times)
        started = time.perf_counter()
        resumed = cost(broken)
        last = time.perf_counter() - started
    if resumed.printed != whole.printed:
        raise SystemExit(f"after {met} kills the figures are others than those of the unbroken run")
    memory = max(whole.memory, resumed.memory) / GIGABYTE
    claims = (Claim(f"{samples:,} samples: peak memory in GB", memory, 1.0, at_least=False),)
    seconds = {"unbroken, wall": whole.wall, "unbroken, CPU": whole.cpu, "last resume, wall": last}
    notes = (
        f"{samples:,} samples, {THREADS} threads: {samples / whole.wall / 1e6:.2f} million samples a second",
        f"killed {met} times at random moments, resumed: the same bytes",
    )
    return Report("billion", claims, seconds, notes)


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:])))
