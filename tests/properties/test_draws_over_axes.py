"""Which draw does a cell take? Its label's own, or one that all share; one for all periods, or one of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leverage as lv

Samples = np.ndarray[Any, Any]


def uncertain(doubts: dict[str, dict[str, Any]], points: str) -> np.ndarray[Any, Any]:
    """The samples of a profit that is linear in visits, which are in doubt by channel and share one draw."""
    keys = next(iter(doubts.values()))
    model = lv.Model(
        kgi="profit",
        metrics={
            "profit": "sum(visits * rate) * price - 100",
            "visits": {key: {label: doubt[key] for label, doubt in doubts.items()} for key in keys} | {"shared": True},
            "rate": {"value": "3%", "range": ["2%", "4.5%"]},
            "price": 70,
        },
        dimensions={"channel": list(doubts)},
    )
    return model.simulate(samples=2_048, points=points).samples("profit")


WHOLE = {"organic": 5_000.0, "ads": 3_000.0}
PARTS = {"organic": 5_000.0, "search": 1_800.0, "video": 1_200.0}


@pytest.mark.parametrize("points", ["sobol", "random"])
def test_a_label_cut_in_two_leaves_the_distribution_where_its_draw_is_shared(points: str) -> None:
    """The same draw moves both parts, so each sample is the same sum: a few roundings at 1.1e-16."""
    whole, parts = (
        uncertain({c: {"value": n, "uncertainty": f"uniform({0.8 * n}, {1.3 * n})"} for c, n in visits.items()}, points)
        for visits in (WHOLE, PARTS)
    )
    np.testing.assert_allclose(parts, whole, rtol=1e-12)


def test_a_spread_cut_in_two_leaves_the_distribution_as_far_as_quantile_tables_go() -> None:
    """A draw from a table is within 1e-8 standard deviations of the exact one, and each side has its own table."""
    whole, parts = (
        uncertain({c: {"value": n, "spread": ["-20%", "30%"]} for c, n in visits.items()}, "sobol")
        for visits in (WHOLE, PARTS)
    )
    np.testing.assert_allclose(parts, whole, rtol=0, atol=2e-8 * whole.std())


def test_a_label_cut_in_two_narrows_the_total_where_each_has_its_own_draw() -> None:
    """Two halves that vary apart have half the variance of one: independent normal parts of sd s / 2 each."""

    def total(visits: dict[str, float], sd: float) -> float:
        metrics = {"y": "sum(x)", "x": {"value": visits, "uncertainty": f"normal({visits['a']}, {sd})"}}
        model = lv.Model(kgi="y", metrics=metrics, dimensions={"part": list(visits)})
        return float(model.simulate(samples=65_536)["y"].sd)

    assert total({"a": 100.0}, 10.0) == pytest.approx(10, rel=2e-3)  # as the sum of variances in test_metamorphic
    assert total({"a": 50.0, "b": 50.0}, 5.0) == pytest.approx(10 / np.sqrt(2), rel=2e-3)


def draws(channels: list[str], points: str = "random", **about: Any) -> dict[str, Samples]:
    """The samples of visits by channel and month, as metrics of their own: ``ads_2`` of ads in month 2."""
    visits = {"value": dict.fromkeys(channels, 100.0), "uncertainty": "normal(100, 15)", **about}
    picks = {f"{c}_{t}": f"pick(pick(visits * alike, {c}), `{t}`)" for c in channels for t in range(3)}
    model = lv.Model(
        kgi="total",
        metrics={"total": "sum(visits * alike)", "visits": visits, "alike": {"value": [1, 1, 1]}, **picks},
        dimensions={"channel": channels},
        time={"periods": 3, "unit": "month"},
    )
    found = model.simulate(samples=4_096, points=points, of=list(picks))
    return {id: found.samples(id) for id in picks}


def test_a_new_label_or_another_order_of_labels_redraws_none() -> None:
    few, more, turned = draws(["organic", "ads"]), draws(["organic", "ads", "social"]), draws(["ads", "organic"])
    for id, samples in few.items():
        np.testing.assert_array_equal(more[id], samples)
        np.testing.assert_array_equal(turned[id], samples)


@pytest.mark.parametrize("points", ["random", "sobol"])
@pytest.mark.parametrize("shared", [False, True])
def test_labels_have_a_draw_each_unless_it_is_shared_and_periods_share_one(points: str, shared: bool) -> None:
    found = draws(["organic", "ads"], points, shared=shared)
    assert np.array_equal(found["organic_0"], found["ads_0"]) is shared
    for channel in ("organic", "ads"):
        np.testing.assert_array_equal(found[f"{channel}_0"], found[f"{channel}_2"])


@pytest.mark.parametrize("points", ["random", "sobol"])
def test_draws_per_period_are_independent(points: str) -> None:
    """A correlation of 4,096 independent pairs is below 4 standard errors of 1 / sqrt(4096)."""
    series = {"value": {c: [100.0, 100.0, 100.0] for c in ("organic", "ads")}, "draws": "per_period"}
    found = draws(["organic", "ads"], points, **series)
    off = np.corrcoef(list(found.values())) - np.eye(len(found))
    assert np.abs(off).max() < 4 / np.sqrt(4096)
    shared = draws(["organic", "ads"], points, **series, shared=True)
    for t in range(3):
        np.testing.assert_array_equal(shared[f"organic_{t}"], shared[f"ads_{t}"])
    assert abs(np.corrcoef(shared["ads_0"], shared["ads_1"])[0, 1]) < 4 / np.sqrt(4096)


def test_growth_multiplies_every_draw_as_it_does_the_figure() -> None:
    """One draw serves all periods, times (1 + growth)^t and the season: two roundings."""
    found = draws(["organic", "ads"], growth="10%", seasonality=[1, 0.5])
    for channel in ("organic", "ads"):
        for t, factor in enumerate((1, 1.1 * 0.5, 1.21)):
            np.testing.assert_allclose(found[f"{channel}_{t}"], found[f"{channel}_0"] * factor, rtol=1e-15)


@pytest.mark.parametrize("points", ["random", "sobol"])
def test_a_model_over_labels_has_the_distribution_of_the_one_written_out(points: str) -> None:
    """Cells named by hand take streams of their own: equal mean and sd within 4 standard errors of plain draws."""
    doubt = {"value": 5_000, "spread": ["-20%", "30%"]}
    over = lv.Model(
        kgi="y",
        metrics={"y": "sum(x)", "x": {**doubt, "value": {"a": 5_000, "b": 5_000}}},
        dimensions={"u": ["a", "b"]},
    )
    hand = lv.Model(kgi="y", metrics={"y": "x_a + x_b", "x_a": doubt, "x_b": doubt})
    one, other = (model.simulate(samples=16_384, points=points)["y"] for model in (over, hand))
    relative = 4 * np.sqrt(2 / 16_384)  # of the mean in standard deviations; of an sd half of it, at a kurtosis of 3
    assert abs(one.mean - other.mean) < relative * one.sd
    assert one.sd == pytest.approx(other.sd, rel=relative)
