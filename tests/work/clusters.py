"""A real Dask cluster for the tests: a scheduler and worker processes of their own, on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from leverage.work.cluster import Client

ROOT = Path(__file__).parents[2]
SCHEDULER = """
import asyncio
from distributed import Scheduler
async def main():
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False, allowed_failures=0) as it:
        print(it.address, flush=True)
        await it.finished()
asyncio.run(main())
"""
WORKER = """
import asyncio, sys
from distributed import Worker
async def main():
    async with Worker(sys.argv[1], nthreads=1, dashboard=False, local_directory=sys.argv[2]) as it:
        print(it.address, flush=True)
        await it.finished()
asyncio.run(main())
"""


@contextmanager
def cluster(folder: Path, workers: int = 2, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a cluster, as ``dask://HOST:PORT``, once its workers have joined."""
    with ExitStack() as open:
        address = open.enter_context(started(SCHEDULER, env=env))
        for number in range(workers):
            open.enter_context(started(WORKER, address, str(folder / str(number)), env=env))
        if workers:
            with Client(address, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=30)
        yield address.replace("tcp://", "dask://")


@contextmanager
def started(script: str, *words: str, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """A process with the script, and the first line that it says."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    """A port where nobody listens."""
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
