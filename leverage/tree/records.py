"""What was recorded of each metric? Lists under `actuals`, columns of the file named there, or a metric's own actuals.

The first of these that says anything of a metric is its past. A leaf over labels takes the past of its own label, where
the metric has one for it, and else all of it; periods are the past itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress

from leverage.errors import LeverageError, UnknownName
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Sequence
from leverage.quantity import Quantity
from leverage.tree.addresses import Addresses
from leverage.tree.faults import Faults, Spot
from leverage.tree.grid import TIME
from leverage.tree.metric import Metric
from leverage.tree.read import numbers
from leverage.tree.recorded import Labels, Recorded, meant
from leverage.tree.uncertainty import Past

Series = tuple[Labels, tuple[Quantity, ...]]
Index = dict[frozenset[str], dict[Labels, list[Quantity]]]  # by axes, then by labels on them


class Records:
    """What the model says was recorded.

    Args:
        told: what stands under ``actuals``.
        metrics: the model's metrics, each with its own actuals.
        single: whether a metric's ``actual`` is one figure, whatever it runs over.
        addresses: the look-up of their cells.
    """

    def __init__(
        self, told: PlainMapping, metrics: Mapping[str, Metric], single: Callable[[str], bool], addresses: Addresses
    ) -> None:
        self.metrics, self.single, self.addresses = metrics, single, addresses
        self.file = Recorded(told, addresses)
        self.told = told
        self.from_file: dict[str, tuple[Quantity, ...]] = {}  # by address: what was read for a history
        self._lists: dict[str, list[Series]] = {}
        self._known: dict[str, list[Series] | LeverageError] = {}
        self._indexes: dict[tuple[str, frozenset[str]], Index] = {}
        self._pasts: dict[tuple[str, frozenset[Labels]], Past] = {}

    def look_up(self, faults: Faults) -> None:
        """Takes the lists under ``actuals`` in; adds addresses there and under ``columns`` that name nothing."""
        columns = self.told.entries.get("columns")
        for address, scalar in columns.keys.items() if isinstance(columns, PlainMapping) else ():
            with faults.catching():
                meant(address, self.addresses, at=scalar.at)
        for address, item in self.told.entries.items():
            if isinstance(item, Sequence):
                with faults.catching():
                    id, labels = meant(address, self.addresses, at=self.told.keys[address].at)
                    with suppress(LeverageError):  # of its figures; the reader of `actuals` has told it
                        self._lists.setdefault(id, []).append((labels, numbers(item, Spot())))

    def past(self, id: str, labels: Labels) -> Past:
        """What was recorded of a metric, as a leaf with these labels takes it; its figures rise.

        Raises:
            UnknownName: there is no such metric.
            LeverageError: the file cannot be read, or not as figures.
        """
        if id not in self.metrics:
            raise UnknownName(id, self.metrics, what="metric")
        index = self._index(id, frozenset(self._axis(label) for label in labels))
        parts = frozenset(frozenset(label for label in labels if self._axis(label) in over) for over in index)
        if (id, parts) not in self._pasts:
            mine = sorted(figure for over in index.values() for part in parts for figure in over.get(part, ()))
            percent = any(figure.percent for figure in mine)
            self._pasts[id, parts] = Past(id, tuple(figure.value for figure in mine), percent)
        return self._pasts[id, parts]

    def _axis(self, label: str) -> str:
        return self.addresses.grid.owners[label].name

    def _index(self, id: str, axes: frozenset[str]) -> Index:
        """What was recorded of a metric by its labels on these axes, series of the same axes together."""
        if (id, axes) not in self._indexes:
            found: Index = {}
            for of, figures in self._series(id):
                part = frozenset(label for label in of if self._axis(label) in axes)
                over = frozenset(self._axis(label) for label in part)
                found.setdefault(over, {}).setdefault(part, []).extend(figures)
            self._indexes[id, axes] = found
        return self._indexes[id, axes]

    def _series(self, id: str) -> list[Series]:
        """All that was recorded of a metric, looked up once, even where that fails."""
        if id not in self._known:
            try:
                self._known[id] = self._lists.get(id) or self._filed(id) or self._own(id)
            except LeverageError as fault:
                self._known[id] = fault
        found = self._known[id]
        if isinstance(found, LeverageError):
            raise found
        return found

    def _filed(self, id: str) -> list[Series]:
        found = self.file.series(id)
        self.from_file.update({address: figures for _, address, figures in found})
        return [(labels, figures) for labels, _, figures in found]

    def _own(self, id: str) -> list[Series]:
        metric = self.metrics[id]
        if metric.figures is None or self.single(id):
            each = metric if metric.figures is None else metric.figures.each[0]
            return [] if each.actual is None else [(frozenset(), (Quantity(each.actual, each.percent),))]
        axes = metric.figures.axes
        cells = zip(self.addresses.grid.cells(axes), metric.figures.each, strict=True)
        return [
            (dimensions(labels, axes), (Quantity(single.actual, single.percent),))
            for labels, single in cells
            if single.actual is not None
        ]


def dimensions(labels: tuple[str, ...], axes: tuple[str, ...]) -> Labels:
    """A cell's labels but for its period."""
    return frozenset(label for label, axis in zip(labels, axes, strict=True) if axis != TIME)


def fingerprint(said: str, figures: Mapping[str, tuple[Quantity, ...]]) -> str:
    """The hash of a model together with the figures that it took from another file."""
    return hashlib.sha256(f"{said}{sorted(figures.items())!r}".encode()).hexdigest()
