"""What does the tree say now? Values against arithmetic, targets against their direction, changes against the base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leverage.model import load
from leverage.tree.tree import Tree
from leverage.verbs.evaluate import evaluate
from tests.trees import tree
from tests.verbs.faces import agrees, line, text

SHOP = Path(__file__).parents[2] / "scenarios" / "shop.yaml"


def plan(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "revenue - spend - fixed", "target": 60, "unit": "USD", "owner": "CEO"},
        "revenue": {"formula": "visits * rate", "target": 110},
        "visits": {"value": 1_000, "target": "1.2k", "better": "higher"},
        "rate": {"value": "10%", "target": "9%"},
        "spend": {"value": 20, "lever": {"min": 0, "max": 90, "cost": {"hours": "2 per 1"}}},
        "fixed": 5,
    }
    resources = {"budget": {"limit": 50, "use": "spend", "unit": "USD"}, "hours": {"limit": 100}}
    return tree("profit", metrics, resources=resources, **keys)


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    of = plan()
    left = {of.limit(id) - used for id, used in evaluate(of).uses.items()}
    told = agrees(evaluate(of), derived=left)
    assert told["value"] == told["metrics"]["profit"] == 75
    assert told["metrics"] == {"profit": 75, "revenue": 100, "visits": 1000, "rate": 0.1, "spend": 20, "fixed": 5}
    agrees(evaluate(of.with_(change={"visits": 0.1})), derived=left)


def test_the_shop_agrees_in_every_face() -> None:
    shop = load(SHOP).tree
    for standing in (shop, shop.with_(scenario="checkout-first"), shop.with_(set={"order_value": 60.0})):
        found = evaluate(standing)
        agrees(found, derived={standing.limit(id) - used for id, used in found.uses.items()})


def test_a_gap_is_value_less_target_and_signed() -> None:
    told = evaluate(plan()).to_dict()["targets"]
    assert told["profit"] == {"target": 60, "gap": 15, "met": True}
    assert told["revenue"] == {"target": 110, "gap": -10, "met": False}
    assert line(evaluate(plan()), "revenue").endswith("100 110 -10 missed")


def test_a_target_is_met_at_or_beyond_it() -> None:
    of = tree("y", {"y": {"formula": "a + b", "target": 5}, "a": {"value": 2, "target": 2}, "b": {"value": 3}})
    assert all(target.met for target in evaluate(of).targets.values())
    short = evaluate(of.with_(set={"a": 2 - 1e-9}))
    assert not any(target.met for target in short.targets.values())


@pytest.mark.parametrize(
    ("keys", "goal", "better"),
    [
        ({"better": "lower"}, "maximize", "lower"),  # its own word, whatever the slope
        ({"better": "higher"}, "minimize", "higher"),
        ({"better": "lower", "thresholds": {"warn": 3, "alert": 2}}, "maximize", "lower"),
        ({"thresholds": {"warn": 3, "alert": 2}}, "minimize", "higher"),  # an alert below the warning: more is better
        ({"thresholds": {"warn": 3, "alert": 4}}, "maximize", "lower"),
        ({}, "maximize", "higher"),  # more of it raises the KGI
        ({}, "minimize", "lower"),
        ({"thresholds": {"warn": 3}}, "minimize", "lower"),  # one threshold alone has no direction
    ],
)
def test_the_better_direction_is_the_metrics_word_else_its_thresholds_else_the_slopes(
    keys: dict[str, Any], goal: str, better: str
) -> None:
    of = tree("y", {"y": "3 * x", "x": {"value": 5, "target": 6, **keys}}, goal=goal)
    assert evaluate(of).targets["x"].met is (better == "lower")


def test_where_nothing_tells_the_direction_higher_is_better() -> None:
    of = tree("y", {"y": "3 * x", "x": 5, "idle": {"value": 5, "target": 4}})
    assert evaluate(of).targets["idle"].met


def test_the_kgis_own_direction_is_the_goal() -> None:
    for goal, met in (("maximize", False), ("minimize", True)):
        assert evaluate(tree("y", {"y": {"formula": "x", "target": 6}, "x": 5}, goal=goal)).targets["y"].met is met


def test_a_change_shows_before_after_and_difference_of_every_metric_that_moved() -> None:
    told = evaluate(plan().with_(change={"visits": 0.1})).to_dict()["moved"]
    assert set(told) == {"profit", "revenue", "visits"}
    assert told["visits"] == {"before": 1000, "after": 1100.0, "difference": pytest.approx(100)}
    assert told["profit"]["difference"] == pytest.approx(10)
    shown = text(evaluate(plan().with_(change={"visits": 0.1})))
    assert "before" in shown
    assert "spend" not in shown
    assert line(evaluate(plan().with_(change={"visits": 0.1})), "visits").endswith("1000 1100 +100")


def test_a_change_shows_the_route_to_the_kgi_even_where_it_moves_nothing_on_the_way() -> None:
    of = tree("y", {"y": "top + other", "top": "max(a, b)", "a": 1, "b": 5, "other": 2})
    found = evaluate(of.with_(set={"a": 3}))
    assert set(found.to_dict()["moved"]) == {"a"}
    assert line(found, "a").endswith("1 3 +2")
    assert "other" not in text(found)


def test_a_change_of_a_metric_that_the_kgi_does_not_use_is_shown_too() -> None:
    of = tree("y", {"y": "2 * x", "x": 1, "watched": "idle * 2", "idle": 7})
    found = evaluate(of.with_(set={"idle": 9}))
    agrees(found)
    assert line(found, "watched").endswith("14 18 +4")
    assert line(found, "idle").endswith("7 9 +2")


def test_a_metric_that_the_kgi_does_not_use_is_shown_with_its_value() -> None:
    of = tree("y", {"y": "2 * x", "x": 1, "watched": {"formula": "idle * 2", "target": 20}, "idle": 7})
    agrees(evaluate(of))
    assert line(evaluate(of), "watched").endswith("14 20 -6 missed")


def test_a_formula_metric_that_is_moved_is_said_to_cut_its_drivers_off() -> None:
    moved = evaluate(plan().with_(change={"revenue": 0.5}))
    assert moved.metrics["revenue"] == 150
    assert moved.metrics["visits"] == 1000
    assert moved.to_dict()["notes"] == ["revenue was moved itself: its drivers no longer reach profit through it"]
    assert moved.to_dict()["notes"][0] in text(moved)


def test_a_lever_costs_its_price_times_the_distance_from_the_files_value_either_way() -> None:
    def used(**moves: Any) -> dict[str, float]:
        return dict(evaluate(plan().with_(**moves)).uses)

    assert used() == {"budget": 20, "hours": 0}
    assert used(set={"spend": 35}) == {"budget": 35, "hours": 30}
    assert used(set={"spend": 10}) == {"budget": 10, "hours": 20}
    assert used(add={"spend": 5}, change={"spend": -0.2}) == {"budget": 21, "hours": 2}


def test_a_scenario_that_moves_a_lever_shows_what_it_spends() -> None:
    of = plan(scenarios={"more": {"set": {"spend": 60}, "resources": {"budget": 55}}})
    found = evaluate(of.with_(scenario="more"))
    assert found.to_dict()["resources"] == {"budget": {"limit": 55, "used": 60}, "hours": {"limit": 100, "used": 80}}
    assert "budget is used beyond its limit" in found.to_dict()["notes"]
    assert line(found, "budget") == "budget 55 60 -5 USD"


def test_the_base_stays_the_files_whatever_was_applied_before() -> None:
    of = plan(scenarios={"more": {"set": {"spend": 60}}})
    before = evaluate(of.with_(scenario="more").with_(set={"visits": 500})).before
    assert before == evaluate(of).metrics


def test_nothing_stands_under_moved_where_nothing_was() -> None:
    assert "moved" not in evaluate(plan()).to_dict()
    assert evaluate(plan().with_(scenario="base")).before is None


def test_a_change_back_and_forth_moves_nothing() -> None:
    found = evaluate(plan().with_(set={"spend": 20}))
    assert found.to_dict()["moved"] == {}
    assert line(found, "profit").endswith("75 75")


def test_an_uncertain_leaf_without_value_stands_at_its_median() -> None:
    of = tree("y", {"y": "2 * x", "x": {"uncertainty": "lognormal(p10=2, p90=8)"}})
    assert evaluate(of)["x"] == pytest.approx(4, rel=1e-14)


def test_a_figure_that_is_not_finite_is_null_with_a_note() -> None:
    found = evaluate(tree("y", {"y": "1 / x", "x": 2}).with_(set={"x": 0}))
    told = agrees(found)
    assert told["value"] is None
    assert told["metrics"] == {"y": None, "x": 0}
    assert "metrics.y is not finite" in told["notes"]


def test_a_metric_is_found_by_its_id_and_a_slip_is_told() -> None:
    assert evaluate(plan())["visits"] == 1000
    with pytest.raises(ValueError, match=r"unknown metric 'visit'; did you mean 'visits'\?"):
        evaluate(plan())["visit"]


def test_labels_units_owners_and_what_to_run_next_are_shown() -> None:
    shown = text(evaluate(plan()))
    assert "profit [USD]" in shown
    assert "CEO" in shown
    assert "Next: leverage levers MODEL" in shown
