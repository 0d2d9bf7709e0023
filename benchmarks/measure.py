"""How is a claim measured? Contenders in turn, the least time of each, ratios of those, and one JSON of it all."""

from __future__ import annotations

import gc
import importlib
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

HOME = Path(__file__).parent
RESULTS = HOME / "results"
PEERS = ("openturns", "squigglepy", "numexpr", "jax", "casadi", "autograd", "SALib")
LONG_ENOUGH = 0.02  # seconds: what takes less is called several times at one reading of the clock
LEFT_OUT: list[str] = []  # peers that are not installed, each said once

Work = Callable[[], object]


@dataclass(frozen=True)
class Claim:
    """A ratio and its bound: ``at_least`` for how much faster than a peer, else at most that many times its cost."""

    text: str
    figure: float
    bound: float
    at_least: bool

    @property
    def met(self) -> bool:
        """Does the figure keep the bound?"""
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    @property
    def bounds(self) -> str:
        """The bound in words: ``at least 6``."""
        return f"{'at least' if self.at_least else 'at most'} {self.bound:g}"


@dataclass(frozen=True)
class Report:
    """What one file found: its claims, the times behind them in seconds, and what a reader has to know beside them."""

    name: str
    claims: tuple[Claim, ...]
    seconds: Mapping[str, float]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report as it is kept in `results`."""
        claims = [
            {"claim": claim.text, "figure": round(claim.figure, 4), "bound": claim.bounds, "met": claim.met}
            for claim in self.claims
        ]
        milliseconds = {name: round(taken * 1000, 4) for name, taken in self.seconds.items()}
        told = {"benchmark": self.name, "claims": claims, "milliseconds": milliseconds, "notes": list(self.notes)}
        return {**told, "left_out": list(LEFT_OUT), **machine()}


def publish(report: Report) -> None:
    """Print a report, its last line as JSON, and keep it in `results`."""
    told = report.to_dict()
    for name, taken in report.seconds.items():
        print(f"{name:<52} {taken * 1000:12.4g} ms")
    for claim in report.claims:
        print(f"{claim.text:<52} {claim.figure:12.3g}    {claim.bounds}: {'kept' if claim.met else 'NOT KEPT'}")
    for note in report.notes:
        print(f"Note: {note}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{report.name}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told))


def interleaved(
    contenders: Mapping[str, Work], *, rounds: int = 5, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """The least time that a call of each contender took, in seconds, one after the other in every round.

    Noise of a shared machine only adds time, so the least reading is the nearest to the work itself; taking turns
    gives every contender the same weather.
    """
    calls = {name: _calls(work, clock) for name, work in contenders.items()}
    least = dict.fromkeys(contenders, math.inf)
    for _ in range(rounds):
        for name, work in contenders.items():
            gc.collect()
            started = clock()
            for _ in range(calls[name]):
                work()
            least[name] = min(least[name], (clock() - started) / calls[name])
    return least


def _calls(work: Work, clock: Callable[[], float]) -> int:
    """How often to call at one reading: found in a run that also fills caches and compiles what compiles."""
    work()
    calls = 1
    while True:
        started = clock()
        for _ in range(calls):
            work()
        taken = clock() - started
        if taken >= LONG_ENOUGH / 2:
            return max(1, round(calls * LONG_ENOUGH / taken))
        calls *= 4


def peer(module: str, package: str | None = None) -> Any:
    """The module of a peer, or None, said aloud once, where it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError:
        left_out(f"{package or module} is not installed: pip install -e '.[benchmarks]'")
        return None


def left_out(why: str) -> None:
    """Say that a contender does not take part."""
    if why not in LEFT_OUT:
        LEFT_OUT.append(why)
        print(f"LEFT OUT: {why}", file=sys.stderr)


def apart(name: str, found: Mapping[str, float], truth: Mapping[str, float], errors: Mapping[str, float]) -> None:
    """Stop where a contender's figures are not the same quantity: more than 5 standard errors from the other's.

    Raises:
        SystemExit: two programs that compute different things are not to be compared.
    """
    for figure, value in found.items():
        if not abs(value - truth[figure]) <= 5 * errors[figure]:
            size = abs(value - truth[figure]) / errors[figure]
            raise SystemExit(f"{name}: {figure} is {value:g} and not {truth[figure]:g}: {size:.1f} standard errors")


def machine() -> dict[str, Any]:
    """Where and when: date, processor, cores, load, and the versions of what took part."""
    return {
        "date": date.today().isoformat(),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()] if hasattr(os, "getloadavg") else [],
        "versions": dict(versions(PEERS)),
    }


def processor() -> str:
    """What the machine calls its processor."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()


def versions(packages: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Python, NumPy, the compiler and the peers that are there."""
    yield "Python", platform.python_version()
    yield "numpy", np.__version__
    if shutil.which("gcc"):
        asked = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True)
        yield "gcc", asked.stdout.strip()
    for package in packages:
        try:
            yield package, metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
