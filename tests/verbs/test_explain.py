"""Why did the KGI miss, or change? The bridge adds up at every level, and each part has its closed form."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.model import load
from leverage.program.run import slopes
from leverage.quantity import show
from leverage.tree.tree import Tree
from leverage.verbs.evaluate import evaluate
from leverage.verbs.explain import Explanation, explain
from tests.trees import JOINS, random_tree, tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.models import shipped_but

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
STEPS = (*JOINS, "max({}, 0.3 * {} + 0.01)", "({} if {} > 0.4 else 1.3)", "floor({}) + {}", "{} * ({} < 1)")
CLOSE = 1e-12  # of the largest figure that passes through


def adds_up(found: Explanation) -> None:
    """At every metric what enters is what leaves, and the leaves with what is unexplained make the KGI's change."""
    of, change = found.tree, found.end - found.start
    room = CLOSE * max(abs(found.start), abs(found.end), sum(abs(part) for part in found.edges.values()))
    assert sum(found.contributions.values()) == pytest.approx(change, abs=room)
    assert found.parts[of.kgi] == pytest.approx(change, abs=room)
    moved = {id for end in found.ends for id in end} - set(of.cells.order)
    assert not moved
    for id in of.metrics:
        entering = [part for (_, into), part in found.edges.items() if into == id]
        entering += [part for name, part in found.contributions.items() if name == f"unexplained at {id}"]
        leaving = [part for (driver, _), part in found.edges.items() if driver == id]
        if id != of.kgi:
            assert found.parts[id] == pytest.approx(sum(leaving), abs=room), id
        if id in found.contributions:  # a leaf, a formula metric that was moved, or one of which some cells were
            entering.append(found.contributions[id])
        if entering:
            assert sum(entering) == pytest.approx(found.parts[id], abs=room), id


def shares(found: Explanation) -> set[float]:
    """What the table says beside the JSON: each contribution's share of the change."""
    change = found.end - found.start
    return {part / change for part in found.contributions.values()} if change else set()


def between(formula: str, start: dict[str, float], end: dict[str, float], **keys: Any) -> Explanation:
    metrics = {"y": formula, **{id: {"value": x, "actual": end[id]} for id, x in start.items()}}
    return explain(tree("y", metrics, **keys))


# --- the faces -----------------------------------------------------------------------------------------------------


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    found = explain(
        tree(
            "y",
            {
                "y": {"formula": "m + c", "unit": "USD", "actual": 27},
                "m": {"formula": "a * b", "owner": "Ann"},
                "a": {"value": 2, "actual": 3},
                "b": {"value": 5, "actual": 9, "owner": "Ben"},
                "c": {"value": 1, "actual": "0%"},
            },
        )
    )
    told = agrees(found, derived=shares(found))
    assert (told["from"], told["to"], told["from_name"], told["to_name"]) == (11, pytest.approx(27), "base", "actual")
    assert told["contributions"] == [
        {"metric": "b", "contribution": pytest.approx(10), "from": 5, "to": 9},
        {"metric": "a", "contribution": pytest.approx(7), "from": 2, "to": 3},
        {"metric": "c", "contribution": pytest.approx(-1), "from": 1, "to": 0},
        {"metric": "unexplained at y", "contribution": pytest.approx(0, abs=1e-12), "from": None, "to": None},
    ]
    assert told["tree"] == pytest.approx({"y": 16, "m": 17, "a": 7, "b": 10, "c": -1})
    edges = {(edge["driver"], edge["into"]): edge["contribution"] for edge in told["edges"]}
    assert edges == pytest.approx({("m", "y"): 17, ("c", "y"): -1, ("a", "m"): 7, ("b", "m"): 10})
    assert told["quadrature_error"] <= CLOSE * 27


