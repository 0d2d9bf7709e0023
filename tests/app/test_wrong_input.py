"""Wrong input gets its sentence, status 2, and nothing else: no output, no traceback, no long wait, no large memory."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from textwrap import dedent

import pytest

from leverage.errors import Place
from tests.app.hostile import HOSTILE
from tests.app.running import Ran, apart, here
from tests.app.wrong import WRONG
from tests.tree.wrong import WRONG as WRONG_TREES

SECONDS, MEGABYTES = 2.0, 300.0
SWIFT = 0.06  # seconds of `work` on a machine that the bound of 2 s is meant for, with nothing else to do
FORM = re.compile(r"m\.yaml(:[1-9]\d*:[1-9]\d*)?: \S.*")


def work() -> float:
    """Processor seconds of a fixed piece of work, like the reading of a file: how slow is this machine."""
    begun = time.process_time()
    places = [Place("m.yaml", n, n) for n in range(100_000)]
    assert len({place: place.line for place in places}) == 100_000
    return time.process_time() - begun


def refused(ran: Ran) -> list[str]:
    """The lines of a refusal."""
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    return ran.err.splitlines()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_model_gets_all_its_sentences_word_by_word(name: str, tmp_path: Path) -> None:
    data, *said = WRONG[name]
    (tmp_path / "m.yaml").write_bytes(data if isinstance(data, bytes) else data.encode())
    lines = refused(here("evaluate", "m.yaml", folder=tmp_path))
    assert lines == said
    assert all(FORM.fullmatch(line) for line in lines)


@pytest.mark.parametrize("name", WRONG_TREES)
def test_what_the_tree_refuses_the_command_line_says_the_same_way(name: str, tmp_path: Path) -> None:
    data, *said = WRONG_TREES[name]
    (tmp_path / "m.yaml").write_text(dedent(data), encoding="utf-8")
    assert refused(here("check", "m.yaml", folder=tmp_path)) == said


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_in_little_memory(name: str, tmp_path: Path) -> None:
    """Within 2 s of processor time, or as much longer as this machine is slower just now, and 300 MB."""
    make, said = HOSTILE[name]
    data = make()
    (tmp_path / "m.yaml").write_bytes(data if isinstance(data, bytes) else data.encode())
    ran = apart("check", "m.yaml", folder=tmp_path)
    lines = refused(ran)
    assert ran.err.startswith(said)
    assert all(FORM.fullmatch(line) and len(line) < 400 for line in lines[:100])
    assert not lines[100:] or re.fullmatch(r"\.\.\. and [\d,]+ more( at least)?", lines[100])
    assert ran.cpu < SECONDS or ran.cpu < SECONDS * work() / SWIFT
    assert ran.peak < MEGABYTES


def test_json_that_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('{"kgi": "a", "metrics": {"a": "2 * b",}}')
    said = "m.json:1:39: a ',' stands before '}', and nothing between them; delete the ','"
    assert refused(here("check", "m.json", folder=tmp_path)) == [said]


def test_a_wrong_model_from_standard_input_is_told_with_its_place(tmp_path: Path) -> None:
    said = "stdin:3:6: metric 'a': unknown name 'b' in the formula"
    assert refused(here("check", "-", folder=tmp_path, stdin=b"kgi: a\nmetrics:\n  a: b\n")) == [said]


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "shop.yaml").touch()
    cases = {
        "folder.yaml": "folder.yaml: the file cannot be read: a folder, not a file",
        "loop.yaml": "loop.yaml: no such file; leverage new --list shows the shipped models",
        "sho.yaml": "sho.yaml: no such file; did you mean 'shop.yaml'?",
        "zzz/shop.yaml": "zzz/shop.yaml: no such file; did you mean 'shop'?",
        "shop.yaml/a.yaml": "shop.yaml/a.yaml: no such file; leverage new --list shows the shipped models",
        "shp": "unknown model 'shp' (no file and no template is called that); did you mean 'shop'?",
    }
    for name, said in cases.items():
        assert refused(here("check", name, folder=tmp_path)) == [said]


def test_an_endless_file_ends_at_the_limit_of_size(tmp_path: Path) -> None:
    ran = apart("check", "/dev/zero", folder=tmp_path)
    assert refused(ran) == ["/dev/zero: the file is larger than the limit of 64 MB; is it the right one?"]
    assert ran.peak < MEGABYTES


def test_a_pipe_is_read_as_a_file_is(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.write(write, b"kgi: a\nmetrics:\n  a: b\n")
    os.close(write)
    said = refused(here("check", f"/dev/fd/{read}", folder=tmp_path))
    os.close(read)
    assert said == [f"/dev/fd/{read}:3:6: metric 'a': unknown name 'b' in the formula"]
