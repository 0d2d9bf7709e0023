"""What if these two move together? Every cell against the tree evaluated there, one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leverage.model import load
from leverage.tree.tree import Tree
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.evaluate import evaluate
from leverage.verbs.sweep import sweep
from tests.trees import tree
from tests.verbs.faces import agrees, line, text
from tests.verbs.over_time import year

SHOP = Path(__file__).parents[2] / "scenarios" / "shop.yaml"


def plan() -> Tree:
    metrics = {"profit": "m - a", "m": "a * b ** 2", "a": 3, "b": {"value": "50%"}, "idle": 7}
    return tree("profit", metrics, scenarios={"up": {"change": {"b": "10%"}}})


def test_every_face_of_a_two_way_table_gives_the_same_figures() -> None:
    told = agrees(sweep(plan(), vary={"a": [1, 2, 4], "b": [0.5, 1]}))
    assert told["axes"] == [{"metric": "a", "values": [1, 2, 4]}, {"metric": "b", "values": [0.5, 1]}]
    assert told["table"] == [[-0.75, 0], [-1.5, 0], [-3, 0]]


def test_every_face_of_a_one_way_table_gives_the_same_figures() -> None:
    found = sweep(plan(), vary={"b": (0, 1, 3)})
    told = agrees(found)
    assert told["axes"] == [{"metric": "b", "values": [0, 0.5, 1]}]
    assert told["table"] == [[-3], [-2.25], [0]]
    assert line(found, "50%") == "50% -2.25"


def test_the_text_of_a_two_way_table_has_a_line_a_level_and_says_what_runs_where() -> None:
    found = sweep(plan(), vary={"a": [1, 2, 4], "b": [0.5, 1]})
    shown = text(found)
    assert shown.startswith("profit\na down, b across\n")
    assert line(found, "a") == "a down, b across"
    assert line(found, "2") == "2 -1.5 0"
    assert " ".join(shown.splitlines()[2].split()) == "a 50% 100%"


@pytest.mark.parametrize(
    "vary", [{"item_price": (30, 40, 4), "completion": (0.26, 0.32, 3)}, {"visits": (1e5, 4e5, 5)}]
)
def test_every_cell_is_the_tree_evaluated_there_to_the_bit(vary: dict[str, Any]) -> None:
    for standing in (load(SHOP).tree, load(SHOP).tree.with_(scenario="price-war")):
        found = sweep(standing, vary=vary)
        agrees(found)
        for place in np.ndindex(found.table.shape):
            levels = {id: float(found.levels[axis][place[axis]]) for axis, id in enumerate(found.axes)}
            assert found.table[place] == evaluate(standing.with_(set=levels)).value


def test_a_formula_metric_takes_its_levels_in_place_of_its_formula() -> None:
    found = sweep(plan(), vary={"m": [10, 20], "b": [0.1, 0.9]})
    assert found.table.tolist() == [[7, 7], [17, 17]]  # b no longer reaches profit through m


def test_another_metric_than_the_kgi_can_be_shown() -> None:
    found = sweep(plan(), vary={"a": [1, 2]}, of="m")
    assert found.to_dict()["kgi"] == "m"
    assert found.table.tolist() == [0.25, 0.5]


def test_what_the_kgi_does_not_use_changes_nothing() -> None:
    assert sweep(plan(), vary={"idle": [1, 2, 3]}).table.tolist() == [-2.25] * 3


def test_the_kgi_itself_may_be_swept() -> None:
    assert sweep(plan(), vary={"profit": [1, 2]}).table.tolist() == [1, 2]


def test_all_else_stands_where_the_tree_stands() -> None:
    assert sweep(plan().with_(scenario="up"), vary={"a": [4]}).table[0] == pytest.approx(4 * 0.55**2 - 4)


def test_low_high_and_n_are_even_steps_with_both_ends() -> None:
    np.testing.assert_array_equal(sweep(plan(), vary={"a": (1, 2, 5)}).levels[0], [1, 1.25, 1.5, 1.75, 2])
    np.testing.assert_array_equal(sweep(plan(), vary={"a": (1, 2, np.int64(3))}).levels[0], [1, 1.5, 2])
    np.testing.assert_array_equal(sweep(plan(), vary={"a": (1, 2, 1)}).levels[0], [1])
    np.testing.assert_array_equal(sweep(plan(), vary={"a": [1, 2, 5]}).levels[0], [1, 2, 5])
    np.testing.assert_array_equal(sweep(plan(), vary=[("a", np.array([2.0, 1.0]))]).levels[0], [2, 1])


def test_rows_are_long_with_a_column_an_axis() -> None:
    assert sweep(plan(), vary={"a": [1, 2], "b": [0.5, 1]}).rows()[:2] == [
        {"a": 1, "b": 0.5, "value": -0.75},
        {"a": 1, "b": 1, "value": 0},
    ]
    assert sweep(plan(), vary={"a": [1, 2]}).to_csv() == "a,value\n1.0,-0.75\n2.0,-1.5\n"


def test_levels_are_found_by_the_axis_id_and_a_slip_is_told() -> None:
    found = sweep(plan(), vary={"a": [1, 2]})
    assert found["a"].tolist() == [1, 2]
    with pytest.raises(ValueError, match="unknown axis 'b'"):
        found["b"]


def test_a_cell_that_is_not_finite_is_null_with_a_note() -> None:
    told = agrees(sweep(tree("y", {"y": "1 / x", "x": 1}), vary={"x": [0, 2]}))
    assert told["table"] == [[None], [0.5]]
    assert "table[0][0] is not finite" in told["notes"]


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ({}, "vary 'nothing': name one metric, or two different ones"),
        ({"a": [1], "b": [1], "m": [1]}, "vary 'a, b, m': name one metric, or two different ones"),
        ([("a", [1]), ("a", [2])], "vary 'a, a': name one metric, or two different ones"),
        ({"a": []}, "vary a 'no level': give at least one level"),
        ({"a": [1, float("nan")]}, "vary a nan: give finite levels"),
        ({"a": (0, 1, 0)}, "vary a 0: ask for at least one step"),
        ({"a": (0, 1, 2000), "b": (0, 1, 2000)}, "vary '2000 x 2000': ask for at most 1,000,000 cells"),
        ({"a": (0, 1, 10**9)}, "vary '1000000000': ask for at most 1,000,000 cells"),
        ({"c": [1]}, "unknown metric 'c'"),
    ],
)
def test_wrong_input_gets_one_sentence(vary: Any, message: str) -> None:
    with pytest.raises(ValueError) as refused:
        sweep(plan(), vary=vary)
    assert str(refused.value) == message


def test_an_unknown_metric_to_show_is_told() -> None:
    with pytest.raises(ValueError, match=r"unknown metric 'profits'; did you mean 'profit'\?"):
        sweep(plan(), vary={"a": [1]}, of="profits")


def test_an_exponent_that_is_swept_over_2_gives_the_bits_of_the_point() -> None:
    of = tree("y", {"y": "x ** s", "x": 1.2345678, "s": 3})
    levels = [2.0, 0.5, -1.0, 3.0]
    assert sweep(of, vary={"s": levels}).table.tolist() == [evaluate(of.with_(set={"s": s})).value for s in levels]


# --- over time and dimensions --------------------------------------------------------------------------------------


def test_all_cells_of_an_address_stand_at_the_level() -> None:
    of = year().tree
    found = sweep(of, vary={"spend[ads]": (0, 30e3, 4), "price": [50, 70]}, of="margin[2027-03]")
    agrees(found)
    assert found.axes == ("spend[ads]", "price")
    for place in np.ndindex(found.table.shape):
        levels = {"spend[ads]": float(found.levels[0][place[0]]), "price": float(found.levels[1][place[1]])}
        assert found.table[place] == evaluate(of.with_(set=levels))["margin[2027-03]"]
    assert found["spend[ads]"].tolist() == [0, 10e3, 20e3, 30e3]
    assert text(found).startswith("Monthly margin [2027-03], USD\nspend [ads] down, price across\n")


def test_one_figure_is_swept_and_no_cell_twice() -> None:
    with pytest.raises(BadSetting, match=r"of 'margin': it has 12 figures; name one, such as margin\[2027-01\]"):
        sweep(year().tree, vary={"price": [1]}, of="margin")
    with pytest.raises(BadSetting, match=r"spend\[ads,2027-01\] stands in another, too"):
        sweep(year().tree, vary={"spend": [1], "spend[ads]": [2]})
