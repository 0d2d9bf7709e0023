"""What is it worth to know something before choosing? Expected values of information, from samples of the options.

EVPI = E max_o V_o - max_o E V_o; EVPPI of a player X = E max_o E[V_o | X] - max_o E V_o (Howard 1966; Strong, Oakley
and Brennan 2014, Medical Decision Making 34, equation 4, by regression). All are means over samples of what an option
brings beyond the best one, so one decision rule differs from another by its choices alone.

A fit chooses in each sample the option of the highest fitted mean, and is paid what that option brings there. Chosen
by a fit that errs by e round the true mean h, a choice between two options loses, on average, f(0) E[e^2] / 2, with f
the density of h: `_paid` of the held-out fits is that much too low, and of the fits that saw the sample, whose errors
go with what they are paid, as much too high. Their mean is taken; misfit enters in its square alone. Neither can pass
the best choice of a sample, so EVPPI <= EVPI whatever the fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leverage.influence.basis import Part
from leverage.influence.interval import REPEATS, errors
from leverage.influence.regression import fit
from leverage.panels import Array


@dataclass(frozen=True, slots=True)
class Worth:
    """What something is worth, in the unit of the options; its standard error, from the repeats.

    ``held``: the estimate fell below 0, where no such value lies, and is put there. ``changes``: the share of samples
    in which another option than the best is chosen.
    """

    value: float
    error: float
    changes: float
    held: bool = False


NOTHING = Worth(0.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Stakes:
    """What options bring beyond the best one in the mean, sample by sample.

    Attributes:
        best: the place of that option.
        means, errors: of every option, (m,).
        shares: in which share of the samples each is the best, (m,); ties share.
        rivals: places of the options that are ever better than ``best``.
        beyond: of each repeat, (rivals, b).
        parts: where each repeat's samples stand.
        gaps: of every option and repeat the mean beyond the best, (m, 8).
    """

    best: int
    means: Array
    errors: Array
    shares: Array
    rivals: tuple[int, ...]
    beyond: tuple[Array, ...]
    parts: tuple[Part, ...]
    gaps: Array


def stakes(gains: Array) -> Stakes:
    """The stakes of options, from their gains (m, n), the more the better; samples that are not finite are left out.

    Sample i belongs to repeat i % 8; there are finite samples in every repeat.
    """
    parts = _parts(gains)
    means = _mean([gains[:, part].mean(axis=1) for part in parts], _sizes(gains, parts))
    best = int(np.argmax(means))
    beyond = [gains[:, part] - gains[best, part] for part in parts]
    rivals = tuple(np.flatnonzero(np.max([each.max(axis=1) for each in beyond], axis=0) > 0).tolist())
    tops = [each == each.max(axis=0) for each in beyond]
    return Stakes(
        best,
        means,
        errors(np.array([gains[:, part].mean(axis=1) for part in parts])),
        _mean([(top / top.sum(axis=0)).mean(axis=1) for top in tops], _sizes(gains, parts)),
        rivals,
        tuple(np.ascontiguousarray(each[list(rivals)]) for each in beyond),
        parts,
        np.array([each.mean(axis=1) for each in beyond]).T,
    )


def _parts(gains: Array) -> tuple[Part, ...]:
    finite = np.asarray(np.isfinite(gains).all(axis=0))
    if finite.all():
        return tuple(slice(repeat, None, REPEATS) for repeat in range(REPEATS))
    return tuple(repeat + REPEATS * np.flatnonzero(finite[repeat::REPEATS]) for repeat in range(REPEATS))


def _sizes(gains: Array, parts: Sequence[Part]) -> Array:
    return np.array([gains[0, part].size for part in parts], dtype=float)


def _mean(repeats: Sequence[Array], sizes: Array) -> Array:
    """The mean of all samples from those of the repeats."""
    found: Array = sizes @ np.array(repeats) / sizes.sum()
    return found


def _worth(stakes: Stakes, repeats: Array, changes: Array) -> Worth:
    sizes = np.array([each.shape[1] for each in stakes.beyond], dtype=float)
    value, changed = (float(sizes @ each / sizes.sum()) for each in (repeats, changes))
    return Worth(max(value, 0.0), float(errors(repeats)), changed, held=value < 0)


def evpi(stakes: Stakes) -> Worth:
    """What it is worth to know everything before choosing."""
    if not stakes.rivals:
        return NOTHING
    tops = [np.maximum(each.max(axis=0), 0.0) for each in stakes.beyond]
    return _worth(stakes, np.array([top.mean() for top in tops]), np.array([(top > 0).mean() for top in tops]))


def eviu(stakes: Stakes, ignoring: int) -> Worth:
    """What it costs to choose the option ``ignoring``, as who leaves chance out does, rather than the best."""
    if ignoring == stakes.best:
        return NOTHING
    return _worth(stakes, -stakes.gaps[ignoring], np.ones(len(stakes.parts)))


def evppi(stakes: Stakes, draws: Array) -> Worth:
    """What it is worth to know a player before choosing.

    Args:
        draws: (k, n), the player's coordinates, any increasing function of each.

    >>> x, y = np.random.default_rng(3).normal(size=(2, 8192))
    >>> round(evppi(stakes(np.stack([0 * x, x + y - 1])), x[None]).value, 2)  # exactly 0.0833
    0.08
    """
    if not stakes.rivals:
        return NOTHING
    found = fit(stakes.beyond, draws, stakes.parts)
    seen, unseen, changes = (np.empty(len(stakes.parts)) for _ in range(3))
    for repeat, beyond in enumerate(stakes.beyond):
        seen[repeat], changes[repeat] = _paid(found.seen[repeat], beyond)
        unseen[repeat], _ = _paid(found.unseen[repeat], beyond)
    return _worth(stakes, (seen + unseen) / 2, changes)


def _paid(means: Array, beyond: Array) -> tuple[float, float]:
    """What the options of the highest mean bring beyond the best one, and how often they are others."""
    first = means.argmax(axis=0)[None]
    moved = np.take_along_axis(means, first, axis=0)[0] > 0
    paid = np.where(moved, np.take_along_axis(beyond, first, axis=0)[0], 0.0)
    return float(paid.mean()), float(moved.mean())
