"""A few lines over axes can come to more than any machine holds: each is refused in a sentence, before it is made."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.errors import SHOWN, InvalidModel, LeverageError
from leverage.files.plain import from_python
from leverage.formula.nodes import Name, postorder
from leverage.tree import build as building
from leverage.tree import cells as of_cells
from leverage.tree import correlations, metrics, scenarios
from leverage.tree.build import build
from leverage.tree.faults import MOST
from leverage.tree.tree import Tree


def labels(name: str, count: int) -> list[str]:
    return [f"{name}{k}" for k in range(count)]


def each(name: str, count: int, figure: Any = 1) -> dict[str, Any]:
    return dict.fromkeys(labels(name, count), figure)


def model(metrics: dict[str, Any], **keys: Any) -> Tree:
    return build(from_python({"kgi": "y", "metrics": metrics, **keys}))


WIDE = {"dimensions": {"a": labels("a", 1_000), "b": labels("b", 1_000), "c": labels("c", 2)}}
LONG = {"time": {"periods": 10_000}}
GROWING = {"value": 1, "growth": "0%"}
AB = {"x": {"value": each("a", 1_000)}, "w": {"value": each("b", 1_000)}, "v": {"value": {"c0": 1, "c1": 2}}}
STEPS = (
    f"the model takes more than {building.STEPS:,} steps from label to label and period to period; write fewer "
    "periods, or give a sum that stands in many formulas a metric of its own"
)
FIGURES = f"the model comes to more than {metrics.CELLS:,} figures over its labels and periods; leave an axis out"
UNWRITTEN = (
    f"more than {metrics.UNWRITTEN:,} figures follow from few that are written; let its keys run over the same axes"
)

REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "two dimensions of a thousand labels, and a third": (
        {"y": "sum(z)", "z": "x * w * v", **AB},
        WIDE,
        FIGURES,
    ),
    "the same inside one formula": (
        {"y": "sum(x * w * v)", **AB},
        WIDE,
        FIGURES,
    ),
    "twenty dimensions of two labels": (
        {
            "y": f"sum({' * '.join(f'x{k}' for k in range(20))})",
            **{f"x{k}": {"value": {f"l{k}": 1, f"r{k}": 2}} for k in range(20)},
        },
        {"dimensions": {f"d{k}": [f"l{k}", f"r{k}"] for k in range(20)}},
        FIGURES,
    ),
    "keys of one leaf that run over different axes": (
        {"y": "sum(x)", "x": {"value": each("a", 1_000), "target": each("b", 1_000)}},
        WIDE,
        UNWRITTEN,
    ),
    "lists that go on for ever": (
        {"y": "sum(x)", "x": {"value": each("c", 30, [1, 2]), "repeat": "last"}},
        {**LONG, "dimensions": {"c": labels("c", 30)}},
        UNWRITTEN,
    ),
    "many such leaves, each within the limit": (
        {"y": "1", **{f"x{k}": {"value": each("c", 9, [1, 2]), "repeat": "last"} for k in range(3)}},
        {**LONG, "dimensions": {"c": labels("c", 9)}},
        UNWRITTEN,
    ),
    "fifty running sums inside each other": ({"y": f"sum({'cumsum(' * 50}x{')' * 50})", "x": GROWING}, LONG, STEPS),
    "a loop through sixty metrics": (
        {"y": "sum(m0)", **{f"m{k}": f"prev(m{(k + 1) % 60}, 1)" for k in range(60)}},
        LONG,
        STEPS,
    ),
    "scenarios that each move all figures": (
        {"y": "sum(x)", "x": {"value": 1, "target": each("a", 1_000)}},
        {**WIDE, "scenarios": {f"s{k}": {"change": {"x": "1%"}} for k in range(501)}},
        f"scenario 's500' and those before it move more than {scenarios.MOVED:,} figures; leave some out",
    ),
    "scenarios that extend one another and move all the more": (
        {"y": "1", **{f"x{k}": {"value": 1, "target": each("a", 1_000)} for k in range(40)}},
        {
            **WIDE,
            "scenarios": {f"s{k}": {"set": {f"x{k}": 1}, **({"extends": f"s{k - 1}"} if k else {})} for k in range(40)},
        },
        f"scenario 's31' and those before it move more than {scenarios.MOVED:,} figures; leave some out",
    ),
    "a thousand scenarios of many figures": (
        {"y": "sum(x * w) * q", "z": "x * w * 2", "q": 1, "x": AB["x"], "w": {"value": each("b", 60)}},
        {
            "dimensions": {"a": labels("a", 1_000), "b": labels("b", 60)},
            "scenarios": {f"s{k}": {"set": {"q": 1}} for k in range(1_000)},
        },
        "1,000 scenarios are too many for a model of so many labels and periods; leave some out",
    ),
    "correlations of every label": (
        {"y": "1", **{f"x{k}": {"value": 1, "spread": ["-9%", "9%"], "target": each("a", 1_000)} for k in range(22)}},
        {**WIDE, "correlations": [[f"x{k}", f"x{j}", 0.01] for k in range(22) for j in range(k)]},
        f"correlations: labels make more than {correlations.MOST:,} pairs of draws; leave some out",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_comes_to_too_much_is_refused_in_one_sentence(name: str) -> None:
    metrics_, keys, said = REFUSED[name]
    with pytest.raises(InvalidModel) as refused:
        model(metrics_, **keys)
    assert [error.message for error in refused.value.errors] == [said]


CELL_BY_CELL: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "more cells than a file may have metrics": (
        {"y": "sum(x * w)", "z": "x * w", "x": {"value": each("a", 1_000)}, "w": {"value": each("b", 300)}},
        {"dimensions": {"a": labels("a", 1_000), "b": labels("b", 300)}},
        f"301,301 of them, more than {of_cells.MOST:,}; leave an axis, labels or periods out",
    ),
    "limits of each period": (
        {"y": "sum(x)", "x": GROWING},
        {**LONG, "resources": {f"r{k}": {"limit": 1, "use": "x", "per": "period"} for k in range(30)}},
        f"310,001 of them, more than {of_cells.MOST:,}; leave an axis, labels or periods out",
    ),
    "a long formula for each of many labels": (
        {
            "y": f"sum({' * '.join(f'x{k}' for k in range(16))})",
            **{f"x{k}": {"value": {f"l{k}": 1, f"r{k}": 2}} for k in range(16)},
        },
        {"dimensions": {f"d{k}": [f"l{k}", f"r{k}"] for k in range(16)}},
        f"formulas of 2,031,617 parts for them, more than {of_cells.PARTS:,}; sum over an axis before you go on, or "
        "leave one out",
    ),
    "each a share of all": (
        {"y": "sum(x)", "z": "x / sum(x * x)", "x": GROWING},
        LONG,
        f"formulas that use {of_cells.PAIRS:,} figures and more; give a sum that many of them have a metric of its own",
    ),
}


@pytest.mark.parametrize("name", CELL_BY_CELL)
def test_what_arrays_hold_and_cells_do_not_is_refused_when_cells_are_asked_for(name: str) -> None:
    metrics_, keys, said = CELL_BY_CELL[name]
    tree = model(metrics_, **keys)
    with pytest.raises(LeverageError) as refused:
        tree.cells  # noqa: B018
    assert str(refused.value) == f"this question is answered figure by figure, and the model has {said}"


def test_a_sum_with_a_metric_of_its_own_is_no_pair_of_each_with_each() -> None:
    tree = model({"y": "sum(z)", "z": "x / total", "total": "sum(x * x)", "x": GROWING}, time={"periods": 3_000})
    assert sum(map(len, tree.cells.drivers.values())) == 3 * 3_000 + 3_000


def test_drivers_are_the_names_of_each_formula_in_the_order_of_its_text() -> None:
    """What many cells share is looked through once, and yet each has all of its own."""
    tree = model(
        {
            "y": "sum(z) + sum(c)",
            "z": "prev(z, x) * x + sum(cumsum(x) * w) + hill(w, half=x, shape=2) + pick(v, c1)",
            "c": "cumsum(cumsum(x) + z)",
            "x": {"value": [1, 2, 3]},
            **{id: {"value": {"c0": 1, "c1": 2}} for id in ("v", "w")},
        },
        time={"periods": 3},
        dimensions={"c": ["c0", "c1"]},
    )
    for id, cell in tree.cells.metrics.items():
        parts = postorder(cell.formula) if cell.formula else ()
        assert tree.cells.drivers[id] == tuple(dict.fromkeys(part.id for part in parts if isinstance(part, Name)))


@pytest.mark.parametrize(
    "keys",
    [
        {"metrics": {"y": 1, "x": AB["x"], **{f"m{k}": f"pick(x, a{k}x)" for k in range(1_000)}}},
        {"metrics": {"y": 1, "x": {"value": {f"a{k}x": 1 for k in range(1_000)}}}},
        {"metrics": {"y": 1, "x": AB["x"]}, "scenarios": {f"s{k}": {"set": {f"x[a{k}x]": 1}} for k in range(1_000)}},
    ],
    ids=["formulas", "figures", "scenarios"],
)
def test_the_nearest_label_is_offered_for_the_first_of_many_faults(keys: dict[str, Any]) -> None:
    """A look through a thousand labels for each of a thousand faults would take half a minute."""
    with pytest.raises(InvalidModel) as refused:
        model(dimensions=WIDE["dimensions"], **keys)
    errors = refused.value.errors
    assert len(errors) == MOST > SHOWN
    assert "did you mean 'a0'?" in errors[0].message
    assert sum("did you mean" in error.message for error in errors) <= 60


def test_a_fault_that_all_labels_share_is_looked_for_once() -> None:
    with pytest.raises(InvalidModel) as refused:
        model({"y": 1, "x": {"value": 1, "lever": {"mim": 3, "max": each("a", 1_000)}}}, **WIDE)
    assert str(refused.value) == "metric 'x': unknown key 'mim' in lever; did you mean 'min'?"


def test_groups_twenty_deep_over_a_thousand_labels_are_read_as_they_stand() -> None:
    inner: Any = labels("a", 1_000)
    for level in range(18):
        inner = {f"g{level}": inner, f"rest{level}": [f"b{level}"]}
    value = {"g17": 1, "rest17": 2, "g3": 3, "a7": 4}
    tree = model({"y": "sum(x)", "x": {"value": value}}, dimensions={"d": inner})
    found = {id: cell.base for id, cell in tree.cells.metrics.items()}
    assert [found[f"x[{label}]"] for label in ("a6", "a7", "b2", "b3", "b17")] == [3, 4, 3, 1, 2]
