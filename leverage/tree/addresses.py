"""Which cells does an address name? ``visits[ads]`` is every period of that channel, ``visits`` all there is of it.

Labels are unique over all axes, so they may stand in any order; a group's label stands for its members.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import product

from leverage.errors import NOWHERE, LeverageError, Place, UnknownName, clip, listed
from leverage.tree.grid import Axes, Grid, cell_id
from leverage.tree.ids import canonical


class NotAnAddress(LeverageError):
    """Text in brackets that names no cell of the metric."""

    def __init__(self, text: str, fault: str, *, at: Place = NOWHERE) -> None:
        super().__init__(f"{clip(text)!r}: {fault}", at=at)


class Addresses:
    """The look-up of a model's cells. ``ids``: its metrics; ``axes``: those over which each runs, () where left out."""

    def __init__(self, grid: Grid, ids: Collection[str], axes: Mapping[str, Axes]) -> None:
        self.grid = grid
        self.ids = ids
        self.axes = axes

    def cells(self, text: str, *, where: str = "", at: Place = NOWHERE) -> tuple[str, ...]:
        """The ids of the cells that the address names, in the grid's order.

        Raises:
            UnknownName: no metric bears the name, or no label.
            NotAnAddress: the brackets do not close, or hold labels that the metric does not have.
        """
        id, labels = parted(text, at=at)
        if id not in self.ids:
            raise UnknownName(id, self.ids, what="metric", where=where, at=at)
        return self.among(id, labels, at=at)

    def among(self, id: str, labels: Iterable[str], *, at: Place = NOWHERE) -> tuple[str, ...]:
        """The cells of a metric that bear the labels."""
        axes = self.axes.get(id, ())
        asked: dict[str, tuple[str, ...]] = {}
        for label in labels:
            axis = self.grid.owners.get(label)
            written = cell_id(id, tuple(labels))
            if axis is None:
                raise UnknownName(label, tuple(self.grid.owners), what="label", where=f"in {clip(written)}", at=at)
            if axis.name not in axes:
                over = f"runs over {listed(axes)}" if axes else "has a single figure"
                raise NotAnAddress(written, f"{clip(label)!r} is of {axis.name}, and {id} {over}", at=at)
            if axis.name in asked:
                raise NotAnAddress(written, f"two labels of {axis.name}; name one, or each on its own", at=at)
            asked[axis.name] = axis.members(label)
        if not axes:
            return (id,)
        ranges = (asked.get(name, self.grid[name].labels) for name in axes)
        return tuple(cell_id(id, chosen) for chosen in product(*ranges))


def parted(text: str, *, at: Place = NOWHERE) -> tuple[str, tuple[str, ...]]:
    """The metric and the labels of an address.

    Raises:
        NotAnAddress: the brackets do not close.

    >>> parted("visits[ads, 2027-03]")
    ('visits', ('ads', '2027-03'))
    """
    id, bracket, rest = canonical(text).partition("[")
    if not bracket:
        return id.strip(), ()
    if not id.strip():
        raise NotAnAddress(text, "the metric is missing before the brackets", at=at)
    inside = rest.strip()
    if not inside.endswith("]") or "[" in inside or "]" in inside[:-1]:
        raise NotAnAddress(text, "write labels in one pair of brackets, as visits[ads,2027-03]", at=at)
    labels = tuple(label.strip() for label in inside[:-1].split(","))
    if not all(labels):
        raise NotAnAddress(text, "a label is missing between the brackets", at=at)
    return id.strip(), labels


def metric_of(cell: str) -> str:
    """The id of the metric that a cell is of.

    >>> metric_of("visits[ads,2027-03]"), metric_of("price")
    ('visits', 'price')
    """
    return cell.partition("[")[0]
