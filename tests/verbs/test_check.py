"""Is this tree sound? Every row of the checks fires on a model made for it, and is silent on a tree that is sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from leverage.errors import Place
from leverage.model import load
from leverage.tree.checks import CHECKS
from leverage.tree.findings import Finding
from leverage.tree.tree import Tree
from leverage.verbs.check import DRIFT, EVALUATED, check
from tests.trees import tree
from tests.verbs.faces import agrees, text

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def sound(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "revenue - cost", "unit": "USD", "target": 25, "actual": 21, "owner": "CEO"},
        "revenue": {"formula": "visits * rate * price", "unit": "USD"},
        "cost": {"value": 80, "unit": "USD", "owner": "COO", "range": [70, 95], "actual": 40},
        "visits": {
            "value": 100,
            "unit": "visit",
            "owner": "Ads",
            "better": "higher",
            "lever": {"min": 50, "max": 200, "cost": {"budget": "5 per 1"}},
        },
        "rate": {"value": "10%", "unit": "order/visit", "owner": "UX"},
        "price": {"value": 10, "unit": "USD/order", "owner": "Sales", "lever": {"choices": [10, 12]}},
    }
    return tree("profit", metrics, name="Stand", resources={"budget": {"limit": 300, "unit": "USD"}}, **keys)


def chain(length: int) -> dict[str, Any]:
    return {**{f"m{i}": f"m{i + 1}" for i in range(length)}, f"m{length}": 1}


LEVER = {"min": 0, "max": 9}
MADE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {  # for each check the metrics, and further keys of the model
    "driverless": ({"y": 1}, {}),
    "unused": ({"y": "x", "x": 1, "idle": 2}, {}),
    "wide": ({"y": " + ".join("abcdefgh"), **dict.fromkeys("abcdefgh", 1)}, {}),
    "deep": ({"y": "m0", **chain(12)}, {}),
    "counted_twice": ({"y": "new + all", "all": "new + old", "new": 1, "old": 2}, {}),
    "leverless": ({"y": "x", "x": 1}, {}),
    "out_of_bounds": ({"y": "x", "x": {"value": 12, "lever": LEVER}}, {}),
    "immovable": ({"y": "x", "x": {"value": 1, "lever": {"min": 1, "max": 1}}}, {}),
    "unpriced": ({"y": "x", "x": {"value": 1, "lever": {**LEVER, "cost": {"money": "1 per 1"}}}}, {}),
    "idle": ({"y": "x", "x": 1}, {"resources": {"budget": {"limit": 3}}}),
    "unowned": ({"y": "x", "x": 1}, {}),
    "targetless": ({"y": "x", "x": 1}, {}),
    "disagreeing": ({"y": {"formula": "x", "better": "lower"}, "x": 1}, {}),
    "outside": ({"y": "x", "x": {"value": 9, "uncertainty": "normal(1, 1)"}}, {}),
    "doubtless": ({"y": "x", "x": 1}, {}),
    "plain_draws": (
        {"y": "x0", **{f"x{i}": {"value": 1, "uncertainty": "normal(1, 1)"} for i in range(1025)}},
        {},
    ),
    "mismatched": ({"y": "a + b", "a": {"value": 1, "unit": "USD"}, "b": {"value": 1, "unit": "visit"}}, {}),
    "mixed": ({"y": "pаge", "pаge": 1}, {}),  # the second letter is Cyrillic
    "alike": ({"y": "sale1 + salel", "sale1": 1, "salel": 1}, {}),
    "parted": (
        {"y": "sum(x)", "x": {"value": {"a": 0.5, "b": 0.5}, "parts": "part"}},
        {"dimensions": {"part": ["a", "b"]}, "scenarios": {"more": {"set": {"x": {"a": 0.6}}}}},
    ),
    "limits": ({"y": "x", "x": {"value": 5, "lever": LEVER}}, {"resources": {"budget": {"limit": 3, "use": "x"}}}),
    "steps": ({"y": "10 * floor(x)", "x": {"value": 5, "lever": LEVER}}, {}),
    "directions": ({"y": "9 - x", "x": {"value": 5, "better": "higher"}}, {}),
    "drift": ({"y": {"formula": "2 * x", "actual": 8}, "x": 5}, {}),
}


def fired(of: Tree) -> set[str]:
    return {finding.check for finding in check(of).findings}


def test_every_row_has_a_model_made_for_it() -> None:
    assert set(MADE) == {*CHECKS, *EVALUATED}


@pytest.mark.parametrize("name", MADE)
def test_every_check_fires_on_the_model_made_for_it_and_agrees_in_every_face(name: str) -> None:
    metrics, keys = MADE[name]
    of = tree("y", metrics, **keys)
    of = of.with_(scenario=of.scenarios)
    assert name in fired(of)
    agrees(check(of))


def test_a_sound_tree_has_no_finding() -> None:
    found = check(sound())
    assert found.findings == ()
    assert agrees(found)["findings"] == []
    assert text(found).startswith("Stand is sound: 6 metrics, 2 levers, 1 uncertain, nothing to mend.")


def test_every_face_of_the_answer_gives_the_same_findings() -> None:
    of = tree(
        "y", {"y": {"formula": "10 * floor(x)", "target": 60}, "x": {"value": 5, "range": [4, 7], "lever": LEVER}}
    )
    told = agrees(check(of))
    assert told["findings"] == [
        {
            "severity": "note",
            "metric": None,
            "message": "no metric has an owner; name under 'owner' who answers for each lever",
            "check": "unowned",
            "at": None,
        },
        {
            "severity": "note",
            "metric": "x",
            "message": "this lever reaches y only through steps (a comparison, floor, round): its elasticity is 0; "
            "read its gain in levers",
            "check": "steps",
            "at": None,
        },
    ]


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
def test_the_shipped_models_agree_in_every_face(name: str) -> None:
    agrees(check(load(SCENARIOS / f"{name}.yaml").tree))


# --- the checks that need the figures ------------------------------------------------------------------------------


def message(of: Tree, name: str) -> str:
    return next(finding.message for finding in check(of).findings if finding.check == name)


def test_a_limit_that_is_broken_today_is_named_with_both_figures() -> None:
    metrics, keys = MADE["limits"]
    assert message(tree("y", metrics, **keys), "limits") == (
        "resource 'budget' is used beyond its limit today: 5 of 3; raise the limit, or let allocate find a plan "
        "within it"
    )
    assert "limits" not in fired(tree("y", metrics, resources={"budget": {"limit": 5, "use": "x"}}))


@pytest.mark.parametrize("formula", ["x > 2", "round(x)", "7 if x > 2 else 3", "ceil(x) * 2"])
def test_a_lever_that_reaches_the_kgi_only_through_steps_is_noted(formula: str) -> None:
    metrics = {"y": f"10 * ({formula}) + z", "x": {"value": 5, "lever": LEVER}, "z": 1}
    assert "steps" in fired(tree("y", metrics))
    smooth = {"y": f"10 * ({formula}) + x", "x": {"value": 5, "lever": LEVER}}
    assert "steps" not in fired(tree("y", smooth))
    no_lever = {"y": f"10 * ({formula}) + z", "x": 5, "z": {"value": 1, "lever": LEVER}}
    assert "steps" not in fired(tree("y", no_lever))


@pytest.mark.parametrize(("goal", "better"), [("maximize", "lower"), ("minimize", "higher")])
def test_a_direction_that_the_slope_does_not_bear_out_is_noted(goal: str, better: str) -> None:
    of = tree("y", {"y": "2 * x", "x": {"value": 5, "better": better}}, goal=goal)
    way = "helps" if goal == "maximize" else "harms"
    assert message(of, "directions") == (
        f"says that {better} is better, and yet more of it {way} the goal; check the formulas, or drop 'better'"
    )
    other = {"lower": "higher", "higher": "lower"}[better]
    assert "directions" not in fired(tree("y", {"y": "2 * x", "x": {"value": 5, "better": other}}, goal=goal))
    assert "directions" not in fired(
        tree("y", {"y": "2 * x", "x": 1, "idle": {"value": 5, "better": better}}, goal=goal)
    )


def test_a_figure_that_drifted_from_its_actual_is_noted_with_how_far() -> None:
    def drifted(actual: float) -> Tree:
        return tree("y", {"y": {"formula": "2 * x", "actual": actual}, "x": {"value": 5, "actual": 1}})

    assert message(drifted(8), "drift") == "the tree says 10, 25% above the actual of 8; explain says why"
    assert message(drifted(12.5), "drift") == "the tree says 10, 20% below the actual of 12.5; explain says why"
    assert message(drifted(-10), "drift") == "the tree says 10, 200% above the actual of -10; explain says why"
    for actual in (10 / (1 + 0.99 * DRIFT), 10 / (1 - 0.99 * DRIFT), 0):
        assert "drift" not in fired(drifted(actual))


def test_the_tree_is_looked_at_where_it_stands() -> None:
    metrics = {"y": "x", "x": {"value": 2, "lever": LEVER}}
    of = tree("y", metrics, resources={"budget": {"limit": 3, "use": "x"}})
    assert "limits" in fired(of.with_(set={"x": 4}))
    assert "limits" not in fired(of)


# --- the answer ----------------------------------------------------------------------------------------------------


def test_the_gravest_stand_first_then_by_line() -> None:
    found = check(load(SCENARIOS / "shop.yaml").tree)
    assert found.findings
    order = {"error": 0, "warning": 1, "note": 2}
    keys = [(order[finding.severity], finding.at.line) for finding in found.findings]
    assert keys == sorted(keys)


def test_notes_and_warnings_leave_the_question_answered_and_an_error_does_not() -> None:
    metrics, keys = MADE["out_of_bounds"]
    found = check(tree("y", metrics, **keys))
    assert {finding.severity for finding in found.findings} == {"warning", "note"}
    assert found.answered
    grave = Finding("error", "x", "is wrong; mend it", Place("m.yaml", 3, 5), "made")
    assert not replace(found, findings=(grave, *found.findings)).answered
    assert agrees(replace(found, findings=(grave,)))["findings"][0]["at"] == "m.yaml:3:5"


def test_a_finding_stands_in_the_text_with_its_metric_and_line() -> None:
    found = check(load(SCENARIOS / "shop.yaml").tree)
    opening = text(found).splitlines()[0]
    assert opening.startswith("Online shop: ")
    assert opening.endswith(f"{len(found.findings)} finding{'s' if len(found.findings) > 1 else ''}.")
    for finding in found.findings:
        row = next(each for each in text(found).splitlines() if finding.message in each)
        assert {finding.severity, finding.metric, str(finding.at.line)} <= set(row.split())


def test_a_metrics_findings_are_found_by_its_id() -> None:
    metrics, keys = MADE["out_of_bounds"]
    found = check(tree("y", metrics, **keys))
    assert [finding.check for finding in found["x"]] == ["out_of_bounds"]
    with pytest.raises(ValueError, match="unknown metric 'z'"):
        found["z"]
