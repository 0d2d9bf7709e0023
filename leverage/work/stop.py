"""Stopping a thread that works: Ctrl-C reaches the main thread alone, so the others ask between blocks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()


class Stopped(Exception):
    """The run was given up while this thread worked for it; nobody reads the answer."""


def breathe() -> None:
    """Called between blocks; ends the work where the run that it belongs to has been given up.

    Raises:
        Stopped: it has.
    """
    event: threading.Event | None = getattr(_here, "event", None)
    if event is not None and event.is_set():
        raise Stopped


@contextmanager
def heeding(event: threading.Event | None) -> Iterator[None]:
    """Work under way in this thread that ends at its next breath once the event is set."""
    before = getattr(_here, "event", None)
    _here.event = event
    try:
        yield
    finally:
        _here.event = before
