"""One small panel of each kind, with figures that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leverage.panels import (
    Bars,
    Bridge,
    Column,
    Curves,
    Figure,
    GroupedBars,
    Heatmap,
    Histogram,
    Lines,
    Multiples,
    Panel,
    Scatter,
    Spark,
    Table,
    Text,
    Tree,
    TreeNode,
)

TABLE = Table(
    "Levers of profit",
    (Column("metric", text=True), Column("gain", "USD/month"), Column("best"), Column("owner", text=True)),
    (
        ("ad_spend", Figure(12_400), Figure(0.615, percent=True), "Marketing"),
        ("売上", Figure(950), Figure(0.3, percent=True), "UX"),
        ("price", None, None, None),
    ),
    ids=("ad_spend", "売上", "price"),
)
TREE = Tree(
    "Shop",
    "profit",
    {
        "profit": TreeNode(
            "profit",
            "Profit",
            (Figure(118e3), Figure(-32e3, signed=True, tone="bad"), "missed", "CEO"),
            ("revenue", "cost"),
        ),
        "revenue": TreeNode("revenue", "Revenue", (Figure(196e3), None, None, None), ("visits", "rate")),
        "cost": TreeNode(
            "cost",
            "Cost",
            (Figure(78e3), Figure(-2e3, signed=True, tone="good"), "met", "CFO"),
            ("visits",),
        ),
        "visits": TreeNode("visits", "Visits", (Figure(120e3), None, None, None)),
        "rate": TreeNode("rate", "Rate", (Figure(0.024, percent=True), None, None, "UX"), mark="lever"),
    },
    (Column("value"), Column("gap"), Column("", text=True), Column("owner", text=True)),
)
BARS = Bars(
    "Tornado",
    ("rate", "cost_ratio"),
    np.array([90.0, 110.0]),
    np.array([130.0, 95.0]),
    reference=100.0,
    unit="USD",
    low_names=("1.9%", "54%"),
    high_names=("3.1%", "66%"),
    labels=("Purchase rate", ""),
)
GAINS = Bars("Gains", ("ads", "price"), np.zeros(2), np.array([40.0, -10.0]), unit="USD")
BRIDGE = Bridge("Why", "target", "actual", 100.0, 85.0, ("rate", "visits"), np.array([-40.0, 25.0]), unit="USD")
LINES = Lines(
    "Frontier",
    np.array([1.0, 2.0, 3.0]),
    np.array([[10.0, 15.0, 18.0], [10.0, 12.0, 13.0]]),
    ("best", "today"),
    x_title="budget",
    y_title="profit",
    bands=(("P10 to P90", np.array([8.0, 12.0, 14.0]), np.array([12.0, 18.0, 22.0])),),
    marks=(("now", 2.0, 12.0),),
)
HISTOGRAM = Histogram(
    "Spread",
    np.array([0.0, 10.0, 20.0, 30.0]),
    np.array([1.0, 2.0, 1.0]),
    (("P50", 15.0), ("target", 25.0)),
    unit="USD",
)
HEATMAP = Heatmap(
    "Profit",
    np.array([[1.0, 2.0], [3.0, 4.0]]),
    "price",
    "rate",
    (Figure(58), Figure(68)),
    (Figure(0.02, percent=True), Figure(0.03, percent=True)),
    unit="USD",
)
SCATTER = Scatter(
    "Plans",
    np.array([1.0, 2.0, 3.0]),
    np.array([4.0, 5.0, 6.0]),
    "price",
    "rate",
    np.array([0, 1, 0]),
    ("holds", "fails"),
)
ERRORS = Bars(
    "Worth knowing",
    ("rate", "visits", "fee"),
    np.zeros(3),
    np.array([40.0, 10.0, 2.0]),
    unit="USD",
    errors=(np.array([30.0, 9.0, np.nan]), np.array([50.0, 11.0, np.nan])),
)
GROUPED = GroupedBars(
    "Share of the variance",
    ("rate", "visits"),
    np.array([[0.5, 0.2], [0.7, 0.3]]),
    ("first", "total"),
    errors=(np.array([[0.45, 0.15], [0.6, np.nan]]), np.array([[0.55, 0.25], [0.8, np.nan]])),
    percent=True,
    labels=("Purchase rate", ""),
)
SPIDER = Curves(
    "Spider",
    np.array([[-0.1, 0.0, 0.2], [-0.5, 0.0, 0.5]]),
    np.array([[90.0, 100.0, 120.0], [105.0, 100.0, 95.0]]),
    ("Purchase rate", "Visits"),
    "change",
    "profit",
    (0.0, 100.0),
    "USD",
    x_percent=True,
)
BOXES = Scatter(
    "Cases",
    np.array([1.0, 2.0, 3.0, 4.0]),
    np.array([0.1, 0.2, 0.3, 0.4]),
    "price",
    "rate",
    np.array([0, 0, 1, 1]),
    ("holds", "fails"),
    boxes=(("fails here", 2.5, np.inf, -np.inf, 0.35), ("holds here", 0.5, 2.0, 0.1, 0.2)),
    x_unit="EUR",
    y_percent=True,
)
CUMULATIVE = Lines(
    "How likely",
    np.array([10.0, 20.0, 30.0]),
    np.array([[0.1, 0.5, 0.9]]),
    ("share",),
    "profit",
    percent=True,
    x_unit="EUR",
    picture="cumulative",
)
PERIODS = ("2027-01", "2027-02", "2027-03")
SERIES = Table(
    "Values",
    (Column("metric", text=True), Column("value", "EUR")),
    (
        ("revenue", Spark((12e6, 12.5e6, None, 15.25e6))),
        ("rate", Spark((0.02, 0.02), percent=True)),
        ("price", Figure(68)),
    ),
)
COURSES = Tree(
    "Over time",
    "profit",
    {
        "profit": TreeNode(
            "profit", "Profit", (Spark((1e5, 2e5, 1.5e5)), Figure(-32e3, signed=True, tone="bad"), "missed"), ("rate",)
        ),
        "rate": TreeNode("rate", "Rate", (Figure(0.024, percent=True), None, None), mark="lever"),
    },
    (Column("value"), Column("gap"), Column("", text=True)),
)
FAN = Lines(
    "Revenue",
    np.array([0.0, 1.0, 2.0]),
    np.array([[10.0, 12.0, 14.0]]),
    ("median",),
    x_title="month",
    bands=(
        ("P10 to P90", np.array([10.0, 11.0, 12.0]), np.array([10.0, 13.0, 16.0])),
        ("P5 to P95", np.array([10.0, 10.0, 10.0]), np.array([10.0, 14.0, 18.0])),
    ),
    marks=(("launch", 1.0, 12.0),),
    x_names=PERIODS,
    references=(("target", np.array(13.0)), ("plan", np.array([11.0, 12.0, 13.0]))),
    unit="EUR",
)
CHANNELS = Multiples(
    "By channel",
    tuple(
        Lines(
            name,
            np.array([0.0, 1.0, 2.0]),
            scale * np.array([[10.0, 12.0, 14.0]]),
            ("median",),
            bands=(("P10 to P90", scale * np.array([8.0, 9.0, 10.0]), scale * np.array([12.0, 15.0, 18.0])),),
            x_names=PERIODS,
            unit="EUR",
        )
        for name, scale in (("ads", 1.0), ("social", 0.5))
    ),
)
SWINGS = Multiples("Swings", (replace(BARS, title="ads"), replace(BARS, title="social", low=BARS.low - 20)))
SHAPES = Multiples("Spreads", (replace(HISTOGRAM, title="ads"), replace(HISTOGRAM, title="social", marks=())))
ELASTICITIES = Heatmap(
    "Elasticity", np.array([[0.5, 0.25, 1.0], [3.0, 4.0, 2.0]]), "driver", "month", ("rate", "visits"), PERIODS
)
TEXT = Text("Push ad_spend to 50k: profit rises by 12.4k.")
NOTE = Text("correlations are not followed", "warning")
NEXT = Text("leverage allocate shop.yaml --limit budget=120_000", "next")

EXAMPLES: tuple[Panel, ...] = (
    TABLE,
    TREE,
    BARS,
    GAINS,
    BRIDGE,
    LINES,
    HISTOGRAM,
    HEATMAP,
    SCATTER,
    ERRORS,
    GROUPED,
    SPIDER,
    BOXES,
    CUMULATIVE,
    SERIES,
    COURSES,
    FAN,
    CHANNELS,
    SWINGS,
    SHAPES,
    ELASTICITIES,
    TEXT,
    NOTE,
    NEXT,
)
HOSTILE = "a\x1b[31mb<script>alert(1)</script>\u202ec\r\n=d&$x^$_"


def hostile() -> tuple[Panel, ...]:
    """Every kind of panel with a name in each place that tries to steer what shows it."""
    bad, one, two = HOSTILE, np.array([1.0]), np.array([1.0, 2.0])
    figure = Figure(1.0)
    node = TreeNode(bad, bad, (figure, bad), ("b",), bad)
    fan = Lines(bad, two, np.array([two]), (bad,), bad, bad, ((bad, two, two),), (), (bad, bad), ((bad, two),), bad)
    return (
        Table(bad, (Column(bad, bad, text=True), Column(bad, bad)), ((bad, bad),), ids=(bad,)),
        Tree(bad, bad, {bad: node, "b": TreeNode("b", bad, (None, None))}, (Column(bad, bad), Column(bad, text=True))),
        Bars(bad, (bad,), one - 1, two[1:], 1.0, bad, low_names=(bad,), high_names=(bad,), labels=(bad,)),
        Bridge(bad, bad, bad, 1.0, 2.0, (bad,), one, bad),
        Lines(bad, two, np.array([two, two]), (bad, bad), bad, bad, ((bad, two, two),), ((bad, 1.0, 1.0),)),
        Histogram(bad, two, one, ((bad, 1.5),), bad),
        Heatmap(bad, np.array([one]), bad, bad, (figure,), (figure,), bad),
        Heatmap(bad, np.array([one]), bad, bad, (bad,), (bad,), bad),
        Scatter(bad, two, two, bad, bad, np.array([0, 1]), (bad, bad)),
        Scatter(bad, two, two, bad, bad, boxes=((bad, 0.0, 1.0, 0.0, 1.0),), x_unit=bad, y_unit=bad),
        Bars(bad, (bad,), one - 1, one, 0.0, bad, errors=(one, one), errors_name=bad),
        GroupedBars(bad, (bad,), np.array([one, one]), (bad, bad), errors_name=bad, unit=bad, labels=(bad,)),
        GroupedBars(bad, (bad,), np.array([one]), (bad,), (np.array([one]), np.array([one])), bad, bad),
        Curves(bad, np.array([two]), np.array([two]), (bad,), bad, bad, (1.0, 1.0), bad),
        fan,
        Multiples(bad, (fan, fan)),
        Multiples(bad, (Bars(bad, (bad,), one - 1, two[1:], 1.0, bad, low_names=(bad,), high_names=(bad,)),)),
        Multiples(bad, (Histogram(bad, two, one, ((bad, 1.5),), bad),)),
        Text(bad),
        Text(bad, "warning"),
        Text(bad, "next"),
    )
