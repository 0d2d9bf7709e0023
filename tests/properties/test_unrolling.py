"""A model over time is the model that somebody writes out by hand, period by period; and what no hand could write."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leverage as lv
from leverage.errors import InvalidModel
from leverage.program.run import point, slope_figures
from leverage.tree.tree import Tree
from tests.trees import random_tree, tree

PERIODS = 4


def over_time(churn: list[float], added: float) -> lv.Model:
    """Revenue that recurs, with an upsell that looks two periods back."""
    metrics = {
        "value": "npv(rate, arr) + last(arr) - max(lost)",
        "arr": "opening - lost + added + upsell",
        "opening": "prev(arr, 1000)",
        "lost": "opening * churn",
        "upsell": "prev(prev(arr, 900), 900) * 1%",
        "churn": {"value": churn},
        "added": added,
        "rate": "8%",
    }
    return lv.Model(kgi="value", metrics=metrics, time={"periods": PERIODS, "unit": "year"})


def by_hand(churn: list[float], added: float) -> lv.Model:
    """The same, one metric a period, without a word over time."""
    metrics: dict[str, object] = {"added": added, "rate": "8%"}
    for t, share in enumerate(churn):
        metrics[f"churn_{t}"] = share
        metrics[f"opening_{t}"] = f"arr_{t - 1}" if t else "1000"
        metrics[f"lost_{t}"] = f"opening_{t} * churn_{t}"
        metrics[f"upsell_{t}"] = f"{f'arr_{t - 2}' if t >= 2 else '900'} * 1%"
        metrics[f"arr_{t}"] = f"opening_{t} - lost_{t} + added + upsell_{t}"
    worth = " + ".join(f"arr_{t} / (1 + rate) ** {t + 1}" for t in range(PERIODS))
    metrics["value"] = f"({worth}) + arr_{PERIODS - 1} - max({', '.join(f'lost_{t}' for t in range(PERIODS))})"
    return lv.Model(kgi="value", metrics=metrics)


def as_written(cell: str) -> str:
    """The name by hand of a cell: ``arr[2]`` is ``arr_2``."""
    return cell.replace("[", "_").replace("]", "")


@given(st.lists(st.floats(0.01, 0.4), min_size=PERIODS, max_size=PERIODS), st.floats(1, 500))
@settings(max_examples=15, deadline=None)
def test_a_loop_through_prev_is_the_model_written_out_by_hand(churn: list[float], added: float) -> None:
    of, hand = over_time(churn, added).tree.cells, by_hand(churn, added).tree
    figures, written = point(of), point(hand)
    assert {as_written(id): figure for id, figure in figures.items() if id != "value"} == {
        id: figure for id, figure in written.items() if id != "value"
    }
    assert figures["value"] == pytest.approx(written["value"], rel=1e-14)  # npv may take powers in another way
    slopes, by_pen = slope_figures(of), slope_figures(hand)
    for id in of.metrics:
        assert slopes[id] == pytest.approx(by_pen[as_written(id)], rel=1e-12, abs=1e-9)


def test_a_moved_period_moves_what_follows_and_nothing_before_it() -> None:
    of = over_time([0.1] * PERIODS, 50.0)
    before = point(of.tree.cells)
    after = point(of.tree.cells.with_(set={"churn[2]": 0.3}))
    moved = {id for id, figure in before.items() if after[id] != figure}
    assert moved == {"churn[2]", "lost[2]", "arr[2]", "opening[3]", "lost[3]", "arr[3]", "value"}


@given(random_tree(most=4))
@settings(max_examples=10, deadline=None)
def test_time_that_no_metric_runs_over_changes_no_bit(of: Tree) -> None:
    written = {id: metric.text or metric.base for id, metric in of.metrics.items()}
    timed = tree(of.kgi, written, time={"periods": 12, "unit": "month"}, dimensions={"channel": ["ads", "social"]})
    assert point(timed.cells) == point(of)


@given(random_tree(most=4))
@settings(max_examples=10, deadline=None)
def test_a_model_without_axes_is_its_own_cells(of: Tree) -> None:
    assert of.cells is of
    assert of.whole is of
    assert not of.grid
    moved = of.with_(set={of.leaves[0]: 1.0})
    assert moved.cells is moved
    assert all(of.cells_of(id) == (id,) for id in of.metrics)


LOOPS = {
    "of one": ({"a": "a * 0.5 + x"}, "cycle a -> a"),
    "of three": ({"a": "b + x", "b": "c * 2", "c": "a - 1"}, "cycle a -> b -> c -> a"),
    "through a sum": ({"a": "x / sum(b)", "b": "a * x"}, "cycle a -> b -> a"),
    "through a running sum": ({"a": "cumsum(a) + x"}, "cycle a -> a"),
    "through the initial figure": ({"a": "prev(x, a)"}, "cycle a -> a"),
    "through a lag": ({"a": "lag(a, 1, 0) + x"}, "cycle a -> a"),
    "through the last period": ({"a": "prev(b, 1) + x", "b": "last(a) + x"}, "cycle a -> b -> a"),
    "beside one that goes through prev": ({"a": "prev(a, 1) + b", "b": "a * 0.1"}, "cycle a -> b -> a"),
}


@pytest.mark.parametrize(("metrics", "message"), LOOPS.values(), ids=LOOPS)
def test_a_loop_that_prev_does_not_close_is_an_error_with_its_path(metrics: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidModel) as raised:
        lv.Model(kgi="y", metrics={"y": "sum(a)", **metrics, "x": {"value": [1, 2, 3]}}, time={"periods": 3})
    assert message in str(raised.value)
    assert "prev(x, initial)" in str(raised.value)


def test_a_loop_goes_through_prev_of_any_number_of_metrics() -> None:
    metrics = {"y": "sum(a)", "a": "b + 1", "b": "c * 2", "c": "d - x", "d": "prev(a, 3)", "x": {"value": [1, 2, 3]}}
    found = point(lv.Model(kgi="y", metrics=metrics, time={"periods": 3}).tree.cells)
    a, path = 3.0, []
    for x in (1, 2, 3):
        a = (a - x) * 2 + 1
        path.append(a)
    assert [found[f"a[{t}]"] for t in range(3)] == path


def test_a_running_sum_of_what_came_before_doubles_each_period() -> None:
    metrics = {"y": "last(a)", "a": "1 + cumsum(prev(a, 0))", "b": "1 + adstock(prev(b, 0), 1)"}
    found = point(lv.Model(kgi="y", metrics=metrics, time={"periods": 30}).tree.cells)
    assert [found[f"a[{t}]"] for t in range(30)] == [found[f"b[{t}]"] for t in range(30)] == [2**t for t in range(30)]


def test_a_thousand_periods_unroll_without_running_deep() -> None:
    metrics = {"y": "last(a)", "a": "prev(a, 0) + 1"}
    found = point(lv.Model(kgi="y", metrics=metrics, time={"periods": 1000}).tree.cells)
    assert found["y"] == 1000
