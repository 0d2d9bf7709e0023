"""A what-if on a metric over axes is the same what-if on each of its cells, however it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leverage as lv
from leverage.program.run import point

VISITS = {"organic": [80.0, 90.0, 70.0], "ads": [30.0, 45.0, 20.0], "social": [12.0, 8.0, 10.0]}
COUNTRY = {"emea": ["de", "fr"], "apac": ["jp"]}
RATE = {"de": 0.02, "fr": 0.03, "jp": 0.05}


def shop(visits: Mapping[str, Any] = VISITS, rate: Mapping[str, float] = RATE) -> lv.Model:
    """A shop whose orders live on: two leaves over different axes, and a loop through prev."""
    metrics = {
        "profit": "sum(open_orders) + sum(orders, over=[channel, time, country])",
        "open_orders": "prev(open_orders, 5) * 0.8 + sum(orders, over=[channel, country])",
        "orders": "visits * rate",
        "visits": {"value": visits},
        "rate": {"value": rate},
    }
    dimensions = {"channel": list(VISITS), "country": COUNTRY}
    return lv.Model(kgi="profit", metrics=metrics, time={"periods": 3, "unit": "month"}, dimensions=dimensions)


SHOP = shop()


def figures(model: lv.Model) -> dict[str, float]:
    """Every cell's figure."""
    return point(model.tree.cells)


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ({"visits": "20%"}, {"visits": 0.2}),
        ({"visits": {"ads": "20%"}}, {"visits[ads]": 0.2}),
        ({"visits": {"ads": ["10%", 0, "-30%"]}}, {"visits[ads,0]": 0.1, "visits[ads,1]": 0, "visits[ads,2]": -0.3}),
        ({"visits": {"ads": 0.1, "social": -0.2}}, {"visits[social]": -0.2, "visits[ads]": 0.1}),
        ({"visits[1,ads]": 0.2}, {"visits[ads,1]": 0.2}),
        ({"rate[emea]": 0.1}, {"rate[de]": 0.1, "rate[fr]": 0.1}),
        ({"rate": {"emea": 0.1, "jp": 0.5}}, {"rate[jp]": 0.5, "rate[de]": 0.1, "rate[fr]": 0.1}),
        ({"visits[1]": 0.5}, {f"visits[{channel},1]": 0.5 for channel in VISITS}),
    ],
)
def test_a_move_of_many_cells_is_that_move_of_each(written: dict[str, Any], addresses: dict[str, float]) -> None:
    each = {cell: share for address, share in addresses.items() for cell in SHOP.tree.cells_of(address)}
    expected = point(SHOP.tree.cells.with_(change=each))
    assert figures(SHOP.with_(change=written)) == expected
    assert figures(SHOP.with_(change=each)) == expected


@given(st.sampled_from(sorted(VISITS)), st.floats(-0.9, 0.9))
@settings(max_examples=15, deadline=None)
def test_a_moved_leaf_is_the_file_with_those_figures(channel: str, share: float) -> None:
    moved = figures(SHOP.with_(change={f"visits[{channel}]": share}))
    assert moved == figures(shop({**VISITS, channel: [n * (1 + share) for n in VISITS[channel]]}))


def test_set_and_add_reach_each_cell_too() -> None:
    added = figures(SHOP.with_(add={"visits": {"social": 3}}))
    assert added == figures(shop({**VISITS, "social": [15.0, 11.0, 13.0]}))
    assert figures(SHOP.with_(set={"rate": {"emea": "4%"}})) == figures(shop(rate={**RATE, "de": 0.04, "fr": 0.04}))


def test_a_list_in_a_move_has_a_figure_per_period() -> None:
    moved = SHOP.with_(set={"visits": {"ads": [1, 2, 3]}})
    assert figures(moved) == figures(shop({**VISITS, "ads": [1.0, 2.0, 3.0]}))
    with pytest.raises(lv.errors.LeverageError):
        SHOP.with_(set={"visits": {"ads": [1, 2]}})


def test_moves_of_other_cells_commute() -> None:
    one = SHOP.with_(change={"visits[ads]": 0.1}).with_(change={"visits[organic]": -0.2})
    other = SHOP.with_(change={"visits[organic]": -0.2}).with_(change={"visits[ads]": 0.1})
    assert figures(one) == figures(other)


def test_a_what_if_at_the_base_changes_nothing_bitwise() -> None:
    base = figures(SHOP)
    assert figures(SHOP.with_(change={"visits": 0.0, "rate": 0.0})) == base
    assert figures(SHOP.with_(add={"visits": 0.0})) == base
    assert figures(SHOP.with_(set={"visits": VISITS, "rate": RATE})) == base


@pytest.mark.parametrize("share", [0.25, -0.5])
def test_a_stock_that_is_moved_by_a_share_is_so_in_each_period_and_not_compounded(share: float) -> None:
    """Each period's figure is replaced by its own times 1 + share, as it was before the move."""
    before, after = figures(SHOP), figures(SHOP.with_(change={"open_orders": share}))
    for t in range(3):
        assert after[f"open_orders[{t}]"] == pytest.approx(before[f"open_orders[{t}]"] * (1 + share), rel=1e-15)


def test_a_moved_group_moves_its_roll_up_by_as_much_as_its_members_weigh() -> None:
    before, after = figures(SHOP), figures(SHOP.with_(change={"rate[emea]": "100%"}))
    emea = sum(before[cell] for cell in SHOP.tree.cells_of("orders[emea]"))
    moved = sum(after[cell] - before[cell] for cell in SHOP.tree.cells_of("orders"))
    assert moved == pytest.approx(emea, rel=1e-12)
