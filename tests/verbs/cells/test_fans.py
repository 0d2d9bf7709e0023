"""How does a figure widen over the periods? Against closed forms, and against the same model without axes."""

from __future__ import annotations

import math
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from leverage.panels import Lines, Multiples, Table
from leverage.tree.tree import Tree
from leverage.verbs.cells.fans import stride
from leverage.verbs.draws import chance
from leverage.verbs.simulate import Simulation, simulate
from tests.trees import tree
from tests.verbs.faces import agrees, text

ERRORS = 4  # standard errors that a figure may be off
MONTHS = {"periods": 12, "unit": "month", "start": "2027-01"}
CHANNELS = {"channel": ["organic", "ads", "social"]}
every = pytest.mark.parametrize("points", ["sobol", "random", "latin"])


def plan(periods: int = 12, **keys: Any) -> Tree:
    metrics: dict[str, Any] = {
        "result": {"formula": "last(arr) - sum(cost) / 4", "unit": "USD", "target": 900_000},
        "arr": {
            "formula": "prev(arr, 1M) * (1 - churn) + sum(visits * rate, over=channel) * 120",
            "label": "Recurring revenue",
            "unit": "USD",
            "target": {"list": None},
        },
        "churn": {"value": "2%", "range": ["1.5%", "2.8%"]},
        "visits": {
            "value": {"organic": 20_000, "ads": 10_000, "social": 5_000},
            "spread": ["-20%", "25%"],
            "growth": "2%",
        },
        "rate": {"value": {"organic": "2%", "ads": "1.5%", "social": "1%"}, "spread": ["-15%", "15%"]},
        "cost": {"formula": "spend + sum(visits, over=channel) * 0.2"},
        "spend": {"value": 20_000, "growth": "1%"},
    }
    metrics["arr"]["target"] = [1_000_000 + 50_000 * t for t in range(periods)]
    time = {**MONTHS, "periods": periods}
    return tree("result", metrics, **{"time": time, "dimensions": CHANNELS, **keys})


def walk(periods: int = 16, sigma: float = 2.0, **leaf: Any) -> Tree:
    step = {"value": 0, "uncertainty": f"normal(0, {sigma})", "draws": "per_period", "growth": "0%", **leaf}
    metrics = {"end": "last(place)", "place": "cumsum(step)", "step": step}
    return tree("end", metrics, time={"periods": periods})


# --- the same as without axes --------------------------------------------------------------------------------------


def by_hand() -> Tree:
    """Three periods and two channels, each figure a metric; ids stand in the order of the draws' own."""
    metrics: dict[str, Any] = {
        "total": "stock_2 + (used_0 + used_1 + used_2)",
        "stock_0": "100 * (1 - loss) + (orders_a0 + orders_b0)",
        "stock_1": "stock_0 * (1 - loss) + (orders_a1 + orders_b1)",
        "stock_2": "stock_1 * (1 - loss) + (orders_a2 + orders_b2)",
        "loss": {"value": 0.1, "uncertainty": "beta(2, 18)"},
        "share_0": {"value": 3, "uncertainty": "gamma(3, 1)"},
        "share_1": {"value": 3, "uncertainty": "gamma(3, 1)"},
        "share_2": {"value": 3, "uncertainty": "gamma(3, 1)"},
        "visits_a": {"value": 50, "uncertainty": "normal(50, 5)"},
        "visits_b": {"value": 40, "uncertainty": "normal(40, 8)"},
    }
    for t in range(3):
        metrics[f"used_{t}"] = f"orders_a{t} * share_{t} + orders_b{t} * share_{t}"
        for channel in "ab":
            metrics[f"orders_{channel}{t}"] = f"visits_{channel} * 0.5"
    return tree("total", metrics)


