"""What the command line says of itself, and of a line that it cannot understand."""

from __future__ import annotations

from pathlib import Path

import pytest

import leverage
from leverage.app.pages import BESIDE, SESSION
from leverage.verbs.table import VERBS
from tests.app.running import here

TOO_MANY = "leverage levers takes one model, and {} is one word too many; "
WRONG = {  # what is typed after `leverage`, and the answer
    "lever shop": "unknown command 'lever'; did you mean 'levers'?",
    "shop levers": "unknown command 'shop'; the question comes first: leverage levers shop",
    "shop": "unknown command 'shop'; a question comes before the model: leverage levers shop",
    "m.yaml": "unknown command 'm.yaml'; a question comes before the model: leverage levers m.yaml",
    "qqq shop": "unknown command 'qqq'; leverage --help lists them",
    "--wat": "unknown option '--wat' of leverage; leverage --help lists them",
    "--versoin": "unknown option '--versoin' of leverage; did you mean '--version'?",
    "levers": "leverage levers needs a model: a file, - for standard input, or the name of a shipped one; "
    "for example: leverage levers shop",
    "levers shop saas": TOO_MANY.format("'saas'") + "ask once for each model",
    "levers shop mails=5": TOO_MANY.format("'mails=5'") + "write --set mails=5 to set a metric",
    "levers shop --sampels 9": "unknown option '--sampels' of leverage levers; did you mean '--samples'?",
    "tornado shop --seed 9": "unknown option '--seed' of leverage tornado; it belongs to simulate, sensitivity, "
    "information, discover and levers",
    "tornado shop --qqqqqq": "unknown option '--qqqqqq' of leverage tornado; leverage tornado --help lists them",
    "levers shop -x": "unknown option '-x' of leverage levers; leverage levers --help lists them",
    "evaluate shop --set": "--set needs a value; write --set ID=VALUE",
    "simulate shop --samples": "--samples needs a value; write --samples N",
    "evaluate shop --json=1": "--json takes no value; write --json alone",
    "evaluate shop --json --csv": "--json and --csv exclude each other; ask for one of them",
    "new --lits": "unknown option '--lits' of leverage new; did you mean '--list'?",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_line_that_is_wrong_gets_one_sentence_with_its_mend(line: str, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").touch()
    ran = here(*line.split(), folder=tmp_path)
    assert (ran.status, ran.out, ran.err) == (2, "", WRONG[line] + "\n")


def test_every_verb_stands_once_in_the_order_of_a_session() -> None:
    named = [name for names in SESSION.values() for name in names]
    assert sorted(named) == sorted([*VERBS, *BESIDE])


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_the_front_page_offers_a_first_command_and_every_question(words: tuple[str, ...]) -> None:
    ran = here(*words)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("Leverage: where, when pushed, does the goal of a KPI tree move most?\n")
    assert "  leverage levers shop" in ran.out
    for verb in VERBS.values():
        assert f"  {verb.name:12}  {verb.question}\n" in ran.out
    assert [line for line in SESSION if f"\n{line}:\n" not in ran.out] == []


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.name)
def test_the_help_of_a_verb_opens_with_its_question_and_an_example(verb: object) -> None:
    name, question, example = verb.name, verb.question, verb.example  # type: ignore[attr-defined]
    ran = here(name, "--help")
    assert ran.status == 0
    first, _, heading, shown, *rest = ran.out.splitlines()
    assert (first, heading, shown) == (question, "For example:", f"  {example}")
    for option in verb.options:  # type: ignore[attr-defined]
        assert any(line.startswith(f"  --{option.word}") for line in rest)
    for word in (
        "--scenario",
        "--set",
        "--change",
        "--add",
        "--json",
        "--csv",
        "--plot",
        "--picture",
        "--save-scenario",
    ):
        assert any(line.startswith(f"  {word}") for line in rest)


def test_help_fits_a_terminal_of_80_columns() -> None:
    pages = [here("--help").out, *(here(name, "--help").out for name in [*VERBS, "new"])]
    assert [line for page in pages for line in page.splitlines() if len(line) > 80] == []


def test_the_version_is_one_line() -> None:
    ran = here("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"leverage {leverage.__version__}\n", "")
