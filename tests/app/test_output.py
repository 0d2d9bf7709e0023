"""Where an answer goes: text, JSON and CSV on standard output, pictures in files, talk on standard error."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import pytest

from leverage.verbs.table import VERBS
from tests.app.models import cafe, quarters
from tests.app.running import COMMAND, apart, environment, here

FEW = {"simulate": ("--samples", "1000"), "levers": ("--samples", "1000"), "sweep": ("--vary", "price=7:8:3")}
NAMES = list(VERBS)
MODELS = {"impulse": quarters}  # a verb that asks about time
PNG, SVG = b"\x89PNG\r\n\x1a\n", b"<?xml"


@pytest.mark.parametrize("verb", NAMES)
def test_json_is_one_object_and_nothing_else(verb: str, tmp_path: Path) -> None:
    ran = here(verb, MODELS.get(verb, cafe)(tmp_path).name, *FEW.get(verb, ()), "--json", folder=tmp_path)
    assert (ran.status, ran.err, ran.out.count("\n")) == (0, "", 1)
    assert isinstance(ran.json, dict)


@pytest.mark.parametrize("verb", NAMES)
def test_csv_is_one_table_with_the_figures_of_the_json(verb: str, tmp_path: Path) -> None:
    asked = (verb, MODELS.get(verb, cafe)(tmp_path).name, *FEW.get(verb, ()))
    ran = here(*asked, "--csv", folder=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    head, *rows = csv.reader(io.StringIO(ran.out))
    assert rows
    assert {len(row) for row in rows} == {len(head)}
    if verb == "compare":  # the table gives every metric's difference, the JSON that of the KGI
        rows = [row[: head.index("difference")] for row in rows]
    figures = {str(figure) for figure in _figures(here(*asked, "--json", folder=tmp_path).json)}
    numbers = {cell for row in rows for cell in row if _number(cell)}
    assert numbers <= figures


def _figures(told: object) -> list[object]:
    if isinstance(told, dict):
        return [figure for value in told.values() for figure in _figures(value)]
    if isinstance(told, list):
        return [figure for value in told for figure in _figures(value)]
    return [told]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("verb", NAMES)
def test_text_ends_with_one_line_of_what_the_figures_come_from(verb: str, tmp_path: Path) -> None:
    ran = here(verb, MODELS.get(verb, cafe)(tmp_path).name, *FEW.get(verb, ()), folder=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[-1].startswith("model ")
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(("name", "begins"), [("a.png", PNG), ("a.svg", SVG), ("a.PNG", PNG), ("a.pdf", b"%PDF")])
def test_plot_writes_the_figure_and_says_so_on_standard_error(name: str, begins: bytes, tmp_path: Path) -> None:
    ran = here("tornado", cafe(tmp_path).name, "--plot", name, "--json", folder=tmp_path)
    assert (ran.status, ran.err) == (0, f"wrote {name}\n")
    assert ran.json["kgi"] == "profit"
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_picture_of_a_wrong_name_is_refused_before_the_question_is_asked(tmp_path: Path) -> None:
    ran = here("simulate", cafe(tmp_path).name, "--plot", "a.gif", "--samples", "16M", folder=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cafe.yaml"]


def test_the_one_picture_that_is_named_is_written(tmp_path: Path) -> None:
    name = cafe(tmp_path).name
    for words in ((), ("--picture", "spider")):
        assert here("tornado", name, "--plot", f"a{len(words)}.svg", *words, folder=tmp_path).status == 0
    both, one = ((tmp_path / f"a{count}.svg").read_text("utf-8") for count in (0, 2))
    assert [">Swing of" in written for written in (both, one)] == [True, False]
    assert ">change of the driver" in both
    assert ">change of the driver" in one


def test_a_picture_that_the_answer_does_not_have_is_refused_and_the_answer_is_not_lost(tmp_path: Path) -> None:
    words = ("--plot", "a.png", "--picture", "spidr", "--json", "--save-scenario", "x", "--set", "price=8")
    ran = here("tornado", cafe(tmp_path).name, *words, folder=tmp_path)
    told = "no picture of this answer is called 'spidr'; there are 'tornado' and 'spider'\n"
    assert (ran.status, ran.err) == (2, told)
    assert ran.json["kgi"] == "profit"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cafe.yaml"]


def test_a_picture_that_cannot_be_written_leaves_the_model_as_it_is(tmp_path: Path) -> None:
    path = cafe(tmp_path)
    before = path.read_bytes()
    words = ("--set", "price=8", "--plot", "zzz/a.png", "--save-scenario", "x")
    assert here("evaluate", path.name, *words, folder=tmp_path).status == 2
    assert path.read_bytes() == before


def test_a_model_is_read_from_standard_input(tmp_path: Path) -> None:
    data = cafe(tmp_path).read_bytes()
    piped, named = (here("evaluate", name, "--json", folder=tmp_path, stdin=data).json for name in ("-", "cafe.yaml"))
    assert piped["metrics"] == named["metrics"]
    assert piped["run"]["model"] == named["run"]["model"]


def test_a_model_may_be_the_name_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()  # a folder of that name is no model
    ran = here("check", "shop", folder=tmp_path)
    assert ran.status == 0
    assert "Next: leverage levers shop\n" in ran.out


def test_a_file_goes_before_a_shipped_model_of_the_same_name(tmp_path: Path) -> None:
    cafe(tmp_path, "shop")
    assert here("evaluate", "shop", "--json", folder=tmp_path).json["kgi"] == "profit"
    assert "Café" in here("evaluate", "shop", folder=tmp_path).out


def test_json_models_are_models(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps({"kgi": "a", "metrics": {"a": "2 * b", "b": 3}}))
    assert here("evaluate", "m.json", "--json", folder=tmp_path).json["value"] == 6


FOREIGN = "kgi: 売上\nname: 店\nmetrics:\n  売上: 2 * é\n  é: {value: 3, owner: Zoë, label: 'Größe 🎯'}\n"


def test_a_terminal_without_the_letters_gets_the_answer_without_them(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(FOREIGN, encoding="utf-8")
    ran = apart("evaluate", "m.yaml", folder=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.isascii()
    assert "Gr??e" in ran.out
    assert "`- " in ran.out  # the branches of the tree in ASCII


@pytest.mark.parametrize("format", ["--json", "--csv"])
def test_json_and_csv_are_utf8_wherever_they_go(format: str, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(FOREIGN, encoding="utf-8")
    ascii, utf8 = (
        apart("show", "m.yaml", format, folder=tmp_path, env={"PYTHONIOENCODING": code}) for code in ("ascii", "utf-8")
    )
    assert ascii.out == utf8.out
    assert "Größe 🎯" in utf8.out


def test_a_fault_is_told_on_a_terminal_without_the_letters(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("kgi: 売上\nmetrics: {売上: 2 * é}\n", encoding="utf-8")
    ran = apart("check", "m.yaml", folder=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    said = r"m.yaml:2:19: metric '\u58f2\u4e0a': unknown name '\xe9' in the formula"
    assert (ran.status, ran.out, ran.err) == (2, "", said + "\n")


def test_colour_is_on_where_it_is_forced_and_off_where_it_is_unwanted(tmp_path: Path) -> None:
    path = cafe(tmp_path).name
    forced, unwanted = (
        apart("check", path, folder=tmp_path, env=env)
        for env in ({"FORCE_COLOR": "1"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"})
    )
    assert "\x1b[2mmodel" in forced.out
    assert "\x1b" not in unwanted.out


@pytest.mark.parametrize("columns", [None, "60", "140"])
def test_text_is_as_wide_as_columns_says_and_100_in_a_pipe(columns: str | None, tmp_path: Path) -> None:
    env = {} if columns is None else {"COLUMNS": columns}
    ran = apart("show", cafe(tmp_path).name, folder=tmp_path, env=env)
    assert max(map(len, ran.out.splitlines())) <= int(columns or 100)


def test_a_reader_that_leaves_early_ends_the_command_in_silence(tmp_path: Path) -> None:
    script = f"{' '.join(COMMAND)} show shop --csv | head -1; echo ${{PIPESTATUS[0]}}"
    env = environment({"PYTHONUNBUFFERED": "1"})
    ran = subprocess.run(["bash", "-c", script], capture_output=True, cwd=tmp_path, env=env, check=True, timeout=60)
    head, status = ran.stdout.decode().split()
    assert head.startswith("metric,label")
    assert (status, ran.stderr) == ("0", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            [*COMMAND, "check", "shop"], stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False, timeout=60
        )
    assert (ran.returncode, ran.stderr) == (2, b"the output: No space left on device\n")


def test_closed_streams_are_no_fault(tmp_path: Path) -> None:
    script = f"{' '.join(COMMAND)} check shop >&- 2>&-; echo $?; {' '.join(COMMAND)} check - <&-; echo $?"
    ran = subprocess.run(["bash", "-c", script], capture_output=True, cwd=tmp_path, check=True, timeout=60)
    assert ran.stdout.split() == [b"0", b"2"]
    assert ran.stderr == b"standard input is closed; pipe a model into it, or name a file\n"


def test_a_file_may_have_a_name_that_is_no_text(tmp_path: Path) -> None:
    cafe(tmp_path).rename(tmp_path / os.fsdecode(b"\xff.yaml"))
    for words in ((), ("--json",), ("--csv",)):
        ran = apart("check", os.fsdecode(b"\xff.yaml"), *words, folder=tmp_path)
        assert (ran.status, ran.err) == (0, "")
    ran = apart("evaluate", os.fsdecode(b"\xfe.yaml"), folder=tmp_path)
    assert (ran.status, ran.err) == (2, "\\udcfe.yaml: no such file; did you mean '\\udcff.yaml'?\n")
