"""What is not finite over time and dimensions is named by its cell, with the cells that its formula uses."""

from __future__ import annotations

from typing import Any

import pytest

import leverage as lv
from leverage.errors import InvalidModel

AXES = {"time": {"periods": 3, "start": "2027-01"}, "dimensions": {"channel": ["web", "ads"]}}


def said(metrics: dict[str, Any], **keys: Any) -> str:
    """What loading says of a model with these metrics."""
    with pytest.raises(InvalidModel) as found:
        lv.Model(kgi="all", metrics=metrics, **AXES, **keys)
    return str(found.value)


def test_the_cell_and_what_it_uses_are_named() -> None:
    text = said({"a": {"value": {"web": 1, "ads": 0}}, "x": "100 / a", "all": "sum(x)"})
    assert "metric 'x[ads]': the formula is not finite at the base values (a[ads] = 0): 100 / 0 needs a divisor" in text


def test_of_several_cells_the_first_in_time_is_named() -> None:
    rates = {"web": [1, 1, 0], "ads": [1, 0, 0]}
    text = said({"a": {"value": rates}, "x": "1 / a", "all": "sum(x)"})
    assert "'x[ads,2027-02]'" in text


def test_round_a_loop_the_period_comes_first_in_which_it_is_lost() -> None:
    text = said({"up": "prev(down, 1) * 2", "down": "1 / (2 - up) + period * 0", "all": "sum(down)"})
    assert "'down[2027-01]'" in text


def test_a_scenario_that_loses_a_cell_is_named() -> None:
    scenarios = {"none": {"set": {"a": {"ads": 0}}}}
    text = said({"a": {"value": {"web": 1, "ads": 2}}, "x": "1 / a", "all": "sum(x)"}, scenarios=scenarios)
    assert "'x[ads]'" in text
    assert "in scenario 'none'" in text


def test_a_formula_that_a_scenario_sets_is_looked_at_cell_by_cell() -> None:
    scenarios = {"none": {"set": {"x[ads]": 0}}}
    metrics = {"a": {"value": {"web": 1, "ads": 2}}, "x": "2 * a", "y": "1 / x", "all": "sum(y)"}
    assert "'y[ads]'" in said(metrics, scenarios=scenarios)


def test_the_use_of_a_resource_is_named() -> None:
    metrics = {"a": {"value": {"web": 1, "ads": 0}}, "all": "sum(a)"}
    text = said(metrics, resources={"money": {"use": "1 / a", "limit": 9}})
    assert "in the use of resource 'money'" in text
