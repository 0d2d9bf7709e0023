"""Claim: samples of 40 metrics over 20 products, 12 regions and 24 months cost at most 1.5 of hand-written NumPy's.

Some 230,000 cells, 20 of the leaves uncertain (spreads a product and region, a product, a region, a region and month,
or one for all), 10,000 random samples, all quantiles of the KGI and of one metric in each of its 5,760 cells. The NumPy
beside it is written for this model alone: whole arrays by axis, blocks of samples as long as suit it, buffers for what
is large, the same families of draws, and NumPy's own sort. In a fresh process the whole run stays under 1 GB.
Run: python -m benchmarks.axes [SAMPLES]
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

import leverage as lv
from benchmarks.measure import Claim, Report, apart, interleaved, publish
from benchmarks.processes import cost
from leverage.sampling.summary import Summary

Array = NDArray[np.float64]

SAMPLES = 10_000
BLOCKS = (16, 32, 64, 128)  # samples at a time that NumPy is tried with; the best counts
QUANTILES = (0.05, 0.1, 0.5, 0.9, 0.95)
NAMED = "revenue"
PRODUCTS = tuple(f"p{place:02d}" for place in range(1, 21))
REGIONS = tuple(f"r{place:02d}" for place in range(1, 13))
MONTHS = 24
SEASONS = (0.8, 0.85, 0.95, 1.0, 1.05, 1.1, 1.1, 1.05, 1.0, 1.0, 1.05, 1.05)
P, R, PR, ONE = ("product",), ("region",), ("product", "region"), ()
LABELS = {"product": PRODUCTS, "region": REGIONS}

# leaf: axes, least and most figure, sd as a share of it (0: certain), family, growth a month
LEAVES: Mapping[str, tuple[tuple[str, ...], float, float, float, str, float]] = {
    "market": (PR, 1000, 9000, 0.12, "lognormal", 0.005),
    "share": (PR, 0.05, 0.25, 0.10, "lognormal", 0.002),
    "interest": (PR, 0.5, 0.8, 0.05, "normal", 0.001),
    "conversion": (PR, 0.3, 0.6, 0.08, "normal", 0.001),
    "returns": (PR, 0.02, 0.08, 0.20, "normal", -0.002),
    "ad_spend": (PR, 200, 2000, 0.0, "", 0.01),
    "media_price": (PR, 0.9, 1.1, 0.0, "", 0.002),
    "footprint": (PR, 0.1, 0.4, 0.0, "", -0.005),
    "price": (P, 20, 80, 0.05, "normal", 0.0),
    "unit_cost": (P, 8, 15, 0.08, "lognormal", 0.003),
    "reorder": (P, 0.2, 0.5, 0.10, "normal", 0.0),
    "launch": (P, 0.9, 1.2, 0.10, "lognormal", 0.0),
    "warranty": (P, 0.3, 1.5, 0.20, "lognormal", 0.0),
    "handling_cost": (P, 0.3, 1.5, 0.20, "lognormal", 0.0),
    "shipping": (R, 2, 5, 0.10, "lognormal", 0.0),
    "rebate_share": (R, 0.02, 0.10, 0.10, "normal", 0.0),
    "tax": (R, 0.1, 0.25, 0.05, "normal", 0.0),
    "wage": (R, 2000, 5000, 0.05, "lognormal", 0.002),
    "reach": (R, 800, 3000, 0.15, "lognormal", 0.0),
    "overhead": (R, 3000, 9000, 0.10, "lognormal", 0.001),
    "fx": (R, 0.9, 1.1, 0.04, "normal", 0.0005),  # a draw a region and month
    "churn": (ONE, 0.05, 0.06, 0.10, "normal", 0.0),
    "discount": (ONE, 0.005, 0.007, 0.05, "normal", 0.0),
}
FORMULAS = {
    "awareness": "adstock(ad_spend, 0.5)",
    "lift": "1 + 0.4 * saturate(awareness, scale=reach)",
    "demand": "market * share * launch * lift",
    "visits": "demand * interest",
    "orders": "visits * conversion",
    "customers": "prev(customers, 0) * (1 - churn) + orders",
    "repeats": "prev(customers, 0) * reorder / 12",
    "units": "orders + repeats",
    "returned": "units * returns",
    "net_units": "units - returned",
    "list_sales": "net_units * price",
    "rebates": "list_sales * rebate_share",
    "gross": "list_sales - rebates",
    "revenue": "gross * fx",
    "goods": "units * unit_cost",
    "freight": "units * shipping",
    "guarantee": "net_units * warranty",
    "handling": "returned * handling_cost",
    "service": "0.4 * customers",
    "direct": "goods + freight + guarantee + handling + service",
    "margin": "revenue - direct",
    "media": "ad_spend * media_price",
    "contribution": "margin - media",
    "stock": "0.5 * prev(goods, goods)",
    "capital": "0.01 * stock",
    "duty": "0.03 * max(revenue - 5000, 0)",
    "carbon": "units * footprint",
    "carbon_cost": "0.08 * carbon",
    "so_far": "cumsum(contribution)",
    "bonus": "0.002 * max(so_far, 0)",
    "costs": "capital + duty + carbon_cost + bonus",
    "net": "contribution - costs",
    "staff": "sum(demand, over=product) / 320",
    "fixed": "staff * wage / 20 + overhead",
    "region_profit": "sum(net, over=product) - fixed",
    "after_tax": "region_profit * (1 - where(region_profit > 0, tax, 0))",
    "value": "npv(discount, sum(after_tax, over=region))",
}


def figures() -> dict[str, Array]:
    """Each leaf's figures over its axes, before growth."""
    rng = np.random.default_rng(7)
    return {
        id: rng.uniform(low, high, [len(LABELS[axis]) for axis in axes]).round(4)
        for id, (axes, low, high, *_) in LEAVES.items()
    }


