"""What every answer has in common: JSON without NaN, rows, CSV, frame, the run's line, and one class a verb."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from leverage.errors import LeverageError
from leverage.panels import Panel, Text
from leverage.tree.tree import Tree
from leverage.verbs.allocate import allocate
from leverage.verbs.check import check
from leverage.verbs.compare import compare
from leverage.verbs.elasticities import elasticities
from leverage.verbs.evaluate import evaluate
from leverage.verbs.explain import explain
from leverage.verbs.levers import levers
from leverage.verbs.result import VERSION, Result, Run, flat
from leverage.verbs.seek import seek
from leverage.verbs.show import show
from leverage.verbs.simulate import simulate
from leverage.verbs.sweep import sweep
from leverage.verbs.tornado import tornado
from tests.trees import tree
from tests.verbs.faces import text

VERBS: dict[str, Callable[[Tree], Result]] = {
    "allocate": allocate,
    "check": check,
    "evaluate": evaluate,
    "compare": compare,
    "sweep": lambda of: sweep(of, vary={"a": [1, 2], "b": [0, 1]}),
    "seek": seek,
    "elasticities": elasticities,
    "tornado": tornado,
    "simulate": lambda of: simulate(of, samples=64),
    "levers": lambda of: levers(of, samples=64),
    "explain": lambda of: explain(of, from_="base", to="actual"),
    "show": show,
}
every = pytest.mark.parametrize("verb", VERBS)


def plan() -> Tree:
    metrics = {
        "y": {"formula": "m + c", "target": 40, "actual": 30, "label": "=1+1"},
        "m": "a * b",
        "a": {"value": 2, "range": [1, 4], "lever": {"min": 0, "max": 5}, "actual": 3},
        "b": {"value": 5, "actual": 6, "owner": "@home"},
        "c": {"value": 1, "lever": {"min": 0, "max": 9, "cost": {"budget": "2 per 1"}}},
    }
    scenarios = {"up": {"note": "All of it.", "set": {"a": 3}}}
    return tree("y", metrics, name="Plan", resources={"budget": {"limit": 9}}, scenarios=scenarios)


@dataclass(frozen=True, eq=False)
class Made(Result):
    """An answer of any figures."""

    verb: ClassVar[str] = "made"
    main: ClassVar[str] = "entries"

    told: Any

    def figures(self) -> dict[str, Any]:
        return {"entries": self.told}

    def panels(self) -> tuple[Panel, ...]:
        return (Text("made"),)


def made(*entries: Any) -> Made:
    return Made(Run("0123456789abcdef"), list(entries))


# --- of any answer -------------------------------------------------------------------------------------------------


def test_json_never_holds_nan_or_infinity_but_null_with_a_note() -> None:
    told = made({"x": math.nan, "deep": {"y": [1.0, -math.inf]}}, {"x": 3.0}).to_dict()
    assert told["entries"] == [{"x": None, "deep": {"y": [1.0, None]}}, {"x": 3.0}]
    assert told["notes"] == ["entries[0].x is not finite", "entries[0].deep.y[1] is not finite"]


def test_json_is_one_line_of_full_precision_in_any_language() -> None:
    written = made({"metric": "売上", "x": 0.1 + 0.2, "big": 1e300}).to_json()
    assert "\n" not in written
    assert "売上" in written
    assert json.loads(written)["entries"][0] == {"metric": "売上", "x": 0.30000000000000004, "big": 1e300}


def test_numpys_figures_are_pythons_in_json() -> None:
    told = made(
        {"x": np.float64(1.5), "n": np.int64(3), "b": np.bool_(True), "list": np.array([1.0, np.nan])}
    ).to_dict()
    assert told["entries"] == [{"x": 1.5, "n": 3, "b": True, "list": [1.0, None]}]
    assert [type(each) for each in told["entries"][0].values()] == [float, int, bool, list]


def test_rows_are_flat_with_nested_keys_joined_by_a_dot() -> None:
    assert flat({"metric": "a", "per": {"budget": 2, "deep": {"x": 1}}, "list": [1]}) == {
        "metric": "a",
        "per.budget": 2,
        "per.deep.x": 1,
        "list": [1],
    }
    assert made({"metric": "a", "q": {"5%": 1.0}}).to_csv() == "metric,q.5%\na,1.0\n"


def test_a_mapping_by_id_has_a_row_an_id() -> None:
    assert Made(Run("0"), {"a": 1.0, "b": 2.0}).rows() == [{"metric": "a", "value": 1.0}, {"metric": "b", "value": 2.0}]
    assert Made(Run("0"), {"a": {"x": 1.0}}).rows() == [{"metric": "a", "x": 1.0}]


def test_csv_has_every_digit_and_quotes_what_a_spreadsheet_would_run() -> None:
    written = made({"metric": "@cmd", "x": 0.1 + 0.2}, {"metric": "-1", "x": None}).to_csv()
    assert written == "metric,x\n'@cmd,0.30000000000000004\n'-1,\n"


def test_an_answer_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        made().told = []  # type: ignore[misc]


# --- the run -------------------------------------------------------------------------------------------------------


def test_the_line_of_a_run_has_the_models_hash_the_scenarios_and_what_chance_was_set_to() -> None:
    assert str(Run("0123456789abcdef")) == f"model 01234567  leverage {VERSION}"
    run = Run("0123456789abcdef", ("up", "what-if"), seed=0, samples=64, points="random")
    assert str(run) == f"model 01234567  up  what-if  seed 0  samples 64  points random  leverage {VERSION}"
    assert run.to_dict() == {
        "model": "0123456789abcdef",
        "scenario": ["up", "what-if"],
        "seed": 0,
        "samples": 64,
        "points": "random",
        "version": VERSION,
    }


def test_a_run_says_which_scenarios_stand_and_whether_more_was_tried() -> None:
    assert Run.of(plan()).scenario == ()
    assert Run.of(plan().with_(scenario="up")).scenario == ("up",)
    assert Run.of(plan().with_(set={"a": 3})).scenario == ("what-if",)
    assert Run.of(plan().with_(scenario="up").with_(set={"b": 3})).scenario == ("up", "what-if")


def test_the_hash_is_of_what_the_file_says_and_not_of_what_was_tried() -> None:
    assert Run.of(plan()).model == Run.of(plan().with_(set={"a": 3})).model == plan().hash


# --- of every verb -------------------------------------------------------------------------------------------------


@every
def test_every_text_ends_with_the_line_of_its_run(verb: str) -> None:
    found = VERBS[verb](plan())
    assert text(found).splitlines()[-1] == str(found.run)
    assert found.to_dict()["run"] == found.run.to_dict()


@every
def test_every_note_is_in_the_text_and_in_the_json(verb: str) -> None:
    found = VERBS[verb](plan().with_(change={"m": 0.1}))
    assert [note for note in found.notes() if note not in text(found)] == []
    assert found.to_dict().get("notes", [])[: len(found.notes())] == list(found.notes())


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("check", "explain")])
def test_a_formula_metric_that_was_moved_is_said_to_cut_its_drivers_off(verb: str) -> None:
    notes = VERBS[verb](plan().with_(change={"m": 0.1})).to_dict()["notes"]
    assert any("m was moved itself: its drivers no longer reach y through it" in note for note in notes)


@every
def test_every_answer_can_be_shown_in_a_notebook_and_as_a_picture(verb: str) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    found = VERBS[verb](plan())
    assert "&#x3D;" in found._repr_html_() or "=1+1" in found._repr_html_() or verb == "check"
    if verb != "check":  # findings are no picture
        assert found.plot() is not None
    pyplot.close("all")


@every
def test_an_answer_for_the_same_tree_is_the_same_to_the_byte(verb: str) -> None:
    assert VERBS[verb](plan()).to_json() == VERBS[verb](plan()).to_json()


@every
def test_no_hostile_name_reaches_the_csv_as_a_formula(verb: str) -> None:
    cells = [cell for row in VERBS[verb](plan()).to_csv().splitlines() for cell in row.split(",")]
    assert [cell for cell in cells if cell.startswith(("=", "@"))] == []


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "check"])
def test_an_answer_is_asked_by_id_and_a_slip_raises_one_sentence(verb: str) -> None:
    with pytest.raises(LeverageError, match="unknown"):
        VERBS[verb](plan())["nobody"]  # type: ignore[index]
