"""Still at it: what takes over a second says so on a terminal, with the seconds it has taken so far.

A thread beside the work keeps the clock, so that nothing that computes has to know of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from leverage.work.progress import AFTER, line

BEAT = 0.5  # seconds between two looks at the clock


@contextmanager
def waiting(what: str, shown: bool) -> Iterator[None]:
    """For as long as this lasts, ``what`` and a clock on standard error, and a clean line at the end."""
    if not shown:
        yield
        return
    done = Event()
    clock = Thread(target=_tick, args=(what, done), daemon=True)
    clock.start()
    try:
        yield
    finally:
        done.set()
        clock.join()


def _tick(what: str, done: Event) -> None:
    if done.wait(AFTER):
        return
    with line(desc=what, bar_format="{desc} {elapsed}") as bar:
        bar.start_t -= AFTER
        while not done.wait(BEAT):
            bar.refresh()
