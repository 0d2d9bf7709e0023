"""Which files a model may name: those in its folder and below. A model file may come from anybody."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leverage.errors import LeverageError, Place
from leverage.files.beside import MEND, NotBeside, beside

AT = Place("m.yaml", 3, 17)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A model's folder with a file and a folder, and a secret beside it."""
    (tmp_path / "secret.csv").write_text("b\n1\n")
    (tmp_path / "home-away").mkdir()
    (tmp_path / "home-away" / "secret.csv").write_text("b\n1\n")
    model = tmp_path / "home"
    (model / "deep").mkdir(parents=True)
    (model / "a.csv").write_text("b\n1\n")
    (model / "deep" / "b.csv").write_text("b\n1\n")
    return model


def refused(model: Path | str, name: str) -> str:
    with pytest.raises(NotBeside) as caught:
        beside(os.fspath(model), name, at=AT)
    assert caught.value.at == AT
    return caught.value.message


@pytest.mark.parametrize("name", ["a.csv", "deep/b.csv", "./a.csv", "deep//b.csv"])
def test_a_file_beside_the_model_or_below_it_is_found(home: Path, name: str) -> None:
    assert Path(beside(str(home / "m.yaml"), name, at=AT)).read_text() == "b\n1\n"


@pytest.mark.parametrize("model", ["m.yaml", "stdin", ""])
def test_a_model_of_no_folder_counts_from_the_working_directory(
    home: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    assert beside(model, "deep/b.csv", at=AT) == "deep/b.csv"
    assert "leads out" in refused(model, "../secret.csv")


BACKSLASH = "\\"
OUT = {
    "../secret.csv": "leads out of the model's folder",
    "deep/../../secret.csv": "leads out of the model's folder",
    "deep/../a.csv": "leads out of the model's folder",
    "..": "leads out of the model's folder",
    "..\\secret.csv": "leads out of the model's folder",
    "deep\\b.csv": "has a backslash",
    "/etc/passwd": "is an absolute path",
    "//server/share/a.csv": "is an absolute path",
    "\\\\server\\share\\a.csv": "is an absolute path",
    "C:" + BACKSLASH + "a.csv": "is an absolute path",
    "C:a.csv": "is an absolute path",
    "c:/a.csv": "is an absolute path",
    "": "is no name of a file",
    "  ": "is no name of a file",
    "a.csv\0.txt": "is no name of a file",
    "a\n.csv": "is no name of a file",
    "\u202evsc.a": "is no name of a file",
    "~/a.csv": "cannot be read: no such file or folder",
    "$HOME/a.csv": "cannot be read: no such file or folder",
    "file:///etc/passwd": "cannot be read: no such file or folder",
    "https://example.org/a.csv": "cannot be read: no such file or folder",
    "none.csv": "cannot be read: no such file or folder",
    "a.csv/b.csv": "cannot be read: a part of the path is a file, not a folder",
    "deep": "is no file",
    ".": "is no file",
}


@pytest.mark.parametrize("name", OUT)
def test_any_other_name_is_refused(home: Path, name: str) -> None:
    assert refused(home / "m.yaml", name) == f"{name!r} {OUT[name]}; {MEND}"


def test_a_name_of_a_megabyte_is_no_name(home: Path) -> None:
    assert len(refused(home / "m.yaml", "a" * 1_000_000)) < 300


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are made as a user there only by leave")
def test_a_link_may_not_lead_out_and_a_pipe_is_not_waited_for(home: Path) -> None:
    (home / "inner.csv").symlink_to(home / "deep" / "b.csv")
    assert beside(str(home / "m.yaml"), "inner.csv", at=AT)
    (home / "outer.csv").symlink_to(home.parent / "secret.csv")
    (home / "folder").symlink_to(home.parent)
    (home / "near").symlink_to(home.parent / "home-away")  # its name begins as the home's does
    for name in ("outer.csv", "folder/secret.csv", "near/secret.csv"):
        out = f"{name!r} is a link out of the model's folder; copy the file there"
        assert refused(home / "m.yaml", name) == out
    (home / "round").symlink_to(home / "round")
    assert "cannot be read" in refused(home / "m.yaml", "round")
    os.mkfifo(home / "pipe.csv")
    assert refused(home / "m.yaml", "pipe.csv") == f"'pipe.csv' is no file; {MEND}"


@pytest.mark.skipif(sys.platform == "win32", reason="links are made as a user there only by leave")
def test_a_model_reached_by_a_link_is_at_home_where_it_is_called_from(home: Path) -> None:
    (home.parent / "alias").symlink_to(home)
    assert beside(str(home.parent / "alias" / "m.yaml"), "a.csv", at=AT)


@given(name=st.text(alphabet="./\\~ a:\0", max_size=12))
def test_no_name_reaches_a_file_outside(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    base = tmp_path_factory.getbasetemp() / "fuzz"
    (base / "home").mkdir(parents=True, exist_ok=True)
    for place in (base / "a", base / "home" / "a"):
        place.write_text("")
    try:
        found = beside(str(base / "home" / "m.yaml"), name, at=AT)
    except LeverageError:
        return
    assert Path(found).resolve() == (base / "home" / "a").resolve()
