"""The tree of cells says of every cell what the file says of it."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.errors import InvalidModel
from leverage.files.plain import from_python
from leverage.formula.write import write
from leverage.tree.build import build
from leverage.tree.parts import misparted
from leverage.tree.tree import Tree

AXES: dict[str, Any] = {
    "time": {"periods": 3, "start": "2027-01"},
    "dimensions": {"channel": ["ads", "seo"], "country": {"emea": ["de", "fr"], "apac": ["jp"]}},
}


def built(metrics: dict[str, Any], **more: Any) -> Tree:
    return build(from_python({"kgi": "y", "metrics": metrics, **AXES, **more}))


def cell_formulas(formula: str, **metrics: Any) -> dict[str, str]:
    cells = built({"y": "sum(x)", "x": formula, **metrics}).cells
    return {id: write(cell.formula) for id, cell in cells.metrics.items() if cell.whole == "x" and cell.formula}


VISITS = {"value": {"ads": {"de": 1, "fr": 2, "jp": 3}, "seo": {"emea": 4, "jp": 5}}}


def test_a_tree_without_axes_is_its_own_tree_of_cells() -> None:
    tree = build(from_python({"kgi": "a", "metrics": {"a": "b", "b": 1}}))
    assert tree.cells is tree is tree.whole


def test_a_groups_figure_is_each_members() -> None:
    cells = built({"y": "sum(visits)", "visits": VISITS}).cells
    assert {id: cell.base for id, cell in cells.metrics.items() if cell.base is not None} == {
        **{"visits[ads,de]": 1, "visits[ads,fr]": 2, "visits[ads,jp]": 3},
        **{"visits[seo,de]": 4, "visits[seo,fr]": 4, "visits[seo,jp]": 5},
    }


def test_sums_become_additions_the_first_axis_first() -> None:
    assert cell_formulas("sum(visits)", visits=VISITS) == {
        "x": "visits[ads,de] + visits[seo,de] + (visits[ads,fr] + visits[seo,fr]) + (visits[ads,jp] + visits[seo,jp])"
    }
    assert (
        cell_formulas("mean(visits, over=channel)", visits=VISITS)["x[de]"] == "(visits[ads,de] + visits[seo,de]) / 2"
    )
    assert cell_formulas("max(visits, over=country)", visits=VISITS)["x[seo]"] == (
        "max(max(visits[seo,de], visits[seo,fr]), visits[seo,jp])"
    )


def test_what_does_not_have_the_axis_is_the_same_for_each_of_its_labels() -> None:
    assert cell_formulas("sum(b, over=channel)", b=4) == {"x": "2 * b"}
    assert cell_formulas("mean(b, over=channel) + last(b) + pick(b, emea)", b=4) == {"x": "2 * b / 2 + b + 2 * b"}


def test_a_picked_group_is_the_sum_of_its_members() -> None:
    assert cell_formulas("pick(visits, emea)", visits=VISITS)["x[ads]"] == "visits[ads,de] + visits[ads,fr]"


def test_time_is_written_out_period_by_period() -> None:
    b = {"value": [1, 2, 3]}
    assert list(cell_formulas("prev(b, 7) + period", b=b).values()) == ["7 + 0", "b[2027-01] + 1", "b[2027-02] + 2"]
    assert list(cell_formulas("lag(b, 2, 0)", b=b).values()) == ["0", "0", "b[2027-01]"]
    assert cell_formulas("cumsum(b)", b=b)["x[2027-03]"] == "b[2027-01] + b[2027-02] + b[2027-03]"
    assert cell_formulas("adstock(b, 0.5)", b=b)["x[2027-02]"] == "b[2027-02] + 0.5 * b[2027-01]"
    assert cell_formulas("npv(1%, b)", b=b)["x"] == (
        "b[2027-01] / (1 + 1%) ** 1 + b[2027-02] / (1 + 1%) ** 2 + b[2027-03] / (1 + 1%) ** 3"
    )
    assert list(cell_formulas("days()").values()) == ["31", "28", "31"]


def test_growth_and_seasons_multiply_the_figure_and_its_draws() -> None:
    cells = built(
        {"y": "sum(b)", "b": {"value": 100, "growth": "10%", "seasonality": [1, 2], "spread": ["-10%", "10%"]}}
    ).cells
    found = [cells.metrics[f"b[2027-0{k}]"] for k in (1, 2, 3)]
    assert [cell.base for cell in found] == pytest.approx([100, 220, 121], rel=1e-15)
    assert [cell.factor for cell in found] == pytest.approx([1, 2.2, 1.21], rel=1e-15)
    assert {cell.draw for cell in found} == {"b"}
    assert all(cell.uncertainty is not None and cell.uncertainty.median == 100 for cell in found)


@pytest.mark.parametrize(
    ("keys", "draws"),
    [
        ({}, {"b[ads]", "b[seo]"}),
        ({"shared": True}, {"b"}),
        ({"draws": "per_period"}, {f"b[{c},2027-0{k}]" for c in ("ads", "seo") for k in (1, 2, 3)}),
        ({"draws": "per_period", "shared": True}, {f"b[2027-0{k}]" for k in (1, 2, 3)}),
    ],
)
def test_labels_have_their_own_draws_and_periods_share_one_unless_the_file_says_so(
    keys: dict[str, Any], draws: set[str]
) -> None:
    b = {"value": {"ads": [1, 2, 3], "seo": 4}, "spread": ["-10%", "10%"], **keys}
    cells = built({"y": "sum(b)", "b": b}).cells
    assert {cell.draw for cell in cells.metrics.values() if cell.uncertainty} == draws


def test_correlated_labels_pair_up_by_name() -> None:
    leaf = {"value": {"ads": 1, "seo": 2}, "spread": ["-10%", "10%"]}
    cells = built({"y": "sum(a * b)", "a": leaf, "b": leaf}, correlations=[["a", "b", 0.5]]).cells
    assert [(pair.a, pair.b, pair.rank) for pair in cells.correlations] == [
        ("a[ads]", "b[ads]", 0.5),
        ("a[seo]", "b[seo]", 0.5),
    ]


def test_correlated_leaves_of_other_labels_are_refused() -> None:
    leaf = {"value": {"ads": 1, "seo": 2}, "spread": ["-10%", "10%"]}
    with pytest.raises(InvalidModel) as refused:
        built(
            {"y": "sum(a * b)", "a": leaf, "b": {"value": 1, "spread": ["-10%", "10%"]}},
            correlations=[["a", "b", 0.5]],
        )
    assert refused.value.errors[0].message == (
        "correlations: 'a' is drawn for each channel and 'b' once; labels pair up by name: give both the same"
    )


SPEND = {"value": 10, "lever": {"min": 0, "max": 20, "over_time": "each", "cost": {"hours": "2 per 1"}}}


def test_a_resource_of_each_period_limits_each_and_levers_pay_their_own() -> None:
    cells = built(
        {"y": "sum(spend)", "spend": SPEND},
        resources={"budget": {"limit": [30, 20, 10], "use": "spend", "per": "period"}, "hours": {"limit": 9}},
    ).cells
    assert [(id, r.limit) for id, r in cells.resources.items()] == [
        *[("budget[2027-01]", 30), ("budget[2027-02]", 20), ("budget[2027-03]", 10)],
        ("hours", 9),
    ]
    assert write(cells.resources["budget[2027-02]"].use) == "spend[2027-02]"  # type: ignore[arg-type]
    assert cells.levers == ("spend[2027-01]", "spend[2027-02]", "spend[2027-03]")
    assert dict(cells.metrics["spend[2027-03]"].lever.cost) == {"hours": 2}  # type: ignore[union-attr]


def test_a_limit_of_all_periods_sums_the_use() -> None:
    cells = built(
        {"y": "sum(spend)", "spend": SPEND}, resources={"budget": {"limit": 30, "use": "spend"}, "hours": {"limit": 9}}
    ).cells
    assert write(cells.resources["budget"].use) == "spend[2027-01] + spend[2027-02] + spend[2027-03]"  # type: ignore[arg-type]


def test_moves_reach_the_cells_that_they_name_and_limits_each_period() -> None:
    tree = built(
        {"y": "sum(visits)", "visits": VISITS, "spend": SPEND},
        resources={"budget": {"limit": 9, "use": "spend", "per": "period"}, "hours": {"limit": 9}},
        scenarios={
            "push": {"change": {"visits": {"seo": "10%"}}, "set": {"spend": [1, 2, 3]}, "resources": {"budget": 5}}
        },
    )
    cells = tree.with_(scenario="push", set={"visits[ads,de]": 7}).cells
    levels = {id: level.value for id, level in cells.levels.items()}
    assert levels["visits[seo,fr]"] == pytest.approx(4.4)
    assert (levels["visits[ads,de]"], levels["visits[ads,fr]"]) == (7, 2)
    assert [levels[f"spend[2027-0{k}]"] for k in (1, 2, 3)] == [1, 2, 3]
    assert [cells.limit(id) for id in cells.resources if id != "hours"] == [5, 5, 5]
    assert cells.whole.hash == tree.hash == cells.hash


def test_an_entry_of_an_extending_scenario_replaces_the_inherited_one_whole() -> None:
    tree = built(
        {"y": "sum(visits)", "visits": VISITS},
        scenarios={
            "all": {"change": {"visits": "10%"}},
            "some": {"extends": "all", "change": {"visits": {"jp": "50%"}}},
        },
    )
    assert {move.metric for move in tree.with_(scenario="some").moves} == {"visits[ads,jp]", "visits[seo,jp]"}


def test_parts_must_add_up_to_one_in_the_base_and_in_each_scenario() -> None:
    share = {"value": {"ads": ["40%", "50%", "60%"], "seo": ["60%", "40%", "40%"]}, "parts": "channel"}
    tree = built({"y": "sum(share)", "share": share})
    assert [fault.message for fault in misparted(tree)] == [
        "its parts over channel add up to 90% for 2027-02; they must add up to 100%"
    ]
    right = {"value": {"ads": "40%", "seo": "60%"}, "parts": "channel"}
    moved = built({"y": "sum(share)", "share": right}, scenarios={"s": {"add": {"share": {"ads": "5%"}}}})
    assert [fault.message for fault in misparted(moved)] == [
        "its parts over channel add up to 105% in scenario 's'; they must add up to 100%"
    ]
    assert not list(misparted(built({"y": "sum(share)", "share": right})))


def test_parts_of_an_axis_that_the_leaf_does_not_have_are_refused() -> None:
    tree = built({"y": "sum(share)", "share": {"value": {"ads": 0.5, "seo": 0.5}, "parts": "country"}})
    assert [fault.message for fault in misparted(tree)] == ["its figures do not run over country; write parts: channel"]
