"""What is told of one metric's samples in JSON, and of samples that were lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leverage.sampling.summary import Summary
from leverage.sampling.tails import ALL
from leverage.tree.addresses import metric_of


def reported(summary: Summary, keys: Sequence[str], *, target: float | None, base: float | None) -> dict[str, Any]:
    """The entry of a metric: its figures by name; ``keys`` are the quantiles as they were typed.

    A moment that does not exist is None, for a note says why; one that cannot be had is left to `Result.to_dict`.
    """
    known = (lambda x: x) if summary.exists == ALL else given
    return {
        "mean": known(summary.mean),
        "sd": known(summary.sd),
        "standard_error": known(summary.standard_error),
        "sd_error": given(summary.sd_error),
        "degrees_of_freedom": summary.degrees,
        "min": summary.min,
        "max": summary.max,
        "quantiles": dict(zip(keys, summary.quantiles.tolist(), strict=True)),
        "quantile_errors": dict(zip(keys, summary.quantile_errors.tolist(), strict=True)),
        "tail": summary.tail,
        "tail_mean": given(summary.tail_mean),
        "tail_mean_error": given(summary.tail_error),
        "target": target,
        "probability_of_target": summary.probability,
        "probability_error": summary.probability_error,
        "base": base,
        "probability_below_base": summary.below,
        "probability_below_base_error": given(summary.below_error),
        "not_finite": summary.not_finite,
    }


def given(value: float | None) -> float | None:
    """A figure that is there; what is not a number is None."""
    return None if value is None or np.isnan(value) else float(value)


def lost(summaries: Mapping[str, Summary]) -> list[str]:
    """Metrics of which some samples are not finite; of one over axes the worst cell."""
    counts: dict[str, dict[str, int]] = {}
    for id, summary in summaries.items():
        if summary.not_finite:
            counts.setdefault(metric_of(id), {})[id] = summary.not_finite
    found = []
    for each in counts.values():
        worst = max(each, key=each.__getitem__)
        others = f", the most of {len(each)} cells," if len(each) > 1 else ""
        found.append(
            f"{worst} is not finite in {each[worst]:,} of {summaries[worst].samples:,} samples{others or ':'} "
            f"{'which' if others else 'they'} are left out of the moments and counted as missing the target, and as "
            "worse than the plan"
        )
    return found
