"""In which order can metrics be computed? Drivers before what they feed; a loop is found with its path.

One walk, depth first, without recursion: time and memory grow with the formulas' names alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leverage.errors import SHOWN, LeverageError, Place, printable

PATH = 12  # metrics of a loop that are written out


class Cycle(LeverageError):
    """Metrics that depend on themselves; ``back``: through ``prev``, and through something else as well."""

    def __init__(self, path: Sequence[str], *, at: Place, back: bool = False) -> None:
        mend = "a metric may depend on itself only through prev(x, initial)"
        more = ", and only on earlier periods" if back else ""
        super().__init__(f"cycle {written((*path, path[0]))}; {mend}{more}", at=at, metric=path[0])
        self.path = tuple(path)


def written(path: Sequence[str]) -> str:
    """A loop in a sentence; a long one is cut in its middle."""
    left_out = len(path) - PATH
    shown = [*path[: PATH // 2], f"({left_out:,} more)", *path[-PATH // 2 :]] if left_out > 0 else path
    return " -> ".join(printable(id) for id in shown)


def ordered(drivers: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The metrics, each after its drivers, and the loops met, each a path from the first of its ids by the alphabet.

    Args:
        drivers: for each metric the metrics that its formula uses.

    >>> ordered({"profit": ["revenue", "cost"], "cost": ["revenue"], "revenue": []})
    (('revenue', 'cost', 'profit'), [])
    >>> ordered({"b": ["c"], "c": ["a"], "a": ["b"]})[1]
    [('a', 'b', 'c')]
    """
    order: list[str] = []
    cycles: list[tuple[str, ...]] = []
    place: dict[str, int] = {}  # where on the path a metric stands; -1 when it is done
    for root in drivers:
        if root in place:
            continue
        path, pending = [root], [iter(drivers[root])]
        place[root] = 0
        while path:
            for driver in pending[-1]:
                stands = place.get(driver)
                if stands is None:
                    place[driver] = len(path)
                    path.append(driver)
                    pending.append(iter(drivers[driver]))
                    break
                if stands >= 0 and len(cycles) < SHOWN:
                    cycles.append(_turned(path[stands:]))
            else:
                place[path[-1]] = -1
                order.append(path.pop())
                pending.pop()
    return tuple(order), cycles


def joined(drivers: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """The metrics in groups that depend on one another in both directions, each group after those that it uses.

    Source: Tarjan 1972, Depth-first search and linear graph algorithms; without recursion.

    >>> joined({"arr": ["arr", "won"], "won": ["price"], "price": []})
    [('price',), ('won',), ('arr',)]
    """
    groups: list[tuple[str, ...]] = []
    place: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: dict[str, None] = {}
    for root in drivers:
        pending = [(root, iter(drivers[root]))] if root not in place else []
        if pending:
            place[root] = lowest[root] = len(place)
            open_[root] = None
        while pending:
            id, rest = pending[-1]
            for driver in rest:
                if driver not in place:
                    place[driver] = lowest[driver] = len(place)
                    open_[driver] = None
                    pending.append((driver, iter(drivers[driver])))
                    break
                if driver in open_:
                    lowest[id] = min(lowest[id], place[driver])
            else:
                pending.pop()
                if pending:
                    lowest[pending[-1][0]] = min(lowest[pending[-1][0]], lowest[id])
                if lowest[id] == place[id]:
                    groups.append(_group(open_, id))
    return groups


def _group(open_: dict[str, None], first: str) -> tuple[str, ...]:
    group: list[str] = []
    while not group or group[-1] != first:
        group.append(open_.popitem()[0])
    return tuple(reversed(group))


def _turned(path: list[str]) -> tuple[str, ...]:
    first = path.index(min(path))
    return (*path[first:], *path[:first])
