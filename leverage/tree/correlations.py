"""From what stands under ``correlations`` to pairs of uncertain leaves and how their ranks go together."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

from leverage.errors import LeverageError, Place, clip, listed
from leverage.files.plain import Plain, Sequence
from leverage.tree.addresses import metric_of
from leverage.tree.faults import Spot
from leverage.tree.grid import NO_GRID, Grid
from leverage.tree.ids import canonical
from leverage.tree.metric import Metric
from leverage.tree.read import Misplaced, number, text
from leverage.tree.tree import Correlation

MOST = 200_000  # pairs of draws


class BadPair(LeverageError):
    """A pair of leaves that cannot be correlated as the file says."""

    def __init__(self, message: str, at: Place) -> None:
        super().__init__(f"correlations: {message}", at=at)


def correlations(
    items: list[Plain], metrics: Mapping[str, Metric], known: Collection[str], spot: Spot, grid: Grid = NO_GRID
) -> tuple[Correlation, ...]:
    """The correlations; every fault is added.

    Args:
        metrics: those that could be read.
        known: the ids of all that the file names.
        grid: the axes over which leaves have draws of their own.
    """
    found: dict[frozenset[str], Correlation] = {}
    left = MOST
    for item in items:
        with spot.faults.catching():
            pair = _pair(item, known, spot)
            if pair is None:
                continue
            for message in _faults(pair, metrics, found):
                spot.faults.add(BadPair(message, item.at))
            found[frozenset((pair.a, pair.b))] = pair
            labels = metrics[pair.a].draw_axes if pair.a in metrics else ()
            left -= math.prod(grid.shape(labels))
        if left < 0:
            spot.faults.add(BadPair(f"labels make more than {MOST:,} pairs of draws; leave some out", item.at))
            break
    return tuple(found.values())


def _pair(item: Plain, known: Collection[str], spot: Spot) -> Correlation | None:
    """The pair that an entry writes, or None where it names a metric that there is not."""
    if not isinstance(item, Sequence) or len(item.items) != 3:
        raise Misplaced(item, "[metric, metric, rank correlation], such as [price, churn, -0.3]", spot)
    a, b = (canonical(text(part, spot)) for part in item.items[:2])
    for id, part in zip((a, b), item.items[:2], strict=True):
        if metric_of(id) in known and id not in known:
            raise BadPair(f"{clip(id)!r} is no leaf of its own; write {metric_of(id)}: labels pair up by name", part.at)
    strange = [(id, part.at) for id, part in zip((a, b), item.items[:2], strict=True) if id not in known]
    for id, at in strange:
        spot.faults.unknown(id, known, what="metric", where="in correlations", at=at)
    rank = number(item.items[2], spot).value
    return None if strange else Correlation(a, b, rank, item.at)


def _faults(pair: Correlation, metrics: Mapping[str, Metric], found: Collection[frozenset[str]]) -> Iterator[str]:
    if not -1 <= pair.rank <= 1:
        yield f"{pair.rank:g} is outside -1 to 1; write a rank correlation between them"
    if pair.a == pair.b:
        yield f"{pair.a!r} stands twice in one pair; name two leaves"
    elif frozenset((pair.a, pair.b)) in found:
        yield f"{pair.a!r} and {pair.b!r} are paired twice; keep one"
    ways = [metrics[id].draw_axes for id in (pair.a, pair.b) if id in metrics and metrics[id].uncertainty is not None]
    if len(set(ways)) > 1:
        words = [f"for each {listed(axes)}" if axes else "once" for axes in ways]
        yield f"{pair.a!r} is drawn {words[0]} and {pair.b!r} {words[1]}; labels pair up by name: give both the same"
    for id in dict.fromkeys((pair.a, pair.b)):
        metric = metrics.get(id)
        if metric is None or metric.uncertainty is not None:
            continue
        if metric.leaf:
            yield f"{id!r} is certain; give it a range or an uncertainty, or leave the pair out"
        else:
            yield f"{id!r} is a formula metric; correlate the leaves that it uses, or leave the pair out"
