"""A metric's own past: `history(...)`. Each figure that is recorded of it is drawn as often as the others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from leverage.tree.families.counts import drawn, shares
from leverage.tree.families.family import Atoms, Family, Form, Parameter, of_extent

LEAST = 2  # figures: one, again and again, is no doubt


@dataclass(frozen=True, slots=True)
class Past:
    """What is recorded of a metric; ``figures`` rise. ``percent``: some are written with ``%``."""

    metric: str
    figures: tuple[float, ...] = ()
    percent: bool = False


@lru_cache(maxsize=64)
def _atoms(metric: str, figures: tuple[float, ...]) -> Atoms:
    levels, counts = np.unique(np.array(figures), return_counts=True)
    passed, n = np.cumsum(counts), len(figures)
    return levels, passed / n, (n - passed) / n


def _mean(metric: str, figures: tuple[float, ...]) -> float:
    return math.fsum(figure / len(figures) for figure in figures)


def _variance(metric: str, figures: tuple[float, ...]) -> float:
    """Of what is drawn, so the sum of squares is divided by all n of them."""
    mean = _mean(metric, figures)
    return math.fsum((figure - mean) * (figure - mean) / len(figures) for figure in figures)


def _enough(values: Mapping[str, Any], written: Mapping[str, str]) -> str | None:
    past: Past = values["metric"]
    if len(past.figures) >= LEAST:
        return None
    found = "one figure is" if past.figures else "nothing is"
    return (
        f"{found} recorded of {past.metric!r}, and it takes two or more; list them under "
        f"actuals: {{{past.metric}: [FIGURE, FIGURE]}}, or name a file there that has them"
    )


def _of_past(metric: Past) -> dict[str, Any]:
    return {"metric": metric.metric, "figures": metric.figures}


ROWS = (
    Family(
        "history",
        (Form("history(metric)", (Parameter("metric", kind="metric"),), _enough, _of_past),),
        quantile=lambda p, q, *past: drawn(p, q, _atoms(*past)),
        shares=lambda x, *past: shares(x, _atoms(*past)),
        mean=_mean,
        variance=_variance,
        median=lambda metric, figures: figures[(len(figures) - 1) // 2],
        support=lambda metric, figures: (figures[0], figures[-1]),
        limits=lambda metric, figures: of_extent(figures[0], figures[-1]),
        discrete=lambda *_: True,
        atoms=_atoms,
    ),
)