@pytest.mark.parametrize("name", shipped_but("marketing", "retail"))
def test_the_shipped_models_add_up_between_all_their_ends_and_agree_in_every_face(name: str) -> None:
    of = load(SCENARIOS / f"{name}.yaml").tree
    ends = ["base", *of.scenarios, "target", "actual"]
    for first, last in [*pairwise(ends), ("base", "actual"), ("actual", "base")]:
        found = explain(of, from_=first, to=last)
        adds_up(found)
        agrees(found, derived=shares(found))
        assert found.error <= CLOSE * max(abs(found.start), abs(found.end))


@given(random_tree(joins=JOINS), st.floats(-3, 3))
@settings(max_examples=40, deadline=None)
def test_smooth_trees_add_up_at_every_level(of: Tree, to: float) -> None:
    adds_up(explain(of.with_(set={id: to + i for i, id in enumerate(of.leaves)})))


@given(random_tree(joins=STEPS), st.floats(-3, 3))
@settings(max_examples=40, deadline=None)
def test_trees_with_steps_and_kinks_add_up_at_every_level(of: Tree, to: float) -> None:
    adds_up(explain(of.with_(set={id: to + i for i, id in enumerate(of.leaves)})))


@given(random_tree(joins=STEPS), st.floats(-3, 3), st.data())
@settings(max_examples=30, deadline=None)
def test_trees_with_formula_metrics_that_were_moved_add_up_too(of: Tree, to: float, data: st.DataObject) -> None:
    formulas = [id for id in of.metrics if not of.metrics[id].leaf]
    pins = data.draw(st.lists(st.sampled_from(formulas), max_size=2, unique=True))
    adds_up(explain(of.with_(set={of.leaves[0]: to, **dict.fromkeys(pins, to / 2)})))


# --- what a leaf contributes ---------------------------------------------------------------------------------------


@given(random_tree(joins=JOINS), st.floats(-2, 2))
@settings(max_examples=25, deadline=None)
def test_a_contribution_is_the_integral_of_slope_times_change_along_the_straight_line(of: Tree, to: float) -> None:
    end = {id: to + i for i, id in enumerate(of.leaves)}
    found = explain(of.with_(set=end))
    t = (np.arange(2000) + 0.5) / 2000  # the plain middle rule: |x| bends, so pieces count and not order
    levels = {id: of.levels[id].value for id in of.leaves}
    along = slopes(of, moved={id: levels[id] + t * (end[id] - levels[id]) for id in of.leaves})
    for id in of.leaves:
        wanted = float(np.mean(along[id])) * (end[id] - levels[id])
        steepest = float(np.max(np.abs(along[id]))) * abs(end[id] - levels[id])
        assert found.contributions[id] == pytest.approx(wanted, abs=2e-3 * steepest)  # where |x| bends, a piece or two


@pytest.mark.parametrize(
    ("formula", "start", "end", "parts"),
    [
        ("a + b - c", {"a": 2, "b": 5, "c": 1}, {"a": 3, "b": 4, "c": 6}, {"a": 1, "b": -1, "c": -5}),
        ("a * b", {"a": 2, "b": 5}, {"a": 3, "b": 9}, {"a": 7, "b": 10}),
        ("a / b", {"a": 2, "b": 5}, {"a": 3, "b": 9}, {"a": math.log(9 / 5) / 4, "b": -1 / 15 - math.log(9 / 5) / 4}),
        ("a ** 2 + exp(b)", {"a": 2, "b": 0}, {"a": 3, "b": 1}, {"a": 5, "b": math.e - 1}),
        # of a product of three, a half of each pair's and a third of the threefold cross term
        (
            "a * b * c",
            {"a": 1, "b": 1, "c": 1},
            {"a": 2, "b": 3, "c": 4},
            {"a": 1 + 2 / 2 + 3 / 2 + 6 / 3, "b": 2 + 2 / 2 + 6 / 2 + 6 / 3, "c": 3 + 3 / 2 + 6 / 2 + 6 / 3},
        ),
        ("max(a, b)", {"a": 0, "b": 1}, {"a": 3, "b": 1}, {"a": 2, "b": 0}),
        ("10 if a + 3 * b > 0 else 4", {"a": -1, "b": -1}, {"a": 1, "b": 2}, {"a": 6 * 2 / 11, "b": 6 * 9 / 11}),
        ("100 * floor(a)", {"a": 0.5}, {"a": 3.5}, {"a": 300}),
        ("(b if a > 0 else 7) * (a > 0)", {"a": -1, "b": 2}, {"a": 1, "b": 2}, {"a": 2, "b": 0}),
    ],
)
def test_a_contribution_has_its_closed_form(
    formula: str, start: dict[str, float], end: dict[str, float], parts: dict[str, float]
) -> None:
    found = between(formula, start, end)
    assert dict(found.contributions) == pytest.approx(parts, rel=1e-9, abs=1e-9)
    adds_up(found)


