"""Over which axes do figures run? The model's dimensions with their labels, and time with its periods.

A cell is one combination of labels of a metric's axes; `Grid.cells` gives them row by row, time fastest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from types import MappingProxyType

TIME = "time"

Axes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its labels in order; ``groups``: label of a group to the labels that it stands for.

    ``days``: of time with a calendar, how many days each period has. ``unit``: of time, how long a period is, as the
    file calls it; "" where it does not say.
    """

    name: str
    labels: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    days: tuple[int, ...] = ()
    unit: str = ""

    def __len__(self) -> int:
        return len(self.labels)

    def members(self, label: str) -> tuple[str, ...]:
        """The labels that a label stands for: those of a group, or itself."""
        return self.groups.get(label, (label,))


@dataclass(frozen=True)
class Grid:
    """The axes in the order of cells: dimensions as declared, then time."""

    axes: tuple[Axis, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.axes)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Axis:
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> Mapping[str, Axis]:
        return {axis.name: axis for axis in self.axes}

    @cached_property
    def owners(self) -> Mapping[str, Axis]:
        """The axis of each label and of each group's label; they are unique over all axes."""
        return {label: axis for axis in self.axes for label in (*axis.labels, *axis.groups)}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each label stands on its axis, from 0."""
        return {label: place for axis in self.axes for place, label in enumerate(axis.labels)}

    @cached_property
    def homes(self) -> Mapping[str, tuple[str, ...]]:
        """The groups that each label is in, the smallest first."""
        found: dict[str, list[str]] = {}
        for axis in self.axes:
            for group in sorted(axis.groups, key=lambda group: len(axis.groups[group])):
                for label in axis.groups[group]:
                    found.setdefault(label, []).append(group)
        return {label: tuple(groups) for label, groups in found.items()}

    @property
    def periods(self) -> int:
        """How many periods there are; 0 where the model has no time."""
        return len(self[TIME]) if TIME in self else 0

    def ordered(self, names: Iterable[str]) -> Axes:
        """Those axes in the order of cells."""
        wanted = set(names)
        return tuple(axis.name for axis in self.axes if axis.name in wanted)

    def shape(self, axes: Axes) -> tuple[int, ...]:
        """How many labels each of the axes has."""
        return tuple(len(self[name]) for name in axes)

    def cells(self, axes: Axes) -> list[tuple[str, ...]]:
        """Every combination of labels of the axes, the last axis fastest.

        >>> Grid((Axis("channel", ("ads", "social")), Axis("time", ("0", "1")))).cells(("channel", "time"))
        [('ads', '0'), ('ads', '1'), ('social', '0'), ('social', '1')]
        """
        return list(product(*(self[name].labels for name in axes)))


NO_GRID = Grid()


def cell_id(id: str, labels: tuple[str, ...]) -> str:
    """How a cell is written.

    >>> cell_id("visits", ("ads", "2027-03")), cell_id("price", ())
    ('visits[ads,2027-03]', 'price')
    """
    return f"{id}[{','.join(labels)}]" if labels else id
