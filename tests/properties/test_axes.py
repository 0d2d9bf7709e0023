"""Values and slopes of random models over time and dimensions agree with arrays that broadcast by axis."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import leverage as lv
from leverage.program.run import point, slope_figures
from leverage.tree.grid import cell_id
from leverage.tree.tree import Tree
from tests.oracles.arrays import LABELS, Arrays
from tests.properties.random_axes import RandomModel, random_model

Figures = np.ndarray[Any, Any]


def of(model: RandomModel) -> Tree:
    """Its tree."""
    return lv.Model(**model.keys).tree


def cells(tree: Tree, id: str) -> list[str]:
    """The ids of a metric's cells, in the order of its array."""
    return [cell_id(id, labels) for labels in tree.grid.cells(tree.metrics[id].axes)]


@given(random_model())
@settings(max_examples=60, deadline=None)
def test_every_cell_has_the_figure_of_its_array(model: RandomModel) -> None:
    """Both take the same operations in the same order, but for powers and products of constants: a few roundings."""
    tree = of(model)
    found, expected = point(tree.cells), model.arrays(Arrays(), model.vector()[:, None])
    for id in model.ids:
        assert tree.metrics[id].axes == model.axes(id)
        ids = cells(tree, id)
        assert tree.cells_of(id) == tuple(ids)
        scale = np.abs(expected[id]).max() + 1
        np.testing.assert_allclose([found[cell] for cell in ids], expected[id].ravel(), rtol=1e-12, atol=1e-13 * scale)
    assert len(found) == sum(len(cells(tree, id)) for id in model.ids)


def leaf_slopes(model: RandomModel) -> tuple[list[str], Figures]:
    """The cells of the leaves, and the KGI's slope in each."""
    tree = of(model)
    ids = [cell for id in model.leaves for cell in cells(tree, id)]
    found = slope_figures(tree.cells)
    return ids, np.array([found[cell] for cell in ids])


@given(random_model())
@settings(max_examples=40, deadline=None)
def test_slopes_in_leaf_cells_agree_with_complex_steps(model: RandomModel) -> None:
    """Im f(x + ih) / h has no cancellation, so h = 1e-30 gives the slope to rounding."""
    ids, found = leaf_slopes(model)
    vector = model.vector()
    tried = vector[:, None] + 1e-30j * np.eye(len(vector))
    expected = np.broadcast_to(model.arrays(Arrays(), tried)["kgi"].imag.ravel() / 1e-30, len(ids))
    close(found, expected)


@given(random_model())
@settings(max_examples=15, deadline=None)
def test_slopes_in_leaf_cells_agree_with_autograd(model: RandomModel) -> None:
    """Autograd comes with the extra ``benchmarks``; without it complex steps alone judge."""
    autograd = pytest.importorskip("autograd")
    m = Arrays(pytest.importorskip("autograd.numpy"))
    _, found = leaf_slopes(model)
    expected = autograd.grad(lambda vector: model.arrays(m, vector[:, None])["kgi"].ravel()[0])(model.vector())
    close(found, expected)


def close(found: Figures, expected: Figures) -> None:
    """To 1e-10; a slope that is a small rest of paths of the largest one's size keeps that one's rounding."""
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13 * (1 + np.abs(expected).max()))


@cache
def grid_of_all() -> Tree:
    """A leaf over all three axes."""
    model = RandomModel()
    model.leaf((0, 1, 2), 5)
    model.step(("kgi",), ("sum(x0)",), lambda m, x: m.sum(x), ("x0",))
    return of(model)


def test_cells_stand_row_by_row_with_time_fastest() -> None:
    tree = grid_of_all()
    assert [axis.name for axis in tree.grid.axes] == list(LABELS)
    expected = [f"x0[{a},{b},{t}]" for a in LABELS["channel"] for b in LABELS["country"] for t in LABELS["time"]]
    assert list(tree.cells_of("x0")) == expected
    assert [id for id in tree.cells.metrics if id != "kgi"] == expected


@pytest.mark.parametrize(
    ("address", "count"),
    [("x0[ads]", 12), ("x0[ads,2]", 3), ("x0[2,ads]", 3), ("x0[emea]", 24), ("x0[jp,organic,0]", 1), ("x0[apac,0]", 3)],
)
def test_an_address_names_the_cells_that_bear_its_labels_in_any_order(address: str, count: int) -> None:
    tree = grid_of_all()
    wanted = [{"de", "fr"} if label == "emea" else {"jp"} if label == "apac" else {label} for label in labels(address)]
    expected = [cell for cell in tree.cells_of("x0") if all(part & set(labels(cell)) for part in wanted)]
    assert list(tree.cells_of(address)) == expected
    assert len(expected) == count


def labels(cell: str) -> list[str]:
    """The labels of a cell's id."""
    return cell[cell.index("[") + 1 : -1].split(",")


def test_a_cell_knows_its_metric_and_its_labels() -> None:
    tree = grid_of_all()
    assert tree.cells.whole is tree
    for id, cell in tree.cells.metrics.items():
        assert cell_id(cell.whole, cell.labels) == id
        assert cell.axes == ()