def test_a_step_on_the_path_is_credited_to_what_its_comparison_compares() -> None:
    metrics = {
        "y": "bonus + other",
        "bonus": "10k if deals > goal else 0",
        "deals": {"formula": "leads * 0.2"},
        "leads": {"value": 400, "actual": 600},
        "goal": 100,
        "other": {"value": 7, "actual": 8},
    }
    found = explain(tree("y", metrics))
    assert dict(found.contributions) == pytest.approx({"leads": 10_000, "other": 1, "goal": 0}, abs=1e-6)
    assert found.edges["deals", "bonus"] == pytest.approx(10_000)


def test_steps_that_are_passed_at_one_place_are_all_carried() -> None:
    metrics = {
        "y": "m if a > 0.4 else 1.3",
        "m": "n * 2 if a > 0.4 else 0.7",
        "n": "a + 5 if a > 0.4 else 9",
        "a": {"value": 0, "actual": 1},
    }
    found = explain(tree("y", metrics))
    assert (found.start, found.end) == (1.3, 12)
    assert dict(found.contributions) == pytest.approx({"a": 10.7}, rel=1e-12)
    adds_up(found)


def test_the_largest_contribution_stands_first_and_equal_ones_by_id() -> None:
    found = between("a + b + c - d", {"d": 1, "c": 1, "b": 1, "a": 1}, {"d": 2, "c": 3, "b": 2, "a": 2})
    assert list(found.contributions) == ["c", "a", "b", "d"]


# --- ends ----------------------------------------------------------------------------------------------------------


def story(**more: Any) -> Tree:
    metrics = {
        "y": "a * b + c",
        "a": {"value": 2, "target": 4, "actual": 3},
        "b": {"value": 5, "actual": 6},
        "c": {"value": 1, "target": 2},
        "d": 8,
    }
    scenarios = {"up": {"set": {"a": 7}}, "further": {"extends": "up", "add": {"b": 1}}}
    return tree("y", metrics, scenarios=scenarios, **more)


def test_from_target_if_any_leaf_has_one_else_from_base_and_to_actual() -> None:
    found = explain(story())
    assert found.names == ("target", "actual")
    plain = tree("y", {"y": {"formula": "2 * a", "target": 9}, "a": {"value": 2, "actual": 3}})
    assert explain(plain).names == ("base", "actual")  # the KGI's own target is no leaf's
    assert explain(story(), from_="base").names == ("base", "actual")
    assert explain(story(), to="base").names == ("target", "base")


def test_of_a_tree_that_was_changed_from_base_to_what_if() -> None:
    found = explain(story().with_(set={"a": 3}))
    assert found.names == ("base", "what-if")
    assert dict(found.contributions) == {"a": 5, "b": 0, "c": 0, "d": 0}
    assert explain(story().with_(set={"a": 3}), to="actual").names == ("base", "actual")


def test_an_end_that_is_missing_takes_the_others_contributes_0_and_is_listed() -> None:
    found = explain(story())  # b has no target, c no actual, d neither
    assert found.missing == ("b", "c")
    assert (found.start, found.end) == (4 * 6 + 2, 3 * 6 + 2)
    assert dict(found.contributions) == {"a": -6, "b": 0, "c": 0, "d": 0}
    for note in ("target has no figure for b: taken as unchanged", "actual has no figure for c: taken as unchanged"):
        assert note in found.to_dict()["notes"]
        assert note in text(found)