def over_axes() -> Tree:
    metrics: dict[str, Any] = {
        "total": "last(stock) + sum(used)",
        "stock": "prev(stock, 100) * (1 - loss) + sum(orders, over=channel)",
        "used": "sum(orders * share, over=channel)",
        "orders": "visits * half",
        "half": {"value": [0.5, 0.5, 0.5]},
        "loss": {"value": 0.1, "uncertainty": "beta(2, 18)"},
        "share": {"value": [3, 3, 3], "uncertainty": "gamma(3, 1)", "draws": "per_period"},
        "visits": {"value": {"a": 50, "b": 40}, "uncertainty": {"a": "normal(50, 5)", "b": "normal(40, 8)"}},
    }
    return tree("total", metrics, dimensions={"channel": ["a", "b"]}, time={"periods": 3})


def test_a_model_over_axes_gives_the_bits_of_the_same_one_written_out_by_hand() -> None:
    """With Sobol points a draw belongs to the rank of its id, so other ids in the same order have the same draws."""
    found, wanted = (
        simulate(over_axes(), of=["stock", "orders"]),
        simulate(by_hand(), of=[f"stock_{t}" for t in range(3)]),
    )
    for t in range(3):
        assert found.samples(f"stock[{t}]").tobytes() == wanted.samples(f"stock_{t}").tobytes()
    assert found.samples().tobytes() == wanted.samples().tobytes()
    assert found["stock[1]"].quantiles.tobytes() == wanted["stock_1"].quantiles.tobytes()


@every
def test_no_block_and_no_thread_changes_a_byte_over_axes(points: str) -> None:
    runs = {"samples": 70_000, "points": points, "seed": 7, "of": "visits[ads]"}
    wanted = simulate(plan(), **runs)
    for block, threads in ((1000, 1), (4096, 2), (65_536, 1)):
        found = simulate(plan(), block=block, threads=threads, **runs)
        assert found.to_json() == wanted.to_json()
        assert found.samples("visits[ads]").tobytes() == wanted.samples("visits[ads]").tobytes()


# --- draws over time and labels ------------------------------------------------------------------------------------


def test_a_random_walk_spreads_with_the_root_of_time() -> None:
    n, sigma = 20_000, 2.0
    found = simulate(walk(sigma=sigma), of=["place", "step"], samples=n, points="random", seed=3)
    places = found.samples("place")
    for t, values in enumerate(places):
        variance = (t + 1) * sigma**2
        # of n normal draws the variance has the error variance * sqrt(2 / (n - 1)), the mean sqrt(variance / n)
        assert abs(values.var(ddof=1) - variance) <= ERRORS * variance * math.sqrt(2 / (n - 1)), t
        assert abs(values.mean()) <= ERRORS * math.sqrt(variance / n), t
    for early, late in ((0, 15), (3, 7), (7, 15)):
        rho = math.sqrt((early + 1) / (late + 1))
        near = np.corrcoef(places[early], places[late])[0, 1]
        assert abs(near - rho) <= ERRORS * (1 - rho**2) / math.sqrt(n)
    np.testing.assert_array_equal(places[-1], found.samples())
    np.testing.assert_allclose(np.cumsum(found.samples("step"), axis=0), places, rtol=1e-12, atol=1e-12)


def test_one_draw_serves_all_periods_and_each_label_has_its_own_unless_it_is_shared() -> None:
    n = 4096
    found = simulate(plan(), of=["visits", "rate"], samples=n)
    visits = found.samples("visits")
    for channel in visits:
        growth = 1.02 ** np.arange(12)
        np.testing.assert_allclose(channel, channel[0] * growth[:, None], rtol=1e-12)
    apart = [np.corrcoef(visits[a, 0], visits[b, 0])[0, 1] for a, b in ((0, 1), (0, 2), (1, 2))]
    assert np.abs(apart).max() <= ERRORS / math.sqrt(n)
    metrics = {
        "y": "sum(x)",
        "x": {"value": {"organic": 1, "ads": 2, "social": 3}, "spread": ["-20%", "25%"], "shared": "true"},
    }
    same = simulate(tree("y", metrics, dimensions=CHANNELS), of="x", samples=n).samples("x")
    # each label has a table of its own quantiles, right to 1e-8 standard deviations, here a fifth of the figure
    np.testing.assert_allclose(same, same[0] * np.array([1, 2, 3])[:, None], rtol=1e-8)


