"""The options of every command, made from the rows of the verbs. Their values stay text here; `given` reads them."""

from __future__ import annotations

from collections.abc import Iterable

import click

from leverage.verbs.table import Option

SEVERAL = ("texts", "figures", "ranges")  # kinds that may be given several times

CHANGES = (
    click.Option(["--scenario"], multiple=True, metavar="NAME", help="Take the model as this scenario of it has it."),
    click.Option(["--set"], multiple=True, metavar="ID=VALUE", help="Set a metric: --set order_value=72."),
    click.Option(
        ["--change"], multiple=True, metavar="ID=PERCENT", help="Change a metric by a share: --change visits=-15%."
    ),
    click.Option(["--add"], multiple=True, metavar="ID=VALUE", help="Add to a metric: --add purchase_rate=0.2%."),
)
OUTPUT = (
    click.Option(["--json"], is_flag=True, help="Print one JSON object and nothing else."),
    click.Option(["--csv"], is_flag=True, help="Print the table as CSV, full precision."),
    click.Option(["--plot"], metavar="FILE", help="Write the figure to FILE (.png, .svg or .pdf)."),
    click.Option(
        ["--picture"], metavar="NAME", help="The one picture that --plot writes: tornado, spider, histogram, ..."
    ),
    click.Option(["--save-scenario"], metavar="NAME", help="Write what was tried into the model file as a scenario."),
)


def made(options: Iterable[Option]) -> list[click.Option]:
    """The click options of a verb's rows."""
    return [_flag(option) if option.kind == "flag" else _valued(option) for option in options]


def _flag(option: Option) -> click.Option:
    return click.Option([f"--{option.word}", f"option_{option.name}"], is_flag=True, help=option.help)


def _valued(option: Option) -> click.Option:
    return click.Option(
        [f"--{option.word}", f"option_{option.name}"],
        multiple=option.kind in SEVERAL,
        metavar=option.metavar or "|".join(option.choices) or "VALUE",
        help=option.help,
    )
