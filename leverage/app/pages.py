"""The pages that ``--help`` prints: each opens with its question and a command that runs as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from leverage.app.usage import Worded
from leverage.verbs.table import VERBS, Verb

MODEL = (
    "MODEL is a YAML or JSON file, - for standard input, or the name of a shipped model (leverage new --list). "
    "Numbers are written as in a model: 120_000, 2.4%, 150k."
)
BESIDE = {"new": "A model of your own, from a template."}
SESSION: Mapping[str, tuple[str, ...]] = {  # the questions in the order in which a planning session asks them
    "Begin": ("new", "show", "check", "evaluate"),
    "Find where to push": ("levers", "elasticities", "tornado", "impulse"),
    "See what chance does": ("simulate", "sensitivity", "information", "discover"),
    "Try it": ("compare", "sweep", "seek"),
    "Decide, and look back": ("allocate", "explain"),
}


def front(formatter: click.HelpFormatter) -> None:
    """The page of ``leverage`` alone."""
    formatter.write_text("Leverage: where, when pushed, does the goal of a KPI tree move most?")
    told = {**BESIDE, **{verb.name: verb.question for verb in VERBS.values()}}
    first = (
        ("leverage levers shop", "the leverage points of a shipped model"),
        ("leverage new shop my.yaml", "a copy of it to make your own"),
    )
    with formatter.section("Try first"):
        formatter.write_dl(first)
    for heading, names in SESSION.items():
        with formatter.section(heading):
            formatter.write_dl([(name.ljust(12), told[name]) for name in names])
    with formatter.section("Usage"):
        formatter.write_text("leverage QUESTION MODEL [OPTIONS]")
        formatter.write_text("leverage QUESTION --help")
        formatter.write_text("leverage --version")
    formatter.write_paragraph()
    formatter.write_text(MODEL)


def of_verb(
    verb: Verb, context: click.Context, sections: Mapping[str, Iterable[click.Option]], formatter: click.HelpFormatter
) -> None:
    """The page of a verb: the question, an example, and its options by what they do."""
    _opening(formatter, verb.question, verb.example)
    formatter.write_paragraph()
    formatter.write_text(f"Usage: leverage {verb.name} MODEL [OPTIONS]")
    formatter.write_paragraph()
    formatter.write_text(MODEL)
    for heading, options in sections.items():
        _options(formatter, heading, options, context)


class Beside(Worded, click.Command):
    """A command beside the verbs: its help opens as theirs do."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _opening(formatter, BESIDE[str(self.name)], "leverage new shop my-shop.yaml")
        formatter.write_paragraph()
        formatter.write_text("Usage: leverage new NAME [FILE]")
        formatter.write_paragraph()
        formatter.write_text("Copies a shipped model to FILE (NAME.yaml when left out), and never over another file.")
        _options(formatter, "Options", [p for p in self.get_params(ctx) if isinstance(p, click.Option)], ctx)


def _opening(formatter: click.HelpFormatter, question: str, example: str) -> None:
    formatter.write_text(question)
    with formatter.section("For example"):
        formatter.write_text(example)


def _options(
    formatter: click.HelpFormatter, heading: str, options: Iterable[click.Option], context: click.Context
) -> None:
    rows = [row for option in options if (row := option.get_help_record(context))]
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows)
