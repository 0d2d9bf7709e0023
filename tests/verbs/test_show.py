"""What does the tree look like? Every metric once, from the KGI down, with what drives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from leverage.model import load
from leverage.tree.tree import Tree
from leverage.verbs.evaluate import evaluate
from leverage.verbs.show import show
from tests.trees import tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.over_time import year

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def plan() -> Tree:
    metrics = {
        "profit": {"formula": "revenue - cost", "label": "Operating profit", "unit": "USD"},
        "revenue": "visits * rate",
        "visits": {"value": 100, "lever": {"min": 0, "max": 200}, "owner": "Ads"},
        "rate": {"value": "10%", "range": ["8%", "13%"]},
        "cost": "2 + 0.1 * visits",
        "idle": 7,
    }
    return tree("profit", metrics, name="Stand")


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    told = agrees(show(plan()))
    assert told["metrics"]["profit"] == {
        "label": "Operating profit",
        "value": -2,
        "unit": "USD",
        "formula": "revenue - cost",
        "drivers": ["revenue", "cost"],
        "lever": False,
        "uncertain": False,
        "owner": None,
    }
    assert told["metrics"]["visits"]["lever"] is True
    assert told["metrics"]["visits"]["owner"] == "Ads"
    assert told["metrics"]["rate"]["uncertain"] is True
    assert list(told["metrics"]) == list(plan().metrics)


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
def test_the_shipped_models_agree_in_every_face(name: str) -> None:
    of = load(SCENARIOS / f"{name}.yaml").tree
    agrees(show(of))
    agrees(show(of.with_(scenario=next(iter(of.scenarios)))))


def test_the_text_is_the_tree_with_values_formulas_and_owners() -> None:
    lines = text(show(plan())).splitlines()
    assert lines[0] == "Stand"
    assert line(show(plan()), "Operating profit [USD]") == "Operating profit [USD] -2 revenue - cost"
    assert line(show(plan()), "visits") == "visits lever 100 Ads"
    assert line(show(plan()), "rate") == "rate uncertain 10% range: [8%, 13%]"
    assert any(each.endswith("visits (above)") for each in lines)  # met again under cost
    assert "Next: leverage evaluate MODEL" in lines


def test_what_the_kgi_does_not_use_stands_aside() -> None:
    shown = text(show(plan()))
    assert "Not used by profit" in shown
    assert line(show(plan()), "idle") == "idle 7"


def test_values_are_where_the_tree_stands() -> None:
    moved = plan().with_(set={"visits": 50}, change={"revenue": 1.0})
    assert show(moved).to_dict()["metrics"]["revenue"]["value"] == evaluate(moved)["revenue"]
    assert show(moved)["visits"] == 50
    assert "revenue was moved itself: its drivers no longer reach profit through it" in text(show(moved))


def test_a_doubt_that_has_ended_is_no_longer_marked() -> None:
    scenarios = {"sure": {"set": {"x": {"value": 3, "certain": True}}}}
    of = tree("y", {"y": "x", "x": {"value": 2, "range": [1, 4]}}, scenarios=scenarios)
    assert show(of).to_dict()["metrics"]["x"]["uncertain"] is True
    assert show(of.with_(scenario="sure")).to_dict()["metrics"]["x"]["uncertain"] is False
    assert "uncertain" not in text(show(of.with_(scenario="sure")))


def test_a_slip_in_an_id_is_told() -> None:
    with pytest.raises(ValueError, match=r"unknown metric 'visit'; did you mean 'visits'\?"):
        show(plan())["visit"]


def test_over_axes_it_says_what_each_metric_runs_over_and_what_the_labels_are() -> None:
    found = show(year().tree)
    told = agrees(found)["metrics"]
    assert told["visits"]["axes"] == ["channel", "time"]
    assert told["price"]["axes"] == []
    assert (told["spend"]["lever"], told["visits"]["uncertain"], told["fixed"]["lever"]) == (True, True, False)
    assert told["rate"]["value"] == {"organic": 0.02, "ads": 0.015, "social": 0.03}
    assert found["rate[ads]"] == 0.015
    assert (
        line(found, "channel")
        == "channel 3 labels organic, ads and social; groups unpaid (organic), paid (ads and social)"
    )
    assert line(found, "time") == "time 12 periods 2027-01 to 2027-12"
    assert "channel, time visits * rate" in line(found, "orders [order]")
