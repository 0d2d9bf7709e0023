"""What labels may not change: a label cut in two, one more of them, another order of labels, dimensions and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leverage as lv
from leverage.errors import InvalidModel
from leverage.program.run import point, slope_figures

FORMULAS: dict[str, Any] = {
    "profit": "sum(revenue) - sum(spend) - fixed * 3",
    "revenue": "orders * price",
    "orders": "visits * rate",
    "rate": "smart * (1 + period / 10)",
    "by_channel": "sum(revenue, over=[country, time])",
    "by_country": "sum(revenue, over=[channel, time])",
    "by_month": "sum(revenue, over=[channel, country])",
    "of_emea": "sum(pick(orders, emea))",
    "so_far": "cumsum(by_month)",
    "base": "prev(base, 50) * 0.9 + sum(orders, over=[channel, country])",
}
ROLLED_UP = ("profit", "by_month[0]", "by_month[2]", "of_emea", "so_far[2]", "base[2]", "by_country[jp]")
Visits = dict[str, dict[str, float]]


LEAVES: dict[str, Any] = {
    "smart": {"value": [0.02, 0.025, 0.03]},
    "price": {"value": {"emea": 60, "apac": 75}},
    "fixed": 800,
}
ORDER = [*FORMULAS, *LEAVES, "visits", "spend"]


def shop(
    visits: Visits,
    spend: dict[str, float],
    countries: dict[str, list[str]],
    *,
    order: Sequence[str] = ORDER,
    turned: bool = False,
) -> lv.Model:
    """A shop over channels, countries and three months; figures that add up per label, rates that all share."""
    metrics = {**FORMULAS, **LEAVES, "visits": {"value": visits}, "spend": {"value": spend}}
    dimensions: dict[str, Any] = {"channel": list(visits), "country": countries}
    if turned:
        dimensions = dict(reversed(dimensions.items()))
    return lv.Model(
        kgi="profit",
        metrics={id: metrics[id] for id in order},
        time={"periods": 3, "unit": "month"},
        dimensions=dimensions,
    )


VISITS: Visits = {"organic": {"de": 8e3, "fr": 5e3, "jp": 2e3}, "ads": {"de": 3e3, "fr": 1e3, "jp": 4e3}}
SPEND = {"organic": 1_000.0, "ads": 9_000.0}
COUNTRIES = {"emea": ["de", "fr"], "apac": ["jp"]}
PLAIN = shop(VISITS, SPEND, COUNTRIES)


def cells(model: lv.Model) -> dict[str, float]:
    """Every cell's figure."""
    return point(model.tree.cells)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
@settings(max_examples=15, deadline=None)
def test_a_label_cut_in_two_of_the_same_total_leaves_every_total(share: float, other: float) -> None:
    """A sum in other pieces: some ten roundings at 1.1e-16, and profit is a third of revenue at least."""
    cut = {
        "organic": VISITS["organic"],
        "search": {country: share * n for country, n in VISITS["ads"].items()},
        "video": {country: (1 - share) * n for country, n in VISITS["ads"].items()},
    }
    spend = {"organic": SPEND["organic"], "search": other * SPEND["ads"], "video": (1 - other) * SPEND["ads"]}
    whole, parts = cells(PLAIN), cells(shop(cut, spend, COUNTRIES))
    for id in (*ROLLED_UP, "by_channel[organic]"):
        assert parts[id] == pytest.approx(whole[id], rel=1e-12)
    assert parts["by_channel[search]"] + parts["by_channel[video]"] == pytest.approx(
        whole["by_channel[ads]"], rel=1e-12
    )


@given(st.floats(0.01, 0.99))
@settings(max_examples=15, deadline=None)
def test_a_label_cut_in_two_inside_its_group_leaves_the_group(share: float) -> None:
    cut = {
        channel: {"de": share * row["de"], "bavaria": (1 - share) * row["de"], "fr": row["fr"], "jp": row["jp"]}
        for channel, row in VISITS.items()
    }
    whole, parts = cells(PLAIN), cells(shop(cut, SPEND, {"emea": ["de", "bavaria", "fr"], "apac": ["jp"]}))
    for id in (*ROLLED_UP, "by_channel[organic]", "by_channel[ads]", "by_country[fr]"):
        assert parts[id] == pytest.approx(whole[id], rel=1e-12)


def test_slopes_of_the_parts_are_the_slope_of_the_label_they_were_cut_from() -> None:
    """Both parts sell at the label's rate and price, so a visit more of either is worth the same."""
    cut = {
        "organic": VISITS["organic"],
        "search": {country: 0.3 * n for country, n in VISITS["ads"].items()},
        "video": {country: 0.7 * n for country, n in VISITS["ads"].items()},
    }
    spend = {"organic": 1_000.0, "search": 4_000.0, "video": 5_000.0}
    whole, parts = (slope_figures(model.tree.cells) for model in (PLAIN, shop(cut, spend, COUNTRIES)))
    for country in ("de", "fr", "jp"):
        for part in ("search", "video"):
            assert parts[f"visits[{part},{country}]"] == pytest.approx(whole[f"visits[ads,{country}]"], rel=1e-12)


