"""One run a file: a lock that the system takes back when its process ends, however it ends."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_mine: set[str] = set()  # a process does not shut itself out
_guard = threading.Lock()

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        # of the process and not of the open file: worker processes that outlive a kill do not inherit it
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: str) -> Iterator[bool]:
    """Whether the lock file at the path is ours, until the end; it is removed then.

    Raises:
        OSError: its folder takes no files, or the file system has no locks.
    """
    path = os.path.realpath(path)
    with _guard:
        free = path not in _mine
        _mine.add(path)
    if not free:
        yield False
        return
    handle = None
    try:
        handle = _opened(path)
        yield handle is not None
    finally:
        if handle is not None:
            with suppress(OSError):
                os.unlink(path)  # before it is let go, so that whoever comes next makes its own
            os.close(handle)
        with _guard:
            _mine.discard(path)


def _opened(path: str) -> int | None:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(handle)
            if os.path.exists(path) and os.path.samestat(os.stat(path), os.fstat(handle)):
                return handle
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES: another process has it
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the holder removed it in between
