"""Claim: Sobol points give the mean as exactly as 1e6 random samples in a fiftieth of the time.

First the number of points is found whose error, over many seeds, is no larger than that of 1e6 random samples; then
both are timed: with the tables that a run builds and keeps, and cold, building them.
Run: python -m benchmarks.sobol_mean
"""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import numpy as np

import leverage as lv
from benchmarks.measure import Claim, Report, interleaved, publish
from benchmarks.processes import cost
from benchmarks.workloads import shop

RANDOM = 1_000_000
SEEDS = 16
POINTS = tuple(2**k for k in range(10, 18))
REFERENCE = 2**20  # Sobol points a seed, of other seeds than those judged


def truth(model: lv.Model, points: int, seeds: int = 4) -> tuple[float, float]:
    """The KGI's mean and sd, far closer than what is judged by it."""
    found = [model.simulate(samples=points, seed=1000 + seed)[model.tree.kgi] for seed in range(seeds)]
    return float(np.mean([each.mean for each in found])), found[0].sd


def error(model: lv.Model, mean: float, points: int, seeds: int) -> float:
    """Root mean square error of the mean by so many Sobol points."""
    means = [model.simulate(samples=points, seed=seed)[model.tree.kgi].mean for seed in range(seeds)]
    return float(np.sqrt(np.mean((np.array(means) - mean) ** 2)))


def needed(model: lv.Model, samples: int, seeds: int, reference: int = REFERENCE) -> tuple[int, float, float]:
    """The fewest Sobol points that are as exact as random samples, and the errors of both."""
    mean, sd = truth(model, reference)
    allowed = sd / math.sqrt(samples)
    for points in POINTS:
        reached = error(model, mean, points, seeds)
        if reached <= allowed:
            return points, reached, allowed
    raise SystemExit(f"{POINTS[-1]:,} Sobol points are not as exact as {samples:,} random samples")


FRESH = """
import json, sys, time
import leverage as lv
other = {"kgi": "y", "metrics": {"y": "x + z", "x": {"value": 1, "uncertainty": "pert(0, 1, 7)"},
         "z": {"value": 1, "uncertainty": "normal(1, 0.1)"}}}
lv.Model(**other).simulate(samples=64)
model = lv.Model(**json.loads(sys.argv[1]))
started = time.process_time()
model.simulate(samples=int(sys.argv[2]), seed=3, points="sobol")
print(time.process_time() - started)
"""


def cold(mapping: dict[str, Any], points: int) -> float:
    """CPU seconds of a model's first run in a fresh process that has loaded the code by running another model."""
    return float(cost((sys.executable, "-c", FRESH, json.dumps(mapping), str(points))).printed)


def measured(samples: int = RANDOM, rounds: int = 5, seeds: int = SEEDS) -> Report:
    """Points needed, and the times of both kinds, warm and cold."""
    mapping = shop().mapping()
    model = lv.Model(**mapping)
    points, reached, allowed = needed(model, samples, seeds)
    seconds = interleaved(
        {
            "Sobol points": lambda: model.simulate(samples=points, seed=3, points="sobol"),
            "random samples": lambda: model.simulate(samples=samples, seed=3, points="random"),
        },
        rounds=rounds,
    )
    seconds["Sobol points, first run"] = min(cold(mapping, points) for _ in range(rounds))
    warm, first = (seconds["random samples"] / seconds[name] for name in seconds if name.startswith("Sobol"))
    claims = (
        Claim("times as fast as random samples, tables built", warm, 50, at_least=True),
        Claim("times as fast as random samples, tables to build", first, 15, at_least=True),
    )
    notes = (
        f"error of the mean over {seeds} seeds: {points:,} Sobol points {reached:.3g}, "
        f"{samples:,} random samples {allowed:.3g} (sd / root of n)",
    )
    return Report("sobol_mean", claims, seconds, notes)


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:])))
