"""A formula written out for a cell is as long as it must be: what stands in several places is one object."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.files.plain import from_python
from leverage.formula.nodes import Node, postorder
from leverage.formula.parse import parse
from leverage.formula.write import write
from leverage.program.arrays.point import figures
from leverage.program.run import point
from leverage.tree.axes import steps, widest, written_out
from leverage.tree.build import build
from leverage.tree.grid import TIME, Axis, Grid
from leverage.tree.tree import Tree
from leverage.tree.unroll import Unrolled
from tests.tree.test_grid import GRID

AXES = {"visits": ("country", "channel"), "churn": (TIME,), "rate": ("channel",)}
KNOWN = {id: frozenset(axes) for id, axes in AXES.items()}


def over(periods: int, **metrics: Any) -> Tree:
    return build(from_python({"kgi": "y", "time": {"periods": periods}, "metrics": {"y": "last(z)", **metrics}}))


def sizes(tree: Tree) -> int:
    """Parts of all formulas, each once."""
    met: dict[int, Node] = {}
    for cell in tree.cells.metrics.values():
        met.update({id(part): part for part in postorder(cell.formula)} if cell.formula else {})
    return len(met)


def test_a_running_sum_is_written_once_for_all_periods() -> None:
    few, many = (sizes(over(n, z="cumsum(x)", x={"value": 1, "growth": "1%"})) for n in (50, 100))
    assert many < 2.1 * few  # twice the periods, twice the parts; a square would be four times


@pytest.mark.parametrize(
    "formula",
    [
        "cumsum(" * 20 + "x" + ")" * 20,
        "prev(x + " * 20 + "x" + ", x)" * 20,
        "hill(" * 20 + "x" + ", half=2, shape=x)" * 20,
        "sum(x * " * 20 + "x" + ", over=time)" * 20,
        "adstock(x, " * 20 + "0.5" + ")" * 20,
        "lag(x, 1, " * 20 + "x" + ")" * 20,
        "npv(0.1 * " * 20 + "x" + ", x)" * 20,
    ],
)
def test_words_inside_words_are_evaluated_and_not_written_out_again_and_again(formula: str) -> None:
    """Each would have 2 ** 20 parts and more if what stands in several places were several objects."""
    tree = over(5, z=formula, x={"value": 1, "growth": "1%"})
    assert sizes(tree) < 5_000
    assert set(point(tree.cells)) == set(tree.cells.metrics)


def test_metrics_that_use_each_other_twice_do_not_double_each_time() -> None:
    chain = {f"m{k}": f"(m{k - 1} * prev(m{k - 1}, 1) + cumsum(m{k - 1})) / 9" for k in range(1, 30)}
    tree = over(4, z="m29 * 0", m0={"value": 0.5, "growth": "1%"}, **chain)
    assert sizes(tree) < 4_000
    assert point(tree.cells)["z[3]"] == 0


@pytest.mark.parametrize(
    "formula", ["visits * churn + rate", "sum(visits * churn, over=channel)", "cumsum(churn)", "mean(visits)", "price"]
)
def test_no_more_parts_are_written_than_are_foretold(formula: str) -> None:
    """The limit of `tree.cells` counts before it writes."""
    node = parse(formula)
    unrolled = Unrolled(node, AXES, GRID)
    axes = GRID.ordered(unrolled.axes[id(unrolled.formula)])
    met: dict[int, Node] = {}
    for labels in GRID.cells(axes):
        cell = unrolled.cell(dict(zip(axes, labels, strict=True)))
        met.update({id(part): part for part in postorder(cell)})
    assert len(met) <= 2 * written_out(node, KNOWN, GRID)  # a fold has an operator between each two


def test_the_widest_part_counts_and_not_what_it_comes_to() -> None:
    assert widest(parse("sum(visits * churn)"), KNOWN, GRID) == 3 * 2 * 2
    assert widest(parse("price"), KNOWN, GRID) == 1


def test_steps_are_those_from_label_to_label_and_from_period_to_period() -> None:
    long = Grid((Axis("channel", ("a", "b")), Axis(TIME, tuple(map(str, range(100))))))
    assert steps(parse("churn * 2"), KNOWN, long, looped=False) == 3
    assert steps(parse("sum(churn)"), KNOWN, long, looped=False) == 2 + 100
    assert steps(parse("sum(rate)"), KNOWN, long, looped=False) == 2 + 2
    assert steps(parse("cumsum(churn)"), KNOWN, long, looped=False) == 2 + 100
    assert steps(parse("prev(churn, 1) * 2"), KNOWN, long, looped=True) == 5 * 100


def test_labels_are_picked_and_reduced_by_name() -> None:
    unrolled = Unrolled(parse("pick(visits, emea) / rate"), AXES, GRID)
    assert write(unrolled.cell({"channel": "seo"})) == "(visits[de,seo] + visits[fr,seo]) / rate[seo]"


@pytest.mark.parametrize("formula", ["pick(x, emea)", "sum(x, over=place)", "mean(x, over=place)", "pick(w, emea) * x"])
def test_arrays_count_what_does_not_have_the_axis_as_cells_do(formula: str) -> None:
    metrics = {"y": "sum(z)", "z": formula, "x": {"value": [1, 2]}, "w": {"value": {"emea": 3, "jp": 4}}}
    axes = {"time": {"periods": 2}, "dimensions": {"place": {"emea": ["de", "fr"], "apac": ["jp"]}}}
    tree = build(from_python({"kgi": "y", "metrics": metrics, **axes}))
    of_cells = point(tree.cells)
    assert figures(tree)["z"].ravel().tolist() == [of_cells[cell] for cell in tree.cells_of("z")]
