"""A run goes on from its file as if it had never stopped; a file that is another's, broken or in use is refused."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from leverage.errors import LeverageError
from leverage.files import NoFile
from leverage.work import archive, checkpoint
from leverage.work.checkpoint import Checkpoint, Interrupted
from leverage.work.fold import fold
from leverage.work.said import Said
from tests.work.jobs import Fails, Line, Numbers, Unruly, processes

RUN = {"model": "abc", "seed": 0, "points": "sobol"}
CHUNKS = 30


@dataclass
class Clock:
    """A clock that goes on by so many seconds a chunk, and stands still in between."""

    step: float
    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def on(self, done: int) -> None:
        self.now += self.step


@dataclass
class Stops:
    """Told of every chunk; Ctrl-C after some."""

    after: int

    def __call__(self, done: int) -> None:
        if done == self.after:
            raise KeyboardInterrupt


def bytes_of(total: Any) -> bytes:
    return total["x"].tobytes() + total["n"].tobytes()


def whole() -> bytes:
    return bytes_of(fold(Numbers(), Line(), chunks=CHUNKS))


def stopped(path: Path, after: int = 12, **more: Any) -> str:
    with pytest.raises(Interrupted) as told:
        fold(Numbers(), Line(), chunks=CHUNKS, checkpoint=Checkpoint(str(path), RUN), told=Stops(after), **more)
    return str(told.value)


@pytest.mark.parametrize("after", [1, 12, 29])
@pytest.mark.parametrize("threads", [1, 3])
def test_a_run_that_was_stopped_goes_on_and_ends_on_the_same_bytes(after: int, threads: int, tmp_path: Path) -> None:
    path = tmp_path / "run"
    assert stopped(path, after, threads=threads) == f"the same command goes on from {path}"
    with pytest.warns(Said, match=rf"^took over \d+ of 30 chunks from {path}$") as said:
        found = fold(Numbers(), Line(), chunks=CHUNKS, checkpoint=Checkpoint(str(path), RUN), threads=threads)
    assert int(str(said[0].message).split()[2]) >= after
    assert bytes_of(found) == whole()
    assert list(tmp_path.iterdir()) == []


def test_what_was_finished_ahead_is_kept_and_not_worked_again(tmp_path: Path) -> None:
    """Chunk 0 ends last: all that the window has beyond it stands in the file, apart from the total."""
    path, worked = str(tmp_path / "run"), []

    class Spied(Numbers):
        def __call__(self, chunk: int) -> Any:
            worked.append(chunk)
            if chunk == 3 and worked.count(3) == 1:
                raise KeyboardInterrupt
            return super().__call__(chunk)

    class Last(Unruly):
        def one(self) -> None:
            future, work = self.open.pop()
            future.set_result(work())

    with pytest.raises(Interrupted):
        fold(Spied(), Line(), chunks=CHUNKS, checkpoint=Checkpoint(path, RUN), executor=Last(0, 4))
    ahead = sorted(set(worked) - {3})
    _, arrays = archive.read(path)
    assert {int(name.partition("/")[0]) for name in arrays} == set(ahead) == {4, 5, 6, 7}
    before = len(worked)
    with pytest.warns(Said, match="took over 4 of 30 chunks"):
        found = fold(Spied(), Line(), chunks=CHUNKS, checkpoint=Checkpoint(path, RUN), executor=Last(0, 4))
    assert bytes_of(found) == whole()
    assert not set(ahead) & set(worked[before:])


@pytest.mark.parametrize(("cost", "gap"), [(0.0, 5), (0.1, 5), (1.0, 20), (4.0, 80)])
def test_it_is_written_every_5_seconds_and_never_for_more_than_a_twentieth_of_the_time(
    cost: float, gap: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A second a chunk; a writing takes ``cost`` seconds."""
    clock, begun = Clock(1.0), []

    def write(path: str, header: Any, arrays: Any) -> None:
        begun.append(clock.now)
        clock.now += cost

    monkeypatch.setattr(checkpoint, "write", write)
    fold(Numbers(), Line(), chunks=200, checkpoint=Checkpoint(str(tmp_path / "run"), RUN, clock), told=clock.on)
    assert np.diff(begun).tolist() == pytest.approx([gap + cost] * (len(begun) - 1))
    assert len(begun) > 2
    assert sum([cost] * (len(begun) - 1)) <= clock.now / 20


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"seed": 7}, "seed 0 there and 7 here"),
        (
            {"model": "xyz", "points": "latin"},
            "model 'abc' there and 'xyz' here and points 'sobol' there and 'latin' here",
        ),
        ({"quantiles": [0.5]}, "quantiles None there and [0.5] here"),
    ],
)
def test_a_file_of_another_run_is_refused_with_what_differs(other: Any, told: str, tmp_path: Path) -> None:
    path = tmp_path / "run"
    stopped(path)
    before = path.read_bytes()
    with pytest.raises(LeverageError) as refused:
        fold(Numbers(), Line(), chunks=CHUNKS, checkpoint=Checkpoint(str(path), {**RUN, **other}))
    assert str(refused.value) == f"{path}: a checkpoint of another run: {told}; name another file, or delete it"
    assert path.read_bytes() == before


