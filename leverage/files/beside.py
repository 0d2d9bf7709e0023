"""Which file does a model name? One in its own folder or below it: a model file is not trusted to open any other."""

from __future__ import annotations

import ntpath
import os
import stat

from leverage.errors import LeverageError, Place, clip
from leverage.files import CAUSES

MEND = "name a file in the model's folder, or below it as actuals/2027.csv"
LONGEST = 1_000  # characters of a path


class NotBeside(LeverageError):
    """A path that leads out of the model's folder, or to no plain file in it."""

    def __init__(self, name: str, fault: str, mend: str, *, at: Place) -> None:
        super().__init__(f"{clip(name)!r} {fault}; {mend}", at=at)


def beside(model: str, name: str, *, at: Place) -> str:
    """The path of a file that a model names, as it is to be opened.

    Args:
        model: the model's own file; of one that is none ("stdin", ""), names count from the working directory.
        name: as the model has it, with ``/`` between folders.
        at: where the name stands.

    Raises:
        NotBeside: it leads elsewhere, by its parts or by a link, or what is there is no file.
    """
    fault = _fault(name)
    if fault:
        raise NotBeside(name, fault, MEND, at=at)
    folder = os.path.dirname(model) or os.curdir
    path = os.path.join(folder, name) if os.path.dirname(model) else name
    try:
        home, there = os.path.realpath(folder), os.path.realpath(path)
        if os.path.commonpath([home, there]) != home:
            raise NotBeside(name, "is a link out of the model's folder", "copy the file there", at=at)
        plain = stat.S_ISREG(os.stat(there).st_mode)  # a pipe or a device would be waited for
    except OSError as error:
        cause = next((cause for kind, cause in CAUSES if isinstance(error, kind)), "not to be opened")
        raise NotBeside(name, f"cannot be read: {cause}", MEND, at=at) from None
    if not plain:
        raise NotBeside(name, "is no file", MEND, at=at)
    return path


def _fault(name: str) -> str:
    """What is wrong with the name before anything is looked up; "" for nothing."""
    drive, rest = ntpath.splitdrive(name)
    faults = {
        "is no name of a file": not name.strip() or len(name) > LONGEST or not name.isprintable(),
        "is an absolute path": bool(drive) or rest.startswith(("/", "\\")),
        "leads out of the model's folder": ".." in name.replace("\\", "/").split("/"),
        "has a backslash": "\\" in name,  # a folder on some systems, a letter on others
    }
    return next((fault for fault, met in faults.items() if met), "")
