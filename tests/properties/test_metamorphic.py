"""What must hold whatever the tree: money in another unit, formulas cut in two, what-ifs that commute, models saved."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leverage as lv
from leverage.files.shipped import shipped
from leverage.program.run import point, slopes
from leverage.tree.tree import Tree
from leverage.verbs.elasticities import elasticities
from tests.trees import random_tree, tree

SHIPPED = sorted(shipped())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_what_if_at_the_base_changes_nothing_bitwise(name: str) -> None:
    of = lv.load(name).tree.cells
    assert point(of.with_(set={id: of.levels[id].value for id in of.leaves})) == point(of)
    assert point(of.with_(change=dict.fromkeys(of.leaves, 0.0))) == point(of)
    assert point(of.with_(add=dict.fromkeys(of.leaves, 0.0))) == point(of)


@pytest.mark.parametrize("name", SHIPPED)
def test_disjoint_what_ifs_commute(name: str) -> None:
    of = lv.load(name).tree.cells
    first, second = of.leaves[:2]
    one = of.with_(change={first: 0.1}).with_(change={second: -0.2})
    other = of.with_(change={second: -0.2}).with_(change={first: 0.1})
    assert point(one) == point(other)


@given(st.floats(1e-3, 1e9), st.lists(st.floats(0.5, 500), min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_money_in_another_unit_scales_the_kgi_and_leaves_elasticities(k: float, figures: list[float]) -> None:
    def shop(unit: float) -> Tree:
        price, cost, fixed, visits = figures
        money = {"price": price * unit, "cost": cost * unit, "fixed": fixed * unit}
        return tree("profit", {"profit": "visits * 0.3 * (price - cost) - fixed", "visits": visits, **money})

    plain, scaled = elasticities(shop(1.0)), elasticities(shop(k))
    if plain.value == 0:
        return
    rounding = 1e-12 * sum(abs(e or 0) for e in plain.elasticity)  # profit may be a small rest of large figures
    assert scaled.value == pytest.approx(k * plain.value, rel=1e-12 + rounding)
    for id in plain.drivers:
        assert scaled[id] == pytest.approx(plain[id], rel=1e-9 + rounding, abs=rounding)


@given(random_tree())
@settings(max_examples=40, deadline=None)
def test_naming_a_part_of_a_formula_changes_no_value(of: Tree) -> None:
    texts: dict[str, Any] = {id: metric.text or metric.base for id, metric in of.metrics.items()}
    cut = {**texts, "part": texts[of.kgi], of.kgi: "part"}
    assert point(tree(of.kgi, cut))[of.kgi] == point(of)[of.kgi]


@given(random_tree())
@settings(max_examples=40, deadline=None)
def test_a_metric_that_nothing_uses_changes_no_bit(of: Tree) -> None:
    texts: dict[str, Any] = {id: metric.text or metric.base for id, metric in of.metrics.items()}
    more = tree(of.kgi, {"aaa": 3.0, "aab": f"aaa * {of.kgi} + 1", **texts})
    assert {id: value for id, value in point(more).items() if id in texts} == point(of)
    found, plain = slopes(more), slopes(of)
    for id in texts:
        np.testing.assert_array_equal(found[id], plain[id])


@pytest.mark.parametrize("degree", [1, 2, 3])
def test_elasticities_of_a_homogeneous_function_add_up_to_its_degree(degree: int) -> None:
    formulas = {1: "a ** 0.3 * b ** 0.5 * c ** 0.2", 2: "a * b + c ** 2", 3: "a * b * c + max(a, b) ** 3"}
    found = elasticities(tree("y", {"y": formulas[degree], "a": 2.0, "b": 3.5, "c": 1.25}))
    assert sum(found[id] or 0 for id in "abc") == pytest.approx(degree, rel=1e-12)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_saved_model_says_the_same(name: str, tmp_path: Any) -> None:
    model = lv.load(name)
    path = tmp_path / "copy.yaml"
    model.save(path)
    again = lv.load(path)
    assert point(again.tree.cells) == point(model.tree.cells)
    assert again.tree.hash == model.tree.hash
    assert again.simulate(samples=1_000).figures() == model.simulate(samples=1_000).figures()


@pytest.mark.parametrize("name", SHIPPED)
def test_duplicating_nothing_but_comments_keeps_the_hash(name: str, tmp_path: Any) -> None:
    text = Path(shipped()[name]).read_text(encoding="utf-8")
    path = tmp_path / "copy.yaml"
    path.write_text("# another comment\n" + text.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert lv.load(path).tree.hash == lv.load(name).tree.hash


def test_the_sum_of_independent_variances_is_the_variance_of_the_sum() -> None:
    of = lv.Model(
        kgi="y",
        metrics={"y": "a + b", "a": {"uncertainty": "normal(3, 2)"}, "b": {"uncertainty": "uniform(0, 6)"}},
    )
    assert of.simulate()["y"].sd == pytest.approx(math.sqrt(4 + 3), rel=2e-3)
