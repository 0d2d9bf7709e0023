"""What an executor says when it fails, as one sentence with the mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leverage.errors import LeverageError, clip


class Lost(LeverageError):
    """Chunks that came to no end, through no fault of the model or the question."""

    def __init__(self, chunks: Sequence[int], why: str, mend: str) -> None:
        many = f"chunks {chunks[0]:,} to {chunks[-1]:,}" if len(chunks) > 1 else f"chunk {chunks[0]:,}"
        super().__init__(f"{many} of the run: {why}; {mend}")


# by the name of the fault's class or of one that it descends from, so that no library is loaded to look
CAUSES = {
    "KilledWorker": (
        "its workers died one after the other",
        "most often for want of memory: start workers with more of it",
    ),
    "BrokenExecutor": (
        "a worker of the executor died",
        "most often for want of memory: run fewer workers at a time, in a new executor",
    ),
    "CancelledError": ("the executor or its cluster was closed", "start it again"),
    "CommClosedError": ("the connection to the cluster was lost", "start it again"),
    "PicklingError": ("a task could not be sent to the executor", "use threads= in its place"),
}


def explained(fault: Exception, chunks: Sequence[int]) -> Exception:
    """The fault in words where it is one of the executor's; else the fault itself, which is the work's own."""
    for each in _line(fault):
        if isinstance(each, ModuleNotFoundError) and (each.name or "").partition(".")[0] == "leverage":
            return Lost(chunks, "the workers have no leverage", "install kpi-leverage on each of them, in this version")
        for kind in type(each).__mro__:
            if kind.__name__ in CAUSES:
                why, mend = CAUSES[kind.__name__]
                said = f" ({clip(' '.join(str(each).split()), 120)})" if str(each) else ""
                return Lost(chunks, why + said, mend)
    if isinstance(fault, RuntimeError) and "after shutdown" in str(fault):
        return Lost(chunks, "the executor is shut down", "give one that is open")
    return fault


def _line(fault: BaseException | None) -> Iterator[BaseException]:
    """The fault, and what it came of."""
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__
