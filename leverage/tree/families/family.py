"""A family of distributions is a row: how it is written, and its quantile function, shares, moments and support.

Quantile functions take two shares of the draws, ``p`` below and ``q`` above, with p + q = 1. The smaller one carries
the digits, so both tails are as accurate as floats allow, and a tail may be cut out of a tail. For the same reason
``shares`` gives both the share at or below a level and the share above it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Atoms = tuple[Array, Array, Array]  # levels that have a weight, the share at or below each, and the share above it
Check = Callable[[Mapping[str, Any], Mapping[str, str]], str | None]  # values, texts as written -> what is wrong


@dataclass(frozen=True, slots=True)
class Domain:
    """Numbers that a parameter may take, in words."""

    words: str
    holds: Callable[[float], bool]


ANY = Domain("a number", lambda v: True)
POSITIVE = Domain("above 0", lambda v: v > 0)
SPREAD = Domain("above 0 (a figure without doubt needs no 'uncertainty')", lambda v: v > 0)
SHARE = Domain("from 0 to 1", lambda v: 0 <= v <= 1)
COUNTED = 1e8  # beyond it the list of levels costs seconds, and the normal distribution is the same to 4 digits
MEAN_COUNT = Domain(
    "above 0 and at most 100M (beyond, write normal(mean, sd) with sd the root of mean)", lambda v: 0 < v <= COUNTED
)
TRIALS = Domain(
    "a whole number from 1 to 100M (beyond, write normal(mean, sd))", lambda v: 1 <= v <= COUNTED and v == int(v)
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument by position or name; without a ``default`` it must be given."""

    name: str
    domain: Domain = ANY
    default: float | None = None
    kind: Literal["number", "numbers", "distribution", "metric"] = "number"


def _as_given(**values: Any) -> dict[str, Any]:
    return values


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a family. ``quantiles`` = (least, most) of p01 ... p99 that it takes, all by name.

    ``into`` makes the family's own parameters of the form's, in the order in which its functions take them. Quantiles
    come to it, and to ``check``, as ``levels``, ``figures`` and ``percent`` (one of them is written with ``%``).
    """

    signature: str
    parameters: tuple[Parameter, ...] = ()
    check: Check | None = None
    into: Callable[..., dict[str, Any]] = _as_given
    quantiles: tuple[int, int] | None = None
    by_name: bool = False


LEAST = 2.0**-54  # what a point of 0 stands for: quantiles of 0 may be infinite


@dataclass(frozen=True, slots=True)
class Turn:
    """A family's own short way to its draws, in place, where that costs less than a table of its quantile function.

    ``make(row, spare, ...)`` turns the row into draws; ``spare`` is a row to compute in. ``start`` is what the row
    holds before: points from 0 to below 1 (a 0 stands for the least), or the standard normal scores of points.
    """

    start: Literal["points", "scores"]
    make: Callable[..., None]


@dataclass(frozen=True, slots=True)
class Family:
    """A row. Its functions take the parameters by position, after what is named here.

    ``quantile(p, q, ...)`` and ``shares(x, ...)`` take and give arrays of one axis. ``mean`` is None where there is
    none. ``variance`` is infinite where a tail is too heavy for one, and NaN where there is no mean to spread round.
    ``median`` is left out where it has no closed form, ``limits`` where they are the support: the bounds that hold
    wherever the level goes. ``atoms`` lists the levels of a discrete distribution.
    ``turn``: how it is drawn, where not by a table of the quantile function (separate levels: by the function itself).
    """

    name: str
    forms: tuple[Form, ...]
    quantile: Callable[..., Array]
    shares: Callable[..., tuple[Array, Array]]
    mean: Callable[..., float | None]
    variance: Callable[..., float]
    support: Callable[..., tuple[float, float]]
    median: Callable[..., float] | None = None
    limits: Callable[..., tuple[float, float]] | None = None
    discrete: Callable[..., bool] = lambda *_: False
    atoms: Callable[..., Atoms] | None = None
    turn: Turn | None = None

    @property
    def signature(self) -> str:
        """How it is written, all forms of it."""
        shown = [form.signature for form in self.forms]
        return " or ".join(([", ".join(shown[:-1])] if shown[:-1] else []) + shown[-1:])


def rising(*names: str) -> Check:
    """A check that the parameters do not fall, and that the first is below the last."""

    def check(values: Mapping[str, Any], written: Mapping[str, str]) -> str | None:
        figures = [values[name] for name in names]
        if figures[0] == figures[-1] == min(figures):
            both = f"{names[0]} and {names[-1]} are both {written[names[0]]}"
            return f"{both}; a figure without doubt needs no 'uncertainty'"
        if figures != sorted(figures):
            texts = [written[name] for _, name in sorted(zip(figures, names, strict=True))]
            mend = ", ".join(f"{name}={text}" for name, text in zip(names, texts, strict=True))
            return f"{', '.join(names)} must rise, found {', '.join(written[name] for name in names)}; write {mend}"
        if not math.isfinite(figures[-1] - figures[0]):
            return f"{names[0]} and {names[-1]} are too far apart for numbers to hold; write smaller ones"
        return None

    return check


def rising_quantiles(values: Mapping[str, Any], written: Mapping[str, str]) -> str | None:
    """The check that a higher quantile has a higher figure."""
    names, figures = [f"p{round(100 * level):02d}" for level in values["levels"]], values["figures"]
    for i in range(1, len(names)):
        if figures[i] <= figures[i - 1]:
            below, above = (f"{name}={written[name]}" for name in names[i - 1 : i + 1])
            return f"quantiles must rise, and {above} is not above {below}; write them in rising order"
    if not math.isfinite(figures[-1] - figures[0]):
        return "the quantiles are too far apart for numbers to hold; write smaller ones"
    return None


def of_extent(low: float, high: float) -> tuple[float, float]:
    """The limits of a family whose ends say how far the doubt reaches, and not what the figure can be.

    They move with the level: a price between 60 and 76 may be raised by a half. Only 0, and 1 where the other end
    is 0, are taken for bounds of the figure itself.
    """
    return 0.0 if low == 0 else -math.inf, 0.0 if high == 0 else 1.0 if (low, high) == (0, 1) else math.inf


def special(name: str) -> Callable[..., Array]:
    """A function of scipy.special. It is loaded here, when draws are wanted: reading a file does without."""
    from scipy import special

    return cast("Callable[..., Array]", getattr(special, name))


def tail(p: Array, q: Array, inverse: Callable[[Array], Array]) -> Array:
    """Quantiles of a symmetric distribution round 0 from those of its lower half."""
    levels = inverse(np.minimum(p, q))
    return np.where(p > q, -levels, levels)


def by_tail(p: Array, q: Array, lower: Callable[[Array], Array], upper: Callable[[Array], Array]) -> Array:
    """Quantiles from the share below in the lower half, and from the share above in the upper half."""
    out, high = np.empty_like(p), p > q
    out[~high] = lower(p[~high])
    out[high] = upper(q[high])
    return out


def depth(p: Array, q: Array) -> Array:
    """-log(q), which is the standard exponential's quantile, accurate in both tails."""
    small = np.minimum(p, q)
    return np.where(p > q, -np.log(small), -np.log1p(-small))
