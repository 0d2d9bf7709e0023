"""A Dask cluster by its scheduler's address; the one file that loads dask.distributed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from dask import config
from distributed import Client

from leverage.errors import LeverageError

PATIENCE = 8  # seconds for the scheduler to answer, and for a first worker to be there


class Unreachable(LeverageError):
    """No cluster answers at the address, or one without a worker."""

    def __init__(self, address: str, why: str, mend: str) -> None:
        super().__init__(f"dask://{address}: {why}; {mend}")


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """The executor of the cluster whose scheduler listens there, once it has a worker.

    Raises:
        Unreachable: within 10 seconds or so.
    """
    with _quiet():
        client = _client(address)
        try:
            if not client.nthreads():
                _joined(client, address)
            yield client.get_executor()
        finally:
            client.close(timeout=1)


def _client(address: str) -> Client:
    try:
        return Client(f"tcp://{address}", timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError):  # a time-out is an OSError
        raise Unreachable(
            address, "no Dask scheduler answers there", f"start it: dask scheduler --port {address.rpartition(':')[2]}"
        ) from None


def _joined(client: Client, address: str) -> None:
    """Comes back with the first worker."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE / 4)
    except TimeoutError:
        raise Unreachable(address, "the cluster has no worker", f"start some: dask worker {address}") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own talk, of lost connections and of jobs that are long to send, while others say what matters."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
            yield
    finally:
        log.setLevel(before)
