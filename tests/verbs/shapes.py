"""The JSON of every verb as INTERFACE draws it, the further keys of SEMANTICS beneath, and how an answer is held to it.

A shape is a kind of figure, ``[shape]`` for a list, a dictionary of keys, or `Each` for a mapping by id. A key that
ends on ``?`` may be missing; any other key has to be there, and no other may.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Each:
    """A mapping whose keys are ids, names or quantiles."""

    of: Any


@dataclass(frozen=True)
class Maybe:
    """The shape, or null."""

    of: Any


@dataclass(frozen=True)
class Over:
    """The shape; over dimensions and time nested as in the file, a mapping per label, innermost a list per period."""

    of: Any


X, N, ID, B = "figure", "count", "text", "flag"
RUN = {"model": ID, "version": ID, "seed?": N, "samples?": N, "points?": ID, "scenario?": [ID]}
BESIDE = {"notes?": [ID], "run": RUN}
SPREAD = {
    "mean": Maybe(X),
    "sd": Maybe(X),
    "standard_error": Maybe(X),
    "min": Maybe(X),
    "max": Maybe(X),
    "quantiles": Each(Maybe(X)),
    "probability_of_target": Maybe(X),
    "not_finite": N,
    # further
    "target": Maybe(X),
    "degrees_of_freedom": N,
    "quantile_errors": Each(Maybe(X)),
    "probability_error": Maybe(X),
    "sd_error": Maybe(X),
    "tail": X,
    "tail_mean": Maybe(X),
    "tail_mean_error": Maybe(X),
    "base": Maybe(X),
    "probability_below_base": Maybe(X),
    "probability_below_base_error": Maybe(X),
}
SHAPES: dict[str, dict[str, Any]] = {
    "evaluate": {
        "kgi": ID,
        "value": Maybe(X),
        "metrics": Each(Over(Maybe(X))),
        # further
        "targets?": Each({"target": Over(Maybe(X)), "gap": Over(Maybe(X)), "met": Over(Maybe(B))}),
        "resources?": Each({"limit": Over(X), "used": Over(Maybe(X))}),
        "moved?": Each({"before": Over(X), "after": Over(Maybe(X)), "difference": Over(Maybe(X))}),
    },
    "compare": {
        "kgi": ID,
        "scenarios": [{"scenario": ID, "value": Maybe(X), "difference": Maybe(X), "metrics": Each(Over(Maybe(X)))}],
    },
    "sweep": {"kgi": ID, "axes": [{"metric": ID, "values": [X]}], "table": [[Maybe(X)]]},
    "seek": {
        "kgi": ID,
        "target": X,
        "levers": [
            {
                "metric": ID,
                "from": Over(X),
                "required": Maybe(Over(X)),
                "reachable": B,
                "best": Over(X),
                "best_kgi": X,
                "probability": Maybe(X),
            }
        ],
        # further
        "value": X,
    },
    "elasticities": {
        "kgi": ID,
        "value": X,
        "drivers": [
            {
                "metric": ID,
                "value": Over(Maybe(X)),
                "derivative": Over(Maybe(X)),
                "elasticity": Maybe(X),
                # further
                "gain": Maybe(X),
                "steps": B,
                "cells?": [
                    {"metric": ID, "value": X, "derivative": Maybe(X), "elasticity": Maybe(X), "gain": Maybe(X)}
                ],
                "by?": Maybe(Each(Over(X))),
            }
        ],
        # further
        "ties": [ID],
    },
    "tornado": {
        "kgi": ID,
        "value": Over(X),
        "drivers": [
            {
                "metric": ID,
                "low": Over(X),
                "high": Over(X),
                "kgi_low": Over(Maybe(X)),
                "kgi_high": Over(Maybe(X)),
                "swing": Over(Maybe(X)),
                # further
                "basis": ID,
            }
        ],
        # further
        "periods?": [ID],
    },
    "sensitivity": {
        "kgi": ID,
        "method": ID,
        "indices": [
            {
                "metric": ID,
                "first?": X,
                "first_interval?": [X],
                "total?": X,
                "total_interval?": [X],
                "effect?": X,
                "mu_star?": X,
                "interval?": [X],
                "sigma?": X,
                # further
                "mu?": X,
                "sd_if_known?": X,
                "owner": Maybe(ID),
            }
        ],
        # further
        "metric": ID,
        "by": ID,
        "sd": Maybe(X),
        "second?": [{"metrics": [ID], "index": X, "interval": [X]}],
    },
    "simulate": {
        "kgi": ID,
        "samples": N,
        "seed": N,
        **SPREAD,
        "metrics": Each(SPREAD),
        "digits": {
            "mean": Maybe(N),
            "sd": Maybe(N),
            "quantiles": Each(Maybe(N)),
            "probability_of_target": Maybe(N),
        },
        "samples_for_digits": Maybe({"digits": N, "samples": N}),
        # further, with scenarios beside it
        "scenarios?": [
            {
                "scenario": ID,
                "mean": Maybe(X),
                "sd": Maybe(X),
                "standard_error": Maybe(X),
                "quantiles": Each(Maybe(X)),
                "probability_of_target": Maybe(X),
                "difference": {
                    "mean": Maybe(X),
                    "standard_error": Maybe(X),
                    "interval": Maybe([X]),
                    "quantiles": Each(Maybe(X)),
                    "probability_better": X,
                    "probability_better_error": Maybe(X),
                },
            }
        ],
        # further, of metrics over time
        "level?": X,
        "series?": Each(
            {
                "periods": [ID],
                "mean": [Maybe(X)],
                "quantiles": Each([Maybe(X)]),
                "target": Maybe([Maybe(X)]),
                "probability_of_target": Maybe([Maybe(X)]),
                "first_period": Maybe(ID),
            }
        ),
    },
    "discover": {
        "kgi": ID,
        "metric": ID,
        "target": X,
        "better": ID,
        "probability_of_miss": X,
        "coverage": X,
        "boxes": [
            {
                "coverage": X,
                "coverage_interval": [X],
                "density": X,
                "density_interval": [X],
                "mass": X,
                "p_value": X,
                "restrictions": [
                    {
                        "metric": ID,
                        "low": Maybe(X),
                        "high": Maybe(X),
                        "values?": [X],
                        "p_value": X,
                        "low_percentile": Maybe(X),
                        "high_percentile": Maybe(X),
                        "coverage_alone": X,
                        "density_alone": X,
                        "mass_alone": X,
                        "cell?": ID,
                        "owner": Maybe(ID),
                    }
                ],
            }
        ],
        "trajectory": [{"coverage": X, "density": X, "mass": X, "leaves": N}],
    },
    "information": {
        "kgi": ID,
        "evpi": Maybe(X),
        "drivers": [
            {
                "metric": ID,
                "evppi": X,
                # further
                "error": X,
                "share": Maybe(X),
                "changes": X,
                "owner": Maybe(ID),
            }
        ],
        # further
        "decide": ID,
        "by": ID,
        "evpi_error": Maybe(X),
        "best": Maybe(ID),
        "options": [
            {
                "option": ID,
                "mean": Maybe(X),
                "error": Maybe(X),
                "probability_best": Maybe(X),
                "value": Maybe(X),
                "levels?": Each(Over(X)),
            }
        ],
        "eviu": Maybe(X),
        "eviu_error": Maybe(X),
        "ignoring": Maybe(ID),
    },
    "levers": {
        "kgi": ID,
        "levers": [
            {
                "metric": ID,
                "rank": N,
                "gain": X,
                "gain_per_use": Each(X),
                "probability_best": Maybe(X),
                # further
                "probability_top3": Maybe(X),
                "rank_interval": Maybe([N]),
                "elasticity_quantiles": Maybe(Each(Maybe(X))),
                "from": Over(X),
                "to": Over(X),
                "affordable_gain": X,
                "affordable_to": Over(X),
                "elasticity": Maybe(X),
                "movable": B,
                "assumed": B,
                "uses": Each(Over(X)),
                "owner": Maybe(ID),
                "cells?": [
                    {
                        "metric": ID,
                        "gain": X,
                        "share": X,
                        "gain_per_use": Each(X),
                        "from": X,
                        "to": X,
                        "affordable_gain": X,
                        "affordable_to": X,
                        "elasticity": Maybe(X),
                        "movable": B,
                        "assumed": B,
                        "uses": Each(Over(X)),
                    }
                ],
                "by?": Each(Over(X)),
            }
        ],
        # further
        "value": X,
        "order_stability": Maybe(Each(X)),
        "unowned": [{"metric": ID, "gain": X, "owner": Maybe(ID)}],
    },
    "impulse": {
        "kgi": ID,
        "of": [ID],
        "at": ID,
        "push": X,
        "periods": [ID],
        "levers": [
            {
                "metric": ID,
                "gain": X,
                "response": [X],
                "cumulative": Maybe([X]),
                "half": Maybe(ID),
                "ninety": Maybe(ID),
                "peak": Maybe(ID),
                "horizon": Maybe({"said": ID, "periods": N, "by": Maybe(ID), "share": Maybe(X)}),
                # further
                "at": Maybe(ID),
            }
        ],
        # further
        "value": X,
    },
    "explain": {
        "kgi": ID,
        "from": X,
        "to": X,
        "contributions": [
            {
                "metric": ID,
                "contribution": X,
                # further
                "from": Over(Maybe(X)),
                "to": Over(Maybe(X)),
                "cells?": Each(X),
            }
        ],
        "tree": Each(X),
        "edges": [{"driver": ID, "into": ID, "contribution": X}],
        # further
        "from_name": ID,
        "to_name": ID,
        "metrics": Each({"from": Over(X), "to": Over(X)}),
        "walk": [{"metric": ID, "owner": Maybe(ID)}],
        "missing": [ID],
        "method": ID,
        "quadrature_error": X,
    },
    "allocate": {
        "kgi": ID,
        "value": Maybe(X),
        "levers": Each(X),
        "resources": Each(
            {
                "limit": X,
                "used": Maybe(X),
                "shadow_price": Maybe(X),
                # further
                "used_today": X,
            }
        ),
        "upper_bound": Maybe(X),
        "gap": Maybe(X),
        "method": ID,
        # further
        "base": Each(X),
        "base_value": X,
        "resplit_value": Maybe(X),
        "unspent": Each(ID),
        "guards": [{"metric": ID, "at_most?": X, "at_least?": X, "value": X}],
        "plan": [{"metric": ID, "from": X, "to": X, "change": X, "low": X, "high": X}],
    },
    "check": {
        "model": ID,
        "findings": [
            {
                "severity": ID,
                "metric": Maybe(ID),
                "message": ID,
                # further
                "check": ID,
                "at": Maybe(ID),
            }
        ],
    },
    "show": {
        "kgi": ID,
        "metrics": Each(
            {
                "label": ID,
                "value": Over(Maybe(X)),
                "unit": Maybe(ID),
                "formula": Maybe(ID),
                "drivers": [ID],
                "lever": B,
                "uncertain": B,
                "owner": Maybe(ID),
                # further, in models over dimensions or time
                "axes?": [ID],
            }
        ),
    },
}
KINDS: dict[str, type | tuple[type, ...]] = {X: (int, float), N: int, ID: str, B: bool}


def misfits(found: Any, shape: Any, path: str = "") -> list[str]:
    """Where what was found departs from the shape; nothing where it fits."""
    if isinstance(shape, Maybe):
        return [] if found is None else misfits(found, shape.of, path)
    if isinstance(shape, Over):
        if not isinstance(found, dict | list):
            return misfits(found, shape.of, path)
        parts = found.items() if isinstance(found, dict) else enumerate(found)
        return [misfit for at, part in parts for misfit in misfits(part, shape, f"{path}[{at}]")]
    if isinstance(shape, Each):
        if not isinstance(found, dict):
            return [f"{path}: no mapping"]
        return [misfit for key, item in found.items() for misfit in misfits(item, shape.of, f"{path}.{key}")]
    if isinstance(shape, list):
        if not isinstance(found, list):
            return [f"{path}: no list"]
        return [misfit for at, item in enumerate(found) for misfit in misfits(item, shape[0], f"{path}[{at}]")]
    if isinstance(shape, dict):
        return _keyed(found, shape, path)
    whole = isinstance(found, KINDS[shape]) and isinstance(found, bool) == (shape == B)
    finite = not isinstance(found, float) or math.isfinite(found)
    return [] if whole and finite else [f"{path}: {found!r} is no {shape}"]


def _keyed(found: Any, shape: dict[str, Any], path: str) -> list[str]:
    if not isinstance(found, dict):
        return [f"{path}: no object"]
    known = {key.removesuffix("?"): (item, key.endswith("?")) for key, item in shape.items()}
    wrong = [f"{path}.{key}: unknown" for key in found if key not in known]
    wrong += [f"{path}.{key}: missing" for key, (_, spare) in known.items() if key not in found and not spare]
    return wrong + [
        misfit for key in found if key in known for misfit in misfits(found[key], known[key][0], f"{path}.{key}")
    ]
