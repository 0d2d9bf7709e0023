"""The process of a command: it begins, answers, and ends with its status, whatever happens, in one message.

Data goes to standard output, talk to standard error. Exit status 0: done; 1: the question has no answer; 2: wrong
input; 130: Ctrl-C; 70: a fault of the program itself. A traceback never shows for anything that a user can cause.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from leverage.errors import LeverageError, NoAnswer, printable

TRACE = "LEVERAGE_TRACEBACK"  # set to see where a fault of the program itself lies


def main(arguments: list[str] | None = None) -> None:
    """Run a command; the process ends with its status."""
    sys.exit(status(sys.argv[1:] if arguments is None else arguments))


def status(arguments: list[str]) -> int:
    """What the command ends with: its exit status, every fault told in one message."""
    try:
        from leverage.app.commands import run  # here, so that Ctrl-C is met while modules are being loaded

        ended = run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except NoAnswer as no:
        return _told(str(no), 1)
    except LeverageError as fault:
        return _told(str(fault), 2)
    except KeyboardInterrupt as stop:  # with a word on how to go on, where a checkpoint stands
        return _told(f"stopped; {stop}" if str(stop) else "stopped", 130)
    except BrokenPipeError:  # whoever read has gone: nothing more to say
        return _hushed(0)
    except OSError as fault:
        return _hushed(_told(f"{fault.filename or 'the output'}: {fault.strerror or fault}", 2))
    except MemoryError:
        return _told("there is not enough memory for this; ask for fewer samples", 2)
    except Exception as fault:
        return _own(fault)
    return ended


def _own(fault: Exception) -> int:
    """The program itself is wrong: said so in one line, with the way to the traceback."""
    if os.environ.get(TRACE):
        raise fault
    cause = " ".join(str(fault).split())
    told = f"leverage itself has a fault here, your input may be right: {type(fault).__name__}: {cause}"
    return _told(f"{told}\nPlease report it; with {TRACE}=1 the same command shows where it lies.", 70)


def _told(message: str, ended: int) -> int:
    with suppress(OSError, ValueError):  # nobody listens
        print(printable(message), file=sys.stderr, flush=True)
    return ended


def _hushed(ended: int) -> int:
    """Where standard output takes no more, it leads nowhere from now on: the interpreter's last flush says nothing."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return ended
