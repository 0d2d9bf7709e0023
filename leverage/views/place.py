"""How does a file come to its place? In one step: no reader meets half of it, and a failure leaves the old one."""

from __future__ import annotations

import os
from pathlib import Path

from leverage.errors import LeverageError


class NotWritten(LeverageError):
    """A file that the file system did not take."""

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(f"cannot write '{path}': {cause.strerror or cause}")


def put(target: Path, content: bytes) -> None:
    """Put the content in the file's place.

    Raises:
        NotWritten: the file system refuses; what stood there before still stands.
    """
    try:
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            target.write_bytes(content)
            return
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            beside.write_bytes(content)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as cause:
        raise NotWritten(target, cause) from cause
