"""A run on a real Dask cluster gives the bytes of one thread; where the cluster fails, a sentence has the mend."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leverage.errors import LeverageError
from leverage.work import cluster as dask
from leverage.work import place
from leverage.work.fold import fold
from tests.work.clusters import cluster, free_port
from tests.work.jobs import Fails, Line, Numbers

CHUNKS = 40
WORK = Numbers()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("dask")) as found:
        yield found


def total(job: Any = WORK, **where: Any) -> bytes:
    found: bytes = fold(job, Line(), chunks=CHUNKS, **where)["x"].tobytes()
    return found


def test_a_cluster_changes_no_byte_by_its_address_or_by_its_executor(address: str) -> None:
    assert total(executor=address) == total()
    with dask.Client(address.replace("dask", "tcp"), set_as_default=False) as client:
        executor = client.get_executor()
        assert place.width(executor) == 2
        assert total(executor=executor) == total()


def test_what_the_work_raises_there_is_raised_here(address: str) -> None:
    with pytest.raises(ZeroDivisionError, match="7"):
        total(Fails(7), executor=address)


def test_workers_that_die_are_told_with_the_mend(tmp_path: Path) -> None:
    with cluster(tmp_path, workers=1) as mine, pytest.raises(LeverageError) as told:
        total(Fails(0, "dies"), executor=mine)
    assert str(told.value).startswith("chunk 0 of the run: its workers died one after the other (")
    assert str(told.value).endswith("most often for want of memory: start workers with more of it")


BLIND = """
import importlib.abc, sys
class No(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] == "leverage":
            raise ModuleNotFoundError("No module named 'leverage'", name="leverage")
sys.meta_path.insert(0, No())
"""


def test_workers_without_leverage_are_told(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLIND)
    with cluster(tmp_path, env={"PYTHONPATH": str(tmp_path)}) as mine, pytest.raises(LeverageError) as told:
        total(executor=mine)
    assert str(told.value) == (
        "chunk 0 of the run: the workers have no leverage; install kpi-leverage on each of them, in this version"
    )


def test_where_nobody_listens_it_says_so_within_10_seconds() -> None:
    port, begun = free_port(), time.monotonic()
    with pytest.raises(LeverageError) as told:
        total(executor=f"dask://127.0.0.1:{port}")
    assert time.monotonic() - begun < 12
    assert str(told.value) == (
        f"dask://127.0.0.1:{port}: no Dask scheduler answers there; start it: dask scheduler --port {port}"
    )


def test_a_cluster_without_a_worker_is_told(tmp_path: Path) -> None:
    with cluster(tmp_path, workers=0) as empty, pytest.raises(LeverageError) as told:
        total(executor=empty)
    here = empty.removeprefix("dask://")
    assert str(told.value) == f"{empty}: the cluster has no worker; start some: dask worker {here}"


def test_without_the_library_the_extra_is_named() -> None:
    script = (
        "import sys; sys.modules['distributed'] = None\n"
        "from leverage.app.cli import main; main(['simulate', 'shop', '--executor', 'dask://127.0.0.1:1'])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == 'dask://HOST:PORT needs dask.distributed; pip install "kpi-leverage[cluster]"\n'