def test_target_and_actual_are_each_leafs_own() -> None:
    found = explain(story(), from_="base", to="target")
    assert (found.start, found.end) == (11, 4 * 5 + 2)
    assert explain(story(), from_="actual", to="target").end == 4 * 6 + 2


def test_a_scenario_is_an_end_with_what_it_inherits() -> None:
    found = explain(story(), from_="up", to="further")
    assert (found.start, found.end) == (7 * 5 + 1, 7 * 6 + 1)
    assert dict(found.contributions) == {"b": 7, "a": 0, "c": 0, "d": 0}


def test_the_base_is_the_file_whatever_was_changed() -> None:
    moved = story().with_(scenario="up").with_(set={"c": 3})
    assert explain(moved, from_="base", to="up").end == 36
    assert explain(moved, from_="base", to="what-if").end == 38
    assert explain(moved, from_="up", to="what-if").contributions["c"] == 2


def test_the_other_way_round_every_part_turns_its_sign() -> None:
    there, back = (explain(story(), from_=a, to=b) for a, b in (("base", "actual"), ("actual", "base")))
    for id, part in there.contributions.items():
        assert back.contributions[id] == pytest.approx(-part, rel=1e-12)


def test_an_unknown_end_is_told_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown scenario 'furthr'; did you mean 'further'\?"):
        explain(story(), to="furthr")


def test_without_any_actual_it_says_what_to_give() -> None:
    found = explain(tree("y", {"y": "2 * a", "a": 3}))
    note = "no metric has an actual: give 'actual' to leaves, or name another end with --to"
    assert note in found.to_dict()["notes"]
    assert text(found).startswith("y is 6 at both ends (base, actual): nothing changed.")
    target = explain(tree("y", {"y": "2 * a", "a": {"value": 3, "actual": 4}}), from_="target")
    assert (
        "no metric has a target: give 'target' to leaves, or name another end with --from" in target.to_dict()["notes"]
    )


# --- what is unexplained -------------------------------------------------------------------------------------------


def recorded(**actuals: float) -> Tree:
    metrics: dict[str, Any] = {
        "profit": {"formula": "revenue - cost"},
        "revenue": {"formula": "price * units"},
        "price": {"value": 10, "actual": 11},
        "units": {"value": 5, "actual": 4},
        "cost": {"value": 20, "actual": 22},
    }
    for id, actual in actuals.items():
        metrics[id]["actual"] = actual
    return tree("profit", metrics)


def test_a_formula_metrics_own_actual_adds_what_its_formula_leaves_so_that_the_bridge_ends_at_the_record() -> None:
    found = explain(recorded(profit=25, revenue=47))
    adds_up(found)
    assert (found.start, found.end) == (30, 25)
    assert found.contributions["unexplained at revenue"] == pytest.approx(47 - 44)
    assert found.contributions["unexplained at profit"] == pytest.approx(25 - (47 - 22))
    assert found.ends[1]["revenue"] == pytest.approx(47)
    assert found.parts["revenue"] == pytest.approx(47 - 50)


def test_a_record_that_the_formula_meets_leaves_nothing_unexplained() -> None:
    found = explain(recorded(profit=22))
    assert found.contributions["unexplained at profit"] == pytest.approx(0, abs=1e-12)


def test_between_actual_and_a_scenario_the_record_counts_at_its_own_end() -> None:
    found = explain(recorded(profit=25), from_="actual", to="base")
    assert (found.start, found.end) == (25, 30)
    assert found.contributions["unexplained at profit"] == pytest.approx(-3)
    adds_up(found)


def test_what_is_unexplained_stands_in_the_table_with_its_part() -> None:
    found = explain(recorded(profit=25))
    agrees(found, derived=shares(found))
    assert line(found, "unexplained at profit").startswith("unexplained at profit - - +3")


# --- formula metrics that an end moves -----------------------------------------------------------------------------


