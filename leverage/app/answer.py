"""A question asked of a model, and the answer where the options want it: as text, JSON or CSV, a picture, the file."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from os.path import exists
from typing import TYPE_CHECKING, Any

from leverage.app.given import Given
from leverage.app.usage import NoInput, NoSuchFile
from leverage.app.waiting import waiting
from leverage.verbs.table import Verb

if TYPE_CHECKING:
    from leverage.model import Model
    from leverage.verbs.result import Result
    from leverage.work.checkpoint import Lasting


def answer(verb: Verb, asked: Given) -> int:
    """Ask, write what is to be written, print; the status says whether the question had an answer.

    The method of the verb's name is asked, so that the figures are Python's. What could not be written is refused
    before the question is asked, and nothing is written until the answer stands.
    """
    seen = sys.stderr is not None and sys.stderr.isatty()
    with waiting(f"reading {asked.model}", seen):
        model = _loaded(asked.model)
    _check(asked, model)
    settings = {**asked.settings, **({"progress": seen} if verb.draws else {})}
    kept = _kept(settings)
    with waiting(f"{verb.name} {asked.model}", seen and not verb.draws):
        result: Result = getattr(model, verb.name)(scenario=asked.scenarios, **asked.moves, **settings)
    if asked.plot:
        _draw(result, asked)
    if asked.save_scenario and result.answered:
        from leverage.app.saving import write

        _say(write(verb, asked, model, result.proposal))
    _print(result, asked)
    if kept is not None:
        kept.remove()
    return 0 if result.answered else 1


def _kept(settings: dict[str, Any]) -> Lasting | None:
    """The checkpoint, made to last until the answer is printed: where it cannot be, nothing is lost."""
    if "checkpoint" not in settings:
        return None
    from leverage.work.checkpoint import Lasting

    kept = settings["checkpoint"] = Lasting(settings["checkpoint"])
    return kept


def _loaded(path: str) -> Model:
    from leverage.model import load

    if path == "-" and sys.stdin is None:
        raise NoInput
    if path != "-" and not path.isidentifier() and not exists(path):
        raise NoSuchFile(path)
    return load(path)


def _check(asked: Given, model: Model) -> None:
    if asked.plot:
        from pathlib import Path

        from leverage.views.picture import FORMATS, UnknownFormat

        if Path(asked.plot).suffix[1:].lower() not in FORMATS:
            raise UnknownFormat(Path(asked.plot))
    if asked.save_scenario:
        from leverage.app.saving import check

        check(asked, model)


def _draw(result: Result, asked: Given) -> None:
    from leverage.views.picture import UnknownPicture, save

    try:
        save(result.panels(), asked.plot, picture=asked.picture or None)
    except UnknownPicture:  # which there are is known of the answer only, and it may have taken long
        _print(result, asked)
        raise
    _say(f"wrote {asked.plot}")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _print(result: Result, asked: Given) -> None:
    """Text in the terminal's own encoding; JSON and CSV are data, and UTF-8 wherever they go."""
    if sys.stdout is None:
        return
    if asked.json or asked.csv:
        data = result.to_json() + "\n" if asked.json else result.to_csv()
        sys.stdout.flush()
        sys.stdout.buffer.write(data.encode(errors="backslashreplace"))  # a file's name may hold any byte
        sys.stdout.buffer.flush()
        if not result.answered:  # the text says why in its place
            for note in result.notes()[-1:]:
                _say(note)
        return
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a letter that the terminal does not have shall not end the answer
    print(result.text(), flush=True)
