"""A plan of a year in three channels, as a planner writes it: what verbs show over axes is told of it."""

from __future__ import annotations

from typing import Any

from leverage.model import Model

CHANNELS = ("organic", "ads", "social")
MONTHS = tuple(f"2027-{month:02}" for month in range(1, 13))
KEYS: dict[str, Any] = {
    "kgi": "profit",
    "name": "A year of the shop",
    "time": {"periods": 12, "unit": "month", "start": "2027-01"},
    "dimensions": {"channel": {"unpaid": ["organic"], "paid": ["ads", "social"]}},
    "metrics": {
        "profit": {
            "formula": "sum(margin)",
            "label": "Profit of the year",
            "unit": "USD",
            "target": "900k",
            "owner": "CEO",
        },
        "margin": {"formula": "revenue - cost", "label": "Monthly margin", "unit": "USD"},
        "revenue": {"formula": "sum(orders, over=channel) * price", "unit": "USD", "target": "150k"},
        "orders": {"formula": "visits * rate", "unit": "order"},
        "visits": {
            "value": {"organic": "80k", "ads": "30k", "social": "12k"},
            "growth": "1%",
            "spread": ["-20%", "25%"],
            "unit": "visit",
            "owner": "Marketing",
        },
        "rate": {
            "value": {"organic": "2%", "ads": "1.5%", "social": "3%"},
            "range": {"organic": ["1.8%", "2.3%"], "ads": ["1%", "2.1%"], "social": ["2.5%", "3.6%"]},
            "unit": "order/visit",
        },
        "price": {"value": 60, "lever": {"min": 50, "max": 75}, "unit": "USD/order"},
        "cost": {"formula": "sum(spend, over=channel) + fixed", "unit": "USD"},
        "spend": {
            "value": {"organic": 0, "ads": "15k", "social": "5k"},
            "lever": {"min": 0, "max": "40k", "over_time": "each"},
            "unit": "USD",
        },
        "fixed": {"value": ["20k", "20k", "22k"], "repeat": "last", "unit": "USD"},
    },
    "resources": {"budget": {"limit": "25k", "use": "spend", "per": "period", "unit": "USD"}},
    "scenarios": {
        "ads-push": {"change": {"visits": {"ads": "20%"}}, "add": {"spend": {"ads": "2k"}}},
        "late": {"set": {"fixed": [20_000] * 11 + [50_000]}},
    },
}


def year(**keys: Any) -> Model:
    """The plan; ``keys`` replace its own."""
    return Model(**{**KEYS, **keys})
