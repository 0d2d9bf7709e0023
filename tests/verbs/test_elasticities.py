"""Pushed 1%, which driver moves the KGI most? Elasticities against their closed forms, Euler's sum and 50 digits."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.model import load
from leverage.program.run import slope_figures
from leverage.tree.tree import Tree
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.elasticities import elasticities
from leverage.verbs.evaluate import evaluate
from tests.oracles import mp
from tests.trees import random_tree, tree
from tests.verbs.faces import agrees, line, text

SHOP = Path(__file__).parents[2] / "scenarios" / "shop.yaml"
CLOSED = 1e-10
positive = st.floats(0.05, 50).map(lambda x: float(f"{x:.6g}"))
power = st.floats(-3, 3).map(lambda x: round(x, 3) + 0.0005)


def exactly(value: float) -> object:
    return pytest.approx(value, rel=CLOSED, abs=CLOSED)


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    told = agrees(elasticities(tree("y", {"y": "a * b / c", "a": "20%", "b": 3, "c": 4})))
    assert [entry["metric"] for entry in told["drivers"]] == ["a", "b", "c"]
    assert told["drivers"][2] == {
        "metric": "c",
        "value": 4,
        "derivative": pytest.approx(-0.0375),
        "elasticity": pytest.approx(-1),
        "gain": pytest.approx(-0.0015),
        "steps": False,
    }


def test_the_shop_agrees_in_every_face() -> None:
    shop = load(SHOP).tree
    for standing in (shop, shop.with_(scenario="follow-down"), shop.with_(set={"order_value": 60.0})):
        agrees(elasticities(standing))
    agrees(elasticities(shop, of="revenue"))


# --- closed forms --------------------------------------------------------------------------------------------------


@given(st.lists(positive, min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_a_factor_has_elasticity_1_and_a_divisor_minus_1(levels: list[float]) -> None:
    found = elasticities(tree("y", {"y": "a * b * c / d", **dict(zip("abcd", levels, strict=True))}))
    assert [found[id] for id in "abcd"] == [exactly(1), exactly(1), exactly(1), exactly(-1)]


@given(st.lists(positive, min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_a_term_has_its_share_of_the_sum(levels: list[float]) -> None:
    found = elasticities(tree("y", {"y": "a + b + c", **dict(zip("abc", levels, strict=True))}))
    for id, level in zip("abc", levels, strict=True):
        assert found[id] == exactly(level / sum(levels))


@given(st.lists(positive, min_size=3, max_size=3), power, power)
@settings(max_examples=40, deadline=None)
def test_cobb_douglas_has_its_exponents(levels: list[float], alpha: float, beta: float) -> None:
    k, l, scale = levels
    metrics = {"y": "scale * k ** alpha * l ** beta", "scale": scale, "k": k, "l": l, "alpha": alpha, "beta": beta}
    found = elasticities(tree("y", metrics))
    assert found["k"] == exactly(alpha)
    assert found["l"] == exactly(beta)
    assert found["scale"] == exactly(1)
    assert found["alpha"] == exactly(alpha * math.log(k))


@given(st.lists(positive, min_size=2, max_size=2), st.floats(0.05, 0.95), st.sampled_from([-2.0, -0.5, 0.5, 0.9]))
@settings(max_examples=40, deadline=None)
def test_ces_has_its_shares(levels: list[float], weight: float, rho: float) -> None:
    k, l = levels
    metrics = {"y": "(w * k ** rho + (1 - w) * l ** rho) ** (1 / rho)", "k": k, "l": l, "w": weight, "rho": rho}
    found = elasticities(tree("y", metrics))
    inner = weight * k**rho + (1 - weight) * l**rho
    assert found["k"] == exactly(weight * k**rho / inner)
    assert found["l"] == exactly((1 - weight) * l**rho / inner)
    assert found["w"] == exactly(weight * (k**rho - l**rho) / (rho * inner))


FORMS = {  # functions of a, b, c with f(s x) = s ** degree * f(x)
    "a * b / c": 1,
    "sqrt(a ** 2 + b * c)": 1,
    "(a ** 3 + 2 * b ** 3 + b * c ** 2) ** (2 / 3)": 2,
    "max(a, b) * min(b, 2 * c) / (a + b + c)": 1,
    "exp(a / b) * (c - 0.3 * a)": 1,
    "hill(a, b, 3) * log(1 + b / c)": 0,
    "saturate(a, b) * c ** -0.5": -0.5,
    "a * b if a > c else b * c": 2,
    "interpolate(a / b, [0, 1, 5], [1, 2, 3]) * c ** 3": 3,
}


@given(st.lists(positive, min_size=3, max_size=3), st.sampled_from(sorted(FORMS)))
@settings(max_examples=80, deadline=None)
def test_leaves_of_a_homogeneous_function_sum_to_its_degree(levels: list[float], form: str) -> None:
    a, b, c = levels
    found = elasticities(tree("y", {"y": form, "a": a, "b": b, "c": c}))
    if any(found[id] is None for id in "abc"):  # the form is 0 there
        assert found.value == 0
        return
    parts = [found[id] or 0.0 for id in "abc"]
    assert sum(parts) == pytest.approx(FORMS[form], abs=CLOSED * (1 + sum(map(abs, parts))))  # Euler


@given(random_tree())
@settings(max_examples=30, deadline=None)
def test_elasticities_of_random_trees_agree_with_50_digits(of: Tree) -> None:
    found, exact = elasticities(of), mp.values(of)
    if abs(exact[of.kgi]) < 1e-6:
        return
    for id in of.leaves:
        wanted = mp.slope(of, id) * exact[id] / exact[of.kgi]
        assert found[id] == pytest.approx(float(wanted), rel=1e-9, abs=1e-9)


# --- what SEMANTICS says of slopes ---------------------------------------------------------------------------------


def test_the_slope_of_a_formula_metric_is_that_of_moving_it_alone() -> None:
    of = tree("y", {"y": "m * x + n", "m": "2 * x", "n": "3 * m", "x": 5})
    found = elasticities(of)
    derivative = dict(zip(found.drivers, found.derivative, strict=True))
    assert derivative == {"m": 5 + 3, "n": 1, "x": 10 + 2 * (5 + 3)}  # drivers held, what it feeds moving


def test_every_metric_but_the_kgi_is_listed_in_order_of_the_size_of_its_gain() -> None:
    of = tree("y", {"y": "a - b + c", "z": 3, "c": 1, "b": 9, "a": 4, "idle": "a * 2"})
    found = elasticities(of)
    assert found.drivers == ("b", "a", "c", "idle", "z")  # equal ones by id, whatever the file's order
    assert list(found.gain) == pytest.approx([-0.09, 0.04, 0.01, 0, 0])


def test_what_the_kgi_does_not_use_has_slope_and_elasticity_0() -> None:
    found = elasticities(tree("y", {"y": "2 * x", "x": 1, "idle": 7}))
    assert (found["idle"], found.to_dict()["drivers"][1]["derivative"]) == (0, 0)


def test_gain_is_a_hundredth_of_value_times_slope() -> None:
    found = elasticities(tree("y", {"y": "x ** 2", "x": 3}))
    assert found.gain[0] == pytest.approx(0.01 * 3 * 6)


def test_the_elasticity_is_null_where_the_kgi_is_0_and_the_derivative_stands() -> None:
    found = elasticities(tree("y", {"y": "a - b", "a": 5, "b": 5}))
    told = agrees(found)
    assert [(d["elasticity"], d["derivative"]) for d in told["drivers"]] == [(None, 1), (None, -1)]
    assert "y is 0, so no share of it can be given: read the derivative" in told["notes"]


def test_the_elasticity_is_0_at_a_driver_that_is_0() -> None:
    told = agrees(elasticities(tree("y", {"y": "3 + 2 * x", "x": 0})))
    assert told["drivers"][0]["elasticity"] == 0
    assert told["drivers"][0]["derivative"] == 2


def test_a_slope_that_is_infinite_is_null_and_said_so() -> None:
    told = agrees(elasticities(tree("y", {"y": "1 + sqrt(x)", "x": 0})))
    assert told["drivers"][0]["derivative"] is None
    assert told["drivers"][0]["elasticity"] == 0
    assert "drivers[0].derivative is not finite" in told["notes"]


@pytest.mark.parametrize(
    ("formula", "slopes"),
    [("max(a, b)", (1, 0)), ("min(a, b)", (1, 0)), ("max(b, a)", (0, 1)), ("abs(a - b) + 3", (0, 0))],
)
def test_at_a_tie_the_first_argument_has_the_slope_abs_has_none_and_the_tie_is_listed(
    formula: str, slopes: tuple[float, float]
) -> None:
    found = elasticities(tree("y", {"y": formula, "a": 2, "b": 2}))
    derivative = dict(zip(found.drivers, found.derivative, strict=True))
    assert (derivative["a"], derivative["b"]) == slopes
    told = agrees(found)
    assert told["ties"] == ["y"]
    assert "tied in y" in told["notes"][0]
    assert "tied in y" in text(found)


def test_away_from_a_tie_none_is_listed() -> None:
    assert elasticities(tree("y", {"y": "max(a, b)", "a": 2, "b": 3})).to_dict()["ties"] == []


def test_a_tie_that_the_metric_does_not_depend_on_is_not_listed() -> None:
    of = tree("y", {"y": "x + top", "top": "2 * x", "side": "max(x, z)", "x": 1, "z": 1})
    assert elasticities(of).to_dict()["ties"] == []
    assert elasticities(of, of="side").to_dict()["ties"] == ["side"]


@pytest.mark.parametrize("formula", ["floor(x)", "ceil(x)", "round(x)", "sign(x)", "10 * (x > 2)", "7 if x > 2 else 3"])
def test_steps_have_slope_0_and_are_marked(formula: str) -> None:
    found = elasticities(tree("y", {"y": f"{formula} + z", "x": 3.3, "z": 1}))
    told = {entry["metric"]: entry for entry in agrees(found)["drivers"]}
    assert told["x"]["derivative"] == told["x"]["elasticity"] == 0
    assert told["x"]["steps"] is True
    assert told["z"]["steps"] is False
    assert line(found, "x").endswith("steps: see the finite gain")


def test_a_metric_that_reaches_the_kgi_both_ways_is_marked_and_keeps_its_slope() -> None:
    found = elasticities(tree("y", {"y": "2 * x + floor(x)", "x": 3.3}))
    assert found.to_dict()["drivers"][0]["derivative"] == 2
    assert found.to_dict()["drivers"][0]["steps"] is True


def test_a_curves_own_pieces_are_neither_steps_nor_ties() -> None:
    told = elasticities(tree("y", {"y": "hill(x, 2, 1.5) + saturate(x, 3)", "x": 0})).to_dict()
    assert told["drivers"][0]["steps"] is False
    assert told["ties"] == []


def test_integer_levers_are_differentiated_as_if_real() -> None:
    metrics = {"y": "n ** 2", "n": {"value": 3, "lever": {"min": 0, "max": 9, "integer": True}}}
    assert elasticities(tree("y", metrics))["n"] == pytest.approx(2)
    assert line(elasticities(tree("y", metrics)), "n").endswith("lever")


# --- where the tree stands -----------------------------------------------------------------------------------------


def test_elasticities_are_taken_where_the_tree_stands() -> None:
    of = tree("y", {"y": "a ** 2 + b", "a": 1, "b": 3}, scenarios={"up": {"set": {"a": 3}}})
    assert elasticities(of)["a"] == pytest.approx(2 / 4)
    assert elasticities(of.with_(scenario="up"))["a"] == pytest.approx(18 / 12)
    assert elasticities(of.with_(add={"a": 1}))["a"] == pytest.approx(8 / 7)


def test_a_formula_metric_that_was_moved_keeps_its_drivers_from_the_kgi() -> None:
    found = elasticities(tree("y", {"y": "2 * m", "m": "a + b", "a": 1, "b": 3}).with_(change={"m": 0.5}))
    assert (found.value, found["m"], found["a"]) == (12, 1, 0)


def test_the_drivers_of_another_metric_can_be_asked_for() -> None:
    of = tree("y", {"y": "m + z", "m": "a * b", "a": 2, "b": 3, "z": 4})
    found = elasticities(of, of="m")
    assert found.to_dict()["kgi"] == "m"
    assert (found.value, found["a"], found["z"], found["y"]) == (6, 1, 0, 0)


def test_the_exact_gain_of_a_small_push_is_what_the_slope_says() -> None:
    shop = load(SHOP).tree
    found = elasticities(shop)
    for id in shop.leaves:
        pushes = [evaluate(shop.with_(change={id: push})).value for push in (1e-6, -1e-6)]
        gain = (pushes[0] - pushes[1]) / 2e-6 / 100
        assert found.gain[found.drivers.index(id)] == pytest.approx(gain, rel=1e-5, abs=1e-9 * abs(found.value))


def test_a_driver_is_found_by_its_id_and_a_slip_is_told() -> None:
    found = elasticities(tree("y", {"y": "2 * x", "x": 1}))
    assert found["x"] == 1
    with pytest.raises(ValueError, match="unknown metric 'z'"):
        found["z"]
    with pytest.raises(ValueError, match="unknown driver 'y'"):
        found["y"]
    with pytest.raises(ValueError, match="unknown metric 'z'"):
        elasticities(tree("y", {"y": "2 * x", "x": 1}), of="z")


def test_the_kgi_as_a_leaf_has_no_driver() -> None:
    assert agrees(elasticities(tree("y", {"y": 3})))["drivers"] == []


def test_arrays_are_in_the_order_of_the_drivers() -> None:
    found = elasticities(tree("y", {"y": "a * b", "a": 2, "b": 3}))
    assert found.level.shape == found.derivative.shape == found.gain.shape == (2,)
    np.testing.assert_allclose(found.derivative * found.level / found.value, found.elasticity)


# --- over axes -----------------------------------------------------------------------------------------------------

AXES: dict[str, Any] = {
    "time": {"periods": 4, "start": "2027-01"},
    "dimensions": {"channel": {"own": ["mail"], "paid": ["ads", "tv"]}},
}


PERIODS = ("2027-01", "2027-02", "2027-03", "2027-04")


def stock(**keys: Any) -> Tree:
    """Customers by channel who leave at a rate and pay a price over time."""
    metrics = {
        "profit": {"formula": "sum(sales) - sum(spend)", "unit": "USD"},
        "sales": "customers * price",
        "customers": "prev(customers, 100) * (1 - churn) + new",
        "new": "reach * sqrt(spend)",
        "reach": {"value": {"mail": 2, "ads": 3, "tv": 1}},
        "spend": {"value": {"mail": 4, "ads": [9, 16, 25, 36], "tv": 1}, "lever": {"min": 0, "max": 99}},
        "churn": "5%",
        "price": {"value": 10, "growth": "3%"},
        "idle": {"value": [1, 2, 3, 4]},
    }
    return tree("profit", metrics, **{**AXES, **keys})


def test_every_face_agrees_over_axes() -> None:
    agrees(elasticities(stock()))
    agrees(elasticities(stock().with_(set={"churn": 0.1}), of="customers[ads,2027-03]"))


def test_pushing_all_cells_of_a_leaf_together_is_pushing_a_scale_of_it() -> None:
    """1% more in every cell is 1% more of a factor that multiplies the leaf: the elasticity of that factor."""
    plain = elasticities(stock())
    for id in ("spend", "reach", "price", "churn"):
        eps = 1e-6
        up, down = (evaluate(stock().with_(change={id: side * eps})).value for side in (1, -1))
        assert plain[id] == pytest.approx((up - down) / (2 * eps) / plain.value, rel=1e-7)


def test_cells_labels_groups_and_periods_add_up_to_the_driver() -> None:
    told = elasticities(stock()).to_dict()
    for entry in told["drivers"]:
        if "cells" not in entry:
            assert entry["metric"] == "churn"
            continue
        assert sum(each["elasticity"] for each in entry["cells"]) == pytest.approx(
            entry["elasticity"], rel=1e-12, abs=0
        )
        assert sum(each["gain"] for each in entry["cells"]) == pytest.approx(entry["gain"], rel=1e-12, abs=0)
        if "time" in entry["by"]:
            assert sum(entry["by"]["time"]) == pytest.approx(entry["elasticity"], rel=1e-12, abs=0)
        if "channel" in entry["by"]:
            by = entry["by"]["channel"]
            assert by["own"] + by["paid"] == pytest.approx(entry["elasticity"], rel=1e-12, abs=0)
            assert by["mail"] + by["ads"] + by["tv"] == pytest.approx(entry["elasticity"], rel=1e-12, abs=0)


def test_values_and_slopes_are_nested_as_in_the_file_and_cells_are_those_of_the_tree_of_cells() -> None:
    of = stock()
    found, slopes = elasticities(of), slope_figures(of.cells)
    told = {entry["metric"]: entry for entry in found.to_dict()["drivers"]}
    assert list(told["sales"]["value"]) == ["mail", "ads", "tv"]
    assert told["price"]["value"] == pytest.approx([10 * 1.03**t for t in range(4)])
    for entry in told["spend"]["cells"]:
        assert entry["elasticity"] == found[entry["metric"]]
        assert entry["derivative"] == slopes[entry["metric"]]
    ads = [each["derivative"] for each in told["spend"]["cells"] if "[ads" in each["metric"]]
    assert told["spend"]["derivative"]["ads"] == ads


def test_an_address_gives_the_sum_of_its_cells() -> None:
    found = elasticities(stock())
    assert found["spend[paid]"] == pytest.approx(
        sum(found[f"spend[{label}]"] or 0 for label in ("ads", "tv")), rel=1e-12
    )
    periods = [found[f"spend[{period}]"] or 0 for period in PERIODS]
    assert found["spend"] == pytest.approx(sum(periods), rel=1e-12)


def test_a_roll_forward_keeps_what_is_left_of_a_push() -> None:
    """ARR that loses a share c each period: new ARR of period t has (1 - c)**(T - t) of itself in the last one."""
    metrics = {"end": "last(arr)", "arr": "prev(arr, 50) * (1 - churn) + new", "churn": "10%", "new": [1, 2, 3, 4]}
    found = elasticities(tree("end", metrics, **AXES))
    entry = next(each for each in found.to_dict()["drivers"] if each["metric"] == "new")
    assert entry["derivative"] == pytest.approx([0.9**3, 0.9**2, 0.9, 1])
    parts = [level * slope / found.value for level, slope in zip([1, 2, 3, 4], entry["derivative"], strict=True)]
    assert entry["by"]["time"] == pytest.approx(parts)
    assert found["new"] == pytest.approx(sum(parts))


def test_one_cell_may_be_explained_and_many_may_not() -> None:
    found = elasticities(stock(), of="customers[ads,2027-02]")
    assert found.of == "customers[ads,2027-02]"
    assert found["spend[tv]"] == 0
    told = next(each for each in found.to_dict()["drivers"] if each["metric"] == "customers")
    assert told["value"]["ads"][1] is None  # itself
    with pytest.raises(
        BadSetting, match=r"of 'customers': it has 12 figures; name one, such as customers\[mail,2027-01\]"
    ):
        elasticities(stock(), of="customers")


def test_rows_over_axes_are_cells_with_their_labels() -> None:
    rows = elasticities(stock()).rows()
    assert list(rows[0]) == ["metric", "channel", "time", "value", "derivative", "elasticity", "gain", "steps"]
    spend = [row for row in rows if row["metric"] == "spend"]
    assert len(spend) == 12
    assert [row["value"] for row in spend if row["channel"] == "ads"] == [9, 16, 25, 36]
    assert [(row["channel"], row["time"]) for row in rows if row["metric"] == "churn"] == [(None, None)]


def test_text_shows_labels_groups_and_periods_of_the_strongest() -> None:
    said = text(elasticities(stock()))
    for part in ("By channel", "By period", "customers  mail", "paid", "by period"):
        assert part in said