# --- what is reported ----------------------------------------------------------------------------------------------


def test_reported_are_cells_with_a_target_and_those_that_an_address_names() -> None:
    cells = list(simulate(plan(), samples=64).to_dict()["metrics"])
    assert cells == [f"arr[2027-{month:02}]" for month in range(1, 13)]
    more = simulate(plan(), samples=64, of=["visits[ads]", "rate", "arr[2027-03]"]).to_dict()["metrics"]
    assert list(more) == [
        *cells,
        *(f"visits[ads,2027-{month:02}]" for month in range(1, 13)),
        *(f"rate[{channel}]" for channel in CHANNELS["channel"]),
    ]
    with pytest.raises(ValueError, match="unknown label 'add'"):
        simulate(plan(), of="visits[add]")


def test_samples_stand_over_the_axes_of_which_no_single_label_is_named() -> None:
    found = simulate(
        plan(dimensions={"channel": {"free": ["organic"], "paid": ["ads", "social"]}}), of="visits", samples=64
    )
    shapes = {
        "visits": (3, 12, 64),
        "visits[ads]": (12, 64),
        "visits[paid]": (2, 12, 64),
        "visits[2027-03]": (3, 64),
        "visits[ads,2027-03]": (64,),
        "arr": (12, 64),
    }
    assert {address: found.samples(address).shape for address in shapes} == shapes
    np.testing.assert_array_equal(found.samples("visits")[1, 2], found.samples("visits[2027-03, ads]"))
    with pytest.raises(ValueError, match=r"unknown metric 'cost\[2027-01\]' in this answer; name it with of="):
        found.samples("cost")


def test_a_summary_is_of_one_cell_and_an_address_of_many_names_one() -> None:
    found = simulate(plan(), samples=64)
    assert found["arr[2027-03]"].mean == found.to_dict()["metrics"]["arr[2027-03]"]["mean"]
    with pytest.raises(ValueError, match=r"metric 'arr': it has 12 figures; name one, such as arr\[2027-01\]"):
        found["arr"]


def test_a_series_holds_the_figures_of_its_cells() -> None:
    told = simulate(plan(), samples=512, of="visits", quantiles=["5%", 0.5]).to_dict()
    assert list(told["series"]) == ["arr", *(f"visits[{channel}]" for channel in CHANNELS["channel"])]
    series, cells = told["series"]["arr"], [told["metrics"][f"arr[2027-{month:02}]"] for month in range(1, 13)]
    assert series["periods"] == [f"2027-{month:02}" for month in range(1, 13)]
    assert series["mean"] == [cell["mean"] for cell in cells]
    assert series["quantiles"] == {key: [cell["quantiles"][key] for cell in cells] for key in ("5%", "0.5")}
    assert series["probability_of_target"] == [cell["probability_of_target"] for cell in cells]
    assert series["target"] == [cell["target"] for cell in cells]
    free = told["series"]["visits[ads]"]
    assert (free["target"], free["probability_of_target"], free["first_period"]) == (None, None, None)


def test_a_period_alone_is_no_series_and_a_model_without_axes_has_none() -> None:
    metrics = {"y": "last(x)", "x": {"value": [1, 2, 3], "spread": ["-20%", "25%"]}}
    assert "series" not in simulate(tree("y", metrics, time={"periods": 3}), of="x[1]", samples=64).to_dict()
    assert simulate(tree("y", metrics, time={"periods": 3}), of=["x[2]", "x[0]"], samples=64).to_dict()["series"]["x"][
        "periods"
    ] == ["0", "2"]
    assert not {"series", "level"} & set(simulate(tree("y", {"y": "x", "x": 1}), samples=8).to_dict())