def test_a_formula_metric_that_a_scenario_moves_contributes_in_place_of_its_drivers() -> None:
    of = tree("y", {"y": "2 * m", "m": "a + b", "a": 1, "b": 2}, scenarios={"s": {"set": {"m": 9, "a": 5}}})
    found = explain(of, to="s")
    assert (found.start, found.end) == (6, 18)
    assert found.contributions["m"] == pytest.approx(12)
    assert found.contributions["a"] == 0
    assert "s: m was moved itself: its drivers no longer reach y through it" in found.to_dict()["notes"]
    adds_up(found)


def test_a_kgi_that_was_moved_itself_contributes_all() -> None:
    found = explain(tree("y", {"y": "2 * a", "a": 1}).with_(set={"y": 7}))
    assert dict(found.contributions) == {"y": 5, "a": 0}
    assert (found.start, found.end) == (2, 7)
    agrees(found, derived=shares(found))


def test_a_kgi_without_a_formula_contributes_all() -> None:
    found = explain(tree("y", {"y": {"value": 2, "actual": 5}, "idle": 3}))
    assert dict(found.contributions) == {"y": 3, "idle": 0}
    agrees(found, derived=shares(found))


# --- the bottleneck walk -------------------------------------------------------------------------------------------


def test_the_walk_goes_down_the_worst_branch_and_ends_at_an_owner() -> None:
    found = explain(load(SCENARIOS / "shop.yaml").tree)
    assert found.walk == ("profit", "revenue", "orders", "new_orders", "purchase_rate", "completion")
    owner = found.tree.metrics["completion"].owner
    assert found.to_dict()["walk"][-1] == {"metric": "completion", "owner": owner}
    assert f"Ask: {owner}." in text(found)
    for upper, lower in pairwise(found.walk):
        harms = {driver: found.parts[driver] for driver, into in found.edges if into == upper}
        assert found.parts[lower] == min(harms.values()) < 0


def test_the_walk_tells_what_came_through_each_metric_as_the_tree_below_does() -> None:
    found = explain(load(SCENARIOS / "shop.yaml").tree)
    steps = [f"{found.tree.metrics[id].name} ({show(found.parts[id], signed=True)})" for id in found.walk[1:]]
    assert f"worst branch first: Operating profit <- {' <- '.join(steps)}. Ask" in text(found)


def test_the_walk_stops_where_what_is_unexplained_is_worse_than_any_driver() -> None:
    found = explain(recorded(profit=2))
    assert found.walk == ("profit",)
    assert "profit <- what its drivers do not explain (-20)" in text(found)


def test_where_nobody_owns_the_last_metric_the_nearest_owner_above_is_asked() -> None:
    metrics = {
        "y": {"formula": "m + c", "owner": "Ann"},
        "m": {"formula": "2 * a", "owner": "Ben"},
        "a": {"value": 3, "actual": 1},
        "c": {"value": 1, "actual": 2},
    }
    assert "<- m (-4) <- a (-4). Ask: Ben." in text(explain(tree("y", metrics)))
    for id in ("y", "m"):
        del metrics[id]["owner"]
    assert "Nobody owns it." in text(explain(tree("y", metrics)))


def test_for_a_goal_to_minimize_the_worst_branch_is_the_one_that_rose_most() -> None:
    found = between("a + b", {"a": 1, "b": 1}, {"a": 4, "b": 0}, goal="minimize")
    assert found.walk == ("y", "a")


def test_where_no_branch_did_harm_it_says_so() -> None:
    found = between("a + b", {"a": 1, "b": 1}, {"a": 4, "b": 2})
    assert found.walk == ("y",)
    assert "No branch worked against the goal." in text(found)


# --- what people read ----------------------------------------------------------------------------------------------


def test_no_change_is_told_as_such() -> None:
    found = explain(story(), from_="base", to="base")
    told = agrees(found)
    assert (told["from"], told["to"]) == (11, 11)
    assert set(found.contributions.values()) == {0}
    assert text(found).splitlines()[0] == "y is 11 at both ends (base, base): nothing changed."


