"""Claim: 100,000 metrics load from YAML in 15 s, and compile, evaluate and give all elasticities in 5 s together.

A fresh process a size and round, at 1,000, 10,000 and 100,000 metrics: a tree in which every formula has two drivers.
The cost of a metric at the largest size over that at the smallest says how far from linear it is.
Run: python -m benchmarks.scale [ROUNDS]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Claim, Report, publish
from benchmarks.processes import cost

SIZES = (1_000, 10_000, 100_000)
CHILD = """
import json, sys, time
import leverage as lv
taken, clocks = {}, (time.perf_counter, time.process_time)
def timed(stage, work):
    before = [clock() for clock in clocks]
    result = work()
    taken[stage] = [clock() - then for clock, then in zip(clocks, before)]
    return result
model = timed("load", lambda: lv.load(sys.argv[1]))
timed("evaluate", model.evaluate)
timed("elasticities", model.elasticities)
print(json.dumps(taken))
"""


def model(metrics: int) -> str:
    """A file of about so many metrics: formulas of two drivers down to the leaves."""
    formulas = metrics // 2
    lines = ["kgi: m0", "metrics:"]
    lines += [f"  m{i}:\n    formula: m{2 * i + 1} + 0.5 * m{2 * i + 2}\n    unit: USD" for i in range(formulas)]
    lines += [f"  m{i}: {{value: {i % 97 + 1}, unit: USD}}" for i in range(formulas, 2 * formulas + 1)]
    return "\n".join(lines) + "\n"


def stages(file: Path) -> tuple[dict[str, list[float]], int]:
    """Wall and CPU seconds of each stage in a fresh process, and its peak memory in bytes."""
    spent = cost((sys.executable, "-c", CHILD, str(file)))
    return json.loads(spent.printed), spent.memory


def measured(rounds: int = 3, *, sizes: tuple[int, ...] = SIZES) -> Report:
    """Stages at every size, the least of some rounds."""
    seconds: dict[str, float] = {}
    notes = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "tree.yaml"
            file.write_text(model(size), encoding="utf-8")
            runs = [stages(file) for _ in range(rounds)]
        for stage in runs[0][0]:
            for place, clock in enumerate(("wall", "CPU")):
                seconds[f"{size:,} metrics: {stage}, {clock}"] = min(taken[stage][place] for taken, _ in runs)
        load, *rest = (seconds[f"{size:,} metrics: {stage}, CPU"] for stage in runs[0][0])
        memory = min(memory for _, memory in runs) / 1e6
        notes.append(f"{size:,} metrics: load {load:.2g} s, the rest {sum(rest):.2g} s, peak memory {memory:.0f} MB")
    return Report("scale", tuple(_claims(seconds, sizes)), seconds, tuple(notes))


def _claims(seconds: dict[str, float], sizes: tuple[int, ...]) -> list[Claim]:
    def of(size: int, *stages: str) -> float:
        return sum(seconds[f"{size:,} metrics: {stage}, CPU"] for stage in stages)  # one thread: wall on a free core

    first, last = sizes[0], sizes[-1]
    rest = ("evaluate", "elasticities")
    growth = (of(last, "load", *rest) / last) / (of(first, "load", *rest) / first)
    return [
        Claim(f"{last:,} metrics: CPU seconds to load", of(last, "load"), 15.0, at_least=False),
        Claim(
            f"{last:,} metrics: CPU seconds to compile, evaluate and find all slopes",
            of(last, *rest),
            5.0,
            at_least=False,
        ),
        Claim(f"CPU of a metric at {last:,} over that at {first:,}", growth, 2.0, at_least=False),
    ]


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:2])))
