"""How a model itself brings labels to one figure: by its own words, and of a sum its terms alike."""

from __future__ import annotations

import pytest

from leverage.model import Model
from leverage.verbs.cells.folds import folds

WORDS = {  # the KGI's formula, and by which words `x` is folded over channel and time
    "sum(x)": {"channel": "sum", "time": "sum"},
    "mean(x)": {"channel": "mean", "time": "mean"},
    "last(sum(x, over=channel))": {"channel": "sum"},
    "last(x, over=[channel, time])": {"channel": "last", "time": "last"},
    "sum(max(x, over=channel), over=time)": {"channel": "max", "time": "sum"},
    "sum(x - y)": {"channel": "sum", "time": "sum"},
    "sum(-x * 3 + 1)": {"channel": "sum", "time": "sum"},
    "sum(2 / x)": {},
    "sum(x * p)": {"channel": "sum"},  # of a product, what no other factor varies over
    "sum(x / p)": {"channel": "sum"},
    "sum(x * y)": {},
    "max(x - y)": {},  # the largest difference is none of the largest ones
    "sum(exp(x))": {},
    "sum(cumsum(x))": {"channel": "sum"},
    "npv(10%, sum(x, over=channel))": {"channel": "sum"},
    "sum(pick(x, ads))": {"time": "sum"},  # a label picked is no fold
    "max(sum(x), 3)": {"channel": "sum", "time": "sum"},
    "sum(z)": {"channel": "sum", "time": "sum"},  # z is x + y
    "mean(w)": {"channel": "sum", "time": "mean"},  # w is sum(x, over=channel)
}


@pytest.mark.parametrize("formula", WORDS)
def test_a_metric_is_folded_as_formulas_fold_it(formula: str) -> None:
    assert folds(_model(formula).tree).get("x", {}) == WORDS[formula]


def _model(formula: str, **keys: object) -> Model:
    values = {"ads": [1, 2, 3], "shop": [2, 3, 4]}
    between = {"z": "x + y", "w": "sum(x, over=channel)"}
    metrics = {
        "kgi": formula,
        "x": {"value": values},
        "y": {"value": values},
        "p": [1, 2, 4],
        **{id: text for id, text in between.items() if f"({id})" in formula},
    }
    return Model(kgi="kgi", time={"periods": 3}, dimensions={"channel": ["ads", "shop"]}, metrics=metrics, **keys)


def test_what_a_resource_counts_is_summed() -> None:
    tree = _model("max(x)", resources={"money": {"limit": 100, "use": "y"}}).tree
    assert folds(tree)["y"] == {"channel": "sum", "time": "sum"}


def test_what_two_formulas_fold_goes_by_the_one_nearer_the_kgi() -> None:
    assert folds(_model("mean(x) + max(w)").tree)["x"]["channel"] == "mean"
    assert folds(_model("mean(w)").tree)["w"] == {"time": "mean"}