def test_it_opens_with_the_change() -> None:
    shown = text(between("a * b", {"a": 2, "b": 5}, {"a": 3, "b": 9}))
    assert shown.splitlines()[0] == "y goes from 10 (base) to 27 (actual): +17 (+170%)."
    shown = text(between("a", {"a": 0.25}, {"a": 0.2}))
    assert shown.splitlines()[0] == "y goes from 0.25 (base) to 0.2 (actual): -0.05 (-20%)."


def test_method_and_quadrature_error_are_printed() -> None:
    found = between("a * b", {"a": 2, "b": 5}, {"a": 3, "b": 9})
    note = "split by the path integral of the slopes along the straight line (integrated gradients); quadrature error"
    assert note in text(found)
    assert found.to_dict()["method"] == ("path integral of the slopes along the straight line (integrated gradients)")


def test_people_see_what_contributed_with_its_share_and_owner() -> None:
    found = between("a * b", {"a": 2, "b": 5}, {"a": 3, "b": 9})
    assert line(found, "b").startswith("b 5 9 +10 58.82%")
    assert "Next: leverage levers MODEL" in text(found)


def test_a_metric_whose_parts_cancel_still_leads_to_its_drivers() -> None:
    metrics = {
        "y": "m + c",
        "m": "a + b",
        **{id: {"value": 1, "actual": x} for id, x in (("a", 3), ("b", -1), ("c", 2))},
    }
    found = explain(tree("y", metrics))
    assert found.parts["m"] == pytest.approx(0, abs=1e-12)
    assert [row.split()[:4] for row in _tree_lines(found)] == [
        ["y", "3", "4", "+1"],
        ["m", "2", "2", "0"],
        ["a", "1", "3", "+2"],
        ["b", "1", "-1", "-2"],
        ["c", "1", "2", "+1"],
    ]


def _tree_lines(found: Explanation) -> list[str]:
    lines = text(found).split("Down the tree")[1].splitlines()[3:]
    return [each.lstrip("├└│─ ") for each in lines[: lines.index("")]]


def test_a_part_is_found_by_its_id_and_a_slip_is_told() -> None:
    found = explain(story())
    assert found["a"] == -6
    with pytest.raises(ValueError, match="unknown metric 'z'"):
        found["z"]


def test_the_figures_at_the_ends_are_those_of_evaluate() -> None:
    of = load(SCENARIOS / "shop.yaml").tree
    found = explain(of, from_="base", to="price-war")
    assert dict(found.ends[0]) == pytest.approx(dict(evaluate(of).metrics), rel=1e-12)
    assert dict(found.ends[1]) == pytest.approx(dict(evaluate(of.with_(scenario="price-war")).metrics), rel=1e-12)


# --- over dimensions and time ---------------------------------------------------------------------------------------


def planned(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "last(arr) - sum(cost)", "unit": "USD"},
        "arr": {"formula": "prev(arr, 1000) * (1 - churn) + sum(new, over=channel)", "label": "Recurring revenue"},
        "new": {"formula": "visits * rate * price"},
        "churn": {"value": [0.1, 0.1, 0.2, 0.1], "actual": [0.1, 0.15, 0.2, 0.2], "owner": "Ann"},
        "visits": {
            "value": {"ads": [10, 12, 14, 16], "social": [5, 5, 6, 6]},
            "actual": {"ads": [9, 12, 11, 16], "social": [5, 6, 6, 6]},
            "owner": "Ben",
        },
        "rate": {"value": {"ads": 2, "social": 3}, "actual": {"ads": 2.5, "social": 2}},
        "price": {"value": 7, "actual": 8},
        "cost": "sum(visits, over=channel) * 3",
    }
    scenarios = {"push": {"change": {"visits": {"ads": "20%"}}, "set": {"price": 8}}}
    axes = {"time": {"periods": 4, "unit": "month", "start": "2027-01"}, "dimensions": {"channel": ["ads", "social"]}}
    return tree("profit", metrics, scenarios=scenarios, **axes, **keys)


