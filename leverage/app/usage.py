"""A command line that cannot be understood: one class a cause, each with its mend."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from os import listdir
from os.path import exists, isdir, join, split, splitext

import click

from leverage.errors import LeverageError, Place, clip, listed, nearest
from leverage.files.shipped import shipped
from leverage.verbs.table import VERBS, Verb


class UnknownVerb(LeverageError):
    """A first word that is no command."""

    def __init__(self, word: str, rest: Sequence[str], known: Collection[str]) -> None:
        found = nearest(word, known)
        verb = next((other for other in rest if other in known), "")
        if verb:
            mend = f"the question comes first: leverage {verb} {clip(word)}"
        elif word in shipped() or (exists(word) and not found):
            mend = f"a question comes before the model: leverage levers {clip(word)}"
        elif found:
            mend = f"did you mean {found!r}?"
        else:
            mend = "leverage --help lists them"
        super().__init__(f"unknown command {clip(word)!r}; {mend}")


class UnknownOption(LeverageError):
    """An option that the command does not have."""

    def __init__(self, word: str, command: str, known: Sequence[str]) -> None:
        found = nearest(word, known)
        others = [verb.name for verb in VERBS.values() if word in (f"--{option.word}" for option in verb.options)]
        if found and not others:
            mend = f"did you mean {found!r}?"
        else:
            mend = f"it belongs to {listed(others)}" if others else f"{command} --help lists them"
        super().__init__(f"unknown option {clip(word)!r} of {command}; {mend}")


class NoValue(LeverageError):
    """An option at the end of the line that wants a value."""

    def __init__(self, word: str, shape: str) -> None:
        super().__init__(f"{word} needs a value; write {word} {shape}")


class NeedlessValue(LeverageError):
    """A flag that was given a value."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word} takes no value; write {word} alone")


class NoModel(LeverageError):
    """A question without a model."""

    def __init__(self, verb: Verb) -> None:
        super().__init__(
            f"leverage {verb.name} needs a model: a file, - for standard input, or the name of a shipped one; "
            f"for example: {verb.example}"
        )


class SecondModel(LeverageError):
    """A further word behind the model."""

    def __init__(self, verb: Verb, words: Sequence[str]) -> None:
        word = clip(words[1])
        mend = f"write --set {word} to set a metric" if "=" in word else "ask once for each model"
        super().__init__(f"leverage {verb.name} takes one model, and {word!r} is one word too many; {mend}")


class NoInput(LeverageError):
    """``-`` without a standard input."""

    def __init__(self) -> None:
        super().__init__("standard input is closed; pipe a model into it, or name a file")


class NoSuchFile(LeverageError):
    """A model's file that is not there; offered is the nearest that is, or a shipped model."""

    def __init__(self, path: str) -> None:
        folder, name = split(path)
        there = nearest(name, listdir(folder or ".")) if isdir(folder or ".") else None
        found = join(folder, there) if there and there != name else nearest(splitext(name)[0], shipped())
        mend = f"did you mean {found!r}?" if found else "leverage new --list shows the shipped models"
        super().__init__(f"no such file; {mend}", at=Place(path))


class BadUsage(LeverageError):
    """Anything else that the command line's own reader refuses."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message[:1].lower()}{message[1:].rstrip('.')}; leverage --help shows how it is written")


class Worded(click.Command):
    """A command that says in the project's own words what is wrong with its options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments left after the options.

        Raises:
            UnknownOption, NoValue, NeedlessValue, BadUsage: with the mend.
        """
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            raise _mended(fault, ctx) from None


def _mended(fault: click.UsageError, context: click.Context) -> LeverageError:
    word = str(getattr(fault, "option_name", ""))
    if not word:
        return BadUsage(fault.format_message())
    options = {name: found for found in context.command.get_params(context) for name in found.opts if name[:1] == "-"}
    if word not in options:
        return UnknownOption(word, context.command_path, list(options))
    option = options[word]
    return NeedlessValue(word) if getattr(option, "is_flag", False) else NoValue(word, option.metavar or "VALUE")
