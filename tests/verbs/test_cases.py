"""Evaluating a table: a row a case, the same figures as one at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import leverage as lv
from leverage.errors import UnknownName
from leverage.program.run import point
from leverage.verbs.draws.chance import BadSetting
from tests.verbs.over_time import year


def test_each_row_is_the_tree_with_its_levels_set_bit_for_bit() -> None:
    shop = lv.load("shop")
    frame = pd.DataFrame({"item_price": [30.0, 34.0, 38.5], "ad_spend": [1e4, 4e4, 9e4]}, index=["low", "base", "high"])
    found = shop.evaluate(cases=frame)
    for row, name in enumerate(frame.index):
        alone = point(shop.tree.with_(set=dict(frame.loc[name])))
        assert {id: float(found[id][row]) for id in shop.metrics} == {id: alone[id] for id in shop.metrics}
    assert list(found.to_frame().index) == ["low", "base", "high"]
    assert found.to_dict()["cases"][2]["case"] == "high"
    assert found.to_dict()["cases"][2]["value"] == found["profit"][2]
    assert "high" in str(found)


def test_a_mapping_will_do_and_formula_metrics_take_their_levels() -> None:
    found = lv.load("shop").evaluate(cases={"revenue": [0.0, 1e6]})
    assert np.diff(found["profit"]) == pytest.approx([1e6])


def test_wrong_tables_are_told() -> None:
    shop = lv.load("shop")
    with pytest.raises(UnknownName, match="did you mean 'item_price'"):
        shop.evaluate(cases={"item_prce": [1.0]})
    with pytest.raises(BadSetting, match="all of one length"):
        shop.evaluate(cases={"item_price": [1.0], "ad_spend": [1.0, 2.0]})
    with pytest.raises(BadSetting, match="finite levels in every row"):
        shop.evaluate(cases={"item_price": [float("nan")]})


def test_over_axes_a_column_may_be_an_address() -> None:
    plan = year()
    found = plan.evaluate(cases={"visits[ads]": [1e4, 2e4], "price": [60.0, 70.0]})
    for row, (visits, price) in enumerate([(1e4, 60.0), (2e4, 70.0)]):
        alone = plan.evaluate(set={"visits[ads]": visits, "price": price})
        assert {cell: values[row] for cell, values in found.each.items()} == alone.each
        assert found.to_dict()["cases"][row]["metrics"] == alone.to_dict()["metrics"]
    assert found["visits[ads,2027-02]"].tolist() == [1e4, 2e4]
    assert found["visits"]["ads"][1].tolist() == [1e4, 2e4]
    assert found["margin"][0] is found.each["margin[2027-01]"]
    assert found.rows()[1]["metrics.visits[ads,2027-02]"] == 2e4
    assert "Visits" not in str(found)
    assert "visits [ads]" in str(found)


def test_a_figure_that_two_columns_name_is_refused() -> None:
    with pytest.raises(BadSetting, match=r"visits\[ads,2027-01\] stands in another, too"):
        year().evaluate(cases={"visits": [1.0], "visits[ads]": [2.0]})
