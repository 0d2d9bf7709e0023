"""Over its own range, which driver swings the KGI most? Both ends against closed forms and direct evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leverage.model import load
from leverage.panels import Bars, Curves, Heatmap
from leverage.tree.tree import Tree
from leverage.tree.uncertainty import read
from leverage.verbs.draws.chance import BadSetting
from leverage.verbs.evaluate import evaluate
from leverage.verbs.tornado import tornado
from tests.trees import tree
from tests.verbs.faces import agrees, line, text

SHOP = Path(__file__).parents[2] / "scenarios" / "shop.yaml"
P90 = 1.2815515655446004  # of the standard normal


def entry(of: Tree, id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in tornado(of).to_dict()["drivers"] if each["metric"] == id)
    return found


def one(**leaf: Any) -> Tree:
    return tree("y", {"y": "2 * x", "x": leaf})


def test_every_face_of_the_answer_gives_the_same_figures() -> None:
    told = agrees(tornado(one(value=5, uncertainty="normal(5, 2)")))
    assert told["value"] == 10
    assert told["drivers"] == [
        {
            "metric": "x",
            "low": pytest.approx(5 - 2 * P90, rel=1e-14),
            "high": pytest.approx(5 + 2 * P90, rel=1e-14),
            "kgi_low": pytest.approx(10 - 4 * P90, rel=1e-14),
            "kgi_high": pytest.approx(10 + 4 * P90, rel=1e-14),
            "swing": pytest.approx(8 * P90, rel=1e-14),
            "basis": "P10 to P90",
        }
    ]


def test_the_shop_agrees_in_every_face() -> None:
    shop = load(SHOP).tree
    for standing in (shop, shop.with_(scenario="double-ads"), shop.with_(set={"order_value": 60.0})):
        agrees(tornado(standing))


def test_each_end_is_the_kgi_with_that_leaf_there_and_all_else_at_its_value() -> None:
    shop = load(SHOP).tree.with_(scenario="price-war")
    found = tornado(shop)
    for at, id in enumerate(found.drivers):
        assert found.kgi_low[at] == evaluate(shop.with_(set={id: float(found.low[at])})).value
        assert found.kgi_high[at] == evaluate(shop.with_(set={id: float(found.high[at])})).value
    np.testing.assert_array_equal(found.swing, np.abs(found.kgi_high - found.kgi_low))


def test_leaves_only_and_the_widest_swing_first() -> None:
    of = tree("y", {"y": "m + c - 10 * b", "m": "3 * a", "a": 1, "b": 1, "c": 1, "idle": 7, "also": 7})
    found = tornado(of)
    assert found.drivers == ("b", "a", "c", "also", "idle")  # equal ones by id
    assert list(found.swing) == pytest.approx([2, 0.6, 0.2, 0, 0])


def test_swing_has_no_sign_where_more_of_the_leaf_is_less_of_the_kgi() -> None:
    told = entry(tree("y", {"y": "7 - x", "x": {"value": 2, "lever": {"min": 1, "max": 4}}}), "x")
    assert (told["kgi_low"], told["kgi_high"], told["swing"]) == (6, 3, 3)


def test_a_distribution_goes_before_bounds_and_bounds_before_the_assumed() -> None:
    lever = {"min": 1, "max": 9}
    assert entry(one(value=5, range=[4, 6], lever=lever), "x")["basis"] == "P10 to P90"
    assert entry(one(value=5, lever=lever), "x") | {"kgi_low": 2, "kgi_high": 18, "basis": "bounds"} == entry(
        one(value=5, lever=lever), "x"
    )
    told = entry(one(value=5), "x")
    assert (told["low"], told["high"], told["basis"]) == (4.5, 5.5, "assumed")


def test_a_range_gives_its_own_two_figures() -> None:
    told = entry(one(value="2.4%", range=["1.9%", "3.1%"]), "x")
    assert (told["low"], told["high"]) == (pytest.approx(0.019), pytest.approx(0.031))


def test_choices_swing_between_the_smallest_and_the_largest() -> None:
    told = entry(one(value=2, lever={"choices": [5, 2, 3]}), "x")
    assert (told["low"], told["high"], told["basis"]) == (2, 5, "choices")


def test_an_off_level_is_no_end_of_the_range() -> None:
    told = entry(one(value=0, lever={"min": 5, "max": 8, "off": 0}), "x")
    assert (told["low"], told["high"]) == (5, 8)


@pytest.mark.parametrize(
    ("lever", "ends"), [({"min": 4.9}, (4.9, 5.5)), ({"max": 5.2}, (4.5, 5.2)), ({"min": 1}, (1, 5.5))]
)
def test_a_bound_that_stands_alone_ends_its_side_and_the_other_is_assumed(
    lever: dict[str, float], ends: tuple[float, float]
) -> None:
    told = entry(one(value=5, lever=lever), "x")
    assert (told["low"], told["high"]) == ends
    assert told["basis"] == "assumed"


def test_what_is_assumed_is_marked_and_said() -> None:
    found = tornado(tree("y", {"y": "a + b", "a": {"value": 1, "range": [0.5, 2]}, "b": -2}))
    assert line(found, "b").endswith("assumed")
    assert "assumed: " in text(found)
    assert entry(found.tree, "b")["low"] == -2.2  # low is the lower one, below 0 too
    assert "notes" not in tornado(one(value=5, range=[4, 6])).to_dict()


def test_the_range_moves_with_the_leaf_and_ends_where_its_doubt_does() -> None:
    of = tree(
        "y",
        {"y": "2 * x", "x": {"value": 5, "uncertainty": "normal(5, 2)"}},
        scenarios={"sure": {"set": {"x": {"value": 8, "certain": True}}}},
    )

    def ends(standing: Tree) -> object:
        told = entry(standing, "x")
        return pytest.approx((told["low"], told["high"]))

    assert ends(of.with_(change={"x": 0.1})) == (5.5 - 2.2 * P90, 5.5 + 2.2 * P90)  # change multiplies
    assert ends(of.with_(add={"x": 1})) == (6 - 2 * P90, 6 + 2 * P90)  # add and set shift
    assert ends(of.with_(set={"x": 7})) == (7 - 2 * P90, 7 + 2 * P90)
    assert entry(of.with_(scenario="sure"), "x")["basis"] == "assumed"
    assert ends(of.with_(scenario="sure")) == (7.2, 8.8)


def test_a_change_that_turns_the_sign_leaves_low_below_high() -> None:
    told = entry(one(value=5, uncertainty="normal(5, 2)").with_(add={"x": 0}).with_(change={"x": -2}), "x")
    assert (told["low"], told["high"]) == (pytest.approx(-5 - 2 * P90), pytest.approx(-5 + 2 * P90))
    assert told["kgi_low"] < told["kgi_high"]


def test_the_ends_do_not_leave_what_the_figure_can_be() -> None:
    doubt = read("beta(2, 3)")
    told = entry(one(uncertainty="beta(2, 3)").with_(add={"x": 0.5}), "x")
    assert told["high"] == 1.0
    assert told["low"] == pytest.approx(float(doubt.quantile(np.array([0.1]))[0]) + 0.5)


def test_correlations_are_not_followed_and_that_is_said() -> None:
    leaf = {"value": 5, "uncertainty": "normal(5, 1)"}
    of = tree("y", {"y": "a + b", "a": leaf, "b": leaf}, correlations=[["a", "b", 0.9]])
    assert list(tornado(of).swing) == pytest.approx([2 * P90] * 2)
    note = "one leaf moves at a time: the correlations of the file are not followed"
    assert note in tornado(of).to_dict()["notes"]
    assert note in text(tornado(of))


def test_under_a_moved_formula_metric_a_leaf_swings_nothing() -> None:
    of = tree("y", {"y": "2 * m", "m": "a + 1", "a": 3}).with_(set={"m": 5})
    assert entry(of, "a")["swing"] == 0


def test_an_end_that_is_not_finite_is_null_with_a_note() -> None:
    found = tornado(tree("y", {"y": "log(x)", "x": {"value": 1, "lever": {"min": 0, "max": 2}}}))
    told = agrees(found)
    assert told["drivers"][0]["kgi_low"] is None
    assert "drivers[0].kgi_low is not finite" in told["notes"]


def test_a_leaf_is_found_by_its_id_and_a_slip_is_told() -> None:
    found = tornado(tree("y", {"y": "2 * x", "x": 5}))
    assert found["x"] == pytest.approx(2.0)
    with pytest.raises(ValueError, match="unknown driver 'y'"):
        found["y"]


def test_a_minimised_kgi_is_drawn_with_less_as_better() -> None:
    bars = tornado(tree("y", {"y": "2 * x", "x": 5}, goal="minimize")).panels()[1]
    assert isinstance(bars, Bars)
    assert bars.better == "lower"


# --- over axes -----------------------------------------------------------------------------------------------------

AXES: dict[str, Any] = {"time": {"periods": 3, "start": "2027-01"}, "dimensions": {"channel": ["ads", "tv"]}}


def spider(of: Tree, **settings: Any) -> Curves:
    (found,) = (panel for panel in tornado(of, **settings).panels() if isinstance(panel, Curves))
    return found


def test_a_spider_follows_the_goal_through_each_range_from_where_the_leaf_stands() -> None:
    lever = {"lever": {"min": 2, "max": 10}}
    curves = spider(tree("y", {"y": "x ** 2 + z", "x": {"value": 5, **lever}, "z": {"value": 4, **lever}}))
    assert curves.names == ("x", "z")
    # five even steps from 5 to either end; x ** 2 of them, where a share of 5 they have moved
    levels = np.array([2, 2.6, 3.2, 3.8, 4.4, 5, 6, 7, 8, 9, 10])
    np.testing.assert_allclose(curves.x[0], levels / 5 - 1, rtol=0, atol=1e-15)
    np.testing.assert_allclose(curves.y[0], levels**2 + 4, rtol=1e-14)
    np.testing.assert_allclose(
        curves.y[1], 25 + np.array([2, 2.4, 2.8, 3.2, 3.6, 4, 5.2, 6.4, 7.6, 8.8, 10]), rtol=1e-14
    )
    assert curves.origin == (0, 29)
    assert curves.x_percent


def test_a_spider_holds_each_end_of_the_tornado_and_the_goal_as_it_stands() -> None:
    found = tornado(load(SHOP).tree)
    curves = spider(load(SHOP).tree)
    names = [next(id for id in found.drivers if found.tree.metrics[id].name == name) for name in curves.names]
    assert names == list(found.drivers[:8])
    np.testing.assert_array_equal(curves.y[:, 0], found.kgi_low[:8])
    np.testing.assert_array_equal(curves.y[:, -1], found.kgi_high[:8])
    assert all(found.value in curve for curve in curves.y)  # each goes through where all meet


def test_a_spider_of_choices_stands_on_them_alone() -> None:
    curves = spider(tree("y", {"y": "x ** 2", "x": {"value": 2, "lever": {"choices": [1, 2, 4]}}}))
    assert set(curves.x[0].tolist()) == {-0.5, 0.0, 1.0}
    assert set(curves.y[0].tolist()) == {1.0, 4.0, 16.0}


def test_a_leaf_that_stands_at_0_or_moves_nothing_has_no_leg() -> None:
    of = tree("y", {"y": "x + z", "x": {"value": 0, "range": [-1, 1]}, "z": 3, "idle": 7})
    assert spider(of).names == ("z",)
    assert not any(isinstance(panel, Curves) for panel in tornado(tree("y", {"y": "x - x", "x": 3})).panels())


def test_cells_that_share_a_draw_are_one_leg() -> None:
    of = year()
    curves = spider(of)
    found = tornado(of)
    place = [found.drivers.index(id) for id in found.drivers if found.swing[found.drivers.index(id)] > 0]
    np.testing.assert_allclose(curves.y[:, 0], found.kgi_low[place][: len(curves.y)], rtol=1e-12)
    np.testing.assert_allclose(curves.y[:, -1], found.kgi_high[place][: len(curves.y)], rtol=1e-12)


def test_the_pictures_have_names_that_stay() -> None:
    assert list(tornado(one(value=5)).pictures()) == ["tornado", "spider"]
    assert "along the range" not in text(tornado(one(value=5)))  # the bars of the text say it


def year(**keys: Any) -> Tree:
    metrics = {
        "profit": {"formula": "sum(sales) - sum(fixed)", "unit": "USD"},
        "sales": "visits * price",
        "visits": {"value": {"ads": [10, 20, 30], "tv": 5}, "spread": ["-20%", "25%"]},
        "price": {"value": 4, "range": [3, 5], "growth": "10%"},
        "fixed": {"value": [1, 2, 3]},
        **keys,
    }
    return tree("profit", metrics, **AXES)


def entries(of: Tree, **settings: Any) -> dict[str, dict[str, Any]]:
    return {each["metric"]: each for each in agrees(tornado(of, **settings))["drivers"]}


def test_cells_that_share_a_draw_are_one_driver_and_go_together() -> None:
    of = year()
    found = entries(of)
    assert set(found) == {"visits[ads]", "visits[tv]", "price", "fixed"}
    assert found["visits[ads]"]["low"] == pytest.approx([8, 16, 24])
    assert found["price"]["high"] == pytest.approx([5, 5.5, 6.05])
    for id, told in found.items():
        cells = of.cells_of(id)
        for end in ("low", "high"):
            levels = told[end] if isinstance(told[end], list) else [told[end]] * len(cells)
            after = evaluate(of.with_(set=dict(zip(cells, levels, strict=True)))).value
            assert told[f"kgi_{end}"] == pytest.approx(after, rel=1e-12)


def test_periods_with_a_draw_each_are_drivers_each_and_shared_labels_are_one() -> None:
    apart = year(visits={"value": {"ads": [10, 20, 30], "tv": 5}, "spread": ["-20%", "25%"], "draws": "per_period"})
    assert set(entries(apart)) >= {"visits[ads,2027-01]", "visits[ads,2027-03]", "visits[tv,2027-02]"}
    joint = year(visits={"value": {"ads": [10, 20, 30], "tv": 5}, "spread": ["-20%", "25%"], "shared": True})
    told = entries(joint)["visits"]
    assert told["low"] == {"ads": pytest.approx([8, 16, 24]), "tv": pytest.approx([4, 4, 4])}


def test_a_certain_leaf_swings_label_by_label_all_its_periods_by_bounds_or_a_tenth() -> None:
    spend = {"value": {"ads": [1, 2, 3], "tv": 4}, "lever": {"ads": {"min": 0, "max": 9}, "tv": {"min": 1}}}
    found = entries(year(**{"spend": spend, "profit": "sum(sales) - sum(spend)"}))
    assert found["spend[ads]"] | {"low": [0, 0, 0], "high": [9, 9, 9], "basis": "bounds"} == found["spend[ads]"]
    assert found["spend[tv]"] | {"low": [1, 1, 1], "basis": "assumed"} == found["spend[tv]"]
    assert found["spend[tv]"]["high"] == pytest.approx([4.4] * 3)
    assert found["fixed"]["low"] == pytest.approx([0.9, 1.8, 2.7])


def test_a_scenario_moves_the_draws_of_the_cells_that_it_names() -> None:
    told = entries(year().with_(change={"visits[ads,2027-02]": 0.5}))["visits[ads]"]
    assert told["low"] == pytest.approx([8, 24, 24])


def test_cells_whose_doubt_has_ended_stay_while_the_others_of_the_draw_go() -> None:
    visits = {"value": {"ads": [10, 20, 30], "tv": 5}, "spread": ["-20%", "25%"], "shared": True}
    decided = {"set": {"visits": {"ads": {"value": 50, "certain": True}}}}
    metrics = {"y": "sum(visits)", "visits": visits}
    of = tree("y", metrics, **AXES, scenarios={"decided": decided}).with_(scenario="decided")
    told = entries(of)["visits"]
    assert told["low"] == {"tv": pytest.approx([4, 4, 4])}
    assert (told["kgi_low"], told["kgi_high"]) == (pytest.approx(162), pytest.approx(168.75))


def test_of_a_metric_over_time_swings_period_by_period() -> None:
    of = year()
    told = agrees(tornado(of, of="sales[ads]"))
    assert told["kgi"] == "sales[ads]"
    assert told["periods"] == ["2027-01", "2027-02", "2027-03"]
    assert told["value"] == pytest.approx([40, 88, 30 * 4.84])
    found = {each["metric"]: each for each in told["drivers"]}
    assert found["price"]["swing"] == pytest.approx([20, 44, 30 * 2.42])
    assert found["visits[tv]"]["swing"] == [0, 0, 0]
    assert tornado(of, of="sales[ads]")["price"] == found["price"]["swing"]
    widest = [max(each["swing"]) for each in told["drivers"]]
    assert widest == sorted(widest, reverse=True)


def test_a_heatmap_shows_drivers_by_period_and_the_text_little_series() -> None:
    found = tornado(year(), of="sales[ads]")
    heat = next(panel for panel in found.panels() if isinstance(panel, Heatmap))
    np.testing.assert_array_equal(heat.values, found.swing)
    assert heat.row_levels[0] == "price"
    assert heat.column_levels == ("2027-01", "2027-02", "2027-03")
    assert not any(isinstance(panel, Heatmap) for panel in found.read())


def test_of_a_single_figure_has_bars_as_the_kgi_has() -> None:
    found = tornado(year(), of="sales[ads,2027-02]")
    assert found.value == pytest.approx(88)
    assert any(isinstance(panel, Bars) for panel in found.panels())
    shop = load(SHOP).tree
    assert tornado(shop, of="profit").to_dict() == tornado(shop).to_dict()


def test_of_many_series_is_refused_with_one_as_an_example() -> None:
    with pytest.raises(
        BadSetting, match=r"of 'sales': it has 6 figures; name one series of them, such as sales\[ads\]"
    ):
        tornado(year(), of="sales")
    with pytest.raises(BadSetting, match=r"name one series of them, such as sales\[ads\]"):
        tornado(year(), of="sales[2027-01]")


def test_a_long_list_of_drivers_is_cut_in_text_and_whole_in_json() -> None:
    of = tree(
        "y", {"y": "sum(x)", "x": {"value": [1] * 40, "range": [0.5, 2], "draws": "per_period"}}, time={"periods": 40}
    )
    found = tornado(of)
    assert len(found.drivers) == 40
    assert "and 16 more: --json has all" in text(found)
