"""What stood before, running sums, and the ends of time and of a dimension, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.oracles.series import assert_close, figures


@pytest.mark.parametrize("n", [1, 3, 12])
def test_a_lag_gives_what_stood_that_many_periods_before(n: int) -> None:
    said = figures(
        {
            "kgi": "last(over_lag)",
            "before": f"lag(x, {n}, opening)",
            "opening": -1.5,
            "over_lag": f"x / lag(x, {n}, x) - 1",
            "x": {"value": 70, "growth": "2%"},
        },
        periods=24,
    )
    x = 70 * 1.02 ** np.arange(24)
    assert_close(said["before"], np.concatenate([np.full(n, -1.5), x[:-n]]))
    assert_close(said["over_lag"], np.concatenate([np.zeros(n), np.full(24 - n, 1.02**n - 1)]), atol=1e-14)


def test_a_lag_that_is_as_long_as_time_gives_what_stands_before_the_start() -> None:
    said = figures({"kgi": "sum(y)", "y": "lag(x, 9, 7)", "x": {"value": [1, 2, 3]}}, periods=3)
    assert said["y"].tolist() == [7, 7, 7]


def test_one_lag_of_one_period_is_prev_and_lags_add_up() -> None:
    said = figures(
        {
            "kgi": "sum(twice) - sum(two)",
            "once": "lag(x, 1, 4)",
            "before": "prev(x, 4)",
            "twice": "prev(prev(x, 4), 4)",
            "two": "lag(x, 2, 4)",
            "x": {"value": [3, 1, 4, 1, 5]},
        },
        periods=5,
    )
    assert said["once"].tolist() == said["before"].tolist() == [4, 3, 1, 4, 1]
    assert said["twice"].tolist() == said["two"].tolist() == [4, 4, 3, 1, 4]


def test_what_stood_before_the_start_may_differ_by_period() -> None:
    said = figures(
        {
            "kgi": "sum(y)",
            "y": "lag(x, 3, earlier)",
            "x": {"value": [1, 2, 3, 4, 5]},
            "earlier": {"value": [-30, -20, -10, 0], "repeat": "last"},
        },
        periods=5,
    )
    assert said["y"].tolist() == [-30, -20, -10, 1, 2]


def test_first_and_last_are_the_ends_of_time_and_with_over_those_of_a_dimension() -> None:
    said = figures(
        {
            "kgi": "first(pick(x, ads)) + last(pick(x, social))",
            "begin": "first(x)",
            "end": "last(x)",
            "top": "first(x, over=channel)",
            "tail": "last(x, over=channel)",
            "corner": "last(x, over=[channel, time])",
            "x": {"value": {"ads": [1, 2, 3], "social": [10, 20, 30]}},
        },
        periods=3,
        dimensions={"channel": ["ads", "social"]},
    )
    assert said["begin"].tolist() == [1, 10]
    assert said["end"].tolist() == [3, 30]
    assert said["top"].tolist() == [1, 2, 3]
    assert said["tail"].tolist() == [10, 20, 30]
    assert said["corner"] == 30
    assert said["kgi"] == 1 + 30


def test_a_figure_without_time_is_the_same_in_each_period() -> None:
    """Totals, running sums and carry-over of a rent that is written once, as of one that is written out."""
    kinds = {
        "total": "sum({}, over=time)",
        "running": "cumsum({})",
        "carried": "adstock({}, 0.5)",
        "worth": "npv(10%, {})",
        "before": "prev({}, 1)",
        "earlier": "lag({}, 2, 1)",
        "average": "mean({}, over=time)",
    }
    metrics = {f"{kind}_{x}": text.format(x) for kind, text in kinds.items() for x in ("once", "out")}
    said = figures(
        {"kgi": "total_once - total_out", **metrics, "once": 7.25, "out": {"value": [7.25], "repeat": "last"}},
        periods=6,
    )
    for kind in kinds:
        assert_close(said[f"{kind}_once"], said[f"{kind}_out"])
    assert said["running_once"].tolist() == (7.25 * np.arange(1, 7)).tolist()
    assert said["before_once"].tolist() == [1, *[7.25] * 5]
    assert said["total_once"] == 6 * 7.25