def test_a_model_over_axes_adds_up_at_every_level_and_agrees_in_every_face() -> None:
    for ends in ((None, None), ("base", "push"), ("push", "actual"), ("actual", "base")):
        found = explain(planned(), from_=ends[0], to=ends[1])
        adds_up(found)
        agrees(found)
        for id, parts in found.beneath.items():
            assert sum(parts.values()) == found.contributions[id]
        told = found.to_dict()
        for entry in told["contributions"]:
            assert sum(entry.get("cells", {"": entry["contribution"]}).values()) == entry["contribution"]


def test_it_gives_the_contributions_of_the_same_tree_of_plain_metrics() -> None:
    found = explain(planned(), from_="base", to="actual")
    metrics: dict[str, Any] = {"profit": "arr_3 - (" + " + ".join(f"cost_{t}" for t in range(4)) + ")"}
    of = planned().cells
    for id, metric in of.metrics.items():
        name = id.replace("[", "_").replace(",2027-0", "_").replace("2027-0", "").replace("]", "")
        if metric.leaf:
            metrics[name] = {"value": metric.base, "actual": metric.actual}
    for t in range(1, 5):
        metrics[f"arr_{t - 1}"] = (
            f"{f'arr_{t - 2}' if t > 1 else 1000} * (1 - churn_{t}) + new_ads_{t} + new_social_{t}"
        )
        metrics[f"cost_{t - 1}"] = f"(visits_ads_{t} + visits_social_{t}) * 3"
        for channel in ("ads", "social"):
            metrics[f"new_{channel}_{t}"] = f"visits_{channel}_{t} * rate_{channel} * price"
    wanted = explain(tree("profit", metrics), from_="base", to="actual")
    assert (found.start, found.end) == pytest.approx((wanted.start, wanted.end), rel=1e-14)
    for channel in ("ads", "social"):
        for t in range(1, 5):
            cell = found.beneath["visits"][f"visits[{channel},2027-0{t}]"]
            assert cell == pytest.approx(wanted.contributions[f"visits_{channel}_{t}"], rel=1e-9, abs=1e-9)
    churn = [found.beneath["churn"][f"churn[2027-0{t}]"] for t in range(1, 5)]
    assert churn == pytest.approx([wanted.contributions[f"churn_{t}"] for t in range(1, 5)], rel=1e-9, abs=1e-9)
    assert found["price"] == pytest.approx(wanted.contributions["price"], rel=1e-9)


def test_a_stock_hands_on_each_period_by_what_is_left_of_it() -> None:
    metrics = {
        "y": "last(stock)",
        "stock": "prev(stock, 100) * 0.8 + won",
        "won": {"value": [10, 10, 10], "actual": [12, 11, 14]},
    }
    found = explain(tree("y", metrics, time={"periods": 3}))
    wanted = {"won[0]": 2 * 0.64, "won[1]": 0.8, "won[2]": 4}
    assert dict(found.beneath["won"]) == pytest.approx(wanted, rel=1e-12)
    # through time the stock is its own driver: that is no edge, and its part is counted once
    assert list(found.edges) == [("stock", "y"), ("won", "stock")]
    assert found["stock"] == pytest.approx(sum(wanted.values()))
    assert found["stock[1]"] == pytest.approx(0.8 * (0.8 * 2 + 1))  # what a cell hands on, in time as well


def test_a_loop_through_several_metrics_counts_once() -> None:
    metrics = {
        "y": "last(stock)",
        "stock": "opening + won - left",
        "opening": "prev(stock, 1000)",
        "left": "opening * rate",
        "won": {"value": [50, 50, 50, 50], "actual": [60, 50, 40, 70]},
        "rate": {"value": [0.1, 0.1, 0.1, 0.1], "actual": [0.1, 0.2, 0.15, 0.1]},
    }
    found = explain(tree("y", metrics, time={"periods": 4}))
    adds_up(found)
    change = found.end - found.start
    assert found["stock"] == pytest.approx(change)
    assert found["left"] == pytest.approx(found["rate"])
    assert found.edges["won", "stock"] + found.edges["left", "stock"] == pytest.approx(change)
    assert found["opening"] == pytest.approx(0, abs=1e-9)


