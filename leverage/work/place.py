"""Where chunks are worked: in line, on threads of this process, on an executor handed in, on a cluster by its address.

The figures do not depend on it. An executor is anything that ``concurrent.futures`` calls one: a process pool, Dask's
``Client.get_executor()``, an MPI pool.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from threading import Event
from typing import Any

from leverage.errors import LeverageError, clip, listed
from leverage.work.job import Job, itself

POOL = 0.1  # seconds: Ctrl-C waits for the tasks that a pool has begun, and for those in its queue
CLUSTER = 0.5  # a scheduler hands out a few hundred tasks a second, to all workers together


class BadExecutor(LeverageError):
    """What was given as an executor is none."""

    def __init__(self, found: object) -> None:
        shown = repr(clip(found)) if isinstance(found, str) else type(found).__name__
        ways = listed([scheme.shape for scheme in SCHEMES.values()])
        super().__init__(f"executor {shown}: write {ways}; in Python a concurrent.futures.Executor may be given, too")


class NoLibrary(LeverageError):
    """A cluster of a kind whose library is not installed."""

    def __init__(self, scheme: Scheme) -> None:
        super().__init__(f'{scheme.shape} needs {scheme.package}; pip install "kpi-leverage[{scheme.extra}]"')


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of cluster: ``name://HOST:PORT``. ``module.connected(address)`` gives its executor."""

    name: str
    package: str
    module: str
    extra: str

    @property
    def shape(self) -> str:
        """How an address is written."""
        return f"{self.name}://HOST:PORT"

    def connected(self, address: str) -> AbstractContextManager[Executor]:
        """The cluster's executor.

        Raises:
            NoLibrary: what talks to it is not installed.
        """
        try:
            module = import_module(self.module)
        except ImportError:
            raise NoLibrary(self) from None
        found: AbstractContextManager[Executor] = module.connected(address)
        return found


SCHEMES = {row.name: row for row in (Scheme("dask", "dask.distributed", "leverage.work.cluster", "cluster"),)}


@dataclass(frozen=True, slots=True)
class Place:
    """An open place. ``executor`` None: in line. ``stop`` ends threads' work.

    ``task``: seconds that a task is made to last where it is pickled and sent, which costs milliseconds; elsewhere 0,
    and a task is one chunk.
    """

    executor: Executor | None = None
    workers: int = 1
    task: float = 0.0
    stop: Event | None = field(default=None, compare=False)


def checked(executor: Any) -> Executor | str | None:
    """The executor, or the address of one.

    Raises:
        BadExecutor: it is neither.
    """
    if executor is None or isinstance(executor, Executor):
        return executor
    if isinstance(executor, str):
        scheme, _, address = executor.partition("://")
        host, _, port = address.rpartition(":")
        if scheme in SCHEMES and host and port.isdecimal():
            return executor
    raise BadExecutor(executor)


@contextmanager
def opened(threads: int = 1, executor: Executor | str | None = None) -> Iterator[Place]:
    """The place, ready; what was opened for it is closed again, and what still runs on threads is ended."""
    if isinstance(executor, str):
        scheme, _, address = executor.partition("://")
        with SCHEMES[scheme].connected(address) as found:
            yield Place(found, width(found), CLUSTER)
    elif isinstance(executor, ThreadPoolExecutor):
        yield Place(executor, width(executor), stop=Event())
    elif executor is not None:
        yield Place(executor, width(executor), POOL if _client(executor) is None else CLUSTER)
    elif threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            yield Place(pool, threads, stop=Event())
    else:
        yield Place()


def width(executor: Executor) -> int:
    """How many tasks it may run at a time, as far as it tells: as many as this machine has cores where it does not."""
    if (client := _client(executor)) is not None:
        return max(1, int(sum(client.nthreads().values())))
    told = getattr(executor, "_max_workers", None)  # of the standard library's, of loky's and of MPI's
    return told if isinstance(told, int) and told > 0 else os.cpu_count() or 1


def lent(executor: Executor, job: Job) -> Any:
    """What stands for the job in its tasks: on a Dask cluster a handle, so that it is sent once and not with each.

    It is the result of a task, which Dask makes again where the worker that holds it is lost.
    """
    client = _client(executor)
    return job if client is None else client.submit(itself, job, pure=False)


def _client(executor: Executor) -> Any:
    """Dask's client, of an executor that is one's."""
    client = getattr(executor, "_client", None)
    return client if hasattr(client, "nthreads") else None
