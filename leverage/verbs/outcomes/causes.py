"""Why do draws go so far out? A divisor that passes through 0, or a leaf whose own mean or variance does not exist.

What the tails of the samples say (`sampling.tails`) needs many draws and cannot tell every case; where the tree has a
cause, fewer do. It is looked for only where the farthest draw is many times as far out as the middle ones, in the
draws of chunk 0, worked once more with the divisors beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leverage.program.cone import downstream, upstream
from leverage.program.run import stand
from leverage.program.schedule import schedule
from leverage.sampling.summary import Summary
from leverage.sampling.tails import ALL
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast, blocked, sent
from leverage.verbs.draws.chance import Chance
from leverage.verbs.draws.samples import Sampled
from leverage.verbs.outcomes.suspects import (
    Kind,
    Suspect,
    distance,
    dividing,
    divisor_id,
    divisors_of,
    unbounded,
    unsettled,
)

Array = NDArray[np.float64]

FAR = 10.0  # half-widths of the middle draws, beyond which the farthest one is worth a question
LOOKED_AT = 32  # metrics whose draws are worked once more, and twice as many divisors and leaves each
OUTER = 8  # farthest draws of the metric, of which nearly all must come from the cause
SHARE = 0.01  # of all draws: those in which a cause is at its most extreme
SPREAD = 3.0  # how many times as far out the second draw of a reciprocal is as the 32nd, at least
TOP = 64  # draws of Hill's estimator
REACHED = 0.62  # of the weight at which a moment just fails to exist: a divisor that was judged itself still shows
WEIGHT = 0.72  # of the tail at which a mean just fails to exist; half of it for the variance


@dataclass(frozen=True, slots=True)
class Cause:
    """How many moments are left (1: the mean, 0: none), because of what, and what to do about it."""

    exists: int
    why: str
    mend: str


def causes(
    tree: Tree, cast: Cast, chance: Chance, found: Mapping[str, Summary], middle: tuple[int, int]
) -> dict[str, Cause]:
    """The causes in a tree of cells, by reported metric.

    Args:
        found: the summaries; ``middle``: the places of two quantiles either side of the median.
    """
    ids = [id for id, summary in found.items() if goes_far(summary, middle)][:LOOKED_AT]
    if not ids:
        return {}
    standing = stand(tree)
    program = standing.program
    moving = downstream(program, [program.outputs[id] for id in cast.ids if id in program.outputs])
    needed = upstream(program, [program.outputs[id] for id in ids])
    divisors = {slot: each for slot, each in divisors_of(program, moving, standing.figures).items() if slot in needed}
    leaves = [id for id in cast.ids if program.outputs.get(id) in needed and unsettled(tree, id) < ALL]
    if not divisors and not leaves:
        return {}
    divisors, leaves = dict(list(divisors.items())[: 2 * LOOKED_AT]), leaves[: 2 * LOOKED_AT]
    values = _worked(tree, cast, chance, (*ids, *leaves), tuple(divisors))
    suspects = [*dividing(tree, program, divisors, values), *unbounded(tree, program, leaves, values)]
    within = {id: upstream(program, [program.outputs[id]]) for id in ids}
    told = {id: _cause(values[id], [each for each in suspects if each.slot in within[id]]) for id in ids}
    return {id: cause for id, cause in told.items() if cause is not None}


def _cause(values: Array, suspects: Sequence[Suspect]) -> Cause | None:
    """What brings the farthest draws: nearly all of them are draws in which one of the suspects is at its extreme."""
    if not suspects:
        return None
    apart = distance(values)
    outer = np.argsort(apart)[::-1][:OUTER]
    edge = 1 - SHARE / len(suspects)  # together they have that share of all draws
    met = np.array([each.extreme[outer] >= np.quantile(each.extreme, edge) for each in suspects])
    if np.count_nonzero(met.any(axis=0)) < OUTER - 2:
        return None
    main = suspects[int(met.sum(axis=1).argmax())]
    exists = VERDICTS[main.kind](apart, main.left)
    return None if exists == ALL else Cause(exists, main.why, main.mend)


def _after_passing(apart: Array, left: int) -> int:
    """A reciprocal that is met has no mean; one that is cut off again does not go far."""
    far = np.sort(apart)[::-1][:32]
    return left if len(far) == 32 and far[1] >= SPREAD * far[-1] > 0 else ALL


def _after_touching(apart: Array, left: int) -> int:
    """What is divided by what comes too near to 0 has a tail as heavy as that, unless it is cut off again."""
    return left if _weight(apart) >= REACHED / (1 + left) else ALL


def _after_leaf(apart: Array, own: int) -> int:
    """How heavy the tail still is that a leaf without mean, or without variance, makes."""
    weight = _weight(apart)
    return 0 if weight >= (WEIGHT if own == 0 else 1.0) else 1 if weight >= WEIGHT / 2 else ALL


def _weight(apart: Array) -> float:
    """How heavy a tail is, 1 over its index: Hill's estimator of its farthest draws."""
    far = np.sort(apart)[::-1][:TOP]
    return float(np.log(far[:-1] / far[-1]).mean()) if len(far) == TOP and far[-1] > 0 else 0.0


VERDICTS: Mapping[Kind, Callable[[Array, int], int]] = {
    "passing": _after_passing,
    "touching": _after_touching,
    "leaf": _after_leaf,
}


def goes_far(summary: Summary, middle: tuple[int, int]) -> bool:
    """Whether the farthest draw is many times as far out as the middle ones, or the draws say it themselves."""
    low, high = (float(summary.quantiles[place]) for place in middle)
    half, centre = (high - low) / 2, (high + low) / 2
    return bool(summary.exists < ALL or max(summary.max - centre, centre - summary.min) > FAR * half > 0)


def _worked(tree: Tree, cast: Cast, chance: Chance, ids: Sequence[str], slots: Sequence[int]) -> dict[str, Array]:
    """The samples of chunk 0 of metrics and of slots, in their order."""
    standing = stand(tree)
    ready = schedule(standing.program, varying=cast.ids, keep=ids, also=frozenset(slots))
    named = {divisor_id(slot): ready.also[slot] for slot in slots}
    wide = replace(ready, keep={**ready.keep, **named})
    light, settled = sent(wide, ready.settle(standing.inputs))
    job = Sampled(cast, light, settled, tuple(wide.keep), blocked(cast, chance, ready))
    return dict(zip(job.keep, job(0)["values"], strict=True))
