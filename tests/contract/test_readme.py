"""The README says what is so: its files, its commands and their output, its Python, and the two lines that start it."""

from __future__ import annotations

import doctest
import re
import subprocess
from pathlib import Path

import pytest

from tests.contract.test_docs import FLAGS, blocks, commands, fits, terminal

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w.-]+\.(?:yaml|json|csv))`")
BLOCKS = list(blocks(README))


def written() -> dict[str, str]:
    """The README's own files: each block of YAML, by the name that a mark or the text above it gives."""
    lines = README.splitlines()
    files = {}
    for block in BLOCKS:
        if block.kind == "yaml":
            above = " ".join(lines[max(0, block.start - 6) : block.start - 1])
            names = [block.file] if block.file else NAMED.findall(above)
            assert names, f"no file is named above line {block.start}"
            files[names[-1]] = "\n".join(block.lines) + "\n"
    return files


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert {block.kind for block in BLOCKS} <= {"yaml", "console", "python", "bash"}
    assert written()


def test_commands_print_what_the_readme_shows_to_the_last_character() -> None:
    with terminal() as screen:
        for name, text in written().items():
            Path(name).write_text(text, encoding="utf-8")
        shown = [command for block in BLOCKS if block.kind == "console" for command in commands(block)]
        assert shown
        for command in shown:
            printed = screen.run(command.line)
            assert fits(command.shown, printed), "\n".join([f"$ {command.line}", *printed])


def test_its_python_gives_what_stands_below_it() -> None:
    run = doctest.DocTestRunner(verbose=False, optionflags=FLAGS)
    names: dict[str, object] = {}
    told: list[str] = []
    with terminal():
        for name, text in written().items():
            Path(name).write_text(text, encoding="utf-8")
        for block in BLOCKS:
            if block.kind == "python":
                source = "\n".join(block.lines) + "\n"
                assert ">>>" in source
                test = doctest.DocTestParser().get_doctest(source, names, "README.md", "README.md", block.start)
                run.run(test, out=told.append, clear_globs=False)
                names.update(test.globs)
    assert told == []


def command(name: str) -> str:
    """The one line of the block under a mark: ``<!-- command: run -->``."""
    found = re.findall(rf"<!-- command: {name} -->\n```bash\n(.*?)\n```\n", README, re.DOTALL)
    assert len(found) == 1
    assert "\n" not in found[0]
    return str(found[0])


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_two_commands_stand_once_and_each_is_one_line(name: str) -> None:
    assert README.count(f"<!-- command: {name} -->") == 1
    assert command(name).startswith("python3 -m venv .venv && ")


def test_the_first_command_ends_with_an_example_that_runs() -> None:
    assert command("run").endswith(".venv/bin/leverage levers shop")


def test_ci_runs_the_test_command_as_it_stands() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    taken = next(line for line in script.splitlines() if line.startswith("command="))
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f'{taken}; printf %s "$command"'],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    assert ran.stdout == command("test")
    assert 'bash -euo pipefail -c "$command"' in script
