"""Claim: two threads answer `simulate` in two thirds of the wall time of one, or less.

The one claim in wall time: it needs two cores that are free. So what two threads of one bare NumPy function gain at
the same moment stands beside it, which share nothing and gain 2 on two free cores. Run: python -m benchmarks.threads
"""

from __future__ import annotations

import sys
import time
from functools import partial
from threading import Thread

import numpy as np

import leverage as lv
from benchmarks.measure import Claim, Report, Work, interleaved, publish
from benchmarks.workloads import shop

SAMPLES = (1_000_000, 4_000_000)
BARE = "bare np.exp"


def measured(rounds: int = 7, *, sizes: tuple[int, ...] = SAMPLES) -> Report:
    """Wall time of one thread and of two, random samples."""
    model = lv.Model(**shop().mapping())
    works: dict[str, Work] = {
        _name(n, threads): partial(model.simulate, samples=n, points="random", threads=threads)
        for n in sizes
        for threads in (1, 2)
    }
    works |= {_name(BARE, threads): partial(bare, threads) for threads in (1, 2)}
    seconds = interleaved(works, rounds=rounds, clock=time.perf_counter)
    claims = tuple(
        Claim(
            f"{n:,} samples: one thread's wall time over two's", seconds[_name(n, 1)] / seconds[_name(n, 2)], 1.5, True
        )
        for n in sizes
    )
    free = seconds[_name(BARE, 1)] / seconds[_name(BARE, 2)]
    return Report("threads", claims, seconds, (f"bare np.exp gains {free:.2f} on two threads at this moment",))


def bare(threads: int) -> None:
    """One NumPy function, called as often in all, by so many threads on arrays of their own."""

    def work() -> None:
        x, out = np.ones(16_384), np.empty(16_384)
        for _ in range(6_000 // threads):
            np.exp(x, out=out)

    running = [Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def _name(n: int | str, threads: int) -> str:
    what = n if isinstance(n, str) else f"{n:,} samples"
    return f"{what}, {threads} thread{'s' if threads > 1 else ''}"


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:2])))
