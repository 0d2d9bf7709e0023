"""What was tried on the command line, as a scenario in the model file, all else in it byte for byte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import isclose
from pathlib import Path
from shlex import quote
from typing import Any

from leverage.app.given import BadOption, Given
from leverage.errors import InvalidModel, listed
from leverage.files import json, save, source, yaml
from leverage.files.edit import add_scenario
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import from_python
from leverage.model import Model
from leverage.program.run import point, stand
from leverage.tree.addresses import metric_of
from leverage.tree.build import build
from leverage.tree.moves import written
from leverage.tree.saved import compact
from leverage.tree.saved import tried as in_one
from leverage.tree.scenarios import MEANINGS
from leverage.tree.tree import Level, Tree
from leverage.verbs.cells.over import counted
from leverage.verbs.table import Verb


class NotSaved(BadOption):
    """What was tried cannot be kept as a scenario of this file under this name."""

    def __init__(self, name: str, mend: str) -> None:
        super().__init__("save-scenario", name, mend)


def check(asked: Given, model: Model) -> None:
    """Refuses, before the question is asked, what could not be written after it.

    Raises:
        NotSaved: the model is no file, or the name is taken.
    """
    name = asked.save_scenario
    if not Path(asked.model).is_file():
        mend = f"leverage new {asked.model} my-{asked.model}.yaml" if asked.model.isidentifier() else "name a file"
        raise NotSaved(name, f"{asked.model} is no file to write to; {mend}")
    if name in MEANINGS or name in model.scenarios:
        taken = f"means {MEANINGS[name]}" if name in MEANINGS else f"stands in {asked.model} already"
        raise NotSaved(name, f"that name {taken}; choose another")


def write(verb: Verb, asked: Given, model: Model, proposal: Mapping[str, float]) -> str:
    """Writes the model file with one more scenario: the moves of the options, and what the answer proposes.

    It is believed only where asking for the scenario gives every level, value and limit of what was tried.

    Returns:
        What was done, and what to ask next.

    Raises:
        NotSaved: nothing was tried, or no scenario says what was.
        NoFile: the file may not be written.
    """
    name, path = asked.save_scenario, Path(asked.model)
    scenarios = () if verb.scenarios == "columns" else asked.scenarios
    limits = asked.settings.get("limit", {})
    if not any(asked.moves.values()) and not limits and not proposal and len(scenarios) < 2:
        raise NotSaved(name, "nothing was tried; give --set, --change or --add, too")
    tried = model.with_(scenario=scenarios, **asked.moves, resources=limits).with_(set=proposal).tree
    text, _ = source(path)
    for scenario in _told(asked, tried, proposal):
        edited = add_scenario(text, name, scenario, file=str(path))
        if _tells(edited, name, path, tried):
            save(path, edited)
            again = f"leverage evaluate {quote(asked.model)} --scenario {quote(name)}"
            return f"saved scenario {name!r} in {asked.model}\nNext: {again}"
    moves = Counter(move.metric for move in tried.moves)
    often = listed(list(counted(tried, [id for id, times in moves.items() if times > 1])))
    raise NotSaved(name, f"no one entry of a scenario says how {often} came to stand here; move it once")


def _told(asked: Given, tried: Tree, proposal: Mapping[str, float]) -> Iterator[PlainMapping]:
    """The scenario as it was typed, on the one that it extends; and from the file up, each metric moved once."""
    if len(tried.applied) < 2:
        keys: dict[str, Any] = {"extends": tried.applied[0]} if tried.applied else {}
        for kind, texts in asked.moves.items():
            keys[kind] = {id: text for id, text in texts.items() if id not in proposal}
        keys["set"] |= _proposed(tried, proposal)
        keys["resources"] = {id: written(limit) for id, limit in asked.settings.get("limit", {}).items()}
        told = from_python({key: value for key, value in keys.items() if value})
        assert isinstance(told, PlainMapping)
        yield told
    yield in_one(tried, stand(tried.cells).inputs)


def _proposed(tree: Tree, proposal: Mapping[str, float]) -> dict[str, Any]:
    """What an answer proposes, by metric; over axes nested, and once where it is the same of all cells."""
    cells: dict[str, dict[str, str]] = {}
    for id, level in proposal.items():
        figure = written(level, percent=tree.cells.metrics[id].percent)
        cells.setdefault(metric_of(id), {})[id] = figure
    return {id: compact(tree, id, figures) for id, figures in cells.items()}


def _tells(text: str, name: str, path: Path, tried: Tree) -> bool:
    """Whether the file, asked for the scenario, has every figure of what was tried."""
    reads = json.read if path.suffix.lower() == ".json" else yaml.read
    try:
        told = build(reads(text, str(path))).with_(scenario=name)
    except InvalidModel:  # a metric in two entries, say
        return False
    found, sought = told.cells, tried.cells
    values, wanted = point(found), point(sought)
    return (
        all(_near(values[id], wanted[id]) for id in wanted)
        and all(_alike(found.levels[id], sought.levels[id]) for id in sought.uncertain)
        and all(_near(found.limit(id), sought.limit(id)) for id in sought.resources)
    )


def _alike(one: Level, other: Level) -> bool:
    return _near(one.value, other.value) and _near(one.factor, other.factor) and one.certain == other.certain


def _near(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=1e-12, abs_tol=1e-300)
