"""What if? Columns, differences and the what-if column, against the scenarios applied one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leverage.model import load
from leverage.tree.tree import Tree
from leverage.verbs.compare import compare
from leverage.verbs.evaluate import evaluate
from tests.trees import tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.over_time import year

SHOP = Path(__file__).parents[2] / "scenarios" / "shop.yaml"
SCENARIOS = {
    "dear": {"note": "All costs rise.", "change": {"cost": "50%"}, "resources": {"budget": 12}},
    "bold": {"extends": "dear", "set": {"price": 14}},
    "bolder": {"extends": "bold", "add": {"price": 1}},
    "pinned": {"set": {"revenue": 100}},
}


def plan(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "revenue - spend", "unit": "USD"},
        "revenue": "price * units",
        "spend": "cost * units",
        "price": {"value": 10, "lever": {"min": 8, "max": 15}},
        "cost": 4,
        "units": 5,
        "idle": "cost * 2",
    }
    return tree("profit", metrics, scenarios=SCENARIOS, resources={"budget": {"limit": 10, "use": "price"}}, **keys)


def differences(of: Tree) -> set[float]:
    found = compare(of)
    return {told[id] - found.metrics[0][id] for told in found.metrics for id in told}


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    told = agrees(compare(plan()), derived=differences(plan()))
    assert told["kgi"] == "profit"
    assert [(s["scenario"], s["value"], s["difference"]) for s in told["scenarios"]] == [
        ("base", 30, 0),
        ("dear", 20, -10),
        ("bold", 40, 10),
        ("bolder", 25, -5),
        ("pinned", 80, 50),
    ]


def test_the_shop_agrees_in_every_face() -> None:
    shop = load(SHOP).tree
    agrees(compare(shop), derived=differences(shop))


def test_each_column_is_its_scenario_applied_to_the_file() -> None:
    shop = load(SHOP).tree
    found = compare(shop)
    assert found.names == ("base", *shop.scenarios)
    for name in found.names:
        assert found[name] == evaluate(shop.with_(scenario=name)).metrics


def test_a_scenario_starts_from_the_one_it_extends_and_its_own_entry_replaces_the_inherited_one() -> None:
    found = compare(plan())
    assert (found["bold"]["cost"], found["bold"]["price"]) == (6, 14)
    assert (found["bolder"]["cost"], found["bolder"]["price"]) == (6, 11)  # 10 + 1, relative to the file, not 14 + 1


def test_each_scenario_named_is_a_column_and_none_named_means_all() -> None:
    assert compare(plan()).names == ("base", "dear", "bold", "bolder", "pinned")
    assert compare(plan(), scenario=["bold", "dear"]).names == ("base", "bold", "dear")
    assert compare(plan(), scenario="bold").names == ("base", "bold")


def test_the_base_stands_first_and_once() -> None:
    assert compare(plan(), scenario=["dear", "base"]).names == ("base", "dear")
    assert compare(tree("y", {"y": 3})).names == ("base",)


def test_a_change_makes_one_more_column_beside_the_scenarios() -> None:
    found = compare(plan().with_(set={"price": 12}, change={"cost": 0.25}), scenario="dear")
    assert found.names == ("base", "dear", "what-if")
    assert found["what-if"]["profit"] == 12 * 5 - 5 * 5
    assert found["dear"]["price"] == 10  # the change is no part of the others
    agrees(found, derived={told[id] - found["base"][id] for told in found.metrics for id in told})


def test_the_text_shows_what_moved_down_the_tree_and_each_difference() -> None:
    found = compare(plan(), scenario="bold")
    assert line(found, "profit [USD]") == "profit [USD] 30 40 +10"
    assert line(found, "price") == "price lever 10 14 +4"
    assert "units" not in text(found)  # it moved nowhere
    assert line(found, "idle") == "idle 8 12 +4"  # moved, though the KGI does not use it


def test_a_metric_whose_way_to_the_kgi_moves_nothing_is_shown_on_its_way() -> None:
    of = tree("y", {"y": "top + 1", "top": "max(a, b)", "a": 1, "b": 5}, scenarios={"up": {"set": {"a": 3}}})
    assert line(compare(of), "a") == "a 1 3 +2"


def test_a_scenarios_note_is_said() -> None:
    assert "dear: All costs rise." in compare(plan(), scenario="dear").to_dict()["notes"]
    assert "All costs rise." in text(compare(plan(), scenario="dear"))
    assert "notes" not in compare(plan(), scenario="bold").to_dict()


def test_a_formula_metric_that_a_scenario_moves_is_said_to_cut_its_drivers_off() -> None:
    note = "pinned: revenue was moved itself: its drivers no longer reach profit through it"
    assert note in compare(plan(), scenario="pinned").to_dict()["notes"]


def test_rows_are_long_scenario_metric_value_difference() -> None:
    rows = compare(plan(), scenario="bold").rows()
    assert len(rows) == 2 * 7
    assert rows[0] == {"scenario": "base", "metric": "profit", "value": 30, "difference": 0}
    assert {"scenario": "bold", "metric": "price", "value": 14, "difference": 4} in rows
    header = compare(plan()).to_csv().splitlines()[0]
    assert header == "scenario,metric,value,difference"


def test_a_scenario_whose_name_a_spreadsheet_would_run_is_quoted() -> None:
    of = tree("y", {"y": "x", "x": 1}, scenarios={"=1+1": {"set": {"x": 2}}})
    assert "'=1+1,y,2.0,1.0" in compare(of).to_csv()


def test_a_figure_that_is_not_finite_is_null_in_every_difference() -> None:
    of = tree("y", {"y": "1 / x", "x": 1}).with_(set={"x": 0})
    told = compare(of).to_dict()
    assert told["scenarios"][1]["value"] is None
    assert told["scenarios"][1]["difference"] is None
    assert [row["difference"] for row in compare(of).rows()] == [0, 0, None, -1]


def test_an_unknown_scenario_is_told_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown scenario 'bolt'; did you mean 'bold'\?"):
        compare(plan(), scenario="bolt")
    with pytest.raises(ValueError, match=r"unknown scenario 'bolt'; did you mean 'bold'\?"):
        compare(plan())["bolt"]


def test_explain_is_what_to_run_next_for_a_scenario_of_the_file() -> None:
    assert "Next: leverage explain MODEL --from base --to bold" in text(compare(plan(), scenario="bold"))
    assert "Next" not in text(compare(plan().with_(set={"price": 12}), scenario="bold"))


def test_a_tree_that_stands_in_a_scenario_is_compared_as_what_if() -> None:
    found = compare(plan().with_(scenario="bold"), scenario="dear")
    assert found.names == ("base", "dear", "what-if")
    assert found["what-if"]["price"] == 14


# --- over time and dimensions --------------------------------------------------------------------------------------


def test_over_axes_each_scenario_has_nested_figures_and_the_table_one_figure_a_metric() -> None:
    of = year().tree
    found = compare(of)
    told = agrees(found)
    assert [entry["scenario"] for entry in told["scenarios"]] == ["base", "ads-push", "late"]
    for entry in told["scenarios"]:
        alone = evaluate(of.with_(scenario=entry["scenario"]))
        assert entry["metrics"] == alone.to_dict()["metrics"]
        assert found[entry["scenario"]]["fixed"] == alone["fixed"]
    fixed = [sum(figures["fixed"]) for figures in found.metrics]
    assert fixed == [260_000, 260_000, 270_000]
    assert line(found, "fixed [USD]").endswith("260k 260k 270k +10k sum")


def test_over_axes_the_rows_are_long() -> None:
    rows = compare(year().tree).rows()
    (row,) = (
        row
        for row in rows
        if (row["scenario"], row["metric"], row["channel"], row["time"]) == ("ads-push", "spend", "ads", "2027-05")
    )
    assert (row["value"], row["difference"]) == (17_000, 2_000)


def test_what_is_no_sum_is_compared_by_its_mean_over_time_or_by_its_range() -> None:
    of = year().tree.with_(add={"rate[ads]": 0.01})
    assert line(compare(of, scenario=["base"]), "rate [order/visit]").endswith("1.5% to 3% 2% to 3% 0% to +1%")
    last = tree(
        "y",
        {"y": "last(s) * max(q)", "s": "prev(s, 10) * f", "f": {"value": [1, 2, 3]}, "q": {"value": [1, 5, 3]}},
        time={"periods": 3},
    )
    found = compare(last.with_(set={"f": 1.0}))
    assert line(found, "s").endswith("60 10 -50 last")
    assert line(found, "f").endswith("2 1 -1 mean")
