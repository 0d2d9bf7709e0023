"""How a command ends: 0 done, 1 no answer, 2 wrong input, 130 Ctrl-C, and never a traceback."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from leverage.app import cli
from leverage.errors import NoAnswer
from tests.app.models import cafe
from tests.app.running import COMMAND, environment, here

NOTHING = "kgi: a\nmetrics:\n  a: 2 * b\n  b: {value: 3, lever: {min: 2, max: 4}}\nresources: {r: {limit: 1, use: b}}\n"


def test_done_is_0(tmp_path: Path) -> None:
    assert here("evaluate", cafe(tmp_path).name, folder=tmp_path).status == 0


@pytest.mark.parametrize("words", [("seek", "--target", "100M"), ("allocate",)])
@pytest.mark.parametrize("format", [(), ("--json",), ("--csv",)])
def test_no_answer_is_1_and_says_why_in_one_line(
    words: tuple[str, ...], format: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "m.yaml").write_text(NOTHING)
    verb, *options = words
    ran = here(verb, "m.yaml", *options, *format, folder=tmp_path)
    assert ran.status == 1
    said = ran.err if format else ran.out
    why = {"seek": "no single leaf brings a to 100M", "allocate": "no plan keeps within all limits; "}[verb]
    assert sum(why in line for line in said.splitlines()) == 1
    assert ran.err.count("\n") == len(format)


def test_a_model_with_an_error_finding_is_1(tmp_path: Path) -> None:
    """`check` alone answers so; what no tree can be built from is wrong input to every verb."""
    ran = here("check", cafe(tmp_path).name, "--json", folder=tmp_path)
    worst = {finding["severity"] for finding in ran.json["findings"]}
    assert ran.status == int("error" in worst)


def test_a_question_that_has_no_answer_at_all_is_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leverage.app.commands.run", _raise(NoAnswer("nothing can be said; ask another question")))
    assert here("check", "shop") == (ran := here("check", "shop"))
    assert (ran.status, ran.out, ran.err) == (1, "", "nothing can be said; ask another question\n")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (MemoryError(), "there is not enough memory for this; ask for fewer samples\n"),
        (PermissionError(13, "Permission denied", "a.yaml"), "a.yaml: Permission denied\n"),
    ],
)
def test_what_the_machine_refuses_is_2(monkeypatch: pytest.MonkeyPatch, fault: BaseException, said: str) -> None:
    monkeypatch.setattr("leverage.app.commands.run", _raise(fault))
    ran = here("check", "shop")
    assert (ran.status, ran.out, ran.err) == (2, "", said)


def test_a_fault_of_the_program_is_70_in_words_and_shows_where_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leverage.app.commands.run", _raise(ZeroDivisionError("division by zero")))
    ran = here("check", "shop")
    assert (ran.status, ran.out) == (70, "")
    assert ran.err == (
        "leverage itself has a fault here, your input may be right: ZeroDivisionError: division by zero\n"
        "Please report it; with LEVERAGE_TRACEBACK=1 the same command shows where it lies.\n"
    )
    monkeypatch.setenv(cli.TRACE, "1")
    with pytest.raises(ZeroDivisionError):
        cli.status(["check", "shop"])


def _raise(fault: BaseException) -> object:
    def run(arguments: list[str]) -> int:
        raise fault

    return run


@pytest.mark.parametrize("delay", [0.3, 1.2])
@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_ends_within_a_second_and_leaves_no_file_half_written(
    threads: int, delay: float, tmp_path: Path
) -> None:
    path = cafe(tmp_path)
    before = path.read_bytes()
    more = ("--set", "price=8", "--plot", "a.png", "--save-scenario", "x")
    process = subprocess.Popen(
        [*COMMAND, "simulate", path.name, "--samples", "16M", "--threads", str(threads), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(),
    )
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - begun < 1.0
    # where Ctrl-C met one of Python's own exec(), Python ends by the signal, which a shell counts as 130 as well
    assert process.returncode in (130, -signal.SIGINT)
    assert (out, err.split()) == (b"", [b"stopped"])
    assert [file.name for file in tmp_path.iterdir()] == ["cafe.yaml"]
    assert path.read_bytes() == before
