"""What is asked of the samples: which metrics, which levels, which way is better; and the samples that answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from leverage.program.arrays.point import figures as values
from leverage.program.run import point
from leverage.quantity import read
from leverage.sampling.summary import Summary
from leverage.tree.addresses import metric_of
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.verbs.describe import better
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import BadSetting, Chance
from leverage.verbs.draws.gridded import by_arrays, gridded_samples
from leverage.verbs.draws.samples import Aim, Drawn, drawn
from leverage.verbs.evaluate import pushes
from leverage.verbs.outcomes.undefined import judged

MIDDLE = (0.1, 0.9)  # between them lie the draws that a sentence tells of


def aims(tree: Tree, samples: int, ids: Iterable[str]) -> tuple[Aim, ...]:
    """The KGI first, metrics with a target, and those that are asked for: each with its target, direction and base."""
    told = {id: tree.cell(id) for id in dict.fromkeys((tree.kgi, *tree.aimed, *ids))}
    arrays = by_arrays(tree, samples)
    bases = _by_arrays(tree, told) if arrays else _by_cells(tree, told)
    signs = _signs(tree, told, only_aimed=arrays)
    return tuple(
        Aim(id, metric.target, sign, bases[id]) for (id, metric), sign in zip(told.items(), signs, strict=True)
    )


def sampled(tree: Tree, chance: Chance, asked: Sequence[Aim], quantiles: Sequence[float], tail: float) -> Drawn:
    """The samples of metrics, summed up, with moments that do not exist left out and said.

    Raises:
        TooMany: so many cells that their samples would not fit the memory.
    """
    wanted = tuple(dict.fromkeys((*quantiles, *MIDDLE)))
    middle = (wanted.index(MIDDLE[0]), wanted.index(MIDDLE[1]))
    if by_arrays(tree, chance.samples):
        found = gridded_samples(tree, chance, asked, wanted, tail)
        summaries, notes = judged(tree, None, chance, found.summaries, middle)
    else:
        cells = tree.cells
        leaves = cast(cells, chance)
        found = drawn(cells, leaves, chance, asked, wanted, tail=tail)
        summaries, notes = judged(cells, leaves, chance, found.summaries, middle)
    return replace(found, summaries=summaries, notes=(*found.notes, *notes))


def picked(summary: Summary, wanted: Sequence[float]) -> Summary:
    """The summary with these of its quantiles alone."""
    places = [summary.probabilities.index(p) for p in wanted]
    return replace(
        summary,
        probabilities=tuple(wanted),
        quantiles=summary.quantiles[places],
        quantile_errors=summary.quantile_errors[places],
    )


def probabilities(name: str, given: Sequence[float | str]) -> tuple[float, ...]:
    """Shares as they were typed, read.

    Raises:
        BadSetting: one is not between 0 and 1.
    """
    found = tuple(read(p).value if isinstance(p, str) else float(p) for p in given)
    for typed, p in zip(given, found, strict=True):
        if not 0 <= p <= 1:
            raise BadSetting(name, typed, "give probabilities between 0 and 1, such as 0.05 or 5%")
    return found


def share(name: str, given: float | str) -> float:
    """One of them that is not 0: the mean of none of the draws is nothing.

    Raises:
        BadSetting: it is 0, or not between 0 and 1.
    """
    (found,) = probabilities(name, [given])
    if found == 0:
        raise BadSetting(name, given, "give a share of the draws above 0, such as 0.05 or 5%")
    return found


def _by_cells(tree: Tree, told: Iterable[str]) -> dict[str, float]:
    """What each metric comes to with all chance off."""
    figures = point(tree.cells)
    return {id: float(figures[id]) for id in told}


def _by_arrays(tree: Tree, told: Iterable[str]) -> dict[str, float]:
    """The same, without the tree of cells."""
    wide = values(tree)
    found: dict[str, float] = {}
    for metric in dict.fromkeys(map(metric_of, told)):
        found |= dict(zip(tree.cells_of(metric), wide[metric].reshape(-1).tolist(), strict=True))
    return {id: found[id] for id in told}


def _signs(tree: Tree, told: Mapping[str, Metric], *, only_aimed: bool) -> list[float]:
    """+1 for each metric of which more is better, -1 for one of which less is.

    ``only_aimed``: the slopes of many cells are dear, and are asked for only where a target depends on them.
    """
    silent = [
        id
        for id, metric in told.items()
        if id != tree.kgi and not better(metric, 0.0) and not (only_aimed and metric.target is None)
    ]
    push = {tree.kgi: tree.sign, **(pushes(tree.cells, silent) if silent else {})}
    return [-1.0 if better(metric, push.get(id, 0.0)) == "lower" else 1.0 for id, metric in told.items()]
