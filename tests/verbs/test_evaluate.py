"""What does the tree say now? Values against arithmetic, targets against their direction, changes against the base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leverage.errors import UnknownName
from leverage.model import load
from leverage.panels import Table
from leverage.tree.tree import Tree
from leverage.verbs.evaluate import evaluate
from tests.trees import tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.over_time import CHANNELS, year

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


# --- over time and dimensions --------------------------------------------------------------------------------------


def test_every_face_over_axes_gives_the_same_figures() -> None:
    of = year().tree
    told = agrees(evaluate(of))
    visits = [[level * 1.01**month for month in range(12)] for level in (80_000, 30_000, 12_000)]
    assert told["metrics"]["visits"] == dict(zip(CHANNELS, map(pytest.approx, visits), strict=True))
    assert told["metrics"]["rate"] == {"organic": 0.02, "ads": 0.015, "social": 0.03}
    assert told["metrics"]["fixed"] == [20_000, 20_000, *[22_000] * 10]
    assert told["metrics"]["profit"] == told["value"]
    agrees(evaluate(of.with_(scenario="ads-push")))


def test_the_figures_are_the_arithmetic_of_arrays() -> None:
    growth = 1.01 ** np.arange(12)
    orders = np.array([80_000, 30_000, 12_000])[:, None] * growth * np.array([0.02, 0.015, 0.03])[:, None]
    margin = 60 * orders.sum(axis=0) - 20_000 - np.array([20_000, 20_000, *[22_000] * 10])
    found = evaluate(year().tree)
    assert found["margin"] == pytest.approx(list(margin), rel=1e-14)  # a dozen operations' rounding
    assert found.value == pytest.approx(margin.sum(), rel=1e-14)


def test_a_result_answers_by_address() -> None:
    found = evaluate(year().tree)
    assert found["visits[ads,2027-02]"] == found["visits"]["ads"][1] == found.each["visits[ads,2027-02]"]
    assert found["visits[2027-02]"] == {channel: found["visits"][channel][1] for channel in CHANNELS}
    with pytest.raises(UnknownName, match="unknown label 'tv' in visits"):
        found["visits[tv]"]


def test_targets_over_time_have_a_gap_each_period_and_say_how_often_they_are_met() -> None:
    found = evaluate(year().tree)
    told = found.to_dict()["targets"]["revenue"]
    assert told["target"] == [150_000] * 12
    assert told["gap"] == [value - 150_000 for value in found["revenue"]]
    assert told["met"] == [value >= 150_000 for value in found["revenue"]]
    assert line(found, "revenue").endswith(f"met {sum(told['met'])} of 12")


def test_what_moved_stands_nested_and_only_labels_that_moved_have_rows() -> None:
    found = evaluate(year().tree.with_(change={"visits[ads]": 0.2}))
    moved = found.to_dict()["moved"]
    assert set(moved) == {"visits", "orders", "revenue", "margin", "profit"}
    assert moved["visits"]["difference"]["organic"] == [0] * 12
    assert moved["visits"]["difference"]["ads"] == pytest.approx([6_000 * 1.01**month for month in range(12)])
    (labels,) = (panel for panel in found.panels() if isinstance(panel, Table) and panel.title == "By channel")
    assert labels.ids == ("orders[paid]", "orders[ads]", "visits[paid]", "visits[ads]")


def test_a_resource_per_period_has_a_limit_and_a_use_each_period() -> None:
    found = evaluate(year().tree.with_(set={"spend[ads,2027-03]": 25_000.0}))
    assert found.to_dict()["resources"]["budget"] == {
        "limit": [25_000] * 12,
        "used": [20_000, 20_000, 30_000, *[20_000] * 9],
    }
    assert found.notes() == ("budget is used beyond its limit in 1 of 12 periods, first in 2027-03",)


def test_the_rows_of_a_table_have_a_column_an_axis() -> None:
    rows = evaluate(year().tree).rows()
    assert len(rows) == len(year().tree.cells.metrics)
    assert rows[0] == {"metric": "profit", "channel": None, "time": None, "value": rows[0]["value"]}
    (row,) = (row for row in rows if (row["metric"], row["channel"], row["time"]) == ("visits", "ads", "2027-01"))
    assert row["value"] == 30_000


def test_a_formula_metric_moved_in_some_cells_is_said_so() -> None:
    (note,) = evaluate(year().tree.with_(change={"orders[ads]": 0.1})).notes()
    assert note.startswith("orders in 12 of its 36 figures, such as orders[ads,2027-01], was moved itself")


def test_dimensions_alone_and_time_alone_are_shown_too() -> None:
    alone = tree("y", {"y": "sum(x)", "x": {"value": {"a": 1, "b": 2}}}, dimensions={"part": ["a", "b"]})
    assert agrees(evaluate(alone))["metrics"] == {"y": 3, "x": {"a": 1, "b": 2}}
    timed = tree("y", {"y": "last(s)", "s": "prev(s, 10) * 2"}, time={"periods": 3})
    assert agrees(evaluate(timed))["metrics"] == {"y": 80, "s": [20, 40, 80]}
    assert text(evaluate(timed)).count("above") == 0  # a stock is no driver of itself
