"""What is computed? The models that every contender gets, written once, and spelled for each of them.

`shop`: a KPI tree of 60 metrics as a company has it. `layers`: a random tree of any size, in layers, every metric of
which reaches the KGI. Formulas stand in the language of the model file, which is also Python's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Leaf:
    """A leaf's distribution: family and parameters as the model file writes them."""

    family: str
    parameters: tuple[float, ...]

    @property
    def level(self) -> float:
        """Its middle: the mean, the mode, or half way."""
        if self.family == "uniform":
            return sum(self.parameters) / 2
        return self.parameters[0 if "normal" in self.family else 1]

    @property
    def text(self) -> str:
        """As a model file says it."""
        names = ("mean=", "sd=") if self.family == "lognormal" else ("",) * len(self.parameters)
        written = (f"{name}{value!r}" for name, value in zip(names, self.parameters, strict=True))
        return f"{self.family}({', '.join(written)})"


@dataclass(frozen=True)
class Workload:
    """Leaves and formulas, each formula after those it needs."""

    kgi: str
    leaves: Mapping[str, Leaf]
    formulas: Mapping[str, str]
    target: float = 0.0

    def mapping(self) -> dict[str, Any]:
        """The model as `leverage.Model` takes it."""
        metrics: dict[str, Any] = {
            id: {"value": leaf.level, "uncertainty": leaf.text} for id, leaf in self.leaves.items()
        }
        metrics |= {id: {"formula": formula} for id, formula in self.formulas.items()}
        metrics[self.kgi]["target"] = self.target
        return {"kgi": self.kgi, "metrics": metrics}

    def function(self, names: Mapping[str, Any]) -> Callable[..., Any]:
        """The KGI as a Python function of the leaves, in order, every metric kept as long as it runs.

        Args:
            names: what ``exp``, ``log``, ``sqrt``, ``min`` and ``max`` are, in NumPy's, JAX's or CasADi's words.
        """
        lines = [f"def value({', '.join(self.leaves)}):"]
        lines += [f"    {id} = {formula}" for id, formula in self.formulas.items()]
        space: dict[str, Any] = dict(names)
        exec("\n".join([*lines, f"    return {self.kgi}"]), space)  # text of this file's own making
        made: Callable[..., Any] = space["value"]
        return made

    def spelled(self, dialect: str) -> dict[str, str]:
        """The formulas in a peer's dialect."""
        spelled = dict(self.formulas)
        for pattern, instead in DIALECTS[dialect]:
            spelled = {id: re.sub(pattern, instead, formula) for id, formula in spelled.items()}
        return spelled

    def levels(self, n: int, seed: int = 0) -> Array:
        """Levels of the leaves between half and twice their own, ``(d, n)``.

        The rows lie an odd number of cache lines apart: a hundred of them, read side by side, crowd no cache set.
        """
        lines = n // 8 + 1
        rows = np.random.default_rng(seed).uniform(0.5, 2.0, (len(self.leaves), 8 * (lines + 1 - lines % 2)))
        rows *= np.array([leaf.level for leaf in self.leaves.values()])[:, None]
        return rows[:, :n]


DIALECTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "c": ((r"(\w+) \*\* ([\d.]+)", r"pow(\1, \2)"), (r"\bm(ax|in)\(", r"fm\1(")),
    "openturns": ((r" \*\* ", "^"),),
    "numexpr": (
        (r"max\((\w+), (\w+)\)", r"where(\1 > \2, \1, \2)"),
        (r"min\((\w+), (\w+)\)", r"where(\1 < \2, \1, \2)"),
    ),
}
NUMPY: Mapping[str, Any] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "max": np.maximum, "min": np.minimum}

