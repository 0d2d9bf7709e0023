"""``prev`` is the only way round, through any number of metrics, as long as nothing on the way looks ahead."""

from __future__ import annotations

import pytest

from leverage.errors import InvalidModel
from leverage.files.plain import from_python
from leverage.tree.build import build
from leverage.tree.order import joined
from leverage.tree.tree import Tree


def built(**metrics: object) -> Tree:
    return build(from_python({"kgi": "y", "time": {"periods": 3}, "metrics": metrics}))


def faults(**metrics: object) -> list[str]:
    with pytest.raises(InvalidModel) as refused:
        built(**metrics)
    return [error.message for error in refused.value.errors]


def test_a_loop_through_prev_leaves_the_drivers_of_the_same_period() -> None:
    tree = built(y="last(arr)", arr="prev(arr, 12) * (1 - churn) + won", churn=0.02, won="0.1 * prev(arr, 10)")
    assert tree.drivers["arr"] == ("churn", "won")
    assert tree.drivers["won"] == ()
    assert tree.order.index("won") < tree.order.index("arr")
    assert {frozenset(group) for group in tree.kept["loops"]} == {frozenset({"arr", "won"})}


def test_what_is_of_the_period_before_and_closes_no_loop_stays_a_driver() -> None:
    assert built(y="sum(late)", late="prev(spend, 0)", spend={"value": [1, 2, 3]}).drivers["late"] == ("spend",)


CYCLE = "; a metric may depend on itself only through prev(x, initial)"
EARLIER = ", and only on earlier periods"


@pytest.mark.parametrize(
    ("metrics", "path", "more"),
    [
        ({"y": "sum(a)", "a": "b + period", "b": "a * 2"}, "a -> b -> a", ""),
        ({"y": "sum(a)", "a": "lag(a, 1, 0) + period"}, "a -> a", ""),  # only prev may close a loop
        ({"y": "sum(a)", "a": "prev(b, 0)", "b": "prev(a, 0) + sum(a, over=time)"}, "a -> b -> a", EARLIER),
        ({"y": "sum(a)", "a": "sum(b, over=time)", "b": "prev(a, 0)"}, "a -> b -> a", EARLIER),  # it would look ahead
        ({"y": "sum(a)", "a": "prev(a, a)"}, "a -> a", EARLIER),  # the first period needs itself
    ],
)
def test_a_loop_without_prev_or_one_that_looks_ahead_is_told_with_its_path(
    metrics: dict[str, str], path: str, more: str
) -> None:
    assert faults(**metrics) == [f"cycle {path}{CYCLE}{more}"]


def test_groups_come_after_what_they_use() -> None:
    assert joined({"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": [], "e": ["a", "e"]}) == [
        ("d",),
        ("a", "b", "c"),
        ("e",),
    ]


def test_a_chain_of_ten_thousand_needs_no_deep_stack() -> None:
    chain = {f"m{k}": [f"m{k + 1}"] for k in range(10_000)} | {"m10000": []}
    assert len(joined(chain)) == 10_001
