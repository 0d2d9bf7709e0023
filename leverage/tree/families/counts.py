"""Families of separate levels: poisson, binomial, bernoulli, discrete.

Each lists its levels once, with the share at or below and above each; drawing is a look-up in these lists, so the
quantile is exactly the smallest level whose share reaches p.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from leverage.tree.families.family import (
    MEAN_COUNT,
    SHARE,
    TRIALS,
    Array,
    Atoms,
    Family,
    Form,
    Parameter,
    of_extent,
    special,
)

REACH = 20  # standard deviations listed either way: beyond lies less than 1e-88
TAIL = 1e-8  # of a share: nearer to 1 than this, the share above carries the digits


def _listed(mean: float, sd: float, top: float) -> Array:
    """The whole numbers that have a weight worth listing."""
    reach = REACH * sd + 200
    return np.arange(max(0.0, math.floor(mean - reach)), min(top, math.ceil(mean + reach)) + 1)


@lru_cache(maxsize=16)
def _poisson(mean: float) -> Atoms:
    k = _listed(mean, math.sqrt(mean), math.inf)
    return k, special("pdtr")(k, mean), special("pdtrc")(k, mean)


@lru_cache(maxsize=16)
def _binomial(n: float, share: float) -> Atoms:
    k = _listed(n * share, math.sqrt(n * share * (1 - share)), n)
    inner = k[k < n]
    last = [1.0] * (len(k) - len(inner))
    below = np.append(special("betaincc")(inner + 1, n - inner, share), last)
    return k, below, np.append(special("betainc")(inner + 1, n - inner, share), np.zeros(len(last)))


def _bernoulli(share: float) -> Atoms:
    return np.array([0.0, 1.0]), np.array([1 - share, 1.0]), np.array([share, 0.0])


@lru_cache(maxsize=256)
def _discrete(values: tuple[float, ...], weights: tuple[float, ...]) -> Atoms:
    below, above = np.cumsum(weights), np.append(np.cumsum(weights[:0:-1])[::-1], 0.0)
    return np.array(values), np.append(below[:-1] / below[-1], 1.0), above / below[-1]


def _sorted(values: tuple[float, ...], weights: tuple[float, ...]) -> dict[str, Any]:
    pairs = sorted((value, weight) for value, weight in zip(values, weights, strict=True) if weight)
    return {"values": tuple(value for value, _ in pairs), "weights": tuple(weight for _, weight in pairs)}


def _weighed(given: Mapping[str, Any], written: Mapping[str, str]) -> str | None:
    values, weights = given["values"], given["weights"]
    if len(values) != len(weights):
        return f"each value needs its weight, found {len(values)} and {len(weights)} of them"
    if not values or min(weights) < 0 or not 0 < sum(weights) < math.inf:
        return f"weights must be 0 or more, and one above 0, found {written['weights']}"
    return None


def _weighed_mean(values: tuple[float, ...], weights: tuple[float, ...]) -> float:
    return math.fsum(value * weight for value, weight in zip(values, weights, strict=True)) / math.fsum(weights)


def _weighed_variance(values: tuple[float, ...], weights: tuple[float, ...]) -> float:
    mean = _weighed_mean(values, weights)
    return _weighed_mean(tuple((value - mean) * (value - mean) for value in values), weights)


def drawn(p: Array, q: Array, atoms: Atoms) -> Array:
    """The smallest level whose share at or below reaches p."""
    levels, below, above = atoms
    found = np.where(q < TAIL, np.searchsorted(-above, -q), np.searchsorted(below, p))
    return levels[np.minimum(found, len(levels) - 1)]


def shares(x: Array, atoms: Atoms) -> tuple[Array, Array]:
    """The share at or below each x, and the share above it."""
    levels, below, above = atoms
    found = np.searchsorted(levels, x, side="right")
    return np.append(0.0, below)[found], np.append(1.0, above)[found]


def _row(
    form: Form,
    atoms: Callable[..., Atoms],
    *,
    mean: Callable[..., float],
    variance: Callable[..., float],
    support: Callable[..., tuple[float, float]],
    median: Callable[..., float] | None = None,
    limits: Callable[..., tuple[float, float]] | None = None,
) -> Family:
    return Family(
        form.signature.partition("(")[0],
        (form,),
        quantile=lambda p, q, *parameters: drawn(p, q, atoms(*parameters)),
        shares=lambda x, *parameters: shares(x, atoms(*parameters)),
        mean=mean,
        variance=variance,
        support=support,
        median=median,
        limits=limits,
        discrete=lambda *_: True,
        atoms=atoms,
    )


ROWS = (
    _row(
        Form("poisson(mean)", (Parameter("mean", MEAN_COUNT),)),
        _poisson,
        mean=lambda mean: mean,
        variance=lambda mean: mean,
        support=lambda mean: (0.0, math.inf),
    ),
    _row(
        Form("binomial(n, p)", (Parameter("n", TRIALS), Parameter("p", SHARE))),
        _binomial,
        mean=lambda n, share: n * share,
        variance=lambda n, share: n * share * (1 - share),
        support=lambda n, share: (0.0, n),
    ),
    _row(
        Form("bernoulli(p)", (Parameter("p", SHARE),)),
        _bernoulli,
        mean=lambda share: share,
        variance=lambda share: share * (1 - share),
        support=lambda share: (0.0, 1.0),
        median=lambda share: float(share > 0.5),
    ),
    _row(
        Form(
            "discrete([values], [weights])",
            (Parameter("values", kind="numbers"), Parameter("weights", kind="numbers")),
            _weighed,
            _sorted,
        ),
        _discrete,
        mean=_weighed_mean,
        variance=_weighed_variance,
        support=lambda values, weights: (values[0], values[-1]),
        limits=lambda values, weights: of_extent(values[0], values[-1]),
    ),
)
