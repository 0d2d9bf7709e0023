"""Every row of the verbs has its parts, and every verb answers on every shipped model."""

from __future__ import annotations

import inspect
import json
import math
import shlex
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import leverage as lv
from leverage.app.commands import leverage
from leverage.files.shipped import shipped
from leverage.model import Model, load
from leverage.verbs.result import VERSION
from leverage.verbs.table import VERBS, Verb
from tests.app.running import here
from tests.verbs.shapes import BESIDE, SHAPES, misfits

ROOT = Path(__file__).parents[2]
DRAWING = ("simulate", "sensitivity", "information", "levers")  # no answer's shape hangs on how many samples there are
FEW = {verb: {"samples": 1024} for verb in DRAWING}

SOME = {  # a verb that takes seconds answers on a template and on a study; one that needs time where there is some
    "allocate": ("shop", "shoppers_funnel"),
    "seek": ("shop", "saas", "shoppers_funnel"),
    "impulse": ("marketing", "retail", "saas", "subscription_ltv"),
}

every = pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.name)


@every
def test_a_verb_has_its_module_method_command_test_and_page(verb: Verb) -> None:
    name = verb.name
    parts = {
        "module with a function of its name": callable(verb.function()),
        "method": callable(getattr(Model, name, None)),
        "command": name in leverage.commands,
        "tests": (ROOT / "tests" / "verbs" / f"test_{name}.py").is_file(),
        "page": (ROOT / "docs" / "verbs" / f"{name}.md").is_file(),
    }
    assert [part for part, there in parts.items() if not there] == []


@every
def test_the_method_opens_with_the_verbs_question(verb: Verb) -> None:
    assert (inspect.getdoc(getattr(Model, verb.name)) or "").startswith(verb.question)


@every
def test_the_example_runs_as_it_stands(verb: Verb, tmp_path: Path) -> None:
    word, *words = shlex.split(verb.example)
    ran = here(*words, folder=tmp_path)
    assert (word, ran.status, ran.err) == ("leverage", 0, "")
    assert ran.out.strip()


@cache
def model(name: str) -> Model:
    return load(name)


def settings(word: str, of: Model) -> dict[str, Any]:
    """What the verb cannot do without on this model."""
    if word == "sweep":
        cells = of.tree.cells
        id = cells.leaves[0]
        base = cells.metrics[id].base
        assert base is not None
        return {"vary": [(id, (0.9 * base, 1.1 * base, 3))]}
    return FEW.get(word, {})


@pytest.mark.parametrize(
    ("word", "name"), [(word, name) for word in VERBS for name in SOME.get(word, tuple(shipped()))]
)
def test_every_verb_answers_on_every_shipped_model_in_json_of_its_shape(word: str, name: str) -> None:
    of = model(name)
    text = getattr(of, word)(**settings(word, of)).to_json()
    told = json.loads(text, parse_constant=_refuse)
    assert misfits(told, {**SHAPES[word], **BESIDE}) == []
    assert all(math.isfinite(figure) for figure in _figures(told))


def _refuse(word: str) -> float:
    raise AssertionError(f"{word} is no JSON")


def _figures(told: Any) -> list[float]:
    if isinstance(told, dict):
        return [figure for item in told.values() for figure in _figures(item)]
    if isinstance(told, list):
        return [figure for item in told for figure in _figures(item)]
    return [told] if isinstance(told, float) else []


def test_the_version_is_that_of_the_distribution() -> None:
    """It stands in three places: the results' floor may not import the package, which names the floors above."""
    told = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert lv.__version__ == VERSION == told["project"]["version"]
