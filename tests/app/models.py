"""A model with a part of everything, small enough that each command answers at once."""

from __future__ import annotations

from pathlib import Path

CAFE = """\
# A café, for tests.
name: Café
kgi: profit
metrics:
  profit:
    formula: revenue - beans - ads
    unit: USD/month
    target: 14k
    actual: 11k
    owner: Owner
  revenue: guests * buys * price
  guests: 5_000 + 3_000 * saturate(ads, scale=1k)     # a response curve is a formula
  buys:
    value: 42%
    range: [36%, 48%]
    actual: 40%
    lever: {min: 40%, max: 50%, cost: {money: 200 per 1%}}
  price: {value: 7.5, lever: {min: 7, max: 8.5}}
  beans: guests * buys * bean_cost
  bean_cost: {value: 2.4, range: [2.1, 2.9]}
  ads: {value: 500, lever: {min: 0, max: 3k}}
resources:
  money: {limit: 2k, use: ads, unit: USD/month}
scenarios:
  dear-beans: {set: {bean_cost: 3}}      # the harvest failed
  cheap: {change: {price: -10%}}
# the end
"""


def cafe(folder: Path, name: str = "cafe.yaml") -> Path:
    """The model's file, in the folder."""
    path = folder / name
    path.write_text(CAFE, encoding="utf-8")
    return path


QUARTERS = """\
name: Café over a year
kgi: profit
time: {periods: 4, unit: quarter, start: 2027-Q1}
dimensions: {drink: [coffee, tea]}
metrics:
  profit: {formula: sum(revenue) - sum(ads), unit: USD}
  revenue: {formula: guests * buys * price, target: 10k}
  guests: 5_000 + 3_000 * saturate(adstock(ads, 40%), scale=1k)
  buys: {value: {coffee: 30%, tea: 12%}, range: {coffee: [26%, 33%], tea: [10%, 15%]}}
  price: {value: {coffee: 7.5, tea: 5}, growth: 1%, lever: {min: 4, max: 9}}
  ads: {value: 500, lever: {min: 0, max: 3k, over_time: each}}
"""


def quarters(folder: Path) -> Path:
    """The file of a model over time and a dimension, in the folder."""
    path = folder / "quarters.yaml"
    path.write_text(QUARTERS, encoding="utf-8")
    return path