def test_an_address_asks_what_came_through_some_cells() -> None:
    found = explain(planned(), from_="base", to="push")
    assert found["visits[ads]"] == pytest.approx(found["visits"])
    assert found["visits[social]"] == 0
    parts = [found[f"visits[ads,2027-0{t}]"] for t in range(1, 5)]
    assert sum(parts) == pytest.approx(found["visits[ads]"])
    with pytest.raises(ValueError, match="unknown label 'adds'"):
        found["visits[adds]"]


def test_records_of_some_periods_leave_the_others_and_are_told_in_short() -> None:
    metrics = {
        "y": "sum(x) + sum(z)",
        "x": {"value": [1, 2, 3]},
        "z": {"value": [1, 2, 3], "actual": [2, 2, 5]},
    }
    found = explain(tree("y", metrics, time={"periods": 3}))
    assert dict(found.contributions) == pytest.approx({"z": 3, "x": 0})
    assert found.missing == ("x",)
    assert "actual has no figure for x: taken as unchanged" in found.notes()


def test_a_formula_metrics_records_per_period_leave_what_is_unexplained_in_each() -> None:
    metrics = {
        "y": "sum(sales)",
        "sales": {"formula": "units * 10", "actual": [25, 30, 52]},
        "units": {"value": [2, 3, 4], "actual": [3, 3, 5]},
    }
    found = explain(tree("y", metrics, time={"periods": 3}))
    adds_up(found)
    agrees(found)
    assert found.end == 25 + 30 + 52
    assert dict(found.beneath["unexplained at sales"]) == pytest.approx(
        {"unexplained at sales[0]": -5, "unexplained at sales[1]": 0, "unexplained at sales[2]": 2}, abs=1e-12
    )
    rows = [row for row in found.rows() if row["metric"] == "unexplained at sales"]
    assert [(row["time"], row["contribution"]) for row in rows] == [
        ("0", pytest.approx(-5)),
        ("1", pytest.approx(0, abs=1e-12)),
        ("2", pytest.approx(2)),
    ]


def test_people_see_each_metric_once_its_course_and_its_labels() -> None:
    found = explain(planned(), from_="base", to="actual")
    shown = text(found)
    assert "by period" in shown
    assert "By channel" in shown
    assert line(found, "Recurring revenue").split()[2] == "1145"  # of the first month: 1000 * 0.9 + (20 + 15) * 7
    assert "2027" not in shown.split("Down the tree")[1].split("Note:")[0]


def test_the_walk_ends_with_where_most_of_the_harm_was_done() -> None:
    metrics = {
        "y": "sum(x)",
        "x": {"value": {"a": [5, 5], "b": [5, 5]}, "actual": {"a": [4, 5], "b": [1, 4]}, "owner": "Ann"},
    }
    axes = {"time": {"periods": 2}, "dimensions": {"kind": ["a", "b"]}}
    found = explain(tree("y", metrics, **axes))
    assert "y <- x (-6). Ask: Ann. Most of it in x [b] (-5)." in " ".join(text(found).split())


def test_cells_that_a_scenario_moves_stand_in_place_of_their_formula_and_the_others_follow_theirs() -> None:
    metrics = {"y": "sum(m)", "m": "a * 2", "a": {"value": [1, 2, 3]}}
    found = explain(tree("y", metrics, time={"periods": 3}).with_(set={"m[1]": 10, "a": 2}))
    adds_up(found)
    assert dict(found.beneath["m"]) == pytest.approx({"m[1]": 6})
    assert dict(found.contributions) == pytest.approx({"m": 6, "a": 0}, abs=1e-12)
    assert found["m"] == pytest.approx(6)
