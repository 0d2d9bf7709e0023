"""The commands: one a verb, made from the table of verbs, and `new`."""

from __future__ import annotations

import sys
import warnings
from functools import partial
from typing import Any

import click

from leverage import __version__
from leverage.app import pages, usage
from leverage.app.given import given
from leverage.app.options import CHANGES, OUTPUT, made
from leverage.verbs.table import VERBS, Verb
from leverage.work.said import Said

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Front(usage.Worded, click.Group):
    """``leverage`` itself: its page, and its word for a command that it does not have."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pages.front(formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands:
            raise usage.UnknownVerb(args[0], args[1:], self.commands)
        return super().resolve_command(ctx, args)


class Question(usage.Worded, click.Command):
    """The command of one verb."""

    def __init__(self, verb: Verb) -> None:
        self.verb = verb
        self.own = made(verb.options)
        model = click.Argument(["model"], nargs=-1)
        super().__init__(verb.name, callback=self.ask, params=[model, *self.own, *CHANGES, *OUTPUT])

    def ask(self, model: tuple[str, ...], **values: Any) -> int:
        """The command's status, once its answer is printed."""
        if not "".join(model).strip():
            raise usage.NoModel(self.verb)
        if len(model) > 1:
            raise usage.SecondModel(self.verb, model)
        asked = given(self.verb, model[0], values)
        from leverage.app.answer import answer

        return answer(self.verb, asked)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        mine = f"Options of {self.verb.name}"
        sections = {mine: self.own, "Changes to the model": CHANGES, "Output": OUTPUT}
        pages.of_verb(self.verb, ctx, sections, formatter)


@click.group(cls=Front, context_settings=SETTINGS, invoke_without_command=True)
@click.option("--version", is_flag=True)
@click.pass_context
def leverage(context: click.Context, version: bool) -> None:
    """The commands, all of them."""
    if version:
        click.echo(f"leverage {__version__}")
        context.exit()
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@leverage.command(cls=pages.Beside)
@click.argument("words", nargs=-1)
@click.option("--list", "listing", is_flag=True, help="List the shipped models.")
def new(words: tuple[str, ...], listing: bool) -> None:
    """A model of your own, from a template."""
    from leverage.app import templates

    click.echo(templates.table() if listing or not words else templates.copy(*words))


for _verb in VERBS.values():
    leverage.add_command(Question(_verb))


def run(arguments: list[str]) -> int:
    """The status of the command that the arguments ask for.

    Raises:
        LeverageError: whatever is wrong with them, the model or the question.
        KeyboardInterrupt: the command was stopped.
    """
    with warnings.catch_warnings():
        warnings.showwarning = _warn
        warnings.simplefilter("always", Said)
        try:
            ended = leverage.main(args=arguments, prog_name="leverage", standalone_mode=False)
        except click.ClickException as fault:
            raise usage.BadUsage(fault.format_message()) from None
        except click.Abort as stop:
            raise stop.__cause__ or KeyboardInterrupt from None
    return ended if isinstance(ended, int) else 0


def _warn(message: Warning | str, *where: Any, **more: Any) -> None:
    """A warning as a user reads it: what it says, and not the line of the program that says it."""
    bars = sys.modules.get("tqdm")  # where one stands on the line, it makes room
    write = partial(bars.tqdm.write, file=sys.stderr) if bars else partial(click.echo, err=True)
    write(f"Note: {message}")