def rising() -> Tree:
    """Of x, 10 in each period with sd 1, the chance of the target is that of -2, -1, 0, 1, 2 sd."""
    x = {"value": [10] * 5, "uncertainty": "normal(10, 1)", "target": [12, 11, 10, 9, 8]}
    return tree("y", {"y": "last(x)", "x": x}, time={"periods": 5, "unit": "quarter", "start": "2027-Q1"})


@pytest.mark.parametrize(
    ("level", "first"), [(0.01, "2027-Q1"), ("10%", "2027-Q2"), (0.8, "2027-Q4"), ("97%", "2028-Q1"), (0.99, None)]
)
def test_the_first_period_is_the_one_whose_chance_of_the_target_reaches_the_level(
    level: Any, first: str | None
) -> None:
    told = simulate(rising(), of="x", level=level).to_dict()["series"]["x"]
    assert told["first_period"] == first
    wanted = [0.02275, 0.15866, 0.5, 0.84134, 0.97725]  # of the normal distribution
    assert told["probability_of_target"] == pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize("level", [-0.1, 1.5, "150%", math.nan])
def test_a_level_beyond_0_to_1_is_refused(level: Any) -> None:
    with pytest.raises(ValueError, match=r"level .*: give probabilities between 0 and 1"):
        simulate(rising(), level=level)


def test_the_better_direction_is_that_of_the_whole_metric() -> None:
    """The goal counts the last month's cost alone; an earlier month's is better lower, too."""
    cost = {"formula": "x * 1", "target": [10, 10, 10]}
    x = {"value": [10, 10, 10], "uncertainty": "normal(9.5, 1)", "draws": "per_period"}
    found = simulate(tree("y", {"y": "0 - last(cost)", "cost": cost, "x": x}, time={"periods": 3}))
    for each in found.to_dict()["series"]["cost"]["probability_of_target"]:
        assert each == pytest.approx(0.69146, abs=2e-3)  # P(N(9.5, 1) <= 10)


# --- too many, too long --------------------------------------------------------------------------------------------


def test_more_figures_than_are_kept_at_once_are_refused_with_the_mend() -> None:
    with patch.object(chance, "HELD", 36 * 1000), pytest.raises(ValueError) as refused:
        simulate(plan(), of="visits")
    assert str(refused.value) == (
        "49 cells of 65,536 samples each are more than the 36,000 figures that are kept at once; ask for at most 734 "
        "samples, or name fewer cells with --of, as in visits[ads]"
    )
    with patch.object(chance, "HELD", 36 * 1000):
        assert simulate(plan(), of="visits", samples=734).to_dict()["samples"] == 734


def test_above_what_is_kept_cells_are_summed_up_as_they_come() -> None:
    exact = simulate(plan(), samples=140_000).to_dict()
    with patch.object(chance, "KEPT", 100_000):
        found = simulate(plan(), samples=140_000)
    told = found.to_dict()
    assert told["series"]["arr"]["mean"] == exact["series"]["arr"]["mean"]
    assert told["series"]["arr"]["probability_of_target"] == exact["series"]["arr"]["probability_of_target"]
    assert told["series"]["arr"]["quantiles"]["0.5"] == pytest.approx(
        exact["series"]["arr"]["quantiles"]["0.5"], rel=1e-4
    )
    with pytest.raises(ValueError, match="were not kept"):
        found.samples("arr")


# --- what people see -----------------------------------------------------------------------------------------------


def panels(found: Simulation, kind: type) -> list[Any]:
    each = (panel for panel in found.panels() if isinstance(panel, kind))
    return [panel for panel in each if getattr(panel, "picture", "") != "cumulative"]


def test_every_face_agrees_over_axes() -> None:
    agrees(simulate(plan(), samples=512, of=["visits", "rate", "spend", "cost[2027-03]"]))
    agrees(simulate(plan(36).with_(change={"visits[ads]": 0.2}), samples=64, points="random"))
    agrees(simulate(walk(), samples=64, of="place", quantiles=[0.1, 0.9]))


