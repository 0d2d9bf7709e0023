"""Files are read by their names, and written whole or not at all."""

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from leverage import files
from leverage.errors import InvalidModel, LeverageError
from leverage.files import load, save, source
from leverage.files.plain import to_python


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for each test, so that names in sentences are short."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"), [("a.yaml", "{x: 010}"), ("a.yml", "x: 010"), ("a", "x: 010"), ("a.JSON", '{"x": "010"}')]
)
def test_the_name_says_the_format(name: str, text: str) -> None:
    Path(name).write_text(text)
    value, file = load(name)
    assert to_python(value) == {"x": "010"}
    assert file == name
    assert value.at.file == name
    assert load(Path(name))[1] == name


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x: 1\n")))
    value, file = load("-")
    assert to_python(value) == {"x": "1"}
    assert file == "stdin"


def refuse_open(*_: object, **__: object) -> None:
    """As a system answers to someone who may not read a file; who runs tests as root may read all."""
    raise PermissionError(13, "Permission denied")


def test_a_file_that_is_not_there_or_no_file_is_refused(folder: Path) -> None:
    (folder / "folder").mkdir()
    (folder / "file").write_text("x: 1")
    for path, message in {
        "shop.yaml": "shop.yaml: the file cannot be read: no such file or folder",
        "folder": "folder: the file cannot be read: a folder, not a file",
        "file/a.yaml": "file/a.yaml: the file cannot be read: a part of the path is a file, not a folder",
        "": "the file cannot be read: no such file or folder",
        "a\0b": "a\\x00b: the file cannot be read: embedded null byte",
    }.items():
        with pytest.raises(files.NoFile) as refused:
            load(path)
        assert str(refused.value) == message
        assert isinstance(refused.value, LeverageError)


def test_a_file_that_may_not_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.open", refuse_open)
    with pytest.raises(files.NoFile) as refused:
        load("shop.yaml")
    assert str(refused.value) == "shop.yaml: the file cannot be read: permission denied"


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
@pytest.mark.parametrize("text", ["", "\n", "\ufeff"])
def test_an_empty_file_is_refused(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidModel) as refused:
        load(name)
    assert str(refused.value) == f"{name}: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"


def test_a_file_over_the_limit_is_refused_before_it_is_read_whole() -> None:
    Path("a.yaml").write_text("x: " + "1" * 100)
    with pytest.raises(LeverageError) as refused:
        load("/dev/zero", limit=1_000_000)
    assert str(refused.value) == "/dev/zero: the file is larger than the limit of 1 MB; is it the right one?"
    with pytest.raises(files.TooLarge):
        load("a.yaml", limit=102)
    assert load("a.yaml", limit=103)[1] == "a.yaml"


def test_the_source_is_the_text_as_it_stands() -> None:
    text = "\ufeffx: 1\r\ny: caf\u00e9\r"
    Path("a.yaml").write_bytes(text.encode())
    assert source("a.yaml") == (text, "a.yaml")
    save("b.yaml", text)
    assert Path("b.yaml").read_bytes() == text.encode()


def test_a_source_that_is_no_text_is_refused() -> None:
    Path("a.yaml").write_bytes(b"x: \xff")
    with pytest.raises(InvalidModel, match="byte 0xff is not UTF-8 text"):
        source("a.yaml")


def test_saving_replaces_a_file_and_keeps_its_permissions(folder: Path) -> None:
    Path("a.yaml").write_text("old")
    os.chmod("a.yaml", 0o640)
    save(Path("a.yaml"), "new")
    assert Path("a.yaml").read_text() == "new"
    assert stat.S_IMODE(os.stat("a.yaml").st_mode) == 0o640
    assert os.listdir(folder) == ["a.yaml"]


def test_a_link_stays_a_link(folder: Path) -> None:
    (folder / "models").mkdir()
    Path("models/a.yaml").write_text("old")
    os.symlink("models/a.yaml", "a.yaml")
    save("a.yaml", "new")
    assert os.path.islink("a.yaml")
    assert Path("models/a.yaml").read_text() == "new"


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(
    step: str, failure: BaseException, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.yaml").write_text("old")

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises((files.NoFile, KeyboardInterrupt)) as refused:
        save("a.yaml", "new")
    if isinstance(failure, OSError):
        assert str(refused.value) == "a.yaml: the file cannot be written: [Errno 28] No space left on device"
    assert Path("a.yaml").read_text() == "old"
    assert os.listdir(folder) == ["a.yaml"]


def test_what_cannot_be_written_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "folder").mkdir()
    for path, message in {
        "no/a.yaml": "no/a.yaml: the file cannot be written: no such file or folder",
        "folder": "folder: the file cannot be written: a folder, not a file",
    }.items():
        with pytest.raises(files.NoFile) as refused:
            save(path, "x")
        assert str(refused.value) == message
    Path("a.yaml").write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(files.NoFile, match=r"^a\.yaml: the file cannot be written: permission denied$"):
        save("a.yaml", "new")


def test_a_device_is_written_and_not_replaced() -> None:
    save(os.devnull, "x")
    assert not os.path.isfile(os.devnull)


def test_importing_the_room_loads_no_format() -> None:
    formats = ("yaml", "csv", "json", "tempfile", "numpy")
    code = f"import sys, leverage.files; print([name for name in {formats} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_reading_json_loads_no_yaml() -> None:
    Path("a.json").write_text("{}")
    code = "import sys, leverage.files as files; files.load('a.json'); print('yaml' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip() == "False"