def mapping() -> dict[str, Any]:
    """The model as a file has it."""
    metrics: dict[str, Any] = {}
    for id, values in figures().items():
        axes, _, _, sd, family, growth = LEAVES[id]
        told: dict[str, Any] = {"value": nested(values, axes, float)}
        if sd:
            told["uncertainty"] = nested(values, axes, lambda v, f=family, sd=sd: f"{f}({v!r}, {float(v) * sd!r})")
        if growth:
            told["growth"] = f"{growth * 100}%"
        if id == "market":
            told["seasonality"] = list(SEASONS)
        if id == "fx":
            told["draws"] = "per_period"
        metrics[id] = told
    return {
        "kgi": "value",
        "time": {"periods": MONTHS, "start": "2027-01"},
        "dimensions": {axis: list(labels) for axis, labels in LABELS.items()},
        "metrics": {**metrics, **FORMULAS},
    }


def nested(values: Array, axes: tuple[str, ...], make: Any) -> Any:
    """Figures as a file nests them."""
    if not axes:
        return make(float(values))
    return {label: nested(part, axes[1:], make) for label, part in zip(LABELS[axes[0]], values, strict=True)}


def own(samples: int) -> dict[str, float]:
    """This project's run: draws, evaluation and quantiles of a loaded model's cells."""
    return said(*(np.array([(one.mean, *one.quantiles) for one in each]) for each in summed_up(samples, 3)))


def summed_up(samples: int, seed: int) -> tuple[list[Summary], list[Summary]]:
    """The summaries of the KGI and of the named metric's cells."""
    found = model().simulate(samples=samples, points="random", seed=seed, of=NAMED, quantiles=QUANTILES)
    kgi, *cells = found.summaries.values()
    return [kgi], cells


_LOADED: list[lv.Model] = []


def model() -> lv.Model:
    """The model, loaded once."""
    if not _LOADED:
        _LOADED.append(lv.Model(**mapping()))
    return _LOADED[0]


def said(kgi: Array, cells: Array) -> dict[str, float]:
    """The figures that are compared, of rows of means and quantiles: the KGI's, and those of two cells."""
    told = dict(zip(("mean", *(f"P{100 * p:g}" for p in QUANTILES)), kgi[0].tolist(), strict=True))
    return told | {
        "first cell": float(cells[0, 0]),
        "last cell": float(cells[-1, 0]),
        "its median": float(cells[-1, 3]),
    }


class Drawn:
    """NumPy's own draws of the leaves, ``(products, regions, months, b)`` or with axes of one label."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.figures = figures()
        months = np.arange(MONTHS)
        self.trends = {
            id: ((1 + growth) ** months * (np.resize(SEASONS, MONTHS) if id == "market" else 1.0))[:, None]
            for id, (*_, growth) in LEAVES.items()
        }

    def leaf(self, id: str, b: int) -> Array:
        """A block of a leaf's draws, its growth in it."""
        axes, _, _, sd, family, growth = LEAVES[id]
        middle = self.figures[id].reshape([len(LABELS[a]) if a in axes else 1 for a in ("product", "region")] + [1, 1])
        if not sd:
            return middle * self.trends[id]
        shape = (*middle.shape[:2], MONTHS if id == "fx" else 1, b)
        drawn = self.rng.standard_normal(shape)
        if family == "normal":
            drawn *= sd * middle
            drawn += middle
        else:
            sigma = np.sqrt(np.log1p(sd**2))
            drawn *= sigma
            drawn += np.log(middle) - sigma**2 / 2
            np.exp(drawn, out=drawn)
        return drawn * self.trends[id] if growth else drawn