def test_a_fan_is_monotone_and_its_bands_lie_in_each_other() -> None:
    (fan,) = panels(simulate(plan(), samples=4096), Lines)
    assert [name for name, _, _ in fan.bands] == ["P5 to P95", "P10 to P90"]
    (_, low, high), (_, lower, upper) = fan.bands
    assert (low <= lower).all()
    assert (lower <= fan.y[0]).all()
    assert (fan.y[0] <= upper).all()
    assert (upper <= high).all()
    assert (np.diff(high - low) > 0).all()  # what is known of the first month no longer holds in the twelfth
    assert fan.x_names[0] == "2027-01"
    assert fan.references[0][1].tolist() == [1_000_000 + 50_000 * t for t in range(12)]


def test_labels_over_time_are_small_fans_and_labels_alone_small_histograms() -> None:
    first, second = panels(simulate(plan(), samples=512, of=["visits", "rate"]), Multiples)
    assert [plot.title for plot in first.panels] == CHANNELS["channel"]
    assert [plot.title for plot in second.panels] == CHANNELS["channel"]
    assert isinstance(first.panels[0], Lines)
    assert "Rate" not in text(simulate(plan(), samples=64)).split("Beside it")[0]


def test_quantiles_of_odd_kinds_have_the_bands_that_they_allow() -> None:
    assert panels(simulate(walk(), of="place", samples=64, quantiles=[0.5]), Lines)[0].bands == ()
    (fan,) = panels(simulate(walk(), of="place", samples=64, quantiles=["90%", 0.1, 0.2]), Lines)
    assert ([name for name, _, _ in fan.bands], fan.names) == (["P10 to P90"], ("mean",))


@pytest.mark.parametrize(("periods", "rows"), [(2, 2), (13, 13), (24, 13), (36, 13), (60, 11), (365, 12)])
def test_many_periods_are_shown_by_about_a_dozen_with_the_first_and_the_last(periods: int, rows: int) -> None:
    found = simulate(walk(periods), of="place", samples=16)
    (table,) = (each for each in panels(found, Table) if "period by period" in each.title)
    named = [row[0] for row in table.rows]
    assert (named[0], named[-1], len(named)) == ("0", str(periods - 1), rows)
    assert ("--json has all" in table.title) == (rows < periods)
    assert len(found.to_dict()["series"]["place"]["mean"]) == periods
    assert stride(periods) in (1, 2, 3, 6, 36)


def test_a_sentence_says_when_the_target_is_met() -> None:
    shown = " ".join(text(simulate(rising(), of="x")).split())
    assert "x meets its target in at least 50% of all cases in 3 of 5 periods, first in 2027-Q3." in shown
    sure = text(simulate(rising(), of="x", level="1%"))
    assert "x meets its target in at least 1% of all cases in every period." in sure
    never = text(simulate(rising(), of="x", level="99%"))
    assert "x meets its target in at least 99% of all cases in no period." in never


def test_of_many_labels_a_dozen_are_shown_and_the_rest_counted() -> None:
    labels = [f"c{i:02}" for i in range(20)]
    metrics = {"y": "sum(x)", "x": {"value": dict.fromkeys(labels, 3), "spread": ["-20%", "25%"]}}
    found = simulate(tree("y", metrics, dimensions={"channel": labels}), of="x", samples=64)
    agrees(found)
    assert "and 8 more: --json has all" in text(found)
    assert "x [c11]" in text(found)
    assert "x [c12]" not in text(found)


def test_cells_that_are_not_finite_are_told_once_a_metric() -> None:
    metrics = {"y": "last(x)", "x": "log(a - period)", "a": {"value": 4, "uncertainty": "uniform(2.5, 5.5)"}}
    found = simulate(tree("y", metrics, time={"periods": 4}), of="x", samples=8192)
    agrees(found)
    notes = [note for note in found.notes() if note.startswith("x[")]
    worst = found["x[3]"].not_finite
    assert worst / 8192 == pytest.approx(0.5 / 3, abs=0.01)
    assert notes == [
        f"x[3] is not finite in {worst:,} of 8,192 samples: they are left out of the moments and counted as missing "
        "the target, and as worse than the plan"
    ]