SHOP = """
orders_search = visits_search * rate_search * exp(-0.05 * price_search)
orders_social = visits_social * rate_social * (1 - exp(-visits_social / 60000))
orders_partner = visits_partner * rate_partner
visits_email = email_sends * open_rate * click_rate
orders_email = visits_email * rate_email
first_orders = orders_search + orders_social + orders_partner + orders_email
loyal = repeat_rate * (1 - churn)
repeats = first_orders * loyal * repeat_orders
orders = first_orders + repeats
basket = order_value * units_per_order * (1 + 0.1 * log(units_per_order))
gross = orders * basket
discounts = gross * discount
returned = (gross - discounts) * return_rate
revenue = gross - discounts - returned
goods = orders * units_per_order * unit_cost * (1 - 0.02 * log(orders / 1000))
shipping = orders * ship_cost * (1 + 0.5 * return_rate)
fees = revenue * fee_share
contacts = orders * contact_rate
support = contacts * ticket_cost * 1.05
margin = revenue - goods - shipping - fees - support
ads_search = visits_search * price_search
ads_social = visits_social * price_social
commission = orders_partner * basket * 0.08
agency = (ads_search + ads_social) * agency_share
marketing = ads_search + ads_social + commission + agency
people = staff * wage * 1.23
overhead = people + store_rent + cloud_cost + 90 * sqrt(orders)
operating = margin - marketing - overhead
tax = max(operating, 0) * tax_rate
profit = operating - tax
"""

LEAVES = """
visits_search lognormal 120000 15000
visits_social lognormal 80000 12000
visits_partner lognormal 30000 6000
order_value lognormal 64 6
ticket_cost lognormal 7 1
cloud_cost lognormal 42000 4000
rate_search normal 0.034 0.003
rate_social normal 0.021 0.002
email_sends normal 200000 15000
open_rate normal 0.22 0.02
wage normal 4200 200
store_rent normal 18000 900
rate_partner triangular 0.01 0.018 0.03
click_rate triangular 0.04 0.08 0.13
rate_email triangular 0.02 0.035 0.06
units_per_order triangular 1.3 1.7 2.4
return_rate triangular 0.04 0.07 0.13
staff triangular 20 24 30
discount pert 0.02 0.05 0.12
unit_cost pert 18 22 29
ship_cost pert 4 5 8
price_search pert 0.3 0.5 0.9
price_social pert 0.2 0.35 0.7
churn pert 0.05 0.12 0.3
fee_share uniform 0.015 0.03
repeat_rate uniform 0.2 0.4
repeat_orders uniform 1.1 2.3
tax_rate uniform 0.2 0.28
agency_share uniform 0.05 0.12
contact_rate uniform 0.1 0.25
"""


def shop() -> Workload:
    """60 metrics: 30 uncertain leaves, 6 each of five families, and 30 formulas of 71 operations."""
    rows = [line.split() for line in LEAVES.split("\n") if line]
    leaves = {id: Leaf(family, tuple(map(float, figures))) for id, family, *figures in rows}
    formulas = dict(line.split(" = ") for line in SHOP.split("\n") if line)
    return Workload("profit", leaves, formulas, target=150_000.0)


JOINS = ("{a} + {b}", "{a} * {b}", "{a} / {leaf} + {b}", "{a} + {b} - 0.2 * {leaf}", "max({a}, {b})", "min({a}, {b})")
BENDS = {
    "arithmetic": ("",),
    "transcendental": ("exp(-0.1 * {a})", "log(1 + {a})", "sqrt({a})", "{a} ** 0.7"),
}


def layers(metrics: int, kind: str, *, seed: int = 0) -> Workload:
    """A random tree of so many metrics, half of them leaves around 1, in layers, all of which reach the KGI.

    Args:
        kind: ``arithmetic``; or ``transcendental``, with an exp, log, root or power in every formula.
    """
    rng = np.random.default_rng(seed)
    leaves = {f"x{i}": Leaf("uniform", (0.5, 1.5)) for i in range(metrics // 2)}
    formulas: dict[str, str] = {}
    lower = list(leaves)
    while len(lower) > 1:
        layer = []
        for share in np.array_split(rng.permutation(lower), -(-len(lower) // 2)):
            id = f"y{len(formulas)}"
            drivers = [*map(str, share), *map(str, rng.choice(lower, 2 - len(share)))]
            bend = BENDS[kind][len(formulas) % len(BENDS[kind])]
            formulas[id] = _formula(rng, *drivers, leaf=str(rng.choice(list(leaves))), bend=bend)
            layer.append(id)
        lower = layer
    return Workload(lower[0], leaves, formulas)


def _formula(rng: np.random.Generator, a: str, b: str, *, leaf: str, bend: str) -> str:
    """A join of two drivers, one of them bent besides."""
    joined = str(rng.choice(JOINS)).format(a=a, b=b, leaf=leaf)
    return f"{bend.format(a=a)} + {joined}" if bend else joined
