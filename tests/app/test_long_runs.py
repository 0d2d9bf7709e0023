"""A long run as a process: killed, stopped, out of disk, on a cluster; it goes on, and ends on the same bytes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.app.models import cafe
from tests.app.running import environment, here
from tests.app.terminals import seen, wiped
from tests.work.clusters import cluster, free_port

# The command with streaming from 100,000 samples on, and a checkpoint as often as the twentieth of the time allows.
SHORT = """
import sys
from leverage.verbs.draws import chance
from leverage.work import checkpoint
chance.KEPT, checkpoint.EVERY, checkpoint.SHARE = 100_000, float(sys.argv.pop(1)), 1
from leverage.app.cli import main
main()
"""
OFTEN, SELDOM = "0.02", "5"
GOES_ON = "the same command goes on from run.part"
TOOK = re.compile(r"took over ([\d,]+) of ([\d,]+) chunks from run\.part")


@dataclass
class Command:
    """A command in a process of its own, in a folder of its own."""

    folder: Path
    words: tuple[str, ...]
    every: str = OFTEN
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SHORT, self.every, *self.words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=environment(),
        )

    def at_work(self, writings: int = 1) -> None:
        """Comes back once the checkpoint was written so often: the first time is before any work."""
        files = {-1 if not (path := self.folder / "run.part").exists() else path.stat().st_mtime_ns}
        while self.process.poll() is None and len(files) <= writings:
            time.sleep(0.005)
            with suppress(FileNotFoundError):
                files.add(path.stat().st_mtime_ns)

    def ended(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=120)
        return self.process.returncode, out.decode(), err.decode()


def words(samples: str, *more: str, verb: str = "simulate") -> tuple[str, ...]:
    return (verb, "cafe.yaml", "--samples", samples, "--json", *more)


def killed_again_and_again(folder: Path, kills: int, samples: str, verb: str, *more: str) -> None:
    cafe(folder)
    wanted = Command(folder, words(samples, *more, verb=verb)).ended()
    assert (wanted[0], wanted[2]) == (0, "")
    random, done = Random(1), [0]
    for _ in range(kills):
        run = Command(folder, words(samples, "--checkpoint", "run.part", *more, verb=verb))
        run.at_work(writings=3)
        time.sleep(random.uniform(0, 0.3))
        run.process.kill()
        err = run.ended()[2]
        done += [int(found[1].replace(",", "")) for found in [TOOK.search(err)] if found]
    status, out, err = Command(folder, words(samples, "--checkpoint", "run.part", *more, verb=verb)).ended()
    assert (status, out) == wanted[:2]
    found = TOOK.search(err)
    assert found is not None
    done.append(int(found[1].replace(",", "")))
    assert done == sorted(done)  # what stood in the file stays in it
    assert done[-1] > 0
    assert not (folder / "run.part").exists()


@pytest.mark.parametrize(
    ("verb", "kills", "samples", "threads"), [("simulate", 3, "30M", "1"), ("levers", 2, "10M", "2")]
)
def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(
    verb: str, kills: int, samples: str, threads: str, tmp_path: Path
) -> None:
    killed_again_and_again(tmp_path, kills, samples, verb, "--threads", threads)


@pytest.mark.slow
@pytest.mark.parametrize("threads", ["1", "2"])
def test_killed_twenty_times_it_goes_on_to_the_same_bytes(threads: str, tmp_path: Path) -> None:
    killed_again_and_again(tmp_path, 20, "100M", "simulate", "--threads", threads)


def a_second() -> float:
    """A second; on a busy machine what forty bare interpreters take to start: half of one where it is free."""
    begun = time.monotonic()
    for _ in range(4):
        subprocess.run([sys.executable, "-S", "-E", "-c", ""], check=True)
    return max(1.0, 10 * (time.monotonic() - begun))


@pytest.mark.parametrize("threads", ["1", "2"])
def test_ctrl_c_ends_within_a_second_and_says_how_to_go_on(threads: str, tmp_path: Path) -> None:
    cafe(tmp_path)
    run = Command(tmp_path, words("10B", "--threads", threads, "--checkpoint", "run.part"), SELDOM)
    run.at_work()
    time.sleep(0.3)
    run.process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    status, out, err = run.ended()
    assert time.monotonic() - begun < a_second()
    assert (status, out, err.strip()) == (130, "", f"stopped; {GOES_ON}")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cafe.yaml", "run.part"]
    again = Command(tmp_path, words("10B", "--checkpoint", "run.part"), SELDOM)
    assert again.process.stderr is not None
    found = TOOK.search(again.process.stderr.readline().decode())
    again.process.kill()
    again.ended()
    assert found is not None
    assert int(found[1].replace(",", "")) > 0  # Ctrl-C wrote what was done since the run began


def test_a_bar_on_a_terminal_counts_samples_and_leaves_standard_output_alone(tmp_path: Path) -> None:
    cafe(tmp_path)
    status, out, shown = seen([sys.executable, "-c", SHORT, SELDOM, *words("60M")], tmp_path)
    assert status == 0
    assert re.search(rb"[\d.]+M/60\.0M .* samples/s", shown)
    assert wiped(shown)
    assert out.startswith(b"{")
    assert out.count(b"\n") == 1


def test_without_a_terminal_nothing_is_shown(tmp_path: Path) -> None:
    cafe(tmp_path)
    assert Command(tmp_path, words("20M"), SELDOM).ended()[2] == ""


def test_a_second_run_on_the_same_checkpoint_is_refused(tmp_path: Path) -> None:
    cafe(tmp_path)
    first = Command(tmp_path, words("10B", "--checkpoint", "run.part"), SELDOM)
    first.at_work()
    second = Command(tmp_path, words("10B", "--checkpoint", "run.part"), SELDOM).ended()
    first.process.kill()
    first.ended()
    told = "run.part: another run is writing this checkpoint; wait for it, or name another file\n"
    assert second == (2, "", told)


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--checkpoint", "nowhere/run", "nowhere/run: the file cannot be written: no such file or folder\n"),
        (
            "--checkpoint",
            "cafe.yaml",
            "cafe.yaml: no checkpoint can be read from it (it is something else, or a part of one); delete it",
        ),
        ("--executor", "ray://a:1", "executor 'ray://a:1': write dask://HOST:PORT; in Python a concurrent.futures."),
    ],
)
def test_a_place_or_file_that_cannot_be_is_refused(option: str, value: str, told: str, tmp_path: Path) -> None:
    path = cafe(tmp_path)
    before = path.read_bytes()
    ran = here("simulate", "cafe.yaml", option, value, folder=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(told)
    assert path.read_bytes() == before


def test_a_file_that_no_run_took_for_its_own_is_left_alone(tmp_path: Path) -> None:
    """Nothing is uncertain, so nothing is drawn, and the file has nothing to do with the answer."""
    (tmp_path / "sure.yaml").write_text("kgi: a\nmetrics: {a: 2 * b, b: {value: 3, lever: {min: 1, max: 4}}}\n")
    (tmp_path / "notes.txt").write_text("mine")
    assert here("levers", "sure.yaml", "--checkpoint", "notes.txt", folder=tmp_path).status == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_an_answer_that_cannot_be_printed_is_not_lost(tmp_path: Path) -> None:
    cafe(tmp_path)
    script = [sys.executable, "-c", SHORT, SELDOM, *words("500k", "--checkpoint", "run.part")]
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            script, stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, env=environment(), check=False, timeout=60
        )
    assert ran.returncode == 2
    assert b"No space left on device" in ran.stderr
    status, out, err = Command(tmp_path, words("500k", "--checkpoint", "run.part")).ended()
    assert (status, "took over 8 of 8 chunks" in err) == (0, True)
    assert out == Command(tmp_path, words("500k")).ended()[1]
    assert not (tmp_path / "run.part").exists()


# --- a cluster -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("dask")) as found:
        yield found


@pytest.mark.parametrize("verb", ["simulate", "levers"])
def test_a_cluster_prints_the_same_bytes(verb: str, dask: str, tmp_path: Path) -> None:
    cafe(tmp_path)
    one = Command(tmp_path, words("700k", verb=verb)).ended()
    assert Command(tmp_path, words("700k", "--executor", dask, verb=verb)).ended() == one
    assert (one[0], one[2]) == (0, "")


def test_a_run_that_was_stopped_goes_on_on_a_cluster(dask: str, tmp_path: Path) -> None:
    cafe(tmp_path)
    run = Command(tmp_path, words("30M", "--checkpoint", "run.part"))
    run.at_work()
    time.sleep(0.2)
    run.process.kill()
    run.ended()
    status, out, err = Command(tmp_path, words("30M", "--checkpoint", "run.part", "--executor", dask)).ended()
    assert (status, bool(TOOK.search(err))) == (0, True)
    assert out == Command(tmp_path, words("30M")).ended()[1]


def test_ctrl_c_on_a_cluster_ends_within_a_second(dask: str, tmp_path: Path) -> None:
    cafe(tmp_path)
    run = Command(tmp_path, words("10B", "--checkpoint", "run.part", "--executor", dask), SELDOM)
    run.at_work()
    time.sleep(2)
    run.process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    status, out, err = run.ended()
    assert time.monotonic() - begun < a_second()
    assert (status, out, err.strip().splitlines()[-1]) == (130, "", f"stopped; {GOES_ON}")


def test_a_cluster_that_is_not_there_is_2_and_says_how_to_start_it(tmp_path: Path) -> None:
    cafe(tmp_path)
    port = free_port()
    told = f"dask://127.0.0.1:{port}: no Dask scheduler answers there; start it: dask scheduler --port {port}\n"
    assert Command(tmp_path, words("1k", "--executor", f"dask://127.0.0.1:{port}")).ended() == (2, "", told)


POOLED = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from leverage.model import load
if __name__ == "__main__":
    try:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            load("cafe.yaml").simulate(samples=10**10, executor=pool, checkpoint="run.part")
    except KeyboardInterrupt as stop:
        print(stop)
"""


def test_ctrl_c_with_a_process_pool_ends_once_its_tasks_do(tmp_path: Path) -> None:
    """The pool, which is the caller's, waits for the tasks that it has begun and for those in its queue."""
    cafe(tmp_path)
    (tmp_path / "pooled.py").write_text(POOLED)
    process = subprocess.Popen(
        [sys.executable, "pooled.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment()
    )
    while not (tmp_path / "run.part").exists():
        time.sleep(0.01)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - begun < 2 * a_second()
    assert (out, err) == (b"the same command goes on from run.part\n", b"")
