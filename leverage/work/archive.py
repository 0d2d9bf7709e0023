"""Plain arrays under a header, in one file that is old or new and never half: npz, nothing in it is ever unpickled."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO
from zipfile import is_zipfile

import numpy as np
from numpy.typing import NDArray

from leverage.errors import LeverageError, Place
from leverage.files import NoFile

HEADER = "header"


class Broken(LeverageError):
    """A file that is no checkpoint, or not all of one."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"no checkpoint can be read from it ({why}); delete it, or name another", at=Place(path))


def write(path: str, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """The file, under a temporary name beside it, on the disk, and only then under its own.

    Raises:
        NoFile: it cannot be written; the old one stands as it was.
    """
    draft = f"{path}.draft"
    told = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    try:
        with open(draft, "wb") as handle:
            np.savez(handle, **{HEADER: told}, **arrays)  # type: ignore[arg-type]
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(draft, path)
    except BaseException as fault:
        with suppress(OSError):
            os.unlink(draft)
        if isinstance(fault, OSError):
            raise NoFile(path, "written", fault) from None
        raise


def read(path: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays; every byte of them is held to the sums that the file carries.

    Raises:
        NoFile: it cannot be opened.
        Broken: it is damaged, or something else.
    """
    try:
        with open(path, "rb") as handle:
            arrays = _unpacked(path, handle)
        header = json.loads(bytes(arrays.pop(HEADER)))
        assert isinstance(header, dict)
    except LeverageError:
        raise
    except OSError as fault:
        raise NoFile(path, "read", fault) from None
    except Exception as fault:  # whatever a damaged archive leads its readers to
        raise Broken(path, " ".join(str(fault).split())[:80] or type(fault).__name__) from None
    return header, arrays


def _unpacked(path: str, handle: BinaryIO) -> dict[str, NDArray[Any]]:
    if not is_zipfile(handle):  # NumPy would take it for a pickle, and say how to load that
        raise Broken(path, "it is something else, or a part of one")
    handle.seek(0)
    with np.load(handle, allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
