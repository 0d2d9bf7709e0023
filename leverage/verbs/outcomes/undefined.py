"""Which means and standard deviations do not exist? They are left out of the answer, with the reason and the mend."""

from __future__ import annotations

from collections.abc import Mapping

from leverage.sampling.summary import Summary
from leverage.sampling.tails import ALL
from leverage.tree.addresses import metric_of
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.outcomes.causes import Cause, causes

BLIND = Cause(
    0, "its draws go farther and farther out as there are more of them", "bound the leaf behind it: truncated(...)"
)


def judged(
    tree: Tree, cast: Cast | None, chance: Chance, found: Mapping[str, Summary], middle: tuple[int, int]
) -> tuple[dict[str, Summary], tuple[str, ...]]:
    """The summaries without the moments that do not exist, and a sentence for each metric that lacks one.

    Args:
        tree: of cells, or of the file where there is no ``cast``: then the draws alone tell.
        middle: the places of two quantiles either side of the median.
    """
    known = {} if cast is None else causes(tree, cast, chance, found, middle)
    told = {id: summary.told(known[id].exists) if id in known else summary for id, summary in found.items()}
    lacking: dict[str, list[str]] = {}
    for id, summary in told.items():
        if summary.exists < ALL:
            lacking.setdefault(metric_of(id), []).append(id)
    return told, tuple(_said(ids, told[ids[0]].exists, known.get(ids[0], BLIND)) for ids in lacking.values())


def _said(ids: list[str], exists: int, cause: Cause) -> str:
    others = f" (and {len(ids) - 1} more of its cells)" if len(ids) > 1 else ""
    if exists == 0:
        opening = f"the mean of {ids[0]}{others} does not exist, nor does its standard deviation"
        read = "no number of draws settles them: read the quantiles"
    else:
        opening = f"the standard deviation of {ids[0]}{others} is infinite"
        read = "its mean settles slowly and has no standard error: read the quantiles"
    return f"{opening}: {cause.why}; {read}, or {cause.mend}"