def block_by_hand(draw: Drawn, b: int) -> tuple[Array, Array]:  # noqa: PLR0915  # one model, one function
    """The model, written for NumPy: the KGI ``(b,)`` and revenue ``(products, regions, months, b)``."""
    x = {id: draw.leaf(id, b) for id in LEAVES}
    awareness = np.empty_like(x["ad_spend"])
    awareness[:, :, 0] = x["ad_spend"][:, :, 0]
    for t in range(1, MONTHS):
        awareness[:, :, t] = x["ad_spend"][:, :, t] + 0.5 * awareness[:, :, t - 1]
    lift = awareness / -x["reach"]
    np.expm1(lift, out=lift)
    lift *= -0.4
    lift += 1
    demand = x["market"] * x["share"]
    demand *= x["launch"]
    demand *= lift
    orders = demand * x["interest"]
    orders *= x["conversion"]
    customers = np.empty_like(orders)
    before = np.zeros_like(orders)  # customers a month ago
    kept = (1 - x["churn"])[0, 0, 0]
    customers[:, :, 0] = orders[:, :, 0]
    for t in range(1, MONTHS):
        before[:, :, t] = customers[:, :, t - 1]
        np.multiply(customers[:, :, t - 1], kept, out=customers[:, :, t])
        customers[:, :, t] += orders[:, :, t]
    before *= x["reorder"]
    before /= 12
    units = orders
    units += before
    returned = units * x["returns"]
    net_units = units - returned
    revenue = net_units * x["price"]
    revenue -= revenue * x["rebate_share"]
    revenue *= x["fx"]
    goods = units * x["unit_cost"]
    net = revenue - goods
    net -= units * x["shipping"]
    net_units *= x["warranty"]
    net -= net_units
    returned *= x["handling_cost"]
    net -= returned
    customers *= 0.4
    net -= customers
    net -= x["ad_spend"] * x["media_price"]
    so_far = np.cumsum(net, axis=2)
    np.maximum(so_far, 0, out=so_far)
    so_far *= 0.002
    net -= so_far
    stock = 0.005 * goods
    net[:, :, 0] -= stock[:, :, 0]
    net[:, :, 1:] -= stock[:, :, :-1]
    duty = revenue - 5000
    np.maximum(duty, 0, out=duty)
    duty *= 0.03
    net -= duty
    units *= x["footprint"]
    units *= 0.08
    net -= units
    fixed = demand.sum(axis=0) / 320 * x["wage"][0] / 20 + x["overhead"][0]
    profit = net.sum(axis=0) - fixed
    after_tax = profit * (1 - np.where(profit > 0, x["tax"][0], 0))
    worth = (1 + x["discount"][0, 0]) ** np.arange(1, MONTHS + 1)[:, None]
    return (after_tax.sum(axis=0) / worth).sum(axis=0), revenue


def by_hand(samples: int, block: int) -> dict[str, float]:
    """NumPy's run: blocks of samples, then a sort in place, a slab of cells at a time."""
    draw = Drawn(5)
    value = np.empty((1, samples))
    revenue = np.empty((len(PRODUCTS), len(REGIONS), MONTHS, samples))
    for start in range(0, samples, block):
        stop = min(start + block, samples)
        value[0, start:stop], revenue[..., start:stop] = block_by_hand(draw, stop - start)
    cells = revenue.reshape(-1, samples)
    means = cells.mean(axis=1)
    quantiles = np.empty((len(cells), len(QUANTILES)))
    for start in range(0, len(cells), 32):
        slab = cells[start : start + 32]
        slab.sort(axis=1)
        quantiles[start : start + 32] = ordered(slab)
    return said(np.column_stack((value.mean(axis=1), ordered(np.sort(value)))), np.column_stack((means, quantiles)))


def ordered(rows: Array) -> Array:
    """Quantiles of sorted rows, as NumPy interpolates."""
    place = np.array(QUANTILES) * (rows.shape[1] - 1)
    below = place.astype(int)
    found: Array = rows[:, below] + (rows[:, below + 1] - rows[:, below]) * (place - below)
    return found


def agree(samples: int, blocks: tuple[int, ...]) -> None:
    """Stop unless both give the same figures, within 5 standard errors of their difference."""
    found = summed_up(samples, 11)
    truth = said(*(np.array([(one.mean, *one.quantiles) for one in each]) for each in found))
    errors = said(*(np.array([(one.standard_error, *one.quantile_errors) for one in each]) for each in found))
    for block in blocks:
        apart("NumPy", by_hand(samples, block), truth, {key: 2**0.5 * error for key, error in errors.items()})


def measured(samples: int = SAMPLES, *, rounds: int = 5, blocks: tuple[int, ...] = BLOCKS) -> Report:
    """The ratio to NumPy's best block, and the peak memory of a fresh process."""
    agree(samples, blocks)
    runs = {"leverage": partial(own, samples)} | {f"NumPy, blocks of {b}": partial(by_hand, samples, b) for b in blocks}
    seconds = interleaved(runs, rounds=rounds)
    best = min(taken for name, taken in seconds.items() if name != "leverage")
    spent = cost((sys.executable, "-c", f"from benchmarks import axes; axes.own({samples})"))
    cells = sum(prod(model().tree.grid.shape(metric.axes)) for metric in model().tree.metrics.values())
    claims = (
        Claim("times the cost of hand-written NumPy", seconds["leverage"] / best, 1.5, at_least=False),
        Claim("peak memory in GB, loading and all", spent.memory / 1e9, 1.0, at_least=False),
    )
    note = f"{cells:,} cells, {samples:,} samples, quantiles of {prod(model().tree.grid.shape(model()[NAMED].axes)):,}"
    return Report("axes", claims, seconds, (f"{note} cells and the KGI",))


if __name__ == "__main__":
    publish(measured(*map(int, sys.argv[1:2])))