def test_a_file_of_more_chunks_than_the_run_has_is_broken(tmp_path: Path) -> None:
    stopped(tmp_path / "run", 20)
    with pytest.raises(archive.Broken, match=r"20 chunks of 10"):
        fold(Numbers(), Line(), chunks=10, checkpoint=Checkpoint(str(tmp_path / "run"), RUN))


def broken_files() -> dict[str, bytes]:
    other = io.BytesIO()
    np.savez(other, a=np.arange(3))
    text = io.BytesIO()
    with zipfile.ZipFile(text, "w") as file:
        file.writestr("header.npy", b"no array")
    pickled = io.BytesIO()
    np.savez(pickled, header=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    single = io.BytesIO()
    np.save(single, np.arange(3))
    return {
        "empty": b"",
        "text": b"kgi: a\n",
        "zeros": bytes(1000),
        "an archive of something else": other.getvalue(),
        "an archive of text": text.getvalue(),
        "an archive with a pickle": pickled.getvalue(),
        "a single array": single.getvalue(),
    }


@pytest.mark.parametrize("what", broken_files())
def test_a_file_that_is_no_checkpoint_is_refused_and_left_alone(what: str, tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.write_bytes(broken_files()[what])
    with pytest.raises(LeverageError) as refused:
        fold(Numbers(), Line(), chunks=CHUNKS, checkpoint=Checkpoint(str(path), RUN))
    assert str(refused.value).startswith(f"{path}: ")
    assert "delete it" in str(refused.value)
    assert path.read_bytes() == broken_files()[what]


def test_no_damage_to_a_file_passes_for_figures(tmp_path: Path) -> None:
    """A byte changed, or the end cut off: refused, or (in what the format does not read) the same figures."""
    path, random = tmp_path / "run", Random(0)
    stopped(path)
    sound = path.read_bytes()
    wanted = archive.read(str(path))
    for _ in range(300):
        data = bytearray(sound)
        if random.random() < 0.2:
            del data[random.randrange(len(data)) :]
        else:
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        path.write_bytes(data)
        try:
            header, arrays = archive.read(str(path))
        except archive.Broken:
            continue
        assert header == wanted[0]
        assert {name: array.tobytes() for name, array in arrays.items()} == {
            name: array.tobytes() for name, array in wanted[1].items()
        }


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return (Path(tmp_path / "gone").touch, ())

    path = tmp_path / "run"
    with open(path, "wb") as handle:
        np.savez(handle, header=np.array([Bomb()], dtype=object), allow_pickle=True)
    with pytest.raises(archive.Broken):
        archive.read(str(path))
    assert not (tmp_path / "gone").exists()


# --- what the machine refuses --------------------------------------------------------------------------------------

FULL = OSError(errno.ENOSPC, "No space left on device")


def failing(monkeypatch: pytest.MonkeyPatch, call: str, after: int) -> None:
    """From its n-th use on, one of the calls that write fails."""
    uses = [0]

    def wrapped(real: Any) -> Any:
        def use(*args: Any, **more: Any) -> Any:
            uses[0] += 1
            if uses[0] > after:
                raise FULL
            return real(*args, **more)

        return use

    module, name = {
        "savez": (archive.np, "savez"),
        "fsync": (archive.os, "fsync"),
        "replace": (archive.os, "replace"),
    }[call]
    monkeypatch.setattr(module, name, wrapped(getattr(module, name)))


@pytest.mark.parametrize("call", ["savez", "fsync", "replace"])
def test_where_the_first_writing_fails_nothing_is_worked(
    call: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failing(monkeypatch, call, 0)
    path = tmp_path / "run"
    with pytest.raises(NoFile) as refused:
        fold(Fails(0), Line(), chunks=CHUNKS, checkpoint=Checkpoint(str(path), RUN))
    assert "the file cannot be written" in str(refused.value)
    assert "No space left on device" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["savez", "fsync", "replace"])
@pytest.mark.parametrize("after", [1, 2, 5])
def test_where_a_later_writing_fails_the_run_says_so_once_and_ends_on_its_figures(
    call: str, after: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failing(monkeypatch, call, after)
    path = tmp_path / "run"
    clock = Clock(6.0)
    file = Checkpoint(str(path), RUN, clock)
    with pytest.warns(Said, match="No space left on device; the run goes on, and tries again") as said:
        found = fold(Numbers(), Line(), chunks=CHUNKS, checkpoint=file, told=clock.on)
    assert len(said) == 1
    assert bytes_of(found) == whole()


@pytest.mark.parametrize("call", ["savez", "fsync", "replace"])
def test_a_writing_that_fails_leaves_the_file_before_it(
    call: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "run"
    stopped(path)
    before = path.read_bytes()
    failing(monkeypatch, call, 0)
    with pytest.raises(NoFile):
        archive.write(str(path), RUN, {"a": np.arange(3)})
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("path", ["missing/run", ".", ""])
def test_a_path_that_takes_no_file_is_refused_before_any_work(path: str, tmp_path: Path) -> None:
    with pytest.raises(NoFile):
        fold(Fails(0), Line(), chunks=2, checkpoint=Checkpoint(str(tmp_path / path), RUN))


def test_where_a_worker_is_lost_what_was_done_stands_and_the_message_says_how_to_go_on(tmp_path: Path) -> None:
    path = str(tmp_path / "run")
    with processes(1) as pool, pytest.raises(LeverageError) as told:
        fold(Fails(20, "dies"), Line(), chunks=CHUNKS, checkpoint=Checkpoint(path, RUN), executor=pool)
    assert str(told.value).endswith(f", in a new executor; the same command goes on from {path}")
    with pytest.warns(Said, match=r"took over [1-9]\d* of 30 chunks"):
        found = fold(Numbers(), Line(), chunks=CHUNKS, checkpoint=Checkpoint(path, RUN))
    assert bytes_of(found) == whole()


# --- one run a file ------------------------------------------------------------------------------------------------

HOLDS = """
import sys, time
from leverage.work.lock import locked
with locked(sys.argv[1]) as mine:
    print(mine, flush=True)
    time.sleep(60)
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_a_second_run_on_the_same_file_is_refused_until_the_first_is_dead(tmp_path: Path) -> None:
    path = tmp_path / "run"
    first = holder(tmp_path / "run.lock")
    try:
        with pytest.raises(LeverageError) as refused:
            fold(Fails(0), Line(), chunks=2, checkpoint=Checkpoint(str(path), RUN))
    finally:
        first.kill()
        first.communicate()
    assert str(refused.value) == (f"{path}: another run is writing this checkpoint; wait for it, or name another file")
    assert bytes_of(fold(Numbers(), Line(), chunks=CHUNKS, checkpoint=Checkpoint(str(path), RUN))) == whole()
    assert list(tmp_path.iterdir()) == []


def test_a_process_shuts_itself_out_too(tmp_path: Path) -> None:
    file = Checkpoint(str(tmp_path / "run"), RUN)
    with file.held(), pytest.raises(checkpoint.InUse), Checkpoint(file.path, RUN).held():
        pass
    with file.held():
        pass
