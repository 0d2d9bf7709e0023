"""What a command was given, read by the project's own rules for numbers; every refusal names the option."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from leverage.errors import LeverageError, clip, nearest
from leverage.quantity import read
from leverage.verbs.table import Option, Verb

if TYPE_CHECKING:
    from leverage.tree.scenario import Kind

KINDS: tuple[Kind, ...] = ("set", "change", "add")
NOT_GIVEN = (None, (), False)
LARGEST = 2**53  # of a whole number: every one up to it is a float


class BadOption(LeverageError):
    """An option's value that cannot be read."""

    def __init__(self, word: str, text: str, mend: str) -> None:
        super().__init__(f"--{word} {clip(text)!r}: {mend}")


class TwoFormats(LeverageError):
    """Both ``--json`` and ``--csv``."""

    def __init__(self) -> None:
        super().__init__("--json and --csv exclude each other; ask for one of them")


@dataclass(frozen=True, slots=True)
class Given:
    """What a command was given: ``settings`` of the verb, ``moves`` of the model as written, by kind and metric."""

    model: str
    settings: Mapping[str, Any]
    scenarios: tuple[str, ...] = ()
    moves: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    json: bool = False
    csv: bool = False
    plot: str = ""
    picture: str = ""
    save_scenario: str = ""


def given(verb: Verb, model: str, values: Mapping[str, Any]) -> Given:
    """The command's values, read; what was not given is left to the verb.

    Raises:
        BadNumber, BadOption, AmbiguousShare, TwoFormats: with the option and the mend.
    """
    if values["json"] and values["csv"]:
        raise TwoFormats
    if values["picture"] is not None and values["plot"] is None:
        raise BadOption("picture", values["picture"], "a picture needs a file; give --plot FILE, too")
    asked = {option: values[f"option_{option.name}"] for option in verb.options}
    moves: dict[str, dict[str, str]] = {kind: pairs(kind, values[kind]) for kind in KINDS}
    for kind in KINDS:
        _check_amounts(kind, moves[kind])
    return Given(
        model,
        {option.name: READERS[option.kind](option, value) for option, value in asked.items() if value not in NOT_GIVEN},
        tuple(values["scenario"]),
        moves,
        values["json"],
        values["csv"],
        _named("plot", values["plot"]),
        _named("picture", values["picture"]),
        _named("save-scenario", values["save_scenario"]),
    )


def pairs(word: str, texts: Iterable[str], shape: str = "ID=VALUE") -> dict[str, str]:
    """``ID=VALUE`` texts as a mapping."""
    found: dict[str, str] = {}
    for text in texts:
        id, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not id or not value:
            raise BadOption(word, text, f"write --{word} {shape}")
        key = normalize("NFKC", id)
        if key in found:
            raise BadOption(word, text, f"{key} is given twice; give it once")
        found[key] = value
    return found


def _check_amounts(kind: Kind, moves: Mapping[str, str]) -> None:
    """The model reads them again; a fault is told here, where the option's name is known."""
    if moves:
        from leverage.tree.moves import amount

        for id, text in moves.items():
            amount(kind, text, key=f"--{kind} {id}")


def _named(word: str, text: str | None) -> str:
    if text is not None and not text.strip():
        raise BadOption(word, text, "a name is missing")
    return text or ""


def _number(option: Option, text: str) -> float:
    return read(text, key=f"--{option.word}").value


def _numbers(option: Option, text: str) -> tuple[str, ...]:
    """As they were typed, since they come back as keys."""
    parts = tuple(part.strip() for part in text.split(","))
    for part in parts:
        _number(option, part)
    return parts


def _count(option: Option, text: str) -> int | None:
    if option.unset is not None and text == option.unset[0]:
        value: int | None = option.unset[1]
        return value
    figure = _number(option, text)
    if figure != figure // 1 or not abs(figure) <= LARGEST:
        raise BadOption(option.word, text, f"give a whole number up to {LARGEST:,}")
    return int(figure)


def _word(option: Option, text: str) -> str:
    if option.choices and text not in option.choices:
        found = nearest(text, option.choices)
        mend = f"did you mean {found!r}?" if found else f"write {' or '.join(option.choices)}"
        raise BadOption(option.word, text, mend)
    return text


def _figures(option: Option, texts: Iterable[str]) -> dict[str, float]:
    told = pairs(option.word, texts, option.metavar)
    return {id: read(text, key=f"--{option.word} {id}").value for id, text in told.items()}


def _ranges(option: Option, texts: Iterable[str]) -> list[tuple[str, tuple[float, float, int]]]:
    return [_range(option, id, text) for id, text in pairs(option.word, texts, option.metavar).items()]


def _range(option: Option, id: str, text: str) -> tuple[str, tuple[float, float, int]]:
    parts = text.split(":")
    if len(parts) != 3:
        raise BadOption(option.word, f"{id}={text}", f"write --{option.word} {option.metavar}")
    low, high = (read(part, key=f"--{option.word} {id}").value for part in parts[:2])
    steps = _count(option, parts[2])
    assert steps is not None
    return id, (low, high, steps)


READERS: Mapping[str, Callable[[Option, Any], Any]] = {
    "count": _count,
    "number": _number,
    "numbers": _numbers,
    "text": _word,
    "texts": lambda option, texts: tuple(normalize("NFKC", text) for text in texts),
    "flag": lambda option, value: True,
    "figures": _figures,
    "ranges": _ranges,
}
