"""`leverage new`: the shipped models, and copies of them that nothing is lost for."""

from __future__ import annotations

from pathlib import Path

import pytest

from leverage.files.shipped import shipped
from tests.app.running import here


@pytest.mark.parametrize("words", [(), ("--list",)])
def test_the_list_names_every_shipped_model_and_what_it_is(words: tuple[str, ...]) -> None:
    ran = here("new", *words)
    assert (ran.status, ran.err) == (0, "")
    *lines, empty, following = ran.out.splitlines()
    assert [line.split()[0] for line in lines] == list(shipped())
    assert all(len(line.split()) > 5 for line in lines)
    assert empty == ""
    assert following == "Next: leverage new NAME FILE.yaml copies one; leverage levers NAME asks it as it is."


@pytest.mark.parametrize("name", shipped())
def test_a_copy_is_the_same_file(name: str, tmp_path: Path) -> None:
    ran = here("new", name, folder=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"wrote {name}.yaml\nNext: leverage levers {name}.yaml\n"
    assert (tmp_path / f"{name}.yaml").read_bytes() == Path(shipped()[name]).read_bytes()


def test_a_copy_goes_where_it_is_told_to(tmp_path: Path) -> None:
    ran = here("new", "shop", "my shop.yaml", folder=tmp_path)
    assert ran.out == "wrote my shop.yaml\nNext: leverage levers 'my shop.yaml'\n"
    assert (tmp_path / "my shop.yaml").is_file()


REFUSED = {
    "new shop taken.yaml": "taken.yaml exists already; name another file: leverage new shop my-shop.yaml",
    "new shop folder": "folder exists already; name another file: leverage new shop my-shop.yaml",
    "new shop dangling": "dangling exists already; name another file: leverage new shop my-shop.yaml",
    "new shp": "unknown template 'shp' (leverage new --list shows them); did you mean 'shop'?",
    "new qqq": "unknown template 'qqq' (leverage new --list shows them)",
    "new shop my.json": "the shipped models are YAML; name the copy my.yaml",
    "new shop a b": "'b' is one word too many; write leverage new NAME FILE",
    "new shop zzz/my.yaml": "zzz/my.yaml: the file cannot be written: no such file or folder",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_copied_is_refused_and_nothing_is_written(line: str, tmp_path: Path) -> None:
    (tmp_path / "taken.yaml").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling").symlink_to("nowhere")
    before = sorted(tmp_path.iterdir())
    ran = here(*line.split(), folder=tmp_path)
    assert (ran.status, ran.out, ran.err) == (2, "", REFUSED[line] + "\n")
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "taken.yaml").read_text() == "mine"