def test_one_more_label_changes_no_formula_and_adds_its_own_part() -> None:
    more = shop({**VISITS, "social": {"de": 500, "fr": 700, "jp": 900}}, {**SPEND, "social": 0.0}, COUNTRIES)
    assert {id: more[id].text for id in FORMULAS} == {id: PLAIN[id].text for id in FORMULAS}
    before, after = cells(PLAIN), cells(more)
    assert {id: after[id] for id in before if "organic" in id or "ads" in id} == {
        id: figure for id, figure in before.items() if "organic" in id or "ads" in id
    }
    assert after["profit"] == pytest.approx(before["profit"] + after["by_channel[social]"], rel=1e-12)


def test_one_more_label_of_nothing_changes_no_total_bitwise() -> None:
    """It stands last, so that sums end with + 0."""
    more = shop({**VISITS, "social": {"de": 0, "fr": 0, "jp": 0}}, {**SPEND, "social": 0.0}, COUNTRIES)
    before, after = cells(PLAIN), cells(more)
    assert {id: after[id] for id in before} == before


@given(st.permutations(["organic", "ads", "social"]), st.permutations(["de", "fr"]), st.permutations(["emea", "apac"]))
@settings(max_examples=15, deadline=None)
def test_another_order_of_labels_and_groups_changes_no_cell(
    channels: list[str], members: list[str], groups: list[str]
) -> None:
    visits = {**VISITS, "social": {"de": 500.0, "fr": 700.0, "jp": 900.0}}
    spend = {**SPEND, "social": 350.0}
    plain = shop(visits, spend, COUNTRIES)
    countries = {"emea": members, "apac": ["jp"]}
    moved = shop(
        {channel: visits[channel] for channel in channels},
        {channel: spend[channel] for channel in reversed(channels)},
        {group: countries[group] for group in groups},
    )
    before, after = cells(plain), cells(moved)
    assert set(after) == set(before)
    for id, figure in before.items():
        assert after[id] == pytest.approx(figure, rel=1e-12)


def test_another_order_of_dimensions_renames_cells_and_changes_no_figure() -> None:
    turned = shop(VISITS, SPEND, COUNTRIES, turned=True)
    before, after = cells(PLAIN), cells(turned)
    for id, figure in before.items():
        cell = turned.tree.cells_of(id)
        assert len(cell) == 1
        assert after[cell[0]] == pytest.approx(figure, rel=1e-12)
    assert "visits[de,ads]" in after


@given(st.permutations(ORDER))
@settings(max_examples=15, deadline=None)
def test_another_order_of_metrics_changes_no_bit(order: list[str]) -> None:
    moved = shop(VISITS, SPEND, COUNTRIES, order=order)
    assert list(moved.metrics) == order
    assert cells(moved) == cells(PLAIN)
    assert slope_figures(moved.tree.cells) == slope_figures(PLAIN.tree.cells)


def test_a_label_that_names_a_period_is_refused() -> None:
    """Labels are unique over all axes, so that an address reads in any order; numbered periods are labels too."""
    for dimensions in ({"size": ["1", "2"]}, {"size": {"1": ["s", "m"]}}):
        with pytest.raises(InvalidModel, match="label '1'"):
            lv.Model(kgi="y", metrics={"y": 1}, time={"periods": 3}, dimensions=dimensions)


def permuted(figures: list[float], order: list[int]) -> lv.Model:
    """The labels a, b, c with the figures in another order."""
    values = dict(zip("abc", np.array(figures)[order].tolist(), strict=True))
    metrics = {"y": "sum(x * x) / sum(x) + max(x) - mean(x)", "x": {"value": values}}
    return lv.Model(kgi="y", metrics=metrics, dimensions={"letter": list("abc")})


@given(st.permutations(range(3)), st.lists(st.floats(1, 9), min_size=3, max_size=3, unique=True))
@settings(max_examples=15, deadline=None)
def test_figures_that_change_places_change_places_and_nothing_else(order: list[int], figures: list[float]) -> None:
    plain, moved = permuted(figures, [0, 1, 2]), permuted(figures, order)
    assert cells(moved)["y"] == pytest.approx(cells(plain)["y"], rel=1e-12)
    before, after = slope_figures(plain.tree.cells), slope_figures(moved.tree.cells)
    for place, source in enumerate(order):
        assert after[f"x[{'abc'[place]}]"] == pytest.approx(before[f"x[{'abc'[source]}]"], rel=1e-9, abs=1e-12)
