"""Files in and out: plain data with places by the format that a name says, and text back, whole or not at all.

A format's reader is imported when a file of its kind is read, so that importing this room costs next to nothing.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from typing import Protocol

from leverage.errors import LeverageError, Place
from leverage.files.plain import Plain
from leverage.files.raw import LIMITS, Limits, TooLarge, decode

STDIN = "-"
CAUSES: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "no such file or folder"),
    (IsADirectoryError, "a folder, not a file"),
    (NotADirectoryError, "a part of the path is a file, not a folder"),
    (PermissionError, "permission denied"),
)


class NoFile(LeverageError):
    """A path that cannot be read or written, and why."""

    def __init__(self, path: str, what: str, error: OSError | ValueError) -> None:
        cause = next((cause for kind, cause in CAUSES if isinstance(error, kind)), str(error))
        super().__init__(f"the file cannot be {what}: {cause}", at=Place(path))


class Reader(Protocol):
    """What every format's ``read`` is."""

    def __call__(self, text: bytes, file: str = "", *, limits: Limits = LIMITS) -> Plain:
        """Plain data with places."""
        ...


def load(path: str | os.PathLike[str], *, limit: int = LIMITS.size) -> tuple[Plain, str]:
    """The plain data of a file, and its name as findings give it.

    A name that ends in ``.json`` is read as JSON. Any other is read as YAML, and so is ``-``, which is standard input.

    Args:
        limit: bytes that are read at most.

    Raises:
        NoFile: it is missing, a folder, or may not be read.
        TooLarge: it has more bytes than the limit.
        InvalidModel: what it holds is no plain data; all findings.
    """
    data, file = read(path, limit=limit)
    return _reader(file)(data, file, limits=Limits(size=limit)), file


def source(path: str | os.PathLike[str], *, limit: int = LIMITS.size) -> tuple[str, str]:
    """The text of a file as it stands, its line ends included, and its name: what an edit begins with.

    Raises:
        NoFile, TooLarge, InvalidModel: as `load`.
    """
    data, file = read(path, limit=limit)
    decode(data, file)
    return data.decode(), file


def read(path: str | os.PathLike[str], *, limit: int = LIMITS.size) -> tuple[bytes, str]:
    """The bytes of a file or of standard input, and the name.

    Raises:
        NoFile, TooLarge: as `load`.
    """
    name = os.fspath(path)
    file = "stdin" if name == STDIN else name
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with open(name, "rb") as handle:
                data = handle.read(limit + 1)
    except (OSError, ValueError) as error:
        raise NoFile(file, "read", error) from None
    if len(data) > limit:
        raise TooLarge(limit, at=Place(file))
    return data, file


def save(path: str | os.PathLike[str], text: str) -> None:
    """Write a file as UTF-8, whole or not at all, even where power fails: readers see the old text or the new one.

    A link stays a link, and a file keeps its permissions.

    Raises:
        NoFile: its folder is missing, or it may not be written.
    """
    target = os.path.realpath(path)
    try:
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise PermissionError
        if os.path.exists(target) and not os.path.isfile(target):  # a device or a pipe has nothing to be replaced
            with open(target, "wb") as handle:
                handle.write(text.encode())
        else:
            _replace(target, text.encode())
    except (OSError, ValueError) as error:
        raise NoFile(os.fspath(path), "written", error) from None


def _replace(target: str, data: bytes) -> None:
    folder = os.path.dirname(target)
    draft = os.path.join(folder, f".leverage-{os.urandom(6).hex()}")
    try:
        with open(draft, "xb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        with suppress(FileNotFoundError):
            os.chmod(draft, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(draft, target)
    except BaseException:  # Ctrl-C, too, leaves nothing behind
        with suppress(OSError):
            os.unlink(draft)
        raise
    _settle(folder)


def _settle(folder: str) -> None:
    with suppress(OSError):  # not every system lets a folder be opened; there the name is safe without it
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reader(file: str) -> Reader:
    if file.lower().endswith(".json"):
        from leverage.files.json import read as read_json

        return read_json
    from leverage.files.yaml import read as read_yaml

    return read_yaml
